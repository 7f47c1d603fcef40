"""Items with something changed: their copies are answered beside them, and each pair is compared. No copy is in any other count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.adapters import Classifier, columns_of
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Batch, Column
from evalharness.benchmarks.copied_items import CopiedItems
from evalharness.catalogue import COPY_METRICS, task_metrics
from evalharness.errors import BadInput, Fault, bad_input
from evalharness.evidence.limits import NOT_MEASURED
from evalharness.predictions.aligned import NothingInCommon
from evalharness.predictions.answers import MISSING, Answers
from evalharness.records import Condition, CopyKind, Policy
from evalharness.records.progress import Progress
from evalharness.tally import ConfusionTally, CopyCounter, CopyTally, Slices
from evalharness.workflows.answering import for_classifier, opened_on
from evalharness.workflows.counted import Counted
from evalharness.workflows.inputs import Inputs

_ROWS_A_BATCH = 65_536
_NOT_PAIRED = -2
"""Where an item has no copy of a kind."""
_WHAT = NOT_MEASURED + "when only what tells of a group changes, or when items are disturbed; "
LEFT_OUT = _WHAT + "the copies were left out (--no-copies)."
_NO_ANSWERS = _WHAT + "the predictions have no answers to the copies that the benchmark has for this."
_NOT_SHOWN = _WHAT + "a blind export does not hold the copies that the benchmark has for this."
_NO_LINKS = _WHAT + "the copies of records that the benchmark has are not counted in this version."
_NOT_HERE = _WHAT + "the judged split has no copies of its items."
UNANSWERED = "Nobody answered the copies of the kind “{}”: what they would show was not measured."

Decisions = NDArray[np.int8]
Kept = NDArray[Any]
Decide = Callable[[Answers], Kept]
"""What is kept of answers to copies: decisions, or scores where a decision depends on what else waits."""
Settle = Callable[[Kept, NDArray[np.int64]], Decisions]
"""Decisions from these, given the row of each one's item in the split."""


def why_not_counted(inputs: Inputs) -> str:
    """Why the copies that the benchmark has are not counted, for `limits`; empty where they are, or where there are none."""
    if not inputs.benchmark.info.copies:
        return ""
    if not inputs.copies:
        return LEFT_OUT
    if inputs.blind is not None:
        return _NOT_SHOWN
    return _NO_LINKS if inputs.policy.task == "linkage" else ""


def copied_rows(inputs: Inputs) -> CopiedRows | None:
    """Null where no copy is counted."""
    if not inputs.benchmark.info.copies or why_not_counted(inputs):
        return None
    return CopiedRows(inputs, CopiedItems(inputs.benchmark, inputs.policy.split))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Held:
    """What is kept of the items that have copies, in stored order: their labels, decisions, groups and clusters."""

    rows: NDArray[np.int64]
    """Row in the split."""
    known_as: NDArray[np.int64]
    """Place among the ids of the items that have copies."""
    labels: NDArray[np.int8]
    decisions: Decisions
    groups: dict[str, NDArray[np.int32]]
    clusters: pa.Array | pa.ChunkedArray | None


