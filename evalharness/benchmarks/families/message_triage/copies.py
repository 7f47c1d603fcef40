"""Counterfactual twins and perturbed copies of test messages: the same message with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, threshold
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.posterior import Received
from evalharness.benchmarks.families.message_triage.rows import Messages
from evalharness.benchmarks.families.message_triage.tables import Tables
from evalharness.benchmarks.families.message_triage.told import in_other_usage, ordinary_use, other_channels
from evalharness.records import CopyKind

STREAM = 8
COPIED = "test"
KINDS = ("marker", "proxy", "noise", "obfuscation", "missing")
"""marker: in the tokens of another group; proxy: by another channel; noise: some tokens drawn anew; obfuscation: some signal tokens
hidden behind ordinary ones; missing: the channel not known. `told` knows what each kind does to a distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """One kind of copy of some messages of a block."""

    kind: str
    of: npt.NDArray[np.int64]
    """Places in the block of the messages copied."""
    received: Received


def kinds(dials: MessageTriageDials) -> tuple[CopyKind, ...]:
    """The kinds of copies, in the order of `KINDS`; none where no message has any."""
    if not dials.copies.share:
        return ()
    of = {"marker": (dials.signal.usage_of,), "proxy": tuple(sorted(dials.harms.proxy.of))}
    changed = {
        "marker": "only the tokens that mark a group changed to those of another group",
        "proxy": "only the channel changed, which tells of a group",
        "noise": "some tokens replaced at random",
        "obfuscation": "tokens that tell relevant ones apart hidden behind ordinary ones",
        "missing": "the channel not known",
    }
    return tuple(CopyKind(name=kind, of=of.get(kind, ()), changed=changed[kind]) for kind in KINDS)


def copies(dials: MessageTriageDials, tables: Tables, place: Place, made: Messages) -> list[Copies]:
    """The block's copies, kind by kind; none outside `test`."""
    if place.name != COPIED or not dials.copies.share:
        return []
    bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM)
    chosen = happens(bits.draw32(BLOCK_ROWS)[: len(made.clean)], threshold(exactly(dials.copies.share)))
    of = np.flatnonzero(chosen)
    taken = np.repeat(chosen, made.counts)
    same = Received(counts=made.counts[of], tokens=made.tokens[taken], channel=made.channel[of], period=made.period[of])
    owner = np.repeat(made.strata[of], same.counts)
    changed = {
        "marker": replace(same, tokens=in_other_usage(dials)[tables.usage[owner], same.tokens]),
        "proxy": replace(same, channel=other_channels(dials)[same.channel]),
        "noise": replace(same, tokens=_drawn_anew(dials, tables, same, bits, hide=False)),
        "obfuscation": replace(same, tokens=_drawn_anew(dials, tables, same, bits, hide=True)),
        "missing": replace(same, channel=np.full(len(of), len(dials.channels), dtype=np.int64)),
    }
    return [Copies(kind=kind, of=of, received=changed[kind]) for kind in KINDS]


def _drawn_anew(dials: MessageTriageDials, tables: Tables, same: Received, bits: Bits, *, hide: bool) -> npt.NDArray[np.integer]:
    """Some tokens (with `hide`: some of the signal tokens) replaced by draws from ordinary use, never by a signal token."""
    size = len(same.tokens)
    hit = happens(bits.draw32(size), threshold(exactly(dials.copies.obfuscation if hide else dials.copies.noise)))
    if hide:
        hit &= tables.sorts[same.tokens] > 0
    drawn = np.repeat(np.arange(dials.tokens.vocabulary, dtype=np.uint16), ordinary_use(dials)).take(bits.draw16(size))
    return np.where(hit, drawn, same.tokens).astype(np.uint16)
