"""Tables of both families: limits, priors and lookups agree with the dials."""

from __future__ import annotations

import numpy as np
import pytest
from tabular_recipes import RISK_HARMS, risk

from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.tabular.tables import build, together, within


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
