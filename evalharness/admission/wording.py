"""Times, days and people in words."""

from __future__ import annotations

from datetime import datetime

from evalharness.admission.case import Author
from evalharness.signoff.roles import acting


def moment(time: datetime) -> str:
    """`2026-11-22T09:30:00Z`."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def people_number(count: int) -> str:
    """`nobody`, `one person`, `2 people`."""
    return {0: "nobody", 1: "one person"}.get(count, f"{count} people")


def objector(author: Author) -> str:
    """`j-doe, for data protection,` before what that person did."""
    return f"{author.person}, {acting(author.role)},"


def signer(author: Author) -> str:
    """`j-doe as data protection`."""
    return f"{author.person} as {author.role.replace('_', ' ')}"
