"""The family `lead-priority`: leads that wait in a daily queue, a few of which identify a person at risk.

A day's queue is the cluster: some days are worse than others. Officers can review so many leads a day; what a ranking puts below waits.
"""

from evalharness.benchmarks.families.lead_priority.family import LeadPriority

__all__ = ["LeadPriority"]
