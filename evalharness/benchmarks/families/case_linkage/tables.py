"""Integer tables behind the generator, and the weights and likelihoods that follow from them; one set for each split."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.chances import Mistakes, Weights, entity_chances, pairs_of
from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.frequencies import weights_of
from evalharness.benchmarks.families.case_linkage.likelihood import Likelihood, likelihood
from evalharness.benchmarks.families.case_linkage.moments import Floats, added
from evalharness.benchmarks.families.ingredients.shares import ONE_32, drawn_shares, ends, exactly, threshold
from evalharness.benchmarks.families.ingredients.strata import Strata, strata_of
from evalharness.benchmarks.families.ingredients.telling import reached

CHANNEL_HARMS = ("separability", "missing", "proxy")
"""Harms to a group that change how values come about."""
WITHIN_HARMS = ("base_rate", "separability", "label_noise", "missing", "proxy")
"""Harms after which a pair's chance is another once the group is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitTables:
    """What one split draws from, and what is known of its pairs."""

    cells: npt.NDArray[np.uint32]
    """Upper ends of the combinations of levels, first attribute slowest."""
    records: npt.NDArray[np.uint32]
    """[strata, most - 1] upper ends of the numbers of records of an entity."""
    limits: npt.NDArray[np.uint64]
    """[attributes, channels, 3] as `likelihood` takes them."""
    likelihoods: tuple[Likelihood, ...]
    """Of each attribute."""
    all_pairs: Weights
    """By channel."""
    recorded: Weights
    """By channel: the pairs recorded as one entity."""
    mislabelled: bool
    """Whether some recorded entities are wrong; if not, the pairs recorded as one entity are those of one."""
    within: dict[str, tuple[tuple[Weights, Weights], ...]]
    """Attribute of the groups -> for each level: (all, recorded), counting only pairs whose first record has that level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All lookup tables of a recipe."""

    strata: Strata
    members: dict[str, npt.NDArray[np.bool_]]
    """Harm to a group that is on -> [strata]."""
    codes: tuple[npt.NDArray[np.uint8], ...]
    """For each attribute of the groups: combination of levels -> code of the level."""
    channel: npt.NDArray[np.int64]
    """Stratum -> channel of its entities that are not edited on purpose; of those that are: `plain_channels` more."""
    plain_channels: int
    edited: int
    """Draws of 32 bits below it are entities edited on purpose."""
    lookup: tuple[npt.NDArray[np.uint8], ...]
    """For each attribute: 16 random bits -> code of the value."""
    moved: int
    """Draws below it move the proxy's value of a member of the group."""
    repeats: int
    """Draws below it make a record after the first repeat the first."""
    filed: npt.NDArray[np.uint64]
    """[strata] draws below it are records filed under another's entity."""
    mistaken: npt.NDArray[np.uint64]
    """[strata] draws below it have a wrong recorded entity: those not filed elsewhere are cut loose."""
    splits: tuple[SplitTables, ...]


def within_attributes(dials: CaseLinkageDials) -> tuple[str, ...]:
    """Attributes of the groups that some harm treats differently, or that a group which is rarer in `train` ties to them, in order."""
    harms = dials.harms.by_group()
    named = {name for harm in WITHIN_HARMS if not harms[harm].off for name in harms[harm].of}
    known = reached(named, [set(harm.of) for harm in (dials.harms.under_representation,) if not harm.off])
    return tuple(name for name in dials.groups if name in known)


