"""The gate: evidence + statements + policy + actual files + clock -> approved for a claim, or blocked with every reason."""

from evalharness.admission.decision import CODES, ConditionSeen, Decision, Limit, Reason, RunSeen, VoteSeen
from evalharness.admission.gate import admit

__all__ = ["CODES", "ConditionSeen", "Decision", "Limit", "Reason", "RunSeen", "VoteSeen", "admit"]
