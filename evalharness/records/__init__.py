"""Frozen values that cross layers. No input or output, no numerical library."""

from evalharness.records.attempt import Attempt, attempt_level
from evalharness.records.benchmark import BenchmarkFacts, BenchmarkInfo, SealFacts
from evalharness.records.card import Card
from evalharness.records.caution import Caution, CautionKind
from evalharness.records.claimed import CLAIMED_FIGURES, CheckedClaim, MeasuredClaim, SupplierClaim
from evalharness.records.condition import AS_IT_STANDS, Condition
from evalharness.records.copies import CopyKind
from evalharness.records.cost_range import CostRange
from evalharness.records.curve import Curve, Description
from evalharness.records.estimate import CUSTOM, OVERALL, Estimate, Group, Prospect, group_as_json, group_from_json, group_text
from evalharness.records.finding import Exemption, Finding, Outcome, Verdict, worst
from evalharness.records.group_context import GroupContext
from evalharness.records.human_in_the_loop import HumanInTheLoop
from evalharness.records.plan import Alternative, Plan, PlannedCell, PlannedRequirement, Planning
from evalharness.records.policy import (
    AllowedChange,
    Claim,
    Costs,
    CostUnit,
    NotJudged,
    OperatingPoint,
    Policy,
    Question,
    Requirement,
    Rule,
    SignOff,
    Task,
)

__all__ = [
    "AS_IT_STANDS",
    "CLAIMED_FIGURES",
    "CUSTOM",
    "OVERALL",
    "AllowedChange",
    "Alternative",
    "Attempt",
    "BenchmarkFacts",
    "BenchmarkInfo",
    "Card",
    "Caution",
    "CautionKind",
    "CheckedClaim",
    "Claim",
    "Condition",
    "CopyKind",
    "CostRange",
    "CostUnit",
    "Costs",
    "Curve",
    "Description",
    "Estimate",
    "Exemption",
    "Finding",
    "Group",
    "GroupContext",
    "HumanInTheLoop",
    "MeasuredClaim",
    "NotJudged",
    "OperatingPoint",
    "Outcome",
    "Plan",
    "PlannedCell",
    "PlannedRequirement",
    "Planning",
    "Policy",
    "Prospect",
    "Question",
    "Requirement",
    "Rule",
    "SealFacts",
    "SignOff",
    "SupplierClaim",
    "Task",
    "Verdict",
    "attempt_level",
    "group_as_json",
    "group_from_json",
    "group_text",
    "worst",
]
