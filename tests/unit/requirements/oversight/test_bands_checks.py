"""What a policy may say in bands, and what it is told where they do not hold together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bands_policy import FIRST, REST, REVIEW, TODAY, TOP, read_bands

from evalharness.errors import BadInput
from evalharness.records.oversight_bands import Band, Bands, SpotCheck


def told(folder: Path, task: str, bands: list[dict[str, Any]] | None, **more: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read_bands(folder, task, bands, **more)
    return "\n".join(map(str, caught.value.problems))


def changed(band: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**band, **changes}.items() if value is not None}


def test_bands_are_read_as_written(tmp_path: Path):
    spot = {"share": 0.02, "blind": True}
    people = read_bands(tmp_path, "binary", [FIRST, REVIEW, changed(REST, spot_check=spot)], defer={"within": 0.05}).human_in_the_loop
    assert people is not None
    assert people.bands == Bands(
        bands=(
            Band(name="first", at_least=0.9, readers=2, third_reader=True),
            Band(name="review", selected=True, readers=1),
            Band(name="rest", rest=True, opened_within_days=90, spot_check=SpotCheck(share=0.02, readers=1, blind=True)),
        ),
        defer_within=0.05,
    )


@pytest.mark.parametrize(
    ("task", "bands", "more"),
    [
        ("binary", [REVIEW, REST], {"point": {"rule": "label"}}),
        ("ordinal", [{"name": "a", "levels": ["A"], "readers": 2}, {"name": "b", "rest": True, "readers": 1}], {"relevant_from": "C"}),
        ("risk", [TOP, REST], {}),
        ("ranking", [TODAY, REST], {}),
        ("linkage", [REVIEW, REST], {}),
        ("binary", [REVIEW, changed(REST, opened_within_days=None)], {"machine_closes": {"why": "w"}}),
        ("binary", None, {}),
    ],
)
def test_every_task_has_bands_of_its_kind_and_none_is_a_policy_too(tmp_path: Path, task: str, bands: Any, more: dict[str, Any]):
    people = read_bands(tmp_path, task, bands, **more).human_in_the_loop
    assert people is not None
    assert (people.bands is None) == (bands is None)


@pytest.mark.parametrize("spot", [None, {"share": 1.0e-9, "blind": True}, {"share": 1.0, "blind": True}])
def test_no_spot_check_makes_up_for_a_band_that_nobody_reads(tmp_path: Path, spot: Any):
    text = told(tmp_path, "binary", [REVIEW, changed(REST, opened_within_days=None, spot_check=spot)])
    assert "the machine could close items by itself: nobody reads the band rest" in text
    assert "opened_within_days" in text
    assert "machine_closes: {why: …}" in text


CLOSED = changed(REST, opened_within_days=None)
WRONG: list[tuple[str, list[dict[str, Any]] | None, dict[str, Any], str]] = [
    ("binary", None, {"defer": {"within": 0.1}}, "defer needs bands"),
    ("binary", None, {"machine_closes": {"why": "w"}}, "machine_closes needs bands"),
    ("binary", [REVIEW, REST], {"machine_closes": {"why": "w"}}, "no band is closed by the machine"),
    ("binary", [FIRST, changed(REVIEW, rest=True), REST], {}, "does not say which items it takes"),
    ("binary", [changed(REVIEW, **{"from": None}), REST], {}, "does not say which items it takes"),
    ("binary", [TOP, REST], {}, "does not say which items it takes"),
    ("binary", [FIRST, REVIEW], {}, "the last band, and no other, takes the rest"),
    ("binary", [REST, REVIEW], {}, "the last band, and no other, takes the rest"),
    ("binary", [REVIEW, changed(REST, name="review")], {}, "two bands have one name"),
    ("binary", [REVIEW, changed(REST, name="to_a_person")], {}, "items without an answer have this fate"),
    ("binary", [REVIEW, changed(FIRST, readers=0, third_reader=None, opened_within_days=3), REST], {}, "no item can enter the band first"),
    ("binary", [FIRST, changed(REVIEW, name="r", **{"from": 0.5}), REST], {}, "this is the operating point"),
    ("binary", [FIRST, REST], {}, "one band takes what is selected"),
    ("binary", [FIRST, changed(REVIEW, readers=0), CLOSED], {"machine_closes": {"why": "w"}}, "are selected, and nobody reads them"),
    ("binary", [REVIEW, changed(REST, readers=1, opened_within_days=None)], {}, "two operating points"),
    ("binary", [changed(REVIEW, opened_within_days=3), REST], {}, "opened_within_days is for bands without readers"),
    ("binary", [changed(REVIEW, third_reader="disagreement"), REST], {}, "a third reader decides where two disagree"),
    ("binary", [REVIEW, changed(REST, shown=True)], {}, "nobody reads the band rest"),
    ("binary", [FIRST, REVIEW, REST], {"point": {"rule": "label"}}, "the operating point has no scores"),
    ("binary", [REVIEW, REST], {"point": {"rule": "label"}, "defer": {"within": 0.1}}, "only scores of a binary task"),
    ("binary", [REVIEW, REST], {"relevant_from": "A"}, "says by itself what is relevant"),
    ("binary", [changed(FIRST, readers=3), REVIEW, REST], {}, "readers"),
    ("binary", [REVIEW, changed(REST, spot_check={"share": 0.0, "blind": True})], {}, "share"),
    ("ordinal", [{"name": "a", "rest": True, "readers": 1}], {}, "from which level on an item is relevant"),
    (
        "ordinal",
        [{"name": "a", "levels": ["A"], "readers": 1}, {"name": "b", "levels": ["A"], "readers": 1}, REST],
        {"relevant_from": "C"},
        "a level is in one band only",
    ),
    ("risk", [changed(TOP, levels=["high", "medium"]), REST], {}, "two operating points"),
    ("risk", [changed(TOP, levels=["medium"]), REST], {}, "no band takes the top band by name"),
    ("ranking", [REVIEW, REST], {}, "does not say which items it takes"),
    ("ranking", [REST], {}, "one band takes what is selected: within_budget: true"),
    ("linkage", [FIRST, REVIEW, REST], {}, "links are in two bands in this version"),
    (
        "ranking", [TODAY, REST], {"requirement": {"id": "x", "metric": "selective_risk", "at_most": 0.1}},
        "selective_risk is not counted for the task ranking",
    ),
    ("binary", [REVIEW, REST], {"requirement": {"id": "x", "metric": "selective_risk", "at_most": 0.1}}, "an upper bound on deferral_rate"),
    ("binary", [REVIEW, REST], {"requirement": {"id": "x", "metric": "closed_by_machine_rate", "at_most": 0.1}}, "counted completely"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "bands", "more", "expected"), WRONG)
def test_what_does_not_hold_together_is_told(tmp_path: Path, task: str, bands: Any, more: dict[str, Any], expected: str):
    assert expected in told(tmp_path, task, bands, **more)


def test_all_mistakes_are_told_at_once_with_their_places(tmp_path: Path):
    text = told(tmp_path, "binary", [changed(REVIEW, third_reader="disagreement"), changed(CLOSED, name="review", shown=False)])
    for part in ("a third reader", "two bands have one name", "nothing is shown", "could close items by itself"):
        assert part in text
    assert "policy.yaml:" in text
