"""The method of an estimate in words, with every parameter; and alpha from a level."""

from __future__ import annotations

from collections.abc import Iterable

from evalharness.stats.gap_rules import ADMISSIBLE, DIRECTIONS, EARLIEST, SPARE, GapRule
from evalharness.stats.uneven import BEYOND

_DIRECTIONS = f", at {SPARE!r} z, limits also in directions {'/'.join(f'{t:g}' for t in DIRECTIONS)}"


_KISH = ", n_eff=kish"
_SECOND = ", by_size="
_BY_SIZE = f"{_SECOND}fay-feuer(1+{BEYOND:g}c)"
KISH = _KISH + _BY_SIZE
"""Of a bound at Kish's number that is the widest by size already."""
_BY_SIDE = ", enough of every true class"


def alpha_of(level: float) -> float:
    """1 - level without the binary dust (0.05, not 0.050000000000000044). Raises ValueError unless 0 < level < 1."""
    if not 0 < level < 1:
        raise ValueError(f"the level must lie strictly between 0 and 1, got {level!r}")
    return round(1.0 - level, 12)


def clopper_pearson(level: float, clustered: bool, *, by_size: bool = True) -> str:
    """`clopper-pearson(one-sided, alpha=0.05)`, with `n_eff=kish` for clusters. `by_size`: and a second pair, `stats.uneven`."""
    return f"clopper-pearson(one-sided, alpha={alpha_of(level)!r}{_kish(clustered, by_size)})"


def stratified(level: float, clustered: bool, strata: int, *, by_size: bool = True) -> str:
    """Bounds of a weighted sample: the part and the rest of each stratum are bounded apart, as numbers."""
    inside = f"alpha={alpha_of(level)!r}/{2 * strata}, strata={strata}{_kish(clustered, by_size)}, weights=1/inclusion"
    return f"stratified garwood(one-sided, {inside})"


def ladder(level: float, clustered: bool, rises: int, *, by_size: bool = True) -> str:
    """Bounds of a mean of few values; exact where there is but one."""
    if not rises:
        return "exact(every outcome costs the same)"
    return f"cost-ladder(clopper-pearson one-sided, alpha={alpha_of(level)!r}/{rises}{_kish(clustered, by_size)})"


def gap(
    level: float, clustered: bool, pairs: int, *, ratio: bool, spanned: bool = False, rule: GapRule = ADMISSIBLE, by_size: bool = True
) -> str:
    """Bounds of a difference or ratio between groups; Holm's first step runs over `pairs`. `spanned`: clusters have items in several."""
    guarded = rule.guarded and not spanned
    name = f"{'ratio' if ratio else 'difference'}-of-limits" if spanned else "mover-and-limits" if guarded else "mover"
    if not pairs:
        return f"{name}(no pair of groups to compare)"
    deciding, contrary = ("lower: smallest", "upper") if ratio else ("upper: largest", "lower")
    return (
        f"{name}(clopper-pearson one-sided, alpha={alpha_of(level)!r}{_kish(clustered, by_size)}"
        f"{', clusters span groups' if spanned else ''}{_DIRECTIONS if guarded else ''}; {deciding} of {pairs} ordered pairs; "
        f"{contrary}: {'mover, ' if guarded else ''}holm first step, alpha={alpha_of(level)!r}/{pairs})"
    )


def gap_rule(recorded: Iterable[str]) -> GapRule:
    """The rule by which gaps of these methods were bounded: the earliest where they are plain MOVER's, and no later one is among them."""
    names = {method.partition("(")[0] for method in recorded}
    return EARLIEST if "mover" in names and "mover-and-limits" not in names else ADMISSIBLE


def delta(level: float, clustered: bool, scale: str, *, by_side: bool = True) -> str:
    """An asymptotic interval on a transformed scale; describes, never decides. `by_side`: drawn with enough of every true class only."""
    over = "clusters" if clustered else "items"
    return f"delta(scale={scale}, one-sided, alpha={alpha_of(level)!r}, variance=linearised over {over}{_BY_SIDE if by_side else ''})"


def asked_by_side(recorded: Iterable[str]) -> bool:
    """Whether intervals of these methods were drawn with enough of every true class only: so they are, but for the earliest."""
    return all(_BY_SIDE in method for method in recorded if method.startswith("delta(scale="))


def discordant(level: float, clustered: bool, *, by_size: bool = True) -> str:
    """Bounds of how much more often one model is wrong than another on the same items."""
    alpha = f"alpha={alpha_of(level)!r}"
    return (
        f"discordant-bound(upper: clopper-pearson of the share lost, one-sided, {alpha}{_kish(clustered, by_size)}; "
        f"lower: share lost less share gained, clopper-pearson each, {alpha}/2{_kish(clustered, by_size)})"
    )


def at_prevalence(level: float, clustered: bool, prevalence: float, *, by_size: bool = True) -> str:
    """Bounds of a share at another prevalence, from the limits of a rate of each class."""
    return (
        f"prevalence-shift(prevalence={prevalence!r}, limits of the limits: clopper-pearson one-sided, alpha={alpha_of(level)!r} "
        f"in each class{_kish(clustered, by_size)}; assumes that within each class answers and the mix of groups are as here)"
    )


def weighted(strata: int) -> str:
    """A value at the counts that a weighted sample stands for; describes, and has no interval."""
    return f"weighted counts(strata={strata}, weights=1/inclusion)"


def asked_by_size(recorded: Iterable[str]) -> bool:
    """Whether bounds of these methods have a second pair where clusters are unequal: so they have, but for the earliest."""
    return all(_SECOND in method for method in recorded if _KISH in method)


def kish(clustered: bool) -> str:
    """What stands in a method for items in clusters, today; empty for independent ones."""
    return _kish(clustered, by_size=True)


def _kish(clustered: bool, by_size: bool) -> str:
    return (_KISH + (_BY_SIZE if by_size else "")) if clustered else ""
