"""What even the best possible classifier would reach stands next to each requirement, and on page one where it is too little."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import TASKS, build, tally_of

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.schema import NoticePart
from evalharness.records import CautionKind
from evalharness.report.by_task import task_words
from evalharness.report.faces import faces
from evalharness.report.reachable import beside_the_best, best_words, beyond_reach
from evalharness.report.requirement_sections import by_requirement

NB = "\u00a0"


def evidence_of(task: str, **options: Any) -> Evidence:
    return read_evidence(evidence_bytes(build(task, **options)))


def beyond(evidence: Evidence) -> str:
    return " ".join(beyond_reach(by_requirement(evidence), evidence, task_words(evidence))).replace(NB, " ")


def best(evidence: Evidence, place: int = 0) -> str:
    return best_words(evidence.findings[place], evidence, task_words(evidence)).replace(NB, " ")


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("binary", "With as many false alarms, the best possible classifier would find 95.0 %."),
        ("ordinal", "With the same inputs, the best possible classifier would give 95.0 % of the items their true level."),
        ("ranking", "Within the same budget, the best possible classifier would find 95.0 % of them."),
        ("linkage", "With as many wrong links, the best possible classifier would find 95.0 %."),
        ("risk", "With as many wrongly placed in “high”, the best possible classifier would place 95.0 % there."),
    ],
)
def test_every_task_tells_the_best_in_its_own_words(task: str, words: str) -> None:
    evidence = evidence_of(task)
    assert best(evidence) == words
    assert f"- Best possible: {words}" in faces(evidence)["report.md"].decode().replace("\\", "").replace(NB, " ")
    assert beyond(evidence) == ""


def test_false_alarms_are_told_at_the_share_that_was_found() -> None:
    assert best(evidence_of("binary"), 1) == "To find as many, the best possible classifier would wrongly flag 3.0 %."


@pytest.mark.parametrize("task", TASKS)
def test_a_goal_that_nobody_can_reach_is_told_on_page_one(task: str) -> None:
    evidence = evidence_of(task, tally=tally_of(task, good=0.5 if task != "ordinal" else 0.3), best=0.59996)
    text = beyond(evidence)
    balance = "At this classifier's own balance of both errors, even" if task in {"binary", "risk"} else "Even"
    assert text.startswith(f"{balance} the best possible classifier would not meet this: at least ")
    assert "59.9" in text  # never rounded up to the goal
    for face in ("report.html", "report.md"):
        assert "Out of reach." in faces(evidence)[face].decode()
    assert best(evidence).count("even the best possible classifier") == 1


def test_more_requirements_and_groups_are_counted() -> None:
    evidence = evidence_of("ranking", tally=tally_of("ranking", good=0.5), best=0.65)
    assert beyond(evidence).endswith("The same holds for 1 more requirement.")
    only_groups = {"requirements": [{"id": "e", "metric": "recall_at_budget", "at_least": 0.7, "for_each": ["sex"]}]}
    text = beyond(evidence_of("ranking", tally=tally_of("ranking", good=0.5), best=0.65, policy=only_groups))
    assert text.startswith("Even the best possible classifier would not meet this for sex F and 1 more group: at least 70 %")


def test_what_was_met_by_luck_is_not_called_out_of_reach() -> None:
    assert beyond(evidence_of("ranking", tally=tally_of("ranking", good=0.95), best=0.6)) == ""


@pytest.mark.parametrize("kind", ["constant_scores", "constant_answers"])
def test_of_a_classifier_that_answers_all_alike_nothing_is_called_out_of_reach(kind: CautionKind) -> None:
    evidence = evidence_of("binary", tally=tally_of("binary", good=0.5), best=0.6)
    assert beyond(evidence) != ""
    alike = NoticePart(kind=kind, text="Every answer is the same.")
    assert beyond(evidence.model_copy(update={"notices": (alike,)})) == ""


def test_what_is_better_than_the_best_is_expected_to_be_is_not_called_out_of_reach() -> None:
    short = {"requirements": [{"id": "e", "metric": "recall_at_budget", "at_least": 0.7}]}
    assert beyond(evidence_of("ranking", tally=tally_of("ranking", good=0.65), best=0.6, policy=short)) == ""
    assert beyond(evidence_of("ranking", tally=tally_of("ranking", good=0.65), best=0.66, policy=short)) != ""


def test_nothing_is_said_where_the_truth_is_not_known() -> None:
    document = build("ordinal", best=0.1)
    document["attainable"], document["attainable_reason"] = None, "the true probability of each item is not known"
    evidence = read_evidence(evidence_bytes(document))
    assert best(evidence) == beyond(evidence) == ""
    assert "This cannot be said: the true probability of each item is not known." in faces(evidence)["report.md"].decode()


def test_the_best_says_nothing_of_gaps_and_of_other_metrics() -> None:
    evidence = evidence_of("ordinal", best=0.1)
    names = {f.requirement: i for i, f in enumerate(evidence.findings)}
    assert best(evidence, names["gap"]) == best(evidence, names["too-low"]) == ""


def beside(evidence: Evidence) -> str:
    return beside_the_best(by_requirement(evidence), evidence, task_words(evidence)).replace(NB, " ")


def test_where_all_is_met_one_sentence_says_how_far_that_is_from_the_best() -> None:
    evidence = evidence_of("linkage", tally=tally_of("linkage", good=0.93))
    assert evidence.verdict.outcome == "met"
    assert beside(evidence) == "With as many wrong links, the best possible classifier would find 95.0 %. This one: 93.0 %."
    lucky = evidence_of("linkage", tally=tally_of("linkage", good=0.97))
    assert beside(lucky).endswith("This one: 97.0 %, above it by luck, or because it looks at more than one pair at a time.")


def test_where_something_is_not_met_page_one_says_once_for_what_the_best_is_known() -> None:
    evidence = evidence_of("linkage", tally=tally_of("linkage", good=0.6))
    assert beside(evidence) == "", "it stands with each line that is not met"
    document = build("linkage", tally=tally_of("linkage", good=0.6))
    document["attainable"] = document["attainable"][:1]
    told = read_evidence(evidence_bytes(document))
    assert beside(told) == "What the best possible classifier would reach is known for: true links found."


def test_an_average_is_never_all_of_them() -> None:
    assert best(evidence_of("binary", best=1.0)).endswith("would find more than 99.9 %.")
