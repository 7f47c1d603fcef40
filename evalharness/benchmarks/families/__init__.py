"""Families of synthetic benchmarks, by name. Each is a recipe whose dials stand in benchmark.yaml; it is imported once it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from evalharness.benchmarks.families.family import Family


class _Families(Mapping[str, Family]):
    def __getitem__(self, name: str) -> Family:
        if name not in _NAMES:
            raise KeyError(name)
        return self._all[name]

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    @cached_property
    def _all(self) -> dict[str, Family]:
        from evalharness.benchmarks.families.case_linkage import CaseLinkage  # noqa: PLC0415 - a supplied table needs none of them
        from evalharness.benchmarks.families.lead_priority import LeadPriority  # noqa: PLC0415
        from evalharness.benchmarks.families.message_triage import MessageTriage  # noqa: PLC0415
        from evalharness.benchmarks.families.risk_level import RiskLevel  # noqa: PLC0415
        from evalharness.benchmarks.families.severity_grading import SeverityGrading  # noqa: PLC0415

        return {family.name: family for family in (CaseLinkage(), LeadPriority(), MessageTriage(), RiskLevel(), SeverityGrading())}


_NAMES = ("case-linkage", "lead-priority", "message-triage", "risk-level", "severity-grading")
FAMILIES: Mapping[str, Family] = _Families()

__all__ = ["FAMILIES", "Family"]
