"""The annex: counts, groups, gaps, costs, the attainable, predictions, scores."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.schema import AttainablePart, EstimatePart
from evalharness.report import numbers, words
from evalharness.report.annex_answers import predictions, scores
from evalharness.report.annex_claims import supplier_claims
from evalharness.report.annex_copies import copies
from evalharness.report.annex_costs import costs
from evalharness.report.annex_counts import counts
from evalharness.report.annex_described import described
from evalharness.report.annex_gap_context import gaps_seen
from evalharness.report.annex_groups import ROWS_LISTED, gaps, groups
from evalharness.report.annex_notions import explored, notions
from evalharness.report.annex_scores import described_scores
from evalharness.report.by_task import TaskWords
from evalharness.report.daily_work import practice_intro
from evalharness.report.oversight.bands import fates
from evalharness.report.oversight.exposure import exposure
from evalharness.report.oversight.leaning import leaning
from evalharness.report.oversight.operating_point import operating_point
from evalharness.report.oversight.queue import queue
from evalharness.report.oversight.raters import raters
from evalharness.report.oversight.sample import drawn_sample
from evalharness.report.oversight.selective import selective
from evalharness.report.oversight.team import team
from evalharness.report.oversight.what_people_do import what_people_do
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Section, Table

_OTHER_FIGURES = {
    "relevant_leads_missed_per_1000": (
        "All leads: relevant, and nobody looks at them on their day. This also asks how many are relevant: its bound is wider."
    ),
    "top_level_missed_per_1000": "All items: of level ‹top›, and graded as ‹low›",
}
"""Figures of daily work that page one does not have."""
_OWN_LEVEL = (
    "For everyone together the best possible classifier knows only what this classifier is given. For a group it is reckoned as if it also "
    "knew who belongs to that group, where that makes a difference to the data. That helps, so the figures of all groups can lie above the "
    "figure of everyone. It is an average over many tests: “above by chance” stands where this one test came out better."
)


def annex(evidence: Evidence, policy: PolicyText, task: TaskWords) -> tuple[Section, ...]:
    """The measured part of the annex, in reading order. What a task has no use for is left out."""
    practice = (_practice(evidence, policy, task),) if evidence.translation else ()
    costly = (costs(evidence, policy, task),) if "expected_cost" in task.metrics else ()
    return (_everyone(evidence, task), *operating_point(evidence, task), *selective(evidence, task),
            *practice, *fates(evidence, task), *queue(evidence, task), *drawn_sample(evidence, task), counts(evidence, task),
            *what_people_do(evidence, policy, task), *team(evidence, task), *raters(evidence, task),
            *leaning(evidence, task), *exposure(evidence, task),
            groups(evidence, task), gaps(evidence, task),
            *gaps_seen(evidence, task), *notions(evidence, task), *explored(evidence, task), *copies(evidence, task), *costly,
            *described(evidence, task),
            *described_scores(evidence, task), _attainable(evidence, task), predictions(evidence, task), *supplier_claims(evidence, task),
            scores(evidence, task))  # fmt: skip


def _everyone(evidence: Evidence, task: TaskWords) -> Section:
    rows = [e for e in evidence.unconditional if not e.group and not e.between and e.metric != "expected_cost"]
    return Section(
        anchor="measures",
        title="All measures, everyone together",
        paragraphs=(
            "Each bound holds on its own with the confidence stated. A measure marked “describes, cannot decide” "
            "has no bound that may decide a requirement.",
        ),
        tables=(_estimate_table("Measures for everyone", rows, task),),
    )


def _estimate_table(caption: str, estimates: Sequence[EstimatePart], task: TaskWords) -> Table:
    return Table(
        caption=caption,
        columns=("Measure", "Name in the policy", "Use", "Found", "At least", "At most", "Counted", "Clusters", "Worth (independent)"),
        rows=tuple(_estimate_cells(e, task) for e in estimates[:ROWS_LISTED]),
        left_out=max(0, len(estimates) - ROWS_LISTED),
        numeric_from=3,
        note=(
            f"“Counted”: of how many the measure speaks. “Worth (independent)”: how many separate {task.many} would tell as much; "
            "fewer, where what is counted hangs together in clusters."
        ),
    )


def _estimate_cells(estimate: EstimatePart, task: TaskWords) -> tuple[str, ...]:
    name, unit = estimate.metric, estimate.unit
    use = "may decide" if _decides(estimate, task) else "describes, cannot decide"
    return (
        words.title(name, task),
        name,
        use,
        words.fine(name, estimate.value, unit=unit) if estimate.value is not None else f"{numbers.ABSENT} {estimate.reason}",
        words.fine(name, estimate.bounds[0], "down", unit=unit),
        words.fine(name, estimate.bounds[1], "up", unit=unit),
        numbers.count(estimate.n),
        numbers.count(estimate.clusters),
        numbers.size(estimate.n_eff),
    )


def _decides(estimate: EstimatePart, task: TaskWords) -> bool:
    base, _ = words.metric_of(estimate.metric)
    return estimate.decides and base in task.metrics and task.metrics[base].decides


def _practice(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Section:
    rows = tuple(
        (
            _practice_name(e.metric, task),
            numbers.percent(e.value) if e.metric.startswith("system_recall") else numbers.plain(e.value),
            numbers.percent(e.bounds[0], "down") if e.metric.startswith("system_recall") else numbers.plain(e.bounds[0], "down"),
            numbers.percent(e.bounds[1], "up") if e.metric.startswith("system_recall") else numbers.plain(e.bounds[1], "up"),
        )
        for e in evidence.translation[:ROWS_LISTED]
    )
    table = Table(
        caption=f"Per 1,000 {task.many} and per week" if task.caught else task.per,
        columns=("Figure", "Found", "At least", "At most"),
        rows=rows,
    )
    return Section(
        anchor="practice", title="In daily work", paragraphs=(practice_intro(evidence, policy, task), task.people), tables=(table,)
    )


def _practice_name(metric: str, task: TaskWords) -> str:
    if metric.startswith("system_recall_if_reviewers_catch_"):
        ten = metric.removeprefix("system_recall_if_reviewers_catch_").replace("_", " ")
        return f"{words.capital(task.denominator_of('recall'))} found by classifier and reviewers together, if reviewers catch {ten}"
    for figure in task.figures:
        for tail, when in (("_per_1000", task.per[:1].lower() + task.per[1:]), ("_per_week", "in a week")):
            if metric == figure.stem + tail:
                return f"{task.named(figure.name)}, {when}"
    return task.named(_OTHER_FIGURES.get(metric, metric.replace("_", " ")))


def _attainable(evidence: Evidence, task: TaskWords) -> Section:
    title, anchor = "How far from the attainable", "attainable"
    rows = evidence.attainable
    if rows is None:
        why = evidence.attainable_reason or "the truth behind the items is not known"
        return Section(anchor=anchor, title=title, paragraphs=(f"This cannot be said: {why}.",))
    best = task.best
    table = Table(
        caption=task.named(best.caption),
        columns=("Group", *map(task.named, best.columns), "Note"),
        rows=tuple(_attainable_cells(r) for r in rows[:ROWS_LISTED]),
        left_out=max(0, len(rows) - ROWS_LISTED),
        note=_OWN_LEVEL if len(rows) > 1 else "",
    )
    return Section(anchor=anchor, title=title, paragraphs=(task.named(best.intro),), tables=(table,))


def _attainable_cells(row: AttainablePart) -> tuple[str, ...]:
    found, best = (row.value, row.best) if row.metric else (row.recall, row.best_recall)
    above = found is not None and best is not None and found > best
    return (
        words.group_words(row.group),
        *(() if row.metric else (numbers.fine(row.false_positive_rate),)),
        numbers.fine(found),
        numbers.expected(best),
        row.reason or ("above by chance" if above else ""),
    )
