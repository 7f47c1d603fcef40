"""Each task in its own words: page one, the annex, JUnit and what a signer puts a name to."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from evidence_fixture import HOSTILE, locked
from task_evidence import TASKS, build, tally_of

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.consistency import inconsistencies
from evalharness.report import numbers
from evalharness.report.by_task import task_words
from evalharness.report.daily_work import control_figure, practice
from evalharness.report.faces import faces
from evalharness.report.policy_text import policy_text
from evalharness.report.signing import statement
from evalharness.report.verdict_box import verdict_box
from evalharness.requirements.names import finding_name
from evalharness.signoff.sentence import Terms, sentence

NB = "\u00a0"


def evidence_of(task: str, **options: Any) -> Evidence:
    return read_evidence(evidence_bytes(build(task, **options)))


@cache
def failing(task: str) -> Evidence:
    """One flawed group, some without an answer."""
    return evidence_of(task, tally=tally_of(task, flawed="E3", refused=6, worse=0.6))


@cache
def approvable(task: str) -> Evidence:
    return evidence_of(task, tally=tally_of(task, good=0.97), attempt=locked())


def markdown(evidence: Evidence) -> str:
    return faces(evidence)["report.md"].decode().replace("\\", "").replace(NB, " ")


def page_one(evidence: Evidence) -> str:
    text = markdown(evidence)
    return text[: text.index("## Requirement by requirement")]


FOREIGN = {
    "ordinal": r"\bflagged\b|\brelevant\b|\blead|\blink|\breports?\b(?!\.)",
    "ranking": r"\bflagged\b|\bitems?\b|\blink|\bgraded\b",
    "linkage": r"\bflagged\b|\bitems?\b|\blead|\bgraded\b|\brelevant\b",
    "risk": r"\bflagged\b|\bitems?\b|\blead|\blink|\bgraded\b|\brelevant\b|set aside",
}


@pytest.mark.parametrize("task", FOREIGN)
def test_page_one_speaks_of_nothing_that_the_task_does_not_have(task: str) -> None:
    for evidence in (failing(task), approvable(task)):
        text = page_one(evidence).replace("real items, with", "").replace("read this report", "").replace("sign this report", "")
        text = text.replace("own items, whole", "")
        assert re.findall(FOREIGN[task], text) == []


@pytest.mark.parametrize("task", TASKS)
def test_no_jargon_and_no_greek_on_page_one(task: str) -> None:
    for evidence in (failing(task), approvable(task)):
        text = page_one(evidence)
        assert not set(text) & {chr(c) for c in range(0x370, 0x400)} | ({"‹", "›"} & set(text))
        for word in ("recall", "precision", "posterior", "pairwise", "confusion", "alpha", "null", "{}"):
            assert word not in text


@pytest.mark.parametrize(
    ("task", "sentences"),
    [
        ("ordinal", ["grade as the policy asks?", "Levels, lowest first: none, C, B, A.", "All items: graded too low", "made-up items."]),
        (
            "ranking",
            [
                "put the right leads first",
                "the 50 leads with the highest scores of the day are looked at",
                "Relevant leads: nobody looks at them on their day",
            ],
        ),
        (
            "linkage",
            [
                "link records as the policy asks?",
                "In 1,000 of them",
                "True links: missed",
                "Links made: wrong",
                "If real records were like",
            ],
        ),
        ("risk", ["place reports as the policy asks?", "Bands, lowest first: low, medium, high.", "Truly “high” reports placed lower"]),
        ("binary", ["do what the policy asks?", "A person opens the flagged items", "Relevant items set aside, never opened"]),
    ],
)
def test_page_one_says_what_the_task_is_about(task: str, sentences: list[str]) -> None:
    text = page_one(failing(task))
    for part in sentences:
        assert part in text, text


@pytest.mark.parametrize(
    ("task", "rule"),
    [
        ("binary", "An item is flagged when its score is at least 0.5."),
        ("ordinal", "An item gets the level that the classifier gives it."),
        ("ranking", "Each day the 50 leads with the highest scores are looked at; of equal scores the earlier arrival."),
        ("linkage", "Two records are linked when the score of their pair is at least 0.7."),
        ("risk", "A report is acted on first when the classifier places it in the band “high”."),
    ],
)
def test_the_annex_has_the_operating_point_in_words(task: str, rule: str) -> None:
    assert f"| Rule of decision | {rule} |" in markdown(failing(task))


@pytest.mark.parametrize(
    ("task", "bound_to"),
    [
        ("binary", "classifier, threshold, test data and policy"),
        ("ordinal", "classifier, test data and policy"),
        ("ranking", "classifier, daily budget, test data and policy"),
        ("linkage", "classifier, threshold, test data and policy"),
        ("risk", "classifier, top band, test data and policy"),
    ],
)
def test_an_approval_names_what_it_holds_for(task: str, bound_to: str) -> None:
    evidence = approvable(task)
    assert f"It holds for exactly this {bound_to}." in page_one(evidence)
    assert f"exactly this {bound_to}" in sentence(evidence, Terms(decision="reject", role="safeguarding"))
    assert statement(evidence, policy_text(evidence), task_words(evidence)).startswith("Its verdict is MET.")


@pytest.mark.parametrize("task", TASKS)
def test_the_figure_that_signers_are_asked_for_stands_on_page_one(task: str) -> None:
    evidence = approvable(task)
    told = task_words(evidence)
    figure, first = control_figure(evidence, told), next(iter(practice(evidence, told)))
    assert figure is not None
    assert f" {first.per_thousand} |" in page_one(evidence)
    assert told.control.endswith("?")


@pytest.mark.parametrize("task", TASKS)
def test_every_finding_is_a_case_for_ci_in_plain_words(task: str) -> None:
    evidence = failing(task)
    suite = ET.fromstring(faces(evidence)["junit.xml"])  # noqa: S314 - our own bytes
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert list(cases) == [finding_name(f.requirement, tuple(sorted(f.group.items()))) for f in evidence.findings]
    messages = [failure.get("message") or "" for failure in suite.iter("failure")]
    assert messages
    assert all(re.search(r"(must|may) ", m) and "We are" in m for m in messages)


@pytest.mark.parametrize("task", ["ordinal", "risk"])
def test_names_of_levels_are_foreign_text_everywhere(task: str) -> None:
    evidence = evidence_of(task, word=lambda level: level + HOSTILE)
    told = faces(evidence)
    html = told["report.html"].decode()
    for tag in ("<script>", "<img"):
        assert tag not in html
    assert "\u202e" not in html
    assert "<script>" not in told["report.md"].decode()
    ET.fromstring(told["junit.xml"])  # noqa: S314 - our own bytes


def everything_alike(task: str) -> Evidence:
    document = build(task, tally=tally_of(task, good=0.97), attempt=locked())
    for row in document["tallies"].get("ordinal", []):
        row["matrix"] = [[sum(line), *[0] * (len(line) - 1)] for line in row["matrix"]]
    for row in document["tallies"].get("confusion", []):
        row |= {"tp": row["tp"] + row["fn"], "fp": row["fp"] + row["tn"], "fn": 0, "tn": 0}
    return read_evidence(evidence_bytes(document))


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("ordinal", "the same level: it grades nothing"),
        ("ranking", "the classifier puts none of them first"),
        ("linkage", "it tells no records apart"),
        ("risk", "in “high”: it tells none apart"),
    ],
)
def test_a_classifier_that_treats_all_alike_never_gets_the_green_box(task: str, words: str) -> None:
    evidence = everything_alike(task)
    box = verdict_box(evidence, policy_text(evidence), task_words(evidence))
    assert box.tone == "reserved"
    assert words in " ".join(box.notes)


def test_items_made_under_a_seal_are_said_to_be_made_after_the_lock() -> None:
    document = build("ordinal", attempt=locked())
    document["benchmark"]["seal"] = {
        "digest": "sha256:" + "1" * 64,
        "secret": "2" * 64,
        "models": [document["model"]["digest"]],
        "locks": ["sha256:" + "4" * 64],
        "dials": {"drift": 0.25},
    }
    evidence = read_evidence(evidence_bytes(document))
    assert "made-up items, made after the classifier was fixed." in page_one(evidence)
    assert "drift 0.25" in markdown(evidence)
    assert "| Kind | made by a recipe |" in markdown(evidence)
    assert "made after the classifier" not in page_one(approvable("ordinal"))


def test_items_that_were_made_before_the_answers_are_not_said_to_be_made_after_them() -> None:
    document = build("ordinal")
    others = {"models": ["sha256:" + "3" * 64], "locks": ["sha256:" + "4" * 64]}
    document["benchmark"]["seal"] = {"digest": "sha256:" + "1" * 64, "secret": "2" * 64, **others, "dials": {}}
    assert "made after the classifier" not in page_one(read_evidence(evidence_bytes(document)))


def test_answers_that_betray_the_labels_are_never_a_pass_that_can_be_signed() -> None:
    document = build("risk", tally=tally_of("risk", good=0.97), attempt=locked())
    document["notices"].append({"kind": "labels_seen", "text": "The canary items were answered as if the labels had been seen."})
    text = page_one(read_evidence(evidence_bytes(document)))
    assert "**NOT FOR SIGNING: the answers betray that somebody has seen the labels. It can never be signed.**" in text
    assert "## ! MET, in a run that cannot be signed" in text
    assert "But its answers show that somebody has seen the labels: they are worth nothing." in text
    assert "- **Warning:** The canary items were answered" in text
    assert "new answers, by somebody who has not seen the labels." in text


def test_a_classifier_that_is_better_than_possible_never_gets_the_green_box() -> None:
    document = build("ordinal", tally=tally_of("ordinal", good=0.97), attempt=locked())
    document["notices"].append({"kind": "better_than_possible", "text": "More items are right than their true chances allow."})
    evidence = read_evidence(evidence_bytes(document))
    box = verdict_box(evidence, policy_text(evidence), task_words(evidence))
    assert (box.tone, box.title) == ("reserved", "MET, WITH RESERVATIONS")
    assert "But it does better than anybody could with what it is given" in page_one(evidence)


@pytest.mark.parametrize("task", ["ordinal", "linkage"])
def test_what_a_task_has_no_use_for_is_left_out(task: str) -> None:
    text = markdown(failing(task))
    assert ("## Costs" in text) is (task == "ordinal")
    assert "If reviewers catch" not in text
    assert "per week" not in text


def table_of(evidence: Evidence) -> dict[str, tuple[str, str, str]]:
    return {f.name: (f.per_thousand, f.per_thousand_bound, f.worst) for f in practice(evidence, task_words(evidence))}


def test_wrong_links_stand_beside_missed_ones_on_page_one_and_in_the_annex() -> None:
    document = build("linkage", tally=tally_of("linkage", flawed="E3"))
    wrong = next(e for e in document["translation"] if e["metric"] == "wrong_links_per_1000")
    evidence = read_evidence(evidence_bytes(document))
    value, bound, _ = table_of(evidence)["Links made: wrong, two cases are mixed up"]
    assert (value, bound) == (numbers.plain(wrong["value"]), numbers.plain(wrong["upper"], "up"))
    assert markdown(evidence).count("Links made: wrong, two cases are mixed up") == 2
    assert table_of(evidence)["True links: missed"][2].startswith("ethnicity E3: ")


def test_grades_are_told_for_those_that_can_be_wrong_and_for_each_kind_of_error() -> None:
    evidence = evidence_of("ordinal", tally=tally_of("ordinal", good=0.5))
    assert list(table_of(evidence)) == [
        "All items: graded too low",
        "Items truly above none: graded too low",
        "All items: two or more levels too low",
        "Items of level A: graded lower",
        "Items of level A: graded as none",
        "All items: graded too high",
    ]
    of_those = table_of(evidence)["Items truly above none: graded too low"][0]
    assert f"Only items truly above none can be: of 1,000 of these, {of_those} were." in page_one(evidence)


def test_a_lead_that_is_missed_has_one_bound() -> None:
    evidence = evidence_of("ranking", tally=tally_of("ranking", good=0.9))
    finding = next(f for f in evidence.findings if f.requirement == "found")
    missed = table_of(evidence)["Relevant leads: nobody looks at them on their day"]
    assert finding.lower is not None
    assert missed[1] == numbers.in_thousand(numbers.rest(finding.lower), "up")


@pytest.mark.parametrize(
    ("good", "days", "sentence"),
    [
        (0.9, 1200, "On a day of this test 50.0 leads wait, 2.5 of them relevant. 4.6 are looked at; 2.4 of these find nobody. "
                    "A relevant one is missed every 4.0 days."),
        (0.9, 60, "are looked at; 47.5 of these find nobody. 5.0 relevant ones are missed every day."),
        (1.0, 60, "In 60 days no relevant one was missed."),
    ],
)  # fmt: skip
def test_leads_are_told_by_the_day(good: float, days: int, sentence: str) -> None:
    document = build("ranking", tally=tally_of("ranking", good=good))
    assert "Each day 50 leads are looked at." in page_one(read_evidence(evidence_bytes(document)))
    document["tallies"]["queues"] = days
    assert sentence in page_one(read_evidence(evidence_bytes(document)))


def test_a_day_has_the_leads_and_the_budget_that_are_counted() -> None:
    document = build("ranking")
    for days, fits in ((200, True), (20, False), (60_001, False)):
        document["tallies"]["queues"] = days
        problems = inconsistencies(read_evidence(evidence_bytes(document)))
        assert any("tallies.queues" in problem for problem in problems) is not fits
    other = build("risk")
    other["tallies"]["queues"] = 5
    assert any("tallies.queues" in problem for problem in inconsistencies(read_evidence(evidence_bytes(other))))


def test_risk_says_that_only_the_top_band_is_judged() -> None:
    text = page_one(evidence_of("risk"))
    assert "Only “high” is judged: a truly “high” report placed in “medium” or in “low” counts alike." in text
    assert "Whether the stated chance is right is not judged." in text


def test_what_is_judged_under_changed_conditions_is_not_said_to_be_untested_there() -> None:
    document = build("linkage")
    assert "Not tested: change over time, copies" in page_one(read_evidence(evidence_bytes(document)))
    document["benchmark"]["split"] = "shifted"
    assert "Not tested: copies" in page_one(read_evidence(evidence_bytes(document)))
    assert "Not tested" not in page_one(evidence_of("linkage", synthetic=False))


def test_a_ceiling_is_told_as_one() -> None:
    text = page_one(evidence_of("ordinal", tally=tally_of("ordinal", good=0.05)))
    assert re.search(r"may be graded too low\. Of .* were graded too low .*; we are 95 % sure that it is at least ", text)


@pytest.mark.parametrize(("task", "counted"), [("ordinal", "under_grading_1"), ("risk", "false_positive_rate")])
def test_errors_among_which_no_answer_counts_are_told_so(task: str, counted: str) -> None:
    tally = tally_of(task, good=0.3, refused=5)
    words = task_words(evidence_of(task, tally=tally))
    assert counted in words.or_no_answer
    assert not {"no_answer_rate", "recall", "exact_agreement"} & words.or_no_answer
    assert task_words(evidence_of(task)).or_no_answer == frozenset()


def test_no_answer_is_not_called_a_grade_that_is_too_low() -> None:
    said = faces(evidence_of("ordinal", tally=tally_of("ordinal", good=0.3, refused=5)))["report.md"].decode().replace(NB, " ")
    assert "were graded too low or got no answer" in said
    assert "of 1,000 of these" not in said
