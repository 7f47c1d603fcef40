"""A supplier who wants a signature on one thing and to use another: bands, certificates and reviews that change after they were fixed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import signed_workspace
import yaml_text
from locking import REQUIREMENTS, Space
from signed_workspace import MODEL, POLICY, SignedWorkspace, signed
from small_workspace import policy

from evalharness.digests import canonical_json, sha256_bytes, sha256_file
from evalharness.errors import BadInput, EvalharnessError
from evalharness.workflows.diff import diff
from evalharness.workflows.gate import gate
from evalharness.workflows.verify import verify_run

REVIEW = {"name": "review", "from": "operating_point", "readers": 1}
FIRST = {"name": "first", "from": 0.9, "readers": 2, "third_reader": "disagreement"}
ASIDE = {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 90, "spot_check": {"share": 0.02, "blind": True}}
HUMAN: dict[str, Any] = {
    "minutes_per_review": 3, "items_per_week": 500, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
    "bands": [FIRST, REVIEW, ASIDE],
}  # fmt: skip
CLOSED = {"name": "closed", "rest": True, "readers": 0}


def with_bands(change: Any) -> dict[str, Any]:
    """The block, changed."""
    human = copy.deepcopy(HUMAN)
    change(human)
    return human


def signed_document() -> dict[str, Any]:
    """The policy of `approved`, to be changed."""
    block = {"requirements": signed_workspace.REQUIREMENTS, "sign_off": signed_workspace.SIGN_OFF, "intersections": 1}
    return policy(**block, human_in_the_loop=copy.deepcopy(HUMAN))


CHANGES = {
    "dropped": lambda h: h.pop("bands"),
    "fewer readers": lambda h: (h["bands"][0].update(readers=1), h["bands"][0].pop("third_reader")),
    "another cut": lambda h: h["bands"][0].update({"from": 0.99}),
    "the first band away": lambda h: h["bands"].pop(0),
    "opened later": lambda h: h["bands"][2].update(opened_within_days=3650),
    "no spot check": lambda h: h["bands"][2].pop("spot_check"),
    "a smaller spot check": lambda h: h["bands"][2]["spot_check"].update(share=0.0001),
    "seen by readers": lambda h: h["bands"][2]["spot_check"].update(blind=False),
    "no third reader": lambda h: h["bands"][0].pop("third_reader"),
    "renamed": lambda h: h["bands"][0].update(name="later"),
    "deferral": lambda h: h.update(defer={"within": 0.2}),
    "the machine closes": lambda h: (h["bands"].__setitem__(2, CLOSED), h.update(machine_closes={"why": "No time."})),
}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> SignedWorkspace:
    """Signed under a policy with bands."""
    with pytest.MonkeyPatch.context() as patch:
        plain = signed_workspace.small
        patch.setattr(signed_workspace, "small", lambda root, rows: plain(root, rows, human_in_the_loop=HUMAN))
        return signed(tmp_path_factory.mktemp("approved") / "w")


def test_what_was_signed_with_bands_is_let_through(approved: SignedWorkspace) -> None:
    found = gate(POLICY, MODEL, workspace=approved.root)
    assert found.code == 0, found.reasons
    assert verify_run(approved.run, workspace=approved.root).code == 0


@pytest.mark.parametrize("name", CHANGES)
def test_bands_that_change_after_the_signature_void_it(approved: SignedWorkspace, name: str) -> None:
    file = approved.files["policy"]
    before = file.read_text()
    document = signed_document()
    assert yaml_text.dump(document) == before
    CHANGES[name](document["human_in_the_loop"])
    try:
        file.write_text(yaml_text.dump(document))
        assert gate(POLICY, MODEL, workspace=approved.root).code == 13
    finally:
        file.write_text(before)


@pytest.mark.parametrize("name", CHANGES)
def test_bands_that_change_inside_the_evidence_are_found_out(approved: SignedWorkspace, tmp_path: Path, name: str) -> None:
    """The copy of the policy in the evidence and its digest altered together, and the list of files set right."""
    run = tmp_path / approved.run.name
    run.mkdir()
    for path in approved.run.iterdir():
        if path.is_file():
            (run / path.name).write_bytes(path.read_bytes())
    evidence = json.loads((run / "evidence.json").read_bytes())
    CHANGES[name](evidence["policy"]["document"]["human_in_the_loop"])
    evidence["policy"]["digest"] = sha256_bytes(canonical_json(evidence["policy"]["document"]))
    old = sha256_file(run / "evidence.json").removeprefix("sha256:")
    (run / "evidence.json").write_bytes(canonical_json(evidence))
    sums = run / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(old, sha256_file(run / "evidence.json").removeprefix("sha256:")))
    assert verify_run(run, workspace=approved.root).code == 13


@pytest.mark.parametrize("name", CHANGES)
def test_a_difference_of_bands_is_told_by_diff(approved: SignedWorkspace, tmp_path: Path, name: str) -> None:
    document = signed_document()
    CHANGES[name](document["human_in_the_loop"])
    path = tmp_path / "other.yaml"
    path.write_text(yaml_text.dump(document))
    found = diff(str(approved.run), str(path), workspace=approved.root)
    assert any(change.change.part.startswith("human_in_the_loop.") for change in found.changes), found.changes
    assert all(change.plan is None for change in found.changes), "no change plan foresaw it"


@pytest.mark.parametrize("threshold", [0.51, 0.4999999])
def test_a_deployment_at_another_threshold_is_refused(approved: SignedWorkspace, tmp_path: Path, threshold: float) -> None:
    file = tmp_path / "deployment.yaml"
    document = {
        "schema": "evalharness/deployment/v1", "claim": "rehearsal", "stream": "synthetic", "volume_per_week": 100, "unit": "one",
        "threshold": threshold,
    }  # fmt: skip
    file.write_text(yaml_text.dump(document))
    assert gate(POLICY, MODEL, workspace=approved.root, deployment=file).code == 12


HIDDEN = {
    "closing band first": [{"name": "closed", "from": 0.9, "readers": 0}, REVIEW, ASIDE],
    "rest not last": [CLOSED, FIRST, REVIEW],
    "closed in the middle": [FIRST, {"name": "closed", "from": 0.7, "readers": 0}, REVIEW, ASIDE],
    "a spot check that opens nothing": [REVIEW, {**CLOSED, "spot_check": {"share": 1.0e-9}}],
    "reviewed by nobody": [{**REVIEW, "readers": 0}, ASIDE],
    "a band that nothing enters": [{"name": "none", "from": 0.5, "readers": 1}, REVIEW, CLOSED],
    "no rest": [FIRST, REVIEW],
}


@pytest.mark.parametrize("bands", HIDDEN.values(), ids=list(HIDDEN))
def test_no_order_of_bands_hides_that_the_machine_closes(tmp_path: Path, bands: list[dict[str, Any]]) -> None:
    """Whatever command reads the policy for use refuses it, before a model runs and before an attempt is spent."""
    space = Space(tmp_path)
    document = policy(requirements=REQUIREMENTS, human_in_the_loop={**HUMAN, "bands": bands})
    space.files.write_policy(document)
    for command in (
        ("evaluate", "--policy", "small", "--model", "vendor"),
        ("plan", "--policy", "small"),
        ("compare", "--policy", "small", "--model", "vendor", "--model", "vendor"),
        ("lock", "--policy", "small", "--model", "vendor"),
    ):
        found = space.command(*command, person="ben" if command[0] == "lock" else None)
        assert found.code == 2, (command, found.out)
        assert "Traceback" not in found.err
    assert space.locks == []


def test_a_policy_that_drops_its_bands_after_the_lock_does_not_run(tmp_path: Path) -> None:
    space = Space(tmp_path)
    document = policy(requirements=REQUIREMENTS, human_in_the_loop=HUMAN)
    space.files.write_policy(document)
    locked = space.lock()
    space.files.write_policy(policy(requirements=REQUIREMENTS, human_in_the_loop=with_bands(lambda h: h.pop("bands"))))
    with pytest.raises(EvalharnessError, match="policy"):
        space.run(locked.path)
    space.files.write_policy(document)
    assert space.run(locked.path).attempt is not None


def log_of(path: Path, *, wrong: int = 0, drop: int = 0) -> Path:
    """Readings of the first items of the table, blind."""
    header = "item_id,reviewer,shown,label,seconds,time,seeded,adjudicated,shift\n"
    rows = [
        f"item-{i:06d},officer-{i % 5},blind,{0 if i < wrong else 1},10,2026-03-02T09:10:00Z,false,false,early\n" for i in range(drop, 40)
    ]
    path.write_text(header + "".join(rows))
    return path


def assigned_of(path: Path, number: int = 40) -> Path:
    header = "item_id,reviewer,reading,shown_or_blind,seeded\n"
    path.write_text(header + "".join(f"item-{i:06d},officer-{i % 5},1,blind,false\n" for i in range(number)))
    return path


def test_another_list_than_the_assigned_one_is_refused_and_rows_left_out_count_as_wrong(tmp_path: Path) -> None:
    space = Space(tmp_path)
    listed = assigned_of(tmp_path / "assigned.csv")
    study = {"reviewers": "all", "allocation": "random", "assigned": sha256_file(listed)}
    asked = [*REQUIREMENTS, {"id": "people", "metric": "blind_reader_recall", "at_least": 0.1, "why": "w"}]
    space.files.write_policy(policy(requirements=asked, human_in_the_loop={**HUMAN, "review_study": study}))
    locked = space.lock()
    log = log_of(tmp_path / "reviews.csv")
    shorter = assigned_of(tmp_path / "shorter.csv", 30)
    for given in (shorter, None):
        with pytest.raises(BadInput, match="what was assigned is not what the policy fixed"):
            space.run(locked.path, reviews=log, assigned=given)
    with pytest.raises(BadInput):
        space.run(locked.path, reviews=log, assigned=listed, synthetic_reviewers=True)
    fewer = log_of(tmp_path / "fewer.csv", drop=20)
    values = {}
    for day, (name, file) in enumerate({"whole": log, "fewer": fewer}.items()):
        of = locked if not day else space.lock(day=2)
        run = space.run(of.path, day=1 + 2 * day, reviews=file, assigned=listed)
        evidence = json.loads((run.folder / "evidence.json").read_bytes())
        values[name] = next(e["value"] for e in evidence["estimates"] if e["metric"] == "blind_reader_recall" and not e["group"])
        assert verify_run(run.folder, workspace=space.root).code == 0
    assert values["whole"] == 1
    assert values["fewer"] < 1, "what was assigned and not read is wrong"


def test_a_log_that_leaves_out_what_was_locked_cannot_be_left_out_itself(tmp_path: Path) -> None:
    """Without the log the requirement on people is not evaluable: nothing is met by silence."""
    space = Space(tmp_path)
    asked = [*REQUIREMENTS, {"id": "people", "metric": "reader_recall", "at_least": 0.1, "why": "w"}]
    space.files.write_policy(policy(requirements=asked, human_in_the_loop=HUMAN))
    run = space.run(space.lock().path)
    (people,) = (finding for finding in run.findings if finding.requirement == "people")
    assert people.outcome == "not_evaluable"
    assert run.verdict.outcome == "not_evaluable"


TARGETS = [{"metric": "recall", "at_least": 0.9}, {"metric": "recall", "at_least": 0.8, "for_each": ["sex"]}]
SEARCHES: dict[str, dict[str, Any]] = {
    "a laxer target": {"targets": [{**TARGETS[0], "at_least": 0.5}, TARGETS[1]], "steps": 30},
    "no target of groups": {"targets": TARGETS[:1], "steps": 30},
    "groups of something else": {"targets": [TARGETS[0], {**TARGETS[1], "for_each": ["race"]}], "steps": 30},
    "another target": {"targets": [TARGETS[0], {"metric": "precision", "at_least": 0.1}], "steps": 30},
    "the other way": {"targets": [*TARGETS, {"metric": "review_rate", "at_most": 0.9}], "prefer": "most_found", "steps": 30},
    "a grid": {"targets": TARGETS, "grid": 20},
    "fewer steps": {"targets": TARGETS, "steps": 20},
}


@pytest.mark.parametrize("search", [*SEARCHES.values(), None], ids=[*SEARCHES, "a threshold in its place"])
def test_a_difference_of_what_is_certified_is_told_by_diff(tmp_path: Path, search: dict[str, Any] | None) -> None:
    files = []
    for name, point in (
        ("old", {"certify": {"targets": TARGETS, "steps": 30}}),
        ("new", {"threshold": 0.5} if search is None else {"certify": search}),
    ):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(yaml_text.dump(policy(operating_point=point)))
    (tmp_path / "policies").mkdir()
    found = diff(str(files[0]), str(files[1]), workspace=tmp_path)
    assert any(change.change.part == "operating_point" for change in found.changes), found.changes
    assert diff(str(files[0]), str(files[0]), workspace=tmp_path).changes == ()


OTHERS: dict[str, tuple[Any, Any]] = {
    "review_study": ({"reviewers": "all"}, {"reviewers": "these"}),
    "work": tuple({"officers": officers, "minutes_per_shift": 300, "shifts_per_week": 5} for officers in (12, 1200)),  # type: ignore[dict-item]
    "people": ({"delete_within_days": 30}, {"delete_within_days": 3000}),
}  # fmt: skip


@pytest.mark.parametrize("key", OTHERS)
def test_no_other_promise_about_people_changes_in_silence(tmp_path: Path, key: str) -> None:
    files = []
    for name, value in zip(("old", "new"), OTHERS[key], strict=True):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(yaml_text.dump(policy(human_in_the_loop={**HUMAN, key: value})))
    (tmp_path / "policies").mkdir()
    found = diff(str(files[0]), str(files[1]), workspace=tmp_path)
    assert [change.change.part for change in found.changes] == [f"human_in_the_loop.{key}"]


def test_what_is_written_otherwise_and_means_the_same_is_no_change_of_bands(tmp_path: Path) -> None:
    files = []
    for name, band in (("old", FIRST), ("new", {**FIRST, "shown": True})):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(yaml_text.dump(policy(human_in_the_loop={**HUMAN, "bands": [band, REVIEW, ASIDE]})))
    (tmp_path / "policies").mkdir()
    found = diff(str(files[0]), str(files[1]), workspace=tmp_path)
    assert [change.change.kind for change in found.changes] == ["text"]
