"""The dials of the family `message-triage`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from evalharness.files.document import KeyPath
from evalharness.files.fields import refused
from evalharness.files.shape import Shape

FEWEST_ROWS = 1_000
MOST_ROWS = 10**9
MOST_SEED = 2**53 - 1
RESERVED = frozenset({"item_id", "conversation_id", "split", "label", "tokens"})


def exactly(share: float) -> Fraction:
    """The decimal that the file shows, as a fraction: 0.1 is one tenth."""
    return Fraction(repr(share))


def _total_is_one(shares: Sequence[float]) -> None:
    total = sum((exactly(v) for v in shares), Fraction(0))
    if total != 1:
        raise refused(f"shares that add up to 1; these add up to {float(total):.9g}")


def _list_adds_up(shares: list[float]) -> list[float]:
    _total_is_one(shares)
    return shares


def _levels_add_up(shares: dict[str, float]) -> dict[str, float]:
    _total_is_one(list(shares.values()))
    return shares


def _attribute(name: str) -> str:
    if name in RESERVED:
        raise refused("a name that no other column has", f"the family has a column {name!r} already")
    return name


Share = Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
Inner = Annotated[float, Field(gt=0.0, lt=1.0, allow_inf_nan=False)]
Level = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Attribute = Annotated[str, Field(max_length=64, pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_attribute)]
Levels = Annotated[dict[Level, Share], Field(min_length=1, max_length=50), AfterValidator(_levels_add_up)]


class Splits(Shape):
    """Shares of the messages; a conversation is in one split only."""

    train: Share
    calibration: Share
    test: Share


class Conversations(Shape):
    """Conversations are the clusters; two kinds of them make the messages of one conversation alike."""

    lengths: Annotated[list[Share], Field(min_length=1, max_length=50), AfterValidator(_list_adds_up)]
    """Share of the conversations that have 1, 2, 3 ... messages."""
    active_share: Inner
    """Share of the conversations that are of the active kind."""
    active_prevalence: Inner
    """Share of relevant messages in a conversation of the active kind."""


class Tokens(Shape):
    """Messages are lists of placeholder tokens."""

    vocabulary: Annotated[int, Field(ge=100, le=10_000)]
    """How many different tokens there are."""
    fewest: Annotated[int, Field(ge=1, le=100)]
    """Tokens in the shortest message."""
    most: Annotated[int, Field(ge=1, le=100)]
    """Tokens in the longest message; every length between is equally likely."""


class Signal(Shape):
    """How relevant messages differ from the others."""

    usage_of: Attribute
    """The attribute whose levels have tokens of their own."""
    strength: Inner
    """Share of the tokens of a relevant message that are signal."""
    shared: Inner
    """Part of the signal that all groups have in common; the rest is in the group's own tokens."""
    shared_tokens: Annotated[int, Field(ge=1, le=1_000)]
    """How many tokens carry the common signal."""
    own_tokens: Annotated[int, Field(ge=1, le=1_000)]
    """How many tokens each group has of its own."""
    own_usage: Inner
    """Share of a group's own tokens in all of its messages, relevant or not."""


class MessageTriageDials(Shape):
    """Everything that decides the bytes of a `message-triage` benchmark."""

    family: Literal["message-triage"]
    rows: Annotated[int, Field(ge=FEWEST_ROWS, le=MOST_ROWS)]
    """Messages in all splits together."""
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)]
    splits: Splits
    prevalence: Annotated[float, Field(gt=0.0, le=0.5, allow_inf_nan=False)]
    """Share of relevant messages."""
    conversations: Conversations
    groups: Annotated[dict[Attribute, Levels], Field(min_length=1, max_length=6)]
    """Attribute -> level -> share of the conversations."""
    tokens: Tokens
    signal: Signal

    def faults(self) -> Iterator[tuple[KeyPath, str]]:
        """What no single dial shows: (place under `generate`, what is wrong)."""
        total = sum(exactly(v) for v in (self.splits.train, self.splits.calibration, self.splits.test))
        if total != 1:
            yield ("splits",), f"the shares of the splits add up to {float(total):.9g}, not to 1"
        elif empty := [name for name, rows in self.split_rows().items() if rows < 1]:
            yield ("splits", empty[0]), f"no message of {self.rows} is left for the split '{empty[0]}'"
        if not 0 < self.quiet_prevalence < 1:
            yield (
                ("prevalence",),
                f"a prevalence of {self.prevalence:g} cannot be reached: {self.conversations.active_share:g} of the conversations at "
                f"{self.conversations.active_prevalence:g} leave {float(self.quiet_prevalence):.4g} for the others",
            )
        if self.tokens.most < self.tokens.fewest:
            yield ("tokens", "most"), f"the longest message ({self.tokens.most} tokens) is shorter than the shortest ({self.tokens.fewest})"
        yield from self._signal_faults()

    def _signal_faults(self) -> Iterator[tuple[KeyPath, str]]:
        if self.signal.usage_of not in self.groups:
            yield ("signal", "usage_of"), f"'{self.signal.usage_of}' is not one of the groups ({', '.join(self.groups)})"
            return
        if exactly(self.signal.strength) + exactly(self.signal.own_usage) >= 1:
            yield ("signal", "strength"), "strength and own_usage together leave no room for ordinary tokens"
        special = self.signal.shared_tokens + self.signal.own_tokens * len(self.groups[self.signal.usage_of])
        if 2 * special > self.tokens.vocabulary:
            yield (
                ("tokens", "vocabulary"),
                f"the signal takes {special} tokens, more than half of the vocabulary ({self.tokens.vocabulary})",
            )

    @property
    def quiet_prevalence(self) -> Fraction:
        """Share of relevant messages in a conversation of the quiet kind; follows from the other dials."""
        share = exactly(self.conversations.active_share)
        return (exactly(self.prevalence) - share * exactly(self.conversations.active_prevalence)) / (1 - share)

    @property
    def correlation(self) -> float:
        """Correlation of the labels of two messages of one conversation (intra-class correlation)."""
        share, prevalence = exactly(self.conversations.active_share), exactly(self.prevalence)
        between = share * (1 - share) * (exactly(self.conversations.active_prevalence) - self.quiet_prevalence) ** 2
        return float(between / (prevalence * (1 - prevalence)))

    def split_rows(self) -> dict[str, int]:
        """Messages of each split: shares of `rows`, rounded down; `test` takes what is left."""
        train = int(self.rows * exactly(self.splits.train))
        calibration = int(self.rows * exactly(self.splits.calibration))
        return {"train": train, "calibration": calibration, "test": self.rows - train - calibration}
