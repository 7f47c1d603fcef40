"""Enough different people in the right roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def empty_seats(roles: Sequence[tuple[str, int]], people: Mapping[str, Sequence[str]], *, several: bool) -> dict[str, int]:
    """Role -> how many seats of it nobody fills; empty when all are filled.

    `people`: role -> who approved in it. Unless `several`, one person fills one seat only: a system of distinct representatives, found as a
    largest matching by augmenting paths (Kuhn 1955).
    """
    if several:
        short = {role: seats - len(set(people.get(role, ()))) for role, seats in roles}
        return {role: missing for role, missing in short.items() if missing > 0}
    taken: dict[str, int] = {}
    seats = [role for role, count in roles for _ in range(count)]
    empty: dict[str, int] = {}
    for seat, role in enumerate(seats):
        if not _seated(seat, seats, people, taken, set()):
            empty[role] = empty.get(role, 0) + 1
    return empty


def _seated(seat: int, seats: Sequence[str], people: Mapping[str, Sequence[str]], taken: dict[str, int], tried: set[str]) -> bool:
    """Whether somebody can sit there, others moving to another of their seats where that helps."""
    for person in people.get(seats[seat], ()):
        if person in tried:
            continue
        tried.add(person)
        if person not in taken or _seated(taken[person], seats, people, taken, tried):
            taken[person] = seat
            return True
    return False
