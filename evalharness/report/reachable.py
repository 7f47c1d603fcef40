"""Page one and the annex on what anybody could reach on these items, in words, where the truth behind them is known."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.reach import reach_of
from evalharness.evidence.schema import FindingPart
from evalharness.report import words
from evalharness.report.by_task import TaskWords
from evalharness.report.numbers import Rounding

_BEST = "the best possible classifier"
Asked = tuple[str, Sequence[FindingPart]]


def best_words(finding: FindingPart, evidence: Evidence, task: TaskWords) -> str:
    """`With as many false alarms, the best possible classifier would find 93.1 %.`; `even` it where that is short of the goal.

    Empty where it is not known, or where it has no bearing on what is asked.
    """
    return _reaches(finding, evidence, task, _BEST if _in_reach(finding, evidence) else f"even {_BEST}")


def beyond_reach(asked: Sequence[Asked], evidence: Evidence, task: TaskWords) -> tuple[str, ...]:
    """A plain sentence where even the best possible classifier would not meet a requirement, and how many there are.

    What was met all the same, by luck, is not spoken of.
    """
    beyond = [[f for f in findings if f.outcome != "met" and not _in_reach(f, evidence)] for _, findings in asked]
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
    return (f"Even {_BEST} would not meet this{whom}: {demand[:1].lower()}{demand[1:]} {_reaches(first, evidence, task, 'it')}{again}",)


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
    return words.capital(task.named(phrase.replace("‹it›", who).replace("{}", amount, 1)))
