"""Policies: what is read, and each mistake told with its place and what to do, all at once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from evalharness.errors import BadInput
from evalharness.records import AllowedChange, Claim, SignOff
from evalharness.requirements import (
    attributes_used,
    policy_for,
    policy_from_document,
    policy_json_schema,
    policy_places,
    read_policy,
)

ROOT = Path(__file__).parents[3]
GOOD = """\
schema: evalharness/policy/v1
name: example
version: 1
title: An example <b>with</b> markup
claim: rehearsal
population: items of the example
intended_use: orders items
prohibited_uses: [closing an item without review]
stream: synthetic
task: binary
benchmark: message-triage
confidence: 0.95
intersections: 2
operating_point: {threshold: 0.5}
human_in_the_loop: {minutes_per_review: 3, items_per_week: 50000, reviewer_sensitivity: {low: 0.7, high: 1.0, source: declared}}
costs:
  officer_minutes: {true_relevant: {review: 3}, true_not_relevant: {review: 3}}
  elicited: {stated_by: somebody, on: 2026-11-01}
requirements:
  - {id: recall, metric: recall, at_least: 0.95}
  - {id: everyone, metric: recall, at_least: 0.9, for_each: [sex, [sex, race]], not_judged: [{group: {sex: X}, why: a, until: 2026-12-31}]}
  - {id: gap, metric: recall, max_difference: 0.05, between: race}
  - {id: minutes, metric: expected_cost, unit: officer_minutes, at_most: 0.9}
  - {id: elusion, metric: elusion, at_most: 0.003}
  - {id: no-answer, metric: no_answer_rate, at_most: 0.01}
sign_off:
  roles: {owner: 1}
  developers_may_not_sign: true
  valid_for_days: 180
"""
PEOPLE = next(line for line in GOOD.splitlines(keepends=True) if line.startswith("human_in_the_loop"))
REQUIREMENTS = GOOD[GOOD.index("requirements:") : GOOD.index("sign_off:")]


def written(folder: Path, text: str) -> Path:
    path = folder / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def told(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    with pytest.raises(BadInput) as caught:
        read_policy(path)
    return [str(p).replace(str(path), "F").replace("\n    ", " | ") for p in caught.value.problems]


def test_a_policy_in_order_is_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    policy = read_policy(path)
    assert policy.digest == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    assert (policy.name, policy.claim, policy.split, policy.intersections) == ("example", Claim.REHEARSAL, "test", 2)
    assert (policy.operating_point.rule, policy.operating_point.threshold) == ("score >= threshold", 0.5)
    assert policy.title == "An example <b>with</b> markup"
    assert policy.costs is not None
    assert [u.name for u in policy.costs.units] == ["officer_minutes"]
    everyone = policy.requirements[1]
    assert everyone.for_each == (("sex",), ("race", "sex"))
    assert everyone.not_judged[0].group == (("sex", "X"),)
    assert policy.requirements[2].between == ("race",)
    assert attributes_used(policy) == {"sex", "race"}
    assert policy.document["costs"]["elicited"]["on"] == "2026-11-01"
    assert policy.example_of_bad_policy == ""


def test_the_copy_in_evidence_gives_the_same_policy(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, GOOD))
    assert policy_from_document(json.loads(json.dumps(policy.document)), policy.digest) == policy


def test_sign_off_has_defaults_that_are_never_the_milder_choice(tmp_path: Path) -> None:
    roles = "roles: {senior_responsible_owner: 1, evaluator: 2}"
    found = read_policy(written(tmp_path, GOOD.replace("roles: {owner: 1}", roles)))
    assert found.sign_off == SignOff(
        roles=(("evaluator", 2), ("senior_responsible_owner", 1)), developers_may_not_sign=True, valid_for_days=180, minimum_people=3,
        one_person_several_roles=False, veto=(), advice=(), risk_owner="senior_responsible_owner", status_at_most_days=7,
    )  # fmt: skip
    assert found.change_plan == ()
    assert read_policy(written(tmp_path, GOOD)).sign_off.risk_owner == ""


def test_sign_off_and_the_change_plan_are_read_as_written(tmp_path: Path) -> None:
    more = """\
  minimum_people: 1
  one_person_several_roles: true
  veto: [owner, ombudsperson]
  advice: [victims_advocate, officer_wellbeing]
  risk_owner: owner
  status_at_most_days: 3
