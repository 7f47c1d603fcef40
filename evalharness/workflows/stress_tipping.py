"""Where requirements tip: one dial is turned at a time; where one stops being met the interval is halved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from evalharness.benchmarks.stressing import size_within
from evalharness.records import Outcome
from evalharness.records.stress import StressDial, StressRun, Tip, Tipping

STEPS = 4
"""Sizes tried first on each side of the recipe's own size, evenly up to the end of the range."""
HALVINGS = 3
"""Times that the interval in which a requirement stops being met is halved: it is then 1/32 of the way to the end."""
MOST_MORE = 8
"""Runs beyond the first ones on each side: requirements that tip at different sizes share them."""
METHOD = (
    "One dial is turned at a time, all others and the random draws as at the recipe's own setting. Each way to the end of the range "
    f"{STEPS} sizes are tried, evenly spaced; between the last at which a requirement is met and the first at which it is not, the "
    f"interval is halved up to {HALVINGS} times, with at most {MOST_MORE} more runs each way. What is told is that interval. Items of "
    "another seed would move it a little. A requirement that fails and is met again further on tips at the first failure."
)
Turn = Callable[[str, float], StressRun]
"""The run with one dial at a size."""


def turn_dial(dial: StressDial, own: StressRun, turn: Turn) -> list[StressRun]:
    """Every run along one dial, by size, without the recipe's own. A dial whose ends change nothing that is counted is tried there only."""
    found: dict[float, StressRun] = {}
    ends = [end for end in dict.fromkeys((dial.low, dial.high)) if end != dial.own]
    for end in ends:
        found[end] = turn(dial.name, end)
    for end in ends:
        if found[end].counts != own.counts:
            _one_way(dial, end, own, turn, found)
    return [found[size] for size in sorted(found)]


def _one_way(dial: StressDial, end: float, own: StressRun, turn: Turn, found: dict[float, StressRun]) -> None:
    start = min(max(dial.own, dial.low), dial.high)
    for step in range(1, STEPS):
        _try(dial, start + (end - start) * step / STEPS, turn, found)
    budget, least = MOST_MORE, abs(end - start) / STEPS / 2**HALVINGS
    while budget:
        brackets = {
            (tip.last_met, tip.first_not)
            for finding in own.findings
            for tip in tips(dial, finding.requirement, own, found.values())
            if tip.rising == (end > dial.own) and abs(tip.first_not - tip.last_met) > least * 1.001
        }
        middle = next((m for a, b in sorted(brackets, key=lambda b: (-abs(b[0] - b[1]), b)) if (m := (a + b) / 2) not in found), None)
        if middle is None or not _try(dial, middle, turn, found):
            return
        budget -= 1


def _try(dial: StressDial, size: float, turn: Turn, found: dict[float, StressRun]) -> bool:
    """Whether it is a size within the range that had not been tried."""
    if not dial.low <= size <= dial.high or dial.low == dial.high:
        return False
    rounded = size_within(dial, (size - dial.low) / (dial.high - dial.low))
    if rounded in found or rounded == dial.own:
        return False
    found[rounded] = turn(dial.name, rounded)
    return True


def tips(dial: StressDial, requirement: str, own: StressRun, along: Iterable[StressRun]) -> tuple[Tip, ...]:
    """Where it stops being met, falling and rising; nothing where it is not met at the recipe's own setting."""
    if own.finding(requirement).outcome is not Outcome.MET:
        return ()
    outcomes = {run.setting.size(dial.name): run.finding(requirement).outcome for run in along}
    found = []
    for rising in (False, True):
        last = dial.own
        for size in sorted((s for s in outcomes if (s > dial.own) == rising and s != dial.own), reverse=not rising):
            if outcomes[size] is not Outcome.MET:
                found.append(Tip(rising=rising, last_met=last, first_not=size, outcome=outcomes[size]))
                break
            last = size
    return tuple(found)


def tipping(dials: Sequence[StressDial], own: StressRun, along: dict[str, list[StressRun]]) -> tuple[Tipping, ...]:
    """For each requirement and each dial that was turned."""
    return tuple(
        _tipping(dial, finding.requirement, own, along[dial.name]) for finding in own.findings for dial in dials if dial.name in along
    )


def is_inert(own: StressRun, along: Iterable[StressRun]) -> bool:
    """Whether turning the dial changed nothing that is counted."""
    return all(run.counts == own.counts for run in along)


def _tipping(dial: StressDial, requirement: str, own: StressRun, along: list[StressRun]) -> Tipping:
    found = tips(dial, requirement, own, along)
    reason = ""
    if not found:
        if is_inert(own, along):
            reason = "the dial changes nothing that is counted here"
        elif own.finding(requirement).outcome is not Outcome.MET:
            reason = "it is not met at the recipe's own setting, so there is nothing to tip"
        else:
            reason = "no tipping point in the range: it is met at every size tried"
    return Tipping(requirement=requirement, dial=dial.name, tips=found, reason=reason)
