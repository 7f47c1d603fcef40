"""The dials of severity-grading: what is refused, and what follows from them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
from severity_recipe import ON, SHIPPED, dials, faults

from evalharness.benchmarks.families.severity_grading.dials import LEVELS


def test_the_shipped_recipe_and_one_with_every_harm_on_can_be_made() -> None:
    assert faults() == {}
    assert faults(**ON) == {}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"levels": {"none": 0.6, "C": 0.2, "B": 0.12, "A": 0.06}}, "levels", "0.98, not shares that add up to 1"),
        ({"cases.grave_levels": {"none": 0.3, "C": 0.3, "B": 0.3, "A": 0.3}}, "cases.grave_levels", "1.2, not shares that add up to 1"),
        ({"cases.grave_share": 0.45}, "levels.A", "cannot be reached"),
        ({"splits.train": 0.3}, "splits", "1.1, not shares that add up to 1"),
        ({"signal.usage_of": "region"}, "signal.usage_of", "not one of the groups"),
        ({"signal.shared": {"C": 11, "B": 9, "A": 42}}, "signal.shared", "graver"),
        ({"signal.own": {"C": 11, "B": 9, "A": 42}}, "signal.own", "graver"),
        ({"groups.x05": {"a": 0.5, "b": 0.5}}, "groups.x05", "already"),
        ({"groups.region": {f"r{i}": 1 / 16 for i in range(16)}, "signal.usage_of": "region"}, "signal.usage_of", "16 levels, not 12 or"),
        ({"groups": {f"g{k}": {str(i): 1 / 16 for i in range(16)} for k in range(4)}}, "groups", "65,536, not 5,000 or fewer"),
        ({"harms.separability.of": {"ethnicity": "green"}}, "harms.separability.of.ethnicity", "not a level"),
        ({"harms.base_rate.of": {"colour": "green"}}, "harms.base_rate.of.colour", "not one of the groups"),
        ({"harms.drift.size": 1.5}, "harms.drift", "out of range"),
        ({"harms.duplicates.size": -0.1}, "harms.duplicates", "out of range"),
        ({"harms.drift.range": [0.5, 0.2]}, "harms.drift", "rising"),
        ({"harms.base_rate.size": 0.5, "harms.prevalence_shift.size": 0.3}, "harms.base_rate", "graver than 'none'"),
        ({"harms.prevalence_shift.range": [0, 0.5]}, "harms.base_rate", "greatest sizes of their ranges"),
    ],
)
def test_what_cannot_be_made_is_told_at_its_place(changes: dict[str, Any], place: str, words: str) -> None:
    assert words in faults(**changes)[place]


def test_all_faults_are_told_at_once() -> None:
    found = faults(**{"splits.train": 0.3, "signal.usage_of": "region", "harms.drift.size": 2, "levels.A": 0.5})
    assert set(found) == {"splits", "signal.usage_of", "harms.drift", "levels"}


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": -5},
        {"rows": 10},
        {"levels.A": 0},
        {"groups.sex": {"F": 1.0, "M": 0.0}},
        {"groups.sex": {"F": 0.5, "M": 0.4}},
        {"signal.shared.A": 73},
        {"signal.shared.A": -1},
        {"signal.shared.A": 1.5},
        {"raters.people": [{"easy": 0.1, "hard": 0.2}]},
        {"raters.people": [{"easy": 0.1, "hard": 0.2}] * 6},
        {"copies.lost": 9},
        {"copies.noise": 0},
        {"harms.obfuscation": {"size": 0, "range": [0, 1]}},
        {"harms.drift.of": {"sex": "F"}},
        {"cases.sizes": []},
        {"temperature": 1},
    ],
)
def test_values_that_are_never_possible_do_not_validate(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        dials(**changes)


def test_the_grades_of_both_kinds_of_case_average_to_the_declared_ones() -> None:
    made = dials()
    for level, quiet in zip(LEVELS, made.quiet_levels, strict=True):
        declared, grave = Fraction(str(SHIPPED["levels"][level])), Fraction(str(SHIPPED["cases"]["grave_levels"][level]))
        assert (grave + 3 * quiet) / 4 == declared
    assert sum(made.quiet_levels) == 1


def test_the_correlation_within_cases_is_that_of_two_kinds_of_case() -> None:
    made = dials(**{"harms.duplicates.size": 0, "harms.prevalence_shift.size": 0.5})
    quiet = float(made.quiet_levels[3])
    assert made.correlation((0, 0, 0, 1), "test") == pytest.approx(0.25 * 0.75 * (0.15 - quiet) ** 2 / (0.06 * 0.94))
    assert made.correlation((0, 0, 0, 1), "shifted") == pytest.approx(0.25 * 0.75 * (1.5 * (0.15 - quiet)) ** 2 / (0.09 * 0.91))


def test_splits_take_every_row() -> None:
    assert dials(rows=300_000).split_rows() == {"train": 60_000, "calibration": 30_000, "test": 150_000, "shifted": 60_000}
    assert sum(dials(rows=1_009).split_rows().values()) == 1_009
