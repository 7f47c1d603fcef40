"""How much more is known of a pair once all records of its region are looked at together: a simulation.

The posterior that is stored is that of the pair alone. A model that looks at whole regions may do better, because links go together: where
A is B and B is C, A is C. The datasheet's figures come from the same simulation with more sweeps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from joint_linkage import joint_chances
from linkage_recipe import dials, linked

REGIONS, SIZE = 120, 32
HARDER = {"harms": {}, "regions.size": SIZE, "errors": {"missing": 0.1, "replaced": 0.1, "neighbour": 0.06}}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """Chances of the candidate pairs of some regions, taken alone and together, and whether they are of one entity."""
    part = linked(dials(**HARDER))
    together = joint_chances(part, REGIONS, np.random.default_rng(1), sweeps=50, burn=10)
    kept = part.pairs.left < REGIONS * SIZE
    left, right = part.pairs.left[kept], part.pairs.right[kept]
    return {
        "alone": part.clean[kept],
        "together": together[left // SIZE, left % SIZE, right % SIZE],
        "same": part.same(clean=True)[kept],
        "region": left // SIZE,
    }


def test_both_chances_are_calibrated(found: dict[str, Any]) -> None:
    for kind in ("alone", "together"):
        differences = np.bincount(found["region"], weights=found["same"] - found[kind], minlength=REGIONS)
        assert abs(differences.sum()) < 4 * np.sqrt((differences**2).sum()), kind


def test_a_whole_region_leaves_about_half_as_many_pairs_wrong(found: dict[str, Any]) -> None:
    wrong = {kind: int(((found[kind] >= 0.5) != found["same"]).sum()) for kind in ("alone", "together")}
    assert wrong["alone"] > 50
    assert wrong["together"] < 0.75 * wrong["alone"]
    unsure = {kind: float(np.minimum(found[kind], 1 - found[kind]).sum()) for kind in ("alone", "together")}
    assert unsure["together"] < 0.6 * unsure["alone"]


def test_links_of_a_whole_region_are_right_more_often_than_the_chances_of_pairs_say(found: dict[str, Any]) -> None:
    """So no warning can take those chances for a limit: a shipped test split has 25 times as many records, and there an honest model would
    be five times as many standard errors beyond it.
    """
    more = np.bincount(found["region"], weights=(found["together"] >= 0.5) * (found["same"] - found["alone"]), minlength=REGIONS)
    assert more.sum() > 3 * np.sqrt((more**2).sum())


def test_at_as_many_false_links_a_whole_region_finds_more(found: dict[str, Any]) -> None:
    """So the best that is told to be attainable is the best for pairs alone, and can be passed."""
    same = found["same"]
    false = int((~same & (found["alone"] >= 0.5)).sum())
    links = {}
    for kind in ("alone", "together"):
        order = np.argsort(-found[kind], kind="stable")
        links[kind] = int(same[order][np.cumsum(~same[order]) <= false].sum())
    assert links["together"] > links["alone"]
