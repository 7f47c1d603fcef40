"""The annex beside the gaps between groups: what could be seen at all, and distances to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.group_context import GapContextPart, GroupContextPart
from evalharness.evidence.schema import FindingPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.view import Section, Table

_ROWS = 200
_LEAST_TOLD = 0.0001
NEVER = "no gap"
"""Where groups are so small that no gap could be seen."""
_COULD_SEE = (
    "“Equal groups would show”: the gap to be expected by chance alone, if every group had the same rate. “Seen from”: the smallest gap "
    "that a test of this size would announce 8 times in 10, between the two groups that tell most, and between the two that tell least. "
    "“Smallest p”: the least p-value that any outcome of groups of this size could give, all pairs allowed for; above the doubt that the "
    "policy allows, nothing could ever be announced."
)
_TO_EVERYONE = (
    "Each group is held against everyone together, as fairlearn does with method=“to_overall”. Everyone contains the group: the bounds "
    "come from the group and everyone else, and hold for groups that make up as large a part of everyone as here. They describe; "
    "requirements about gaps are judged between groups."
)


def context_of(evidence: Evidence, finding: FindingPart) -> GapContextPart | None:
    """What stands beside the gap of a finding; None where it was not measured."""
    if evidence.group_context is None or not finding.between:
        return None
    metric, _ = words.metric_of(finding.metric)
    exempt = {tuple(sorted(cell.group.items())) for cell in evidence.not_judged if cell.requirement == finding.requirement}
    for gap in evidence.group_context.gaps:
        if gap.metric == metric and set(gap.between) == set(finding.between) and _keys(gap) == exempt:
            return gap
    return None


def could_see(gap: GapContextPart | None) -> Iterator[tuple[str, str]]:
    """What the sizes of the groups allow, as facts beside a finding."""
    if gap is None or gap.least_p is None:
        return
    if gap.noise_floor is not None:
        yield "By chance alone", f"equal groups of these sizes would show a gap of about {numbers.points(gap.noise_floor)}"
    yield "What could be seen", _seen(gap)
    yield "Smallest p possible", f"{_p(gap.least_p)}, for any outcome of groups of these sizes, all pairs allowed for"


def gaps_seen(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """Nothing in evidence from before it was measured, or without groups."""
    told = [] if evidence.group_context is None else _told(evidence.group_context, evidence, task)
    if not told:
        return ()
    return (
        Section(
            anchor="gaps-seen",
            title="How small a gap could be seen",
            paragraphs=(_sentence(_first(told, evidence), evidence, task),),
            tables=(_seen_table(told, evidence, task), _everyone_table(told, task)),
        ),
    )


def _told(context: GroupContextPart, evidence: Evidence, task: TaskWords) -> list[GapContextPart]:
    """Of every attribute the measures of the groups' tables and those that the policy judges; of intersections the latter."""
    judged = {(words.metric_of(f.metric)[0], frozenset(f.between)) for f in evidence.findings if f.between}
    asked = {f.metric for f in evidence.findings if f.group}
    return [
        gap
        for gap in context.gaps
        if gap.least_p is not None
        and (
            (gap.metric, frozenset(gap.between)) in judged
            or gap.metric in asked
            or (len(gap.between) == 1 and gap.metric in task.group_metrics)
        )
    ]


def _first(told: Sequence[GapContextPart], evidence: Evidence) -> GapContextPart:
    """The gap to speak of: the first that the policy judges, else the first of all."""
    for finding in evidence.findings:
        gap = context_of(evidence, finding)
        if gap is not None and gap in told:
            return gap
    return told[0]


def _sentence(gap: GapContextPart, evidence: Evidence, task: TaskWords) -> str:
    found = _value(gap, evidence)
    shown = "" if found is None else f" Found here: {numbers.points(found)}."
    chance = (
        "nothing varied, so what equal groups would show by chance is not known"
        if gap.noise_floor is None
        else f"equal groups would show {numbers.points(gap.noise_floor)} by chance"
    )
    between = words.attributes_words(gap.between)
    return f"For example {words.share(gap.metric, task)}, between the groups of {between}: {chance}; {_seen(gap)}.{shown}"


