"""Readings to share rows: who was right, shown the answer or not, where the classifier is right and where it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evalharness.catalogue.oversight.reviews import IN_GROUPS
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known, Readings
from evalharness.records.share import ShareRow
from evalharness.tally.shares import count_shares
from evalharness.tally.slices import Slices

USUAL_SLOWEST = 1_800.0
"""Seconds."""


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


def share_rows(readings: Readings, known: Known, how: Counting) -> tuple[ShareRow, ...]:
    """Every share of `catalogue.oversight.reviews.REVIEW_SHARES`, in that order; a share nobody could be in has a row of 0 of 0."""
    rows: list[ShareRow] = []
    ways = _ways(readings, known, how)
    groups = None if how.groups is None else {name: codes[readings.item] for name, codes in how.groups.items()}
    for name, part, total in _first_readings(readings, known, how.slowest):
        told = how.slices if name in IN_GROUPS or name in how.in_groups else None
        rows += count_shares({name: (part, total)}, ways, slices=told, groups=groups if told else None, rests_on={name: how.rests_on})
    del groups
    pairs = _Pairs.of(readings)
    between = pairs.ways(readings, known, how)
    twice = [row for name, part, total in _of_pairs(readings, pairs, known)
             for row in count_shares({name: (part, total)}, between, rests_on={name: how.rests_on})]  # fmt: skip
    place = next(i for i, row in enumerate(rows) if row.metric == "agreement_with_model")
    return (*rows[:place], *twice, *rows[place:])


def _ways(readings: Readings, known: Known, how: Counting) -> dict[str, Ints]:
    case = readings.item if known.cases is None else known.cases[readings.item]
    found = {"case": case, "reviewer": readings.reviewer, "shift": readings.shift}
    if how.these:
        del found["reviewer"]
    return found


def _first_readings(readings: Readings, known: Known, slowest: float) -> Iterator[tuple[str, Flags, Flags]]:
    """(metric, what counts, of what). Seeded rows are in one share alone; second and third readings in none of these."""
    truth = known.labels[readings.item]
    labelled = truth != NOTHING
    relevant = truth >= known.relevant_from
    says = readings.said >= known.relevant_from
    silent = readings.said == NOTHING
    wrong = silent | (says != relevant)
    first = readings.reading == 1
    seeded = first & readings.seeded & labelled
    first &= ~readings.seeded
    shown, blind = first & ~readings.blind, first & readings.blind
    answered = readings.shown != NOTHING
    selected = readings.shown >= known.relevant_from
    model_wrong = answered & labelled & (selected != relevant)
    model_right = answered & labelled & (selected == relevant)
    found, other = labelled & relevant, labelled & ~relevant
    for name, of, right in (
        ("reader_recall", shown & found, says),
        ("reader_specificity", shown & other, ~wrong),
        ("blind_reader_recall", blind & found, says),
        ("blind_reader_specificity", blind & other, ~wrong),
        ("wrong_when_model_wrong", shown & model_wrong, wrong),
        ("wrong_when_model_right", shown & model_right, wrong),
        ("blind_wrong_when_model_wrong", blind & model_wrong, wrong),
        ("dismissal_rate", shown & found & answered & selected, wrong),
        ("commission_rate", shown & other & answered & selected, wrong),
        ("omission_rate", shown & found & answered & ~selected, wrong),
        ("seeded_detection", seeded, ~wrong),
    ):
        yield name, of & right, of
    decided = shown & answered & ~silent
    same = readings.said == readings.shown
    yield "agreement_with_model", decided & same, decided
    yield "override_rate", decided & ~same, decided
    made = first & readings.read
    with np.errstate(invalid="ignore"):
        yield "slow_readings", made & (readings.seconds > slowest), made
    yield "read_model_recall", shown & found & selected, shown & found
    yield "read_model_specificity", shown & other & answered & ~selected, shown & other


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
            "shift": readings.shift[self.first],
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
