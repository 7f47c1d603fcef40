"""The annex on kinds of equality that exclude one another, and on the combination of groups that is worst off."""

from __future__ import annotations

from evalharness.catalogue import NOTIONS
from evalharness.evidence import Evidence
from evalharness.evidence.group_context import ConflictPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import listed
from evalharness.report.view import Section, Table

_NAMES = {
    "demographic_parity": "demographic parity",
    "equal_opportunity": "equal opportunity",
    "equalized_odds": "equalized odds",
    "predictive_parity": "predictive parity",
}
_THREE = ("demographic_parity", "equal_opportunity", "predictive_parity")


def notions(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """Nothing for a task without these notions, and in evidence from before they were looked at."""
    context = evidence.group_context
    if context is None or not context.conflicts:
        return ()
    shown = [conflict for conflict in context.conflicts if conflict.difference > 0]
    relevant = task.denominator_of("recall")
    intro = (
        f"A classifier can treat groups equally in several ways: {listed([_notion(name, task) for name in _THREE])}. Where {relevant} are "
        "more frequent in one group than in another, no classifier can do all three at once, unless it finds nothing: the share that is "
        f"found, times how frequent {relevant} are, is always the share selected times how often that is right. This is arithmetic; which "
        "of the three matters most is for people to decide."
    )
    verdict = (
        f"That is so here: in the following groups {relevant} are not equally frequent, beyond chance."
        if shown
        else f"It is not shown here that {relevant} are more frequent in one group than in another, so no such conflict is shown either."
    )
    section = Section(
        anchor="notions",
        title="Kinds of equality that exclude one another",
        paragraphs=(intro, verdict, _chosen(evidence, task)),
        items=tuple(_conflict(conflict, task) for conflict in shown or context.conflicts),
    )
    return (section,)


def _notion(name: str, task: TaskWords) -> str:
    """`the same share of relevant items that are found (equal opportunity)`."""
    shares = [words.share(metric, task).removeprefix("the ") for metric in NOTIONS[name]]
    return f"the same {' and the same '.join(shares)} ({_NAMES[name]})"


def _conflict(conflict: ConflictPart, task: TaskWords) -> str:
    (one, other), (high, low) = (words.group_words(group) for group in conflict.groups), conflict.base_rates
    relevant = task.denominator_of("recall")
    text = (
        f"By {words.attributes_words(conflict.between)}: of all {task.many} of {one}, {numbers.fine(high)} are {relevant}; "
        f"of {other}, {numbers.fine(low)}"
    )
    if conflict.difference <= 0:
        return text + ". This difference is not shown to be more than chance."
    text += f". They are at least {numbers.points(conflict.difference, 'down')} apart."
    if conflict.recall_ratio is None:
        return text
    return (
        f"{text} To be equal in selecting and in being right, the classifier would have to find {numbers.plain(conflict.recall_ratio)} "
        f"times as large a part of the {relevant} of {other} as of those of {one}."
    )


def _chosen(evidence: Evidence, task: TaskWords) -> str:
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
    told = "; ".join(f"{_notion(name, task)}, between the groups of {listed(between)}" for name, between in judged.items())
    rest = [_notion(name, task) for name in _THREE if name not in judged]
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
