"""Short sentences on a finding, for a reader who has just read what is asked."""

from __future__ import annotations

from evalharness.evidence.schema import FindingPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords

CHANCE = "could be chance because many things were checked"
_EQUAL = 1e-9
"""A share further from its counts than this is of a weighted sample."""


def misses(finding: FindingPart) -> str:
    """`above the limit`, or `short of the goal`: what a figure on the wrong side is."""
    return "above the limit" if finding.comparison in ("at_most", "max_difference", "equals", "margin") else "short of the goal"


def unlike(failed: int, alone: int) -> str:
    """How sure it is of those that are not met; empty where all of them stand after correction for the number of checks."""
    if not alone:
        return ""
    return f": {failed} beyond doubt, {alone} that {CHANCE}" if failed else f", which {CHANCE}"


def more_data(finding: FindingPart, task: TaskWords) -> str:
    """Why a finding is not demonstrated, and what would settle it; empty for the other outcomes."""
    if finding.outcome != "not_demonstrated":
        return ""
    if words.clears(finding):  # the bound reaches the goal and something else stands in the way
        return words.sentence(finding.reason)
    what = words.denominator(finding, task) + (
        " of this group" if finding.group else " of all compared groups together" if finding.between else ""
    )
    parts = []
    if not finding.attainable and not flawless(finding):
        parts.append(f"Even without a single error, {numbers.count(finding.n)} {words.denominator(finding, task)} could not show it.")
    if finding.needed is not None and flawless(finding):
        parts.append(f"At the very least {numbers.about(finding.needed)} {what} are needed; far more if there is a single error.")
    elif finding.needed is not None:
        parts.append(
            f"A new test on {numbers.about(finding.needed)} {what} would most likely show it (8 such tests in 10), "
            "if what was found here is right."
        )
    elif words.on_wrong_side(finding):
        parts.append(f"The figure found is itself {misses(finding)}, so more data of this kind would not be likely to show it.")
    return " ".join(parts)


def flawless(finding: FindingPart) -> bool:
    """Whether the share found is as good as a share can be."""
    best = 1.0 if finding.comparison == "at_least" else 0.0
    return finding.comparison in ("at_least", "at_most") and words.is_share(finding.metric) and finding.value == best


def brief(finding: FindingPart, task: TaskWords, part: int | None = None) -> str:
    """What the data show, short, for a reader who has just read what is asked. `part`: how many of `n`, where that is known.

    It may begin with a small letter.
    """
    _, bound = words.deciding(finding)
    if finding.outcome == "not_evaluable" or bound is None or finding.comparison == "equals":
        return words.found(finding, task)
    told = _told(finding, task, part)
    if finding.outcome == "not_demonstrated" and flawless(finding) and not words.clears(finding):
        return f"{told}, but {numbers.count(finding.n)} are too few."
    return (f"{told}; " if told else "") + _sure_of(finding, after=bool(told))


def measured(finding: FindingPart) -> str:
    """`Found: 97.2 %, at least 96.8 %.`: the figure and its bound, for what is met beside what is not."""
    if finding.value is None:
        return ""
    whom = f" for {words.group_words(finding.group)}, nearest to the limit" if finding.group else ""
    value = words.amount(finding.metric, finding.value, unit=finding.unit, beside=finding.bound)
    if finding.comparison == "equals":
        return f"Found: {value}, counted completely."
    return f"Found: {value}{whom}; {words.sure(finding.level)}: {words.bound_words(finding)}."


def _told(finding: FindingPart, task: TaskWords, part: int | None) -> str:
    base, _ = words.metric_of(finding.metric)
    what = words.denominator(finding, task)
    group = words.group_words(finding.group) if finding.group else ""
    was = task.named(task.phrases[base].was) if base in task.phrases else ""
    if was and base in task.or_no_answer:
        was += " or got no answer"
    if part is not None and was and finding.value is not None and finding.n:
        share_found = words.amount(finding.metric, finding.value, beside=finding.bound)
        whom = f" of {group}" if group else ""
        if flawless(finding):
            return f"{'all' if part else 'none of the'} {numbers.count(finding.n)} {what}{whom} {was}"
        weighed = "" if abs(finding.value - part / finding.n) < _EQUAL else ", each counted by its chance of being drawn"
        return f"of {numbers.count(finding.n)} {what}{whom}, {numbers.count(part)} {was} ({share_found}{weighed})"
    if finding.value is None:
        return ""
    between = ""
    if finding.pair is not None:
        between = f", between {words.group_words(finding.pair[0])} and {words.group_words(finding.pair[1])}"
    elif group:
        between = f" for {group}"
    value = words.amount(finding.metric, finding.value, unit=finding.unit, beside=finding.bound)
    if finding.condition.startswith("at prevalence"):
        return f"{value}{between}, weighed anew for that share"
    return f"found: {value}{between}"


def _sure_of(finding: FindingPart, *, after: bool) -> str:
    rounding, bound = words.deciding(finding)
    text = words.amount(finding.metric, bound, rounding, unit=finding.unit, beside=finding.bound)
    head = "we are" if after else "We are"
    if finding.outcome == "not_met" and not finding.between and finding.comparison == "at_least":
        return f"{head} {words.sure(finding.level)} that it is no better than {text}."
    only = " only" if finding.outcome == "not_demonstrated" and not words.clears(finding) else ""
    return f"{head} {words.sure(finding.level)}{only} that it is {'at least' if rounding == 'down' else 'at most'} {text}."
