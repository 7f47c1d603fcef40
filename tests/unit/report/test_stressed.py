"""The faces of a stress run: practice on every one, the tipping points in words, drawings where the numbers say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from stress_by_hand import ALONE, DESIGN, FAILED, LOST, MET, OWN, STRESS, hold

from evalharness.digests import canonical_json
from evalharness.report.stressed import stress_document, stress_faces, stress_view
from evalharness.report.stressed.chart import panel
from evalharness.report.stressed.words import size_text, tip_sentence, tipping_of


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_face_says_that_it_is_practice_and_no_evidence():
    faces = stress_faces(STRESS)
    assert set(faces) == {"stress.html", "stress.md", "stress.json"}
    assert json.loads(faces["stress.json"])["evidence"] is False
    for name in ("stress.html", "stress.md"):
        text = faces[name].decode()
        assert "PRACTICE" in text
        assert "no evidence, nobody can sign it" in text
    assert faces == stress_faces(STRESS)
    assert faces["stress.json"] == canonical_json(stress_document(STRESS))


def test_tipping_points_read_as_sentences_with_the_prevalence_in_percent():
    told = [plain(text) for text in stress_view(STRESS).tips]
    assert told == [
        "found is no longer shown once missing (race <b>|x) is 0.65 or more (still met at 0.6).",
        "found fails once prevalence is 1.80 % or less (still met at 1.90 %).",
    ]
    view = stress_view(replace(STRESS, tipping=tuple(replace(t, tips=(), reason=t.reason or "none") for t in STRESS.tipping)))
    assert view.tips == ()
    assert "stops being met" in view.no_tips


def test_the_first_lines_say_how_many_settings_hold_and_which_is_worst():
    view = stress_view(STRESS)
    assert view.mark.outcome == "not_met"
    assert "policy is met. Over its plausible ranges it is met at 1 of 3 settings; not met at 1, not evaluable at 1." in view.first
    assert view.answer[0] == "Met at every setting: alarms."
    assert "The worst case is setting 2 (missing (race <b>|x) 0.7, prevalence 1.50 %): found (not met)." in plain(view.answer[1])
    assert "change nothing that is counted here: proxy (sex F)" in view.answer[2]
    held = replace(
        STRESS, outcome=MET, worst_setting="own", verdicts=((FAILED, 0), *STRESS.verdicts[1:3], (MET, 1)), design=(hold("setting-0001"),),
        requirements=tuple(replace(r, over_range=MET, worst_setting="own", worst=OWN.finding(r.id)) for r in STRESS.requirements),
    )  # fmt: skip
    view = stress_view(held)
    assert view.first == "The policy is met at the recipe's own setting and at the one setting of its plausible ranges that was tried."
    assert not any("worst case" in text for text in view.answer)


def test_what_the_policy_asks_over_the_range_and_what_no_setting_answers_is_named():
    found, alarms = STRESS.requirements
    view = stress_view(replace(STRESS, requirements=(replace(found, demanded=True), alarms), left_out=("flips",)))
    assert any(text.startswith("The policy asks over the range: found (not met). What the policy") for text in view.answer)
    assert any(text.startswith("Not stressed: flips.") for text in view.answer)
    assert not any("asks over the range" in text or "Not stressed" in text for text in stress_view(STRESS).answer)


def test_what_is_not_shown_at_the_recipes_own_setting_is_told_with_what_may_mend_it():
    lost = replace(OWN, findings=(replace(OWN.findings[0], outcome=LOST), OWN.findings[1]))
    text = next(text for text in stress_view(replace(STRESS, own=lost)).answer if text.startswith("Not shown at"))
    assert text.startswith("Not shown at the recipe's own setting with 2,000 items: found. No tipping point")
    assert not any(text.startswith("Not shown at") for text in stress_view(STRESS).answer)


def test_the_table_counts_settings_by_outcome_and_rounds_bounds_outward():
    found, alarms = stress_view(STRESS).table.rows
    assert found[1] == "✗ not met"
    assert plain(found[3]) == "✗ not met, at least 61.0 %, setting 2"
    assert found[4:] == ("1", "0", "1", "1")
    assert plain(alarms[3]) == "✓ met, at most 19.9 %, setting 2"
    assert plain(found[0]) == "found: Relevant items found: at least 90 %, in each of 2 groups"


@pytest.mark.parametrize("dial", [0, 1])
def test_points_lie_where_the_numbers_say_and_the_goal_parts_them(dial):
    which, found = tipping_of(STRESS, "found")[dial]
    drawn = panel(STRESS, STRESS.requirements[0], which, found)
    assert drawn is not None
    assert (len(drawn.dots), drawn.left_out) == (2, 1)
    for dot, run in zip(drawn.dots, DESIGN, strict=False):
        assert (dot.y <= drawn.goal_y) == (run.finding("found").outcome is MET)
        share = (run.setting.size(which.name) - which.low) / (which.high - which.low)
        assert dot.x == pytest.approx(drawn.left + share * (drawn.right - drawn.left), abs=0.06)
    assert (drawn.meets_from, drawn.meets_to) == (drawn.top, drawn.goal_y)
    steps = [float(pair.split(",")[0]) for pair in drawn.line.split()]
    assert steps == sorted(steps)
    assert len(steps) == 3
    (tip,) = found.tips
    share = (tip.first_not - which.low) / (which.high - which.low)
    assert drawn.tips[0][0] == pytest.approx(drawn.left + share * (drawn.right - drawn.left), abs=0.06)
    assert plain(drawn.tips[0][1].text) in {"0.65", "1.80 %"}
    assert tip_sentence(which, tip)[1:] in drawn.description
    assert [t.x for t in drawn.y_ticks] == sorted((t.x for t in drawn.y_ticks), reverse=True)


def test_where_less_is_better_the_lower_side_is_shaded_and_without_a_bound_nothing_is_drawn():
    which, found = tipping_of(STRESS, "alarms")[0]
    drawn = panel(STRESS, STRESS.requirements[1], which, found)
    assert drawn is not None
    assert (drawn.meets_from, drawn.meets_to) == (drawn.goal_y, drawn.bottom)
    assert all(dot.y >= drawn.goal_y for dot in drawn.dots)
    bare = [replace(r, findings=tuple(replace(f, decides=None, margin=None) for f in r.findings)) for r in (OWN, *DESIGN, *ALONE)]
    nothing = replace(STRESS, own=bare[0], design=tuple(bare[1:4]), alone=tuple(bare[4:]))
    assert panel(nothing, STRESS.requirements[1], which, found) is None
    assert stress_faces(nothing)["stress.html"].count(b"<figure>") == 0


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]


def test_nothing_foreign_becomes_markup_and_every_drawing_has_a_text():
    faces = stress_faces(STRESS)
    html = faces["stress.html"].decode()
    page = _Page()
    page.feed(html)
    assert not {"script", "b", "i"} & set(page.tags)
    assert len(page.ids) == len(set(page.ids))
    assert html.count("<svg") == html.count("<desc id=") == 3
    assert "Not varied" not in html
    assert "One size only, so not varied: drift." in html
    assert not re.search(r"(?<!\\)<b>", faces["stress.md"].decode())


def test_sizes_are_told_as_the_recipe_writes_them():
    missing, prevalence, _ = STRESS.dials
    assert size_text(missing, 0.123456) == "0.1235"
    assert plain(size_text(prevalence, -0.64)) == "1.80 %"
