"""The chance that two records are of one entity, given the values of both: closed form, for the pair taken alone.

Before the values are seen, two records drawn at random from a region are of one entity, or of two, with the weights of `chances`. Values
of one entity go together through its true value, which is summed over. That a pair is a candidate follows from its values, and the
region's size is the recipe's, so nothing else is known of it. A model that looks at all records of a region together knows more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.chances import Weights
from evalharness.benchmarks.families.case_linkage.moments import Floats
from evalharness.benchmarks.families.case_linkage.pairs import Pairs
from evalharness.benchmarks.families.case_linkage.rows import Codes, Ints
from evalharness.benchmarks.families.case_linkage.tables import SplitTables
from evalharness.benchmarks.families.ingredients.joint import in_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How likely the values are."""

    pairs: Pairs
    alone: Floats
    """[channels, records] of each record's values."""
    together: Floats
    """[channels, pairs] of both records' values, copied from the same true ones."""
    identical: Ints
    """Pairs whose records do not differ in any attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Of each pair, in whole steps of the grid."""

    recorded: npt.NDArray[np.int32]
    """P(recorded as one entity | values)."""
    clean: npt.NDArray[np.int32]
    """P(of one entity | values)."""


def see(split: SplitTables, values: Codes, pairs: Pairs) -> Seen:
    """Likelihoods: products over the attributes from first to last."""
    alone = np.ones((values.shape[1], split.limits.shape[1]))
    together = np.ones((len(pairs.left), split.limits.shape[1]))
    identical = np.ones(len(pairs.left), dtype=bool)
    for likelihood, own in zip(split.likelihoods, values, strict=True):
        alone *= np.take(likelihood.one, own, axis=0)
        left, right = own[pairs.left].astype(np.int64), own[pairs.right]
        together *= np.take(likelihood.two, left * likelihood.codes + right, axis=0)
        identical &= left == right
    return Seen(
        pairs=pairs,
        alone=np.ascontiguousarray(alone.T),
        together=np.ascontiguousarray(together.T),
        identical=np.flatnonzero(identical),
    )


def chances(split: SplitTables, seen: Seen) -> Chances:
    """Of all pairs."""
    every = np.zeros(seen.alone.shape[1], dtype=np.int64)
    same, different = _masses([split.all_pairs], every, seen)
    clean = in_steps(same, same + different)
    if not split.mislabelled:
        return Chances(recorded=clean, clean=clean)
    one, two = _masses([split.recorded], every, seen)
    return Chances(recorded=in_steps(one + two, same + different), clean=clean)


def within(split: SplitTables, attribute: str, levels: Codes, seen: Seen) -> npt.NDArray[np.int32]:
    """P(recorded as one entity | values, level of the left record's entity). levels: [records]."""
    same, different = _masses([every for every, _ in split.within[attribute]], levels, seen)
    if not split.mislabelled:
        return in_steps(same, same + different)
    one, two = _masses([recorded for _, recorded in split.within[attribute]], levels, seen)
    return in_steps(one + two, same + different)


def _masses(weights: list[Weights], kind: npt.NDArray[np.integer], seen: Seen) -> tuple[Floats, Floats]:
    """Weight times likelihood of being of one entity, and of two; channels added up from first to last.

    kind: [records] which of the weights count for pairs whose left record it is.
    """
    left, right = seen.pairs.left, seen.pairs.right
    alike = left[seen.identical]
    firsts = _firsts(weights, kind, seen.alone)
    same, other = np.zeros(len(left)), np.zeros(len(left))
    for channel, (alone, together) in enumerate(zip(seen.alone, seen.together, strict=True)):
        same += _of([each.apart[channel] for each in weights], kind, left) * together
        copied = [each.copied[channel] for each in weights]
        if any(copied):
            same[seen.identical] += _of(copied, kind, alike) * alone[alike]
        other += firsts[channel][left] * alone[right]
    return same, other


def _firsts(weights: list[Weights], kind: npt.NDArray[np.integer], alone: Floats) -> Floats:
    """[channels of the second record, records] likelihood of the first record's values in all channels, weighted."""
    found = np.zeros(alone.shape)
    for number, each in enumerate(weights):
        rows = np.arange(alone.shape[1]) if len(weights) == 1 else np.flatnonzero(kind == number)
        own = alone[:, rows]
        for channel in range(len(alone)):
            total = np.zeros(len(rows))
            for weight, of_channel in zip(each.different[:, channel].tolist(), own, strict=True):
                total += weight * of_channel
            found[channel, rows] = total
    return found


def _of(values: list[float], kind: npt.NDArray[np.integer], rows: Ints) -> Floats | float:
    """The value of each row's kind; one number where it is the same for all."""
    if all(value == values[0] for value in values[1:]):
        return values[0]
    found: Floats = np.array(values)[kind[rows]]
    return found
