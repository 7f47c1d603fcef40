"""Each dial moves what it should. Harms are put on the women's leads; the men's show what is usual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import Made, best_recall_at, made
from tabular_recipes import COPIES, FEMALE, HARMS, LEAD, apart, lead, women

from evalharness.benchmarks.families.lead_priority import LeadPriority

FAMILY = LeadPriority()
NOISE = 4.0
"""Standard errors: a fair comparison passes it once in 16,000."""
PROXY = {"feature": "c2", "toward": "w"}


def with_harm(name: str = "", size: float = 0.0, **dials: Any) -> dict[str, Made]:
    """The harm alone, of the women where it is of a group; at a prevalence at which it can be seen."""
    of = FEMALE if "of" in HARMS.get(name, {}) else {}
    harm = {**of, "size": size, "range": [0, 0.9], **(PROXY if name == "proxy" else {})}
    return made(FAMILY, lead(**{"rows": 40_000, "prevalence": 0.1, "harms": {name: harm} if name else {}, **dials}))


def recalls(part: Made) -> tuple[Any, Any]:
    """Whether each person at risk of the women, and of the men, is found at a false-positive rate of 10 %."""
    threshold, _ = best_recall_at(part.chances("posterior"), 0.1)
    found, outcome, her = part.chances("posterior") >= threshold, part.codes("clean") == 1, women(part)
    return found[outcome & her], found[outcome & ~her]


def test_base_rate_separability_and_label_noise_are_of_the_group() -> None:
    part = with_harm("base_rate", 0.8)["test"]
    assert part.codes("clean")[women(part)].mean() / part.codes("clean")[~women(part)].mean() == pytest.approx(1.8, abs=0.2)
    assert apart(*recalls(with_harm("separability", 0.5)["test"])) < -NOISE
    part = with_harm("label_noise", 0.3)["test"]
    her, clean, label = women(part), part.codes("clean"), part.codes("label")
    assert (label[(clean == 1) & her] == 0).mean() == pytest.approx(0.3, abs=0.06)
    assert (label[~her] == clean[~her]).all()


def test_under_representation_is_of_train_alone() -> None:
    parts = with_harm("under_representation", 0.6)
    assert women(parts["train"]).mean() == pytest.approx(0.35, abs=0.02)
    assert women(parts["test"]).mean() == pytest.approx(0.5, abs=0.02)


def test_missing_and_proxy_change_the_features_of_the_group() -> None:
    part = with_harm("missing", 0.4)["test"]
    gone, her = np.array([value is None for value in part.texts("n2")]), women(part)
    assert gone[her].mean() == pytest.approx(0.46, abs=0.03)
    assert gone[~her].mean() == pytest.approx(0.1, abs=0.02)
    part = with_harm("proxy", 0.6)["test"]
    leans = np.array(part.texts("c2")) == "w"
    assert leans[women(part)].mean() == pytest.approx(0.68, abs=0.03)
    assert leans[~women(part)].mean() == pytest.approx(0.2, abs=0.02)


def test_drift_and_a_shift_of_prevalence_are_of_shifted_alone() -> None:
    plain = with_harm()
    drifted, shifted = with_harm("drift", 0.9), with_harm("prevalence_shift", 0.9)
    for other in (drifted, shifted):
        for column in ("n1", "c1", "label", "arrived"):
            assert other["test"].texts(column) == plain["test"].texts(column)
    assert shifted["shifted"].codes("clean").mean() / plain["shifted"].codes("clean").mean() == pytest.approx(1.9, abs=0.2)
    part = drifted["shifted"]
    week = np.array(part.texts("week"))
    assert {len(set(week[np.array(part.texts("queue_id")) == day])) for day in set(part.texts("queue_id"))} == {1}
    threshold, _ = best_recall_at(part.chances("posterior"), 0.1)
    found, outcome = part.chances("posterior") >= threshold, part.codes("clean") == 1
    assert apart(found[outcome & (week == 8)], found[outcome & (week == 5)]) < -NOISE


def test_duplicates_repeat_a_lead_of_the_same_day_at_another_hour() -> None:
    part = with_harm("duplicates", 0.3)["test"]
    names = ("n1", "n2", "n3", "n4", "c1", "c2", "week", "label", "sex", "ethnicity", "queue_id")
    rows = list(zip(*(part.texts(name) for name in names), strict=True))
    assert 1 - len(set(rows)) / len(rows) == pytest.approx(0.3, abs=0.03)
    plain = with_harm()["test"]
    rows = list(zip(*(plain.texts(name) for name in names), strict=True))
    assert len(set(rows)) > 0.99 * len(rows)


def test_copies_change_one_thing_only() -> None:
    part = with_harm(copies=COPIES, harms={"proxy": {**FEMALE, **PROXY, "size": 0.5, "range": [0, 0.9]}})["test"]
    twins, truth = part.table("twins"), part.table("twin_truth")
    row = {item: place for place, item in enumerate(part.texts("item_id"))}
    names = FAMILY.columns(lead()).features
    original = list(zip(*(part.texts(name) for name in names), strict=True))
    allowed = {"proxy": {"c2"}, "missing": {"n1", "n2", "c1"}, "noise": {"n1", "n2", "n3", "n4"}, "obfuscation": {"n1", "n2", "n3", "n4"}}
    assert set(twins["kind"]) == set(allowed)
    for kind, of, *copy in zip(twins["kind"], truth["of"], *(twins[name] for name in names), strict=True):
        assert {name for name, a, b in zip(names, original[row[of]], copy, strict=True) if a != b} <= allowed[kind]


@pytest.mark.parametrize(
    ("dials", "place"),
    [
        ({"queues": {"fewest": 90, "most": 40, "correlation": 0.0, "budget_per_day": 5}}, ("queues", "most")),
        ({"reviews": {"fewest": 9, "most": 4}}, ("reviews", "most")),
        ({"rows": 1_000, "queues": {"fewest": 60, "most": 90, "correlation": 0.0, "budget_per_day": 5}}, ("splits", "calibration")),
        ({"groups": {"arrived": {"a": 0.5, "b": 0.5}}}, ("groups", "arrived")),
        ({"harms": {"drift": {"size": 0.1, "range": [0, 2]}}}, ("harms", "drift")),
    ],
)
def test_dials_that_cannot_be_are_named(dials: dict[str, Any], place: tuple[str, ...]) -> None:
    assert [fault.at for fault in lead(**dials).faults()] == [place]


def test_hours_are_those_of_a_whole_day() -> None:
    with pytest.raises(ValueError, match=r"arrivals\.at_risk"):
        lead(arrivals={**LEAD["arrivals"], "at_risk": [0.5, 0.5]})
    assert list(lead(harms=HARMS, copies=COPIES).faults()) == []
