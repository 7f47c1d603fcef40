"""Which settings of a recipe's dials a stress run tries, and with what seeds. Follows from the recipe alone."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.benchmarks.stressing import size_within
from evalharness.digests import canonical_json, sha256_bytes
from evalharness.records.stress import StressDial, StressSetting
from evalharness.stats.space_filling import space_filling

OWN = "own"
SAMPLER = "scrambled Sobol sequence (scipy.stats.qmc.Sobol), mapped evenly to the declared ranges"
_SEED_BYTES = 6
"""48 bits: every such seed is one that a recipe may have."""
_DOMAIN = b"evalharness/stress/seed/v1\n"


def derived_seed(recipe: str, seed: int, name: str) -> int:
    """The seed of a setting: the first 48 bits of SHA-256 of the recipe's digest, its seed and the setting's name."""
    digest = sha256_bytes(_DOMAIN + canonical_json({"name": name, "recipe": recipe, "seed": seed}))
    return int(digest.removeprefix("sha256:")[: 2 * _SEED_BYTES], 16)


def own_setting(dials: Sequence[StressDial], recipe: str, seed: int) -> StressSetting:
    """The recipe's own sizes."""
    return StressSetting(name=OWN, sizes=_sizes({dial.name: dial.own for dial in dials}), seed=derived_seed(recipe, seed, OWN))


def design(dials: Sequence[StressDial], settings: int, recipe: str, seed: int) -> tuple[StressSetting, ...]:
    """`settings` settings that fill the plausible ranges; dials whose range is one size have that size. More begin with the same ones."""
    free = [dial for dial in dials if dial.low < dial.high]
    points = space_filling(settings, len(free), derived_seed(recipe, seed, "design"))
    found = []
    for number, point in enumerate(points.tolist(), start=1):
        name = f"setting-{number:04d}"
        sizes = {dial.name: dial.low for dial in dials} | {
            dial.name: size_within(dial, part) for dial, part in zip(free, point, strict=True)
        }
        found.append(StressSetting(name=name, sizes=_sizes(sizes), seed=derived_seed(recipe, seed, name)))
    return tuple(found)


def turned(own: StressSetting, dial: str, size: float) -> StressSetting:
    """One dial turned, all others and the seed as in the recipe's own setting: what differs is the dial's doing, not chance."""
    return StressSetting(name=f"{dial}={size:g}", sizes=_sizes({**dict(own.sizes), dial: size}), seed=own.seed)


def _sizes(sizes: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(sizes.items()))
