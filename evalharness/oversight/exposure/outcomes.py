"""A review log to share rows of exposure, and the numbers that stand beside them. Every view counts, however an item is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.exposure import OVER_CAP, REPEATED_VIEWS, VIEWS_SHARE
from evalharness.oversight.exposure.shifts import DAY, shifts_of
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known, Readings
from evalharness.oversight.reviews.together import shifts_together
from evalharness.records.oversight_exposure import MOST_CLASSES, ExposureLimits
from evalharness.records.share import ALONE, ShareRow, Way

Counts = npt.NDArray[np.int64]
KINDS = ("first", "second", "third", "seeded", "again")
"""Views: of first, second and third readings, of seeded ones, and further views in any of these."""
_FITS = 1 << 31
"""Sums below it have squares that fit into 64 bits."""
_THIRD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What a log says of exposure."""

    shares: tuple[ShareRow, ...]
    views: Mapping[str, tuple[int, int]]
    """By kind: all, and those of severe items."""
    by_level: tuple[int, ...]
    """Views by true value, lowest first; the last: of items that nobody labelled."""
    shifts: int
    """Shifts of a reviewer with a reading."""
    over: int
    """Of those, as logged, with more views of severe items than the cap; 0 without a cap."""
    step: int
    """How many numbers of views stand together in a class of `by_shift`; 1 unless there are very many."""
    by_shift: tuple[tuple[int, int], ...]
    """(Views of severe items, the most of its class; shifts with so many), rising."""
    unmade: int
    """Readings of severe items that were assigned and are not in the log."""
    finds: int


@dataclass(frozen=True, slots=True, eq=False)
class _Views:
    """N readings, and how often each was viewed."""

    readings: Readings
    known: Known
    severe: Flags
    """[N] whether the item is severe, or nobody knows."""
    number: Counts
    """[N] views; 0 of a reading that nobody made."""

    @property
    def unmade(self) -> Flags:
        """[N] severe, assigned, and not in the log."""
        return self.severe & ~self.readings.read

    @property
    def case(self) -> Ints:
        """[N]"""
        return self.readings.item if self.known.cases is None else self.known.cases[self.readings.item]


def count_exposure(
    readings: Readings, known: Known, limits: ExposureLimits, rests_on: Sequence[str], *, these: bool = False, contents: Ints | None = None
) -> Exposed:  # fmt: skip
    """these: whether figures are about these reviewers alone, so that they are no sample. contents: [M] codes of what is seen in each item;
    None: no two show the same."""
    views = _views_of(readings, known, limits)
    shift = shifts_of(readings.reviewer[readings.read], readings.shift[readings.read], readings.time[readings.read])
    weights = (views.number * views.severe)[readings.read]
    by_shift = np.bincount(shift, weights=weights).astype(np.int64)
    found = _finds(readings, known)
    cap = limits.views_per_shift_at_most
    rows = [] if cap is None else [_over_cap(views, shift, by_shift, cap, these=these)]
    rows += [_repeated(views, contents), _per_find(views, found, these)]
    step, classes = _classes(by_shift)
    return Exposed(
        shares=tuple(_resting(row, rests_on) for row in rows),
        views=dict(_by_kind(views)),
        by_level=_by_level(views),
        shifts=len(by_shift),
        over=0 if cap is None else int(np.count_nonzero(by_shift > cap)),
        step=step,
        by_shift=classes,
        unmade=int(np.count_nonzero(views.unmade)),
        finds=len(found),
    )


def _views_of(readings: Readings, known: Known, limits: ExposureLimits) -> _Views:
    """An item without a label may be severe, so it counts as if it were."""
    truth = known.labels[readings.item]
    values = [known.words[level] for level in limits.severe_levels]
    severe = np.isin(truth, values) if values else truth >= known.relevant_from
    views = np.ones(readings.number, dtype=np.int64) if readings.views is None else readings.views.astype(np.int64)
    return _Views(readings, known, severe | (truth == NOTHING), np.where(readings.read, np.maximum(views, 1), 0))


