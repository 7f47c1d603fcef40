"""Whole-number tables behind both families: every chance is a whole number of 2**32nds or 2**16ths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.shares import ONE_32, exactly, threshold
from evalharness.benchmarks.families.ingredients.strata import Strata, strata_of, thinned
from evalharness.benchmarks.families.tabular import distributions
from evalharness.benchmarks.families.tabular.dials import SEEN_IN_FEATURES, Categorical, Numeric, TabularDials, can_miss
from evalharness.benchmarks.families.tabular.distributions import Situation
from evalharness.benchmarks.families.tabular.within import within

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
TRAIN, SHIFTED = "train", "shifted"
_SITUATIONS = 4
"""Of a label and stratum: older or newer pattern, each open or hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature. D: its distinct distributions."""

    name: str
    pattern: int
    """Place in `Tables.patterns` of the map component -> distribution."""
    lookup: npt.NDArray[np.uint8]
    """[D * 65,536] distribution and 16 random bits -> code; 0 is a missing value."""
    ratios: Floats
    """[D, codes] chance of each code over its mean; 0 where no distribution has it."""
    levels: tuple[str, ...]
    """Text of codes 1, 2 …; empty for numbers."""
    numbers: npt.NDArray[np.int16]
    """[codes] number of each code; empty for texts."""
    can_miss: bool
    plain: int
    """The distribution of an item without the outcome outside all groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What differs between splits."""

    strata: Strata
    """With the shares of this split."""
    drawn_again: int
    """Draws below this of a unit inside `Tables.thinned` make it one of everybody."""
    outcome: npt.NDArray[np.uint64]
    """[strata] draws below it have the outcome."""
    first_week: int
    newer: npt.NDArray[np.uint64]
    """[weeks] draws below it follow the newer pattern."""
    active: tuple[int, ...]
    """Components that occur, ascending."""
    prior: Floats
    """[weeks, active components] chance of each component in each week; one row where all weeks are alike."""
    within: Mapping[str, Floats]
    """Attribute -> [levels, strata] P(stratum | level) over P(stratum)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What draws are looked up in. Component: ((label * strata + stratum) * 2 + newer pattern) * 2 + hidden."""

    strata: Strata
    thinned: Mapping[str, str]
    """Attribute -> level of the group that `train` has less of."""
    repeats: int
    """Draws below this repeat the item before, inside a cluster."""
    together: int
    """Draws below this take the outcome of their cluster."""
    hidden: int
    """Draws below this hide an outcome."""
    flips: npt.NDArray[np.uint64]
    """[strata * 2] stratum and clean label: draws below it are recorded as the other one."""
    flip_chances: Floats
    """[strata, 2] the same as chances."""
    features: tuple[Feature, ...]
    patterns: tuple[Numbers, ...]
    """[components] distribution of each component."""
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByOutcome:
    """A feature of the family's own that only the outcome changes."""

    name: str
    without: Sequence[Fraction]
    """Shares of the numbers 0, 1, 2 …"""
    having: Sequence[Fraction]
    """The same among items with the outcome."""


def build(dials: TabularDials, *, correlation: float, hidden: float = 0.0, own: Sequence[ByOutcome] = ()) -> Tables:
    """Tables of these dials; exact fractions throughout, so the same on every machine.

    correlation: of the outcomes of two items of a cluster, dial of the family. hidden: share of outcomes whose numbers look like none.
    """
    on = {name: harm for name, harm in dials.harms.by_group().items() if name in SEEN_IN_FEATURES and not harm.off}
    strata = strata_of(dials.groups, [harm.of for harm in on.values()])
    members = {name: strata.members[:, place].tolist() for place, name in enumerate(on)}
    lost = threshold(exactly(hidden))
    patterns: list[Numbers] = []
    made = [_feature(dials, name, members, len(strata), patterns) for name in dials.features()]
    made += [_by_outcome(feature, len(strata), patterns) for feature in own]
    flips = _flips(dials, members, len(strata))
    return Tables(
        strata=strata,
        thinned=dials.harms.under_representation.of,
        repeats=threshold(exactly(dials.harms.duplicates.size)),
        together=together(correlation),
        hidden=lost,
        flips=flips,
        flip_chances=(flips.astype(np.float64) / ONE_32).reshape(-1, 2),
        features=tuple(made),
        patterns=tuple(patterns),
        splits=tuple(_split(dials, name, strata, members, lost) for name in dials.split_rows()),
    )


def together(correlation: float) -> int:
    """Limit of draws of 32 bits for taking part in the cluster's common draw: two items do so with chance `correlation`."""
    share = exactly(correlation)
    low, high = 0, ONE_32
    while low < high:  # the root, rounded down, in whole numbers
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle * middle <= share * ONE_32 * ONE_32 else (low, middle - 1)
    return low


