"""Families of synthetic benchmarks, by name. Each is a recipe whose dials stand in benchmark.yaml."""

from collections.abc import Mapping

from evalharness.benchmarks.families.case_linkage import CaseLinkage
from evalharness.benchmarks.families.family import Family, Piece
from evalharness.benchmarks.families.lead_priority import LeadPriority
from evalharness.benchmarks.families.message_triage import MessageTriage
from evalharness.benchmarks.families.risk_level import RiskLevel

FAMILIES: Mapping[str, Family] = {family.name: family for family in (CaseLinkage(), LeadPriority(), MessageTriage(), RiskLevel())}

__all__ = ["FAMILIES", "Family", "Piece"]
