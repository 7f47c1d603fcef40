"""Which organisations are the same, and which names are refused."""

from __future__ import annotations

import pytest

from evalharness.signoff.organisations import name_problem, organisation_skeleton, same_organisation


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "ACME Ltd."),
        ("Acme B.V.", "acme"),
        ("Acme Co Ltd", "Acme"),
        ("Müller GmbH", "Muller"),
        ("Modern Vision", "Modem Vision"),
        ("Acme", "Acme Police Systems"),
        ("Police Systems by Acme", "acme"),
        ("Аcme", "Acme"),  # Cyrillic A
        ("A-C-M-E", "a c m e"),
    ],
)
def test_names_that_stand_for_one_organisation(one: str, other: str) -> None:
    assert same_organisation(one, other)
    assert same_organisation(other, one)


@pytest.mark.parametrize(("one", "other"), [("Acme", "Apex"), ("Example Force", "Example Supplier"), ("", "Acme"), ("", ""), ("Ltd", "Co")])
def test_names_of_different_organisations(one: str, other: str) -> None:
    assert not same_organisation(one, other)


def test_the_legal_form_alone_is_a_name() -> None:
    assert organisation_skeleton("Limited") == organisation_skeleton("LIMITED")
    assert organisation_skeleton("Limited")


@pytest.mark.parametrize("text", ["Example Force", "Büro für Prüfung – 評価", "東京エレクトロン", "Полиция", "3M", "O'Brien & Co."])
def test_plain_names_are_accepted(text: str) -> None:
    assert name_problem(text) == ""


@pytest.mark.parametrize("text", ["Аcme", "Acme Полиция", "Ac\u200bme", "Acme\u3164", "Acme\n", "–", "", "\u202eemcA"])
def test_mixed_and_hidden_names_are_refused(text: str) -> None:
    assert name_problem(text) != ""
