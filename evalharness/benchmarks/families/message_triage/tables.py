"""Whole-number tables behind the generator: every probability is a whole number of 2**32nds or 2**16ths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32, ends, exactly, threshold, whole_numbers
from evalharness.benchmarks.families.ingredients.strata import Strata, strata_of
from evalharness.benchmarks.families.message_triage.dials import PERIODS, MessageTriageDials

_STRIDE = 379
"""Spreads the special tokens over the vocabulary; its size is made coprime to it by `_spread`."""

Members = dict[str, npt.NDArray[np.bool_]]
"""Harm by group -> [strata] whether it concerns them; only those that are on."""

SHIFTED = "shifted"
TRAIN = "train"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How tokens are drawn in one part of the data (one period of `shifted`, or everything else). C = label * strata + stratum."""

    row: npt.NDArray[np.int64]
    """[C] row of `Tables.lookup`."""
    ratios: npt.NDArray[np.float64]
    """[sort or token, C] chance of each in C over its mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitTables:
    """What differs between splits."""

    strata: Strata
    """With the shares of this split."""
    relevant: npt.NDArray[np.uint64]
    """[strata, quiet or active]: draws of 32 bits below it are relevant messages."""
    prevalence: npt.NDArray[np.float64]
    """[strata, irrelevant or relevant] probability as it is really drawn, both kinds of conversation together."""
    usages: tuple[Usage, ...]
    """One, or one for each period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What draws are looked up in."""

    lengths: npt.NDArray[np.uint32]
    """Upper ends of the conversation lengths 1, 2, ...; a draw above the last belongs to the longest."""
    active: int
    """Draws below this are conversations of the active kind."""
    lookup: npt.NDArray[np.uint16]
    """[rows, 16 random bits] -> token."""
    sorts: npt.NDArray[np.uint8]
    """Token -> its sort: 0 ordinary, 1 common signal, 2 … own tokens of each level."""
    channels: npt.NDArray[np.uint32]
    """Upper ends of the channels."""
    channel_chances: npt.NDArray[np.float64]
    """[channels + 1 (not known), strata]."""
    flips: npt.NDArray[np.float64]
    """[strata, clean, recorded]: chance of the recorded label."""
    splits: tuple[SplitTables, ...]
    usage: npt.NDArray[np.int64]
    """[strata] place of the stratum's level of the attribute with own tokens."""
    members: Members


def build(dials: MessageTriageDials) -> Tables:
    """Tables of these dials. Exact fractions throughout, so the same on every machine."""
    levels = tuple(dials.groups[dials.signal.usage_of])
    on = {name: harm for name, harm in dials.harms.by_group().items() if not harm.off}
    cells = [{dials.signal.usage_of: level} for level in levels] + [dict(harm.of) for harm in on.values()]
    strata = strata_of(dials.groups, cells)
    members = {name: strata.members[:, len(levels) + i] for i, name in enumerate(on)}
    usage = strata.members[:, : len(levels)].argmax(axis=1)
    rows = _Rows(dials, members, usage)
    splits = tuple(_split_tables(dials, name, strata, members, rows) for name in dials.split_rows())
    weights = np.array(rows.weights, dtype=np.int64)
    tokens = np.arange(weights.shape[1], dtype=np.uint16)
    built = tuple(replace(split, usages=tuple(_with_ratios(u, weights, rows.sorts, dials) for u in split.usages)) for split in splits)
    return Tables(
        lengths=ends(exactly(v) for v in dials.conversations.lengths),
        active=threshold(exactly(dials.conversations.active_share)),
        lookup=np.stack([np.repeat(tokens, row) for row in weights]),
        sorts=rows.sorts,
        channels=ends(exactly(v) for v in dials.channels.values()),
        channel_chances=_channel_chances(dials, len(strata), members),
        flips=_flips(dials, len(strata), members),
        splits=built,
        usage=usage,
        members=members,
    )


