"""Findings as test items. Only *met* passes; nothing is skipped and nothing is expected to fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from evalharness.errors import shown
from evalharness.evidence import Evidence
from evalharness.evidence.schema import FindingPart
from evalharness.evidence.store import StoredRun
from evalharness.pytest_plugin.failure import failure_text, unexplained_text
from evalharness.records import group_from_json
from evalharness.requirements.names import finding_name

OUTCOME_PROPERTY = "evalharness.outcome"
"""Carries a finding's outcome through reports, from workers to the controller, and into JUnit XML."""
_LONGEST_NAME = 4_000


class FindingFailed(AssertionError):
    """A finding that is not met, in words."""


class Findings(pytest.Collector):
    """The findings of one policy. They are made by the plug-in, not collected from a file."""

    def collect(self) -> Iterable[pytest.Item]:
        return ()


class FindingItem(pytest.Item):
    """One finding."""

    def __init__(self, *, outcome: str = "", text: str = "", **more: Any) -> None:
        super().__init__(**more)
        self._outcome, self._text = outcome, text
        self.add_marker("evalharness")
        self.user_properties.append((OUTCOME_PROPERTY, outcome))

    def runtest(self) -> None:
        if self._outcome != "met":
            raise FindingFailed(self._text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The words alone: a traceback through the harness helps nobody."""
        return str(excinfo.value) if isinstance(excinfo.value, FindingFailed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """A finding stands in no file; pytest needs a line where somebody's conftest.py marks every test."""
        return self.path, 0, self.name


def items_of(session: pytest.Session, run: StoredRun) -> list[pytest.Item]:
    """An item for each finding, in the policy's order. A verdict that the findings do not explain is an item too, so none is no pass."""
    evidence = run.evidence
    parent = _parent(session, evidence.policy.name)
    found: list[pytest.Item] = [_item(parent, finding, run) for finding in evidence.findings]
    if _unexplained(evidence):
        found.append(FindingItem.from_parent(parent, name="verdict", outcome="not_evaluable", text=unexplained_text(run)))
    return found


def named_items(session: pytest.Session, policy: str, names: Iterable[str]) -> list[pytest.Item]:
    """Items that can be listed and not run."""
    parent = _parent(session, policy)
    return [FindingItem.from_parent(parent, name=_shown(name), outcome="not_evaluable", text="nothing was judged") for name in names]


def _parent(session: pytest.Session, policy: str) -> Findings:
    name = _shown(policy)
    parent: Findings = Findings.from_parent(session, name=name, nodeid=f"evalharness::{name}")
    return parent


def _item(parent: Findings, finding: FindingPart, run: StoredRun) -> pytest.Item:
    name = _shown(finding_name(finding.requirement, group_from_json(finding.group), finding.condition))
    item: FindingItem = FindingItem.from_parent(parent, name=name, outcome=finding.outcome, text=failure_text(finding, run))
    return item


def count_items(evidence: Evidence) -> int:
    """How many items `items_of` makes."""
    return len(evidence.findings) + int(_unexplained(evidence))


def _unexplained(evidence: Evidence) -> bool:
    """As in our own JUnit: nothing judged, or a verdict that is worse than every finding."""
    return all(f.outcome == "met" for f in evidence.findings) and (not evidence.findings or evidence.verdict.outcome != "met")


def _shown(text: str) -> str:
    return shown(text, _LONGEST_NAME)