def build(dials: CaseLinkageDials) -> Tables:
    """Tables of these dials: exact fractions, then IEEE sums, products and quotients in a stated order."""
    harms = dials.harms
    on = {name: harm for name, harm in harms.by_group().items() if not harm.off}
    strata = strata_of(dials.groups, [harm.of for harm in on.values()])
    members = {name: strata.members[:, place] for place, name in enumerate(on)}
    numbers: dict[tuple[bool, ...], int] = {}
    shaping = [members[harm] for harm in CHANNEL_HARMS if harm in members]
    channel = [numbers.setdefault(tuple(bool(of[s]) for of in shaping), len(numbers)) for s in range(len(strata))]
    mistaken = _by_member(members.get("label_noise"), len(strata), exactly(harms.label_noise.size))
    tables = Tables(
        strata=strata,
        members=members,
        codes=_codes(dials),
        channel=np.array(channel),
        plain_channels=len(numbers),
        edited=threshold(exactly(harms.obfuscation.size)),
        lookup=tuple(
            np.repeat(np.arange(values, dtype=np.uint8), weights_of(values, dials.flatness)) for values in dials.attributes.values()
        ),
        moved=threshold(exactly(harms.proxy.size)),
        repeats=threshold(exactly(harms.duplicates.size)),
        filed=mistaken // 2,
        mistaken=mistaken,
        splits=(),
    )
    known: dict[bytes, tuple[Likelihood, ...]] = {}
    splits = tuple(_split(dials, tables, list(numbers), name, known) for name in dials.split_rows())
    return replace(tables, splits=splits)


def _codes(dials: CaseLinkageDials) -> tuple[npt.NDArray[np.uint8], ...]:
    sizes = [len(levels) for levels in dials.groups.values()]
    grids = np.meshgrid(*(np.arange(size, dtype=np.uint8) for size in sizes), indexing="ij")
    return tuple(grid.reshape(-1) for grid in grids)


def _by_member(members: npt.NDArray[np.bool_] | None, strata: int, share: Fraction) -> npt.NDArray[np.uint64]:
    if members is None:
        return np.zeros(strata, dtype=np.uint64)
    return np.where(members, threshold(share), 0).astype(np.uint64)


def _split(
    dials: CaseLinkageDials, tables: Tables, channels: list[tuple[bool, ...]], name: str, known: dict[bytes, tuple[Likelihood, ...]]
) -> SplitTables:
    cells = _cell_ends(dials, tables, name)
    drawn = drawn_shares(cells)
    shares = np.zeros(len(tables.strata))
    for stratum, share in zip(tables.strata.of_cell.tolist(), drawn.tolist(), strict=True):
        shares[stratum] += share
    records = [_records(dials, tables, stratum, name) for stratum in range(len(tables.strata))]
    limits = _limits(dials, tables, channels, name)
    likelihoods = known.setdefault(limits.tobytes(), ()) or _likelihoods(dials, tables, channels, limits)
    known[limits.tobytes()] = likelihoods
    mistakes = Mistakes(filed=tables.filed.astype(np.float64) / ONE_32, loose=(tables.mistaken - tables.filed).astype(np.float64) / ONE_32)
    chances = entity_chances([drawn_shares(row) for row in records], shares)
    pairs = pairs_of(chances, dials.regions.size, tables.repeats / ONE_32, mistakes)
    return SplitTables(
        cells=cells,
        records=np.stack(records),
        limits=limits,
        likelihoods=likelihoods,
        all_pairs=_gathered(tables, pairs[0], None),
        recorded=_gathered(tables, pairs[1], None),
        mislabelled=bool(tables.mistaken.any()),
        within={
            attribute: tuple(
                (_gathered(tables, pairs[0], first), _gathered(tables, pairs[1], first))
                for first in _level_given_stratum(tables.strata, attribute, drawn)
            )
            for attribute in within_attributes(dials)
        },
    )


def _cell_ends(dials: CaseLinkageDials, tables: Tables, split: str) -> npt.NDArray[np.uint32]:
    shares = [Fraction(1)]
    for levels in dials.groups.values():
        shares = [share * exactly(level) for share in shares for level in levels.values()]
    if split == "train" and "under_representation" in tables.members:
        kept = 1 - exactly(dials.harms.under_representation.size)
        member = tables.members["under_representation"][tables.strata.of_cell].tolist()
        shares = [share * kept if is_member else share for share, is_member in zip(shares, member, strict=True)]
        total = sum(shares)
        shares = [share / total for share in shares]
    return ends(shares)


