"""Where a policy's threshold is to be certified, and who cannot do that."""

from __future__ import annotations

from evalharness.errors import bad_input
from evalharness.records import Policy


def refuse_certify(policy: Policy, what: str) -> None:
    """Raises BadInput where the policy fixes no threshold but asks for a certified one. what: who needs a fixed one."""
    if policy.operating_point.certify is None:
        return
    raise bad_input(
        f"{what} needs a threshold that the policy fixes, and this policy has it certified", where=f"policy {policy.name}: operating_point",
        got="certify", expected="{threshold: NUMBER}",
        hint="`evaluate` certifies one; to go on with it, write that threshold into a policy of its own",
    )  # fmt: skip
