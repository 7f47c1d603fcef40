"""The true posterior: P(relevant | tokens, channel, part of the year), in closed form.

Given label and stratum, tokens are independent of one another and of channel and period, so their chances multiply. Strata, which a
model does not see, are summed over by their share in the split. Recorded labels mix the clean ones by the recipe's error chances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients import joint
from evalharness.benchmarks.families.message_triage.tables import SplitTables, Tables, Usage

LABELS = 2
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a model receives of each message, and nothing else."""

    counts: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.integer]
    """Tokens of all messages, one after the other; their sorts where only counts are shown."""
    channel: npt.NDArray[np.int64]
    period: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Weights of recorded and clean labels. C = label * strata + stratum."""

    recorded: Floats
    """[messages, C]"""
    clean: Floats
    """[messages, C]"""

    def of_recorded(self) -> npt.NDArray[np.int32]:
        """P(recorded as relevant) in millionths."""
        return joint.chances(joint.by_label(self.recorded, LABELS))[:, 1]

    def of_clean(self) -> npt.NDArray[np.int32]:
        """P(relevant) in millionths."""
        return joint.chances(joint.by_label(self.clean, LABELS))[:, 1]

    def within(self, split: SplitTables, attribute: str, level: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
        """P(recorded as relevant, given also the message's own level of the attribute) in millionths."""
        given = split.strata.shares_within(attribute) / split.strata.shares
        return joint.chances(joint.by_label(self.recorded * np.tile(given, LABELS)[level], LABELS))[:, 1]


def posterior(tables: Tables, split: SplitTables, received: Received) -> Posterior:
    """Products over the positions from first to last, then channel, then the prior of label and stratum."""
    strata = split.strata
    weights = np.ones((len(received.counts), LABELS * len(strata)))
    if len(split.usages) == 1:
        weights = _of_tokens(split.usages[0], received.counts, received.tokens)
    else:
        of = np.repeat(received.period, received.counts)
        for period, usage in enumerate(split.usages):
            chosen = received.period == period
            weights[chosen] = _of_tokens(usage, received.counts[chosen], received.tokens[of == period])
    joint.take_in(weights, np.tile(tables.channel_chances, LABELS), received.channel)
    weights *= joint.prior_of(strata.shares.tolist(), split.prevalence)
    return Posterior(recorded=joint.observed(weights, LABELS, tables.flips), clean=weights)


def _of_tokens(usage: Usage, counts: npt.NDArray[np.int64], tokens: npt.NDArray[np.integer]) -> Floats:
    """[messages, C]. Messages sorted by length, so that short ones drop out; columns of the same distribution multiplied once."""
    _, first, column = np.unique(usage.row, return_index=True, return_inverse=True)
    ratios = np.ascontiguousarray(usage.ratios[:, first])
    order = np.argsort(-counts, kind="stable")
    starts = (np.cumsum(counts) - counts)[order]
    lengths = counts[order]
    found = np.ones((len(counts), ratios.shape[1]))
    for position in range(int(counts.max(initial=0))):
        longer = int(np.searchsorted(-lengths, -position, side="left"))
        found[:longer] *= ratios[tokens[starts[:longer] + position]]
    result = np.empty_like(found)
    result[order] = found
    return result.take(column, axis=1)
