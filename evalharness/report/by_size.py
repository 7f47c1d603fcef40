"""What it comes to that bounds allow for large clusters that come out worse than small ones: in a sentence, and in figures."""

from __future__ import annotations

from evalharness.evidence.schema import FindingPart
from evalharness.evidence.second_pair import Pair
from evalharness.report import words
from evalharness.report.by_task import TaskWords

IF_ALIKE = "If large clusters came out like small ones"
"""What the narrower bounds take for granted."""


def hinges(finding: FindingPart, narrower: Pair | None) -> str:
    """`meets` or `misses`: what the narrower bounds do to the goal of a finding that is not demonstrated; mostly empty."""
    if narrower is None or finding.outcome != "not_demonstrated":
        return ""
    more = finding.comparison in ("at_least", "min_ratio")
    low, high = narrower
    towards, opposite = (low, high) if more else (high, low)
    if towards is not None and (towards >= finding.bound if more else towards <= finding.bound):
        return "" if words.clears(finding) else "meets"
    return "misses" if opposite is not None and (opposite < finding.bound if more else opposite > finding.bound) else ""


def why_open(finding: FindingPart, narrower: Pair | None, task: TaskWords) -> str:
    """Why such a finding is not demonstrated, for a reader who has just read its bound; mostly empty."""
    does = hinges(finding, narrower)
    if narrower is None or not does:
        return ""
    least = (does == "meets") == (finding.comparison in ("at_least", "min_ratio"))
    end, goal = _end(finding, narrower, least=least), _end(finding, (finding.bound, finding.bound), least=least)
    would = "it would just miss the goal" if does == "misses" and end == goal else f"it would be {end}, which {does} the goal"
    return f"If {task.large} came out like small ones, {would}. This cannot be taken for granted."


def if_alike(finding: FindingPart, narrower: Pair | None) -> str:
    """`at least 96.1 %, at most 99.7 %`; empty where there is one pair only, and where both read alike."""
    if narrower is None:
        return ""
    told, wider = (
        f"{_end(finding, pair, least=True)}, {_end(finding, pair, least=False)}" for pair in (narrower, (finding.lower, finding.upper))
    )
    return "" if told == wider else told


def _end(finding: FindingPart, pair: Pair, *, least: bool) -> str:
    value = pair[0 if least else 1]
    if value is None:
        return "no lower bound" if least else "no upper bound"
    text = words.amount(finding.metric, value, "down" if least else "up", unit=finding.unit, beside=finding.bound)
    return f"at {'least' if least else 'most'} {text}"
