"""The true chance of the outcome, given exactly what a model receives: the features, what of them is missing, and the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.joint import in_steps
from evalharness.benchmarks.families.tabular.rows import Codes, Numbers
from evalharness.benchmarks.families.tabular.tables import Floats, Split, Tables

_SITUATIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Weights of every (label, stratum); a list for each label of arrays with one entry an item."""

    tables: Tables
    split: Split
    none: list[Floats]
    having: list[Floats]

    def of_clean(self) -> npt.NDArray[np.int32]:
        """Chance of the outcome in millionths."""
        return _steps(_sum(self.having), _sum(self.none))

    def of_recorded(self) -> npt.NDArray[np.int32]:
        """Chance that it is recorded, in millionths."""
        return _steps(*self._recorded(self.having, self.none))

    def within(self, attribute: str, levels: Codes) -> npt.NDArray[np.int32]:
        """Chance that it is recorded, given also each item's own level, in millionths."""
        table = self.split.within[attribute]
        having, none = [], []
        for stratum in range(len(self.none)):
            scale = table[:, stratum].take(levels)
            having.append(self.having[stratum] * scale)
            none.append(self.none[stratum] * scale)
        return _steps(*self._recorded(having, none))

    def _recorded(self, having: Sequence[Floats], none: Sequence[Floats]) -> tuple[Floats, Floats]:
        flips = self.tables.flip_chances
        yes, no = [], []
        for stratum, (gained, lost) in enumerate(flips.tolist()):
            if gained == lost == 0:
                yes.append(having[stratum])
                no.append(none[stratum])
            else:
                yes.append(having[stratum] * (1 - lost) + none[stratum] * gained)
                no.append(having[stratum] * lost + none[stratum] * (1 - gained))
        return _sum(yes), _sum(no)


def known(tables: Tables, split: Split, codes: Sequence[Codes], weeks: Numbers) -> Known:
    """Products over the features in stored order, component by component; sums over what nobody sees, in ascending order."""
    by_pattern = [_products(tables, split, place, codes) for place in range(len(tables.patterns))]
    weights: list[list[Floats | None]] = [[None] * len(tables.strata) for _ in (0, 1)]
    for place, component in enumerate(split.active):
        prior = split.prior[:, place]
        weight = np.full(len(weeks), prior[0]) if len(prior) == 1 else prior.take(weeks)
        for pattern, products in zip(tables.patterns, by_pattern, strict=True):
            weight *= products[pattern[component]]
        label, stratum = divmod(component // _SITUATIONS, len(tables.strata))
        before = weights[label][stratum]
        weights[label][stratum] = weight if before is None else before + weight
    none = np.zeros(len(weeks))
    found = [[none if weight is None else weight for weight in of_label] for of_label in weights]
    return Known(tables=tables, split=split, none=found[0], having=found[1])


def _products(tables: Tables, split: Split, pattern: int, codes: Sequence[Codes]) -> dict[int, Floats]:
    """For each distribution of a pattern that occurs in the split: the product of its features' ratios."""
    occurring = sorted({int(tables.patterns[pattern][component]) for component in split.active})
    together: Floats | None = None
    for feature, own in zip(tables.features, codes, strict=True):
        if feature.pattern == pattern:
            ratios = np.ascontiguousarray(feature.ratios[occurring].T).take(own.astype(np.intp), axis=0)  # those of an item side by side
            if together is None:
                together = ratios
            else:
                together *= ratios
    assert together is not None  # noqa: S101 - a pattern is that of a feature
    return dict(zip(occurring, np.ascontiguousarray(together.T), strict=True))


def _sum(parts: Sequence[Floats]) -> Floats:
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def _steps(yes: Floats, no: Floats) -> npt.NDArray[np.int32]:
    return in_steps(yes, yes + no)
