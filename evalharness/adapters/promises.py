"""What an adapter promises of its answers, said once: the conformance check asserts it, and every evaluation enforces it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks.batch import Column
from evalharness.predictions.answers import ANSWERED, STATUSES, Accounting, Answers, account
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.records import BenchmarkInfo, Card, OperatingPoint, Rule

if TYPE_CHECKING:
    from evalharness.adapters.protocol import Classifier
    from evalharness.benchmarks.batch import Batch


class PromiseBroken(AssertionError):
    """An adapter did not keep a promise of the protocol; the message says which."""


def promise(kept: bool, text: str) -> None:
    """Raises PromiseBroken unless the promise is kept."""
    if not kept:
        raise PromiseBroken(f"not kept: {text}")


def columns_of(classifier: Classifier) -> frozenset[Column]:
    """What the classifier asks a batch to hold."""
    wanted: list[Column] = []
    if classifier.needs_ids:
        wanted.append("ids")
    if classifier.needs_features:
        wanted.append("features")
    return frozenset(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a classifier is asked for."""

    rule: Rule
    labels: int
    """How many labels there are: codes are 0 up to, not including, this."""
    unit_range: bool
    """Whether scores must lie in [0, 1]."""


def asked_of(card: Card, info: BenchmarkInfo, operating_point: OperatingPoint) -> Asked:
    """What the classifier of a card is asked for."""
    unit_range = "any" not in (card.score_range, info.score_range)
    return Asked(rule=operating_point.rule, labels=len(info.levels) or 2, unit_range=unit_range)


def check_answers(answers: object, batch: Batch, asked: Asked) -> Answers:
    """The answers, if they are in order: an Answers of the batch's length, of the kind that the operating point needs, with known status
    codes, and a usable value exactly where the status is ANSWERED. Raises PromiseBroken otherwise.

    A threshold and a budget get scores; the rule `label` gets labels; a top band gets labels (the bands), and may get scores beside them.
    """
    where = f"rows {batch.start + 1} to {batch.start + batch.rows}"
    if not isinstance(answers, Answers):
        raise PromiseBroken(f"not kept: {where}: answers are an Answers, not {type(answers).__name__}")
    promise(len(answers) == batch.rows, f"{where}: {batch.rows} items get {batch.rows} answers, not {len(answers)}")
    promise(answers.status.dtype == np.uint8, f"{where}: status codes are uint8, not {answers.status.dtype}")
    promise(bool(np.isin(answers.status, STATUSES).all()), f"{where}: status codes are {STATUSES}")
    by_label, answered = asked.rule in {"label", "top_band"}, answers.status == ANSWERED
    if by_label:
        _check_labels(answers.labels, answered, asked, where)
    if not by_label or answers.scores is not None:
        promise(asked.rule != "label", f"{where}: the rule 'label' gets int8 labels, and no scores")
        _check_scores(answers.scores, answered, asked, where)
    promise(by_label or answers.labels is None, f"{where}: {_ASKS[asked.rule]} gets scores, and no labels")
    return answers


_ASKS: dict[Rule, str] = {
    "score >= threshold": "a threshold",
    "budget": "a budget",
    "label": "the rule 'label'",
    "top_band": "a top band",
}
_EXACTLY = "there is a usable value exactly where the status is ANSWERED"


def _check_labels(labels: NDArray[np.int8] | None, answered: NDArray[np.bool_], asked: Asked, where: str) -> None:
    what = f"{where}: {_ASKS[asked.rule]} gets int8 labels"
    if labels is None:
        raise PromiseBroken(f"not kept: {what}")
    promise(labels.dtype == np.int8, what)
    promise(bool((labels < asked.labels).all()), f"{where}: labels are below {asked.labels}, or -1 for no answer")
    promise(np.array_equal(labels >= 0, answered), f"{where}: {_EXACTLY}")


def _check_scores(scores: NDArray[np.float64] | None, answered: NDArray[np.bool_], asked: Asked, where: str) -> None:
    what = f"{where}: {_ASKS[asked.rule]} gets float64 scores"
    if scores is None:
        raise PromiseBroken(f"not kept: {what}")
    promise(scores.dtype == np.float64, what)
    present = np.isfinite(scores)
    inside = (scores[present] >= 0) & (scores[present] <= 1)
    promise(
        not asked.unit_range or bool(inside.all()), f"{where}: a score outside [0, 1] is INVALID, unless the card says score_range: any"
    )
    promise(np.array_equal(present, answered), f"{where}: {_EXACTLY}")


def check_accounting(accounting: object, status: NDArray[np.uint8]) -> Accounting:
    """The accounting, if it agrees with the status codes of the whole split. Raises PromiseBroken otherwise."""
    if not isinstance(accounting, Accounting):
        raise PromiseBroken(f"not kept: the accounting is an Accounting, not {type(accounting).__name__}")
    expected = account(status, rows=accounting.rows, extra=accounting.extra, other_split=accounting.other_split)
    promise(accounting == expected, f"the accounting agrees with the status codes: {accounting}, expected {expected}")
    promise(min(accounting.rows, accounting.extra, accounting.other_split) >= 0, "no count is negative")
    return accounting


def check_links(answers: object, *, candidates: int, records: int, asked: Asked) -> LinkAnswers:
    """The answers about links, if they are in order: a LinkAnswers with float64 scores of all candidate pairs for a threshold, or int64
    entities of all records for the rule `label`, known status codes, a usable value exactly where the status is ANSWERED, and an account
    that agrees. Raises PromiseBroken otherwise.
    """
    if not isinstance(answers, LinkAnswers):
        raise PromiseBroken(f"not kept: answers about links are a LinkAnswers, not {type(answers).__name__}")
    promise(answers.status.dtype == np.uint8, f"status codes are uint8, not {answers.status.dtype}")
    promise(bool(np.isin(answers.status, STATUSES).all()), f"status codes are {STATUSES}")
    answered = answers.status == ANSWERED
    if asked.rule == "label":
        entities = answers.entities
        if entities is None or entities.dtype != np.int64:
            raise PromiseBroken("not kept: the rule 'label' gets int64 entities")
        promise(len(entities) == records, f"{records} records get {records} answers, not {len(entities)}")
        promise(np.array_equal(entities >= 0, answered), _EXACTLY)
    else:
        _check_scores(answers.scores, answered, asked, "candidate pairs")
        promise(len(answers.status) == candidates, f"{candidates} candidate pairs get {candidates} answers, not {len(answers.status)}")
    told = answers.accounting
    promise(0 <= answers.self_pairs <= told.invalid, "pairs of a record with itself are invalid")
    check_accounting(replace(told, invalid=told.invalid - answers.self_pairs), answers.status)
    return answers
