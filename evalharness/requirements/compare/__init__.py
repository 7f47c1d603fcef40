"""What changed between two policies, in words, and whether the old one's change plan foresaw it. Compares, computes nothing."""

from evalharness.requirements.compare.plan import agreed
from evalharness.requirements.compare.policies import compare_policies

__all__ = ["agreed", "compare_policies"]
