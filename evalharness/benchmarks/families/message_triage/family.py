"""The family as the rest of the harness sees it: columns, blocks of rows, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families.family import Block, Fault, OtherTable, Place, Table, Truth
from evalharness.benchmarks.families.ingredients.alike import SPLITS
from evalharness.benchmarks.families.ingredients.columns import coded, constant, numbered
from evalharness.benchmarks.families.ingredients.copied import under_fresh_ids
from evalharness.benchmarks.families.ingredients.joint import GRID
from evalharness.benchmarks.families.message_triage import copies, raters, tables
from evalharness.benchmarks.families.message_triage.dials import PERIODS, MessageTriageDials
from evalharness.benchmarks.families.message_triage.posterior import Received, posterior
from evalharness.benchmarks.families.message_triage.rows import Messages, messages
from evalharness.benchmarks.families.message_triage.tables import Tables
from evalharness.benchmarks.families.message_triage.texts import token_texts
from evalharness.benchmarks.families.message_triage.told import told
from evalharness.records import CopyKind

LABELS = ("not_relevant", "relevant")
_PERIODS = tuple(str(1 + period) for period in range(PERIODS))


class MessageTriage:
    """Messages to be ordered before officers open them; placeholder tokens only."""

    name = "message-triage"
    version = 2
    task = "binary"
    dials = MessageTriageDials
    positive = LABELS[1]
    negative = LABELS[0]
    levels: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()

    def columns(self, dials: MessageTriageDials) -> Columns:
        """Roles; the groups are those of the dials."""
        return Columns(
            id="item_id",
            label="label",
            features=_features(dials),
            groups=tuple(dials.groups),
            cluster="conversation_id",
            split="split",
        )

    def truth(self, dials: MessageTriageDials) -> Truth:
        """The posterior of the recorded and of the clean label, in closed form."""
        within = _within(dials)
        return Truth(
            given=_features(dials),
            grid=1 / GRID,
            chances=("posterior", "posterior_clean", *(f"within_{name}" for name in within)),
            texts=("clean",),
            within=within,
        )

    def tables(self, dials: MessageTriageDials) -> tuple[OtherTable, ...]:
        """What raters said, and the copies."""
        said = tuple(f"rater_{1 + number}" for number in range(dials.raters.number))
        found = (OtherTable(name="annotators", secret=True, columns=("item_id", *said, "adjudicated"), about=_ABOUT["annotators"]),)
        if not dials.copies.share:
            return found
        return (
            *found,
            OtherTable(name="twins", secret=False, columns=("item_id", "kind", *_features(dials)), about=_ABOUT["twins"]),
            OtherTable(name="twin_truth", secret=True, columns=("item_id", "of", "posterior"), about=_ABOUT["twin_truth"]),
        )

    def copies(self, dials: MessageTriageDials) -> tuple[CopyKind, ...]:
        """What is changed in each kind of copy."""
        return copies.kinds(dials)

    def prepare(self, dials: MessageTriageDials) -> Tables:
        """All lookup tables."""
        return tables.build(dials)

    def block(self, dials: MessageTriageDials, prepared: Tables, place: Place) -> Block:
        """The next messages of a split."""
        made, split = messages(dials, prepared, place), prepared.splits[place.split]
        tokens = made.tokens if dials.tokens.shown == "tokens" else prepared.sorts[made.tokens]
        received = Received(counts=made.counts, tokens=tokens, channel=made.channel, period=made.period)
        known = posterior(prepared, split, received)
        attributes = list(dials.groups)
        truth = {
            "posterior": known.of_recorded(),
            "posterior_clean": known.of_clean(),
            **{f"within_{name}": known.within(split, name, made.groups[attributes.index(name)]) for name in _within(dials)},
            "clean": coded(made.clean, LABELS),
        }
        return Block(items=_items(dials, made, received, place), truth=truth, others=_others(dials, prepared, place, made))

    def unattained(self, dials: MessageTriageDials) -> Iterator[Fault]:  # noqa: ARG002 - of the protocol
        """Nothing: what the dials say can be had."""
        return iter(())

    def facts(self, dials: MessageTriageDials) -> dict[str, Any]:
        """What follows from the dials."""
        lengths = dials.conversations.lengths
        return {
            "messages_per_conversation": round(sum((i + 1) * share for i, share in enumerate(lengths)), 6),
            "prevalence_in_quiet_conversations": round(float(dials.quiet_prevalence), 6),
            "correlation_within_conversations": {name: round(dials.correlation(name), 6) for name in SPLITS if name in dials.split_rows()},
        }


_ABOUT = {
    "annotators": "What each of several people says of the messages of test and shifted, and what most of them say.",
    "twins": "Copies of some messages of test with one thing changed: the group's tokens, the channel, noise, hidden signal, no channel.",
    "twin_truth": "Which message each copy was made of, and the true chance that it is recorded as relevant, given the copy and its kind.",
}


def _features(dials: MessageTriageDials) -> tuple[str, ...]:
    if dials.tokens.shown == "tokens":
        return ("tokens", "channel", "period")
    own = tuple(f"own_{level}" for level in dials.groups[dials.signal.usage_of])
    return ("length", "shared", *own, "channel", "period")


def _within(dials: MessageTriageDials) -> tuple[str, ...]:
    """The attributes that some dial treats differently, in declared order."""
    named = {dials.signal.usage_of, *(name for harm in dials.harms.by_group().values() if not harm.off for name in harm.of)}
    return tuple(name for name in dials.groups if name in named)


def _items(dials: MessageTriageDials, made: Messages, received: Received, place: Place) -> Table:
    rows = len(made.clean)
    groups = {name: coded(codes, list(levels)) for (name, levels), codes in zip(dials.groups.items(), made.groups, strict=True)}
    return {
        "item_id": numbered("item-", np.arange(place.first, place.first + rows)),
        "conversation_id": numbered("conv-", made.heads + place.first),
        "split": constant(place.name, rows),
        "label": coded(made.recorded, LABELS),
        **groups,
        **_received(dials, received),
    }


def _received(dials: MessageTriageDials, received: Received) -> Table:
    """Feature columns."""
    channels = list(dials.channels)
    shown = {
        "channel": pa.DictionaryArray.from_arrays(
            pa.array(received.channel.astype(np.int32), mask=received.channel == len(channels)), pa.array(channels, pa.string())
        ),
        "period": coded(received.period, _PERIODS),
    }
    if dials.tokens.shown == "tokens":
        return {"tokens": token_texts(received.counts, received.tokens), **shown}
    names = _features(dials)[1:-2]
    return {"length": pa.array(received.counts.astype(np.uint8)), **_counted(names, received), **shown}


def _counted(names: tuple[str, ...], received: Received) -> Table:
    sorts = len(names) + 1
    rows = np.repeat(np.arange(len(received.counts)), received.counts)
    counts = np.bincount(rows * sorts + received.tokens, minlength=len(received.counts) * sorts).reshape(-1, sorts)
    return {name: pa.array(counts[:, 1 + place].astype(np.uint8)) for place, name in enumerate(names)}


def _others(dials: MessageTriageDials, prepared: Tables, place: Place, made: Messages) -> dict[str, Table]:
    found: dict[str, Table] = {}
    if place.name in raters.RATED:
        said = raters.ratings(dials, prepared, place, made)
        names = [*(f"rater_{1 + number}" for number in range(dials.raters.number)), "adjudicated"]
        ids = numbered("item-", np.arange(place.first, place.first + len(made.clean)))
        found["annotators"] = {"item_id": ids, **{name: coded(row, LABELS) for name, row in zip(names, said, strict=True)}}
    parts = copies.copies(dials, prepared, place, made)
    if parts:
        rows = (_joined([_twins(dials, part) for part in parts]), _joined([_twin_truth(dials, prepared, place, part) for part in parts]))
        found |= zip(("twins", "twin_truth"), under_fresh_ids(dials.seed, place, copies.KINDS, parts[0].of, rows), strict=True)
    return found


def _twins(dials: MessageTriageDials, part: copies.Copies) -> Table:
    return {"kind": constant(part.kind, len(part.of)), **_received(dials, part.received)}


def _twin_truth(dials: MessageTriageDials, prepared: Tables, place: Place, part: copies.Copies) -> Table:
    chances = told(dials, prepared, prepared.splits[place.split], part.kind, part.received)
    return {"of": numbered("item-", part.of + place.first), "posterior": pa.array(chances / GRID)}


def _joined(parts: list[Table]) -> Table:
    return {name: pa.concat_arrays([_plain(part[name]) for part in parts]) for name in parts[0]}


def _plain(array: Any) -> Any:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
