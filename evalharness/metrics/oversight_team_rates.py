"""How often readers call an item relevant: from share rows of a review log, and where there is none, as the policy declares it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from evalharness.metrics.oversight_team_kinds import Kinds
from evalharness.metrics.share_limits import limits_of_row
from evalharness.records import OVERALL, Group
from evalharness.records.oversight_team import NO_DROP, Range, Readers, Shown, Team
from evalharness.records.share import RESTS_ON, ShareRow
from evalharness.stats.team import Pair
from evalharness.tally import ConfusionTally

ACCURACY = RESTS_ON[0]
UNKNOWN: Pair = (0.0, 1.0)
KEPT, FOUND, CONFIRMED, RAISED = "kept", "found", "confirmed", "raised"
ROWS: dict[str, tuple[str, bool]] = {
    KEPT: ("dismissal_rate", True),
    FOUND: ("blind_reader_recall", False),
    CONFIRMED: ("commission_rate", False),
    RAISED: ("blind_reader_specificity", True),
}
"""By rate: the share row that measures it, and whether it counts the contrary."""
_SHOWN: dict[str, Shown] = {KEPT: "selected", FOUND: "blind", CONFIRMED: "selected", RAISED: "blind"}
_RELEVANT = (KEPT, FOUND)
_MAJORITY = 1.5
"""Two of three are wrong at most 3/2 times as often as one is, however their errors hang together (Markov: of three errors, two)."""


@lru_cache(maxsize=4096)
def row_limits(row: ShareRow, alpha: float) -> tuple[float, Pair, Pair]:
    """`limits_of_row`; nothing is known of a row of nobody."""
    return limits_of_row(row, alpha) if row.total else (0.0, UNKNOWN, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often readers call items of one kind relevant."""

    row: ShareRow | None = None
    """What was counted; None: nobody did."""
    contrary: bool = False
    """Whether the row counts how often they do not."""
    declared: Range | None = None
    """Where nobody counted: what the policy says; None: nothing."""
    drop: Range = NO_DROP
    elsewhere: bool = False
    """Whether the row is about everybody and stands for a group."""
    readers: int = 1
    third: bool = False
    joint: ShareRow | None = None
    """How often two readers both miss, where that was measured and two read everything."""
    relevant: bool = True

    @property
    def measured(self) -> bool:
        """Whether limits of a count are used."""
        return self.row is not None or self.joint is not None

    @property
    def known(self) -> bool:
        """Whether anybody says anything."""
        return self.value is not None

    @property
    def value(self) -> float | None:
        """As counted of one reader, or the middle of what is declared, less the middle of the drop."""
        if self.joint is not None and self.joint.total:
            return 1 - self.joint.part / self.joint.total
        if self.row is not None:
            share = self.row.part / self.row.total if self.row.total else None
            share = None if share is None else 1 - share if self.contrary else share
        else:
            share = None if self.declared is None else self.declared.middle
        return None if share is None else min(max(share - self.drop.middle, 0.0), 1.0)

    def limits(self, alpha: float) -> tuple[Pair, Pair]:
        """By Kish's number, and the widest by size; of a declared rate its ends, twice."""
        if self.joint is not None:
            _, plain, wide = row_limits(self.joint, alpha)
            return (1 - plain[1], 1 - plain[0]), (1 - wide[1], 1 - wide[0])
        if self.row is not None:
            _, plain, wide = row_limits(self.row, alpha)
            pairs = [(1 - high, 1 - low) if self.contrary else (low, high) for low, high in (plain, wide)]
        else:
            one = UNKNOWN if self.declared is None else (self.declared.low, self.declared.high)
            pairs = [one, one]
        first, second = (self._of_all_readers((max(low - self.drop.high, 0.0), max(high - self.drop.low, 0.0))) for low, high in pairs)
        return first, second

    def _of_all_readers(self, one: Pair) -> Pair:
        """Second readers get no credit; where two of three decide they can do harm."""
        low, high = one
        if self.readers < 2:
            return one
        if self.relevant:
            return (max(1 - _MAJORITY * (1 - low), 0.0) if self.third else low), 1.0
        return (0.0 if self.third else low), min((_MAJORITY if self.third else 2.0) * high, 1.0)

    @property
    def rests_on(self) -> Iterator[str]:
        """What nobody has measured."""
        rows = [row for row in (self.row, self.joint) if row is not None]
        for row in rows:
            yield from row.rests_on
        if not rows or self.elsewhere or self.drop != NO_DROP:
            yield ACCURACY


