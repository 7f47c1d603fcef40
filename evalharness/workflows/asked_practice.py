"""What is for practice alone, and refused under a lock."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from evalharness.errors import bad_input
from evalharness.records import Policy


class Asked(Protocol):
    """What the caller asked for, as far as a lock is about it."""

    @property
    def split(self) -> str | None: ...

    @property
    def locked(self) -> bool: ...

    @property
    def copies(self) -> bool: ...


def on_split(policy: Policy, asked: Asked) -> Policy:
    """The policy, judged on the split asked for. Raises BadInput under a lock, which is for the policy's own split."""
    if asked.split is None or asked.split == policy.split:
        return policy
    if asked.locked:
        raise bad_input(
            "a run under a lock is judged on the policy's split", where="--split", got=asked.split, expected=policy.split,
            hint="leave --split out, or --lock: another split is for practice",
        )  # fmt: skip
    return replace(policy, split=asked.split)


def check_copies(asked: Asked) -> None:
    """Raises BadInput under a lock where copies are to be left out."""
    if asked.locked and not asked.copies:
        raise bad_input(
            "a run under a lock answers the copies of items too", where="--no-copies",
            hint="leave --no-copies out, or --lock: to leave copies out is for practice",
        )  # fmt: skip
