"""The annex: counts, groups, gaps, costs, the attainable, predictions, scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.schema import AttainablePart, BlindPart, EstimatePart
from evalharness.report import numbers, words
from evalharness.report.annex_counts import counts
from evalharness.report.annex_groups import ROWS_LISTED, gaps, groups
from evalharness.report.by_task import TaskWords
from evalharness.report.daily_work import practice_intro
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Section, Table

_SCORE_WORDS = {
    "rows": "Items with a label",
    "scored": "Of these, with a score",
    "minimum": "Lowest score",
    "maximum": "Highest score",
    "constant": "All scores are the same",
    "worse_than_chance": "Worse than chance: irrelevant items tend to score higher",
    "tied_at_threshold": "Items whose score equals the threshold",
    "auc_low": "Area under the ROC curve, at least (describes, cannot decide)",
    "auc_high": "Area under the ROC curve, at most (describes, cannot decide)",
    "reason": "Why a figure is missing",
}
_OTHER_FIGURES = {
    "relevant_leads_missed_per_1000": (
        "All leads: relevant, and nobody looks at them on their day. This also asks how many are relevant: its bound is wider."
    ),
    "top_level_missed_per_1000": "All items: of level ‹top›, and graded as ‹low›",
}
"""Figures of daily work that page one does not have."""


def annex(evidence: Evidence, policy: PolicyText, task: TaskWords) -> tuple[Section, ...]:
    """The measured part of the annex, in reading order. What a task has no use for is left out."""
    practice = (_practice(evidence, policy, task),) if evidence.translation else ()
    costs = (_costs(evidence, policy),) if "expected_cost" in task.metrics else ()
    return (_everyone(evidence, task), *practice, counts(evidence, task), groups(evidence, task), gaps(evidence, task),
            *costs, _attainable(evidence, task), _predictions(evidence, task), _scores(evidence, task))  # fmt: skip


def _everyone(evidence: Evidence, task: TaskWords) -> Section:
    rows = [e for e in evidence.estimates if not e.group and not e.between and e.metric != "expected_cost"]
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
    )


def _estimate_cells(estimate: EstimatePart, task: TaskWords) -> tuple[str, ...]:
    name, unit = estimate.metric, estimate.unit
    use = "may decide" if _decides(estimate, task) else "describes, cannot decide"
    return (
        words.title(name, task),
        name,
        use,
        words.amount(name, estimate.value, unit=unit) if estimate.value is not None else f"{numbers.ABSENT} {estimate.reason}",
        words.amount(name, estimate.lower, "down", unit=unit),
        words.amount(name, estimate.upper, "up", unit=unit),
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
            numbers.percent(e.lower, "down") if e.metric.startswith("system_recall") else numbers.plain(e.lower, "down"),
            numbers.percent(e.upper, "up") if e.metric.startswith("system_recall") else numbers.plain(e.upper, "up"),
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


def _costs(evidence: Evidence, policy: PolicyText) -> Section:
    costs = [e for e in evidence.estimates if e.metric == "expected_cost" and not e.between]
    rows = tuple(_cost_cells(e) for e in costs[:ROWS_LISTED])
    stated = (f"The costs were stated by {policy.costs_stated_by}.",) if policy.costs_stated_by else ()
    exchange = (f"The policy exchanges one unit for another: {policy.exchange}.",) if policy.exchange else ()
    if not rows:
        return Section(anchor="costs", title="Costs", paragraphs=("The policy states no costs.",))
    table = Table(
        caption="Average cost of one item, each unit on its own",
        columns=("Unit", "Group", "Found", "At least", "At most", "Counted"),
        rows=rows,
        left_out=max(0, len(costs) - ROWS_LISTED),
        numeric_from=2,
        folded=len(rows) > 12,
    )
    return Section(
        anchor="costs",
        title="Costs",
        paragraphs=("Units stand side by side; they are never added up.", *stated, *exchange),
        tables=(table,),
    )


def _cost_cells(estimate: EstimatePart) -> tuple[str, ...]:
    return (
        estimate.unit.replace("_", " "),
        words.group_words(estimate.group),
        numbers.plain(estimate.value),
        numbers.plain(estimate.lower, "down"),
        numbers.plain(estimate.upper, "up"),
        numbers.count(estimate.n),
    )


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
    )
    return Section(anchor=anchor, title=title, paragraphs=(task.named(best.intro),), tables=(table,))


def _attainable_cells(row: AttainablePart) -> tuple[str, ...]:
    found, best = (row.value, row.best) if row.metric else (row.recall, row.best_recall)
    above = found is not None and best is not None and found > best
    return (
        words.group_words(row.group),
        *(() if row.metric else (numbers.percent(row.false_positive_rate),)),
        numbers.percent(found),
        numbers.percent(best),
        row.reason or ("above by chance" if above else ""),
    )


def _predictions(evidence: Evidence, task: TaskWords) -> Section:
    told = evidence.predictions
    rows = (
        (f"{words.capital(task.many)} of the split", numbers.count(told.items)),
        (f"{words.capital(task.many)} of the split with a label, which were judged", numbers.count(evidence.benchmark.rows_judged)),
        (f"Answers given: rows of the predictions, or {task.many} scored", numbers.count(told.rows)),
        ("Answers used", numbers.count(told.answered)),
        ("No answer given", numbers.count(told.missing)),
        ("Answered more than once (counts as no answer)", numbers.count(told.duplicate)),
        ("Answer that is no score or label (counts as no answer)", numbers.count(told.invalid)),
        (f"Answers to {task.many} that do not exist (ignored)", numbers.count(told.extra)),
        (f"Answers to {task.many} of other splits (ignored)", numbers.count(told.other_split)),
        *_blind(told.blind),
    )
    return Section(
        anchor="predictions",
        title="Answers that were missing or invalid",
        tables=(Table(caption="What became of the answers", columns=("Answers", "Number"), rows=rows),),
    )


def _blind(told: BlindPart | None) -> Iterator[tuple[str, str]]:
    """What the canaries of a blind export show: labels drawn by lot that only who has seen the labels can know."""
    if told is not None:
        yield (
            "Answers came back through the blind export",
            told.export + (" (for practice: anybody can make its labels)" if told.practice else ""),
        )
        yield "Canaries: made-up labels, in no count", numbers.count(told.canaries)
        yield "Canaries answered", numbers.count(told.answered)
        yield "Canaries answered as their made-up labels say", numbers.count(told.agreeing)
        yield "Chance of so many, for somebody who has not seen the labels", numbers.percent(told.p_value, "up")


def _scores(evidence: Evidence, task: TaskWords) -> Section:
    summary = evidence.score_summary
    if summary is None or evidence.operating_point.rule == "label":
        return Section(anchor="scores", title="Scores", paragraphs=(task.no_scores,))
    table = Table(caption="The scores of the classifier", columns=("Figure", "Value"), rows=tuple(_score_rows(summary)))
    return Section(anchor="scores", title="Scores", tables=(table,))


def _score_rows(summary: dict[str, bool | int | float | str | None]) -> Iterator[tuple[str, str]]:
    ordered = [name for name in _SCORE_WORDS if name in summary] + [name for name in summary if name not in _SCORE_WORDS]
    for name in ordered:
        value = summary[name]
        if value != "":
            yield _SCORE_WORDS.get(name, name.replace("_", " ")), _score_text(value)


def _score_text(value: bool | int | float | str | None) -> str:
    if value is None:
        return numbers.ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return numbers.count(value)
    return value if isinstance(value, str) else f"{value:.10g}"
