"""What page one lists as not known, and what looks wrong, in the words of each task."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from task_evidence import LEVELS, NAMES, TASKS, policy_of

from evalharness.predictions import Accounting
from evalharness.records import BenchmarkInfo, Card
from evalharness.tally import ScoreSummary
from evalharness.workflows.limits import cautions_of, limits_of, unusable_answers

DIGEST = "sha256:" + "a" * 64
CARD = Card(name="m", path=Path("m.md"), digest=DIGEST, adapter="skops", artifact=Path("m"), sha256=DIGEST, version="1")
ACCOUNTING = Accounting(rows=10, answered=10, missing=0, duplicate=0, invalid=0, extra=0, other_split=0)


def limits(task: str, *, clustered: bool = False) -> str:
    benchmark = BenchmarkInfo(
        name=NAMES[task], version=1, task=task, digest=DIGEST, rows=10, synthetic=True, seed=1, id_column="id", label_column="label",
        features=(), attributes=("sex",), clustered=clustered, positive="1", negative="0", sampling="", levels=LEVELS.get(task, ()),
    )  # fmt: skip
    policy = policy_of(task, human_in_the_loop=None, costs=None, requirements=[{"id": "n", "metric": "no_answer_rate", "at_most": 0.1}])
    return "\n".join(limits_of(policy, CARD, benchmark, ACCOUNTING, lowered="", unlabelled=0, has_truth=True))


def scores(*, constant: bool = False, worse: bool = False, tied: int = 0) -> ScoreSummary:
    return ScoreSummary(
        rows=10, scored=10, minimum=0.1, maximum=0.9, constant=constant, worse_than_chance=worse, tied_at_threshold=tied,
        auc_low=0.5, auc_high=0.6, reason="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("task", "one"), [("binary", "item"), ("ordinal", "item"), ("ranking", "lead"), ("linkage", "pair"), ("risk", "report")]
)
def test_what_is_synthetic_is_called_by_its_name(task: str, one: str) -> None:
    assert f"Every {one} is synthetic." in limits(task)


@pytest.mark.parametrize("task", TASKS)
def test_people_and_costs_are_missed_only_where_they_could_be_declared(task: str) -> None:
    text = limits(task)
    assert ("declares no review time" in text) is (task in ("binary", "risk"))
    assert ("states no costs" in text) is (task in ("binary", "risk", "ordinal"))
    assert "Nobody has measured the people" in text


def test_links_hang_together_whatever_the_benchmark_declares() -> None:
    for clustered in (False, True):
        assert "Links that hang together through shared records" in limits("linkage", clustered=clustered)
        assert "No clusters are declared" not in limits("linkage", clustered=clustered)
    assert "No clusters are declared" in limits("ranking")


@pytest.mark.parametrize("task", ["binary", "ordinal", "ranking", "linkage", "risk"])
def test_large_clusters_are_allowed_for_except_where_none_may_have_been_seen(task: str):
    told = limits(task, clustered=True)
    assert "the bounds allow for both" in told
    assert "fewer than some 30" in told
    assert ("fewer than some 30" in limits(task)) is (task == "linkage")


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("binary", "Of the items it answered, the classifier selects irrelevant ones more often"),
        ("ranking", "Of the leads it answered, the classifier selects irrelevant ones more often"),
        ("linkage", "Of the pairs it answered, the classifier links those that do not belong together more often"),
        ("risk", "Of the reports it answered, the classifier places the others in the top band more often"),
    ],
)
def test_worse_than_lots_is_told_in_the_words_of_the_task(task: str, words: str) -> None:
    (caution,) = cautions_of(policy_of(task), None, [1, 9, 9, 1, 0, 0])
    assert caution.kind == "worse_than_lots"
    assert caution.text.startswith(words)
    assert cautions_of(policy_of(task), None, [9, 1, 1, 9, 0, 0]) == ()


def test_levels_are_not_drawn_by_lot() -> None:
    assert cautions_of(policy_of("ordinal"), None, [0, 9, 9, 0] * 5) == ()


def test_scores_that_look_wrong_are_told_in_the_words_of_the_task() -> None:
    right = [9, 1, 1, 9, 0, 0]
    told = [cautions_of(policy_of("ranking"), summary, right)[0] for summary in (scores(constant=True), scores(worse=True))]
    assert [c.kind for c in told] == ["constant_scores", "reversed_scores"]
    assert all("leads" in c.text for c in told)
    assert [c.kind for c in cautions_of(policy_of("binary"), scores(tied=3), right)] == ["tied_scores"]
    assert cautions_of(policy_of("ranking"), scores(tied=3), right) == ()


GRADED = {"all C": [0, 5, 0, 0, 4, 0, 0, 3, 0, 0, 0, 1], "two levels": [0, 5, 0, 0, 4, 0, 1, 3, 0, 0, 0, 0]}


def test_a_classifier_that_gives_every_item_the_same_level_is_told_with_the_level() -> None:
    (caution,) = cautions_of(policy_of("ordinal"), None, GRADED["all C"], ("none", "C", "B"))
    assert caution.kind == "constant_answers"
    assert caution.text == "Every item that it answered gets the same level, “C”: the classifier grades nothing."
    assert cautions_of(policy_of("ordinal"), None, GRADED["two levels"], ("none", "C", "B")) == ()
    assert cautions_of(policy_of("ordinal"), None, [0, 1, *[0] * 10], ("none", "C", "B")) == ()  # one item is always of one level


@pytest.mark.parametrize(
    ("task", "every", "none"),
    [
        ("binary", "Every item that it answered is selected: ", "No item is selected: "),
        ("linkage", "Every pair that it answered is linked: ", "No pair is linked: "),
        ("risk", "Every report that it answered is placed in the top band: ", "No report is placed in the top band: "),
    ],
)
def test_answers_that_are_all_alike_are_told_in_the_words_of_the_task(task: str, every: str, none: str) -> None:
    for counts, words in (([5, 5, 0, 0, 1, 1], every), ([0, 0, 5, 5, 1, 1], none)):
        (caution,) = cautions_of(policy_of(task), None, counts)
        assert caution.kind == "constant_answers"
        assert caution.text.startswith(words)
        (alone,) = cautions_of(policy_of(task), scores(constant=True), counts)
        assert alone.kind == "constant_scores", "one cause, one warning"
    assert cautions_of(policy_of(task), None, [0, 0, 0, 0, 5, 5]) == ()


def test_a_budget_that_reaches_every_lead_is_no_fault_of_the_classifier() -> None:
    assert cautions_of(policy_of("ranking"), scores(), [5, 5, 0, 0, 0, 0]) == ()


def test_every_candidate_linked_is_told_though_links_outside_of_them_are_missed() -> None:
    above = replace(scores(), minimum=0.7, maximum=0.9)  # the threshold is 0.7
    caution, worse = cautions_of(policy_of("linkage"), above, [5, 9, 1, 0, 0, 0])
    assert worse.kind == "worse_than_lots"
    assert caution.text.startswith("Every pair that it answered is linked: ")


def test_a_requirement_of_any_task_that_cannot_fail_is_told() -> None:
    policy = policy_of("linkage", requirements=[{"id": "x", "metric": "pairwise_recall", "at_least": 0}])
    assert [c.kind for c in cautions_of(policy, None, [9, 1, 1, 9, 0, 0])] == ["cannot_fail"]


def accounted(answered: int, invalid: int) -> Accounting:
    return Accounting(rows=answered + invalid, answered=answered, missing=0, duplicate=0, invalid=invalid)


@pytest.mark.parametrize(
    ("task", "point", "levels", "words"),
    [
        ("binary", {"threshold": 0.5}, (), "expected is a finite number as `score`, from 0 to 1 unless"),
        ("binary", {"rule": "label"}, (), "expected is a `label` of 0, 1."),
        ("ordinal", {"rule": "label"}, ("none", "C", "B"), "expected is a `label` of none, C, B."),
        ("risk", {"top_band": "high"}, ("low", "high"), "unless the card says otherwise and a `label` of low, high."),
    ],
)
def test_answers_of_another_form_are_told_with_the_form_that_is_expected(
    task: str, point: dict[str, object], levels: tuple[str, ...], words: str
) -> None:
    policy = policy_of(task, operating_point=point)
    (caution,) = unusable_answers(policy, levels, accounted(1_000, 1_001))
    assert caution.kind == "unusable_answers"
    assert caution.text.startswith("1,001 of the 2,001 answers cannot be used and count as no answer; ")
    assert words in caution.text
    assert list(unusable_answers(policy, levels, accounted(1_000, 1_000))) == []
    assert list(unusable_answers(policy, levels, accounted(0, 0))) == []


def test_more_than_half_without_an_answer_is_told() -> None:
    policy = policy_of("ranking")
    account = Accounting(rows=4_000, answered=1_999, missing=2_000, duplicate=1, invalid=0)
    (caution,) = unusable_answers(policy, (), account)
    assert caution.text == "2,001 of the 4,000 leads have no answer, and count as errors."
    assert list(unusable_answers(policy, (), Accounting(rows=4_000, answered=2_000, missing=2_000, duplicate=0, invalid=0))) == []