def _records(dials: CaseLinkageDials, tables: Tables, stratum: int, split: str) -> npt.NDArray[np.uint32]:
    shares = [exactly(share) for share in dials.entities.records]
    if "base_rate" in tables.members and tables.members["base_rate"][stratum]:
        more = exactly(dials.harms.base_rate.size)
        below = [Fraction(0), *shares[:-1]]
        last = len(shares) - 1
        shares = [share * (1 - more if i < last else 1) + more * less for i, (share, less) in enumerate(zip(shares, below, strict=True))]
    if split == "shifted":
        single = exactly(dials.harms.prevalence_shift.size)
        shares = [shares[0] + single * (1 - shares[0]), *((1 - single) * share for share in shares[1:])]
    return ends(shares)


def _limits(dials: CaseLinkageDials, tables: Tables, channels: list[tuple[bool, ...]], split: str) -> npt.NDArray[np.uint64]:
    harms = dials.harms
    named = [harm for harm in CHANNEL_HARMS if harm in tables.members]
    drift = exactly(harms.drift.size) if split == "shifted" else Fraction(0)
    edits = [Fraction(0)] if harms.obfuscation.off else [Fraction(0), exactly(harms.obfuscation.edited)]
    found = []
    for attribute in dials.attributes:
        rows, errors = [], dials.errors_in(attribute)
        for edited in edits:
            for belongs in channels:
                of = dict(zip(named, belongs, strict=True))
                lacks = of.get("missing", False) and attribute in harms.missing.attributes
                missing = exactly(errors.missing) + (exactly(harms.missing.size) if lacks else 0)
                replaced = exactly(errors.replaced) + drift + edited
                replaced += exactly(harms.separability.size) if of.get("separability", False) else 0
                upper = (missing, missing + replaced, missing + replaced + exactly(errors.neighbour))
                rows.append([threshold(share) for share in upper])
        found.append(rows)
    return np.array(found, dtype=np.uint64)


def _likelihoods(
    dials: CaseLinkageDials, tables: Tables, channels: list[tuple[bool, ...]], limits: npt.NDArray[np.uint64]
) -> tuple[Likelihood, ...]:
    named = [harm for harm in CHANNEL_HARMS if harm in tables.members]
    found = []
    for place, (attribute, values) in enumerate(dials.attributes.items()):
        chance = tables.moved / ONE_32 if attribute == dials.harms.proxy.attribute else 0.0
        moved = [chance if dict(zip(named, belongs, strict=True)).get("proxy", False) else 0.0 for belongs in channels]
        moved *= limits.shape[1] // len(channels)
        weights = np.array(weights_of(values, dials.flatness), dtype=np.int64)
        found.append(likelihood(weights, limits[place], np.array(moved)))
    return tuple(found)


def _gathered(tables: Tables, pairs: Weights, first: Floats | None) -> Weights:
    by_channel = pairs.gathered(tables.channel, tables.plain_channels, first)
    return by_channel.split(tables.edited / ONE_32) if tables.edited else by_channel


def _level_given_stratum(strata: Strata, attribute: str, drawn: Floats) -> list[Floats]:
    """For each level of the attribute: [strata] chance of it inside a stratum."""
    sizes = [len(strata.levels[name]) for name in strata.attributes]
    axis = strata.attributes.index(attribute)
    shares = np.moveaxis(drawn.reshape(sizes), axis, 0).reshape(sizes[axis], -1)
    numbers = np.moveaxis(strata.of_cell.reshape(sizes), axis, 0).reshape(sizes[axis], -1)
    found = np.zeros((sizes[axis], len(strata)))
    for level in range(sizes[axis]):
        for share, stratum in zip(shares[level].tolist(), numbers[level].tolist(), strict=True):
            found[level, stratum] += share
    totals = np.array([added(found[:, stratum].tolist()) for stratum in range(len(strata))])
    return [row / totals for row in found]
