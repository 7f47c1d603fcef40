"""Which decisions count."""

from __future__ import annotations

from typing import Any

import pytest
from gate_worlds import RUN, VOTES, WORLD, World, case_of, vote

from evalharness.admission.votes import weighed


def against(*votes: World, **world: Any) -> list[str]:
    """Why each vote does not count, in their order; empty text: it counts."""
    run_changes = {key: world.pop(key) for key in ("claim",) if key in world}
    case = case_of({**WORLD, **world, "runs": ({**RUN, **run_changes, "votes": votes},)})
    found = {vote.decision.digest: "; ".join(vote.against) for vote in weighed(case.runs[0], case)}
    return [found[f"vote 0 {place}"] for place in range(len(votes))]


def one(**changes: Any) -> str:
    """Why an approval by p as a does not count, beside those of others that do."""
    world = {key: changes.pop(key) for key in ("asked", "claim", "devs") if key in changes}
    return against(vote("p", "a", **changes), *VOTES[1:], **world)[0]


def flaw(name: str, **changes: Any) -> str:
    return one(defects=frozenset({name}), **changes)


def test_approvals_and_advice_in_order_count() -> None:
    assert against(*VOTES) == ["", "", ""]


def test_a_vote_whose_author_is_not_believed_does_not_count() -> None:
    assert one(believed=False) == "its key was revoked"


def test_a_rehearsal_key_counts_for_a_rehearsal_alone() -> None:
    assert one(rehearsal=True) == ""
    assert "rehearsal key is refused for 'local'" in one(rehearsal=True, asked=1, claim=1)
    assert "rehearsal key is refused for 'local'" in one(rehearsal=True, claim=1)


def test_the_team_may_not_sign_unless_the_policy_lets_it() -> None:
    assert "belongs to the team" in flaw("team")
    assert flaw("team", devs=False) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("supplier", "belongs to the supplier"),
        ("conflict", "conflict of interest"),
        ("form", "it gives no reason"),
        ("revoked", "revoked"),
        ("suspended", "suspended"),
        ("unanswered", "not answered"),
        ("wrong answer", "not what the report says"),
        ("no carrier", "who can carry the risk"),
        ("not accepted", "nobody judged"),
        ("conditions differ", "conditions are listed"),
        ("no start", "from when until when"),
        ("no end", "from when until when"),
    ],
)
def test_a_flaw_takes_the_vote_away(name: str, words: str) -> None:
    assert words in flaw(name)


def test_an_approval_for_another_claim_does_not_count() -> None:
    assert "approves for 'rehearsal', the evidence carries 'local'" in flaw("other claim", claim=1)


def test_a_vote_before_the_test_result_or_after_the_decision_does_not_count() -> None:
    assert "before the test result" in one(time=2)
    assert one(time=3, end=8) == ""
    assert "later than the moment" in one(time=7)


def test_an_approval_holds_from_its_first_to_its_last_second() -> None:
    assert "it holds only from" in one(start=7)
    assert "it ended at" in one(start=5, end=5)
    assert one(start=6, end=6) == ""


def test_an_approval_lasts_no_longer_than_the_policy_allows() -> None:
    assert one(end=10) == ""
    assert "longer than the policy's 5 days" in one(end=11)


def test_a_role_that_the_policy_does_not_name_has_no_vote() -> None:
    assert "does not ask for an approval by the role d" in against(vote("p", "d"), *VOTES)[0]


def test_the_owner_of_the_risk_accepts_it_in_words() -> None:
    assert "residual risk" in one(**{"accepts risk": False})


def test_advice_is_heard_or_its_absence_explained() -> None:
    assert "no advice of c" in against(vote("p", "a"))[0]
    assert against(vote("p", "a", absences=frozenset({"c"}))) == [""]


def test_a_departure_from_advice_is_explained() -> None:
    no = vote("r", "c", "advice", stance="against")
    assert "gives no reason for departing" in against(vote("p", "a"), no)[0]
    assert against(vote("p", "a", departures=frozenset({"c"})), no) == ["", ""]


