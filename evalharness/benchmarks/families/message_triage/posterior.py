"""The true posterior: P(relevant | the message's tokens), in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.tables import ONE_32, Tables, level_shares

GRID = 1_000_000
"""Posteriors are rounded to whole millionths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """P(token | label, level) over P(token) averaged, and the weights of (label, level)."""

    ratios: npt.NDArray[np.float64]
    """[token, label * levels + level]."""
    prior: npt.NDArray[np.float64]
    """[label * levels + level], adds up to 1."""
    levels: int


def build(dials: MessageTriageDials, tables: Tables) -> Ratios:
    """Ratio tables. Only additions, products and quotients of IEEE doubles in a stated order: the same bytes everywhere."""
    levels = tables.weights.shape[1]
    weights = tables.weights.reshape(2 * levels, -1)
    shares = level_shares(tables.groups[list(dials.groups).index(dials.signal.usage_of)])
    active, quiet = tables.active / ONE_32, 1 - tables.active / ONE_32
    relevant = active * (int(tables.relevant[1]) / ONE_32) + quiet * (int(tables.relevant[0]) / ONE_32)
    prior = np.concatenate([(1 - relevant) * shares, relevant * shares])
    return Ratios(ratios=np.ascontiguousarray((weights / weights.sum(axis=0)).T * len(weights)), prior=prior, levels=levels)


def joint_weights(ratios: Ratios, counts: npt.NDArray[np.int64], tokens: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    """[messages, label * levels + level]: weight of each label and level given the tokens. `counts` [messages], `tokens` one message
    after the other. Products over the positions from first to last; messages sorted by length so that short ones drop out.
    """
    order = np.argsort(-counts, kind="stable")
    starts = (np.cumsum(counts) - counts)[order]
    sorted_counts = counts[order]
    joint = np.tile(ratios.prior, (len(counts), 1))
    for position in range(int(counts.max(initial=0))):
        longer = int(np.searchsorted(-sorted_counts, -position, side="left"))
        joint[:longer] *= ratios.ratios[tokens[starts[:longer] + position]]
    result = np.empty_like(joint)
    result[order] = joint
    return result


def posterior(joint: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """P(relevant | tokens) in millionths, from the joint weights: levels added up from first to last."""
    levels = joint.shape[1] // 2
    other, relevant = joint[:, 0].copy(), joint[:, levels].copy()
    for level in range(1, levels):
        other += joint[:, level]
        relevant += joint[:, levels + level]
    return _millionths(relevant, other)


def posterior_within(joint: npt.NDArray[np.float64], level: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """P(relevant | tokens, own level) in millionths; `level` [messages]."""
    messages = np.arange(len(joint))
    return _millionths(joint[messages, joint.shape[1] // 2 + level.astype(np.int64)], joint[messages, level])


def _millionths(relevant: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    return np.rint(relevant / (relevant + other) * GRID).astype(np.int32)
