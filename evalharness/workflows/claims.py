"""Which claim the evidence can carry, whatever the policy asks for."""

from __future__ import annotations

from evalharness.records import BenchmarkInfo, Claim, Policy


def attainable_claim(policy: Policy, benchmark: BenchmarkInfo) -> tuple[Claim, str]:
    """The policy's claim, lowered to rehearsal for synthetic data and for tables whose sampling is not stated, and why."""
    if policy.claim is Claim.REHEARSAL:
        return Claim.REHEARSAL, ""
    asked = f"The policy asks for more than a rehearsal ({policy.claim}), but this is one: "
    if benchmark.synthetic:
        return Claim.REHEARSAL, asked + "its items are made up, so it says nothing about a tool in use."
    if not benchmark.sampling.strip():
        return Claim.REHEARSAL, asked + "nobody has recorded how the items were sampled."
    return policy.claim, ""
