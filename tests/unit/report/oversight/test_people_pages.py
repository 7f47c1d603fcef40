"""The pages about people: there where something was counted of them, with every figure as recorded, and never a name or a small cell."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import build

from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.oversight.team import TeamPart
from evalharness.records.share import AS_HERE, RESTS_ON, SYNTHETIC, THESE
from evalharness.report.build import build_view
from evalharness.report.by_task import task_words
from evalharness.report.html import render_html
from evalharness.report.markdown import render_markdown
from evalharness.report.oversight.exposure import _between
from evalharness.report.oversight.measured import measured_together
from evalharness.report.oversight.resting import people_lines, rests
from evalharness.report.oversight.rubber_stamp import rubber_stamp
from evalharness.report.oversight.what_people_do import _opened, _scaled
from evalharness.report.view import Section

DIGEST = "sha256:" + "c" * 64
FIGURES = {
    "wrong_when_model_right": (4, 900, 0.002, 0.01), "wrong_when_model_wrong": (30, 100, 0.21, 0.4),
    "blind_wrong_when_model_wrong": (10, 100, 0.05, 0.17), "override_rate": (20, 1000, 0.01, 0.04), "reader_recall": (90, 100, 0.8, 0.95),
    "blind_reader_recall": (80, 100, 0.7, 0.88), "blind_reader_specificity": (95, 100, 0.9, 0.99), "team_recall": (88, 100, 0.75, 0.96),
    "seeded_detection": (40, 50, 0.68, 0.89),
}  # fmt: skip


def estimate(metric: str, figures: tuple[float, float, float], n: int, rests_on: tuple[str, ...] = ()) -> dict[str, Any]:
    """figures: value, lower, upper."""
    value, lower, upper = figures
    found = {
        "metric": metric, "group": {}, "value": value, "lower": lower, "upper": upper, "level": 0.95, "sides": "each", "method": "m",
        "n": n, "clusters": n, "n_eff": n, "reason": "",
    }  # fmt: skip
    return {**found, **({"rests_on": list(rests_on)} if rests_on else {})}


def reviews(**more: Any) -> dict[str, Any]:
    reader = {
        "reviewers": 1, "read": 50, "model_right": 40, "right_when_right": 39, "model_wrong": 7, "right_when_wrong": 3, "shown": 47,
        "override": 4,
    }  # fmt: skip
    return {
        "digest": DIGEST, "assigned": DIGEST, "rows": 1200, "listed": True, "assigned_rows": 1230, "unread": 30, "items": 600,
        "reviewers": 12,
        "shifts": 40, "seeded": 50, "synthetic": False, "first": "2026-01-05T08:00:00Z", "last": "2026-02-05T08:00:00Z", "relevant": 200,
        "labelled": 1000, "seconds": [[60, 1200]], "readers": [reader, reader | {"reviewers": 3}], **more,
    }  # fmt: skip


def faults(**more: Any) -> dict[str, Any]:
    kind = {"kind": "timeout", "where": "answer", "to_a_person": 30, "to_review": 0, "set_aside": 2, "lost": 0}
    return {"by_kind": [kind], "not_tried": {"absurd_value": "no column"}, **more}


def evidence(oversight: dict[str, Any] | None, *estimates: dict[str, Any], rests_on: tuple[str, ...] = ()) -> Evidence:
    document = build("binary")
    if oversight:
        document["oversight"] = oversight
    document["estimates"] = [*document["estimates"], *estimates]
    if rests_on:
        document["findings"][0]["rests_on"] = list(rests_on)
    return read_evidence(evidence_bytes(document))


def told(**changes: tuple[int, int, float, float]) -> list[dict[str, Any]]:
    return [estimate(name, (k / n, low, high), n) for name, (k, n, low, high) in (FIGURES | changes).items()]


def section(found: Evidence, anchor: str) -> Section | None:
    return next((one for one in build_view(found).sections if one.anchor == anchor), None)


def test_without_anything_counted_of_people_there_is_no_page():
    found = evidence(None)
    assert section(found, "people-do") is None
    assert section(found, "leaning") is None


def test_faults_alone_make_the_page_of_what_people_do_and_not_the_other():
    found = evidence({"faults": faults()}, estimate("unrouted_fault_rate", (0.0625, 0.0625, 0.0625), 32, (AS_HERE,)))
    page = section(found, "people-do")
    assert page is not None
    judged, kinds = page.tables
    assert judged.rows[0][1:] == ("6.2\u00a0%", "—", "—", "32")
    assert "inside this program" in judged.note
    assert "handles failures as this program does (not measured)" in judged.note
    assert kinds.rows == (("no answer in time", "30", "0", "2", "0"),)
    assert kinds.note == "Not tried: an item with absurd values (no column)."
    assert section(found, "leaning") is None


def test_a_log_of_the_system_in_use_is_said_to_be_one():
    live = {"by_kind": [{"kind": "restart", "where": "live", "to_a_person": 3, "to_review": 0, "set_aside": 0, "lost": 0}], "log": DIGEST}
    page = section(evidence({"faults": live}, estimate("unrouted_fault_rate", (0.0, 0.0, 0.0), 3)), "people-do")
    assert page is not None
    assert page.tables[0].note == "These failures were made in the system in use."
    assert page.tables[1].rows[0][0] == "restart"


def test_the_page_says_who_was_measured_and_what_was_not_read():
    text = " ".join(section(evidence({"reviews": reviews()}, *told()), "people-do").paragraphs)  # type: ignore[union-attr]
    assert "12 reviewers made 1,200 readings of 600 items in 40 shifts, from 2026-01-05 to 2026-02-05." in text
    assert "30 readings were assigned and not made; each counts as wrong." in text
    unlisted = section(evidence({"reviews": reviews(listed=False)}, *told()), "people-do")
    assert "Nobody listed what was assigned" in " ".join(unlisted.paragraphs)  # type: ignore[union-attr]


def test_made_up_reviewers_are_called_so():
    page = section(evidence({"reviews": reviews(synthetic=True, dials=DIGEST, digest=None)}, *told()), "people-do")
    assert page is not None
    assert "made up" in " ".join(page.paragraphs)
    assert "reviewers made 1,200" not in " ".join(page.paragraphs)


def test_right_and_wrong_answers_are_never_put_together():
    page = section(evidence({"reviews": reviews()}, *told()), "leaning")
    assert page is not None
    split = page.tables[0]
    assert split.rows == (
        ("see its answer", "0.44\u00a0% (0.20\u00a0% to 1.0\u00a0%)", "30.0\u00a0% (21.0\u00a0% to 40.0\u00a0%)"),
        ("do not see it", "—", "10.0\u00a0% (5.0\u00a0% to 17.0\u00a0%)"),
    )


def test_what_is_found_is_told_for_those_who_follow_and_for_those_who_never_look():
    page = section(evidence({"reviews": reviews()}, *told()), "leaning")
    assert page is not None
    follow, measured, alone = page.tables[1].rows
    recall = next(e for e in evidence(None).estimates if e.metric == "recall" and not e.group)
    assert follow[1].startswith(f"{100 * (recall.value or 0):.1f}\u00a0%")
    assert measured[1].startswith("88.0\u00a0% (75.0\u00a0% to 96.0\u00a0%)")
    assert alone[2] == "5.0\u00a0% (1.0\u00a0% to 10.0\u00a0%)"


def test_reviewers_have_numbers_and_those_with_few_readings_stand_together():
    page = section(evidence({"reviews": reviews()}, *told()), "leaning")
    assert page is not None
    assert [row[0] for row in page.tables[-1].rows] == ["1", "3 with few readings"]


@pytest.mark.parametrize(
    ("wrong", "overruled", "flagged"),
    [
        ((30, 100, 0.2, 0.4), (20, 1000, 0.01, 0.04), True),
        ((30, 100, 0.2, 0.4), (60, 1000, 0.04, 0.05), False),
        ((3, 40, 0.01, 0.1), (2, 940, 0.0, 0.01), False),
    ],
    ids=["far seldomer than it is wrong", "half as often", "wrong in fewer than one of twenty"],
)
def test_a_rubber_stamp_is_flagged_where_it_is_overruled_far_seldomer_than_it_is_wrong(
    wrong: tuple[int, int, float, float], overruled: tuple[int, int, float, float], flagged: bool
):
    found = evidence({"reviews": reviews()}, *told(wrong_when_model_wrong=wrong, override_rate=overruled))
    assert bool(list(rubber_stamp(found))) is flagged
    assert any("rubber stamp" in text for text in build_view(found).page_one.notices) is flagged


def test_page_one_says_which_requirements_rest_on_what_nobody_has_measured():
    assert list(people_lines(evidence(None))) == []
    (line,) = people_lines(evidence(None, rests_on=("declared: minutes", SYNTHETIC)))
    assert line.startswith("One requirement rests on what nobody has measured: minutes of work (declared, not measured); reviewers that")
    (line,) = people_lines(evidence({"reviews": reviews()}, rests_on=(THESE,)))
    assert line == "What is said of reviewers is about these 12 and no others."


def test_a_requirement_says_what_it_rests_on():
    found = evidence(None, rests_on=(AS_HERE,))
    one = next(r for r in build_view(found).requirements if dict(r.facts).get("Rests on"))
    assert "as this program does" in dict(one.facts)["Rests on"]


def test_everything_that_a_figure_can_rest_on_is_said_in_words():
    assert all(rests((name,)) and not rests((name,)).startswith("declared:") for name in RESTS_ON)
    assert rests(()) == ""


def test_what_people_find_is_told_on_page_one_only_where_people_were_measured():
    known = estimate("team_recall", (0.88, 0.75, 0.96), 100)
    assert list(measured_together(evidence({"reviews": reviews()}, known), "relevant items")) == [
        "As measured on reviewers, classifier and people together find 88.0\u00a0% of the relevant items "
        "(95\u00a0% sure: at least 75.0\u00a0%)."
    ]
    for rest in (SYNTHETIC, "declared: reviewers' accuracy"):
        assert list(measured_together(evidence(None, known | {"rests_on": [rest]}), "relevant items")) == []
    real, made_up = evidence({"reviews": reviews()}), evidence({"reviews": reviews(synthetic=True)})
    assert "nobody has measured that" not in build_view(real).page_one.people[0]
    assert "nobody has measured that" in build_view(made_up).page_one.people[0]


def test_cells_of_fewer_than_ten_people_are_not_shown():
    rate = next(m.name for m in OVERSIGHT_METRICS if m.source == "people" and m.unit == "proportion")
    part = {
        "digest": DIGEST, "rows": 9, "items": 9, "people": 9, "uninvolved_opened": 9, "finds": 1, "unlisted": 0, "synthetic": False,
        "first": "2026-01-05T08:00:00Z", "last": "2026-02-05T08:00:00Z",
    }  # fmt: skip
    page = section(evidence({"people": part}, estimate(rate, (1 / 3, 0.1, 0.7), 9)), "people-do")
    assert page is not None
    assert page.tables[0].rows[0][1:] == ("—", "—", "—", "fewer than 10")
    page = section(evidence({"people": part}, estimate(rate, (1 / 3, 0.1, 0.7), 12)), "people-do")
    assert page is not None
    assert page.tables[0].rows[0][1] == "33.3\u00a0%"


def test_both_pages_stand_in_html_and_markdown():
    found = evidence({"reviews": reviews(), "faults": faults()}, *told(), estimate("unrouted_fault_rate", (0.0, 0.0, 0.0), 32, (AS_HERE,)))
    html, text = render_html(found).decode(), render_markdown(found).decode()
    for anchor, title in (("people-do", "What people do with it"), ("leaning", "If reviewers lean on the machine")):
        assert f'<section class="part" id="{anchor}"' in html
        assert f"\n## {title}\n" in text


def test_reviewers_who_hardly_overrule_are_marked_and_small_counts_are_not_told():
    plain = reviews()["readers"][0]
    one = plain | {"read": 300, "model_right": 180, "model_wrong": 20, "shown": 200, "override": 0, "right_when_wrong": 0}
    found = evidence({"reviews": reviews(readers=[one, plain | {"read": 40}])}, *told())
    page = section(found, "leaning")
    assert page is not None
    assert any(text.startswith("One reviewer of 2 hardly ever overrules the classifier") for text in page.paragraphs)
    rows = next(table for table in page.tables if table.caption.startswith("Reviewers one by one")).rows
    assert [row[0] for row in rows] == ["1 (!)", "2"]
    assert rows[0][1:] == ("300", "200", "0", "20", "0")
    assert rows[1][2:] == ("47", "fewer than 10", "fewer than 10", "fewer than 10")


def test_what_people_do_early_and_late_is_a_table_with_its_trend_and_its_caution():
    third = {"by": "readings of a shift", "readings": 300, "right": 250, "shown": 150, "override": 30, "half_within_seconds": 45}
    order = [third | {"third": n, "by": by} for by in ("readings of a shift", "shifts of a reviewer") for n in (1, 2, 3)]
    trends = [estimate("tiring_trend", (0.12, 0.05, 0.2), 600), estimate("weariness_trend", (-0.01, -0.1, 0.08), 600)]
    page = section(evidence({"reviews": reviews(order=order)}, *told(), *trends), "people-do")
    assert page is not None
    early, shifts = (
        next(t for t in page.tables if t.caption == name) for name in ("Early and late in a shift", "In first and last shifts")
    )
    assert early.rows[0] == ("first", "300", "83.3\u00a0% (250)", "150", "20.0\u00a0% (30)", "45")
    assert "wrong 12.0\u00a0percentage points more often" in early.note
    assert "between 5.0\u00a0percentage points more and 20.0\u00a0percentage points more often" in early.note
    assert "between 10.0\u00a0percentage points less and 8.0\u00a0percentage points more often" in shifts.note
    assert "No difference at all would fit as well." not in early.note
    assert "No difference at all would fit as well." in shifts.note
    assert all("Easy items may come first" in table.note for table in (early, shifts))
    without = section(evidence({"reviews": reviews()}, *told()), "people-do")
    assert without is not None
    assert not any("shift" in table.caption for table in without.tables)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-1.963, -1.923, "between 192.3\u00a0% and 196.3\u00a0% more"),
        (-0.05, 0.12, "between 5.0\u00a0% more and 12.0\u00a0% less"),
        (0.1, 0.3, "between 10.0\u00a0% and 30.0\u00a0% less"),
    ],
)
def test_how_much_less_is_read_is_never_told_as_minus_so_much_less(low, high, said):
    assert _between(low, high) == said


def test_who_catches_what_in_a_week_is_the_recorded_figure_times_the_volume():
    assert _scaled(44.0, 40.2, 47.8, 1.0) == ("44.0", "40.2 to 47.8")
    assert _scaled(44.0, 40.2, 47.8, 50.0) == ("2,200", "2,010 to 2,390")


def test_what_is_reviewed_and_what_is_not_stands_in_one_sentence():
    task = task_words(evidence(None))
    assert "1,000 items 164 are put before a reader; the other 836 are not" in _opened(
        TeamPart.model_construct(per_1000={"read": 164.0}), task
    )
    assert _opened(TeamPart.model_construct(per_1000={"read": 999.8}), task).startswith("All items, or all but fewer than one in 1,000,")
