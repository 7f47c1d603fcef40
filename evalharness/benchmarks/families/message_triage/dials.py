"""The dials of the family `message-triage`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.alike import sizes_from_one, with_repeats
from evalharness.benchmarks.families.ingredients.dials import (
    Attribute,
    GroupHarm,
    Groups,
    Harm,
    Inner,
    Level,
    Rows,
    Seed,
    Share,
    Shares,
    Splits,
    no_group_harm,
    no_harm,
    rows_by_split,
)
from evalharness.benchmarks.families.ingredients.faults import harm_faults, name_faults, split_faults, told, usage_faults
from evalharness.benchmarks.families.ingredients.shares import exactly
from evalharness.files.shape import Shape

RESERVED = frozenset({"item_id", "conversation_id", "split", "label", "tokens", "channel", "period", "length"})
PERIODS = 4
"""Parts of the year that a message may come from."""


_CHANNELS = {"app": 0.5, "web": 0.3, "phone": 0.2}


class Conversations(Shape):
    """Conversations are the clusters; two kinds of them make the messages of one conversation alike."""

    lengths: Shares
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
    shown: Literal["tokens", "counts"] = "tokens"
    """tokens: the message itself. counts: only how many tokens of each sort it has, for very large sets."""


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


class Raters(Shape):
    """People who labelled the messages, one by one and without the model."""

    number: Annotated[int, Field(ge=2, le=5)]
    sensitivity: Inner
    """Share of the relevant messages that one rater calls relevant."""
    hard_sensitivity: Inner
    """The same for messages in the shorter half of the lengths, which are harder to judge."""
    false_alarms: Inner
    """Share of the irrelevant messages that one rater calls relevant."""


class Copies(Shape):
    """Counterfactual twins and perturbed copies of test messages."""

    share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the messages of `test` that have one copy of each kind."""
    noise: Inner
    """Share of the tokens of a noisy copy that are drawn anew from ordinary use."""
    obfuscation: Inner
    """Share of the signal tokens that an obfuscated copy hides behind ordinary ones."""


class Harms(Shape):
    """Injected harms, each with its size (0: off) and the sizes that are plausible."""

    base_rate: GroupHarm = Field(default_factory=no_group_harm)
    """The group's share of relevant messages is (1 + size) times that of the others."""
    separability: GroupHarm = Field(default_factory=no_group_harm)
    """The group's signal is weaker by this share."""
    label_noise: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's relevant messages that are recorded as irrelevant; as many irrelevant ones are recorded as relevant."""
    under_representation: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's conversations in `train` that are replaced by ones of anybody."""
    missing: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's messages whose channel is not known."""
    proxy: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's messages that come by the first channel whatever they hold: the channel then tells of the group."""
    annotator_bias: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's relevant messages that a rater overlooks who would have seen them elsewhere."""
    drift: Harm = Field(default_factory=no_harm)
    """In `shifted`: share of the signal that is lost by the last part of the year; in equal steps until then."""
    prevalence_shift: Harm = Field(default_factory=no_harm)
    """In `shifted`: relevant messages are (1 + size) times as frequent."""
    duplicates: Harm = Field(default_factory=no_harm)
    """Share of the messages, after the first of a conversation, that repeat the one before word for word."""
    obfuscation: Harm = Field(default_factory=no_harm)
    """Share of the signal tokens of relevant messages that are hidden behind ordinary ones, in all splits."""

    def by_group(self) -> dict[str, GroupHarm]:
        """The harms that are about a group."""
        return {name: value for name, value in self if isinstance(value, GroupHarm)}


_FROM = {"base_rate": -0.9, "prevalence_shift": -0.9}
_UP_TO = {"base_rate": 4.0, "prevalence_shift": 9.0, "label_noise": 0.5, "separability": 0.95, "drift": 0.95, "obfuscation": 0.95}


