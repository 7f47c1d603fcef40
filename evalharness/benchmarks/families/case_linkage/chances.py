"""What a pair of records may be before its values are seen: of one entity or of two, and of which channels, each with its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.moments import Floats, OfOne, OfTwo, of_one, of_two


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistakes:
    """What happens to the recorded entity of a record; each [strata]."""

    filed: Floats
    """Chance of being filed under the entity of a record of the region drawn at random (which may be its own)."""
    loose: Floats
    """Chance of being cut loose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Expected ordered pairs of a region, by the strata of their entities or, once gathered, by channel."""

    copied: Floats
    """[strata] of one entity, and both are the same record copied."""
    apart: Floats
    """[strata] of one entity otherwise: two copies of its values, independent given them."""
    different: Floats
    """[strata, strata] of two entities."""

    def gathered(self, channel: npt.NDArray[np.int64], channels: int, first: Floats | None = None) -> Weights:
        """By channel; `first` [strata] is how much a pair counts by the stratum of its first record."""
        counts = np.ones(len(channel)) if first is None else first
        copied, apart, different = np.zeros(channels), np.zeros(channels), np.zeros((channels, channels))
        for stratum, of in enumerate(channel.tolist()):
            copied[of] += self.copied[stratum] * counts[stratum]
            apart[of] += self.apart[stratum] * counts[stratum]
            for other, of_other in enumerate(channel.tolist()):
                different[of, of_other] += self.different[stratum, other] * counts[stratum]
        return Weights(copied=copied, apart=apart, different=different)

    def split(self, share: float) -> Weights:
        """[2 strata]: every stratum without (first) and with a mark that entities have with chance `share`, whatever else they are."""
        own = np.array([1 - share, share])
        strata = len(self.apart)
        both = (self.different[None, :, None, :] * own[:, None, None, None]) * own[None, None, :, None]
        return Weights(
            copied=(own[:, None] * self.copied).reshape(-1),
            apart=(own[:, None] * self.apart).reshape(-1),
            different=both.reshape(2 * strata, 2 * strata),
        )


def pairs_of(chances: Floats, size: int, repeats: float, mistakes: Mistakes) -> tuple[Weights, Weights]:
    """(all pairs by what they are, pairs recorded as one entity by what they are).

    chances: [records, strata] of an entity. repeats: chance that a record after the first repeats it exactly.
    """

    def copied(k: int) -> float:
        return 2 * ((k - 1) * repeats + (k - 1) * (k - 2) / 2 * (repeats * repeats))

    def apart(k: int) -> float:
        return k * (k - 1) - copied(k)

    ones = [of_one(chances, size, pairs) for pairs in (copied, apart)]
    two = of_two(chances, size)
    recorded = [_recorded_of_one(one, size, mistakes) for one in ones]
    return (
        Weights(copied=ones[0].plain, apart=ones[1].plain, different=two.plain),
        Weights(copied=recorded[0], apart=recorded[1], different=_recorded_of_two(two, size, mistakes)),
    )


def _recorded_of_one(pairs: OfOne, size: int, mistakes: Mistakes) -> Floats:
    """Both stay; one stays and the other is filed under a record of the same entity; both are filed under one entity."""
    filed = mistakes.filed
    stays = 1 - filed - mistakes.loose
    by_region = filed * filed / (size * size) * pairs.by_region
    return stays * stays * pairs.plain + 2 * stays * filed / size * pairs.by_records + by_region


def _recorded_of_two(pairs: OfTwo, size: int, mistakes: Mistakes) -> Floats:
    """One stays and the other is filed under its entity; both are filed under one entity."""
    filed = mistakes.filed
    stays = 1 - filed - mistakes.loose
    first = filed[:, None] * stays[None, :] / size * pairs.by_records
    second = stays[:, None] * filed[None, :] / size * pairs.by_records.T
    return first + second + filed[:, None] * filed[None, :] / (size * size) * pairs.by_region


def entity_chances(records: Sequence[Floats], shares: Floats) -> Floats:
    """[records, strata]: chance that an entity has so many records and is of that stratum; `records` [strata][records]."""
    return np.ascontiguousarray(np.stack([own * share for own, share in zip(records, shares.tolist(), strict=True)], axis=1))
