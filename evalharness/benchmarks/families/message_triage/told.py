"""What a copy tells of the message that it was made of, which is not known otherwise.

Given label and stratum, the tokens of a copy are independent of one another too, each with a known distribution: that of a message's
tokens, moved as the kind of copy moves them. The chance of the message's label given the copy, and its kind, is made of those.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.kept import kept
from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32, exactly, threshold, whole_numbers
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.posterior import LABELS, Received, posterior
from evalharness.benchmarks.families.message_triage.tables import SplitTables, Tables, ordinary, special_tokens

Floats = npt.NDArray[np.float64]


def told(dials: MessageTriageDials, tables: Tables, split: SplitTables, kind: str, received: Received) -> npt.NDArray[np.int32]:
    """P(the message is recorded as relevant | its copy, of this kind) in millionths; of a split without drift."""
    return posterior(*_changed(dials, tables, split, kind), received).of_recorded()


@kept
def _changed(dials: MessageTriageDials, tables: Tables, split: SplitTables, kind: str) -> tuple[Tables, SplitTables]:
    """What the chances of such copies are looked up in."""
    known = replace(tables, channel_chances=_channels(dials, tables, kind))
    (usage,) = split.usages
    if kind in {"marker", "noise", "obfuscation"}:
        split = replace(split, usages=(replace(usage, ratios=_ratios(_tokens(dials, tables, usage.row, kind))),))
    return known, split


@kept
def in_other_usage(dials: MessageTriageDials) -> npt.NDArray[np.uint16]:
    """[level, token]: a level's own tokens and those of the next level change places, first for first."""
    _, own = special_tokens(dials)
    table = np.tile(np.arange(dials.tokens.vocabulary, dtype=np.uint16), (len(own), 1))
    for level, tokens in enumerate(own):
        other = own[(level + 1) % len(own)]
        table[level, tokens], table[level, other] = other, tokens
    return table


@kept
def other_channels(dials: MessageTriageDials) -> npt.NDArray[np.int64]:
    """[channel, the last is one not known] the next channel; after the last, and where none is known, the first."""
    count = len(dials.channels)
    return (np.minimum(np.arange(count + 1), count - 1) + 1) % count


@kept
def ordinary_use(dials: MessageTriageDials) -> npt.NDArray[np.int64]:
    """[token] in 65,536ths: how frequent each is among the ordinary tokens; 0 for tokens of any signal."""
    shared, own = special_tokens(dials)
    special = {*shared, *(token for tokens in own for token in tokens)}
    frequent = ordinary(dials.tokens.vocabulary, sorted(special))
    plain = [token for token in range(dials.tokens.vocabulary) if token not in special]
    total = sum(frequent[token] for token in plain)
    found = np.zeros(dials.tokens.vocabulary, dtype=np.int64)
    found[plain] = whole_numbers([frequent[token] / total for token in plain], ONE_16)
    return found


def _tokens(dials: MessageTriageDials, tables: Tables, row: npt.NDArray[np.int64], kind: str) -> Floats:
    """[C, token] chance of each token of a copy; C = label * strata + stratum, `row` [C] of `Tables.lookup`."""
    used, place = np.unique(row, return_inverse=True)
    weights = np.stack([np.bincount(tables.lookup[number], minlength=dials.tokens.vocabulary) for number in used])[place] / ONE_16
    if kind == "marker":
        return np.asarray(np.take_along_axis(weights, in_other_usage(dials)[np.tile(tables.usage, LABELS)].astype(np.int64), axis=1))
    hit = threshold(exactly(dials.copies.noise if kind == "noise" else dials.copies.obfuscation)) / ONE_32
    moved = np.where((tables.sorts > 0) | (kind == "noise"), weights, 0.0)
    gone = np.cumsum(moved, axis=1)[:, -1:]
    return np.asarray(weights - moved * hit + gone * hit * (ordinary_use(dials) / ONE_16))


def _ratios(chances: Floats) -> Floats:
    """[token, C] chance of each token over its mean; 1 where it is never there."""
    total = np.cumsum(chances, axis=0)[-1]
    return np.ascontiguousarray(np.where(total > 0, chances * len(chances) / np.where(total > 0, total, 1.0), 1.0).T)


def _channels(dials: MessageTriageDials, tables: Tables, kind: str) -> Floats:
    """[channels + 1 (not known), strata] of copies."""
    if kind == "missing":  # that it is not known tells nothing then
        return np.ones_like(tables.channel_chances)
    if kind != "proxy":
        return tables.channel_chances
    own = tables.channel_chances.copy()
    if "missing" not in tables.members:
        own[-1] = 0.0
    found = np.zeros_like(own)
    for channel, other in enumerate(other_channels(dials).tolist()):
        found[other] += own[channel]
    return found
