"""From files and a clock to a decision. Pure reading: nothing is written, nothing heavy is loaded, nothing fails open."""

from __future__ import annotations

from evalharness.admission.decide import decide
from evalharness.admission.decision import Decision
from evalharness.admission.gather import Request, gather


def admit(request: Request) -> Decision:
    """Approved for the claim, or blocked with every reason."""
    return decide(gather(request))


__all__ = ["Request", "admit"]