@pytest.mark.parametrize("name", ["team", "supplier", "conflict", "revoked", "suspended"])
def test_advice_that_does_not_count_is_no_advice(name: str) -> None:
    assert "no advice of c" in against(vote("p", "a"), vote("r", "c", "advice", stance="for", defects=frozenset({name})))[0]


@pytest.mark.parametrize("name", ["revoked", "suspended"])
def test_the_status_list_never_takes_advice_against_away(name: str) -> None:
    no = vote("r", "c", "advice", stance="against", defects=frozenset({name}))
    assert "gives no reason for departing" in against(vote("p", "a", absences=frozenset({"c"})), no)[0]


def test_of_one_person_in_one_role_the_last_word_stands() -> None:
    assert against(vote("p", "a", time=4, end=8), vote("p", "a", "reject", time=5))[0].startswith("a later decision")
    earlier, later = against(vote("p", "a", "reject", time=4), vote("p", "a", time=5), *VOTES[1:])[:2]
    assert "later decision" in earlier
    assert later == ""


def test_of_two_words_at_the_same_second_the_worse_stands() -> None:
    yes, no = against(vote("p", "a"), vote("p", "a", "reject"), *VOTES[1:])[:2]
    assert "later decision" in yes
    assert no == ""


@pytest.mark.parametrize("kind", ["reject", "defer", "dissent"])
def test_an_objection_in_any_role_takes_earlier_approvals_back(kind: str) -> None:
    assert "took it back" in against(vote("p", "a", time=4, end=8), vote("p", "z", kind, time=5), *VOTES[1:])[0]
    assert against(vote("p", "a", time=5), vote("p", "z", kind, time=4), *VOTES[1:])[0] == ""


@pytest.mark.parametrize("name", ["team", "supplier", "conflict", "revoked", "suspended", "form"])
def test_an_objection_stands_whatever_else_is_said_of_it(name: str) -> None:
    assert against(vote("p", "a", "reject", defects=frozenset({name}), time=7)) == [""]


def test_a_forged_later_approval_never_removes_an_objection() -> None:
    assert against(vote("q", "b", "reject", time=4), vote("q", "b", time=5, believed=False))[0] == ""


def test_a_forged_later_advice_never_removes_advice_against() -> None:
    no, forged = vote("r", "c", "advice", stance="against", time=4), vote("r", "c", "advice", stance="for", time=5, believed=False)
    assert "departing" in against(vote("p", "a", absences=frozenset({"c"})), no, forged)[0]


def test_taking_the_belief_from_a_later_word_never_brings_an_approval_back() -> None:
    for later in (vote("p", "a", "conditional", time=5, believed=False), vote("p", "a", "reject", time=5, believed=False)):
        assert against(vote("p", "a", time=4, end=8), later, *VOTES[1:])[0] != ""
    assert against(vote("p", "a", time=4, end=8), vote("p", "a", time=5, defects=frozenset({"revoked"})), *VOTES[1:])[0] != ""


def test_votes_are_told_by_time() -> None:
    case = case_of({**WORLD, "runs": ({**RUN, "votes": (vote("p", "a", time=5), vote("q", "b", time=4, end=8))},)})
    assert [v.decision.author.person for v in weighed(case.runs[0], case)] == ["q", "p"]


def test_an_objection_outlives_the_key_that_signed_it() -> None:
    assert against(vote("q", "b", "reject", believed=False, heard=True)) == [""]
    assert against(vote("q", "b", "reject", believed=False, heard=True, time=4), vote("q", "b", time=5), *VOTES[2:])[0] != ""


def test_nobody_is_heard_whose_key_the_register_never_knew() -> None:
    assert "its key was revoked" in against(vote("q", "b", "reject", believed=False, heard=False))[0]


def test_a_conflict_declared_later_takes_earlier_approvals_back() -> None:
    conflicted = vote("p", "z", time=5, defects=frozenset({"conflict"}))
    assert "declared a conflict of interest later" in against(vote("p", "a", time=4, end=8), conflicted, *VOTES[1:])[0]
