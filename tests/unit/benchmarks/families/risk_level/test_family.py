"""risk-level as the harness sees it: same bytes, right columns, truth that holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import best_recall_at, digest, made, z_score
from tabular_recipes import COPIES, RISK_HARMS, risk

from evalharness.benchmarks.families.family import BLOCK_ROWS
from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials

FAMILY = RiskLevel()


def with_harms(*names: str, **dials: Any) -> RiskLevelDials:
    return risk(harms={name: RISK_HARMS[name] for name in names}, **dials)


def test_the_same_bytes_whatever_the_order_of_blocks_and_always() -> None:
    dials = with_harms(*RISK_HARMS, rows=40_000, copies=COPIES)
    assert digest(FAMILY, dials) == digest(FAMILY, dials, backwards=True)


def test_the_bytes_are_those_of_this_version() -> None:
    assert digest(FAMILY, with_harms(*RISK_HARMS, rows=2_000, copies=COPIES)) == GOLDEN_ALL
    assert digest(FAMILY, risk(rows=2_000)) == GOLDEN_PLAIN


def test_fewer_rows_of_a_seed_are_the_beginning_of_more() -> None:
    few, many = (made(FAMILY, with_harms(*RISK_HARMS, rows=rows))["test"] for rows in (1_000, 20_000))
    for column in ("n1", "c1", "label", "band", "household_id", "week"):
        texts = few.texts(column)
        assert len(texts) == 450
        if column != "household_id":
            assert texts == many.texts(column)[:450]


def test_ids_ascend_households_stay_together_and_groups_are_theirs() -> None:
    everything = made(FAMILY, with_harms("duplicates", rows=60_000))
    ids, owners = [], []
    seen: dict[tuple[str, str], str] = {}
    for part in everything.values():
        ids += part.texts("item_id")
        households = part.texts("household_id")
        owners += households
        for name in ("sex", "ethnicity"):
            for household, level in zip(households, part.texts(name), strict=True):
                assert seen.setdefault((name, household), level) == level
    assert ids == sorted(set(ids))
    assert len(ids) == 60_000
    assert owners == sorted(owners)
    assert len(everything["test"].blocks) == -(-27_000 // BLOCK_ROWS)
    sizes = np.unique(owners, return_counts=True)[1]
    assert (sizes == 1).mean() == pytest.approx(0.6, abs=0.01)
    assert sizes.max() == 3


def test_outcomes_of_a_household_are_correlated_as_stated_and_no_more_frequent() -> None:
    part = made(FAMILY, risk(rows=100_000))["test"]
    owners, clean = np.array(part.texts("household_id")), part.codes("clean")
    pairs = owners[1:] == owners[:-1]
    assert clean.mean() == pytest.approx(0.1, abs=0.006)
    assert np.corrcoef(clean[1:][pairs], clean[:-1][pairs])[0, 1] == pytest.approx(0.2, abs=0.035)


def test_a_model_receives_no_group_label_or_id() -> None:
    columns = FAMILY.columns(risk())
    assert columns.features == ("n1", "n2", "n3", "n4", "c1", "c2", "week")
    assert columns.groups == ("sex", "ethnicity")
    assert FAMILY.truth(risk()).given == columns.features


def test_blocks_hold_what_the_family_says_they_hold() -> None:
    dials = with_harms(*RISK_HARMS, copies=COPIES)
    truth, tables = FAMILY.truth(dials), {table.name: table for table in FAMILY.tables(dials)}
    block = made(FAMILY, dials)["test"].blocks[0]
    assert set(FAMILY.columns(dials).without_features()) | set(truth.given) == set(block.items)
    assert tuple(block.truth) == (*truth.chances, *truth.texts)
    assert {name: tuple(table) for name, table in block.others.items()} == {name: table.columns for name, table in tables.items()}
    assert [name for name, table in tables.items() if table.secret] == ["annotators", "twin_truth"]


def test_the_true_band_is_the_clean_chance_cut_at_the_stated_points() -> None:
    part = made(FAMILY, with_harms(*RISK_HARMS))["test"]
    chance = part.chances("posterior_clean").round(6)
    assert part.codes("band").tolist() == (1 * (chance >= 0.1) + (chance >= 0.3)).tolist()
    assert np.bincount(part.codes("band")).min() > 200


@pytest.mark.parametrize("harms", [(), tuple(RISK_HARMS)])
def test_the_posterior_is_calibrated_everywhere(harms: tuple[str, ...]) -> None:
    """20 seeds. Outcomes of a household are alike, so they are made independent here; under the truth |z| > 4.5 has chance 7e-6."""
    alone = {"households": {"sizes": [1.0], "correlation": 0.0}}
    made_parts = [made(FAMILY, with_harms(*harms, rows=10_000, seed=seed, **alone)) for seed in range(20)]
    for split in ("train", "test", "shifted"):
        parts = [by_split[split] for by_split in made_parts]
        seen, true = (np.concatenate([part.codes(name) for part in parts]) for name in ("label", "clean"))
        kinds = ["posterior", "posterior_clean", *(["within_sex", "within_ethnicity"] if harms else [])]
        found = {name: np.concatenate([part.chances(name) for part in parts]) for name in kinds}
        for name, chance in found.items():
            labels = true if name == "posterior_clean" else seen
            for low, high in ((0, 0.05), (0.05, 0.3), (0.3, 1.01)):
                chosen = (chance >= low) & (chance < high)
                assert abs(z_score(labels[chosen], chance[chosen])) < 4.5, (split, name, low)
            if name.startswith("within_"):
                codes = np.concatenate([part.codes(name.removeprefix("within_")) for part in parts])
                for level in np.unique(codes):
                    assert abs(z_score(labels[codes == level], chance[codes == level])) < 4.5, (split, name, level)


def test_the_best_classifier_reaches_what_is_stated() -> None:
    """Measured recall of a threshold on the posterior against the expected one, over 20 seeds, within 4 standard errors of the 20."""
    gaps = []
    for seed in range(20):
        part = made(FAMILY, with_harms("separability", "label_noise", "missing", rows=10_000, seed=seed))["test"]
        labels, chances = part.codes("label"), part.chances("posterior")
        threshold, stated = best_recall_at(chances, 0.1)
        gaps.append(float((chances[labels == 1] >= threshold).mean()) - stated)
    assert abs(np.mean(gaps)) < 4 * np.std(gaps, ddof=1) / np.sqrt(20)


GOLDEN_ALL = "89db904cd05be28855cb682cc0f169d819e582b0825d8b876764ad89dafd9409"
GOLDEN_PLAIN = "957f0dec40e77d26fb9d5c07976b88f4d9aabcf3b6f69284770b21f5c80aa85f"
