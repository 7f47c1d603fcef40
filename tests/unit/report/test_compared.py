"""The pages of a comparison: foreign text stays text, the words of the harness, and a chart only where there is something to draw."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from compared_by_hand import attempts, comparison, estimate, finding, model

from evalharness.catalogue import COMPARED
from evalharness.digests import read_canonical
from evalharness.records.comparison import ComparedModel
from evalharness.records.paired import BothFinding, Standing
from evalharness.report.compared import compared_faces
from evalharness.report.compared.chart import plane
from evalharness.report.compared.page import build_page
from evalharness.report.compared.words import TITLES, attempts_sentence, level_sentence, margin_sentence

HOSTILE = "<script>alert(1)</script>|`x`"


def test_foreign_text_stays_text_on_every_face():
    evil = comparison(models=(model("old", 0.9, 0.3, incumbent=True), model(HOSTILE, 0.92, 0.4)), notices=(HOSTILE,))
    faces = compared_faces(evil)
    assert b"<script" not in faces["compare.html"]
    assert b"<script" not in faces["compare.md"]
    assert json.loads(faces["compare.json"])["models"][1]["name"] == HOSTILE


def test_the_same_comparison_gives_the_same_bytes_and_json_is_canonical():
    assert compared_faces(comparison()) == compared_faces(comparison())
    document = read_canonical(compared_faces(comparison())["compare.json"])
    assert document["schema"] == "evalharness/comparison/v1"
    assert document["evidence"] is False
    assert "never evidence" in document["note"]


def test_markdown_tables_are_tables():
    lines = compared_faces(comparison())["compare.md"].decode().splitlines()
    heads = [i for i, line in enumerate(lines) if line.startswith("|") and set(line) <= set("|- ")]
    assert len(heads) == 5
    for i in heads:
        assert lines[i - 1].count("|") == lines[i].count("|") == lines[i + 1].count("|")
    assert not any("\\n" in line for line in lines)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Standing.DEMONSTRATED, "✓ not worse by more than the margin"),
        (Standing.NOT_DEMONSTRATED, "? not demonstrated"),
        (Standing.WORSE, "✗ worse by more than the margin"),
        (Standing.NOT_EVALUABLE, "– not evaluable"),
    ],
)
def test_outcomes_are_told_in_the_words_of_the_harness(outcome: Standing, words: str):
    shown = comparison(both=(BothFinding(challenger="new", outcome=outcome, p=None, level=0.95),))
    answer = build_page(shown).answers[0]
    assert f"{answer.mark.symbol} {answer.mark.word}" == words
    for name, face in compared_faces(shown).items():
        for banned in ("no difference", "equally good", "equivalent", "unbiased"):
            assert banned not in face.decode().lower(), name


def test_bounds_are_rounded_outward_in_words():
    sentence = build_page(comparison(findings=(replace(finding("recall", Standing.NOT_DEMONSTRATED), upper=0.10001),))).answers[0].notes[0]
    assert "at most 10.01" in sentence


def test_it_is_told_where_no_challenger_could_have_been_shown():
    few = replace(finding("recall", Standing.NOT_DEMONSTRATED), attainable=False)
    notes = build_page(comparison(findings=(few, finding("false_positive_rate", Standing.NOT_DEMONSTRATED)))).answers[0].notes
    assert [note for note in notes if "could not have shown" in note] == [notes[-2]]
    assert "takes 59 independent ones" in notes[-2]


def test_a_margin_that_nobody_stated_is_told():
    assert "Nobody stated it" in margin_sentence(comparison(margin_stated=False))
    assert "Nobody" not in margin_sentence(comparison())


def test_what_signing_the_winner_spends_is_told():
    practice = comparison()
    assert "spends 2 attempts" in attempts_sentence(practice)
    assert "new as attempt 1 (96.96" in attempts_sentence(practice)
    assert "no winner may be signed on the strength of it" in level_sentence(practice)
    later = comparison(attempt=3, attempts=attempts(3))
    assert "attempts 3 to 4" in attempts_sentence(later)
    assert "old as attempt 4" in attempts_sentence(later)
    assert "practice" not in level_sentence(later)
    document = read_canonical(compared_faces(later)["compare.json"])
    assert [(spent["model"], spent["attempt"]) for spent in document["attempts_spent"]] == [("new", 3), ("old", 4)]
    unspent = read_canonical(compared_faces(practice)["compare.json"])
    assert (unspent["practice"], unspent["attempts_spent"], len(unspent["attempts_if_signed"])) == (True, [], 2)


def test_the_chart_puts_more_recall_higher_and_more_work_to_the_right():
    drawn = plane(comparison())
    assert drawn is not None
    old, new = sorted(drawn.crosses, key=lambda cross: not cross.incumbent)
    assert new.y < old.y
    assert new.x > old.x
    for cross in drawn.crosses:
        assert drawn.left <= cross.x_low <= cross.x <= cross.x_high <= drawn.right
        assert drawn.top <= cross.y_high <= cross.y <= cross.y_low <= drawn.bottom


def test_nothing_is_drawn_of_a_single_point():
    alone = comparison(models=(model("old", 0.9, 0.3, incumbent=True), model("new", None, 0.4)))
    assert plane(alone) is None
    assert b"<svg" not in compared_faces(alone)["compare.html"]


def test_names_of_models_at_one_place_do_not_lie_on_one_another():
    drawn = plane(comparison(models=tuple(model(f"m{i}", 0.9, 0.3) for i in range(5))))
    assert drawn is not None
    heights = sorted(cross.label_y for cross in drawn.crosses)
    assert all(b - a >= 14 for a, b in pairwise(heights))


def test_all_that_is_compared_has_a_name():
    for compared in COMPARED.values():
        assert {*compared.paired, *compared.beside, *compared.drawn} - {"expected_cost"} <= set(TITLES)


@pytest.mark.parametrize(
    ("task", "drawn", "words"),
    [
        ("ordinal", ("under_grading_1", "over_grading_1"), "Graded too low against graded too high"),
        ("ranking", ("recall_at_budget", "precision_at_budget"), "found within the budget against selected leads"),
        ("linkage", ("pairwise_recall", "pairwise_precision"), "True links found against predicted links that are true"),
    ],
)
def test_each_task_is_drawn_in_its_own_words_and_on_the_side_that_is_better(task: Any, drawn: tuple[str, str], words: str):
    def other(name: str, up: float, across: float, **changes: Any) -> ComparedModel:
        return model(name, None, 0.0, estimates=(estimate(drawn[0], up), estimate(drawn[1], across)), **changes)

    shown = comparison(
        task=task, drawn=drawn, together=drawn[:1], findings=(replace(finding("recall", Standing.NOT_DEMONSTRATED), metric=drawn[0]),),
        models=(other("old", 0.2, 0.3, incumbent=True), other("new", 0.1, 0.1)), disagreements=(),
    )  # fmt: skip
    face = compared_faces(shown)["compare.html"].decode()
    assert words in face
    assert ("fewer" in face) == (task == "ordinal")
