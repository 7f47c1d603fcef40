"""What happens to an item by its score or grade: bands, and what goes to a person instead."""

from __future__ import annotations

from dataclasses import dataclass

TO_A_PERSON = "to_a_person"
"""The fate of items without an answer, and of those that are deferred: a person decides, without the classifier's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheck:
    """Items of a band without readers of which some are opened all the same. It decides nothing about those that are not."""

    share: float
    readers: int
    blind: bool
    """Whether they are read without the classifier's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band. An item is in the first that takes it."""

    name: str
    at_least: float | None = None
    """Takes scores of at least this; None: takes by something else."""
    selected: bool = False
    """Takes what the operating point selects."""
    levels: tuple[str, ...] = ()
    """Takes these levels that the classifier gives."""
    rest: bool = False
    """Takes whatever is left; the last band alone."""
    readers: int = 0
    """People who read each item before anything is decided."""
    shown: bool = True
    """Whether they see the classifier's answer."""
    third_reader: bool = False
    """Whether a third person decides where two disagree."""
    opened_within_days: int | None = None
    """Without readers: every item is opened by a person inside this many days, as the policy promises."""
    spot_check: SpotCheck | None = None

    @property
    def closes(self) -> bool:
        """Whether its items are closed without any person. A spot check opens others than those that it leaves."""
        return self.readers == 0 and self.opened_within_days is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """All bands of a policy, in its order; the last takes the rest."""

    bands: tuple[Band, ...]
    defer_within: float | None = None
    """Items whose score is nearer than this to the threshold go to a person."""
    machine_closes: str = ""
    """Why the classifier may close items by itself, in the policy's words; empty: it may not, and does not."""

    @property
    def fates(self) -> tuple[str, ...]:
        """What can become of an item: the bands in order, and to a person."""
        return (*(band.name for band in self.bands), TO_A_PERSON)
