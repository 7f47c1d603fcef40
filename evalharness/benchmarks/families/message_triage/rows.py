"""From random bits to conversations and messages, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.tables import Tables

BLOCK_CONVERSATIONS = 8_192
"""Conversations of one block. Part of the recipe: another number makes other data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Messages of consecutive conversations of one split. Arrays have one entry a message unless said."""

    conversations: npt.NDArray[np.int64]
    """Number of the message's conversation within the split, from 0; ascending."""
    labels: npt.NDArray[np.uint8]
    """1 relevant."""
    groups: tuple[npt.NDArray[np.uint8], ...]
    """For each attribute: code of the level, in declared order."""
    counts: npt.NDArray[np.int64]
    """Tokens of the message."""
    tokens: npt.NDArray[np.uint16]
    """Tokens of all messages, one after the other."""


class Bits:
    """Random bits of one block: a Philox stream of its own, so blocks can be made in any order."""

    def __init__(self, seed: int, split: int, block: int) -> None:
        self._philox = np.random.Philox(key=np.array([seed, (split << 48) | block], dtype=np.uint64))

    def draw32(self, n: int) -> npt.NDArray[np.uint32]:
        """n draws of 32 bits. Raw bits are the part of numpy's generators that never changes between versions."""
        return self._philox.random_raw((n + 1) // 2).astype("<u8", copy=False).view("<u4")[:n]

    def draw16(self, n: int) -> npt.NDArray[np.uint16]:
        """n draws of 16 bits."""
        return self._philox.random_raw((n + 3) // 4).astype("<u8", copy=False).view("<u2")[:n]


def blocks(dials: MessageTriageDials, tables: Tables, *, split: int, rows: int) -> Iterator[Block]:
    """Blocks of one split until exactly `rows` messages are made; the last conversation is cut to fit.

    Fewer rows of the same seed are therefore the beginning of more rows.
    """
    left, number = rows, 0
    while left > 0:
        block = _block(dials, tables, Bits(dials.seed, split, number), first=number * BLOCK_CONVERSATIONS)
        if len(block.labels) > left:
            block = _cut(block, left)
        left -= len(block.labels)
        number += 1
        yield block


def _block(dials: MessageTriageDials, tables: Tables, bits: Bits, *, first: int) -> Block:
    n = BLOCK_CONVERSATIONS
    lengths = 1 + _level(tables.lengths, bits.draw32(n)).astype(np.int64)
    active = (bits.draw32(n) < tables.active).astype(np.uint8)
    of_conversation = tuple(_level(ends, bits.draw32(n)) for ends in tables.groups)
    index = np.repeat(np.arange(n), lengths)
    labels = (bits.draw32(len(index)) < tables.relevant[active[index]]).astype(np.uint8)
    span = dials.tokens.most - dials.tokens.fewest + 1
    counts = dials.tokens.fewest + ((bits.draw32(len(index)).astype(np.uint64) * np.uint64(span)) >> np.uint64(32)).astype(np.int64)
    groups = tuple(codes[index] for codes in of_conversation)
    usage = groups[list(dials.groups).index(dials.signal.usage_of)]
    row = labels.astype(np.int64) * tables.weights.shape[1] + usage
    tokens = tables.lookup[np.repeat(row, counts), bits.draw16(int(counts.sum()))]
    return Block(conversations=index + first, labels=labels, groups=groups, counts=counts, tokens=tokens)


def _level(ends: npt.NDArray[np.uint32], draws: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    return np.searchsorted(ends, draws, side="right").astype(np.uint8)


def _cut(block: Block, rows: int) -> Block:
    return Block(
        conversations=block.conversations[:rows],
        labels=block.labels[:rows],
        groups=tuple(codes[:rows] for codes in block.groups),
        counts=block.counts[:rows],
        tokens=block.tokens[: int(block.counts[:rows].sum())],
    )
