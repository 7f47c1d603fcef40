"""A threshold found on the train split and certified on the calibration split; neither is judged.

Candidates and the place where the search begins come from the train split, so that on the calibration split an order is tried that was
fixed before anybody looked at it (Learn then Test, fixed sequence testing). At each candidate every target must hold by its own deciding
bound: an intersection-union test, so several targets need no correction. What holds is judged once more, on the test split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evalharness.records import OVERALL, Group
from evalharness.records.oversight_certify import MOVING, Certificate, Certify, Denominator, Target, Tried, chosen_of
from evalharness.stats.certify import SharesAtThresholds, margins, selected_at, selected_of, share_limit, steps_of, until_first_failure
from evalharness.stats.rounding import Direction, outward
from evalharness.stats.uneven import BEYOND

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_FEWEST, _EXACT = 3, 17
"""Significant digits of candidates: at least the first; with the second a number is itself."""
_RELEVANT, _OTHER = 1, 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredItems:
    """N items of one split."""

    labels: NDArray[np.int8]
    """1, 0; -1 without a label, and then in no count."""
    scores: Floats
    """NaN without an answer: it is missed where it is relevant, a false alarm where it is not, and reviewed."""
    clusters: NDArray[np.int32] | None
    """Codes, 0 and up; None where items are independent."""
    groups: Mapping[str, tuple[tuple[str, ...], NDArray[np.int32]]] = field(default_factory=dict)
    """By attribute: its levels here, and the place of each item's among them."""

    def of(self, metric: str, thresholds: Floats, group: Group = OVERALL) -> SharesAtThresholds:
        """A target's share of the items of a group at every threshold. A level that is not seen here has no item."""
        if metric in MOVING:
            return self._moving(metric, thresholds, group)
        inside = self._inside(self.labels >= 0 if metric == "review_rate" else self.labels == _CLASS[metric], group)
        reached = steps_of(self.scores[inside], thresholds)
        if metric not in _MISSED:
            reached[np.isnan(self.scores[inside])] = len(thresholds)
        selected = selected_at(reached, None if self.clusters is None else self.clusters[inside], len(thresholds))
        return selected.turned() if metric in _TURNED else selected

    def _inside(self, kind: Flags, group: Group) -> Flags:
        for attribute, level in group:
            levels, places = self.groups[attribute]
            kind = kind & (places == (levels.index(level) if level in levels else -1))
        return kind

    def _moving(self, metric: str, thresholds: Floats, group: Group) -> SharesAtThresholds:
        """Without an answer: a relevant item is set aside, another one selected."""
        kinds = [self._inside(self.labels == label, group) for label in (_RELEVANT, _OTHER)]
        relevant, other = (steps_of(self.scores[inside], thresholds) for inside in kinds)
        other[np.isnan(self.scores[kinds[1]])] = len(thresholds)
        codes = None if self.clusters is None else (self.clusters[kinds[0]], self.clusters[kinds[1]])
        return selected_of((relevant, other), codes, len(thresholds), aside=metric == "elusion")

    def denominator(self, metric: str, shares: SharesAtThresholds, group: Group) -> Denominator:
        """What a target is about; where that moves with the threshold, every item of the group."""
        if metric in MOVING:
            shares = self.of("review_rate", np.array([np.inf]), group)
        return Denominator(total=int(shares.total), clusters=int(shares.clusters), total2=int(shares.total2))

    def count(self, label: int) -> int:
        """Items of a class."""
        return int((self.labels == label).sum())

    @property
    def unanswered(self) -> int:
        """Labelled items without an answer."""
        return int((np.isnan(self.scores) & (self.labels >= 0)).sum())


_CLASS = {"recall": _RELEVANT, "false_negative_rate": _RELEVANT, "specificity": _OTHER, "false_positive_rate": _OTHER}
_MISSED = frozenset({"recall", "false_negative_rate"})
_TURNED = frozenset({"false_negative_rate", "specificity"})


