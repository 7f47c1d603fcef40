"""The true posterior: P(grade | the 64 numbers), in closed form.

The numbers tell as much as the hidden coordinates (see `coordinates`). Given its code (stratum, hardness, grade) an item's coordinates are
independent of one another, so their chances multiply; coordinates that no code moves drop out. Strata and hardness, which a model does
not see, are summed over. The label mixes the clean grades by what the raters say of each code, enumerated in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients import joint
from evalharness.benchmarks.families.severity_grading.raters import GRADES
from evalharness.benchmarks.families.severity_grading.tables import Part, SplitTables

Floats = npt.NDArray[np.float64]
Chances = npt.NDArray[np.int32]
_ITEMS = 4_096
"""Items at a time, so that their weights stay near the processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """[grades, items] in millionths, grades rising."""

    label: Chances
    clean: Chances
    within: tuple[Chances, ...]
    """P(label | numbers, own level), for each of the attributes asked for."""


def posterior(
    split: SplitTables, parts: Sequence[Part], moved: npt.NDArray[np.int16], own: Sequence[tuple[str, npt.NDArray[np.uint8]]] = ()
) -> Posterior:
    """`parts`: the coordinates that count; `moved` [64, items]; `own`: (attribute, the items' level codes)."""
    items = moved.shape[1]
    found = np.empty(((2 + len(own)) * GRADES, items), dtype=np.int32)
    for start in range(0, items, _ITEMS):
        here = slice(start, min(start + _ITEMS, items))
        weights = _weights(parts, moved[:, here])
        both = _added_up(weights, split.priors)
        found[:GRADES, here] = _chances(both[:GRADES])
        found[GRADES : 2 * GRADES, here] = _chances(both[GRADES:])
        for place, (attribute, codes) in enumerate(own, start=2):
            found[place * GRADES : (place + 1) * GRADES, here] = _chances(_inside(weights, split.within[attribute], codes[here]))
    blocks = found.reshape(-1, GRADES, items)
    return Posterior(label=blocks[0], clean=blocks[1], within=tuple(blocks[2:]))


def _weights(parts: Sequence[Part], moved: npt.NDArray[np.int16]) -> Floats:
    """[classes, items]: products over the coordinates in their stated order."""
    found: Floats | None = None
    for part in parts:
        for row in part.rows:
            chances = part.ratios.take(moved[row].astype(np.int64) - part.lowest, axis=0)
            if found is None:
                found = chances
            else:
                found *= chances
    assert found is not None  # noqa: S101 - the shared part is always there
    return np.ascontiguousarray(found.T)


def _added_up(weights: Floats, priors: Floats) -> Floats:
    """[columns of the priors, items]: classes added up from first to last."""
    found = np.zeros((priors.shape[1], weights.shape[1]))
    for place in np.flatnonzero(priors.any(axis=1)).tolist():
        found += weights[place] * priors[place][:, None]
    return found


def _inside(weights: Floats, within: Floats, codes: npt.NDArray[np.uint8]) -> Floats:
    found = np.empty((GRADES, weights.shape[1]))
    for level, priors in enumerate(within):
        chosen = np.flatnonzero(codes == level)
        found[:, chosen] = _added_up(weights[:, chosen], priors)
    return found


def _chances(weights: Floats) -> Chances:
    """Each rounded by itself."""
    total = weights[0].copy()
    for row in weights[1:]:
        total += row
    return joint.in_steps(weights, total)
