"""How a finding is called wherever people read it."""

from __future__ import annotations

from evalharness.records import Group, group_text


def finding_name(requirement: str, group: Group) -> str:
    """`recall-everyone[ethnicity=X,sex=F]`; for everybody and for gaps the requirement's id alone."""
    return f"{requirement}[{group_text(group)}]" if group else requirement
