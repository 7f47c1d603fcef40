"""The page for a board on reviewers who lean on the machine: always told apart by whether the machine was right."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.judged import EstimatePart
from evalharness.evidence.oversight.reviews import ReaderPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.rubber_stamp import flagged, of_everybody, rubber_stamp, stamping_readers
from evalharness.report.oversight.shares_table import table_of
from evalharness.report.oversight.small_cells import cell
from evalharness.report.view import Section, Table

_MORE = (
    "automation_bias", "commission_rate", "omission_rate", "seeded_detection", "augmentation", "synergy", "override_rate",
    "agreement_with_model",
)  # fmt: skip
_WHAT = (
    "A person who is shown an answer may take it over. That helps where the answer is right, and harms where it is wrong, so the two are "
    "never put together here."
)
MARK = "(!)"
"""Beside a reviewer who may be a rubber stamp."""
_PLACE = (
    "What is shown of a lead is its place: within the day's budget or beyond it. A place is no claim, and most leads within the budget "
    "need not be relevant; here a relevant lead beyond it, or another one within it, counts as a wrong answer."
)
_FOLLOW = (
    ("recall", "pairwise_recall", "recall_at_budget"),
    ("team_recall",),
    ("blind_reader_recall",),
)


def leaning(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing without a review log."""
    if evidence.oversight is None or evidence.oversight.reviews is None:
        return
    known = of_everybody(evidence)
    yield Section(
        anchor="leaning",
        title="If reviewers lean on the machine",
        paragraphs=(
            _WHAT,
            *((_PLACE,) if task.task == "ranking" else ()),
            *rubber_stamp(evidence),
            *stamping_readers(evidence.oversight.reviews.readers),
        ),
        tables=(
            *_split(known),
            *_followed(known, task),
            *table_of("How far people lean on it, and whether they notice", _MORE, evidence, task),
            _readers(evidence.oversight.reviews.readers),
        ),
    )


def _split(known: dict[str, EstimatePart]) -> Iterator[Table]:
    """How often people are wrong, the answer right and wrong side by side."""
    right, wrong, blind = (known.get(name) for name in ("wrong_when_model_right", "wrong_when_model_wrong", "blind_wrong_when_model_wrong"))
    if right is None or wrong is None:
        return
    yield Table(
        caption="How often people are wrong",
        columns=("They", "where the classifier is right", "where the classifier is wrong"),
        rows=(
            ("see its answer", _share(right), _share(wrong)),
            ("do not see it", numbers.ABSENT, numbers.ABSENT if blind is None else _share(blind)),
        ),
        note=f"In brackets: {words.sure(right.level)}, between these two bounds each by itself. {_counted(right, wrong)}",
    )


def _counted(right: EstimatePart, wrong: EstimatePart) -> str:
    return f"Seen: {numbers.count(right.n)} readings of right answers, {numbers.count(wrong.n)} of wrong ones."


def _followed(known: dict[str, EstimatePart], task: TaskWords) -> Iterator[Table]:
    """What is found if people always follow, as measured, and if they never look at the answer."""
    alone, team, blind = (next((known[name] for name in names if name in known), None) for names in _FOLLOW)
    if team is None or alone is None:
        return
    rows = [
        ("they always follow the classifier", alone, known.get("false_positive_rate")),
        ("they do as was measured", team, known.get("team_false_alarm_rate")),
        ("they read everything themselves, without it", blind, known.get("blind_reader_specificity")),
    ]
    yield Table(
        caption=f"What is found of the {task.denominator_of('recall')}, if",
        columns=("Reviewers", "Found", "Kept of all others, wrongly"),
        rows=tuple((name, "" if found is None else _share(found), _wrongly(other)) for name, found, other in rows),
        note="The last row takes it that people have the time to read everything, which nobody plans.",
    )


def _share(estimate: EstimatePart) -> str:
    lower, upper = estimate.bounds
    if estimate.value is None:
        return numbers.ABSENT
    return f"{numbers.fine(estimate.value)} ({numbers.fine(lower, 'down')} to {numbers.fine(upper, 'up')})"


def _wrongly(estimate: EstimatePart | None) -> str:
    """A share of the others that is kept; of a share that is rightly dismissed, the rest."""
    if estimate is None or estimate.value is None:
        return numbers.ABSENT
    if estimate.metric != "blind_reader_specificity":
        return _share(estimate)
    lower, upper = estimate.bounds
    least = None if upper is None else numbers.rest(upper)
    most = None if lower is None else numbers.rest(lower)
    return f"{numbers.fine(numbers.rest(estimate.value))} ({numbers.fine(least, 'down')} to {numbers.fine(most, 'up')})"


def _readers(readers: tuple[ReaderPart, ...]) -> Table:
    return Table(
        caption="Reviewers one by one, without names",
        columns=("Reviewer", "Readings", "Answers shown", "overruled", "Shown and wrong", "decided rightly all the same"),
        rows=tuple(
            (_name(place, one, flag), *_cells(one)) for place, (one, flag) in enumerate(zip(readers, flagged(readers), strict=True), 1)
        ),
        folded=True,
        note=(
            "Most readings first. Who overrules seldom may be right to: what counts is the last column beside the one before. "
            f"{MARK}: hardly ever overrules, for how often it was wrong. Counts of 1 to 9, and what would tell them, are left out."
        ),
    )


def _name(place: int, one: ReaderPart, flag: bool) -> str:
    if one.reviewers != 1:
        return f"{numbers.count(one.reviewers)} with few readings"
    return f"{place} {MARK}" if flag else f"{place}"


def _cells(one: ReaderPart) -> tuple[str, ...]:
    return (
        cell(one.read),
        cell(one.shown, one.read - one.shown),
        cell(one.override, one.shown - one.override),
        cell(one.model_wrong, one.model_right, one.shown - one.model_wrong),
        cell(one.right_when_wrong, one.model_wrong - one.right_when_wrong),
    )
