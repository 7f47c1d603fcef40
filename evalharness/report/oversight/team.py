"""The annex on classifier and people together: for 1,000 items, beside either alone, and what each assumption does to it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.team import AssumptionPart, TeamPart
from evalharness.report import numbers
from evalharness.report.bars import BarChart, bar_chart
from evalharness.report.by_task import TaskWords
from evalharness.report.view import Section, Table

_RATES = {
    "kept": "relevant ones kept, shown as selected",
    "found": "relevant ones found, read blind",
    "confirmed": "others kept, shown as selected",
    "raised": "others kept, read blind",
}
_ASSUMPTIONS = {
    **_RATES,
    "fatigue_drop": "fewer relevant ones kept or found, for being tired",
    "low_prevalence_drop": "fewer relevant ones kept or found, for being rare",
}
_SHORT = {
    "kept": "kept, shown as selected", "found": "found, read blind", "fatigue_drop": "lost to tiredness",
    "low_prevalence_drop": "lost to rarity",
}  # fmt: skip
"""Beside a bar: what moves the share that is found."""
_FIGURES = (
    ("read", "put before a reader"),
    ("relevant", "truly relevant"),
    ("found_and_kept", "relevant, selected, and kept by the reader"),
    ("found_and_dismissed", "relevant, selected, and dismissed by the reader"),
    ("missed_and_caught", "relevant, not selected, and found by a reader"),
    ("missed_by_both", "relevant, and missed by both"),
    ("wrongly_put_before_readers", "not relevant, and put before a reader"),
    ("wrongly_kept", "not relevant, and kept by the reader"),
)
_DECLARED = (
    "How often readers are right is declared here, at least in part: nobody has measured it. What follows from it supports a rehearsal "
    "only. Each assumption is in the table below, with what becomes of the result at either end."
)
_MEASURED = "How often readers are right comes from the review log of this run."
_HOW = (
    "What the classifier selects is read by people who see that; what it gives no answer to, by people who see none. What it sets aside "
    "counts as missed, as nobody is sure to look there. A second reader earns no credit, unless it was measured how often both miss."
)
_GRADES = (
    "Of grades, “{first}” and graver ones are what counts as relevant, in the truth and in what the classifier and people say; what is "
    "graded so is what it selects. What the policy has people read without its grade is read by people who see none."
)
_TODAY = "as the work is done today"
_LABELS = (
    "Labels may be wrong too. The last table says what the classifier's own recall would be if the labels of this test were only so good, "
    "and what such labels would have measured if these were right. It takes for granted that labels and classifier err independently; "
    "that is false where those who labelled saw its answers, or find the same {many} hard."
)


def team(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where neither a log nor the policy says how often readers are right."""
    part = None if evidence.oversight is None else evidence.oversight.team
    if part is None:
        return
    declared = any(one.source == "declared" for one in part.readers) or bool(part.sensitivity)
    first = (evidence.policy.document.get("human_in_the_loop") or {}).get("relevant_from")
    grades = (_GRADES.replace("{first}", str(first)),) if first is not None else ()
    texts = (_HOW, *grades, _DECLARED if declared else _MEASURED, _LABELS)
    charts = (_chart(part, phone=phone) for phone in (False, True))
    yield Section(
        anchor="team",
        title="Classifier and people together",
        paragraphs=tuple(text.replace("{many}", task.many) for text in texts),
        bars=tuple(chart for chart in charts if chart is not None),
        tables=(_figures(part, task), _alone(part, task), *_costs(evidence, part, task), *_assumed(part), _readers(part), _labels(part)),
    )


def _figures(part: TeamPart, task: TaskWords) -> Table:
    return Table(
        caption=f"Of 1,000 {task.many}",
        columns=("What becomes of them", "On average", "5 in 100 draws below", "5 in 100 draws above"),
        rows=tuple(
            (name, numbers.plain(part.per_1000[key]), numbers.plain(part.draws.low[key]), numbers.plain(part.draws.high[key]))
            for key, name in _FIGURES
        ),
        numeric_from=1,
        note=f"{numbers.count(part.draws.draws)} draws of what was counted, and of what is declared evenly between its ends. They "
        "describe; what decides are the bounds of each requirement.",
    )


def _alone(part: TeamPart, task: TaskWords) -> Table:
    found = part.per_1000
    rows = (
        ("classifier alone: what it selects counts", "model_alone_found", "model_alone_wrongly_kept", numbers.plain(0.0)),
        ("people alone: all are read, without the classifier", "people_alone_found", "people_alone_wrongly_kept", numbers.plain(1000.0)),
        ("both together", "together_found", "wrongly_kept", numbers.plain(found["read"])),
    )
    return Table(
        caption=f"Beside either alone, of 1,000 {task.many}",
        columns=("Who", "Relevant and found", "Wrongly kept", "Read"),
        rows=(
            *((who, numbers.plain(found[right]), numbers.plain(found[wrong]), read) for who, right, wrong, read in rows),
            *_today(part),
        ),
        numeric_from=1,
        note="People alone: with as much time for each, and as rarely relevant."
        + (f" {_TODAY}: as the policy declares; nobody has measured it here." if part.current_process is not None else ""),
    )