change_plan:
  - {what: threshold, within: [0, 0.6], retest: a, why: b}
  - {what: requirement, name: minutes, within: [0.5, 0.9], retest: c, why: d}
  - {what: requirement, retest: e, why: f}
"""
    policy = read_policy(written(tmp_path, GOOD + more))
    assert policy.sign_off.veto == ("ombudsperson", "owner"), "a veto may be a role's only power"
    assert policy.sign_off.advice == ("officer_wellbeing", "victims_advocate")
    assert (policy.sign_off.one_person_several_roles, policy.sign_off.risk_owner, policy.sign_off.status_at_most_days) == (True, "owner", 3)
    assert policy.change_plan == (
        AllowedChange(what="threshold", within=(0.0, 0.6), retest="a", why="b"),
        AllowedChange(what="requirement", name="minutes", within=(0.5, 0.9), retest="c", why="d"),
        AllowedChange(what="requirement", retest="e", why="f"),
    )
    assert policy_from_document(json.loads(json.dumps(policy.document)), policy.digest) == policy


def test_labels_instead_of_a_threshold_decide(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, GOOD.replace("{threshold: 0.5}", "{rule: label}")))
    assert (policy.operating_point.rule, policy.operating_point.threshold) == ("label", None)


def test_whole_numbers_are_accepted_as_bounds(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, GOOD.replace("at_least: 0.95}", "at_least: 1}")))
    assert policy.requirements[0].bound == 1.0


BAD: dict[str, tuple[str, str, list[str]]] = {
    # keys
    "unknown key": (
        "stream: synthetic",
        "steam: synthetic",
        ["F:9:1: unknown key 'steam'", "did you mean 'stream'?", "F:1:1: the key 'stream' is missing"],
    ),
    "unknown key of a requirement": (
        "recall, at_least: 0.95",
        "recall, at_lest: 0.95",
        ["F:20:34: unknown key 'at_lest'", "did you mean 'at_least'?"],
    ),
    "unknown key of people": (
        "minutes_per_review: 3",
        "minutes: 3",
        ["F:15:21: unknown key 'minutes'", "F:15:1: the key 'minutes_per_review' is missing"],
    ),
    "missing key": ("confidence: 0.95\n", "", ["F:1:1: the key 'confidence' is missing"]),
    "missing why": ("why: a, ", "", ["F:21:94: the key 'why' is missing"]),
    "missing until": (", until: 2026-12-31", "", ["F:21:94: the key 'until' is missing"]),
    "missing id": ("id: recall, ", "", ["F:20:5: the key 'id' is missing"]),
    "key twice": ("version: 1", "version: 1\nversion: 2", ["F:4:1: the key 'version' stands twice"]),
    "anchor": ("[closing an item without review]", "&a [x]", ["F:8:18: the anchor &a is not allowed"]),
    # types and values
    "another schema": ("policy/v1", "policy/v2", ["F:1:1: 'schema'", "expected: one of 'evalharness/policy/v1'"]),
    "wrong type": ("version: 1", "version: one", ["F:3:1: 'version'", "got: one", "expected: a whole number"]),
    "bound as text": ("at_least: 0.95", "at_least: '0.95'", ["F:20:34: 'at_least'", "expected: a number", "remove the quotes"]),
    "bound as boolean": ("at_least: 0.95", "at_least: true", ["F:20:34: 'at_least'", "got: true", "expected: a number"]),
    "bound NaN": ("at_least: 0.95", "at_least: .nan", ["F:20:44: NaN and infinity are not numbers here"]),
    "bound huge": ("at_least: 0.95", "at_least: 1e999", ["F:20:44: the number is too large"]),
    "bound above one": (
        "at_least: 0.95",
        "at_least: 95",
        ["F:20:34: requirement recall: the bound is out of range", "got: 95", "from 0 to 1"],
    ),
    "bound negative": ("max_difference: 0.05", "max_difference: -0.05", ["F:22:31: requirement gap: the bound is out of range"]),
    "cost bound above any cost": (
        "at_most: 0.9}",
        "at_most: 3.5}",
        ["F:23:65: requirement minutes: the bound is out of range", "from 0 to 3"],
    ),
    "threshold text": ("threshold: 0.5", "threshold: half", ["F:14:19: 'threshold'", "expected: a number"]),
    "negative number of items": ("50000", "-1", ["F:15:44: 'items_per_week'", "greater than or equal to 1"]),
    "minutes zero": ("minutes_per_review: 3", "minutes_per_review: 0", ["F:15:21: 'minutes_per_review'", "greater than 0"]),
    "negative cost": ("{true_relevant: {review: 3}", "{true_relevant: {review: -3}", ["F:17:37: 'review'", "greater than or equal to 0"]),
    "confidence one": ("confidence: 0.95", "confidence: 1", ["F:12:1: 'confidence'"]),
    "confidence as per cent": ("confidence: 0.95", "confidence: 95", ["F:12:1: 'confidence'"]),
    "unknown claim": ("claim: rehearsal", "claim: rehersal", ["F:5:1: 'claim'", "did you mean 'rehearsal'?"]),
    "another task": ("task: binary", "task: multilabel", ["F:10:1: 'task'", "one of 'binary', 'ordinal', 'ranking', 'linkage' or 'risk'"]),
    "sensitivity reversed": (
        "{low: 0.7, high: 1.0",
        "{low: 0.8, high: 0.7",
        ["F:15:90: the low end of the reviewers' sensitivity is above"],
    ),
    "sensitivity said to be measured": ("source: declared", "source: measured", ["F:15:111: 'source'", "expected: one of 'declared'"]),
    "a day that is not": ("until: 2026-12-31", "until: 2026-02-31", ["F:21:120: 'until'", "a date YYYY-MM-DD"]),
    "a moment for a day": ("on: 2026-11-01", "on: 2026-11-01T10:00:00Z", ["F:18:35: 'on'", "a date YYYY-MM-DD"]),
    "a name with a path": ("name: example", "name: ../../example", ["F:2:1: 'name'", "got: ../../example"]),
    "a benchmark with a path": ("benchmark: message-triage", "benchmark: a/b", ["F:11:1: 'benchmark'"]),
    "a split with a path": ("task: binary", "task: binary\nsplit: ../test", ["F:11:1: 'split'"]),
    "an id with a path": ("id: recall,", "id: re/call,", ["F:20:6: 'id'"]),
    "control character": ("population: items", 'population: "\\u0000" # items', ["F:6:13: a control character is not allowed"]),
    "escape sequence": ("population: items", "population: \x1b[2J", ["F:6:13: a control character is not allowed"]),
    "blank text": ("orders items", "'  '", ["F:7:1: 'intended_use'", "text of 1 to"]),
    "no prohibited use": ("[closing an item without review]", "[]", ["F:8:1: 'prohibited_uses'", "got: an empty list"]),
    "no operating point": ("{threshold: 0.5}", "{}", ["F:14:1: the operating point is not one rule", "got: nothing"]),
    "two operating points": ("{threshold: 0.5}", "{threshold: 0.5, rule: label}", ["F:14:1: the operating point is not one rule"]),
    "no role": ("{owner: 1}", "{}", ["F:27:3: 'roles'"]),
    "nobody in a role": ("{owner: 1}", "{owner: 0}", ["F:27:11: 'owner'"]),
    "a role with markup": ("{owner: 1}", "{<b>: 1}", ["F:27:11: the key is not a name for roles"]),
    "an exchange of costs": (
        "  elicited:",
        "  exchange: {stated_by: a}\n  elicited:",
        ["F:18:3: 'exchange'", "this version never adds units of cost"],
    ),
    "a unit that costs nothing": (
        "{true_relevant: {review: 3}, true_not_relevant: {review: 3}}",
        "{}",
        ["F:17:3: the unit officer_minutes costs nothing"],
    ),
    "costs by nobody": ("  elicited: {stated_by: somebody, on: 2026-11-01}\n", "", ["F:16:1: the key 'elicited' is missing"]),
    # requirements
    "no requirement": (REQUIREMENTS, "requirements: []\n", ["F:19:1: 'requirements'", "got: an empty list"]),
    "requirements null": (REQUIREMENTS, "requirements:\n", ["F:19:1: 'requirements'", "got: nothing"]),
    "requirements absent": (REQUIREMENTS, "", ["F:1:1: the key 'requirements' is missing"]),
    "unknown metric": (
        "metric: recall, at_least: 0.95",
        "metric: recal, at_least: 0.95",
        ["F:20:18: requirement recall: the task binary has no such metric", "did you mean 'recall'?"],
    ),
    "metric of another task": (
        "metric: recall, at_least: 0.95",
        "metric: critical_miss, at_least: 0.95",
        ["F:20:18: requirement recall: the task binary has no such metric"],
    ),
    "describing metric": (
        "metric: recall, at_least: 0.95",
        "metric: f1, at_least: 0.95",
        ["F:20:18: requirement recall: f1 only describes and cannot be required: no admissible bound"],
    ),
    "describing recall": (
        "metric: recall, at_least: 0.95",
        "metric: recall_of_answered, at_least: 0.95",
        ["recall_of_answered only describes", "it leaves out the items the classifier refused"],
    ),
    "no comparison": (", at_least: 0.95}", "}", ["F:20:5: requirement recall: the requirement compares nothing"]),
    "comparison null": ("at_least: 0.95}", "at_least: }", ["F:20:5: requirement recall: the requirement compares nothing"]),
    "two comparisons": (
        "at_least: 0.95}",
        "at_least: 0.95, max_difference: 0.1}",
        ["requirement recall: the requirement compares more than once: at_least"],
    ),
    "wrong direction up": (
        "no_answer_rate, at_most",
        "no_answer_rate, at_least",
        ["F:25:45: requirement no-answer: at_least makes no sense for no_answer_rate: lower is better", "use at_most"],
    ),
    "wrong direction down": (
        "at_least: 0.95}",
        "at_most: 0.95}",
        ["F:20:34: requirement recall: at_most makes no sense for recall: higher is better", "use at_least"],
    ),
    "gap of a metric without gaps": (
        "metric: recall, max_difference",
        "metric: reviews_per_find, max_difference",
        ["reviews_per_find has no gaps between groups"],
    ),
    "gap without between": (", between: race", "", ["F:22:31: requirement gap: max_difference needs between"]),
    "gap with for_each": (
        "between: race",
        "for_each: [race]",
        ["F:22:53: requirement gap: for_each does not go with max_difference"],
    ),
    "level with between": (
        "at_least: 0.95}",
        "at_least: 0.95, between: sex}",
        ["F:20:50: requirement recall: between does not go with at_least"],
    ),
    "deeper than declared": (
        "[sex, [sex, race]]",
        "[sex, [sex, race, age]]",
        ["F:21:67: requirement everyone: an intersection of 3", "deeper than the policy's intersections: 2"],
    ),
    "gap deeper than declared": ("intersections: 2", "intersections: 1", ["F:21:67: requirement everyone: an intersection of 2"]),
    "for_each empty": ("[sex, [sex, race]]", "[]", ["F:21:51: 'for_each'", "expected: at least 1"]),
    "for_each a word": ("[sex, [sex, race]]", "sex", ["F:21:51: 'for_each'", "expected: a list"]),
    "intersection of one": ("[sex, [sex, race]]", "[sex, [race]]", ["F:21:67: item 2", "write race without the brackets"]),
    "intersection of the same": ("[sex, [sex, race]]", "[sex, [race, race]]", ["F:21:67: item 2", "name each attribute once"]),
    "attribute a number": ("[sex, [sex, race]]", "[sex, 3]", ["F:21:67: item 2", "an attribute, or a list of attributes"]),
    "groups asked twice": (
        "[sex, [sex, race]]",
        "[sex, [sex, race], [race, sex]]",
        ["F:21:80: requirement everyone: the same groups are asked for twice"],
    ),
    "repeated id": ("id: gap", "id: recall", ["F:22:6: the id 'recall' stands twice", "the first is at F:20:6"]),
    "cost without unit": ("unit: officer_minutes, ", "", ["F:23:19: requirement minutes: expected_cost needs unit"]),
    "unknown unit": (
        "unit: officer_minutes",
        "unit: officer_minuets",
        ["F:23:42: requirement minutes: costs has no such unit", "did you mean 'officer_minutes'?"],
    ),
    "unit for another metric": (
        "at_least: 0.95}",
        "at_least: 0.95, unit: officer_minutes}",
        ["F:20:50: requirement recall: unit does not go with recall"],
    ),
    "no ceiling": (
        "  - {id: no-answer, metric: no_answer_rate, at_most: 0.01}\n",
        "",
        ["F:24:19: requirement elusion: elusion may be required only beside an upper bound on no_answer_rate"],
    ),
    "ceiling of one": ("at_most: 0.01}", "at_most: 1}", ["F:24:19: requirement elusion: elusion may be required only beside"]),
    "ceiling for groups only": (
        "at_most: 0.01}",
        "at_most: 0.01, for_each: [sex]}",
        ["F:24:19: requirement elusion: elusion may be required only beside"],
    ),
    "ceilings of routed recall": (
        "metric: recall, at_least: 0.95",
        "metric: routed_recall, at_least: 0.95",
        ["F:20:18: requirement recall: routed_recall may be required only beside an upper bound on review_rate"],
    ),
    "exempted cell of other groups": (
        "group: {sex: X}",
        "group: {race: X}",
        ["F:21:95: requirement everyone: the exempted cell is none of the requirement's", "a cell of [race, sex], sex"],
    ),
    "exempted cell without groups": (
        "at_least: 0.95}",
        "at_least: 0.95, not_judged: [{group: {sex: X}, why: a, until: 2026-12-31}]}",
        ["F:20:64: requirement recall: the exempted cell is none"],
    ),
    "exempted cell empty": ("group: {sex: X}", "group: {}", ["F:21:95: 'group'"]),
    "exempted twice": (
        "not_judged: [",
        "not_judged: [{group: {sex: X}, why: few, until: 2026-12-31}, ",
        ["F:21:143: requirement everyone: the same cell is exempted twice"],
    ),
    # sign-off and change plan
    "people as text": ("valid_for_days: 180", "valid_for_days: 180\n  minimum_people: two", ["F:30:3: 'minimum_people'", "a whole number"]),
    "more people than seats": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  minimum_people: 2",
        ["F:30:3: more people are asked for than there are seats", "got: 2", "expected: at most 1"],
    ),
    "nobody": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  minimum_people: 0",
        ["F:30:3: 'minimum_people'", "greater than or equal to 1"],
    ),
    "unknown key of sign-off": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  vetoes: [owner]",
        ["F:30:3: unknown key 'vetoes'", "did you mean 'veto'?"],
    ),
    "risk owner without a vote": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  risk_owner: ownr",
        ["F:30:3: the risk owner is none of the roles that vote", "expected: one of owner", "did you mean 'owner'?"],
    ),
    "veto of a slip of the pen": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  veto: [ownr]",
        ["F:30:10: the role ownr stands nowhere else", "did you mean 'owner'?"],
    ),
    "veto of no word": ("valid_for_days: 180", "valid_for_days: 180\n  veto: [The Owner]", ["F:30:10: item 1", "a word of a-z"]),
    "veto of one role as text": ("valid_for_days: 180", "valid_for_days: 180\n  veto: owner", ["F:30:3: 'veto'", "expected: a list"]),
    "veto twice": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  veto: [owner, owner]",
        ["F:30:17: the role owner stands twice under veto"],
    ),
    "advice of a voter": ("valid_for_days: 180", "valid_for_days: 180\n  advice: [owner]", ["F:30:12: the role owner votes and advises"]),
    "advice of no text": ("valid_for_days: 180", "valid_for_days: 180\n  advice: [3, 3]", ["F:30:12: item 1", "F:30:15: item 2"]),
    "status for ever": (
        "valid_for_days: 180",
        "valid_for_days: 180\n  status_at_most_days: 10000",
        ["F:30:3: 'status_at_most_days'", "less than or equal to 366"],
    ),
    "plan of an unknown change": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: treshold, retest: a, why: b}",
        ["F:31:6: 'what'", "did you mean 'threshold'?"],
    ),
    "plan without a test": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: model, why: b}",
        ["F:31:5: the key 'retest' is missing"],
    ),
    "plan of an unknown requirement": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: requirement, name: recal, retest: a, why: b}",
        ["F:31:25: the policy has no such requirement", "did you mean 'recall'?"],
    ),
    "plan of a named model": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: model, name: recall, within: [0, 1], retest: a, why: b}",
        ["F:31:19: name does not go with model", "F:31:33: within does not go with model"],
    ),
    "plan with half a range": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: threshold, within: [0], retest: a, why: b}",
        ["F:31:23: 'within'", "two numbers: [least, greatest]"],
    ),
    "plan with words for a range": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: threshold, within: [low, true], retest: a, why: b}",
        ["F:31:32: item 1", "F:31:37: item 2", "expected: a number"],
    ),
    "plan upside down": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: threshold, within: [1, 0], retest: a, why: b}",
        ["F:31:23: the range is upside down", "got: 1 to 0"],
    ),
    "plan said twice": (
        "valid_for_days: 180",
        "valid_for_days: 180\nchange_plan:\n  - {what: model, retest: a, why: b}\n  - {what: model, retest: c, why: d}",
        ["F:32:5: the same change is agreed twice", "the first is at F:31:5"],
    ),
    "plan as a mapping": ("valid_for_days: 180", "valid_for_days: 180\nchange_plan: {what: model}", ["F:30:1: 'change_plan'", "a list"]),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_policy_with_a_fault_is_refused_with_the_place(tmp_path: Path, fault: str) -> None:
    old, new, expected = BAD[fault]
    assert GOOD.count(old) == 1, fault
    everything = "\n".join(told(tmp_path, GOOD.replace(old, new)))
    for part in expected:
        assert part in everything, everything


def test_a_people_metric_needs_the_people_block(tmp_path: Path) -> None:
    text = GOOD.replace("metric: no_answer_rate", "metric: review_minutes_per_1000").replace(PEOPLE, "")
    assert any("review_minutes_per_1000 needs the block human_in_the_loop" in problem for problem in told(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "F: the file is empty"),
        (b"# only a comment\n", "F: the file is empty"),
        (b"- a\n", "F:1:1: the top level is not a mapping"),
        (GOOD.encode("utf-16"), "F:1:1: the file is not UTF-8"),
        (GOOD.encode().replace(b"somebody", b"\xe9"), "F:18:25: the file is not UTF-8"),
        (GOOD.encode() + b"---\na: 1\n", "F:30:1: a second document is not allowed"),
        (b"schema: [\n", "this is not YAML"),
    ],
)
def test_a_file_that_is_no_policy_at_all_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_policy(path)
    assert expected in str(caught.value).replace(str(path), "F")


def test_all_problems_of_yaml_shape_and_meaning_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("version: 1", "version: one").replace("stream: synthetic", "stream: &a synthetic")
    text = text.replace("{id: recall, metric: recall, at_least: 0.95}", "{id: recall, metric: recal, at_lest: 0.95}")
    text = text.replace("max_difference: 0.05", "max_difference: 5").replace("id: elusion,", "id: gap,")
    assert [line.split(" | ")[0] for line in told(tmp_path, text)] == [
        "F:9:9: the anchor &a is not allowed",
        "F:3:1: 'version' is not what is expected here",
        "F:20:33: unknown key 'at_lest'",
        "F:20:18: requirement recall: the task binary has no such metric",
        "F:22:31: requirement gap: the bound is out of range",
        "F:24:6: the id 'gap' stands twice",
    ]


def test_an_alias_is_one_problem_and_not_a_chain_of_them(tmp_path: Path) -> None:
    text = GOOD.replace("at_least: 0.95}", "at_least: *a}").replace("claim: rehearsal", "claim: *b")
    assert [line.split(" | ")[0] for line in told(tmp_path, text)] == [
        "F:5:8: the alias *b is not allowed",
        "F:20:44: the alias *a is not allowed",
    ]


@pytest.mark.parametrize("document", [[], "text", {}, {"name": "\x1b"}, {"requirements": [None]}, {"requirements": {"a": 1}, "costs": 3}])
def test_a_copy_that_is_no_policy_is_refused(document: object) -> None:
    with pytest.raises(BadInput):
        policy_from_document(document, "sha256:" + "0" * 64)  # type: ignore[arg-type]


def test_problems_of_a_copy_are_placed_by_key(tmp_path: Path) -> None:
    document = read_policy(written(tmp_path, GOOD)).document
    document["requirements"][0]["metric"] = "f1"
    with pytest.raises(BadInput, match=r"policy: requirements\[0\]\.metric: requirement recall: f1 only describes"):
        policy_from_document(document, "sha256:" + "0" * 64)


def test_a_policy_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    path = tmp_path / "policies" / "example.yaml"
    path.write_text(GOOD)
    assert policy_for("example", tmp_path) == path
    assert policy_for(str(path), tmp_path) == path
    with pytest.raises(BadInput, match="did you mean 'example'"):
        policy_for("exmaple", tmp_path)
    for nothing in ("", "../policies/example", "a" * 5000, "x\0"):
        with pytest.raises(BadInput, match="no such policy"):
            policy_for(nothing, tmp_path)
    with pytest.raises(BadInput, match="no such file"):
        read_policy(policy_for("absent.yaml", tmp_path))


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert policy_places(path)(("requirements", 1, "for_each", 1)) == f"{path}:21:67"


def test_the_shipped_policies_are_in_order() -> None:
    demanding = read_policy(ROOT / "policies" / "message-triage.yaml")
    assert attributes_used(demanding) == {"sex", "ethnicity", "age_band"}
    assert not any(r.not_judged for r in demanding.requirements)
    assert not demanding.example_of_bad_policy
    assert (demanding.sign_off.minimum_people, demanding.sign_off.veto) == (4, ("data_protection", "safeguarding"))
    assert demanding.sign_off.advice == ("officer_wellbeing", "victims_advocate")
    assert {change.what for change in demanding.change_plan} == {"model", "threshold", "requirement", "text"}
    permissive = read_policy(ROOT / "policies" / "permissive-example.yaml")
    assert permissive.benchmark == demanding.benchmark
    assert permissive.example_of_bad_policy


def test_the_committed_schema_is_the_one_in_force() -> None:
    committed = (ROOT / "docs" / "schemas" / "policy-v1.json").read_text(encoding="utf-8")
    assert committed == json.dumps(policy_json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _with(folder: Path, *lines: str, task: str = "") -> Path:
    return written(folder, GOOD.replace(REQUIREMENTS, "requirements:\n" + "".join(f"  - {line}\n" for line in lines) + NO_ANSWER) + task)


NO_ANSWER = "  - {id: no-answer, metric: no_answer_rate, at_most: 0.01}\n"


def test_a_requirement_may_be_asked_at_a_prevalence(tmp_path: Path):
    policy = read_policy(_with(tmp_path, "{id: worth, metric: precision, at_least: 0.5, prevalence: 0.01, for_each: [sex]}"))
    assert policy.requirements[0].condition == "at prevalence 0.01"
    assert policy.requirements[1].condition == ""


def test_every_mistake_of_a_prevalence_is_told_at_once(tmp_path: Path):
    with pytest.raises(BadInput) as caught:
        read_policy(
            _with(
                tmp_path,
                "{id: a, metric: recall, at_least: 0.5, prevalence: 0.01}",
                "{id: b, metric: precision, max_difference: 0.1, between: sex, prevalence: 0.01}",
                "{id: c, metric: elusion, at_most: 0.1, prevalence: 1.5}",
                "{id: d, metric: reviews_per_find, at_most: 10, prevalence: 0.1}",
            )
        )
    told = [problem.what for problem in caught.value.problems]
    assert any(text == "requirement a: recall is not judged at a prevalence: it is about relevant items alone" for text in told)
    assert any("prevalence does not go with max_difference" in text for text in told)
    assert any("requirement d: reviews_per_find is not judged at a prevalence: it is no share of items" in text for text in told)
    assert len(told) == 4


def test_a_limit_at_a_prevalence_is_no_ceiling(tmp_path: Path):
    lines = "{id: no-answer, metric: no_answer_rate, at_most: 0.01, prevalence: 0.1}", "{id: worth, metric: precision, at_least: 0.5}"
    text = GOOD.replace(REQUIREMENTS, "requirements:\n" + "".join(f"  - {line}\n" for line in lines))
    with pytest.raises(BadInput) as caught:
        read_policy(written(tmp_path, text))
    assert [p.what for p in caught.value.problems] == [
        "requirement worth: precision may be required only beside an upper bound on no_answer_rate"
    ]
