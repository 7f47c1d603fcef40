"""Readings are of few kinds: who was right about what, shown what. One number a reading, and what each number means."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known, Readings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """[N] or [K] what is the case of each reading, or of each kind of reading."""

    first: Flags
    """It is the first reading of an item by this reviewer."""
    seeded: Flags
    blind: Flags
    labelled: Flags
    """Somebody knows what the item is."""
    relevant: Flags
    """It is labelled, and relevant."""
    answered: Flags
    """The classifier gave an answer."""
    selected: Flags
    """It answered, and relevant is what it said."""
    silent: Flags
    """The reviewer said nothing."""
    says: Flags
    """The reviewer said relevant."""
    same: Flags
    """The reviewer said what the classifier says, to the word."""
    read: Flags
    """It is in the log."""
    slow: Flags
    """It took longer than readings should."""

    @classmethod
    def of(cls, readings: Readings, known: Known, slowest: float) -> Self:
        """slowest: seconds; what takes longer is slow."""
        truth = known.labels[readings.item]
        least = known.relevant_from
        with np.errstate(invalid="ignore"):
            slow: Flags = readings.seconds > slowest
        return cls(
            first=readings.reading == 1, seeded=readings.seeded, blind=readings.blind, labelled=truth != NOTHING, relevant=truth >= least,
            answered=readings.shown != NOTHING, selected=readings.shown >= least, silent=readings.said == NOTHING,
            says=readings.said >= least, same=readings.said == readings.shown, read=readings.read, slow=slow,
        )  # fmt: skip

    @property
    def right(self) -> Flags:
        """The reviewer said what is so, on the side that counts."""
        found: Flags = self.labelled & ~self.silent & (self.says == self.relevant)
        return found

    @property
    def model_right(self) -> Flags:
        """The classifier likewise."""
        found: Flags = self.labelled & self.answered & (self.selected == self.relevant)
        return found

    @property
    def model_wrong(self) -> Flags:
        """It answered, and wrongly."""
        found: Flags = self.labelled & self.answered & (self.selected != self.relevant)
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kinds:
    """N readings of K kinds."""

    of: npt.NDArray[np.uint16]
    """[N] the kind of each."""
    number: npt.NDArray[np.int64]
    """[K] readings of each; all above 0."""
    facts: Facts
    """[K]."""

    def count(self, some: Flags) -> int:
        """Readings of some kinds, [K]."""
        return int(self.number[some].sum())


def kinds_of(readings: Readings, known: Known, slowest: float) -> Kinds:
    """slowest: seconds; what takes longer is slow. Of all 4,096 kinds that twelve facts could make a log has some dozens."""
    facts = Facts.of(readings, known, slowest)
    names = [field.name for field in fields(Facts)]
    bits = np.zeros(readings.number, dtype=np.uint16)
    for place, name in enumerate(names):
        bits |= getattr(facts, name).astype(np.uint16) << np.uint16(place)
    del facts
    counted = np.bincount(bits, minlength=1 << len(names))
    there = np.flatnonzero(counted)
    number = np.zeros(len(counted), dtype=np.uint16)
    number[there] = np.arange(len(there))
    told = {name: (there >> place & 1).astype(np.bool_) for place, name in enumerate(names)}
    return Kinds(of=number[bits], number=counted[there], facts=Facts(**told))


def counts_by_kind(codes: Ints, kinds: Kinds) -> npt.NDArray[np.int64]:
    """[K, C] readings of each kind by reviewer, or shift. codes: [N] below C."""
    number = int(codes.max(initial=0)) + 1
    place = kinds.of.astype(np.int64)
    place *= number
    place += codes
    return np.bincount(place, minlength=len(kinds.number) * number).reshape(len(kinds.number), number)
