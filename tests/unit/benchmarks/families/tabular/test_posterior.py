"""The vectorised posterior against Bayes' rule item by item, from frequencies of the lookup tables alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tabular_recipes import RISK_HARMS, risk

from evalharness.benchmarks.families.family import Place
from evalharness.benchmarks.families.risk_level import RiskLevel

FAMILY = RiskLevel()


@pytest.mark.parametrize(("place", "name"), [(0, "train"), (2, "test"), (3, "shifted")])
def test_the_posterior_is_bayes_rule_over_all_that_is_not_seen(place: int, name: str) -> None:
    dials = risk(harms=RISK_HARMS)
    tables = FAMILY.prepare(dials)
    split = tables.splits[place]
    block = FAMILY.block(dials, tables, Place(split=place, name=name, number=0, first=0, rows=60))
    chances = {
        feature.name: [
            np.bincount(row, minlength=feature.ratios.shape[1]) / 65_536 for row in feature.lookup.reshape(len(feature.ratios), 65_536)
        ]
        for feature in tables.features
    }
    hidden = 0.2
    for item in range(60):
        mass = np.zeros((2, len(tables.strata)))
        week = block.items["week"][item].as_py() - split.first_week
        newer = (1 + week) / dials.weeks if name == "shifted" else 0.0
        for component, (label, stratum, new, hide) in enumerate(product((0, 1), range(len(tables.strata)), (0, 1), (0, 1))):
            outcome = int(split.outcome[stratum]) / 2**32
            weight = split.strata.shares[stratum] * (outcome if label else 1 - outcome) * (newer if new else 1 - newer)
            weight *= (hidden if hide else 1 - hidden) if label else 1 - hide
            for feature in tables.features:
                shown = block.items[feature.name][item].as_py()
                known = feature.levels if feature.levels else feature.numbers[1:].tolist()
                code = 0 if shown is None else 1 + known.index(shown)
                weight *= chances[feature.name][tables.patterns[feature.pattern][component]][code]
            mass[label, stratum] += weight
        gained, lost = tables.flip_chances.T
        recorded = (mass[1] * (1 - lost) + mass[0] * gained).sum() / mass.sum()
        assert block.truth["posterior"][item].as_py() / 1e6 == pytest.approx(recorded, abs=1e-6)
        assert block.truth["posterior_clean"][item].as_py() / 1e6 == pytest.approx(mass[1].sum() / mass.sum(), abs=1e-6)
        for attribute in ("sex", "ethnicity"):
            level = dials.groups[attribute]
            own = list(level).index(block.items[attribute][item].as_py())
            scaled = mass * split.strata.shares_within(attribute)[own] / split.strata.shares
            inside = (scaled[1] * (1 - lost) + scaled[0] * gained).sum() / scaled.sum()
            assert block.truth[f"within_{attribute}"][item].as_py() / 1e6 == pytest.approx(inside, abs=1e-6)
