"""Each dial moves what it should. Harms are put on the women; the men show what is usual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from linkage_recipe import Linked, dials, linked, place

from evalharness.benchmarks.families.case_linkage.raters import ratings
from evalharness.benchmarks.families.family import BLOCK_ROWS

ONES: dict[str, dict[str, Any]] = {"missing": {"attributes": ["a3"]}, "proxy": {"attribute": "a8"}, "obfuscation": {"edited": 0.3}}
EVERYBODY = frozenset({"drift", "prevalence_shift", "duplicates", "obfuscation"})
PLAIN = {"rows": 100_000, "groups": {"sex": {"F": 0.5, "M": 0.5}}, "regions.size": 32}
FALSE_ALARM = 4.0
"""Standard errors: a fair comparison passes it once in 16,000."""


def with_harm(name: str = "", size: float = 0.0, split: str = "test", seed: int = 3) -> Linked:
    of = {} if name in EVERYBODY else {"of": {"sex": "F"}}
    harms = {name: {**of, "size": size, "range": [0, size], **ONES.get(name, {})}} if name else {}
    return linked(dials(seed=seed, harms=harms, **PLAIN), split)


def by_region(part: Linked, events: Any, of: Any, record: Any) -> Any:
    """[regions, 2]: how many of `of`, and how many of them are `events`."""
    region = record // part.dials.regions.size
    return np.stack([np.bincount(region[which], minlength=BLOCK_ROWS // 32) for which in (of & events, of)], axis=1).astype(float)


def links_found(part: Linked, own: Any) -> Any:
    """[regions, 2]: true links of some records that the posterior proposes, and all; those in no candidate pair are missed."""
    left = part.pairs.left
    found = by_region(part, part.clean >= 0.5, part.same(clean=True) & own[left], left)[:, 0]
    records = np.bincount(part.made.entities[own], minlength=BLOCK_ROWS)
    every = np.bincount(np.arange(BLOCK_ROWS) // 32, weights=records * (records - 1) / 2)
    return np.stack([found, every], axis=1)


def links_of_records(part: Linked, own: Any) -> Any:
    """[regions, 2]: true links of some records, and the records."""
    return np.stack([links_found(part, own)[:, 1], by_region(part, own, own, np.arange(BLOCK_ROWS))[:, 1]], axis=1)


def apart(one: Any, other: Any) -> float:
    """Standard errors between two ratios, each by region; regions are independent of one another."""
    ratios = [of[:, 0].sum() / of[:, 1].sum() for of in (one, other)]
    gaps = [(of[:, 0] - ratio * of[:, 1]) / of[:, 1].sum() for of, ratio in zip((one, other), ratios, strict=True)]
    return float((ratios[0] - ratios[1]) / np.sqrt(((gaps[0] - gaps[1]) ** 2).sum()))


def sexes(part: Linked, measure: Any) -> float:
    """Standard errors between the women and the men."""
    return apart(measure(part, part.level("sex", "F")), measure(part, part.level("sex", "M")))


def share_missing(part: Linked, own: Any) -> Any:
    row, count = list(part.dials.attributes).index("a3"), part.dials.attributes["a3"]
    return by_region(part, part.made.values[row] == count, own, np.arange(BLOCK_ROWS))


def share_marked(part: Linked, own: Any) -> Any:
    return by_region(part, (part.made.values[-1] & 2) > 0, own, np.arange(BLOCK_ROWS))


@pytest.fixture(scope="module")
def plain() -> Linked:
    return with_harm()


def test_base_rate_gives_the_group_more_links() -> None:
    assert sexes(with_harm("base_rate", 0.6), links_of_records) > FALSE_ALARM


def test_separability_makes_the_best_classifier_miss_more_of_the_group() -> None:
    part = with_harm("separability", 0.1)
    assert sexes(part, links_found) < -FALSE_ALARM
    assert abs(sexes(part, links_of_records)) < FALSE_ALARM


def test_missing_values_are_those_of_the_group_and_of_the_attribute_named(plain: Linked) -> None:
    part = with_harm("missing", 0.4)
    shares = [share_missing(part, part.level("sex", level)).sum(axis=0) for level in ("F", "M")]
    assert shares[0][0] / shares[0][1] == pytest.approx(0.405, abs=0.02)
    assert shares[1][0] / shares[1][1] == pytest.approx(0.005, abs=0.004)
    assert (part.made.values[[0, 1, 3, 4, 5, 6, 7]] == plain.made.values[[0, 1, 3, 4, 5, 6, 7]]).all()


def test_the_proxy_tells_of_the_group(plain: Linked) -> None:
    assert abs(sexes(plain, share_marked)) < FALSE_ALARM
    part = with_harm("proxy", 0.8)
    assert sexes(part, share_marked) > 3 * FALSE_ALARM
    assert (part.made.values[:-1] == plain.made.values[:-1]).all()
    men = part.level("sex", "M")
    assert (part.made.values[-1] == plain.made.values[-1])[men].all()


def test_label_noise_changes_the_group_s_recorded_entities_and_nothing_else(plain: Linked) -> None:
    part = with_harm("label_noise", 0.2)
    wrong, hers = part.made.recorded != part.made.clean, part.level("sex", "F")
    assert wrong[hers].mean() == pytest.approx(0.2, abs=0.02)
    assert not wrong[~hers].any()
    assert (part.made.values == plain.made.values).all()
    assert part.links() < part.links(clean=True)
    assert part.clean.tolist() == plain.clean.tolist()


def test_under_representation_is_of_train_alone() -> None:
    shares = {}
    for split in ("train", "test"):
        part = with_harm("under_representation", 0.6, split)
        _, first = np.unique(part.made.entities, return_index=True)
        shares[split] = part.level("sex", "F")[first].mean()
    assert shares["train"] == pytest.approx(0.4 / 1.4, abs=0.02)
    assert shares["test"] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("name", "size"), [("drift", 0.1), ("prevalence_shift", 0.5)])
def test_shift_and_drift_touch_only_the_shifted_split(name: str, size: float) -> None:
    for split, alike in (("test", True), ("shifted", False)):
        assert ((with_harm(split=split).made.values == with_harm(name, size, split).made.values).all()) == alike


def test_drift_loses_links_and_prevalence_shift_leaves_fewer() -> None:
    everybody = np.ones(BLOCK_ROWS, dtype=bool)
    usual, drifted, singles = with_harm(split="shifted"), with_harm("drift", 0.1, "shifted"), with_harm("prevalence_shift", 0.5, "shifted")
    assert apart(links_found(drifted, everybody), links_found(usual, everybody)) < -FALSE_ALARM
    assert drifted.links() == usual.links()
    assert apart(links_of_records(singles, everybody), links_of_records(usual, everybody)) < -FALSE_ALARM


def test_duplicates_make_exact_copies_and_edited_entities_are_harder_to_link(plain: Linked) -> None:
    def exact(part: Linked) -> float:
        left, right = part.pairs.left, part.pairs.right
        return float((part.made.values[:, left] == part.made.values[:, right]).all(axis=0)[part.same(clean=True)].mean())

    everybody = np.ones(BLOCK_ROWS, dtype=bool)
    assert exact(with_harm("duplicates", 0.2)) > exact(plain) + 0.1
    edited = with_harm("obfuscation", 0.3)
    assert apart(links_found(edited, everybody), links_found(plain, everybody)) < -FALSE_ALARM
    assert (edited.made.values != plain.made.values).any(axis=0).mean() < 0.35


def test_annotator_bias_makes_raters_overlook_the_group_s_links_and_changes_nothing_else(plain: Linked) -> None:
    part = with_harm("annotator_bias", 0.3)
    assert (part.made.values == plain.made.values).all()
    assert part.recorded.tolist() == plain.recorded.tolist()
    seen = {}
    for found in (plain, part):
        votes = ratings(found.dials, found.tables, place(found.dials), found.made, found.pairs)
        same = found.same(clean=True)
        hers = found.level("sex", "F")[found.pairs.left]
        seen[found is part] = [votes[:3][:, same & which].mean() for which in (hers, ~hers)]
        assert votes[:3][:, ~same].mean() == pytest.approx(0.01, abs=0.004)
        assert (votes[3] == (votes[:3].sum(axis=0) >= 2)).all()
    assert seen[True][0] / seen[False][0] == pytest.approx(0.7, abs=0.02)
    assert seen[True][1] == seen[False][1]
