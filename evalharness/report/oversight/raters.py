"""The annex on the people who labelled: what they achieve themselves on the same items, and how far they agree."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.catalogue.oversight.raters import COST_AGAINST_HUMAN
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.raters import BesidePersonPart, RatersPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.rubber_stamp import of_everybody
from evalharness.report.view import Section, Table

ABOVE = "above human agreement"
"""How the reason of a finding begins whose goal lies above what people reach."""
_WHO = (
    "One of the people who labelled the {many} stands here beside the classifier: on the same {many}, one by one, without its answer, and "
    "both held against the clean label. A person who labels in peace is no officer at work: with less time, and where next to nothing is "
    "relevant, people do worse."
)
_MADE_UP = "The {many} of this benchmark are generated, and so are the people who labelled them: this is practice."
_AGREE = (
    "Where people disagree about what is right, a label is one opinion. A classifier that agrees with labels more often than people agree "
    "with each other has learned one person's habits, or the test is too easy."
)


def raters(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where the policy does not ask for the people who labelled."""
    part = None if evidence.oversight is None else evidence.oversight.raters
    if part is None:
        return
    texts = (_WHO, *((_MADE_UP,) if evidence.benchmark.synthetic else ()), _AGREE)
    yield Section(
        anchor="raters",
        title="What people alone reach",
        paragraphs=(*(text.replace("{many}", task.many) for text in texts), *_above(evidence)),
        tables=(_beside(evidence, part, task), *_costs(evidence, task), _agreement(evidence, part)),
    )


def _above(evidence: Evidence) -> Iterator[str]:
    names = list(dict.fromkeys(finding.requirement for finding in evidence.findings if finding.reason.startswith(ABOVE)))
    if names:
        yield (
            "The goal of "
            + ", ".join(names)
            + " lies above what people reach. It is not demonstrated, whatever was measured: labels that people give cannot show it."
        )


def _beside(evidence: Evidence, part: RatersPart, task: TaskWords) -> Table:
    known = of_everybody(evidence)
    level = next((words.sure(known[f"rater_{one.metric}"].level) for one in part.beside if f"rater_{one.metric}" in known), "")
    return Table(
        caption=f"A person and the classifier on the same {task.many}",
        columns=(
            "Measure", "Person", f"{level}: at least", "at most", "Classifier", "Person right where it is right", "where it is wrong",
            "Counted",
        ),
        rows=tuple(_cells(one, evidence, task) for one in part.beside),
        numeric_from=1,
        note="Where the classifier is wrong, a person who judges alone may be right; these are not readings of people who see its answer.",
    )  # fmt: skip


def _cells(one: BesidePersonPart, evidence: Evidence, task: TaskWords) -> tuple[str, ...]:
    estimate = of_everybody(evidence)[f"rater_{one.metric}"]
    lower, upper = estimate.bounds
    return (
        words.title(one.metric, task),
        numbers.fine(estimate.value),
        numbers.fine(lower, "down"),
        numbers.fine(upper, "up"),
        numbers.fine(one.model),
        *(numbers.ABSENT if share is None else numbers.fine(share) for share in (one.right_where_model_right, one.right_where_model_wrong)),
        numbers.count(one.total),
    )


def _costs(evidence: Evidence, task: TaskWords) -> Iterator[Table]:
    """Nothing where the policy states no costs."""
    rows = [e for e in evidence.unconditional if e.metric == COST_AGAINST_HUMAN and e.value is not None]
    if rows:
        yield Table(
            caption=f"What one {task.one} costs more with the classifier than with that person",
            columns=("Unit", "Found", f"{words.sure(rows[0].level)}: at least", "at most", "Counted"),
            rows=tuple(
                (
                    row.unit.replace("_", " "),
                    numbers.plain(row.value),
                    numbers.plain(row.bounds[0], "down"),
                    numbers.plain(row.bounds[1], "up"),
                    numbers.count(row.n),
                )
                for row in rows
            ),
            numeric_from=1,
            note="Below 0: less. What is selected, or called relevant, costs its review, and the rest what it costs to set it aside.",
        )


def _agreement(evidence: Evidence, part: RatersPart) -> Table:
    estimate = of_everybody(evidence)["rater_agreement"]
    lower, upper = estimate.bounds
    alpha = numbers.ABSENT if part.alpha is None else numbers.plain(part.alpha)
    ends = (
        numbers.ABSENT if part.low is None else numbers.plain(part.low, "down"),
        numbers.ABSENT if part.high is None else numbers.plain(part.high, "up"),
    )
    return Table(
        caption="How far people who labelled agree",
        columns=("Measure", "Found", "At least", "At most", "Counted"),
        rows=(
            (
                "the first two say the same",
                numbers.fine(estimate.value),
                numbers.fine(lower, "down"),
                numbers.fine(upper, "up"),
                numbers.count(estimate.n),
            ),
            (f"Krippendorff's alpha, {part.scale} (describes)", alpha, *ends, numbers.count(part.items)),
        ),
        numeric_from=1,
        note=f"{numbers.count(part.people)} people labelled. Alpha: 1 where all agree, 0 where no more than by chance; 90 of 100 times "
        "between both ends when cases are drawn again. It describes. The bounds of the first row decide where the policy asks for them: "
        f"{words.sure(estimate.level)} each.",
    )
