"""The chance that a pair is of one entity: Bayes' rule written out, and what happens to pairs over 20 seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from linkage_recipe import ON, Linked, dials, linked, z_by_region

from evalharness.benchmarks.families.case_linkage.facts import facts
from evalharness.benchmarks.families.case_linkage.posterior import see

SEEDS = range(20)
LIMIT = 4.0
"""Standard errors: a right chance passes it once in 16,000."""
SIZE = {"regions.size": 16, "candidates.most_per_record": 4}
BINS = (0.02, 0.1, 0.5, 0.9)


@pytest.fixture(scope="module")
def every() -> list[Linked]:
    """One block of `test` for each seed, every harm on."""
    return [linked(dials(seed=seed, **ON, **SIZE)) for seed in SEEDS]


def together(every: list[Linked], found: list[Any], expected: list[Any], of: list[Any]) -> tuple[float, int]:
    """(standard errors over all seeds, pairs) between what was found of some pairs and what was expected."""
    differences = np.concatenate(
        [
            np.bincount(part.pairs.left[chosen] // 16, weights=(f - e)[chosen], minlength=1_024)
            for part, f, e, chosen in zip(every, found, expected, of, strict=True)
        ]
    )
    scale = float(np.sqrt((differences**2).sum()))
    return (float(differences.sum()) / scale if scale else 0.0), int(sum(np.count_nonzero(chosen) for chosen in of))


@pytest.mark.parametrize("clean", [True, False])
def test_chances_are_calibrated_over_twenty_seeds(every: list[Linked], clean: bool) -> None:
    """With all harms on, pairs of a chance are of one entity as often as it says: all together and bin by bin."""
    chances = [part.clean if clean else part.recorded for part in every]
    same = [part.same(clean=clean) for part in every]
    for low, high in [(0.0, 1.1), *zip((0.0, *BINS), (*BINS, 1.1), strict=True)]:
        z, pairs = together(every, same, chances, [(c >= low) & (c < high) for c in chances])
        assert pairs > 1_000, (low, high)
        assert abs(z) < LIMIT, (low, high)


@pytest.mark.parametrize("attribute", ["sex", "ethnicity", "age_band"])
def test_chances_inside_a_level_are_calibrated_over_twenty_seeds(every: list[Linked], attribute: str) -> None:
    every = [part for part in every if attribute in part.within]
    if attribute == "sex":  # only raters treat it differently
        assert not every
        return
    for level in every[0].dials.groups[attribute]:
        of = [part.level(attribute, level)[part.pairs.left] for part in every]
        z, pairs = together(every, [part.same() for part in every], [part.within[attribute] for part in every], of)
        assert pairs > 1_000
        assert abs(z) < LIMIT, level


@pytest.mark.parametrize("split", ["train", "shifted"])
def test_chances_of_the_other_splits_are_calibrated_under_their_own_dials(split: str) -> None:
    found = [linked(dials(seed=seed, **ON, **SIZE), split) for seed in range(4)]
    all_pairs = [np.ones(len(part.recorded), dtype=bool) for part in found]
    assert abs(together(found, [part.same() for part in found], [part.recorded for part in found], all_pairs)[0]) < LIMIT
    asked = dials(seed=1, **ON, **SIZE)
    other = linked(asked, split)
    test = other.tables.splits[list(asked.split_rows()).index("test")]
    assert not np.array_equal(test.all_pairs.apart, other.split.all_pairs.apart)


def test_measured_recall_and_precision_are_those_that_the_chances_promise(every: list[Linked]) -> None:
    """A classifier that takes the posterior, at three thresholds: links found, false ones, links found inside a group."""
    for threshold in (0.3, 0.5, 0.9):
        chosen = [part.recorded >= threshold for part in every]
        same = [part.same() for part in every]
        z, _ = together(every, same, [part.recorded for part in every], chosen)
        assert abs(z) < LIMIT
        found = sum(float((s & c).sum()) for s, c in zip(same, chosen, strict=True))
        links = sum(part.links() for part in every)
        promised = sum(float(part.recorded[c].sum()) for part, c in zip(every, chosen, strict=True))
        assert found / links == pytest.approx(promised / links, abs=0.005)


def test_links_outside_the_candidates_are_as_many_as_the_facts_say(every: list[Linked]) -> None:
    told = facts(every[0].dials, every[0].tables)["test"]
    links = np.array([part.links(clean=True) for part in every])
    outside = np.array([part.links(clean=True) - part.same(clean=True).sum() for part in every])
    pairs = np.array([len(part.pairs.left) for part in every])
    records = len(every[0].made.clean)
    for measured, expected in (
        (links / records, told["links_per_record"]),
        (pairs / records, told["candidate_pairs_per_record"]),
        (outside / links, told["links_in_no_candidate_pair"]),
        (1 - outside / links, 1 - told["links_in_no_candidate_pair"]),
    ):
        error = measured.std(ddof=1) / np.sqrt(len(measured))
        assert measured.mean() == pytest.approx(expected, abs=LIMIT * error)


def test_the_posterior_is_bayes_rule_over_strata_and_true_values() -> None:
    """Written out for single pairs, channel by channel and true value by true value, from the tables."""
    found = linked(dials(**ON, **SIZE))
    split, weights = found.split, found.split.all_pairs
    rng = np.random.default_rng(5)
    for pair in rng.choice(len(found.clean), 25, replace=False).tolist():
        ends = [found.made.values[:, end[pair]].astype(int) for end in (found.pairs.left, found.pairs.right)]
        channels = range(len(weights.apart))
        alone = [[np.prod([of.one[v, c] for of, v in zip(split.likelihoods, own, strict=True)]) for c in channels] for own in ends]
        same = different = 0.0
        for c in channels:
            both = np.prod([of.two[x * of.codes + y, c] for of, x, y in zip(split.likelihoods, *ends, strict=True)])
            same += weights.apart[c] * both + weights.copied[c] * (alone[0][c] if (ends[0] == ends[1]).all() else 0)
            different += sum(weights.different[c, d] * alone[0][c] * alone[1][d] for d in channels)
        assert found.clean[pair] == pytest.approx(same / (same + different), abs=6e-7)


def test_the_chance_of_a_pair_does_not_depend_on_the_rest_of_its_region() -> None:
    asked = dials(**ON, **SIZE)
    few, many = linked(asked, rows=1_001), linked(asked)
    chosen = (many.pairs.left < 1_001) & (many.pairs.right < 1_001)
    assert few.recorded.tolist() == many.recorded[chosen].tolist()
    assert few.within["ethnicity"].tolist() == many.within["ethnicity"][chosen].tolist()


def test_without_mistakes_the_recorded_chance_is_the_clean_one() -> None:
    found = linked(dials(**{**ON, **SIZE, "harms.label_noise.size": 0}))
    assert found.recorded.tolist() == found.clean.tolist()
    assert abs(z_by_region(found, found.same(), found.recorded)) < LIMIT
    noisy = linked(dials(**{**ON, **SIZE, "harms.label_noise.size": 0.3}))
    assert (noisy.recorded[noisy.clean > 0.9] < noisy.clean[noisy.clean > 0.9]).all()
    assert (noisy.recorded[noisy.clean < 1e-3] >= noisy.clean[noisy.clean < 1e-3]).all()


def test_products_stay_far_from_the_ends_of_double_precision() -> None:
    found = linked(dials(attributes={f"a{n}": 200 for n in range(1, 13)}, flatness=1, harms={}, errors_of=...))
    seen = see(found.split, found.made.values, found.pairs)
    assert seen.together.min() > 1e-200
    assert seen.alone.min() ** 2 > 1e-200
