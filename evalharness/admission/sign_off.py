"""Sign-off as far as this version has it: signatures cannot be given or verified yet, so nothing is ever approved."""

from __future__ import annotations

from datetime import datetime

from evalharness.admission.decision import Reason
from evalharness.records import Card, Policy


def sign_off_reasons(policy: Policy, card: Card, *, at: datetime, clock: datetime) -> tuple[Reason, ...]:
    """Every reason why no valid sign-off stands. Never empty in this version."""
    reasons = []
    if card.path is None:
        reasons.append(Reason(code=12, text="the model has no card: without a card nothing can be approved"))
    if at < clock:
        reasons.append(Reason(code=12, text=f"--at {at:%Y-%m-%dT%H:%M:%SZ} is earlier than the clock: the past cannot be approved"))
    roles = ", ".join(f"{count} x {role}" for role, count in policy.sign_off.roles)
    text = f"no sign-off: the policy asks for {roles}; this version of the harness cannot verify signatures, so it approves nothing"
    reasons.append(Reason(code=12, text=text))
    return tuple(reasons)