class CopiedRows:
    """Holds the items that have copies while the split is counted, then answers the copies and compares.

    Memory: some 20 bytes, and the cluster's id, for each item that has copies; some 30 bytes a copy.
    """

    columns: frozenset[Column] = frozenset({"ids"})
    """What `add` needs of a batch beside labels, groups and clusters."""

    def __init__(self, inputs: Inputs, copies: CopiedItems) -> None:
        self._inputs, self._copies = inputs, copies
        self._held: list[_Held] = []

    def add(self, batch: Batch, labels: NDArray[np.int8], decisions: Decisions) -> None:
        """The next rows of the split with what was decided."""
        if batch.ids is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without ids or groups")
        found = pc.index_in(batch.ids, value_set=self._copies.origins.ids).fill_null(-1).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(found >= 0)
        if not len(at):
            return
        self._held.append(
            _Held(
                rows=at + batch.start,
                known_as=found[at].astype(np.int64),
                labels=labels[at],
                decisions=decisions[at],
                groups={name: codes[at] for name, codes in batch.groups.items()},
                clusters=None if batch.clusters is None else batch.clusters.take(pa.array(at)),
            )
        )

    def into(self, counted: Counted, progress: Progress, decide: Decide, settle: Settle | None = None) -> Counted:
        """What was counted, with the pairs beside it. Raises BadInput for anything wrong with the answers to the copies."""
        classifier = self._opened(counted)
        if isinstance(classifier, str):
            return replace(counted, remarks=(*counted.remarks, classifier))
        kept, status = self._answered(classifier, progress, decide)
        if self._inputs.card.adapter == "predictions":
            counted = _without_copies(counted, classifier)
        held = _joined(self._held)
        if len(held.rows) != len(self._copies.origins.ids):
            raise Fault("the items that have copies are not, each once, those of the split")
        decided = cast(Decisions, kept) if settle is None else settle(kept, self._rows_of(held))
        tallies, silent = [], []
        for place, kind in enumerate(self._copies.kinds):
            mine = self._copies.origins.kinds == place
            if mine.any() and (status[mine] == MISSING).all():
                silent.append(UNANSWERED.format(kind.name))
            elif mine.any():
                tallies.append(self._compared(kind, held, self._of_kind(mine, decided, held)))
        if not tallies:
            silent = [_NO_ANSWERS]
        return replace(counted, tally=beside(counted.tally, tallies, self._inputs.policy), remarks=(*counted.remarks, *silent))

    def _opened(self, counted: Counted) -> Classifier | str:
        """The classifier, opened for the copies; or why there is none."""
        inputs = self._inputs
        if not self._copies.rows_in(inputs.policy.split):
            return _NOT_HERE
        if inputs.card.adapter == "predictions" and not counted.accounting.extra:
            return _NO_ANSWERS
        try:
            return opened_on(inputs, cast(Benchmark, self._copies))
        except NothingInCommon:
            return _NO_ANSWERS
        except BadInput as error:
            raise _failed(error) from error

    def _answered(self, classifier: Classifier, progress: Progress, decide: Decide) -> tuple[Kept, NDArray[np.uint8]]:
        """What is kept of the answer to each copy, and its status."""
        split, parts, statuses, done = self._inputs.policy.split, [], [], 0
        total = self._copies.rows_in(split)
        for batch in self._copies.batches(split, columns=columns_of(classifier), batch_rows=_ROWS_A_BATCH):
            answers = _answer(classifier, batch)
            parts.append(decide(answers))
            statuses.append(answers.status)
            done += batch.rows
            progress("scoring copies", done, total)
        return np.concatenate(parts), np.concatenate(statuses)

    def _rows_of(self, held: _Held) -> NDArray[np.int64]:
        """[copies] row in the split of each one's item."""
        rows = np.zeros(len(self._copies.origins.ids), dtype=np.int64)
        rows[held.known_as] = held.rows
        return rows[self._copies.origins.items]

    def _of_kind(self, mine: NDArray[np.bool_], decided: Decisions, held: _Held) -> Decisions:
        """[items held] what was decided of the copy of this kind."""
        by_item = np.full(len(self._copies.origins.ids), _NOT_PAIRED, dtype=np.int8)
        by_item[self._copies.origins.items[mine]] = decided[mine]
        return by_item[held.known_as]

    def _compared(self, kind: CopyKind, held: _Held, copies: Decisions) -> CopyTally:
        policy, benchmark = self._inputs.policy, self._inputs.benchmark
        info, levels = benchmark.info, benchmark.levels(policy.split)
        pairs, decided = depths(policy, kind, len(info.attributes))
        counter = CopyCounter(
            kind,
            task_metrics(info.task, info.levels),
            pairs=Slices(attributes=info.attributes, levels=levels, depth=pairs),
            decided=Slices(attributes=info.attributes, levels=levels, depth=decided),
            clustered=info.clustered,
            contiguous=benchmark.contiguous_clusters,
        )
        at = np.flatnonzero(copies != _NOT_PAIRED)
        groups = {name: codes[at] for name, codes in held.groups.items()}
        clusters = None if held.clusters is None else held.clusters.take(pa.array(at))
        counter.add(held.labels[at], held.decisions[at], copies[at], groups, clusters)
        return counter.result()


def _answer(classifier: Classifier, batch: Batch) -> Answers:
    """Raises BadInput, which says how to go on, where the classifier fails on copies though it answered the items."""
    try:
        return classifier.answer(for_classifier(batch))
    except BadInput as error:
        raise _failed(error) from error


def _failed(error: BadInput) -> BadInput:
    return bad_input(
        "the model answers the items, and fails on their copies with something changed", where="copies of items", got=str(error),
        hint="mend the model or its adapter; for practice, leave the copies out with --no-copies",
    )  # fmt: skip


def depths(policy: Policy, kind: CopyKind, attributes: int) -> tuple[int, int]:
    """How many attributes at most the groups combine in which pairs are counted, and copies by themselves: as few as the policy asks for.

    Pairs are counted in the groups of one attribute, asked or not.
    """
    asked = [
        (r.metric in COPY_METRICS, max(map(len, (*r.for_each, r.between)), default=0))
        for r in policy.requirements
        if r.on.under == kind.name
    ]
    deepest = {paired: max((depth for of_pairs, depth in asked if of_pairs is paired), default=0) for paired in (True, False)}
    return min(max(1, deepest[True]), attributes), min(deepest[False], attributes)


def beside(tally: ConfusionTally, copies: list[CopyTally], policy: Policy) -> ConfusionTally:
    """The tally with the pairs of every kind, and the copies by themselves where the policy asks for a metric of the task under a kind."""
    asked = {r.on.under for r in policy.requirements if r.metric not in COPY_METRICS}
    texts = {each.kind.name: Condition(under=each.kind.name).text for each in copies}
    return replace(
        tally,
        pairs={texts[each.kind.name]: each.pairs for each in copies},
        others={**tally.others, **{texts[each.kind.name]: each.decided for each in copies if each.kind.name in asked}},
    )


def _without_copies(counted: Counted, classifier: Classifier) -> Counted:
    """Answers to copies are neither extra nor among the answers to items."""
    mine, account = classifier.accounting(), counted.accounting
    found = mine.rows - mine.extra - mine.other_split
    return replace(counted, accounting=replace(account, rows=account.rows - found, extra=max(account.extra - found, 0)))


def _joined(parts: list[_Held]) -> _Held:
    if not parts:
        raise Fault("there are copies of items that the split does not have")
    clusters: Iterator[pa.Array | pa.ChunkedArray] = (part.clusters for part in parts if part.clusters is not None)
    return _Held(
        rows=np.concatenate([part.rows for part in parts]),
        known_as=np.concatenate([part.known_as for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        decisions=np.concatenate([part.decisions for part in parts]),
        groups={name: np.concatenate([part.groups[name] for part in parts]) for name in parts[0].groups},
        clusters=None if parts[0].clusters is None else pa.concat_arrays([_one(chunk) for chunk in clusters]),
    )


def _one(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
