"""With every harm off, groups of each family differ only by noise; with a harm on, the same comparison shows it.

Every level of every attribute is held against everybody else in what a report is about (base rate, recall and false-positive rate of the
best choices; agreement, under- and over-grading) and in what harms touch besides (wrong labels, missing values, the proxy): 60 comparisons
a family and seed, in standard errors that take clusters into account. Groups that are alike fail the test of a family for one in a
million sets of seeds, at most (see `apart`).
"""

from __future__ import annotations

import numpy as np
import pytest
from family_noise import BEYOND, LEVEL, Comparison, apart, distances, watched
from family_recipes import NAMES

SEEDS, HARMED = range(200, 220), range(200, 208)
FALSE_ALARM = 1e-6
_OF = {"base_rate": {"age_band": "under_25"}, "separability": {"sex": "F"}, "label_noise": {"ethnicity": "asian"}}
_TOUCHED = {"missing": {"ethnicity": "black"}, "proxy": {"age_band": "25_44"}}
HARMS: dict[str, dict[str, dict[str, str]]] = {
    **{name: {**_OF, **_TOUCHED} for name in NAMES},
    "severity-grading": {**_OF, "proxy": _TOUCHED["proxy"], "annotator_bias": {"age_band": "65_plus"}},
}
"""At the greatest size that is plausible; of groups so large that a few thousand items show it."""
SHOWN_IN = {
    "base_rate": "base rate",
    "separability": "recall",
    "label_noise": "labels wrong",
    "missing": "missing",
    "proxy": "proxy",
    "annotator_bias": "labels wrong",
}


def found(name: str, seeds: range, harms: dict[str, dict[str, str]]) -> list[dict[Comparison, float]]:
    return [distances(one) for one in watched(name, seeds, harms)]


@pytest.mark.parametrize("name", NAMES)
def test_at_the_off_position_groups_differ_only_by_noise(name: str) -> None:
    every = found(name, SEEDS, {})
    assert apart(every, FALSE_ALARM) == set()
    numbers = np.array([[distance for distance in seed.values() if distance] for seed in every])
    assert 0.3 * LEVEL < (np.abs(numbers) > BEYOND).mean() < 1.5 * LEVEL, "or the errors would be too large, and nothing be seen"


@pytest.mark.parametrize("name", NAMES)
def test_a_harm_that_is_on_is_seen_by_the_same_comparison(name: str) -> None:
    seen = apart(found(name, HARMED, HARMS[name]), FALSE_ALARM)
    for harm, of in HARMS[name].items():
        ((attribute, level),) = of.items()
        measure = "exact agreement" if (name, harm) == ("severity-grading", "separability") else SHOWN_IN[harm]
        assert (measure, attribute, level) in seen, harm
