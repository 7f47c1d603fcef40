"""One question for each cell; exemptions by name, for as long as they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from policy_document import POLICY_DIGEST, POLICY_DOCUMENT

from evalharness.errors import BadInput
from evalharness.records import NotJudged, Policy, Requirement
from evalharness.requirements import expand, policy_from_document
from evalharness.requirements.expand import Place

LEVELS = {"sex": ("(missing)", "F", "M"), "race": ("X", "Y"), "age": ()}
TODAY = date(2026, 11, 22)
FLOOR = Requirement(id="floor", metric="recall", comparison="at_least", bound=0.9)
GAP = Requirement(id="gap", metric="recall", comparison="max_difference", bound=0.1, between=("race",))


def policy_of(*requirements: Requirement) -> Policy:
    return replace(policy_from_document(POLICY_DOCUMENT, POLICY_DIGEST), requirements=requirements)


def exempted(until: date, **group: str) -> NotJudged:
    return NotJudged(group=tuple(sorted(group.items())), why="few", until=until)


def refusals(policy: Policy, place: Place | None = None) -> list[str]:
    with pytest.raises(BadInput) as caught:
        expand(policy, LEVELS, TODAY, place)
    return [str(problem) for problem in caught.value.problems]


def test_cells_are_the_product_of_the_levels_in_the_order_of_the_policy() -> None:
    questions, exemptions = expand(policy_of(FLOOR, replace(FLOOR, id="each", for_each=(("race",), ("race", "sex"))), GAP), LEVELS, TODAY)
    assert [(q.requirement, q.group, q.between) for q in questions] == [
        ("floor", (), ()),
        ("each", (("race", "X"),), ()),
        ("each", (("race", "Y"),), ()),
        ("each", (("race", "X"), ("sex", "(missing)")), ()),
        ("each", (("race", "X"), ("sex", "F")), ()),
        ("each", (("race", "X"), ("sex", "M")), ()),
        ("each", (("race", "Y"), ("sex", "(missing)")), ()),
        ("each", (("race", "Y"), ("sex", "F")), ()),
        ("each", (("race", "Y"), ("sex", "M")), ()),
        ("gap", (), ("race",)),
    ]
    assert exemptions == ()


@pytest.mark.parametrize(
    ("until", "holds"), [(date(2026, 11, 23), True), (TODAY, True), (date(2026, 11, 21), False), (date(1, 1, 1), False)]
)
def test_an_exemption_holds_to_its_last_day_and_then_the_cell_is_judged_again(until: date, holds: bool) -> None:
    each = replace(FLOOR, for_each=(("race",), ("race", "sex")), not_judged=(exempted(until, race="X"),))
    questions, exemptions = expand(policy_of(each), LEVELS, TODAY)
    assert ((("race", "X"),) in [q.group for q in questions]) is not holds
    assert [(e.group, e.why, e.until) for e in exemptions] == ([((("race", "X"),), "few", until)] if holds else [])
    assert (("race", "X"), ("sex", "F")) in [q.group for q in questions]


@pytest.mark.parametrize(("until", "holds"), [(TODAY, True), (date(2026, 11, 21), False)])
def test_an_exempted_level_is_left_out_of_a_gap(until: date, holds: bool) -> None:
    gap = replace(GAP, between=("sex",), not_judged=(exempted(until, sex="(missing)"),))
    (question,), exemptions = expand(policy_of(gap), LEVELS, TODAY)
    assert question.excluded == (((("sex", "(missing)"),),) if holds else ())
    assert len(exemptions) == holds


def test_unknown_attributes_and_levels_are_told_at_once_with_their_places() -> None:
    policy = policy_of(
        replace(FLOOR, for_each=(("race",), ("race", "sexx")), not_judged=(exempted(TODAY, race="Z"), exempted(date(1, 1, 1), race="W"))),
        replace(GAP, between=("age",)),
        replace(GAP, id="other", between=("zone",)),
    )
    told = refusals(policy, lambda path: "F:" + ".".join(map(str, path)))
    assert [text.split("\n")[0] for text in told] == [
        "F:requirements.0.for_each.1: requirement floor: the benchmark has no such group attribute",
        "F:requirements.0.not_judged.0.group.race: requirement floor: the judged split has no such level of race",
        "F:requirements.0.not_judged.1.group.race: requirement floor: the judged split has no such level of race",
        "F:requirements.1.between: requirement gap: the benchmark has no such group attribute",
        "F:requirements.2.between: requirement other: the benchmark has no such group attribute",
    ]
    assert "did you mean 'sex'?" in told[0]
    assert "one of race, sex" in told[3]
    assert refusals(policy)[0].startswith("policy example: requirements[0].for_each[1]: ")


def test_a_requirement_whose_every_cell_is_exempted_is_refused() -> None:
    each = replace(FLOOR, for_each=(("race",),), not_judged=(exempted(TODAY, race="X"), exempted(TODAY, race="Y")))
    (told,) = refusals(policy_of(FLOOR, replace(each, id="each")))
    assert "requirements[1].not_judged: requirement each: every cell is exempted" in told