def candidates_of(train: ScoredItems, number: int) -> Floats:
    """Rising thresholds, at most `number`: quantiles of the scores of relevant and of other items in equal numbers, in few digits.

    Raises ValueError where no labelled item has a score.
    """
    known = ~np.isnan(train.scores)
    by_class = [train.scores[known & (train.labels == label)] for label in (_RELEVANT, _OTHER)]
    some = [scores for scores in by_class if len(scores)]
    if not some:
        raise ValueError("no labelled item has a score")
    each = max(number // len(some), 1)
    exact = np.unique(np.concatenate([np.quantile(s, np.linspace(0, 1, each), method="inverted_cdf") for s in some]))
    return np.unique([_short(value, apart) for value, apart in zip(exact.tolist(), _apart(exact), strict=True)])


def _apart(exact: Floats) -> list[float]:
    """How far each of rising numbers is from its nearer neighbour."""
    gaps = np.concatenate([[np.inf], np.diff(exact), [np.inf]])
    nearer: list[float] = np.minimum(gaps[:-1], gaps[1:]).tolist()
    return nearer


def _short(value: float, apart: float) -> float:
    """The number in the fewest significant digits that keep it nearer to itself than to any other."""
    for digits in range(_FEWEST, _EXACT):
        rounded = float(f"{value:.{digits}g}")
        if abs(rounded - value) < apart / 4:
            return rounded
    return value


def certify(asked: Certify, level: float, train: ScoredItems, calibration: ScoredItems) -> Certificate:
    """The search, at confidence `level`. asked: as `Certify.for_groups` gives it; every target of every group must hold.

    Raises ValueError where the train split has no item that a target of everybody is about.
    """
    thresholds = candidates_of(train, asked.grid or asked.steps or 1)
    start = _start(asked, train, thresholds)
    alpha = alpha_of(asked, level)
    order = np.arange(len(thresholds))
    if asked.grid is None:
        order = order[start:] if asked.prefer == "fewest_reviews" else order[: start + 1][::-1]
    shares = [calibration.of(target.metric, thresholds, target.group) for target in asked.targets]
    limits = [_deciding(target, share, alpha) for target, share in zip(asked.targets, shares, strict=True)]
    holds: Flags = np.ones(len(thresholds), dtype=np.bool_)
    for target, each in zip(asked.targets, limits, strict=True):
        holds &= np.array([target.clears(limit) for limit in each], dtype=np.bool_)
    if asked.grid is None:
        order = order[: until_first_failure(holds[order]) + 1]
    tried = tuple(
        Tried(
            threshold=float(thresholds[place]),
            counts=tuple(_counts(s, place) for s in shares),
            limits=tuple(each[place] for each in limits),
        )
        for place in order.tolist()
    )
    return Certificate(
        asked=asked,
        level=level,
        method=method_of(asked, level, clustered=calibration.clusters is not None),
        start=float(thresholds[start]),
        candidates=len(thresholds),
        denominators=tuple(calibration.denominator(t.metric, s, t.group) for t, s in zip(asked.targets, shares, strict=True)),
        tried=tried,
        threshold=chosen_of(asked, tried),
        rows=(int((train.labels >= 0).sum()), int((calibration.labels >= 0).sum())),
        unanswered=(train.unanswered, calibration.unanswered),
    )


def alpha_of(asked: Certify, level: float) -> float:
    """Of each candidate: all of it in a sequence, shared out on a grid. Without binary dust."""
    return round(1.0 - level, 12) / (asked.grid or 1)


def method_of(asked: Certify, level: float, *, clustered: bool) -> str:
    """With every parameter."""
    search = f"grid={asked.grid}" if asked.grid is not None else "fixed sequence from the train split's start"
    kish = f", n_eff=kish, by_size=fay-feuer(1+{BEYOND:g}c)" if clustered else ""
    shared = f"/{asked.grid}" if asked.grid is not None else ""
    return f"learn-then-test({search}; clopper-pearson(one-sided, alpha={round(1.0 - level, 12)!r}{shared}{kish}); every target)"


def limits_again(asked: Certify, level: float, denominators: Sequence[Denominator], tried: Sequence[Tried]) -> tuple[Tried, ...]:
    """The same candidates with limits made again from their counts."""
    limits = []
    for place, (target, of) in enumerate(zip(asked.targets, denominators, strict=True)):
        columns = np.array([one.counts[place] for one in tried], dtype=np.int64).T
        part, part2, rest2, *moved = columns
        total, clusters, total2 = moved or (of.total, of.clusters, of.total2)
        share = SharesAtThresholds(part=part, part2=part2, rest2=rest2, total=total, clusters=clusters, total2=total2)
        limits.append(_deciding(target, share, alpha_of(asked, level)))
    return tuple(
        Tried(threshold=one.threshold, counts=one.counts, limits=tuple(each[row] for each in limits)) for row, one in enumerate(tried)
    )


def _counts(of: SharesAtThresholds, place: int) -> tuple[int, ...]:
    moved = (of.total, of.clusters, of.total2) if np.ndim(of.total) else ()
    return tuple(int(np.asarray(column)[place]) for column in (of.part, of.part2, of.rest2, *moved))


def out_of_reach(of: Certificate) -> tuple[tuple[Target, Denominator], ...]:
    """Targets that no threshold could keep: with no error at all the bound of so few items would fail."""
    alpha = alpha_of(of.asked, of.level)
    return tuple(
        (target, known)
        for target, known in zip(of.asked.targets, of.denominators, strict=True)
        if not target.clears(_deciding(target, _without_error(known, hits=target.at_least), alpha)[0])
    )


def _without_error(of: Denominator, *, hits: bool) -> SharesAtThresholds:
    part, rest = (of.total, 0) if hits else (0, of.total)
    squares = (of.total2, 0) if hits else (0, of.total2)
    return SharesAtThresholds(
        part=np.array([part]), part2=np.array(squares[:1]), rest2=np.array(squares[1:]), total=part + rest, clusters=of.clusters,
        total2=of.total2,
    )  # fmt: skip


def _start(asked: Certify, train: ScoredItems, thresholds: Floats) -> int:
    """Where the target that is nearest to failing has most to spare; of several such places the safest for the direction of the search.

    A group without an item there says nothing: the start is only where the search begins.
    """
    spare = [(t, margins(train.of(t.metric, thresholds, t.group), t.bound, at_least=t.at_least)) for t in asked.targets]
    some = [np.where(np.isnan(values), -np.inf, values) for _, values in spare if not np.isnan(values).all()]
    empty = [t.metric for t, values in spare if np.isnan(values).all() and (not t.group or not some)]
    if empty:
        raise ValueError(f"no item that {', '.join(dict.fromkeys(empty))} is about")
    least = np.minimum.reduce(some)
    best = np.flatnonzero(least >= least.max())
    return int(best[0] if asked.prefer == "fewest_reviews" else best[-1])


def _deciding(target: Target, share: SharesAtThresholds, alpha: float) -> tuple[float | None, ...]:
    side = share_limit(share, alpha, lower=target.at_least)
    direction: Direction = "down" if target.at_least else "up"
    return tuple(None if np.isnan(limit) else outward(float(limit), direction=direction) for limit in side)
