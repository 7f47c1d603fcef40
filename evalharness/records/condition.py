"""Under what a requirement is asked, where that is not the run as it stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """At most one of these; none of them is the run as it stands. Its text enters the key by which an estimate answers a question."""

    prevalence: float | None = None
    """Share of relevant items where the classifier will be used."""
    budget_per_day: int | None = None
    """Ranking: another daily budget than the operating point's."""
    under: str = ""
    """Name of a perturbation of the items."""
    relative_to: str = ""
    """`incumbent`, `baseline`, …: whom the classifier is held against, on the same items."""
    over_range: bool = False
    """At every setting of the plausible ranges of the benchmark's recipe. One run is at one setting, so none of them answers."""

    @property
    def text(self) -> str:
        """`at prevalence 0.01`, `at budget 10`, `under token-noise`, `relative to incumbent`, `over the plausible range`; empty for the
        run as it stands."""
        parts = (
            "" if self.prevalence is None else f"at prevalence {self.prevalence!r}",
            "" if self.budget_per_day is None else f"at budget {self.budget_per_day}",
            f"under {self.under}" if self.under else "",
            f"relative to {self.relative_to}" if self.relative_to else "",
            "over the plausible range" if self.over_range else "",
        )
        return ", ".join(part for part in parts if part)


AS_IT_STANDS = Condition()


def condition_of(text: str) -> Condition:
    """The condition behind its text. What no condition is called is taken as the name of a perturbation: it is only shown. Never raises:
    in altered evidence anything may stand there."""
    for head, read in _READ.items():
        if text.startswith(head):
            with suppress(ValueError):
                return read(text.removeprefix(head))
    return Condition(under=text)


_READ: dict[str, Callable[[str], Condition]] = {
    "at prevalence ": lambda rest: Condition(prevalence=float(rest)),
    "at budget ": lambda rest: Condition(budget_per_day=int(rest)),
    "under ": lambda rest: Condition(under=rest),
    "relative to ": lambda rest: Condition(relative_to=rest),
    "over the plausible range": lambda _: Condition(over_range=True),
}