def _classes(by_shift: Counts) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The number of shifts by views; where that would be many classes, several numbers of views in each."""
    step = 1 if len(np.unique(by_shift)) <= MOST_CLASSES else -(-int(by_shift.max()) // MOST_CLASSES)
    edges, counts = np.unique(-(-by_shift // step) * step, return_counts=True)
    return step, tuple(zip(edges.tolist(), counts.tolist(), strict=True))


def _by_kind(views: _Views) -> Iterator[tuple[str, tuple[int, int]]]:
    readings = views.readings
    for name, of in zip(KINDS, (*(~readings.seeded & (readings.reading == at) for at in (1, 2, _THIRD)), readings.seeded), strict=False):
        made = of & readings.read
        yield name, (int(np.count_nonzero(made)), int(np.count_nonzero(made & views.severe)))
    more = np.maximum(views.number - 1, 0)
    yield KINDS[-1], (int(more.sum()), int(more[views.severe].sum()))


def _by_level(views: _Views) -> tuple[int, ...]:
    truth, values = views.known.labels[views.readings.item], sorted(set(views.known.words.values()) | {0})
    return tuple(int(views.number[truth == value].sum()) for value in (*values, NOTHING))


def _over_cap(views: _Views, shift: Counts, by_shift: Counts, cap: int, *, these: bool) -> ShareRow:
    """Of every shift of a reviewer; what was left out of the log pushes as many of them over the cap as it can."""
    readings = views.readings
    made = np.flatnonzero(readings.read)
    first = np.full(len(by_shift), len(shift), dtype=np.int64)
    np.minimum.at(first, shift, np.arange(len(shift)))
    who, name = readings.reviewer[made[first]].astype(np.int64), readings.shift[made[first]].astype(np.int64)
    lacking = np.bincount(readings.reviewer[views.unmade], minlength=int(readings.reviewer.max(initial=0)) + 1)
    lacks = np.maximum(cap + 1 - by_shift, 0)
    order = np.lexsort((lacks, who))
    ahead = np.cumsum(lacks[order])
    start = np.searchsorted(who[order], who[order])  # first shift of the same reviewer
    used = ahead - (ahead - lacks[order])[start] if len(order) else ahead
    over = np.zeros(len(by_shift), dtype=np.bool_)
    over[order] = used <= lacking[who[order]]
    spent = np.bincount(who[over], weights=lacks[over], minlength=len(lacking)).astype(np.int64)
    more = np.repeat(np.arange(len(lacking)), (lacking - spent) // (cap + 1))  # shifts that are not in the log at all
    part = np.concatenate([over, np.ones(len(more), dtype=np.bool_)]).astype(np.int64)
    day = readings.time[made[first]] // DAY  # names are the log's own: who gives each reviewer's shift one would hide a bad day
    ways = {
        way: np.concatenate([codes, int(codes.max(initial=0)) + 1 + np.arange(len(more))]) for way, codes in (("day", day), ("shift", name))
    }
    if not these:
        ways = {"day": ways["day"], "reviewer": np.concatenate([who, more]), "shift": ways["shift"]}  # sorted, as evidence has them
    return weighted_row(OVER_CAP, part, np.ones(len(part), dtype=np.int64), ways)


def _repeated(views: _Views, contents: Ints | None) -> ShareRow:
    """Of what is seen in severe items, one view is asked for each number of reading that was made; seeded readings ask for theirs."""
    readings = views.readings
    seen = np.flatnonzero(readings.read & views.severe)
    total = int(views.number[seen].sum())
    what = readings.item[seen] if contents is None else contents[readings.item[seen]]
    asked = np.unique(what.astype(np.int64) * 8 + readings.reading[seen] + 4 * readings.seeded[seen])
    return weighted_row(REPEATED_VIEWS, np.array([total - len(asked), 0]), np.array([total - len(asked), len(asked)]), {})


def _finds(readings: Readings, known: Known) -> Counts:
    """[F] the reading that found each relevant item that was found: the earliest that calls it relevant, or of third readings, where there
    are any, the earliest such."""
    relevant = known.labels[readings.item] >= known.relevant_from
    plain = readings.read & ~readings.seeded & relevant
    settled = np.zeros(len(known.labels), dtype=np.bool_)
    settled[readings.item[plain & (readings.reading == _THIRD)]] = True
    counts = plain & (readings.said >= known.relevant_from) & (~settled[readings.item] | (readings.reading == _THIRD))
    rows = np.flatnonzero(counts)
    rows = rows[np.lexsort((rows, readings.time[rows], readings.item[rows]))]
    _, first = np.unique(readings.item[rows], return_index=True)
    return rows[first]


def _per_find(views: _Views, finds: Counts, these: bool) -> ShareRow:
    seen = np.flatnonzero(views.readings.read & views.severe)
    rows = np.concatenate([seen, finds])
    part = np.concatenate([views.number[seen], np.zeros(len(finds), dtype=np.int64)])
    total = np.concatenate([views.number[seen], np.ones(len(finds), dtype=np.int64)])
    ways = {"case": views.case[rows], "reviewer": views.readings.reviewer[rows], "shift": shifts_together(views.readings)[rows]}
    if these:
        del ways["reviewer"]
    return weighted_row(VIEWS_SHARE, part, total, ways)


def weighted_row(metric: str, part: Counts, total: Counts, ways: Mapping[str, npt.NDArray[np.integer]]) -> ShareRow:
    """The row of rows that stand for several units each. part, total: [N] units; ways: by name, [N] clusters; none: each unit its own."""
    if not ways:
        hits, size = int(part.sum()), int(total.sum())
        alone = Way(name=ALONE, clusters=size, total2=size, part2=hits, rest2=size - hits)
        return ShareRow(metric=metric, part=hits, total=size, ways=(alone,))
    found = []
    for name, codes in ways.items():
        _, dense = np.unique(codes, return_inverse=True)
        sizes, some = (np.bincount(dense, weights=each).astype(np.int64) for each in (total, part))
        squares = [_squares(each) for each in (sizes, some, sizes - some)]
        found.append(Way(name=name, clusters=int(np.count_nonzero(sizes)), total2=squares[0], part2=squares[1], rest2=squares[2]))
    return ShareRow(metric=metric, part=int(part.sum()), total=int(total.sum()), ways=tuple(found))


def _squares(counts: Counts) -> int:
    if int(counts.sum()) < _FITS:
        return int(counts @ counts)
    return sum(count * count for count in counts.tolist())


def _resting(row: ShareRow, rests_on: Sequence[str]) -> ShareRow:
    return ShareRow(metric=row.metric, part=row.part, total=row.total, ways=row.ways, rests_on=tuple(rests_on))
