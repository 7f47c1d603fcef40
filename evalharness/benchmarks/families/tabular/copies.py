"""Counterfactual twins and perturbed copies of test items: the same item with one thing changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.families.family import BLOCK_ROWS, OtherTable, Place, Table
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.columns import coded, numbered
from evalharness.benchmarks.families.ingredients.copied import under_fresh_ids
from evalharness.benchmarks.families.ingredients.joint import GRID
from evalharness.benchmarks.families.ingredients.shares import ONE_16, exactly, happens, threshold
from evalharness.benchmarks.families.tabular.dials import TabularDials
from evalharness.benchmarks.families.tabular.output import received
from evalharness.benchmarks.families.tabular.posterior import known
from evalharness.benchmarks.families.tabular.rows import Codes, Items
from evalharness.benchmarks.families.tabular.tables import Feature, Tables
from evalharness.benchmarks.families.tabular.told import noise_steps, other_levels, told
from evalharness.records import CopyKind

STREAM = 8
COPIED = "test"
TWINS, TWIN_TRUTH = "twins", "twin_truth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Copies of some items of a block, kind by kind; arrays have one entry a copy."""

    kinds: tuple[str, ...]
    kind: npt.NDArray[np.int64]
    """Place in `kinds`."""
    of: npt.NDArray[np.int64]
    """Place in the block of the item copied."""
    codes: tuple[Codes, ...]
    weeks: npt.NDArray[np.int64]


def other_tables(features: tuple[str, ...], truths: tuple[str, ...] = ()) -> tuple[OtherTable, ...]:
    """The two tables of copies; `truths` are further secret columns of the family."""
    about = "Copies of some items of test with one thing changed: the proxy's level, noise, values removed, numbers drawn anew."
    secret = (
        "Which item each copy was made of, and the true chance that this item is recorded as positive, given only the copy and its kind"
        f"{'; its level is that of the item' if 'band' in truths else ''}."
    )
    return (
        OtherTable(name=TWINS, secret=False, columns=("item_id", "kind", *features), about=about),
        OtherTable(name=TWIN_TRUTH, secret=True, columns=("item_id", "of", "posterior", *truths), about=secret),
    )


def kinds(dials: TabularDials) -> tuple[CopyKind, ...]:
    """The kinds of copies, in their order; none where no item has any."""
    if not dials.copies.share:
        return ()
    proxy = dials.harms.proxy
    twin = CopyKind(name="proxy", of=tuple(sorted(proxy.of)), changed="only the feature changed that tells of a group")
    return (
        *((twin,) if proxy.feature else ()),
        CopyKind(name="noise", changed="numbers moved a little at random"),
        CopyKind(name="missing", changed="some values missing"),
        CopyKind(name="obfuscation", changed="some numbers made to look ordinary"),
    )


def copies(dials: TabularDials, tables: Tables, place: Place, made: Items) -> Copies | None:
    """The block's copies; none outside `test`."""
    if place.name != COPIED or not dials.copies.share:
        return None
    bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM)
    of = np.flatnonzero(happens(bits.draw32(BLOCK_ROWS)[: len(made.clean)], threshold(exactly(dials.copies.share))))
    own = tuple(codes[of] for codes in made.codes)
    kinds = tuple(kind for kind in _CHANGES if kind != "proxy" or dials.harms.proxy.feature)
    changed = [_CHANGES[kind](dials, tables, own, bits) for kind in kinds]
    return Copies(
        kinds=kinds,
        kind=np.repeat(np.arange(len(kinds)), len(of)),
        of=np.tile(of, len(kinds)),
        codes=tuple(np.concatenate(parts) for parts in zip(*changed, strict=True)),
        weeks=np.tile(made.weeks[of], len(kinds)),
    )


def copied(dials: TabularDials, tables: Tables, place: Place, part: Copies, **truths: Any) -> dict[str, Table]:
    """Both tables; `truths` has the family's own columns, one entry a copy."""
    split = tables.splits[place.split]
    shown = {"kind": coded(part.kind, part.kinds), **received(tables, split, part.codes, part.weeks)}
    secret = {"of": numbered("item-", part.of + place.first), "posterior": pa.array(_chances(dials, tables, place, part)), **truths}
    of = part.of[part.kind == 0]
    return dict(zip((TWINS, TWIN_TRUTH), under_fresh_ids(dials.seed, place, part.kinds, of, (shown, secret)), strict=True))


def _chances(dials: TabularDials, tables: Tables, place: Place, part: Copies) -> npt.NDArray[np.float64]:
    """Of the item's recorded label, given the copy and its kind."""
    found = []
    for number, kind in enumerate(part.kinds):
        chosen = part.kind == number
        codes = tuple(own[chosen] for own in part.codes)
        found.append(known(told(dials, tables, kind), tables.splits[place.split], codes, part.weeks[chosen]).of_recorded())
    return np.concatenate(found) / GRID


def _proxy(dials: TabularDials, tables: Tables, own: tuple[Codes, ...], bits: Bits) -> tuple[Codes, ...]:
    """Towards the group, or away from it to a level drawn by the recipe's shares among the others."""
    toward, others = other_levels(dials)
    drawn = others.take(bits.draw16(len(own[0])))
    return _changed(tables, own, {dials.harms.proxy.feature: lambda _, codes: np.where(codes == toward, drawn, toward)})


def _noise(dials: TabularDials, tables: Tables, own: tuple[Codes, ...], bits: Bits) -> tuple[Codes, ...]:
    steps = noise_steps(dials)

    def moved(feature: Feature, codes: Codes) -> npt.NDArray[Any]:
        step = steps.take(bits.draw16(len(codes)))
        return np.where(codes == 0, 0, np.clip(codes + step, 1, len(feature.numbers) - 1))

    return _changed(tables, own, dict.fromkeys(dials.numeric, moved))


def _missing(dials: TabularDials, tables: Tables, own: tuple[Codes, ...], bits: Bits) -> tuple[Codes, ...]:
    limit = threshold(exactly(dials.copies.missing))

    def removed(feature: Feature, codes: Codes) -> npt.NDArray[Any]:
        gone = happens(bits.draw32(len(codes)), limit)
        return np.where(gone, 0, codes) if feature.can_miss else codes

    return _changed(tables, own, dict.fromkeys(dials.features(), removed))


def _obfuscation(dials: TabularDials, tables: Tables, own: tuple[Codes, ...], bits: Bits) -> tuple[Codes, ...]:
    limit = threshold(exactly(dials.copies.obfuscation))

    def redrawn(feature: Feature, codes: Codes) -> npt.NDArray[Any]:
        anew = happens(bits.draw32(len(codes)), limit)
        drawn = feature.lookup.take(feature.plain * ONE_16 + bits.draw16(len(codes)).astype(np.int64))
        return np.where(anew, drawn, codes)

    return _changed(tables, own, dict.fromkeys(dials.numeric, redrawn))


def _changed(
    tables: Tables, own: tuple[Codes, ...], change: Mapping[str, Callable[[Feature, Codes], npt.NDArray[Any]]]
) -> tuple[Codes, ...]:
    found = []
    for feature, codes in zip(tables.features, own, strict=True):
        changed = change[feature.name](feature, codes) if feature.name in change else codes
        found.append(changed.astype(np.uint8, copy=False))
    return tuple(found)


_CHANGES = {"proxy": _proxy, "noise": _noise, "missing": _missing, "obfuscation": _obfuscation}
"""proxy: the proxy feature at another level, and nothing else; noise: numbers moved a little; missing: some values removed;
obfuscation: some numbers drawn anew as for an item without the outcome. `told` knows what each kind does to a distribution."""
