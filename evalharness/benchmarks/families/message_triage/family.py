"""The family as the rest of the harness sees it: columns, pieces of rows, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families.family import Piece
from evalharness.benchmarks.families.message_triage import posterior, tables
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.rows import Block, blocks
from evalharness.benchmarks.families.message_triage.texts import numbered, token_texts

LABELS = ("not_relevant", "relevant")


class MessageTriage:
    """Messages to be ordered before officers open them; placeholder tokens only."""

    name = "message-triage"
    version = 1
    dials = MessageTriageDials
    positive = LABELS[1]
    negative = LABELS[0]
    grid = 1 / posterior.GRID

    def columns(self, dials: MessageTriageDials) -> Columns:
        """Roles; the groups are those of the dials. A model receives `tokens` and nothing else."""
        return Columns(
            id="item_id", label="label", features=("tokens",), groups=tuple(dials.groups), cluster="conversation_id", split="split"
        )

    def shaped_by(self, dials: MessageTriageDials) -> str:
        """Each level of this attribute has signal tokens of its own."""
        return dials.signal.usage_of

    def pieces(self, dials: MessageTriageDials) -> Iterator[Piece]:
        """Blocks of every split in turn. Conversations are numbered through all splits."""
        built = tables.build(dials)
        ratios = posterior.build(dials, built)
        shaping = list(dials.groups).index(self.shaped_by(dials))
        item = conversation = 0
        for split, (name, rows) in enumerate(dials.split_rows().items()):
            last = -1
            for block in blocks(dials, built, split=split, rows=rows):
                last = int(block.conversations[-1])
                joint = posterior.joint_weights(ratios, block.counts, block.tokens)
                yield Piece(
                    columns=_columns(dials, block, name, item, conversation),
                    posterior=posterior.posterior(joint),
                    within=posterior.posterior_within(joint, block.groups[shaping]),
                )
                item += len(block.labels)
            conversation += last + 1

    def facts(self, dials: MessageTriageDials) -> dict[str, Any]:
        """What follows from the dials."""
        lengths = dials.conversations.lengths
        return {
            "messages_per_conversation": round(sum((i + 1) * share for i, share in enumerate(lengths)), 6),
            "prevalence_in_quiet_conversations": round(float(dials.quiet_prevalence), 6),
            "correlation_within_conversations": round(dials.correlation, 6),
        }


def _columns(dials: MessageTriageDials, block: Block, split: str, item: int, conversation: int) -> dict[str, pa.Array]:
    rows = len(block.labels)
    coded = {name: _coded(codes, list(levels)) for (name, levels), codes in zip(dials.groups.items(), block.groups, strict=True)}
    return {
        "item_id": numbered("item-", np.arange(item, item + rows)),
        "conversation_id": numbered("conv-", block.conversations + conversation),
        "split": _coded(np.zeros(rows, dtype=np.uint8), [split]),
        "label": _coded(block.labels, list(LABELS)),
        **coded,
        "tokens": token_texts(block.counts, block.tokens),
    }


def _coded(codes: npt.NDArray[np.uint8], levels: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(levels, pa.string()))
