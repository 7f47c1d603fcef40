"""A review log beside a run, from the files to the report: what people do is judged, verified, and cannot be made nicer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import Answer, evalharness
from review_logs import Study, log_of
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import evidence_bytes

STUDY = {"allocation": "random", "prevalence_within": [0.2, 0.4]}
REQUIREMENTS = [
    {"id": "readers", "metric": "reader_recall", "at_least": 0.5, "for_each": ["sex"], "why": "w"},
    {"id": "bias", "metric": "automation_bias", "at_most": 0.9, "why": "w"},
    {"id": "seeds", "metric": "seeded_detection", "at_least": 0.1, "why": "w"},
    {"id": "groups", "metric": "wrong_when_model_right", "at_most": 0.9, "for_each": [["sex", "race"]], "why": "w"},
    {"id": "pairs", "metric": "joint_miss", "at_most": 0.9, "for_each": ["sex"], "why": "w"},
    {"id": "better", "metric": "synergy", "at_least": 0.0, "why": "w"},
]


@pytest.fixture
def space(tmp_path: Path) -> SmallWorkspace:
    found = SmallWorkspace(tmp_path, rows=table(3_000, recall=0.9)).write()
    found.write_card()
    write_policy(found)
    return found


def write_policy(space: SmallWorkspace, claim: str = "rehearsal", **study: Any) -> None:
    people = {
        "minutes_per_review": 3, "items_per_week": 1_000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
        "review_study": {**STUDY, **study},
    }  # fmt: skip
    people["review_study"] = {key: value for key, value in people["review_study"].items() if value is not None}
    space.write_policy(policy(claim=claim, human_in_the_loop=people, requirements=REQUIREMENTS))


def run(space: SmallWorkspace, log: pd.DataFrame, assigned: pd.DataFrame | None, name: str = "run") -> Answer:
    log.to_csv(space.root / "log.csv", index=False, lineterminator="\n")
    more: list[object] = []
    if assigned is not None:
        assigned.to_csv(space.root / "assigned.csv", index=False, lineterminator="\n")
        more = ["--assigned", space.root / "assigned.csv"]
    return evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", space.root / name, "--reviews",
        space.root / "log.csv", *more,
    )  # fmt: skip


def evidence_of(space: SmallWorkspace, name: str = "run") -> dict[str, Any]:
    return json.loads((space.root / name / "evidence.json").read_text())


def verified(space: SmallWorkspace, name: str = "run") -> Answer:
    return evalharness("verify", space.root / name, "--workspace", space.root)


def estimate(evidence: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(e for e in evidence["estimates"] if e["metric"] == metric and not e["group"])


def outcomes(evidence: dict[str, Any]) -> dict[str, str]:
    return {f["requirement"]: f["outcome"] for f in evidence["findings"]}


def rewritten(space: SmallWorkspace, evidence: dict[str, Any]) -> None:
    """As somebody writes it who knows how digests are made."""
    folder = space.root / "run"
    (folder / "evidence.json").write_bytes(evidence_bytes(evidence))
    sums = []
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        name = line.split("  ", 1)[1]
        sums.append(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}")
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n")


def test_a_log_is_judged_and_the_run_verifies_without_a_name_in_it(space: SmallWorkspace):
    log, assigned = log_of(space.rows, Study(unread=0.02))
    answer = run(space, log, assigned)
    assert answer.code == 0, answer.err
    evidence = evidence_of(space)
    first = log[(log["reading"] == "1") & (log["seeded"] == "false") & (log["shown"] != "blind")]
    listed = assigned[(assigned["reading"] == "1") & (assigned["seeded"] == "false") & (assigned["shown_or_blind"] == "shown")]
    truth = space.rows.set_index("item_id")["y_true"]
    caught = ((first["label"] == "1") & (first["item_id"].map(truth) == "1")).sum()
    relevant = (listed["item_id"].map(truth) == "1").sum()
    found = estimate(evidence, "reader_recall")
    assert found["value"] == pytest.approx(caught / relevant, abs=1e-9)  # what nobody read counts as wrong
    assert found["n"] == relevant
    assert "ways=case+reviewer+shift" in found["method"]
    assert outcomes(evidence)["seeds"] == "met"
    groups = [f for f in evidence["findings"] if f["requirement"] == "groups"]
    assert len(groups) == 6
    assert {f["outcome"] for f in groups} <= {"met", "not_demonstrated"}
    assert {f["reason"] for f in evidence["findings"] if f["requirement"] == "pairs"} == {
        "no estimate answers it; it is counted for everybody alone"
    }
    part = evidence["oversight"]["reviews"]
    assert (part["rows"], part["assigned_rows"], part["listed"]) == (len(log), len(assigned), True)
    assert verified(space).code == 0, verified(space).out
    for path in (space.root / "run").rglob("*"):
        assert not path.is_file() or b"person-" not in path.read_bytes(), path


CHANGES: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("reader_recall", lambda e: row(e, "reader_recall").update(part=1)),
    ("no clusters have such sums", lambda e: row(e, "joint_miss")["ways"]["reviewer"].__setitem__(1, 10_000_000)),
    (
        "reader_recall for overall does not follow",
        lambda e: row(e, "reader_recall")["ways"]["reviewer"].__setitem__(2, row(e, "reader_recall")["ways"]["reviewer"][2] - 1),
    ),
    ("automation_bias for overall does not follow", lambda e: estimate(e, "automation_bias").update(upper=0.0)),
    ("synergy for overall does not follow", lambda e: estimate(e, "synergy").update(value=0.5)),
    ("rest on declared: what was assigned", lambda e: e["oversight"]["reviews"].update(listed=False)),
    ("relevant of", lambda e: e["oversight"]["reviews"].update(relevant=e["oversight"]["reviews"]["relevant"] + 1)),
    ("there was no log", lambda e: e.pop("oversight")),
    ("it belongs together by case, reviewer, shift", lambda e: row(e, "reader_recall")["ways"].pop("reviewer")),
    ("clusters by reviewer", lambda e: independent(row(e, "reader_specificity"))),
    ("the groups of sex do not add up to everybody", lambda e: independent(row(e, "reader_recall", sex="F"), 10)),
    ("is not commission_rate and omission_rate together", lambda e: nobody_wrong(row(e, "commission_rate"))),
    ("other readings are wrong", lambda e: nobody_wrong(row(e, "dismissal_rate"))),
    ("agreement_with_model is not the rest", lambda e: nobody_wrong(row(e, "override_rate"))),
    ("readers: they do not add up", lambda e: e["oversight"]["reviews"]["readers"][0].update(override=0)),
    ("readers: nobody can have read so", lambda e: e["oversight"]["reviews"]["readers"][0].update(right_when_wrong=10_000)),
    ("not the classes, or not the readings", lambda e: e["oversight"]["reviews"]["seconds"][3].__setitem__(0, 6)),
    ("it ends before it begins", lambda e: e["oversight"]["reviews"].update(last="never")),
    ("rest on nothing", lambda e: [r.update(rests_on=["these reviewers"]) for r in (*e["tallies"]["shares"], *e["estimates"])]),
]


def row(evidence: dict[str, Any], metric: str, **group: str) -> dict[str, Any]:
    return next(r for r in evidence["tallies"]["shares"] if r["metric"] == metric and r["group"] == group)


def independent(share: dict[str, Any], times: int = 1) -> None:
    """As if each reading were by a person of its own, in a shift of its own; and so many times as many."""
    share.update(part=times * share["part"], total=times * share["total"])
    some, every = share["part"], share["total"]
    share["ways"] = {name: [every, every, some, every - some] for name in share["ways"]}


def nobody_wrong(share: dict[str, Any]) -> None:
    share["part"] = 0
    share["ways"] = {name: [clusters, total2, 0, total2] for name, (clusters, total2, _, _) in share["ways"].items()}


def test_one_number_altered_is_found(space: SmallWorkspace):
    log, assigned = log_of(space.rows, Study())
    assert run(space, log, assigned).code == 0
    whole = evidence_of(space)
    for told, change in CHANGES:
        evidence = json.loads(json.dumps(whole))
        change(evidence)
        rewritten(space, evidence)
        answer = verified(space)
        assert answer.code == 13, told
        assert told in answer.out + answer.err
    rewritten(space, whole)
    assert verified(space).code == 0


def test_who_has_the_log_can_have_all_of_it_counted_again(space: SmallWorkspace):
    """What stands alone in the evidence, such as errors seeded on purpose, only the log itself can refute."""
    log, assigned = log_of(space.rows, Study())
    assert run(space, log, assigned, "again").code == 0
    folder, both = space.root / "again", ("--reviews", space.root / "log.csv", "--assigned", space.root / "assigned.csv")

    def replayed(*more: object) -> Answer:
        return evalharness("verify", folder, "--workspace", space.root, *more)

    answer = replayed("--replay")
    assert (answer.code, "--reviews FILE --assigned FILE" in answer.err) == (2, True)
    answer = replayed(*both)
    assert (answer.code, "add --replay" in answer.err) == (2, True)
    answer = replayed("--replay", *both, "--people", space.root / "log.csv")
    assert (answer.code, "leave --people out" in answer.err) == (2, True)
    answer = replayed("--replay", *both)
    assert answer.code == 0, answer.out + answer.err
    seeded = log.index[log["seeded"] == "true"][0]
    log.loc[seeded, "label"] = {"0": "1", "1": "0"}[log.loc[seeded, "label"]]
    log.to_csv(space.root / "log.csv", index=False, lineterminator="\n")
    answer = replayed("--replay", *both)
    assert (answer.code, "replay: oversight differs" in answer.out) == (13, True)


def test_leaving_out_what_was_missed_helps_nobody(space: SmallWorkspace):
    log, assigned = log_of(space.rows, Study(wrong=0.2))
    assert run(space, log, assigned).code == 0
    truth = log["item_id"].map(space.rows.set_index("item_id")["y_true"])
    assert run(space, log[log["label"] == truth].reset_index(drop=True), assigned, "nicer").code == 0
    before, after = (estimate(evidence_of(space, name), "reader_recall") for name in ("run", "nicer"))
    assert (after["value"], after["n"]) == (before["value"], before["n"])
    assert run(space, log[log["label"] == truth].reset_index(drop=True), None, "unlisted").code == 2  # second readings without the first
    alone = log[(log["label"] == truth) & (log["reading"] == "1")].reset_index(drop=True)
    assert run(space, alone, None, "alone").code == 0
    assert estimate(evidence_of(space, "alone"), "reader_recall")["rests_on"] == ["declared: what was assigned"]


def test_above_a_rehearsal_only_what_was_fixed_beforehand_and_is_as_at_work_decides(space: SmallWorkspace):
    space.write_benchmark(sampling="every item of a week")
    log, assigned = log_of(space.rows, Study())
    write_policy(space, "pilot")
    answer = run(space, log, assigned)
    assert answer.code == 2
    assert "names what was assigned" in answer.err
    assigned.to_csv(space.root / "assigned.csv", index=False, lineterminator="\n")
    digest = "sha256:" + hashlib.sha256((space.root / "assigned.csv").read_bytes()).hexdigest()
    write_policy(space, "pilot", assigned=digest)
    assert run(space, log, assigned, "fixed").code == 0
    assert outcomes(evidence_of(space, "fixed"))["seeds"] == "met"
    for name, study in (("enriched", {"prevalence_within": [0.01, 0.05]}), ("silent", {"prevalence_within": None})):
        write_policy(space, "pilot", assigned=digest, **study)
        assert run(space, log, assigned, name).code == 0
        found = evidence_of(space, name)
        assert outcomes(found)["seeds"] == "not_demonstrated"
        assert estimate(found, "seeded_detection")["rests_on"] == ["enriched study"]
        assert verified(space, name).code == 0
    write_policy(space, "pilot", assigned=digest)
    answer = run(space, log, assigned.iloc[:-1], "other")
    assert answer.code == 2
    assert "what was assigned is not what the policy fixed" in answer.err


def test_shown_and_blind_are_compared_only_where_chance_said_who_sees_what(space: SmallWorkspace):
    log, assigned = log_of(space.rows, Study())
    write_policy(space, allocation=None)
    assert run(space, log, assigned).code == 0
    evidence = evidence_of(space)
    assert outcomes(evidence)["bias"] == "not_demonstrated"
    assert outcomes(evidence)["seeds"] == "met"
    assert not estimate(evidence, "automation_bias")["decides"]
    assert verified(space).code == 0


def test_these_reviewers_are_no_sample_and_the_figures_say_so(space: SmallWorkspace):
    log, assigned = log_of(space.rows, Study())
    write_policy(space, reviewers="these")
    assert run(space, log, assigned).code == 0
    found = estimate(evidence_of(space), "reader_recall")
    assert "ways=case+shift" in found["method"]
    assert found["rests_on"] == ["these reviewers"]
    assert verified(space).code == 0


def test_the_log_of_another_model_is_refused_and_so_is_a_list_without_a_log(space: SmallWorkspace):
    log, assigned = log_of(space.rows, Study(), threshold=0.9)
    answer = run(space, log, assigned)
    assert answer.code == 2
    assert "shown is not what this classifier decides" in answer.err
    answer = evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--assigned", space.root / "a.csv"
    )
    assert (answer.code, "what was assigned goes with a review log" in answer.err) == (2, True)


def test_without_a_log_nothing_is_said_of_reviewers(space: SmallWorkspace):
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", space.root / "run")
    assert answer.code == 0, answer.err
    evidence = evidence_of(space)
    assert set(outcomes(evidence).values()) == {"not_evaluable"}
    assert all("this run was given no review log" in finding["reason"] for finding in evidence["findings"])
    assert verified(space).code == 0
