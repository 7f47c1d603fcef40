"""Families of synthetic benchmarks, by name. Each is a recipe whose dials stand in benchmark.yaml."""

from collections.abc import Mapping

from evalharness.benchmarks.families.case_linkage import CaseLinkage
from evalharness.benchmarks.families.family import Family
from evalharness.benchmarks.families.lead_priority import LeadPriority
from evalharness.benchmarks.families.message_triage import MessageTriage
from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.severity_grading import SeverityGrading

FAMILIES: Mapping[str, Family] = {
    family.name: family for family in (CaseLinkage(), LeadPriority(), MessageTriage(), RiskLevel(), SeverityGrading())
}

__all__ = ["FAMILIES", "Family"]
