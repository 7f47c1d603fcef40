"""The annex speaks of each task in its own words, explains its columns, and adds up."""

from __future__ import annotations

import re

import pytest
from task_evidence import TASKS, build, tally_of

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report.annex_answers import predictions, scores
from evalharness.report.build import build_view
from evalharness.report.by_task import NOUNS, task_words
from evalharness.report.methods import METHOD_TERMS, in_words
from evalharness.report.view import Section

RAW = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\((?:recall|precision|specificity|accuracy|elusion|f1)\)")
"""Names as the policy and the evidence have them: they are exact, in whatever words."""
SAID_OF_ALL = ("on real items, with real reviewers",)
MEASURED = ("measures", "practice", "counts", "groups", "gaps", "costs", "attainable", "predictions", "scores", "limits", "glossary")
SORTS = r"|\bconversation|\bset aside\b|\bselected\b|\bfalse alarm|\bflagged\b"
FOREIGN = {
    "binary": r"\blead|\blink|\bgraded? too|\breports?\b|\btrue level|\bband\b",
    "ordinal": r"\b(?:ir)?relevant\b|\bleads?\b|\blink|\breports?\b" + SORTS,
    "ranking": r"\bitems?\b|\blink|\bgraded\b|\breports?\b" + SORTS,
    "linkage": r"\bitems?\b|\bleads?\b|\bgraded\b|\b(?:ir)?relevant\b|\breports?\b" + SORTS,
    "risk": r"\bitems?\b|\bleads?\b|\blink|\bgraded\b|\b(?:ir)?relevant\b" + SORTS,
}


def evidence_of(task: str) -> Evidence:
    return read_evidence(evidence_bytes(build(task, tally=tally_of(task, flawed="E3", refused=6, worse=0.6))))


def texts(section: Section) -> list[str]:
    told = [section.title, *section.paragraphs, *section.items, *(text for term in section.terms for text in term)]
    for table in section.tables:
        told += [table.caption, table.note, *table.columns, *(cell for row in table.rows for cell in row)]
    return told


@pytest.mark.parametrize("task", TASKS)
def test_the_annex_speaks_of_nothing_that_the_task_does_not_have(task: str) -> None:
    evidence = evidence_of(task)
    for section in build_view(evidence).sections:
        if section.anchor in MEASURED:
            for text in texts(section):
                plain = RAW.sub("", text)
                for said in SAID_OF_ALL:
                    plain = plain.replace(said, "")
                assert re.findall(FOREIGN[task], plain, re.IGNORECASE) == [], (section.anchor, text)


@pytest.mark.parametrize("task", TASKS)
def test_no_mark_is_left_and_every_method_is_in_the_glossary(task: str) -> None:
    view = build_view(evidence_of(task))
    for section in view.sections:
        assert not [text for text in texts(section) if re.search(r"[‹›]|\{\w*\}", text)]
    names = " ".join(name for section in view.sections if section.anchor == "glossary" for name, _ in section.terms)
    for word in ("clopper-pearson", "kish", "fay-feuer", "holm", "Worth (independent)", "Could this size show it?", "New sample needed"):
        assert word in names
    for requirement in view.requirements:
        assert dict(requirement.facts)["That is"].endswith(".")
        if requirement.table is not None:
            assert "“Could this size show it?”" in requirement.table.note


def test_every_method_is_told_in_a_sentence_and_an_unknown_one_in_none() -> None:
    assert in_words("clopper-pearson(one-sided, alpha=0.05)").startswith("The bound is exact")
    assert in_words("clopper-pearson(one-sided, alpha=0.05, n_eff=kish)").startswith("The bound is reckoned from counts")
    assert "Many pairs of groups" in in_words("mover(clopper-pearson one-sided; lower: holm first step, alpha=0.05/20)")
    assert in_words("delta(scale=logit, one-sided)").startswith("The bound is approximate")
    assert in_words("another") == ""
    assert len({name for name, _ in METHOD_TERMS}) == len(METHOD_TERMS)


def test_the_answers_to_pairs_add_up() -> None:
    document = build("linkage")
    document["predictions"].update(items=1000, answered=990, missing=10, duplicate=0, invalid=0, extra=3, other_split=200, rows=1163)
    document["score_summary"] = {**(document["score_summary"] or {}), "rows": 1000, "scored": 960}
    evidence = read_evidence(evidence_bytes(document))
    rows = {name: int(number.replace(",", "")) for name, number in predictions(evidence, task_words(evidence)).tables[0].rows}
    starts = {name.split(",")[0].split(":")[0]: number for name, number in rows.items()}
    judged = starts["Pairs of records of the split"]
    used, none = starts["Answers used"], starts["No answer given"]
    outside = next(number for name, number in rows.items() if "nobody put forward" in name)
    asked = next(number for name, number in rows.items() if "pairs that were put forward" in name)
    assert judged == outside + asked
    assert asked == used + none
    assert starts["Answers given"] == used + 3 + 200


@pytest.mark.parametrize("task", ["binary", "ranking", "linkage", "risk"])
def test_scores_are_told_in_the_words_of_the_task(task: str) -> None:
    document = build(task)
    document["score_summary"] = {
        "rows": 10, "scored": 10, "minimum": 7.804311651e-21, "maximum": 1.0, "constant": False, "worse_than_chance": False,
        "tied_at_threshold": None, "auc_low": 0.968571, "auc_high": 0.968721, "reason": "",
    }  # fmt: skip
    evidence = read_evidence(evidence_bytes(document))
    (table,) = scores(evidence, task_words(evidence)).tables
    told = dict(table.rows)
    assert told["Lowest score"] == "7.804e-21"
    assert [value for name, value in told.items() if name.startswith("Area")] == ["0.9685", "0.9688"]
    assert any(name.lower().startswith(NOUNS[task][1]) for name in told)
    assert not any("threshold" in name for name in told)
