"""Small recipes of the two families of tables, and every harm that they can have."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from family_blocks import Made

from evalharness.benchmarks.families.lead_priority.dials import LeadPriorityDials
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials

_SHARED: dict[str, Any] = {
    "rows": 20_000,
    "seed": 7,
    "splits": {"train": 0.3, "calibration": 0.05, "test": 0.45, "shifted": 0.2},
    "groups": {"sex": {"F": 0.5, "M": 0.5}, "ethnicity": {"a": 0.7, "b": 0.2, "c": 0.1}},
    "weeks": 4,
    "numeric": {
        "n1": {"shift": 1.3, "missing": 0.05, "missing_with_outcome": 0.15},
        "n2": {"shift": -1.0, "scale": "skewed", "missing": 0.1},
        "n3": {"shift": 0.35},
        "n4": {"shift": 0.0},
    },
    "categorical": {
        "c1": {"levels": {"p": 0.6, "q": 0.3, "r": 0.1}, "with_outcome": {"p": 0.3, "q": 0.3, "r": 0.4}, "missing": 0.05},
        "c2": {"levels": {"u": 0.5, "v": 0.3, "w": 0.2}},
    },
}
RISK: dict[str, Any] = {
    **_SHARED,
    "family": "risk-level",
    "prevalence": 0.1,
    "bands": {"medium": 0.1, "high": 0.3},
    "households": {"sizes": [0.6, 0.25, 0.15], "correlation": 0.2},
}
LEAD: dict[str, Any] = {
    **_SHARED,
    "family": "lead-priority",
    "prevalence": 0.03,
    "queues": {"fewest": 40, "most": 90, "correlation": 0.01, "budget_per_day": 8},
    "arrivals": {"not_at_risk": [0.04] * 22 + [0.06, 0.06], "at_risk": [0.06, 0.06] + [0.04] * 22},
    "reviews": {"fewest": 3, "most": 30},
}
HARMS: dict[str, Any] = {
    "base_rate": {"of": {"sex": "F"}, "size": 0.6, "range": [0, 1]},
    "separability": {"of": {"ethnicity": "c"}, "size": 0.4, "range": [0, 0.5]},
    "label_noise": {"of": {"ethnicity": "b"}, "size": 0.2, "range": [0, 0.3]},
    "under_representation": {"of": {"ethnicity": "c"}, "size": 0.8, "range": [0, 0.9]},
    "missing": {"of": {"sex": "M"}, "size": 0.2, "range": [0, 0.5]},
    "proxy": {"of": {"sex": "F", "ethnicity": "b"}, "feature": "c2", "toward": "w", "size": 0.6, "range": [0, 0.9]},
    "drift": {"size": 0.5, "range": [0, 0.9]},
    "prevalence_shift": {"size": 0.5, "range": [0, 1]},
    "duplicates": {"size": 0.2, "range": [0, 0.5]},
}
RISK_HARMS: dict[str, Any] = {
    **HARMS,
    "annotator_bias": {"of": {"sex": "F"}, "size": 0.3, "range": [-0.5, 0.5]},
    "obfuscation": {"size": 0.2, "range": [0, 0.5]},
}
COPIES = {"share": 0.1, "noise": 0.3, "missing": 0.4, "obfuscation": 0.6}
FEMALE = {"of": {"sex": "F"}}


def risk(**dials: Any) -> RiskLevelDials:
    """Checked dials, other than those of RISK where said."""
    return RiskLevelDials.model_validate_json(json.dumps({**RISK, **dials}), strict=True)


def lead(**dials: Any) -> LeadPriorityDials:
    """Checked dials, other than those of LEAD where said."""
    return LeadPriorityDials.model_validate_json(json.dumps({**LEAD, **dials}), strict=True)


def women(part: Made) -> Any:
    """Whether each item is of the group F."""
    return np.array(part.texts("sex")) == "F"


def apart(one: Any, other: Any) -> float:
    """Standard errors between two shares."""
    p, q = float(np.mean(one)), float(np.mean(other))
    pooled = (np.sum(one) + np.sum(other)) / (len(one) + len(other))
    return (p - q) / float(np.sqrt(pooled * (1 - pooled) * (1 / len(one) + 1 / len(other))))
