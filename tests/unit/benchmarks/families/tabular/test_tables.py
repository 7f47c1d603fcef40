"""Tables of both families: limits, priors and lookups agree with the dials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import made
from tabular_recipes import RISK_HARMS, risk, women

from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials
from evalharness.benchmarks.families.tabular.tables import build, together
from evalharness.benchmarks.families.tabular.within import within


@pytest.mark.parametrize("correlation", [0.0, 0.04, 0.15, 0.5, 0.999])
def test_two_items_share_their_cluster_s_draw_with_the_correlation_as_chance(correlation: float) -> None:
    assert (together(correlation) / 2**32) ** 2 == pytest.approx(correlation, abs=1e-9)


def test_every_lookup_gives_codes_as_often_as_the_ratios_say() -> None:
    for feature in RiskLevel().prepare(risk(harms=RISK_HARMS)).features:
        table = feature.lookup.reshape(len(feature.ratios), 65_536)
        counts = np.stack([np.bincount(row, minlength=feature.ratios.shape[1]) for row in table])
        mean = counts.mean(axis=0)
        assert np.allclose(feature.ratios * mean, counts)
        assert (counts.min(axis=1) >= (1 if feature.can_miss else 0)).all()
        assert (counts[:, 1:] >= 1).all(), "a value that one distribution has is possible in all: no chance is 0 / 0"


def test_priors_add_up_to_one_and_hold_only_what_can_occur() -> None:
    built = build(risk(harms=RISK_HARMS), correlation=0.1, hidden=0.2)
    for split in built.splits:
        assert np.allclose(split.prior.sum(axis=1), 1)
    assert [len(split.prior) for split in built.splits] == [1, 1, 1, 4], "only in shifted do weeks differ"
    assert [len(split.active) for split in built.splits] == [3 * len(built.strata)] * 3 + [6 * len(built.strata)]
    plain = build(risk(), correlation=0.1)
    assert [split.active for split in plain.splits] == [(0, 4)] * 4
    assert len(plain.strata) == 1


def test_attributes_count_as_telling_only_where_a_harm_that_is_on_treats_them_apart() -> None:
    assert within(risk(harms=RISK_HARMS)) == ("sex", "ethnicity")
    assert within(risk(harms={name: {**RISK_HARMS[name], "size": 0} for name in RISK_HARMS})) == ()
    assert within(risk(harms={name: RISK_HARMS[name] for name in ("proxy", "under_representation", "annotator_bias")})) == ()
    assert within(risk(harms={"missing": RISK_HARMS["missing"]})) == ("sex",)


CELL = {"sex": "F", "ethnicity": "b"}
AGES = {"age": {"young": 0.5, "old": 0.5}}


def among_three(**harms: Any) -> RiskLevelDials:
    """Dials of three attributes; harm -> (group, size)."""
    plain = risk()
    sized = {name: {**RISK_HARMS[name], "of": of, "size": size} for name, (of, size) in harms.items()}
    return risk(groups={**plain.groups, **AGES}, harms=sized)


def test_what_a_proxy_leans_to_is_told_by_it_alone_unless_its_cell_shares_an_attribute_with_another_harm() -> None:
    assert within(among_three(proxy=(CELL, 0.5))) == ()
    assert within(among_three(proxy=(CELL, 0.5), label_noise=({"age": "old"}, 0.3))) == ("age",)
    assert within(among_three(proxy=(CELL, 0.5), label_noise=({"ethnicity": "b"}, 0.3))) == ("sex", "ethnicity")
    assert within(among_three(proxy=(CELL, 0.0), label_noise=({"ethnicity": "b"}, 0.3))) == ("ethnicity",)
    assert within(among_three(proxy=(CELL, 0.5), annotator_bias=({"ethnicity": "b"}, 0.3))) == ()


def test_a_cell_that_is_rarer_in_train_ties_its_attributes_also_through_others() -> None:
    tied = {"under_representation": ({"age": "old", "sex": "F"}, 0.5), "label_noise": ({"ethnicity": "b"}, 0.3)}
    assert within(among_three(**tied)) == ("ethnicity",)
    assert within(among_three(**tied, proxy=(CELL, 0.5))) == ("sex", "ethnicity", "age")


def test_a_proxy_that_tells_of_the_outcome_too_makes_its_group_telling() -> None:
    proxy = {**RISK_HARMS["proxy"], "of": {"sex": "F"}, "feature": "c1", "toward": "r"}
    assert within(risk(harms={"proxy": proxy})) == ("sex",)
    assert within(risk(harms={"proxy": {**proxy, "feature": "c2", "toward": "w"}})) == ()


@pytest.mark.parametrize(
    "harms",
    [
        {"proxy": {**RISK_HARMS["proxy"], "size": 0.9}, "label_noise": {**RISK_HARMS["label_noise"], "size": 0.5}},
        {"proxy": {**RISK_HARMS["proxy"], "of": {"sex": "F"}, "feature": "c1", "toward": "r"}},
    ],
)
def test_the_chance_within_a_level_is_right_for_each_value_of_the_proxy(harms: dict[str, Any]) -> None:
    """5 standard errors: a right family fails once in 100,000 seeds."""
    part = made(RiskLevel(), risk(rows=120_000, harms=harms, prevalence=0.3, households={"sizes": [1.0], "correlation": 0.0}))["test"]
    positive, her = np.array(part.texts("label")) == "yes", women(part)
    level = np.array([str(value) for value in part.texts(harms["proxy"]["feature"])])
    blind, likely = [], part.chances("posterior_clean") > 0.5
    for value in np.unique(level).tolist():
        for sex in (her, ~her):
            chosen = (level == value) & sex & likely
            found = {name: part.chances(name)[chosen] for name in ("posterior", "within_sex")}
            z = {name: (positive[chosen] - p).sum() / np.sqrt((p * (1 - p)).sum()) for name, p in found.items()}
            assert abs(z["within_sex"]) < 5
            blind.append(abs(z["posterior"]))
    assert max(blind) > 5, "who knows the level knows more"