def _split_tables(dials: MessageTriageDials, name: str, strata: Strata, members: Members, rows: _Rows) -> SplitTables:
    shifted = name == SHIFTED
    own = _fewer(strata, members["under_representation"], dials) if name == TRAIN and "under_representation" in members else strata
    factor = 1 + exactly(dials.harms.prevalence_shift.size) if shifted else Fraction(1)
    raised = members.get("base_rate", np.zeros(len(strata), dtype=np.bool_)).tolist()
    kinds = (dials.quiet_prevalence, exactly(dials.conversations.active_prevalence))
    more = 1 + exactly(dials.harms.base_rate.size)
    relevant = np.array(
        [[threshold(kind * factor * (more if up else 1)) for kind in kinds] for up in raised],
        dtype=np.uint64,
    )
    active = threshold(exactly(dials.conversations.active_share)) / ONE_32
    chance = relevant[:, 1].astype(np.float64) / ONE_32 * active + relevant[:, 0].astype(np.float64) / ONE_32 * (1 - active)
    drifting = shifted and not dials.harms.drift.off
    usages = tuple(Usage(row=rows.of_strata(period), ratios=np.zeros((0, 0))) for period in (range(1, PERIODS + 1) if drifting else (0,)))
    return SplitTables(strata=own, relevant=relevant, prevalence=np.stack([1 - chance, chance], axis=1), usages=usages)


def _fewer(strata: Strata, member: npt.NDArray[np.bool_], dials: MessageTriageDials) -> Strata:
    """A conversation of the group is, in `size` of the cases, drawn once more among everybody."""
    size = threshold(exactly(dials.harms.under_representation.size)) / ONE_32
    cells = member[strata.of_cell]
    drawn_again = 0.0
    for share, inside in zip(strata.cell_shares.tolist(), cells.tolist(), strict=True):
        drawn_again += share * size if inside else 0.0
    cell_shares = np.where(cells, strata.cell_shares * (1 - size), strata.cell_shares) + drawn_again * strata.cell_shares
    shares = np.zeros(len(strata))
    for stratum, share in zip(strata.of_cell.tolist(), cell_shares.tolist(), strict=True):
        shares[stratum] += share
    return replace(strata, shares=shares, cell_shares=cell_shares)


def _with_ratios(usage: Usage, weights: npt.NDArray[np.int64], sorts: npt.NDArray[np.uint8], dials: MessageTriageDials) -> Usage:
    """Only quotients of whole numbers: the same bytes everywhere."""
    table = weights[usage.row]
    if dials.tokens.shown == "counts":
        table = np.stack([table[:, sorts == sort].sum(axis=1) for sort in range(int(sorts.max()) + 1)], axis=1)
    ratios = (table / table.sum(axis=0)).T * len(table)
    return replace(usage, ratios=np.ascontiguousarray(ratios))


def _channel_chances(dials: MessageTriageDials, strata: int, members: Members) -> npt.NDArray[np.float64]:
    shares = np.diff(np.concatenate(([0], ends(exactly(v) for v in dials.channels.values()).astype(np.int64), [ONE_32]))) / ONE_32
    chances = np.zeros((len(shares) + 1, strata))
    none = np.zeros(strata, dtype=np.bool_)
    leaning, unknown = members.get("proxy", none), members.get("missing", none)
    lean, lost = (threshold(exactly(harm.size)) / ONE_32 for harm in (dials.harms.proxy, dials.harms.missing))
    for stratum in range(strata):
        own = shares * (1 - lean) if leaning[stratum] else shares.copy()
        own[0] += lean if leaning[stratum] else 0.0
        chances[:-1, stratum] = own * (1 - lost) if unknown[stratum] else own
        chances[-1, stratum] = lost if unknown[stratum] else 0.0
    if not unknown.any():  # only copies lack their channel then, and that tells nothing of them
        chances[-1] = 1.0
    return chances


def _flips(dials: MessageTriageDials, strata: int, members: Members) -> npt.NDArray[np.float64]:
    """A share of the relevant ones, and as many irrelevant ones as these are by the recipe's own prevalence."""
    noisy = members.get("label_noise", np.zeros(strata, dtype=np.bool_))
    flips = np.tile(np.eye(2), (strata, 1, 1))
    lost, gained = (limit / ONE_32 for limit in flip_limits(dials))
    flips[noisy] = [[1 - gained, gained], [lost, 1 - lost]]
    return flips