def _seen(gap: GapContextPart) -> str:
    if gap.detectable is None:
        return "with so few in the groups no gap at all could be relied upon to be seen"
    text = f"a gap below {numbers.points(gap.detectable, 'up')} can easily be missed"
    if gap.detectable_smallest is None:
        return text + ", and between the smallest groups any gap at all"
    if gap.detectable_smallest > gap.detectable:
        return text + f", between the smallest groups one below {numbers.points(gap.detectable_smallest, 'up')}"
    return text


def _value(gap: GapContextPart, evidence: Evidence) -> float | None:
    name, left_out = gap.metric + "_difference", _keys(gap)
    for e in evidence.estimates:
        if e.metric == name and set(e.between) == set(gap.between) and {tuple(sorted(g.items())) for g in e.excluded} == left_out:
            return e.value
    return None


def _seen_table(told: Sequence[GapContextPart], evidence: Evidence, task: TaskWords) -> Table:
    return Table(
        caption="What chance alone would show, and what could be seen, in percentage points",
        columns=("Measure", "Between the groups of", "Gap found", "Equal groups would show", "Seen from", "Seen from, smallest groups",
                 "Smallest p"),
        rows=tuple(
            (
                *_names(gap, task),
                _points(_value(gap, evidence)),
                _points(gap.noise_floor),
                _points(gap.detectable, "up") if gap.detectable is not None else NEVER,
                _points(gap.detectable_smallest, "up") if gap.detectable_smallest is not None else NEVER,
                numbers.ABSENT if gap.least_p is None else _p(gap.least_p),
            )
            for gap in told[:_ROWS]
        ),
        left_out=max(0, len(told) - _ROWS),
        numeric_from=2,
        folded=len(told) > 12,
        note=_COULD_SEE,
    )  # fmt: skip


def _everyone_table(told: Sequence[GapContextPart], task: TaskWords) -> Table:
    return Table(
        caption="How far a group is from everyone together: the difference in percentage points, and the ratio",
        columns=("Measure", "Groups of", "Farthest from everyone", "Difference", "At least", "At most", "Ratio", "At least", "At most"),
        rows=tuple(
            (
                *_names(gap, task),
                numbers.ABSENT if gap.farthest is None else words.group_words(gap.farthest),
                *_bounded(gap.difference_to_overall, _points),
                *_bounded(gap.ratio_to_overall, numbers.plain),
            )
            for gap in told[:_ROWS]
        ),
        left_out=max(0, len(told) - _ROWS),
        numeric_from=3,
        folded=True,
        note=_TO_EVERYONE,
    )


def _names(gap: GapContextPart, task: TaskWords) -> tuple[str, str]:
    left_out = f" (left out by the policy: {'; '.join(words.group_words(g) for g in gap.excluded)})" if gap.excluded else ""
    return words.title(gap.metric, task), words.attributes_words(gap.between) + left_out


def _bounded(
    bounded: tuple[float | None, float | None, float | None], shown: Callable[[float | None, numbers.Rounding], str]
) -> tuple[str, str, str]:
    value, low, high = bounded
    return shown(value, "near"), shown(low, "down"), shown(high, "up")


def _points(value: float | None, rounding: numbers.Rounding = "near") -> str:
    """Percentage points, where the caption says so."""
    return numbers.points(value, rounding).removesuffix(numbers.SPACE + "percentage points")


def _keys(gap: GapContextPart) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted(group.items())) for group in gap.excluded}


def _p(value: float) -> str:
    return f"below{numbers.SPACE}{_LEAST_TOLD}" if value < _LEAST_TOLD else numbers.plain(value, "up")
