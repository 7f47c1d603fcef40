"""The annex on kinds of equality that exclude one another, and on the combination of groups that is worst off."""

from __future__ import annotations

from evalharness.catalogue import NOTIONS
from evalharness.evidence import Evidence
from evalharness.evidence.group_context import ConflictPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import listed
from evalharness.report.view import Section, Table

_NOTION_WORDS = {
    "demographic_parity": "the same share of every group selected (demographic parity)",
    "equal_opportunity": "the same share found of what is relevant (equal opportunity)",
    "equalized_odds": "the same share found, and the same share of false alarms (equalized odds)",
    "predictive_parity": "right equally often when it selects (predictive parity)",
}
_THREE = ("demographic_parity", "equal_opportunity", "predictive_parity")


def notions(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """Nothing for a task without these notions, and in evidence from before they were looked at."""
    context = evidence.group_context
    if context is None or not context.conflicts:
        return ()
    shown = [conflict for conflict in context.conflicts if conflict.difference > 0]
    names = listed([_NOTION_WORDS[name] for name in _THREE])
    intro = (
        f"A classifier can treat groups equally in several ways: {names}. Where more is relevant in one group than in another, no "
        "classifier can do all three at once, unless it finds nothing. For what is both relevant and selected is, in each group, the share "
        "selected times how often that is right, and also the share that is relevant times how much of it is found. This is arithmetic; "
        "which of the three matters most is for people to decide."
    )
    verdict = (
        "That is so here: the following groups differ in how much is relevant, beyond chance."
        if shown
        else "It is not shown here that groups differ in how much is relevant, so no such conflict is shown either."
    )
    section = Section(
        anchor="notions",
        title="Kinds of equality that exclude one another",
        paragraphs=(intro, verdict, _chosen(evidence)),
        items=tuple(_conflict(conflict, task) for conflict in shown or context.conflicts),
    )
    return (section,)


def _conflict(conflict: ConflictPart, task: TaskWords) -> str:
    (one, other), (high, low) = conflict.groups, conflict.base_rates
    text = (
        f"By {words.attributes_words(conflict.between)}: of all {task.many}, {numbers.fine(high)} are relevant for "
        f"{words.group_words(one)} and {numbers.fine(low)} for {words.group_words(other)}"
    )
    if conflict.difference <= 0:
        return text + "; this difference is not shown to be more than chance."
    text += f", at least {numbers.points(conflict.difference, 'down')} apart."
    if conflict.recall_ratio is None:
        return text
    return (
        f"{text} To select the same share of both and be right equally often, the classifier would have to find "
        f"{numbers.plain(conflict.recall_ratio)} times as large a part of what is relevant for {words.group_words(other)} as for "
        f"{words.group_words(one)}."
    )


def _chosen(evidence: Evidence) -> str:
    """Which notions the policy chose to judge, by the metrics that it compares between groups."""
    judged: dict[str, list[str]] = {}
    for finding in evidence.findings:
        metric, gap = words.metric_of(finding.metric)
        for name, parts in NOTIONS.items():
            if gap and parts == (metric,):
                between = judged.setdefault(name, [])
                between += [text] if (text := words.attributes_words(finding.between)) not in between else []
    if not judged:
        return "This policy judges none of them: it sets no limit to a gap of these measures between groups."
    told = "; ".join(f"{_NOTION_WORDS[name]}, between the groups of {listed(between)}" for name, between in judged.items())
    rest = [_NOTION_WORDS[name] for name in _THREE if name not in judged]
    return f"This policy judges: {told}." + (f" It does not judge: {listed(rest)}." if rest else "")


def explored(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """Nothing where no combination was found to be worse than everyone else, and in evidence from before it was looked for."""
    context = evidence.group_context
    if context is None or not context.worst:
        return ()
    rows = tuple(
        (
            words.title(cell.metric, task),
            words.group_words(cell.group),
            numbers.fine(cell.value),
            numbers.fine(cell.rest),
            numbers.count(cell.n),
            f"at least {numbers.points(cell.difference, 'down')} worse" if cell.difference > 0 else "not shown to be worse",
            numbers.count(cell.standing_out),
        )
        for cell in context.worst
    )
    table = Table(
        caption="The combination that came out worst",
        columns=("Measure", "Picked for being the worst", "There", "Everyone else", "Counted there", "All looks allowed for",
                 "Combinations shown to be worse"),
        rows=rows,
        numeric_from=2,
        note=(
            "“All looks allowed for”: the bound of the difference to everyone else, as strict as the number of looks asks (Holm). "
            "“Combinations shown to be worse”: how many of all are worse than everyone else by the same rule."
        ),
    )  # fmt: skip
    section = Section(
        anchor="explored",
        title="Explored: which combination of groups is worst off",
        paragraphs=(
            f"Exploring, not judging: {numbers.count(context.looked_at)} combinations of groups and measures were looked at, and the worst "
            "was picked because it is the worst. What is picked so looks worse than it is. Where a combination stands out after all looks "
            "are allowed for, let the next policy ask for it by name, and test it on new data.",
        ),
        tables=(table,),
    )
    return (section,)
