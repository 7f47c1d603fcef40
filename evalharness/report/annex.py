"""The annex: counts, groups, gaps, costs, the attainable, predictions, scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.catalogue import METRICS
from evalharness.evidence import Evidence
from evalharness.evidence.schema import AttainablePart, ConfusionPart, EstimatePart
from evalharness.report import numbers, words
from evalharness.report.annex_groups import ROWS_LISTED, gaps, groups
from evalharness.report.daily_work import FIGURES, practice_intro
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


def annex(evidence: Evidence, policy: PolicyText) -> tuple[Section, ...]:
    """The measured part of the annex, in reading order."""
    return (_everyone(evidence), _practice(evidence, policy), _confusion(evidence), groups(evidence), gaps(evidence),
            _costs(evidence, policy), _attainable(evidence), _predictions(evidence), _scores(evidence))  # fmt: skip


def _everyone(evidence: Evidence) -> Section:
    rows = [e for e in evidence.estimates if not e.group and not e.between and e.metric != "expected_cost"]
    return Section(
        anchor="measures",
        title="All measures, everyone together",
        paragraphs=(
            "Each bound holds on its own with the confidence stated. A measure marked “describes, cannot decide” "
            "has no bound that may decide a requirement.",
        ),
        tables=(_estimate_table("Measures for everyone", rows),),
    )


def _estimate_table(caption: str, estimates: Sequence[EstimatePart]) -> Table:
    return Table(
        caption=caption,
        columns=("Measure", "Name in the policy", "Use", "Found", "At least", "At most", "Counted", "Clusters", "Worth (independent)"),
        rows=tuple(_estimate_cells(e) for e in estimates[:ROWS_LISTED]),
        left_out=max(0, len(estimates) - ROWS_LISTED),
        numeric_from=3,
    )


def _estimate_cells(estimate: EstimatePart) -> tuple[str, ...]:
    name, unit = estimate.metric, estimate.unit
    use = "may decide" if _decides(estimate) else "describes, cannot decide"
    return (
        words.title(name),
        name,
        use,
        words.amount(name, estimate.value, unit=unit) if estimate.value is not None else f"{numbers.ABSENT} {estimate.reason}",
        words.amount(name, estimate.lower, "down", unit=unit),
        words.amount(name, estimate.upper, "up", unit=unit),
        numbers.count(estimate.n),
        numbers.count(estimate.clusters),
        numbers.size(estimate.n_eff),
    )


def _decides(estimate: EstimatePart) -> bool:
    base, _ = words.metric_of(estimate.metric)
    return estimate.decides and base in METRICS and METRICS[base].decides


def _practice(evidence: Evidence, policy: PolicyText) -> Section:
    rows = tuple(
        (
            _practice_name(e.metric),
            numbers.percent(e.value) if e.metric.startswith("system_recall") else numbers.plain(e.value),
            numbers.percent(e.lower, "down") if e.metric.startswith("system_recall") else numbers.plain(e.lower, "down"),
            numbers.percent(e.upper, "up") if e.metric.startswith("system_recall") else numbers.plain(e.upper, "up"),
        )
        for e in evidence.translation[:ROWS_LISTED]
    )
    table = Table(caption="Per 1,000 items and per week", columns=("Figure", "Found", "At least", "At most"), rows=rows)
    return Section(
        anchor="practice", title="In daily work", paragraphs=(practice_intro(evidence, policy), words.PEOPLE_WARNING), tables=(table,)
    )


def _practice_name(metric: str) -> str:
    if metric.startswith("system_recall_if_reviewers_catch_"):
        ten = metric.removeprefix("system_recall_if_reviewers_catch_").replace("_", " ")
        return f"Relevant items found by classifier and reviewers together, if reviewers catch {ten}"
    for stem, name, _ in FIGURES:
        for tail, when in (("_per_1000", "in 1,000 items of any kind"), ("_per_week", "in a week")):
            if metric == stem + tail:
                return f"{name}, {when}"
    return metric.replace("_", " ")


def _confusion(evidence: Evidence) -> Section:
    rows = evidence.tallies.confusion
    everyone = [r for r in rows if not r.group]
    groups = [r for r in rows if r.group]
    return Section(
        anchor="counts",
        title="Counts",
        paragraphs=(
            "An item without an answer counts against the classifier: a relevant one as missed, an irrelevant one as a false alarm.",
        ),
        tables=(*(_two_by_three(r) for r in everyone), _count_table(groups)) if groups else tuple(_two_by_three(r) for r in everyone),
    )


def _two_by_three(row: ConfusionPart) -> Table:
    return Table(
        caption="Everyone: what the items are, and what became of them",
        columns=("The item is", "Flagged", "Set aside", "No answer"),
        rows=(
            ("relevant", numbers.count(row.tp), numbers.count(row.fn), numbers.count(row.no_answer_positive)),
            ("irrelevant", numbers.count(row.fp), numbers.count(row.tn), numbers.count(row.no_answer_negative)),
        ),
    )


def _count_table(rows: Sequence[ConfusionPart]) -> Table:
    return Table(
        caption="Counts by group",
        columns=(
            "Group",
            "Relevant, flagged",
            "Irrelevant, flagged",
            "Relevant, set aside",
            "Irrelevant, set aside",
            "Relevant, no answer",
            "Irrelevant, no answer",
        ),
        rows=tuple((words.group_words(r.group), *(numbers.count(c) for c in r.counts)) for r in rows[:ROWS_LISTED]),
        left_out=max(0, len(rows) - ROWS_LISTED),
        folded=True,
    )


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


def _attainable(evidence: Evidence) -> Section:
    title, anchor = "How far from the attainable", "attainable"
    rows = evidence.attainable
    if rows is None:
        why = evidence.attainable_reason or "the truth behind the items is not known"
        return Section(anchor=anchor, title=title, paragraphs=(f"This cannot be said: {why}.",))
    table = Table(
        caption="What the best possible classifier would find with as many false alarms",
        columns=("Group", "Irrelevant items wrongly flagged", "Relevant items found", "Best to be expected", "Note"),
        rows=tuple(_attainable_cells(r) for r in rows[:ROWS_LISTED]),
        left_out=max(0, len(rows) - ROWS_LISTED),
    )
    return Section(
        anchor=anchor,
        title=title,
        paragraphs=(
            "The items are made, so it is known how likely each is to be relevant. The best possible classifier with the same inputs "
            "would find this share on average over many such tests. In one test a classifier can be above it by luck.",
        ),
        tables=(table,),
    )


def _attainable_cells(row: AttainablePart) -> tuple[str, ...]:
    above = row.recall is not None and row.best_recall is not None and row.recall > row.best_recall
    return (
        words.group_words(row.group),
        numbers.percent(row.false_positive_rate),
        numbers.percent(row.recall),
        numbers.percent(row.best_recall),
        row.reason or ("above by chance" if above else ""),
    )


def _predictions(evidence: Evidence) -> Section:
    told = evidence.predictions
    rows = (
        ("Items of the split", numbers.count(told.items)),
        ("Items of the split with a label, which were judged", numbers.count(evidence.benchmark.rows_judged)),
        ("Answers given: rows of the predictions, or items scored", numbers.count(told.rows)),
        ("Answers used", numbers.count(told.answered)),
        ("No answer given", numbers.count(told.missing)),
        ("Answered more than once (counts as no answer)", numbers.count(told.duplicate)),
        ("Answer that is no score or label (counts as no answer)", numbers.count(told.invalid)),
        ("Answers to items that do not exist (ignored)", numbers.count(told.extra)),
        ("Answers to items of other splits (ignored)", numbers.count(told.other_split)),
    )
    return Section(
        anchor="predictions",
        title="Answers that were missing or invalid",
        tables=(Table(caption="What became of the answers", columns=("Answers", "Number"), rows=rows),),
    )


def _scores(evidence: Evidence) -> Section:
    summary = evidence.score_summary
    if summary is None or evidence.operating_point.rule == "label":
        return Section(anchor="scores", title="Scores", paragraphs=("The classifier answers yes or no and gives no scores.",))
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
