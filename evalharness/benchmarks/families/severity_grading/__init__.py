"""The family `severity-grading`: opaque vectors of 64 numbers to be graded none < C < B < A by several people.

Few hidden coordinates carry the grade; the 64 numbers are sums and differences of all of them, so no single number gives it away.
"""

from evalharness.benchmarks.families.severity_grading.family import SeverityGrading

__all__ = ["SeverityGrading"]
