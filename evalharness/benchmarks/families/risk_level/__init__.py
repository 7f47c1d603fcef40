"""The family `risk-level`: reports about persons, some followed by an outcome within a stated window.

The outcome is drawn first, the features after it; the level low, medium or high is the true chance of the outcome, cut at stated points.
"""

from evalharness.benchmarks.families.risk_level.family import RiskLevel

__all__ = ["RiskLevel"]
