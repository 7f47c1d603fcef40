"""Integer tables behind the generator: every probability is a whole number of 2**32nds or 2**16ths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials, exactly

ONE_32 = 1 << 32
ONE_16 = 1 << 16
_STRIDE = 379
"""Spreads the special tokens over the vocabulary; its size is made coprime to it by `_spread`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What one draw of 32 or 16 random bits is looked up in."""

    lengths: npt.NDArray[np.uint32]
    """Upper ends of the conversation lengths 1, 2, ...; a draw above the last belongs to the longest."""
    active: int
    """Draws below this are conversations of the active kind."""
    relevant: npt.NDArray[np.uint64]
    """[quiet, active]: draws below it are relevant messages."""
    groups: tuple[npt.NDArray[np.uint32], ...]
    """For each attribute: upper ends of its levels, in declared order."""
    weights: npt.NDArray[np.int64]
    """[label, level of the attribute with own tokens, token] in 65,536ths; each row adds up to 65,536 and none is 0."""
    lookup: npt.NDArray[np.uint16]
    """[label * levels + level, 16 random bits] -> token."""


def build(dials: MessageTriageDials) -> Tables:
    """Tables of these dials. Exact rational arithmetic throughout, so the same on every machine."""
    weights = token_weights(dials)
    flat = weights.reshape(-1, weights.shape[-1])
    tokens = np.arange(flat.shape[1], dtype=np.uint16)
    return Tables(
        lengths=_ends(exactly(v) for v in dials.conversations.lengths),
        active=int(exactly(dials.conversations.active_share) * ONE_32),
        relevant=np.array(
            [int(dials.quiet_prevalence * ONE_32), int(exactly(dials.conversations.active_prevalence) * ONE_32)], dtype=np.uint64
        ),
        groups=tuple(_ends(exactly(v) for v in levels.values()) for levels in dials.groups.values()),
        weights=weights,
        lookup=np.stack([np.repeat(tokens, row) for row in flat]),
    )


def _ends(shares: Iterable[Fraction]) -> npt.NDArray[np.uint32]:
    """Upper ends, without the last (which takes the rest), in 2**32nds."""
    ends, total = [], Fraction(0)
    for share in shares:
        total += share
        ends.append(int(total * ONE_32))
    return np.array(ends[:-1], dtype=np.uint32)


def level_shares(ends: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """Probability of each level as it is really drawn."""
    return np.diff(np.concatenate(([0], ends.astype(np.int64), [ONE_32]))).astype(np.float64) / ONE_32


def special_tokens(dials: MessageTriageDials) -> tuple[list[int], list[list[int]]]:
    """(tokens of the common signal, own tokens of each level). The same for every seed, so models carry over."""
    spread = _spread(dials.tokens.vocabulary)
    shared, own = dials.signal.shared_tokens, dials.signal.own_tokens
    levels = len(dials.groups[dials.signal.usage_of])
    return spread[:shared], [spread[shared + own * g : shared + own * (g + 1)] for g in range(levels)]


def _spread(vocabulary: int) -> list[int]:
    stride = _STRIDE if vocabulary % _STRIDE else _STRIDE + 4
    return [(7 + stride * i) % vocabulary for i in range(vocabulary)]


def token_weights(dials: MessageTriageDials) -> npt.NDArray[np.int64]:
    """[label, level, token] in 65,536ths.

    An ordinary token of rank i has weight 1/(i + 20); the special tokens are rare in ordinary use. A message of level g
    draws `own_usage` of its tokens from g's own; a relevant one draws `strength` from the signal, of which `shared` is common.
    """
    shared, own = special_tokens(dials)
    ordinary = _ordinary(dials.tokens.vocabulary, [*shared, *(t for tokens in own for t in tokens)])
    usage, strength = exactly(dials.signal.own_usage), exactly(dials.signal.strength)
    common = strength * exactly(dials.signal.shared)
    rows = []
    for signal, own_signal in ((Fraction(0), Fraction(0)), (common, strength - common)):
        for tokens in own:
            rest = 1 - usage - signal - own_signal
            parts = [rest * v for v in ordinary]
            for token in shared:
                parts[token] += signal / len(shared)
            for token in tokens:
                parts[token] += (usage + own_signal) / len(tokens)
            rows.append(_in_whole_numbers(parts, ONE_16))
    return np.array(rows, dtype=np.int64).reshape(2, len(own), -1)


def _ordinary(vocabulary: int, special: Sequence[int]) -> list[Fraction]:
    raw = [ONE_32 // (rank + 20) for rank in range(vocabulary)]
    rare = raw[-1] // 4
    for token in special:
        raw[token] = rare
    total = sum(raw)
    return [Fraction(v, total) for v in raw]


def _in_whole_numbers(shares: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers >= 1 that add up to `total`, by largest remainder; ties go to the lower token."""
    free = total - len(shares)
    exact = [share * free for share in shares]
    whole = [int(v) for v in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[: free - sum(whole)]:
        whole[i] += 1
    return [1 + v for v in whole]
