"""From random bits to conversations and messages, one block at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, pick, threshold
from evalharness.benchmarks.families.message_triage.dials import PERIODS, MessageTriageDials
from evalharness.benchmarks.families.message_triage.tables import TRAIN, Tables, flip_limits

_CONVERSATIONS, _GROUPS, _LABELS, _TOKENS, _CHANNELS, _RECORDED, _REPEATS = range(7)
"""Streams of random bits: what one part draws never moves another. 7 and 8 are those of raters and copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Messages of whole conversations of one split; the last conversation may be cut. One entry a message unless said."""

    heads: npt.NDArray[np.int64]
    """Place in the block of the first message of the message's conversation."""
    groups: tuple[npt.NDArray[np.uint8], ...]
    """For each attribute: code of the level, in declared order."""
    strata: npt.NDArray[np.int64]
    clean: npt.NDArray[np.uint8]
    """1 relevant."""
    recorded: npt.NDArray[np.uint8]
    """The label that is seen: 1 relevant."""
    period: npt.NDArray[np.int64]
    """0 … PERIODS - 1."""
    channel: npt.NDArray[np.int64]
    """Code; the number of channels where it is not known."""
    counts: npt.NDArray[np.int64]
    """Tokens of the message."""
    tokens: npt.NDArray[np.uint16]
    """Tokens of all messages, one after the other."""


def messages(dials: MessageTriageDials, tables: Tables, place: Place) -> Messages:
    """The block's first `place.rows` messages; fewer rows are the beginning of more."""

    def bits(stream: int) -> Bits:
        return Bits(dials.seed, split=place.split, block=place.number, stream=stream)

    made = _whole(dials, tables, place, bits)
    if not dials.harms.duplicates.off:
        made = _with_repeats(made, bits(_REPEATS), threshold(exactly(dials.harms.duplicates.size)))
    return _cut(made, place.rows)


def _whole(dials: MessageTriageDials, tables: Tables, place: Place, bits: Callable[[int], Bits]) -> Messages:
    split, n = tables.splits[place.split], BLOCK_ROWS
    draw = bits(_CONVERSATIONS)
    lengths = 1 + pick(tables.lengths, draw.draw32(n)).astype(np.int64)
    active = (draw.draw32(n) < tables.active).astype(np.int64)
    of = np.repeat(np.arange(n), lengths)[:n]
    conversations = int(of[-1]) + 1
    starts = np.cumsum(lengths) - lengths
    own = _groups(dials, tables, place, bits(_GROUPS))
    groups = tuple(codes[of] for codes in own)
    strata = split.strata.of([codes[:conversations] for codes in own])[of]
    labels = bits(_LABELS)
    clean = happens(labels.draw32(n), split.relevant[strata, active[of]]).astype(np.uint8)
    period = labels.below(n, PERIODS)
    counts = dials.tokens.fewest + labels.below(n, dials.tokens.most - dials.tokens.fewest + 1)
    columns = clean.astype(np.int64) * len(split.strata) + strata
    row = split.usages[0].row[columns]
    if len(split.usages) > 1:
        row = np.stack([usage.row for usage in split.usages])[period, columns]
    tokens = tables.lookup[np.repeat(row, counts), bits(_TOKENS).draw16(int(counts.sum()))]
    return Messages(
        heads=starts[of],
        groups=groups,
        strata=strata,
        clean=clean,
        recorded=_recorded(dials, tables, clean, strata, bits(_RECORDED)),
        period=period,
        channel=_channels(dials, tables, strata, bits(_CHANNELS)),
        counts=counts,
        tokens=tokens,
    )


def _groups(dials: MessageTriageDials, tables: Tables, place: Place, bits: Bits) -> list[npt.NDArray[np.uint8]]:
    """Level codes of each conversation; in `train` some of an under-represented group are drawn once more."""
    strata, n = tables.splits[place.split].strata, BLOCK_ROWS
    codes = [pick(upper, bits.draw32(n)) for upper in strata.ends]
    if place.name == TRAIN and "under_representation" in tables.members:
        member = tables.members["under_representation"][strata.of(codes)]
        again = member & happens(bits.draw32(n), threshold(exactly(dials.harms.under_representation.size)))
        codes = [np.where(again, pick(upper, bits.draw32(n)), code) for upper, code in zip(strata.ends, codes, strict=True)]
    return codes


def _recorded(
    dials: MessageTriageDials, tables: Tables, clean: npt.NDArray[np.uint8], strata: npt.NDArray[np.int64], bits: Bits
) -> npt.NDArray[np.uint8]:
    if "label_noise" not in tables.members:
        return clean
    lost, gained = flip_limits(dials)
    limits = np.where(clean == 1, np.uint64(lost), np.uint64(gained))
    flipped = tables.members["label_noise"][strata] & happens(bits.draw32(len(clean)), limits)
    return np.where(flipped, 1 - clean, clean).astype(np.uint8)


def _channels(dials: MessageTriageDials, tables: Tables, strata: npt.NDArray[np.int64], bits: Bits) -> npt.NDArray[np.int64]:
    n = len(strata)
    channel = pick(tables.channels, bits.draw32(n)).astype(np.int64)
    leaning, lost = bits.draw32(n), bits.draw32(n)
    if "proxy" in tables.members:
        channel[tables.members["proxy"][strata] & happens(leaning, threshold(exactly(dials.harms.proxy.size)))] = 0
    if "missing" in tables.members:
        channel[tables.members["missing"][strata] & happens(lost, threshold(exactly(dials.harms.missing.size)))] = len(dials.channels)
    return channel


def _with_repeats(made: Messages, bits: Bits, limit: int) -> Messages:
    """Some messages, never the first of a conversation, become the one before: text, label, channel and part of the year."""
    n = len(made.clean)
    here = np.arange(n)
    repeats = happens(bits.draw32(n), limit) & (made.heads != here)
    source = np.maximum.accumulate(np.where(repeats, 0, here))
    starts = np.cumsum(made.counts) - made.counts
    counts = made.counts[source]
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return Messages(
        heads=made.heads,
        groups=made.groups,
        strata=made.strata,
        clean=made.clean[source],
        recorded=made.recorded[source],
        period=made.period[source],
        channel=made.channel[source],
        counts=counts,
        tokens=made.tokens[np.repeat(starts[source], counts) + within],
    )


def _cut(made: Messages, rows: int) -> Messages:
    return Messages(
        heads=made.heads[:rows],
        groups=tuple(codes[:rows] for codes in made.groups),
        strata=made.strata[:rows],
        clean=made.clean[:rows],
        recorded=made.recorded[:rows],
        period=made.period[:rows],
        channel=made.channel[:rows],
        counts=made.counts[:rows],
        tokens=made.tokens[: int(made.counts[:rows].sum())],
    )