def flip_limits(dials: MessageTriageDials) -> tuple[int, int]:
    """Draws of 32 bits below these: a relevant message recorded as irrelevant, an irrelevant one as relevant."""
    size, prevalence = exactly(dials.harms.label_noise.size), exactly(dials.prevalence)
    return threshold(size), threshold(size * prevalence / (1 - prevalence))


class _Rows:
    """The distinct rows of token weights, each made once."""

    def __init__(self, dials: MessageTriageDials, members: Members, usage: npt.NDArray[np.int64]) -> None:
        self._dials = dials
        self._usage = usage.tolist()
        self._weaker = members.get("separability", np.zeros(len(usage), dtype=np.bool_)).tolist()
        self._shared, self._own = special_tokens(dials)
        self._ordinary = ordinary(dials.tokens.vocabulary, [*self._shared, *(t for tokens in self._own for t in tokens)])
        self._numbers: dict[tuple[int, Fraction], int] = {}
        self.weights: list[list[int]] = []
        self.sorts = np.zeros(dials.tokens.vocabulary, dtype=np.uint8)
        for sort, tokens in enumerate([self._shared, *self._own], start=1):
            self.sorts[tokens] = sort

    def of_strata(self, period: int) -> npt.NDArray[np.int64]:
        """[C] the row of each label and stratum; `period` counts the steps of drift, 0 without."""
        harms = self._dials.harms
        left = exactly(self._dials.signal.strength) * (1 - exactly(harms.obfuscation.size))
        left *= 1 - exactly(harms.drift.size) * period / PERIODS
        quiet = [self.number(level, Fraction(0)) for level in self._usage]
        loud = [
            self.number(level, left * (1 - exactly(harms.separability.size)) if weak else left)
            for level, weak in zip(self._usage, self._weaker, strict=True)
        ]
        return np.array(quiet + loud, dtype=np.int64)

    def number(self, level: int, strength: Fraction) -> int:
        """The row of messages of a level with this share of signal tokens.

        An ordinary token of rank i has weight 1/(i + 20); the special tokens are rare in ordinary use. A message of level g draws
        `own_usage` of its tokens from g's own; a relevant one draws `strength` from the signal, of which `shared` is common.
        """
        key = (level, strength)
        if key not in self._numbers:
            self._numbers[key] = len(self.weights)
            self.weights.append(self._row(level, strength))
        return self._numbers[key]

    def _row(self, level: int, strength: Fraction) -> list[int]:
        usage = exactly(self._dials.signal.own_usage)
        common = strength * exactly(self._dials.signal.shared)
        parts = [(1 - usage - strength) * v for v in self._ordinary]
        for token in self._shared:
            parts[token] += common / len(self._shared)
        for token in self._own[level]:
            parts[token] += (usage + strength - common) / len(self._own[level])
        return whole_numbers(parts, ONE_16)


def special_tokens(dials: MessageTriageDials) -> tuple[list[int], list[list[int]]]:
    """(tokens of the common signal, own tokens of each level). The same for every seed, so models carry over."""
    spread = _spread(dials.tokens.vocabulary)
    shared, own = dials.signal.shared_tokens, dials.signal.own_tokens
    levels = len(dials.groups[dials.signal.usage_of])
    return spread[:shared], [spread[shared + own * g : shared + own * (g + 1)] for g in range(levels)]


def _spread(vocabulary: int) -> list[int]:
    stride = _STRIDE if vocabulary % _STRIDE else _STRIDE + 4
    return [(7 + stride * i) % vocabulary for i in range(vocabulary)]


def ordinary(vocabulary: int, special: Sequence[int]) -> list[Fraction]:
    """[token] share of ordinary use, in which the `special` ones are rare."""
    raw = [ONE_32 // (rank + 20) for rank in range(vocabulary)]
    rare = raw[-1] // 4
    for token in special:
        raw[token] = rare
    total = sum(raw)
    return [Fraction(v, total) for v in raw]
