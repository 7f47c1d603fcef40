"""Each dial moves what it should, and nothing at its off position. Harms are put on the women's reports; the men's show what is usual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import Made, best_recall_at, made
from tabular_recipes import COPIES, FEMALE, RISK, RISK_HARMS, apart, risk, women

from evalharness.benchmarks.families.risk_level import RiskLevel

FAMILY = RiskLevel()
SPLITS = {"train": 0.3, "calibration": 0.05, "test": 0.45, "shifted": 0.2}
NOISE = 4.0
"""Standard errors: a fair comparison passes it once in 16,000."""
PROXY = {"feature": "c2", "toward": "w"}


def with_harm(name: str = "", size: float = 0.0, **dials: Any) -> dict[str, Made]:
    """The harm alone, of the women where it is of a group."""
    of = FEMALE if "of" in RISK_HARMS.get(name, {}) else {}
    harm = {**of, "size": size, "range": [-0.9, 0.9] if size < 0 else [0, 0.9], **(PROXY if name == "proxy" else {})}
    return made(FAMILY, risk(rows=40_000, splits=SPLITS, harms={name: harm} if name else {}, **dials))


def recalls(part: Made, column: str = "posterior") -> tuple[Any, Any]:
    """Whether each outcome of the women, and of the men, is found at a false-positive rate of 10 %."""
    threshold, _ = best_recall_at(part.chances(column), 0.1)
    found, outcome, her = part.chances(column) >= threshold, part.codes("clean") == 1, women(part)
    return found[outcome & her], found[outcome & ~her]


def nulls(part: Made, column: str) -> Any:
    return np.array([value is None for value in part.texts(column)])


def test_harms_at_size_0_change_no_byte() -> None:
    off = {name: {**harm, "size": 0} for name, harm in RISK_HARMS.items()}
    plain, named = (made(FAMILY, risk(rows=4_000, harms=harms)) for harms in ({}, off))
    for split, part in plain.items():
        for column in (*part.blocks[0].items, *part.blocks[0].truth):
            assert part.texts(column) == named[split].texts(column)


def test_base_rate_makes_the_outcome_of_the_group_more_frequent() -> None:
    part = with_harm("base_rate", 0.8)["test"]
    her, clean = women(part), part.codes("clean")
    assert clean[her].mean() / clean[~her].mean() == pytest.approx(1.8, abs=0.2)
    assert part.codes("band")[her].mean() > part.codes("band")[~her].mean(), "also under a model that sees no group"


def test_separability_makes_the_best_classifier_miss_more_of_the_group() -> None:
    assert apart(*recalls(with_harm("separability", 0.5)["test"])) < -NOISE


def test_label_noise_turns_that_share_of_the_group_s_outcomes() -> None:
    part = with_harm("label_noise", 0.3)["test"]
    her, clean, label = women(part), part.codes("clean"), part.codes("label")
    lost = label[(clean == 1) & her] == 0
    assert lost.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(lost)))
    assert (label[~her] == clean[~her]).all()
    assert label[her].mean() == pytest.approx(clean[her].mean(), abs=0.015)
    plain = with_harm()["test"]
    assert part.texts("band") == plain.texts("band"), "the truth is that of the clean outcome"


def test_under_representation_is_of_train_alone() -> None:
    parts = with_harm("under_representation", 0.6)
    assert women(parts["train"]).mean() == pytest.approx(0.5 * 0.4 + 0.5 * 0.6 * 0.5, abs=0.03)
    assert women(parts["test"]).mean() == pytest.approx(0.5, abs=0.03)


def test_missing_removes_more_of_the_group_s_values_where_values_can_be_missing() -> None:
    part = with_harm("missing", 0.4)["test"]
    her = women(part)
    assert nulls(part, "n2")[her].mean() == pytest.approx(0.1 + 0.9 * 0.4, abs=0.02)
    assert nulls(part, "n2")[~her].mean() == pytest.approx(0.1, abs=0.02)
    assert not nulls(part, "n3").any()
    clean = part.codes("clean") == 1
    assert nulls(part, "n1")[~her & clean].mean() == pytest.approx(0.15, abs=0.05)
    assert nulls(part, "n1")[~her & ~clean].mean() == pytest.approx(0.05, abs=0.01)


def test_a_proxy_leans_to_the_group_and_tells_of_the_outcome_only_through_it() -> None:
    part = with_harm("proxy", 0.6)["test"]
    leans, her = np.array(part.texts("c2")) == "w", women(part)
    assert leans[her].mean() == pytest.approx(0.6 + 0.4 * 0.2, abs=0.02)
    assert leans[~her].mean() == pytest.approx(0.2, abs=0.02)
    assert abs(apart(part.codes("clean")[leans], part.codes("clean")[~leans])) < 1.3 * NOISE


def test_drift_and_a_shift_of_prevalence_are_of_shifted_alone() -> None:
    plain = with_harm()
    drifted, shifted = with_harm("drift", 0.9), with_harm("prevalence_shift", 0.9)
    for other in (drifted, shifted):
        for column in ("n1", "c1", "label", "band"):
            assert other["test"].texts(column) == plain["test"].texts(column)
    assert shifted["shifted"].codes("clean").mean() / plain["shifted"].codes("clean").mean() == pytest.approx(1.9, abs=0.15)
    part = drifted["shifted"]
    week = np.array(part.texts("week"))
    assert set(week.tolist()) == {5, 6, 7, 8}
    assert set(plain["test"].texts("week")) == {1, 2, 3, 4}
    threshold, _ = best_recall_at(part.chances("posterior"), 0.1)
    found, outcome = part.chances("posterior") >= threshold, part.codes("clean") == 1
    assert apart(found[outcome & (week == 8)], found[outcome & (week == 5)]) < -NOISE


def test_duplicates_repeat_the_report_before_in_the_same_household() -> None:
    part = with_harm("duplicates", 0.3)["test"]
    names = ("n1", "n2", "n3", "n4", "c1", "c2", "week", "label", "band")
    rows = list(zip(*(part.texts(name) for name in names), strict=True))
    owners = part.texts("household_id")
    inside = [i for i in range(1, len(rows)) if owners[i] == owners[i - 1]]
    assert np.mean([rows[i] == rows[i - 1] for i in inside]) == pytest.approx(0.3, abs=0.03)


def test_obfuscation_hides_outcomes_in_the_numbers_of_everybody() -> None:
    hidden, plain = with_harm("obfuscation", 0.6), with_harm()
    best = [best_recall_at(parts["test"].chances("posterior"), 0.1)[1] for parts in (hidden, plain)]
    assert best[0] < best[1] - 0.1


def test_copies_change_one_thing_only() -> None:
    parts = with_harm("proxy", 0.5, copies=COPIES)
    assert not parts["train"].table("twins")
    part = parts["test"]
    twins, truth = part.table("twins"), part.table("twin_truth")
    assert twins["item_id"] == truth["item_id"]
    assert len(set(twins["item_id"])) == len(twins["item_id"])
    row = {item: place for place, item in enumerate(part.texts("item_id"))}
    names = FAMILY.columns(risk()).features
    original = list(zip(*(part.texts(name) for name in names), strict=True))
    chances, her = part.chances("posterior"), women(part)
    moved: dict[str, list[float]] = {}
    for kind, of, chance, *copy in zip(twins["kind"], truth["of"], truth["posterior"], *(twins[name] for name in names), strict=True):
        place = row[of]
        moved.setdefault(kind, []).append(chance - chances[place])
        differing = [name for name, a, b in zip(names, original[place], copy, strict=True) if a != b]
        if kind == "proxy":
            assert differing == ["c2"]
        elif kind == "missing":
            assert set(differing) <= {"n1", "n2", "c1"}
            assert all(copy[names.index(name)] is None for name in differing)
        else:
            assert set(differing) <= {"n1", "n2", "n3", "n4"}
            assert [value is None for value in copy] == [value is None for value in original[place]] or kind == "obfuscation"
    assert set(moved) == {"proxy", "noise", "missing", "obfuscation"}
    assert len(moved["noise"]) == pytest.approx(0.1 * 18_000, rel=0.1)
    assert np.abs(moved["proxy"]).max() < 1e-6, "without another harm the proxy tells nothing of the outcome"
    assert all(abs(np.mean(changes)) < 0.01 for changes in moved.values()), "of the same reports: as many have the outcome"
    assert 0 < np.std(moved["noise"]) < np.std(moved["obfuscation"])
    assert her.any()


def test_a_twin_s_chance_is_that_of_its_report_even_where_the_proxy_tells_of_a_group_with_another_base_rate() -> None:
    harms = {name: {**RISK_HARMS[name], **FEMALE} for name in ("base_rate", "proxy")}
    part = made(FAMILY, risk(rows=20_000, harms=harms, copies=COPIES))["test"]
    twins, truth = part.table("twins"), part.table("twin_truth")
    chances = dict(zip(part.texts("item_id"), part.chances("posterior"), strict=True))
    bands = dict(zip(part.texts("item_id"), part.texts("band"), strict=True))
    rows = zip(twins["kind"], truth["of"], truth["posterior"], strict=True)
    changed = [abs(chance - chances[of]) for kind, of, chance in rows if kind == "proxy"]
    assert max(changed) < 1e-4, "a copy that is elsewhere tells that its report was where the group leads, and the other way round"
    assert truth["band"] == [bands[of] for of in truth["of"]]


@pytest.mark.parametrize(
    ("dials", "place"),
    [
        ({"splits": {**SPLITS, "train": 0.2}}, ("splits",)),
        ({"bands": {"medium": 0.3, "high": 0.3}}, ("bands", "high")),
        ({"raters": {"number": 3, "error": 0.2, "hard_error": 0.1}}, ("raters", "hard_error")),
        ({"groups": {"week": {"a": 0.5, "b": 0.5}}}, ("groups", "week")),
        ({"groups": {"n1": {"a": 0.5, "b": 0.5}}}, ("numeric", "n1")),
        ({"groups": {f"g{n}": {f"l{i}": 0.1 for i in range(10)} for n in range(4)}}, ("groups",)),
        (
            {"categorical": {"c1": {"levels": {"a": 0.5, "b": 0.5}, "with_outcome": {"b": 0.5, "a": 0.5}}}},
            ("categorical", "c1", "with_outcome"),
        ),
        ({"harms": {"proxy": {**FEMALE, "feature": "n1", "toward": "w", "size": 0, "range": [0, 1]}}}, ("harms", "proxy", "feature")),
        ({"harms": {"proxy": {**FEMALE, "feature": "c2", "toward": "z", "size": 0, "range": [0, 1]}}}, ("harms", "proxy", "toward")),
        ({"harms": {"missing": {"of": {"height": "F"}, "size": 0, "range": [0, 0.5]}}}, ("harms", "missing", "of", "height")),
        ({"harms": {"missing": {"of": {"sex": "X"}, "size": 0, "range": [0, 0.5]}}}, ("harms", "missing", "of", "sex")),
        ({"harms": {"drift": {"size": 2, "range": [0, 0.9]}}}, ("harms", "drift")),
        ({"harms": {"drift": {"size": 0, "range": [0.5, 0.1]}}}, ("harms", "drift")),
        ({"harms": {"base_rate": {**FEMALE, "size": 9, "range": [0, 9]}}}, ("harms", "base_rate")),
        ({"numeric": {"n1": {"shift": 1.0}}, "categorical": {"c2": RISK["categorical"]["c2"]},
          "harms": {"missing": {**FEMALE, "size": 0.1, "range": [0, 0.5]}}}, ("harms", "missing")),
    ],
)  # fmt: skip
def test_dials_that_cannot_be_are_named(dials: dict[str, Any], place: tuple[str, ...]) -> None:
    assert [fault.at for fault in risk(**dials).faults()] == [place]


def test_the_recipes_without_a_fault_have_none() -> None:
    assert list(risk().faults()) == []
    assert list(risk(harms=RISK_HARMS, copies=COPIES).faults()) == []
