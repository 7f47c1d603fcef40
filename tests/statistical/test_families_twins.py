"""The chances of copies are those of the labels of the items that they were made of, kind by kind, with all harms on.

Clusters and duplicates are off, so that items are independent. FALSE_ALARM: a right family fails one of these tests once in 3,000 seeds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmark_folder import RECIPE
from family_blocks import Made, made
from severity_recipe import ON, recipe
from tabular_recipes import COPIES, HARMS, LEAD, RISK_HARMS, lead, risk

from evalharness.benchmarks.families.lead_priority import LeadPriority
from evalharness.benchmarks.families.message_triage import MessageTriage
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.severity_grading import SeverityGrading
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, SeverityGradingDials

FALSE_ALARM = 4.8
"""Standard errors; about 200 comparisons are made."""
BINS = 8
WOMEN = {"of": {"sex": "F"}, "range": [0, 0.9]}
SIZES = {"base_rate": 0.5, "separability": 0.4, "label_noise": 0.2, "missing": 0.3, "proxy": 0.4}


def of_risk() -> Any:
    harms = {name: harm for name, harm in RISK_HARMS.items() if name != "duplicates"}
    households = {"sizes": [1.0], "correlation": 0.0}
    return RiskLevel(), risk(rows=100_000, harms=harms, households=households, copies={**COPIES, "share": 1.0, "noise": 0.8}), "yes"


def of_leads() -> Any:
    harms = {name: harm for name, harm in HARMS.items() if name != "duplicates"}
    dials = lead(rows=100_000, harms=harms, queues={**LEAD["queues"], "correlation": 0.0}, copies={**COPIES, "share": 1.0, "noise": 0.8})
    return LeadPriority(), dials, "at_risk"


def of_messages() -> Any:
    harms = {**{name: {**WOMEN, "size": size} for name, size in SIZES.items()}, "obfuscation": {"size": 0.2, "range": [0, 0.9]}}
    own = {
        **RECIPE["generate"],
        "rows": 60_000,
        "splits": {"train": 0.1, "calibration": 0.05, "test": 0.8, "shifted": 0.05},
        "conversations": {"lengths": [1.0], "active_share": 0.1, "active_prevalence": 0.2},
        "copies": {"share": 1.0, "noise": 0.3, "obfuscation": 0.6},
        "harms": harms,
    }
    return MessageTriage(), MessageTriageDials.model_validate(own), "relevant"


@pytest.mark.parametrize("of", [of_risk, of_leads, of_messages])
def test_the_chance_of_a_copy_is_that_of_its_item_s_label(of: Any) -> None:
    family, dials, positive = of()
    part = made(family, dials)["test"]
    kinds, rows = kinds_and_items(part)
    positives = np.array(part.texts("label"))[rows] == positive
    chances = np.array(part.table("twin_truth")["posterior"])
    for kind in np.unique(kinds).tolist():
        chosen = kinds == kind
        assert abs(z(positives[chosen], chances[chosen])) < FALSE_ALARM
        rank = np.argsort(np.argsort(chances[chosen], kind="stable"))
        for own in range(BINS):
            inside = rank * BINS // len(rank) == own
            assert abs(z(positives[chosen][inside], chances[chosen][inside])) < FALSE_ALARM, (kind, own)


def test_the_chances_of_a_graded_copy_are_those_of_its_item_s_label_and_clean_grade() -> None:
    on = {name: value for name, value in ON.items() if "duplicates" not in name}
    dials = SeverityGradingDials.model_validate(recipe(**{"rows": 60_000, "copies.share": 1.0, "cases.sizes": [1.0], **on}))
    part = made(SeverityGrading(), dials)["test"]
    kinds, rows = kinds_and_items(part)
    truth = part.table("twin_truth")
    for column, name in (("label", "posterior"), ("clean", "posterior_clean")):
        found = np.array(part.texts(column))[rows]
        for level in LEVELS:
            chances = np.array(truth[f"{name}_{level}"])
            for kind in ("marker", "noise", "lost"):
                chosen = kinds == kind
                assert abs(z(found[chosen] == level, chances[chosen])) < FALSE_ALARM, (kind, level)
                likely = chosen & (chances > np.median(chances[chosen]))
                assert abs(z(found[likely] == level, chances[likely])) < FALSE_ALARM, (kind, level)


def kinds_and_items(part: Made) -> tuple[Any, Any]:
    """(kind, row of the item) of each copy; its id and place do not tell the item."""
    twins, truth = part.table("twins"), part.table("twin_truth")
    row = {name: place for place, name in enumerate(part.texts("item_id"))}
    kinds, rows = np.array(twins["kind"]), np.array([row[of] for of in truth["of"]])
    assert len(set(twins["item_id"])) == len(rows)
    for kind in np.unique(kinds).tolist():
        own = [name for name, of_kind in zip(twins["item_id"], kinds.tolist(), strict=True) if of_kind == kind]
        assert own == sorted(own)
        inside = rows[kinds == kind] % 1_000  # blocks follow one another; inside a block nothing of the order is left
        assert abs(np.corrcoef(inside[1:], inside[:-1])[0, 1]) < 0.1
    return kinds, rows


def z(happened: Any, chances: Any) -> float:
    """Standard errors between what happened and what was to be expected."""
    spread = float(np.sqrt((chances * (1 - chances)).sum() + 1e-6 * len(chances)))  # chances are rounded to a millionth
    return float((happened - chances).sum()) / spread
