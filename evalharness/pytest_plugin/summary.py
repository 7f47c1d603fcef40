"""The last words of a test run with `--evalharness`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalharness.errors import shown
from evalharness.evidence.store import StoredRun
from evalharness.pytest_plugin.failure import REPORT
from evalharness.pytest_plugin.items import count_items
from evalharness.report import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was run of what was judged."""

    run: StoredRun
    outcomes: tuple[str, ...]
    """Of the findings that were run as tests."""
    kept: bool
    """Whether the folder was asked for, and so stays."""

    def lines(self) -> Sequence[str]:
        """How many findings were run, what came out of all of them, and that none of it is a sign-off."""
        evidence = self.run.evidence
        return [
            f"findings {len(self.outcomes)} of {count_items(evidence)} run{self._counts()}; this is not a sign-off; the gate decides",
            f"model {evidence.model.name}, policy {evidence.policy.name}, benchmark {evidence.benchmark.name}: "
            f"verdict of all findings {words.MARKS[evidence.verdict.outcome][1].upper()}, claim {words.CLAIMS[evidence.claim][0]}",
            *self._remarks(),
            f"report: {shown(str(self.run.folder / REPORT), 1_000)}"
            + ("" if self.kept else " (temporary; --evalharness-out DIR keeps it)"),
        ]

    def _counts(self) -> str:
        counts = [(self.outcomes.count(outcome), words.MARKS[outcome][1]) for outcome in words.OUTCOMES_WORST_FIRST]
        return ": " + ", ".join(f"{number} {name}" for number, name in counts if number) if self.outcomes else ""

    def _remarks(self) -> Iterator[str]:
        missing = count_items(self.run.evidence) - len(self.outcomes)
        if not self.outcomes:
            yield "! not one finding was run, so this run fails"
        elif missing > 0:
            yield f"! {missing} of the findings {'was' if missing == 1 else 'were'} not run: what is green says nothing of them"
        for notice in self.run.evidence.notices:
            yield f"! {shown(notice.text, 600)}"
