"""How a finding is called wherever people read it."""

from __future__ import annotations

from evalharness.records import Group, group_text


def finding_name(requirement: str, group: Group, condition: str = "") -> str:
    """`recall-everyone[ethnicity=X,sex=F]`; for everybody and for gaps the id alone. A condition follows: `… at budget 10`."""
    name = f"{requirement}[{group_text(group)}]" if group else requirement
    return f"{name} {condition}" if condition else name
