"""The truth of severity-grading on drawn data: what is stated is attained, and every harm moves what it should."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from family_blocks import prepared
from severity_recipe import OFF, dials
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

from evalharness.benchmarks.families.family import BLOCK_ROWS, Block, Place
from evalharness.benchmarks.families.severity_grading import SeverityGrading
from evalharness.benchmarks.families.severity_grading.coordinates import NUMBERS
from evalharness.benchmarks.families.severity_grading.dials import LEVELS

FAMILY = SeverityGrading()
SEEDS = range(1, 21)


@cache
def _block(split: str, seed: int, changes: str) -> Block:
    asked = dials(seed=seed, **eval(changes))  # noqa: S307 - written below
    place = Place(split=list(asked.split_rows()).index(split), name=split, number=0, first=0, rows=BLOCK_ROWS)
    return FAMILY.block(asked, prepared(FAMILY, asked), place)


def block(changes: dict[str, Any], split: str = "test", seed: int = 1) -> Block:
    """One full block; the few of one test are kept."""
    return _block(split, seed, repr(changes))


def codes(column: Any) -> Any:
    return np.asarray(column.indices)


def chances(found: Block, name: str = "posterior") -> Any:
    """[items, grades]"""
    return np.stack([np.asarray(found.truth[f"{name}_{level}"]) for level in LEVELS], axis=1) / 1e6


def vectors(found: Block) -> Any:
    return np.stack([np.asarray(found.items[name]) for name in NUMBERS], axis=1)


def is_of(found: Block, **level: str) -> Any:
    ((attribute, wanted),) = level.items()
    column = found.items[attribute]
    return codes(column) == column.dictionary.to_pylist().index(wanted)


def z_by_case(found: Block, differences: Any, among: Any = None) -> tuple[float, float]:
    """(sum, variance) of differences whose expectation is 0, cases taken as the units."""
    among = np.ones(len(differences), dtype=bool) if among is None else among
    case = codes(found.items["case_id"].dictionary_encode())
    sums = np.bincount(case[among], weights=differences[among])
    return float(sums.sum()), float((sums**2).sum())


def z(parts: list[tuple[float, float]]) -> float:
    return sum(p[0] for p in parts) / np.sqrt(sum(p[1] for p in parts))


def test_the_best_grading_attains_what_the_posterior_states_over_twenty_seeds() -> None:
    """|z| above 4 in none of ten comparisons: a false alarm in less than 1 of 1,500 such tests."""
    changes = {"harms.duplicates.size": 0.3, "harms.base_rate.size": 0.3, "harms.label_noise.size": 0.2}
    against: dict[str, list[tuple[float, float]]] = {}
    for seed in SEEDS:
        found = block(changes, seed=seed)
        label, clean = codes(found.items["label"]), codes(found.truth["clean"])
        for name, truth in (("posterior", label), ("posterior_clean", clean), ("within_ethnicity", label), ("within_age_band", label)):
            stated = chances(found, name)
            right = (stated.argmax(axis=1) == truth) - stated.max(axis=1)
            against.setdefault(name, []).append(z_by_case(found, right))
        for level in range(4):
            against.setdefault(LEVELS[level], []).append(z_by_case(found, (label == level) - chances(found)[:, level]))
        for group in ("black", "other"):
            among = is_of(found, ethnicity=group)
            stated = chances(found, "within_ethnicity")
            right = (stated.argmax(axis=1) == label) - stated.max(axis=1)
            against.setdefault(group, []).append(z_by_case(found, right, among))
    _block.cache_clear()
    assert {name: z(parts) for name, parts in against.items() if abs(z(parts)) > 4} == {}


def rate(found: Block, values: Any, **level: str) -> tuple[float, float]:
    """Mean among the level, and among all others."""
    among = is_of(found, **level)
    return float(values[among].mean()), float(values[~among].mean())


def test_base_rate_makes_the_groups_items_graver_more_often() -> None:
    found = block({**OFF, "harms.base_rate.size": 0.3})
    inside, outside = rate(found, codes(found.truth["clean"]) > 0, age_band="65_plus")
    assert inside / outside == pytest.approx(1.3, abs=0.08)


def test_separability_makes_the_group_harder_to_grade_for_everybody() -> None:
    changes = {**OFF, "harms.separability.of": {"age_band": "65_plus"}}
    plain, harmed = (block({**changes, "harms.separability.size": size}) for size in (0, 0.4))
    after = rate(harmed, chances(harmed, "within_age_band").max(axis=1), age_band="65_plus")
    assert after[0] < after[1] - 0.06
    before = rate(plain, chances(plain).max(axis=1), age_band="65_plus")
    assert abs(before[0] - before[1]) < 0.01


def test_label_noise_makes_labels_wrong_more_often_in_the_group() -> None:
    changes = {**OFF, "harms.label_noise.of": {"age_band": "65_plus"}}
    plain, harmed = (block({**changes, "harms.label_noise.size": size}) for size in (0, 0.2))
    wrong = [rate(f, codes(f.items["label"]) != codes(f.truth["clean"]), age_band="65_plus") for f in (plain, harmed)]
    assert wrong[1][0] > wrong[0][0] + 0.05
    assert wrong[1][1] == wrong[0][1]


def test_annotator_bias_puts_the_groups_labels_lower_and_leaves_its_clean_grades() -> None:
    found = block({**OFF, "harms.annotator_bias.size": 0.2})
    lower = codes(found.items["label"]) < codes(found.truth["clean"])
    inside, outside = rate(found, lower, age_band="under_25")
    assert inside > 2 * outside
    clean = rate(found, codes(found.truth["clean"]).astype(float), age_band="under_25")
    assert clean[0] == pytest.approx(clean[1], abs=0.06)


def test_under_representation_leaves_fewer_of_the_group_in_train() -> None:
    changes = {**OFF, "harms.under_representation.size": 0.8, "harms.under_representation.of": {"age_band": "65_plus"}}
    assert is_of(block(changes, "train"), age_band="65_plus").mean() == pytest.approx(0.17 * (0.2 + 0.8 * 0.17), abs=0.012)
    assert is_of(block(changes), age_band="65_plus").mean() == pytest.approx(0.17, abs=0.02)


def test_the_proxy_lets_the_last_number_tell_of_the_group_and_no_other() -> None:
    found = block({**OFF, "harms.proxy.size": 1.0})
    among, shown = is_of(found, age_band="under_25"), vectors(found)
    apart = (shown[among].mean(axis=0) - shown[~among].mean(axis=0)) / shown.std(axis=0)
    assert apart[63] == pytest.approx(1.0 / np.sqrt(1 + 0.28 * 0.72), abs=0.06)
    assert np.abs(apart[:63]).max() < 0.1
    plain = vectors(block(OFF))
    assert (plain[:, :63] == shown[:, :63]).all()


def test_drift_makes_yesterdays_best_grading_worse_than_todays() -> None:
    changes = {**OFF, "harms.drift.size": 0.4}
    train, shifted, plain = block(changes, "train"), block(changes, "shifted"), block(OFF, "shifted")
    model = QuadraticDiscriminantAnalysis(reg_param=1e-4).fit(vectors(train) / 8, codes(train.items["label"]))
    kept, lost = ((model.predict(vectors(f) / 8) == codes(f.items["label"])).mean() for f in (plain, shifted))
    best = [chances(f).max(axis=1).mean() for f in (plain, shifted)]
    assert kept - lost > 0.03
    assert (kept - lost) > 1.5 * (best[0] - best[1])


def test_prevalence_shift_makes_graver_items_more_frequent_in_the_shifted_split() -> None:
    found = block({**OFF, "harms.prevalence_shift.size": 0.3}, "shifted")
    assert (codes(found.truth["clean"]) > 0).mean() == pytest.approx(0.38 * 1.3, abs=0.02)
