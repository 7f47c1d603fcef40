"""Counterfactual twins and perturbed copies of test items: the same item with one thing changed, and its true chances given that.

marker: as if the people concerned belonged to the other side of the proxy's group: the last number moved by the proxy's size, all else the
same (only where the proxy is on; no group is among the numbers otherwise, so nothing could be changed). noise: every hidden coordinate
moved at random. lost: some of the shared coordinates replaced by noise, the form that missing values take where numbers are mixtures.
Chances are those of an item of which this copy is all that is known, its kind included; closed form, as for the items.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bell import bell
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import ONE_16, exactly, happens, threshold
from evalharness.benchmarks.families.severity_grading.coordinates import MARKER, SHARED, SIZE
from evalharness.benchmarks.families.severity_grading.dials import SeverityGradingDials
from evalharness.benchmarks.families.severity_grading.posterior import Posterior, posterior
from evalharness.benchmarks.families.severity_grading.rows import Items
from evalharness.benchmarks.families.severity_grading.shifts import ratios
from evalharness.benchmarks.families.severity_grading.tables import Part, SplitTables, Tables
from evalharness.records import CopyKind

COPIED = "test"
_CHOSEN, _NOISE, _LOST = range(6, 9)
"""Streams of random bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """One kind of copy of some items of a block."""

    kind: str
    of: npt.NDArray[np.int64]
    """Places in the block of the items copied."""
    coordinates: npt.NDArray[np.int16]
    """[64, copies]"""
    known: Posterior


def chosen(dials: SeverityGradingDials, place: Place) -> npt.NDArray[np.int64]:
    """Places in the block of the items that have copies; none outside `test`."""
    if place.name != COPIED or not dials.copies.share:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(happens(_bits(dials, place, _CHOSEN).draw32(BLOCK_ROWS)[: place.rows], threshold(exactly(dials.copies.share))))


def kinds(dials: SeverityGradingDials) -> tuple[CopyKind, ...]:
    """The kinds of copies, in their order; none where no item has any."""
    if not dials.copies.share:
        return ()
    proxy = dials.harms.proxy
    marker = CopyKind(name="marker", of=tuple(sorted(proxy.of)), changed="only the number changed that tells of a group")
    return (
        *((marker,) if proxy.of and proxy.size else ()),
        CopyKind(name="noise", changed="every number moved a little at random"),
        CopyKind(name="lost", changed="some numbers replaced by chance ones"),
    )


def copies(dials: SeverityGradingDials, tables: Tables, place: Place, made: Items) -> list[Copies]:
    """The block's copies, kind by kind."""
    of = chosen(dials, place)
    if not len(of):
        return []
    split, same = tables.splits[place.split], made.coordinates[:, of]
    step = noise_steps(dials).take(_bits(dials, place, _NOISE).draw16(SIZE * len(of)).reshape(len(of), SIZE).T)
    fresh = bell().lookup.take(_bits(dials, place, _LOST).draw16(dials.copies.lost * len(of)).reshape(len(of), dials.copies.lost).T)
    lost = SHARED[: dials.copies.lost]
    replaced = same.copy()
    replaced[list(lost)] = fresh
    found = [
        _known("noise", of, same + step, split, _blurred(dials, split)),
        _known("lost", of, replaced, split, tuple(replace(p, rows=tuple(r for r in p.rows if r not in lost)) for p in split.parts)),
    ]
    if "proxy" in tables.members:
        other = same.copy()
        away = np.where(tables.members["proxy"][made.strata[of]], -1, 1)
        other[MARKER] += (away * marker_steps(split)).astype(np.int16)
        found.insert(0, _known("marker", of, other, split, _on_the_other_side(split)))
    return found


def _bits(dials: SeverityGradingDials, place: Place, stream: int) -> Bits:
    return Bits(dials.seed, split=place.split, block=place.number, stream=stream)


def _known(kind: str, of: npt.NDArray[np.int64], moved: npt.NDArray[np.int16], split: SplitTables, parts: tuple[Part, ...]) -> Copies:
    return Copies(kind=kind, of=of, coordinates=moved, known=posterior(split, parts, moved))


def marker_steps(split: SplitTables) -> int:
    """How far the proxy's group moves the last coordinate."""
    moved = next(part for part in split.parts if part.name == "marker").shifts
    return int(moved[np.abs(moved).argmax()])


def _on_the_other_side(split: SplitTables) -> tuple[Part, ...]:
    """The same parts when the marker stands at what it is for the others."""
    return tuple(part if part.name != "marker" else _mirrored(part, marker_steps(split)) for part in split.parts)


def _mirrored(part: Part, most: int) -> Part:
    mirrored, lowest = ratios(bell().weights, most - part.classes)
    return replace(part, classes=most - part.classes, ratios=mirrored, lowest=lowest)


def noise_steps(dials: SeverityGradingDials) -> npt.NDArray[np.int16]:
    """[65,536] 16 random bits -> steps; as even as whole numbers of draws can be."""
    span = 2 * dials.copies.noise + 1
    return (np.arange(ONE_16) * span // ONE_16 - dials.copies.noise).astype(np.int16)


def _blurred(dials: SeverityGradingDials, split: SplitTables) -> tuple[Part, ...]:
    """The same parts when every coordinate has the bell's noise and the copy's."""
    more = np.bincount(noise_steps(dials).astype(np.int64) + dials.copies.noise)
    weights = np.convolve(bell().weights, more)
    found = []
    for part in split.parts:
        blurred, lowest = ratios(weights, part.classes)
        found.append(replace(part, ratios=blurred, lowest=lowest))
    return tuple(found)
