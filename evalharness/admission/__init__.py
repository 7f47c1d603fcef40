"""The gate: evidence + policy + actual files + clock -> approved for a claim, or blocked with every reason."""

from evalharness.admission.decision import CODES, Decision, Reason, RunSeen
from evalharness.admission.gate import admit

__all__ = ["CODES", "Decision", "Reason", "RunSeen", "admit"]
