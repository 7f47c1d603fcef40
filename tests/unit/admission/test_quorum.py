"""Different people in the right roles."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from evalharness.admission.quorum import empty_seats

A_B = (("a", 1), ("b", 1))


def test_one_person_in_two_roles_fills_one_seat() -> None:
    assert empty_seats(A_B, {"a": ["p"], "b": ["p"]}, several=False) == {"b": 1}


def test_one_person_in_two_roles_fills_both_where_the_policy_lets_them() -> None:
    assert empty_seats(A_B, {"a": ["p"], "b": ["p"]}, several=True) == {}


def test_somebody_moves_to_another_seat_to_make_room() -> None:
    assert empty_seats(A_B, {"a": ["p", "q"], "b": ["p"]}, several=False) == {}
    assert empty_seats(A_B, {"a": ["p"], "b": ["p", "q"]}, several=False) == {}


def test_a_person_who_approves_twice_in_a_role_fills_one_seat() -> None:
    for several in (True, False):
        assert empty_seats((("a", 2),), {"a": ["p", "p"]}, several=several) == {"a": 1}


def test_a_role_without_anybody_is_empty() -> None:
    assert empty_seats((("a", 2), ("b", 1)), {}, several=False) == {"a": 2, "b": 1}


@pytest.mark.parametrize("seats", [(1, 1, 1), (2, 1, 0), (0, 3, 0), (2, 2, 0)])
def test_it_agrees_with_trying_every_order(seats: tuple[int, ...]) -> None:
    roles = tuple((role, count) for role, count in zip("abc", seats, strict=True) if count)
    wanted = [role for role, count in roles for _ in range(count)]
    cells = list(product("pqrs", [role for role, _ in roles]))
    for chosen in product((False, True), repeat=len(cells)):
        said = {cell for cell, there in zip(cells, chosen, strict=True) if there}
        people = {role: [p for p in "pqrs" if (p, role) in said] for role, _ in roles}
        possible = any(all(pair in said for pair in zip(order, wanted, strict=True)) for order in permutations("pqrs", len(wanted)))
        assert (empty_seats(roles, people, several=False) == {}) == possible
