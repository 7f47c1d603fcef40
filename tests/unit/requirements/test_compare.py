"""Two policies: every change is told, in words, with its direction, and classed by the old policy's change plan."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from evalharness.records import AllowedChange, Policy
from evalharness.records.change import Change
from evalharness.requirements import policy_from_document
from evalharness.requirements.compare import agreed, compare_policies
from evalharness.requirements.compare.policies import COMPARED, SAME_MEANING
from evalharness.requirements.shape import AllowedChangeShape, PolicyShape, RequirementShape, SignOffShape

OLD_DIGEST, NEW_DIGEST = "sha256:" + "1" * 64, "sha256:" + "2" * 64
BASE: dict[str, Any] = {
    "schema": "evalharness/policy/v1",
    "name": "example",
    "version": 1,
    "title": "A title",
    "claim": "local",
    "population": "Referrals of March.",
    "intended_use": "Orders referrals.",
    "prohibited_uses": ["closing a referral without review", "any other use"],
    "stream": "referrals",
    "task": "binary",
    "benchmark": "items",
    "split": "test",
    "confidence": 0.95,
    "intersections": 2,
    "operating_point": {"threshold": 0.5},
    "human_in_the_loop": {
        "minutes_per_review": 3,
        "items_per_week": 2000,
        "reviewer_sensitivity": {"low": 0.7, "high": 0.9, "source": "declared"},
    },
    "costs": {
        "late": {"true_relevant": {"set_aside": 1}},
        "minutes": {"true_relevant": {"review": 3}, "true_not_relevant": {"review": 3}},
        "elicited": {"stated_by": "the board", "on": "2026-11-01"},
    },
    "clusters": {"icc_at_most": 0.5, "source": "a study"},
    "references": {"baseline": {"model": "simple"}, "incumbent": {"model": "in-use"}},
    "requirements": [
        {"id": "recall", "metric": "recall", "at_least": 0.95, "why": "A missed item waits."},
        {"id": "false-alarms", "metric": "false_positive_rate", "at_most": 0.2},
        {"id": "everyone", "metric": "recall", "at_least": 0.9, "for_each": ["sex", ["sex", "region"]],
         "not_judged": [{"group": {"sex": "X"}, "why": "few", "until": "2027-01-01"}]},
        {"id": "gap", "metric": "recall", "max_difference": 0.05, "between": "region"},
        {"id": "ratio", "metric": "recall", "min_ratio": 0.9, "between": "region"},
        {"id": "minutes", "metric": "expected_cost", "unit": "minutes", "at_most": 0.9},
        {"id": "not-worse", "metric": "recall", "relative_to": "incumbent", "margin": 0.02},
        {"id": "usable", "metric": "unusable_answer_rate", "equals": 0},
        {"id": "in-use", "metric": "accuracy", "at_least": 0.8, "prevalence": 0.01},
    ],
    "sign_off": {
        "roles": {"owner": 1, "evaluator": 2},
        "developers_may_not_sign": True,
        "valid_for_days": 90,
        "minimum_people": 2,
        "one_person_several_roles": False,
        "veto": ["owner"],
        "advice": ["advocate"],
        "risk_owner": "owner",
        "status_at_most_days": 7,
    },
    "change_plan": [
        {"what": "threshold", "within": [0.4, 0.6], "retest": "again, whole benchmark", "why": "w"},
        {"what": "requirement", "name": "minutes", "within": [0.7, 1.0], "retest": "again", "why": "w"},
        {"what": "requirement", "retest": "again under the new policy", "why": "w"},
        {"what": "text", "retest": "nothing", "why": "w"},
    ],
}  # fmt: skip


def policy(document: dict[str, Any], digest: str = NEW_DIGEST) -> Policy:
    return policy_from_document(document, digest)


OLD = policy(BASE, OLD_DIGEST)


def changed(*path: Any, to: Any) -> Policy:
    """The base with one value replaced, or removed where `to` is None."""
    document = copy.deepcopy(BASE)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return policy(document)


def only(new: Policy, old: Policy = OLD) -> Change:
    (change,) = compare_policies(old, new)
    return change


R = {str(line["id"]): position for position, line in enumerate(BASE["requirements"])}
# path, new value (None: the key is removed), words of the change, its direction, whether the plan foresaw it
ONE_CHANGE: list[tuple[tuple[Any, ...], Any, str, str, bool]] = [
    (("name",), "other", "another policy: example → other", "", False),
    (("version",), 2, "version: 1 → 2", "", True),
    (("title",), "Another", 'title: "A title" → "Another"', "", True),
    (("claim",), "shadow", "claim: local → shadow: an approval would be for more", "", False),
    (("claim",), "rehearsal", "claim: local → rehearsal: an approval would be for less", "", False),
    (("population",), "Referrals of May.", 'population: "Referrals of March." → "Referrals of May."', "", False),
    (("intended_use",), "Closes referrals.", 'intended use: "Orders referrals." → "Closes referrals."', "", False),
    (("prohibited_uses",), ["any other use"], "prohibited use gone: closing a referral without review", "weaker", False),
    (("prohibited_uses",), [*BASE["prohibited_uses"], "x"], "prohibited use added: x", "stricter", False),
    (("prohibited_uses",), BASE["prohibited_uses"][::-1], "listed in another order", "", True),
    (("stream",), "tips", 'stream: "referrals" → "tips"', "", False),
    (("benchmark",), "other-items", "benchmark: items → other-items", "", False),
    (("split",), "holdout", 'split of the benchmark: "test" → "holdout"', "", False),
    (("confidence",), 0.9, "confidence of each bound: 0.95 → 0.9 (lower by 0.05)", "weaker", False),
    (("confidence",), 0.99, "0.95 → 0.99 (higher by 0.04)", "stricter", False),
    (("intersections",), 3, "2 → 3 (higher by 1)", "stricter", False),
    (("operating_point",), {"threshold": 0.45}, "threshold: 0.5 → 0.45 (more items are selected)", "", True),
    (("operating_point",), {"threshold": 0.6}, "threshold: 0.5 → 0.6 (fewer items are selected)", "", True),
    (("operating_point",), {"threshold": 0.61}, "threshold: 0.5 → 0.61", "", False),
    (("operating_point",), {"rule": "label"}, "how answers become decisions: score >= threshold → label", "", False),
    (("human_in_the_loop",), None, "nothing is declared of the people", "weaker", False),
    (("human_in_the_loop", "minutes_per_review"), 2, "minutes per review: 3 → 2 (lower by 1)", "weaker", False),
    (("human_in_the_loop", "items_per_week"), 3000, "items per week: 2000 → 3000", "", False),
    (("human_in_the_loop", "reviewer_sensitivity", "low"), 0.8, "low end: 0.7 → 0.8", "weaker", False),
    (("human_in_the_loop", "reviewer_sensitivity", "high"), 0.8, "high end: 0.9 → 0.8", "stricter", False),
    (("costs", "late"), None, "the cost unit late is gone", "weaker", False),
    (("costs", "harm"), {"true_relevant": {"set_aside": 2}}, "the cost unit harm is new", "stricter", False),
    (("costs", "late", "true_relevant", "set_aside"), 2, "cost in late of a relevant item that is set aside: 1 → 2", "stricter", False),
    (("costs", "minutes", "true_not_relevant", "review"), 2, "of an irrelevant item that is reviewed: 3 → 2", "weaker", False),
    (("costs", "elicited", "stated_by"), "me", 'costs were stated by "the board" on 2026-11-01 → "me"', "", False),
    (("clusters", "icc_at_most"), 0.4, 'clusters: "{', "", False),
    (("planning",), {"minutes_per_label": 2}, "planning: nothing →", "", False),
    (("describe",), ["jaccard"], "describe: nothing →", "", False),
    (("requirements", R["recall"], "at_least"), 0.9, "is looser: recall at least 0.95 → at least 0.9 (looser by 0.05)", "weaker", False),
    (("requirements", R["recall"], "at_least"), 0.96, "recall is stricter: recall at least 0.95 → at least 0.96", "stricter", True),
    (("requirements", R["false-alarms"], "at_most"), 0.3, "false-alarms is looser", "weaker", False),
    (("requirements", R["gap"], "max_difference"), 0.04, "gap is stricter: recall, a difference of at most 0.05", "stricter", True),
    (("requirements", R["ratio"], "min_ratio"), 0.8, "ratio is looser: recall, a ratio of at least 0.9", "weaker", False),
    (("requirements", R["minutes"], "at_most"), 1.0, "minutes is looser: expected_cost at most 0.9 → at most 1", "weaker", True),
    (("requirements", R["minutes"], "at_most"), 0.5, "minutes is stricter", "stricter", False),
    (("requirements", R["minutes"], "unit"), "late", "minutes asks something else", "weaker", False),
    (("requirements", R["recall"], "under"), "noise", "else: recall at least 0.95 → recall at least 0.95 under noise", "weaker", False),
    (("requirements", R["recall"], "over_range"), True, "recall at least 0.95 over the plausible range", "weaker", False),
    (("requirements", R["not-worse"], "margin"), 0.05, "not-worse is looser: recall not worse by more than 0.02", "weaker", False),
    (("requirements", R["not-worse"], "relative_to"), "baseline", "more than 0.02 relative to baseline", "weaker", False),
    (("references", "incumbent", "model"), "other", "references", "", False),
    (("requirements", R["in-use"], "prevalence"), 0.1, "at prevalence 0.01 → accuracy at least 0.8 at prevalence 0.1", "weaker", False),
    (("requirements", R["recall"], "metric"), "accuracy", "something else: recall at least 0.95 → accuracy at least 0.95", "weaker", False),
    (("requirements", R["recall"], "for_each"), ["sex"], "", "", False),  # two changes: see below
    (("requirements", R["everyone"], "for_each"), ["sex"], "everyone is no longer asked for each region and sex", "weaker", False),
    (("requirements", R["gap"], "between"), "sex", "gap asks something else", "weaker", False),
    (("requirements", R["recall"], "why"), "Other words.", 'recall: why: "A missed item waits." → "Other words."', "", True),
    (("requirements", R["recall"], "id"), "find", "", "", False),  # gone and new
    (("requirements", R["everyone"], "not_judged"), None, "everyone[sex=X] is no longer exempted: it is judged", "stricter", False),
    (("requirements", R["everyone"], "not_judged", 0, "until"), "2028-01-01", "until 2028-01-01, later than 2027-01-01", "weaker", False),
    (("requirements", R["everyone"], "not_judged", 0, "until"), "2026-12-01", "until 2026-12-01, earlier than", "stricter", False),
    (("requirements", R["everyone"], "not_judged", 0, "why"), "rare", 'why it is exempted: "few" → "rare"', "", True),
    (("sign_off", "roles"), {"owner": 1, "evaluator": 1}, "people who sign as evaluator: 2 → 1", "weaker", False),
    (("sign_off", "roles"), {"owner": 1, "evaluator": 2, "more": 1}, "the role more must sign now (1)", "stricter", False),
    (("sign_off", "roles"), {"owner": 3}, "", "", False),  # one gone, one with more people
    (("sign_off", "developers_may_not_sign"), False, "the model's developers may sign", "weaker", False),
    (("sign_off", "valid_for_days"), 365, "days that an approval can last: 90 → 365 (higher by 275)", "weaker", False),
    (("sign_off", "valid_for_days"), 30, "90 → 30", "stricter", False),
    (("sign_off", "minimum_people"), 1, "people who must approve, at least: 2 → 1", "weaker", False),
    (("sign_off", "one_person_several_roles"), True, "one person may fill several roles", "weaker", False),
    (("sign_off", "veto"), None, "role with a veto gone: owner", "weaker", False),
    (("sign_off", "veto"), ["evaluator", "owner"], "role with a veto added: evaluator", "stricter", False),
    (("sign_off", "advice"), None, "role that must be heard gone: advocate", "weaker", False),
    (("sign_off", "risk_owner"), "evaluator", "who accepts the remaining risk: owner → evaluator", "", False),
    (("sign_off", "status_at_most_days"), 30, "days that a status list is believed: 7 → 30", "weaker", False),
    (("change_plan", 0, "within"), [0.1, 0.9], "from 0.4 to 0.6, and now to changes of threshold from 0.1", "weaker", False),
    (("change_plan", 0, "within"), [0.45, 0.55], "from 0.45 to 0.55", "stricter", False),
    (("change_plan", 0, "within"), None, "and now to changes of threshold", "weaker", False),
    (("change_plan", 0, "retest"), "not at all", 'tested again: "again, whole benchmark" → "not at all"', "", False),
    (("change_plan", 0, "why"), "v", "are agreed beforehand", "", False),
    (("change_plan", 3, "what"), "model", "", "", False),  # one gone, one new
    (("change_plan", 1, "name"), "gap", "", "", False),
    (("sealed",), True, "made after the models were locked", "stricter", False),
    (("example_of_bad_policy",), "It asks nothing.", "marked as an example of a bad policy now", "", False),
]  # fmt: skip


@pytest.mark.parametrize(("path", "to", "words", "direction", "inside"), ONE_CHANGE, ids=lambda v: str(v)[:60])
def test_every_key_of_a_policy_that_changes_is_told(path: tuple[Any, ...], to: Any, words: str, direction: str, inside: bool):
    found = compare_policies(OLD, changed(*path, to=to))
    assert found
    assert all(change.text != SAME_MEANING for change in found)
    if not words:
        assert len(found) == 2
        return
    assert len(found) == 1, [change.text for change in found]
    assert words in found[0].text
    assert found[0].direction == direction
    assert (agreed(found[0], OLD.change_plan) is not None) is inside


@pytest.mark.parametrize("shape", [PolicyShape, SignOffShape, RequirementShape, AllowedChangeShape])
def test_no_key_of_a_policy_is_left_out_of_the_table_above(shape: type[PolicyShape]):
    """A key that a later version adds must be compared: this fails until somebody says how it is told."""
    paths = [{str(step) for step in path} for path, *_ in ONE_CHANGE]
    told_below = {"equals", "budget_per_day"}  # the one is always 0, the other is of another task
    keys = {field.alias or name for name, field in shape.model_fields.items()} - {"schema", "task"} - told_below
    assert [key for key in sorted(keys) if not any(key in path for path in paths)] == []


def test_a_key_nobody_has_words_for_is_told_as_it_is_written():
    assert "clusters" not in COMPARED
    change = only(changed("clusters", to=None))
    assert change.text.startswith("clusters: ")
    assert change.text.endswith("→ nothing")
    assert agreed(change, OLD.change_plan) is None


def test_a_requirement_that_goes_weakens_and_one_that_comes_does_not():
    fewer = policy({**BASE, "requirements": BASE["requirements"][1:]})
    assert only(fewer).text == "requirement recall is gone: recall at least 0.95 is no longer asked"
    assert only(fewer).direction == "weaker"
    change = only(OLD, replace(fewer, digest=OLD_DIGEST))
    assert (change.text, change.direction) == ("requirement recall is new: recall at least 0.95", "stricter")


def test_an_exemption_that_comes_weakens():
    document = copy.deepcopy(BASE)
    document["requirements"][R["everyone"]]["not_judged"].append({"group": {"sex": "Y"}, "why": "rare", "until": "2027-01-01"})
    change = only(policy(document))
    assert change.text == 'everyone[sex=Y] is exempted until 2027-01-01: nobody judges it ("rare")'
    assert change.direction == "weaker"
    assert agreed(change, OLD.change_plan) is None


def test_asking_groups_instead_of_everybody_is_told_as_both():
    gone, new = compare_policies(OLD, changed("requirements", R["recall"], "for_each", to=["sex"]))
    assert (gone.text, gone.direction) == ("requirement recall is no longer asked for everybody together", "weaker")
    assert (new.text, new.direction) == ("requirement recall is now asked for each sex too", "stricter")


@pytest.mark.parametrize(
    "document",
    [
        dict(reversed(BASE.items())),
        {**BASE, "confidence": 0.950},
        {key: value for key, value in BASE.items() if key not in ("split", "intersections")},
    ],
    ids=["keys in another order", "comments only", "defaults left out"],
)
def test_a_text_that_means_the_same_is_told_as_such_and_still_is_a_change(document: dict[str, Any]):
    change = only(policy(document))
    assert change.text == SAME_MEANING
    assert change.kind == "text"
    assert change.direction == ""


def test_requirements_in_another_order_mean_the_same():
    change = only(policy({**BASE, "requirements": BASE["requirements"][::-1]}))
    assert change.text == "the requirements stand in another order"


def test_the_same_policy_has_no_difference():
    assert compare_policies(OLD, policy(BASE, OLD_DIGEST)) == ()


def test_foreign_text_cannot_move_the_cursor_or_run_on_for_ever():
    text = only(changed("population", to="a" * 2_000)).text
    assert len(text) < 800
    hostile = replace(OLD, population="evil\u202e\x1b[2J", digest=NEW_DIGEST)
    assert "\u202e" not in only(hostile).text
    assert "\x1b" not in only(hostile).text


def line(what: str, **more: Any) -> AllowedChange:
    return AllowedChange(what=what, retest="r", why="w", **more)


GOAL = Change(part="requirements.a", text="t", direction="weaker", kind="requirement", name="a", value=0.9)
MODEL = Change(part="model", text="t", kind="model")


@pytest.mark.parametrize(
    ("change", "plan", "expected"),
    [
        (GOAL, (), None),
        (GOAL, (line("requirement"),), None),
        (GOAL, (line("requirement", name="b", within=(0, 1)),), None),
        (GOAL, (line("requirement", within=(0.9, 1.0)),), 0),
        (GOAL, (line("requirement", within=(0.8, 0.9)),), 0),
        (GOAL, (line("requirement", within=(0.91, 1.0)),), None),
        (GOAL, (line("requirement", within=(0, 1)), line("requirement", name="a", within=(0.95, 1.0))), None),
        (GOAL, (line("requirement", within=(0.95, 1.0)), line("requirement", name="a", within=(0.9, 0.9))), 1),
        (replace(GOAL, direction="stricter"), (line("requirement"),), 0),
        (MODEL, (line("text"), line("model")), 1),
        (MODEL, (line("text"), line("benchmark")), None),
        (replace(MODEL, kind=""), (line("model"), line("text")), None),
        (replace(MODEL, kind="threshold", value=0.4), (line("threshold"),), 0),
        (replace(MODEL, kind="threshold"), (line("threshold", within=(0, 1)),), None),
    ],
)  # fmt: skip
def test_the_plan_covers_what_it_says_and_nothing_else(change: Change, plan: tuple[AllowedChange, ...], expected: int | None):
    assert agreed(change, plan) is (None if expected is None else plan[expected])


OTHER_TASKS = {
    "human_in_the_loop": None,
    "costs": None,
    "clusters": None,
    "requirements": [{"id": "n", "metric": "no_answer_rate", "at_most": 0.1}],
}


def of_task(task: str, point: dict[str, Any], plan: list[dict[str, Any]] | None = None) -> Policy:
    document = {k: v for k, v in {**BASE, **OTHER_TASKS, "task": task, "operating_point": point}.items() if v is not None}
    return policy_from_document({**document, "change_plan": plan or []}, "sha256:" + "1" * 64)


@pytest.mark.parametrize(("after", "words"), [(60, "daily budget: 50 → 60 (more leads"), (40, "daily budget: 50 → 40 (fewer leads")])
def test_another_daily_budget_is_told_and_can_be_agreed_beforehand(after: int, words: str) -> None:
    plan = [{"what": "budget", "within": [40, 55], "retest": "again", "why": "staffing"}]
    before, now = of_task("ranking", {"budget_per_day": 50}, plan), of_task("ranking", {"budget_per_day": after}, plan)
    change = only(now, before)
    assert (change.text.startswith(words), change.kind, change.value) == (True, "budget", float(after))
    assert (agreed(change, before.change_plan) is not None) is (after == 40)


def test_another_top_band_is_told() -> None:
    change = only(of_task("risk", {"top_band": "highest"}), of_task("risk", {"top_band": "high"}))
    assert (change.text, change.direction, change.kind) == ('top band: "high" → "highest"', "", "")


def test_what_was_counted_completely_and_is_sampled_now_asks_something_else():
    lines = [{**line, "metric": "no_answer_rate", "at_most": 0.1} if line["id"] == "usable" else line for line in BASE["requirements"]]
    for line in lines:
        if line["id"] == "usable":
            del line["equals"]
    change = only(policy({**BASE, "requirements": lines}))
    assert "unusable_answer_rate exactly 0 → no_answer_rate at most 0.1" in change.text
    assert change.direction == "weaker"


def test_another_budget_asks_something_else():
    ranking = {
        **{key: value for key, value in BASE.items() if key not in ("human_in_the_loop", "costs", "change_plan")},
        "task": "ranking",
        "operating_point": {"budget_per_day": 50},
    }
    line = {"id": "ten", "metric": "recall_at_budget", "at_least": 0.5}
    old, new = (
        policy({**ranking, "requirements": [{**line, "budget_per_day": budget}]}, digest)
        for budget, digest in ((10, OLD_DIGEST), (20, NEW_DIGEST))
    )
    (change,) = compare_policies(old, new)
    assert "recall_at_budget at least 0.5 at budget 10 → recall_at_budget at least 0.5 at budget 20" in change.text
    assert change.direction == "weaker"
