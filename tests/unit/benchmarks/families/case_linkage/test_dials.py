"""The dials of case-linkage: what is refused, and what follows from them."""

from __future__ import annotations

from typing import Any

import pytest
from linkage_recipe import ON, SHIPPED, dials, faults
from pydantic import ValidationError


def test_the_shipped_recipe_and_one_with_every_harm_on_can_be_made() -> None:
    assert faults() == {}
    assert faults(**ON) == {}
    assert faults(harms={}, errors_of=...) == {}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"splits.train": 0.3}, "splits", "1.1, not shares that add up to 1"),
        ({"groups.region": {"x": 1.0}}, "groups.region", "column 'region' already"),
        ({"attributes.sex": 8}, "attributes.sex", "a group as well"),
        ({"attributes.a4": 10}, "attributes.a4", "multiple of 4"),
        ({"candidates.agree_on": ["a1", "a9"]}, "candidates.agree_on.1", "not one of the attributes"),
        ({"candidates.agree_on": ["a1", "a1"]}, "candidates.agree_on", "twice"),
        ({"candidates.most_per_record": 1.5}, "candidates.most_per_record", "are to be expected for each record"),
        ({"regions.size": 256}, "candidates.most_per_record", "are to be expected for each record"),
        ({"entities.records": [1.0]}, "entities.records", "nothing to link"),
        ({"harms.missing.attributes": ["b1"]}, "harms.missing.attributes.0", "not one of the attributes"),
        ({"harms.proxy.attribute": "a1"}, "harms.proxy.attribute", "cannot be the proxy"),
        ({"errors_of.b1": SHIPPED["errors"]}, "errors_of.b1", "not one of the attributes"),
        ({"errors.missing": 0.8}, "errors", "no right value to some records, in a4, a5, a6, a7, a8: "),
        ({"harms.missing.range": [0, 0.97]}, "errors_of.a3", "no right value"),
        ({"harms.drift.size": 0.6}, "harms.drift", "out of range"),
        ({"harms.drift.size": -0.1}, "harms.drift", "out of range"),
        ({"harms.prevalence_shift.size": 1.0}, "harms.prevalence_shift", "out of range"),
        ({"harms.separability.of": {"ethnicity": "green"}}, "harms.separability.of.ethnicity", "not a level"),
        ({"harms.base_rate.of": {"height": "tall"}}, "harms.base_rate.of.height", "not one of the groups"),
        (
            {"groups": {name: dict.fromkeys((f"l{i}" for i in range(50)), 0.02) for name in ("x", "y", "z")}},
            "groups",
            "125,000, not 20,000 or fewer",
        ),
    ],
)
def test_what_no_recipe_can_have_is_refused_at_its_place(changes: dict[str, Any], place: str, words: str) -> None:
    found = faults(**changes)
    assert place in found
    assert words in found[place]


def test_all_faults_are_told_at_once() -> None:
    assert {"splits", "attributes.a4", "harms.drift"} <= set(faults(**{"splits.train": 0.3, "attributes.a4": 10, "harms.drift.size": 0.6}))


@pytest.mark.parametrize(
    "changes",
    [
        {"regions.size": 60},
        {"regions.size": -64},
        {"entities.records": [0.5, 0.4]},
        {"attributes": {"a1": 100}},
        {"attributes.a1": 0},
        {"attributes.a1": 300},
        {"flatness": 0},
        {"errors.missing": 0.0},
        {"raters.number": 1},
        {"copies.share": 1.5},
        {"harms.swapped": {"size": 0, "range": [0, 1]}},
        {"harms.drift.range": [0.1]},
        {"rows": 10},
        {"seed": -1},
    ],
)
def test_dials_that_make_no_sense_alone_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        dials(**changes)


def test_pairs_to_be_expected_are_own_records_and_chance_agreement() -> None:
    own = sum(i * (i + 1) / 2 * share for i, share in enumerate(SHIPPED["entities"]["records"])) / 2.21
    assert own < dials().pairs_per_record < own + 63 / 2 * (0.03 + 0.04)