class MessageTriageDials(Shape):
    """Everything that decides the bytes of a `message-triage` benchmark."""

    family: Literal["message-triage"]
    rows: Rows
    """Messages in all splits together."""
    seed: Seed
    splits: Splits
    prevalence: Annotated[float, Field(gt=0.0, le=0.5, allow_inf_nan=False)]
    """Share of relevant messages, where no harm changes it."""
    conversations: Conversations
    groups: Groups
    """Attribute -> level -> share of the conversations."""
    tokens: Tokens
    signal: Signal
    channels: Annotated[dict[Level, Share], Field(min_length=2, max_length=10)] = Field(default_factory=lambda: dict(_CHANNELS))
    """Channel -> share of the messages; tells nothing by itself."""
    raters: Raters = Raters(number=3, sensitivity=0.92, hard_sensitivity=0.85, false_alarms=0.02)
    copies: Copies = Copies(share=0.0, noise=0.1, obfuscation=0.5)
    harms: Harms = Field(default_factory=Harms)

    def faults(self) -> Iterator[Fault]:
        """What no single dial shows."""
        yield from told(
            split_faults(self),
            name_faults(self, RESERVED),
            self._channel_faults(),
            self._prevalence_faults(),
            self._length_faults(),
            self._copy_faults(),
            usage_faults(self),
            self._strength_faults(),
            self._vocabulary_faults(),
            harm_faults(self, _FROM, _UP_TO),
            self._frequency_faults(),
        )

    def _channel_faults(self) -> Iterator[Fault]:
        if (total := sum(exactly(v) for v in self.channels.values())) != 1:
            yield Fault(("channels",), "the shares of the channels do not add up", f"{float(total):.9g}", "shares that add up to 1")

    def _prevalence_faults(self) -> Iterator[Fault]:
        if not 0 < self.quiet_prevalence < 1:
            active = f"{self.conversations.active_share:g} of the conversations at {self.conversations.active_prevalence:g}"
            yield Fault(
                ("prevalence",),
                f"this prevalence cannot be reached: {active} leave {float(self.quiet_prevalence):.4g} for the others",
                f"{self.prevalence:g}",
                "a prevalence that leaves a share between 0 and 1 for the others",
            )

    def _length_faults(self) -> Iterator[Fault]:
        if self.tokens.most < self.tokens.fewest:
            what = "the longest message is shorter than the shortest"
            yield Fault(("tokens", "most"), what, str(self.tokens.most), f"{self.tokens.fewest} tokens or more, as in 'fewest'")

    def _copy_faults(self) -> Iterator[Fault]:
        if self.tokens.shown == "counts" and self.copies.share > 0:
            what = "only messages whose tokens are shown can be copied; counts cannot"
            yield Fault(("copies", "share"), what, f"{self.copies.share:g}", "0, or tokens.shown: tokens")

    def _strength_faults(self) -> Iterator[Fault]:
        if (total := exactly(self.signal.strength) + exactly(self.signal.own_usage)) >= 1:
            what = "strength and own_usage together leave no room for ordinary tokens"
            yield Fault(("signal", "strength"), what, f"{float(total):g}", "less than 1 in all")

    def _vocabulary_faults(self) -> Iterator[Fault]:
        if self.signal.usage_of not in self.groups:
            return
        special = self.signal.shared_tokens + self.signal.own_tokens * len(self.groups[self.signal.usage_of])
        if 2 * special > self.tokens.vocabulary:
            what = f"the signal takes {special} tokens, more than half of the vocabulary"
            yield Fault(("tokens", "vocabulary"), what, str(self.tokens.vocabulary), f"{2 * special} or more")

    def _frequency_faults(self) -> Iterator[Fault]:
        most = max(exactly(self.conversations.active_prevalence), self.quiet_prevalence)
        for harm in (self.harms.base_rate, self.harms.prevalence_shift):
            most *= 1 + max(exactly(harm.size), Fraction(0))
        if most >= 1:
            what = "with prevalence_shift it makes too many messages of an active conversation relevant"
            yield Fault(("harms", "base_rate"), what, f"a share of {float(most):.3g}", "a share below 1")

    @property
    def quiet_prevalence(self) -> Fraction:
        """Share of relevant messages in a conversation of the quiet kind; follows from the other dials."""
        share = exactly(self.conversations.active_share)
        return (exactly(self.prevalence) - share * exactly(self.conversations.active_prevalence)) / (1 - share)

    def correlation(self, split: str) -> float:
        """Of the clean labels of two messages of one conversation (intra-class correlation); harms to groups apart."""
        factor = 1 + exactly(self.harms.prevalence_shift.size) if split == "shifted" else Fraction(1)
        share, prevalence = exactly(self.conversations.active_share), exactly(self.prevalence) * factor
        between = share * (1 - share) * ((exactly(self.conversations.active_prevalence) - self.quiet_prevalence) * factor) ** 2
        own = float(between / (prevalence * (1 - prevalence)))
        return with_repeats(own, sizes_from_one(self.conversations.lengths), self.harms.duplicates.size)

    def split_rows(self) -> dict[str, int]:
        """Messages of each split: shares of `rows`, rounded down; `test` takes what is left."""
        return rows_by_split(self.rows, self.splits)
