"""Times, days and people in words."""

from __future__ import annotations

from datetime import datetime

from evalharness.admission.case import Author


def moment(time: datetime) -> str:
    """`2026-11-22T09:30:00Z`."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def signer(author: Author) -> str:
    """`j-doe as data protection`."""
    return f"{author.person} as {author.role.replace('_', ' ')}"