def _today(part: TeamPart) -> Iterator[tuple[str, ...]]:
    now = part.current_process
    if now is not None:
        found, kept = (now.found_low, now.found_high), (now.wrongly_kept_low, now.wrongly_kept_high)
        yield f"{_TODAY}, without the classifier", _between(*found), _between(*kept), numbers.ABSENT


def _between(low: float | None, high: float | None) -> str:
    return numbers.ABSENT if low is None or high is None else f"{numbers.plain(low, 'down')} to {numbers.plain(high, 'up')}"


def _costs(evidence: Evidence, part: TeamPart, task: TaskWords) -> Iterator[Table]:
    """By who decides; bounds are of both together alone."""
    if part.costs is None:
        return
    bounds = {e.unit: e.bounds for e in evidence.unconditional if e.metric == "team_cost" and not e.group}
    today = (_TODAY,) if part.current_process is not None else ()
    yield Table(
        caption=f"What one {task.one} costs on average, by who decides",
        columns=("Unit", "Classifier alone", "People alone", *today, "Both together", "at least", "at most"),
        rows=tuple(
            (
                one.unit.replace("_", " "), numbers.plain(one.model_alone), numbers.plain(one.people_alone),
                *((_between(one.current_low, one.current_high),) if today else ()),
                numbers.ABSENT if one.together is None else numbers.plain(one.together),
                numbers.plain(bounds.get(one.unit, (None, None))[0], "down"),
                numbers.plain(bounds.get(one.unit, (None, None))[1], "up"),
            )
            for one in part.costs
        ),
        numeric_from=1,
        note="Whatever is read costs its review; what its reader does not call relevant also costs what it costs to set it aside. "
        f"Classifier alone{', and today' if today else ''}: what is selected costs its review, and the rest what it costs to set it aside.",
    )  # fmt: skip


def _assumed(part: TeamPart) -> Iterator[Table]:
    if not part.sensitivity:
        return
    yield Table(
        caption="Assumptions: nobody has measured these",
        columns=("Assumption", "From", "To", "Found, if low", "Found, if high", "False alarms, if low", "False alarms, if high"),
        rows=tuple(
            (
                _ASSUMPTIONS[one.assumption],
                *(
                    numbers.percent(value)
                    for value in (
                        one.low, one.high, one.recall_at_low, one.recall_at_high, one.false_alarms_at_low, one.false_alarms_at_high,
                    )
                ),
            )
            for one in part.sensitivity
        ),
        numeric_from=1,
        note="One assumption at its ends, all others in the middle; what moves the share that is found most comes first.",
    )  # fmt: skip


def _readers(part: TeamPart) -> Table:
    return Table(
        caption="How often readers call something relevant",
        columns=("How often", "Known by", "At least", "Taken as", "At most"),
        rows=tuple(
            (_RATES[one.rate], one.source, numbers.percent(one.low, "down"), numbers.percent(one.value), numbers.percent(one.high, "up"))
            for one in part.readers
        ),
        numeric_from=2,
        note="Blind: without the classifier's answer. Declared: what the policy says, drops included, and the middle. Measured: "
        "bounds that hold each by itself.",
    )


def _labels(part: TeamPart) -> Table:
    return Table(
        caption="If labels are imperfect",
        columns=("Relevant and labelled so", "Others labelled so", "Found, if these labels are such", "As such labels measure it"),
        rows=tuple(
            (
                numbers.percent(one.sensitivity), numbers.percent(one.specificity),
                *(numbers.ABSENT if value is None else numbers.percent(value) for value in (one.recall, one.measured)),
            )
            for one in part.imperfect_labels
        ),
        numeric_from=0,
        folded=True,
        note=f"{numbers.ABSENT}: labels of that kind could not have given these counts.",
    )  # fmt: skip


def _chart(part: TeamPart, *, phone: bool) -> BarChart | None:
    """Two bars an assumption: what both together miss at either end."""
    rows = [row for one in part.sensitivity if one.assumption in _SHORT for row in _bars(one)]
    texts = "What each assumption does", "Share of what is relevant that both miss, with one assumption at either end."
    return bar_chart("team", texts, rows, phone=phone)


def _bars(one: AssumptionPart) -> Iterator[tuple[str, float, str, bool]]:
    for value, recall, plain in ((one.low, one.recall_at_low, True), (one.high, one.recall_at_high, False)):
        missed = numbers.rest(recall)
        yield f"{_SHORT[one.assumption]}: {numbers.percent(value)}", missed, f"{numbers.percent(missed)} missed", plain
