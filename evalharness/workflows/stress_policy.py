"""What of a policy is judged at each setting of a stress run."""

from __future__ import annotations

from dataclasses import replace

from evalharness.errors import bad_input
from evalharness.records import Policy


def at_each_setting(policy: Policy) -> Policy:
    """The policy as it is judged at one setting: what is asked over the range is asked there, what cannot be is left out.

    Left out are requirements about copies of items: copies are made of the test set alone. Raises BadInput where nothing is left.
    """
    kept = tuple(replace(r, on=replace(r.on, over_range=False)) for r in policy.requirements if r.id not in left_out(policy))
    if not kept:
        raise bad_input(
            "no requirement of the policy can be stressed", where=f"policy {policy.name}: requirements",
            got="all of them are about copies of items, or about another model", hint="stress a policy that asks something of the items",
        )  # fmt: skip
    return replace(policy, requirements=kept)


def left_out(policy: Policy) -> tuple[str, ...]:
    """Ids of the requirements that no setting can answer."""
    return tuple(r.id for r in policy.requirements if r.on.under or r.on.relative_to)


def demanded(policy: Policy) -> tuple[str, ...]:
    """Ids of the requirements that the policy asks over the range."""
    return tuple(r.id for r in policy.requirements if r.on.over_range)
