"""Page one and the annex on what anybody could reach on these items, in words, where the truth behind them is known."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.reach import reach_of
from evalharness.evidence.schema import FindingPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.numbers import Rounding

_BEST = "the best possible classifier"
Asked = tuple[str, Sequence[FindingPart]]


def best_words(finding: FindingPart, evidence: Evidence, task: TaskWords) -> str:
    """`With as many false alarms, the best possible classifier would find 93.1 %.`; `even` it where that is short of the goal.

    Empty where it is not known, or where it has no bearing on what is asked.
    """
    return _reaches(finding, evidence, task, _BEST if _in_reach(finding, evidence) else f"even {_BEST}")


def beside_the_best(asked: Sequence[Asked], evidence: Evidence, task: TaskWords) -> str:
    """Once for the page: where all is met, how far that is from the best; otherwise for which figures the best is known, if not for all."""
    findings = [f for _, told in asked for f in told]
    known = {f.metric for f in findings if f.metric in task.best.reaches and reach_of(evidence, f) is not None}
    if evidence.verdict.outcome == "met":
        first = next(
            (f for f in findings if f.metric in known and not f.group and f.value is not None and best_words(f, evidence, task)), None
        )
        if first is None:
            return ""
        best, own = best_words(first, evidence, task), words.amount(first.metric, first.value, beside=first.bound)
        above = f", above it {task.best.above}" if beats(first, evidence) and f" {own}" not in best else ""
        return f"{best} This one: {own}{above}."
    if not known or all(f.outcome == "met" or reach_of(evidence, f) is not None for f in findings):
        return ""
    names = (task.title_of(name) for name in task.best.reaches if name in known)
    return f"What {_BEST} would reach is known for: {', '.join(name[:1].lower() + name[1:] for name in names)}."


def beyond_reach(asked: Sequence[Asked], evidence: Evidence, task: TaskWords) -> tuple[str, ...]:
    """A plain sentence where even the best possible classifier would not meet a requirement, and how many there are.

    Where more of one error means less of the other, that is so at the classifier's own balance of both, and the sentence says so. What was
    met all the same, or found to be better than the best is expected to be, is not spoken of; nor is a classifier that answers everything
    alike, whose balance is nobody's choice.
    """
    if any(notice.kind in {"constant_scores", "constant_answers"} for notice in evidence.notices):
        return ()
    beyond = [
        [f for f in findings if f.outcome != "met" and not _in_reach(f, evidence) and not beats(f, evidence)] for _, findings in asked
    ]
    short = [findings for findings in beyond if findings and _reaches(findings[0], evidence, task, "it")]
    if not short:
        return ()
    first, more = short[0][0], len(short) - 1
    whom = ""
    if first.group:
        others = len(short[0]) - 1
        whom = f" for {words.group_words(first.group)}" + (f" and {others} more group{'s' if others > 1 else ''}" if others else "")
    again = f" The same holds for {more} more requirement{'s' if more > 1 else ''}." if more else ""
    demand = words.asks(first, task)
    reach = reach_of(evidence, first)
    even = f"At this classifier's own balance of both errors, even {_BEST}" if reach is not None and reach.at else f"Even {_BEST}"
    return (f"{even} would not meet this{whom}: {demand[:1].lower()}{demand[1:]} {_reaches(first, evidence, task, 'it')}{again}",)


def beats(finding: FindingPart, evidence: Evidence) -> bool:
    """Whether the figure found is better than what the best is expected to reach."""
    reach = reach_of(evidence, finding)
    if reach is None or finding.value is None:
        return False
    return finding.value > reach.best if finding.comparison == "at_least" else finding.value < reach.best


def _in_reach(finding: FindingPart, evidence: Evidence) -> bool:
    reach = reach_of(evidence, finding)
    return reach is None or reach.reached


def _reaches(finding: FindingPart, evidence: Evidence, task: TaskWords, who: str) -> str:
    phrase = task.best.reaches.get(finding.metric)
    reach = reach_of(evidence, finding)
    if phrase is None or reach is None:
        return ""
    rounding: Rounding = "near"
    if not reach.reached:  # what is short of its goal is never rounded up to it
        rounding = "down" if finding.comparison == "at_least" else "up"
    amount = words.amount(finding.metric, reach.best, rounding, beside=finding.bound)
    if reach.reached and not numbers.ALL < reach.best < 1 - numbers.ALL:  # an average over many tests is never quite all or none
        amount = numbers.almost(reach.best)
    return words.capital(task.named(phrase.replace("‹it›", who).replace("{}", amount, 1)))
