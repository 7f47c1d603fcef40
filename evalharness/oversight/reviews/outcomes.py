"""Readings to share rows: who was right, shown the answer or not, where the classifier is right and where it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.reviews import IN_GROUPS, REVIEW_SHARES
from evalharness.oversight.reviews.kinds import Facts, Kinds, kinds_of
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known, Readings
from evalharness.oversight.reviews.together import shifts_together
from evalharness.records.share import ShareRow
from evalharness.tally.share_kinds import KindShare, count_kinds
from evalharness.tally.shares import count_shares
from evalharness.tally.slices import Slices

USUAL_SLOWEST = 1_800.0
"""Seconds."""
_OF_PAIRS = ("double_reading_disagreement", "third_reading_rate", "joint_miss")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counting:
    """How shares are counted."""

    rests_on: Sequence[str]
    these: bool = False
    """Whether the reviewers are the only ones that figures are about: then they are no sample."""
    slowest: float = USUAL_SLOWEST
    slices: Slices | None = None
    groups: Mapping[str, Ints] | None = None
    """By attribute, [M] codes of the items."""
    in_groups: frozenset[str] = frozenset()
    """Shares that a requirement asks of groups, beside those that always are counted for them."""


def share_rows(readings: Readings, known: Known, how: Counting, kinds: Kinds | None = None) -> tuple[ShareRow, ...]:
    """Every share of `catalogue.oversight.reviews.REVIEW_SHARES`, in that order; a share nobody could be in has a row of 0 of 0.

    kinds: of these readings, where they are known already.
    """
    kinds = kinds_of(readings, known, how.slowest) if kinds is None else kinds
    rests_on = tuple(how.rests_on)
    shares = [
        KindShare(metric=name, part=part & total, total=total, rests_on=rests_on) for name, part, total in _first_readings(kinds.facts)
    ]
    order = np.argsort(kinds.of, kind="stable")  # 16 bits: sorted by counting
    ways = ways_of(readings, known, how, order)
    item = readings.item[order]
    del order
    groups = None if how.groups is None else {name: codes[item] for name, codes in how.groups.items()}
    rows = count_kinds(shares, kinds.number, ways, slices=how.slices, groups=groups, in_groups=how.in_groups.union(IN_GROUPS))
    del item, groups, ways
    pairs = _Pairs.of(readings)
    between = pairs.ways(readings, known, how)
    told = dict.fromkeys(_OF_PAIRS, rests_on)
    twice = count_shares({name: (part, total) for name, part, total in _of_pairs(readings, pairs, known)}, between, rests_on=told)
    for row in twice:
        rows.setdefault(row.metric, []).append(row)
    return tuple(row for metric in REVIEW_SHARES for row in rows[metric.name])


def ways_of(readings: Readings, known: Known, how: Counting, order: npt.NDArray[np.int64]) -> dict[str, Ints]:
    """[N] by way, the cluster of each reading, in this order."""
    item = readings.item[order]
    found = {
        "case": item if known.cases is None else known.cases[item],
        "reviewer": readings.reviewer[order],
        "shift": shifts_together(readings)[order],
    }
    if how.these:
        del found["reviewer"]
    return found


def _first_readings(of: Facts) -> Iterator[tuple[str, Flags, Flags]]:
    """(metric, what counts, of what). Seeded rows are in one share alone; second and third readings in none of these."""
    first = of.first & ~of.seeded
    shown, blind = first & ~of.blind, first & of.blind
    found, other = of.labelled & of.relevant, of.labelled & ~of.relevant
    right, wrong = of.right, ~of.right
    yield "reader_recall", of.says, shown & found
    yield "reader_specificity", right, shown & other
    yield "blind_reader_recall", of.says, blind & found
    yield "blind_reader_specificity", right, blind & other
    yield "wrong_when_model_wrong", wrong, shown & of.model_wrong
    yield "wrong_when_model_right", wrong, shown & of.model_right
    yield "blind_wrong_when_model_wrong", wrong, blind & of.model_wrong
    yield "dismissal_rate", wrong, shown & found & of.answered & of.selected
    yield "commission_rate", wrong, shown & other & of.answered & of.selected
    yield "omission_rate", wrong, shown & found & of.answered & ~of.selected
    yield "seeded_detection", right, of.first & of.seeded & of.labelled
    decided = shown & of.answered & ~of.silent
    yield "agreement_with_model", of.same, decided
    yield "override_rate", ~of.same, decided
    yield "slow_readings", of.slow, first & of.read
    yield "read_model_recall", of.selected, shown & found
    yield "read_model_specificity", of.answered & ~of.selected, shown & other


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pairs:
    """P items read twice: where the first and the second reading stand, and whether there is a third."""

    first: Ints
    second: Ints
    third: Flags

    @classmethod
    def of(cls, readings: Readings) -> _Pairs:
        plain = ~readings.seeded
        seconds = np.flatnonzero(plain & (readings.reading == 2))
        place = np.full(int(readings.item.max(initial=0)) + 1, NOTHING, dtype=np.int32)
        ones = np.flatnonzero(plain & (readings.reading == 1))
        wanted = np.zeros(len(place), dtype=np.bool_)
        wanted[readings.item[seconds]] = True
        ones = ones[wanted[readings.item[ones]]][::-1]
        ones = ones[np.argsort(-readings.time[ones], kind="stable")]  # of several first readings the earliest, or one that nobody made
        place[readings.item[ones]] = ones
        first = place[readings.item[seconds]]
        seconds, first = seconds[first >= 0], first[first >= 0]
        third = np.zeros(len(place), dtype=np.bool_)
        third[readings.item[readings.reading == 3]] = True
        return cls(first=first, second=seconds.astype(np.int32), third=third[readings.item[seconds]])

    def ways(self, readings: Readings, known: Known, how: Counting) -> dict[str, Ints]:
        """Pairs belong together by case, by the shift of the first reading, and by both readers: the busier of the two, and the other."""
        item = readings.item[self.first]
        case = item if known.cases is None else known.cases[item]
        a, b = readings.reviewer[self.first], readings.reviewer[self.second]
        load = np.bincount(np.concatenate([a, b]), minlength=1)
        swap = (load[b] > load[a]) | ((load[b] == load[a]) & (b < a))
        found = {
            "case": case,
            "reviewer": np.where(swap, b, a),
            "second reviewer": np.where(swap, a, b),
            "shift": shifts_together(readings)[self.first],
        }
        if how.these:
            del found["reviewer"], found["second reviewer"]
        return found


def _of_pairs(readings: Readings, pairs: _Pairs, known: Known) -> Iterator[tuple[str, Flags, Flags]]:
    one, two = readings.said[pairs.first], readings.said[pairs.second]
    every = np.ones(len(one), dtype=np.bool_)
    yield "double_reading_disagreement", (one != two) | (one == NOTHING) | (two == NOTHING), every
    yield "third_reading_rate", pairs.third, every
    truth = known.labels[readings.item[pairs.first]]
    relevant = (truth != NOTHING) & (truth >= known.relevant_from)
    missed = (one < known.relevant_from) & (two < known.relevant_from)
    yield "joint_miss", relevant & missed, relevant