def _split(dials: TabularDials, name: str, strata: Strata, members: Mapping[str, Sequence[bool]], hidden: int) -> Split:
    fewer = exactly(dials.harms.under_representation.size) if name == TRAIN else Fraction(0)
    own = thinned(strata, dials.harms.under_representation.of, fewer) if fewer else strata
    factor = 1 + exactly(dials.harms.prevalence_shift.size) if name == SHIFTED else Fraction(1)
    raised = 1 + exactly(dials.harms.base_rate.size)
    chances = [exactly(dials.prevalence) * factor * (raised if up else 1) for up in members.get("base_rate", [False] * len(strata))]
    limits = [threshold(chance) for chance in chances]
    drifting = name == SHIFTED and not dials.harms.drift.off
    newer = [threshold(Fraction(1 + week, dials.weeks)) if drifting else 0 for week in range(dials.weeks)]
    prior = np.array([_prior(own, limits, share, hidden) for share in (newer if drifting else newer[:1])])
    active = tuple(np.flatnonzero((prior > 0).any(axis=0)).tolist())
    return Split(
        strata=own,
        drawn_again=threshold(fewer),
        outcome=np.array(limits, dtype=np.uint64),
        first_week=1 + dials.weeks if name == SHIFTED else 1,
        newer=np.array(newer, dtype=np.uint64),
        active=active,
        prior=np.ascontiguousarray(prior[:, list(active)]),
        within={attribute: own.shares_within(attribute) / own.shares for attribute in within(dials)},
    )


def _prior(strata: Strata, outcome: Sequence[int], newer: int, hidden: int) -> list[float]:
    found = []
    for label, (stratum, share), new, hide in product((0, 1), enumerate(strata.shares.tolist()), (0, 1), (0, 1)):
        chance = outcome[stratum] / ONE_32
        having = (chance if label else 1 - chance) * share
        pattern = newer / ONE_32 if new else 1 - newer / ONE_32
        kept = (hidden / ONE_32 if hide else 1 - hidden / ONE_32) if label else float(not hide)
        found.append(having * pattern * kept)
    return found


def _flips(dials: TabularDials, members: Mapping[str, Sequence[bool]], strata: int) -> npt.NDArray[np.uint64]:
    """A share of the outcomes, and as many others as these are by the recipe's own prevalence."""
    size, prevalence = exactly(dials.harms.label_noise.size), exactly(dials.prevalence)
    both = [threshold(size * prevalence / (1 - prevalence)), threshold(size)]
    noisy = members.get("label_noise", [False] * strata)
    return np.array([limit if is_noisy else 0 for is_noisy in noisy for limit in both], dtype=np.uint64)


def _feature(dials: TabularDials, name: str, members: Mapping[str, Sequence[bool]], strata: int, patterns: list[Numbers]) -> Feature:
    """Also adds its map of components to `patterns` unless another feature has the same."""
    feature = dials.features()[name]
    known: dict[Situation, int] = {}
    of_component = []
    for label, stratum, new, hide in product((0, 1), range(strata), (0, 1), (0, 1)):
        outcome = bool(label) and not (hide and isinstance(feature, Numeric))  # numbers of a hidden outcome are those of none
        member = {key for key, flags in members.items() if flags[stratum]}
        situation = _situation(dials, name, member, outcome=outcome, newer=bool(new))
        of_component.append(known.setdefault(situation, len(known)))
    rows = np.stack([distributions.weights(distributions.shares(feature, situation)) for situation in known])
    return _looked_up(
        name,
        rows,
        np.array(of_component),
        patterns,
        levels=() if isinstance(feature, Numeric) else tuple(feature.levels),
        numbers=distributions.numbers(feature) if isinstance(feature, Numeric) else np.zeros(0, dtype=np.int16),
    )


def _by_outcome(feature: ByOutcome, strata: int, patterns: list[Numbers]) -> Feature:
    rows = np.stack([distributions.weights([Fraction(0), *shares]) for shares in (feature.without, feature.having)])
    of_component = np.repeat(np.arange(2), strata * _SITUATIONS)
    values = np.concatenate([[0], np.arange(len(feature.without))]).astype(np.int16)
    return _looked_up(feature.name, rows, of_component, patterns, levels=(), numbers=values)


def _looked_up(
    name: str, rows: Numbers, of_component: Numbers, patterns: list[Numbers], *, levels: tuple[str, ...], numbers: npt.NDArray[np.int16]
) -> Feature:
    """A feature of given distributions: `rows` [distribution, codes] in 65,536ths."""
    place = next((i for i, known in enumerate(patterns) if np.array_equal(known, of_component)), len(patterns))
    if place == len(patterns):
        patterns.append(of_component)
    codes = np.arange(rows.shape[1], dtype=np.uint8)
    return Feature(
        name=name,
        pattern=place,
        lookup=np.concatenate([np.repeat(codes, row) for row in rows]),
        ratios=distributions.ratios(rows),
        levels=levels,
        numbers=numbers,
        can_miss=bool(rows[:, 0].any()),
        plain=int(of_component[0]),
    )


def _situation(dials: TabularDials, name: str, member: Set[str], *, outcome: bool, newer: bool) -> Situation:
    """`member`: harms whose group the item belongs to."""
    feature, harms = dials.features()[name], dials.harms
    left = Fraction(int(outcome))
    if "separability" in member:
        left *= 1 - exactly(harms.separability.size)
    if newer:
        left *= 1 - exactly(harms.drift.size)
    tells = feature.shift != 0 if isinstance(feature, Numeric) else feature.with_outcome is not None
    leans = isinstance(feature, Categorical) and name == harms.proxy.feature and "proxy" in member
    return Situation(
        left=left if tells else Fraction(0),
        outcome=outcome and feature.missing_with_outcome is not None,
        more_missing=exactly(harms.missing.size) if can_miss(feature) and "missing" in member else Fraction(0),
        leaning=exactly(harms.proxy.size) if leans else Fraction(0),
        toward=list(feature.levels).index(harms.proxy.toward) if leans and isinstance(feature, Categorical) else 0,
    )
