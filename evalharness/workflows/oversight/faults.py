"""Faults injected at the call of the classifier, where the policy asks that each of them reaches a person; or a log of a system in use."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters import Classifier, columns_of, open_classifier
from evalharness.adapters.faults import ANSWER_FAULTS, INPUT_FAULTS, Damaged, Late, reordered
from evalharness.adapters.promises import Asked, asked_of
from evalharness.adapters.routed import Answering, Routed, rows_of
from evalharness.benchmarks.batch import Batch
from evalharness.cards import check_artifact
from evalharness.catalogue.oversight.faults import UNROUTED
from evalharness.digests import sha256_file
from evalharness.errors import Fault, shown
from evalharness.evidence.oversight.faults import faults_as_json
from evalharness.oversight.fates import fates
from evalharness.predictions import Answers, decide
from evalharness.predictions.queues_changed import work_changed
from evalharness.records import Card
from evalharness.records.oversight_faults import FATES, FaultCount, Where
from evalharness.records.progress import Progress
from evalharness.records.share import ALONE, AS_HERE, ShareRow, Way
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.fault_log import read_fault_log
from evalharness.workflows.oversight.provided import Provided
from evalharness.workflows.scored_leads import Leads, scored_leads

ITEMS = 32
"""Items that each kind of fault is injected into, if the split has so many."""
MOST_SECONDS = 60.0
"""How long a batch of them may take."""
LATE_AFTER = 0.05
"""How long the harness waits where it is the fault that no answer comes."""
_NO_CALL = (
    "No fault was injected: stored answers have no call that could fail. Whether failures of the system in use reach a person, only a log "
    "of faults injected there can tell (--fault-log)."
)
_NO_ITEMS = (
    "No fault was injected: who links records answers about all of them at once, so there is no call for single items that could fail. "
    "Whether failures of the system in use reach a person, only a log of faults injected there can tell (--fault-log)."
)
_OWN = "Faults were injected at the harness's own call of the classifier: that says nothing about the system in use."
_LOGGED = "The log of faults holds {:,} {}, of these kinds: {}. Failures of other kinds, and other circumstances, nobody tried."
_STALE = "sha256:" + "0" * 64


def provide_faults(inputs: Inputs, progress: Progress) -> Provided | None:
    """None where nothing asks for it and there is no log. Raises BadInput for anything wrong with the log."""
    if inputs.fault_log is not None:
        return of_log(inputs.fault_log)
    if all(requirement.metric != UNROUTED for requirement in inputs.policy.requirements):
        return None
    if inputs.policy.task == "linkage":
        return Provided(limits=(_NO_ITEMS,))
    classifier, _ = opened(inputs)
    if not columns_of(classifier):
        return Provided(limits=(_NO_CALL,))
    progress("faults", 0, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a model warns of when it is given nonsense
        asked = asked_of(inputs.card, inputs.benchmark.info, inputs.policy.operating_point)
        decided = partial(_in_queue, inputs, scored_leads(inputs, progress)) if inputs.policy.task == "ranking" else partial(_alone, inputs)
        trial = _Trial(inputs=inputs, classifier=classifier, asked=asked, decided=decided)
        counts = tuple(trial.run())
    progress("faults", 1, 1)
    return Provided(
        shares=(_row(counts, rests_on=(AS_HERE,)),),
        parts={"faults": faults_as_json(counts, not_tried=trial.not_tried)},
        limits=(_OWN,),
    )


def of_log(path: Path) -> Provided:
    """What a log of faults gives. Raises BadInput with every problem of it."""
    counts = read_fault_log(path)
    number, kinds = sum(count.injected for count in counts), ", ".join(count.kind for count in counts)
    limit = _LOGGED.format(number, "fault" if number == 1 else "faults", kinds)
    return Provided(shares=(_row(counts),), parts={"faults": faults_as_json(counts, log=sha256_file(path))}, limits=(limit,))


def _row(counts: tuple[FaultCount, ...], rests_on: tuple[str, ...] = ()) -> ShareRow:
    part, total = sum(count.unrouted for count in counts), sum(count.injected for count in counts)
    way = Way(name=ALONE, clusters=total, total2=total, part2=part, rest2=total - part)
    return ShareRow(metric=UNROUTED, part=part, total=total, ways=(way,), rests_on=rests_on)


@dataclass(kw_only=True)
class _Trial:
    """Every kind of fault on items of its own, as far as the split has enough of them."""

    inputs: Inputs
    classifier: Classifier
    asked: Asked
    decided: Callable[[Answers, Batch], NDArray[np.int8]]
    """[rows] what is decided of items with these answers."""
    not_tried: dict[str, str] = field(default_factory=dict)

    def run(self) -> Iterator[FaultCount]:
        """The kinds that could be tried; the others are in `not_tried`."""
        batches = self._batches()
        sound = Routed(self.classifier, self.asked, seconds=MOST_SECONDS, alone=False).answer(next(batches))
        if sound.why:
            why = shown(f"the classifier does not answer as it is: {sound.why}", 200)
            self.not_tried = dict.fromkeys((fault.kind for fault in ANSWER_FAULTS), why)
        for fault in () if sound.why else ANSWER_FAULTS:
            if why := fault.why_not(self.asked, sound.answers):
                self.not_tried[fault.kind] = why
                continue
            yield self._count(fault.kind, "answer", next(batches), Damaged(self.classifier, fault.damage))
        yield from self._late(next(batches))
        yield from self._reordered(next(batches))
        yield from self._stale(next(batches))
        for spoil in INPUT_FAULTS:
            spoilt = spoil.batch(next(batches))
            if spoilt is None:
                self.not_tried[spoil.kind] = "no column that the classifier is given could go wrong so"
                continue
            yield self._count(spoil.kind, "input", spoilt, self.classifier)

    def _late(self, batch: Batch) -> Iterator[FaultCount]:
        late = Late()
        yield self._count("timeout", "answer", batch, late, seconds=LATE_AFTER)
        late.stop.set()

    def _reordered(self, batch: Batch) -> Iterator[FaultCount]:
        """Only items whose answer is another one then have a fault."""
        sound = Routed(self.classifier, self.asked, seconds=MOST_SECONDS, alone=False).answer(batch)
        if sound.why:
            self.not_tried["reordered"] = shown(f"the classifier does not answer as it is: {sound.why}", 200)
            return
        moved = _differ(sound.answers, reordered(sound.answers))
        if not moved.any():
            self.not_tried["reordered"] = "all items get the same answer"
            return
        passed = Routed(Damaged(self.classifier, reordered), self.asked, seconds=MOST_SECONDS).answer(batch)
        yield _counted("reordered", "answer", self._fates(passed.answers, batch)[moved])

    def _stale(self, batch: Batch) -> Iterator[FaultCount]:
        """A card that describes another artefact than the one that lies there."""
        card, policy = self.inputs.card, self.inputs.policy
        if card.sha256 is None:
            self.not_tried["stale_model"] = "no card says which artefact it is about"
            return
        yield self._count("stale_model", "answer", batch, _Stale(replace(card, sha256=_STALE), self.inputs, policy.split))

    def _count(self, kind: str, where: Where, batch: Batch, classifier: Answering, seconds: float = MOST_SECONDS) -> FaultCount:
        passed = Routed(classifier, self.asked, seconds=seconds, alone=False).answer(batch)
        return _counted(kind, where, self._fates(passed.answers, batch))

    def _fates(self, answers: Answers, batch: Batch) -> NDArray[np.int8]:
        """[rows] places in FATES."""
        policy, info = self.inputs.policy, self.inputs.benchmark.info
        decisions = self.decided(answers, batch)
        people = policy.human_in_the_loop
        if people is not None and people.bands is not None and (decisions >= 0).any():
            given = answers.labels if info.task == "risk" else decisions
            threshold = policy.operating_point.threshold
            found = fates(people.bands, decisions, scores=answers.scores, threshold=threshold, given=given, levels=info.levels)
            read = np.array([*(FATES.index("to_review" if band.readers else "set_aside") for band in people.bands.bands), 0], dtype=np.int8)
            return read[found]
        least = 1
        if info.task == "ordinal":
            least = info.levels.index(people.relevant_from) if people is not None and people.relevant_from else len(info.levels) - 1
        return np.where(decisions < 0, 0, np.where(decisions >= least, 1, 2)).astype(np.int8)

    def _batches(self) -> Iterator[Batch]:
        """Without end: a fault gets the next items, and where there are no more the first ones again."""
        columns = columns_of(self.classifier)
        many = ITEMS * (len(ANSWER_FAULTS) + len(INPUT_FAULTS) + 4)
        batch = for_classifier(next(self.inputs.benchmark.batches(self.inputs.policy.split, columns=columns, batch_rows=many)))
        while True:
            for start in range(0, max(batch.rows - ITEMS, 0) + 1, ITEMS):
                yield rows_of(batch, start, min(start + ITEMS, batch.rows))


@dataclass(frozen=True, slots=True)
class _Stale:
    """Opens the model by a card that is about another one."""

    card: Card
    inputs: Inputs
    split: str

    def answer(self, batch: Batch) -> object:
        """Answers if nobody notices."""
        check_artifact(self.card)
        return open_classifier(self.card, self.inputs.benchmark, self.split, self.inputs.policy.operating_point).answer(batch)


def _alone(inputs: Inputs, answers: Answers, batch: Batch) -> NDArray[np.int8]:
    """Items that are decided one by one."""
    del batch
    return decide(answers, inputs.policy.operating_point, inputs.benchmark.info.levels)


def _in_queue(inputs: Inputs, leads: Leads, answers: Answers, batch: Batch) -> NDArray[np.int8]:
    """Leads: each with its answer in the queue of its day, all others there as they are."""
    budget = inputs.policy.operating_point.budget_per_day
    if budget is None or answers.scores is None:
        raise Fault("ranking needs a daily budget, and a score for every lead")
    places = np.arange(batch.start, batch.start + batch.rows)
    return work_changed(leads.scores, leads.queues, leads.arrived, budget, leads=places, changed=answers.scores)


def _differ(one: Answers, other: object) -> NDArray[np.bool_]:
    """[rows] where two sets of answers are not the same."""
    if not isinstance(other, Answers):
        return np.ones(len(one), dtype=np.bool_)
    moved: NDArray[np.bool_] = one.status != other.status
    if one.scores is not None and other.scores is not None:
        moved |= ~np.isclose(one.scores, other.scores, rtol=1e-6, atol=1e-6, equal_nan=True)
    if one.labels is not None and other.labels is not None:
        moved |= one.labels != other.labels
    return moved


def _counted(kind: str, where: Where, found: NDArray[np.int8]) -> FaultCount:
    counts: Mapping[str, int] = {name: int(np.count_nonzero(found == place)) for place, name in enumerate(FATES)}
    return FaultCount(kind=kind, where=where, **counts)