def rates_of(tally: ConfusionTally, team: Team | None, kinds: Kinds, group: Group) -> dict[str, Rate]:
    """By name, for the items of a group."""
    rates = {name: _rate(tally, team, group, name) for name in ROWS}
    return _in_bands(rates, kinds, row_named(tally, "joint_miss", OVERALL), group)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """As `rests_on` has them."""
    found = set(names)
    return tuple(name for name in RESTS_ON if name in found)


def anything_known(tally: ConfusionTally, team: Team | None) -> bool:
    """Whether a log or the policy says anything of the readers."""
    names = {row for row, _ in ROWS.values()}
    return team is not None or any(row.metric in names for row in tally.shares)


def _rate(tally: ConfusionTally, team: Team | None, group: Group, name: str) -> Rate:
    metric, contrary = ROWS[name]
    drop = _drop(team) if name in _RELEVANT else NO_DROP
    of = Rate(contrary=contrary, drop=drop, relevant=name in _RELEVANT)
    own, everybody = row_named(tally, metric, group), row_named(tally, metric, OVERALL)
    if own is not None and own.total:
        return replace(of, row=own)
    if everybody is not None and everybody.total:
        return replace(of, row=everybody, elsewhere=True)
    declared = _declared(() if team is None else [one for one in team.readers if one.shown == _SHOWN[name]], group, name)
    return replace(of, declared=declared, contrary=False)


def row_named(tally: ConfusionTally, metric: str, group: Group) -> ShareRow | None:
    """None where nobody counted it."""
    return next((row for row in tally.shares if row.metric == metric and row.group == group), None)


def _drop(team: Team | None) -> Range:
    if team is None:
        return NO_DROP
    return Range(
        low=team.fatigue_drop.low + team.low_prevalence_drop.low, high=team.fatigue_drop.high + team.low_prevalence_drop.high
    )  # fmt: skip


def _declared(readers: Iterable[Readers], group: Group, name: str) -> Range | None:
    """The widest range of those that can be about items of the group: of those that are about all of it, only the most particular."""
    asked = dict(group)
    fitting = [one for one in readers if all(asked.get(attribute, level) == level for attribute, level in one.group)]
    whole = [one for one in fitting if set(one.group) <= set(group)]
    depth = max((len(one.group) for one in whole), default=0)
    able = [one for one in fitting if one not in whole or len(one.group) == depth]
    if not able or not whole:
        return None  # of some of these items nobody says anything
    ranges = [one.recall if name in _RELEVANT else one.specificity for one in able]
    low, high = min(one.low for one in ranges), max(one.high for one in ranges)
    return Range(low=low, high=high) if name in _RELEVANT else Range(low=1 - high, high=1 - low)


def _in_bands(rates: dict[str, Rate], kinds: Kinds, joint: ShareRow | None, group: Group) -> dict[str, Rate]:
    """Of what is selected: read blind, or by two. Where some bands are blind and some are not, nothing is known of all."""
    handed = [*(band.readers for band in kinds.blind), 1]
    deciding = any(band.third_reader for band in kinds.blind)
    lower = {name: replace(rates[name], readers=max(handed), third=deciding) for name in (FOUND, RAISED)}
    reading = kinds.bands
    if not reading:
        return {**rates, **lower}
    if any(not band.shown for band in reading):
        blind = not any(band.shown for band in reading)
        rates = {
            **rates,
            KEPT: rates[FOUND] if blind else Rate(),
            CONFIRMED: rates[RAISED] if blind else Rate(relevant=False),
        }  # fmt: skip
    readers, third = max(band.readers for band in reading), any(band.third_reader for band in reading)
    every = all(band.readers > 1 for band in reading) and not third
    found = {name: replace(rates[name], readers=readers, third=third) for name in (KEPT, CONFIRMED)}
    if joint is not None and every and found[KEPT].drop == NO_DROP:
        found[KEPT] = replace(found[KEPT], joint=joint, elsewhere=group != OVERALL)
    return {**rates, **lower, **found}
