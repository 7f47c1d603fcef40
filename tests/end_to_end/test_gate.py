"""The gate, on real files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import Answer, evalharness
from small_workspace import SmallWorkspace, policy, table

import evalharness as package


@pytest.fixture
def space(tmp_path: Path) -> SmallWorkspace:
    """A workspace with a card for stored predictions that meet the policy, and one run."""
    made = SmallWorkspace(tmp_path).write()
    made.write_card()
    evaluate(made)
    return made


def evaluate(space: SmallWorkspace, *more: object) -> Path:
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--json", *more)
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


def gate(space: SmallWorkspace, *more: object, model: str = "vendor") -> Answer:
    return evalharness("gate", "--policy", "small", "--model", model, "--workspace", space.root, "--json", *more)


def texts(answer: Answer) -> str:
    return "\n".join(reason["text"] for reason in json.loads(answer.out)["reasons"])


def test_only_signatures_are_missing(space: SmallWorkspace) -> None:
    answer = gate(space)
    assert answer.code == 12
    assert {reason["code"] for reason in json.loads(answer.out)["reasons"]} == {12}
    assert "sign-off" in texts(answer)


def test_no_evidence(space: SmallWorkspace) -> None:
    space.write_card("another")
    assert gate(space, model="another").code == 3


def test_a_model_without_a_card_is_named_and_never_passes(space: SmallWorkspace) -> None:
    answer = gate(space, model=f"predictions:{space.predictions}")
    assert answer.code == 3
    assert "no card" in texts(answer)


def test_a_requirement_that_is_not_met_blocks_with_ten(space: SmallWorkspace) -> None:
    space.rows = table(recall=0.5)
    space.write().write_card()
    (space.benchmark / "manifest.json").unlink()
    shutil.rmtree(space.reports)
    evaluate(space)
    answer = gate(space)
    assert answer.code == 10
    assert "recall" in texts(answer)


def test_a_requirement_that_is_not_demonstrated_blocks_with_eleven(space: SmallWorkspace) -> None:
    space.rows = table(120)
    space.write().write_card()
    (space.benchmark / "manifest.json").unlink()
    shutil.rmtree(space.reports)
    evaluate(space)
    assert gate(space).code == 11


def test_a_higher_claim_than_the_evidence_blocks_with_eleven(space: SmallWorkspace) -> None:
    answer = gate(space, "--for", "pilot")
    assert answer.code == 11
    assert "rehearsal" in texts(answer)
    assert gate(space, "--for", "anything").code == 2


def test_another_model_artefact_is_thirteen(space: SmallWorkspace) -> None:
    space.write_predictions(space.rows[["item_id", "score"]].assign(score=0.9))
    assert gate(space).code == 13  # the card still names the old digest
    space.write_card()
    answer = gate(space)
    assert answer.code == 13
    assert "another model artefact" in texts(answer)


@pytest.mark.parametrize(
    "change",
    [
        {"operating_point": {"threshold": 0.4}},
        {"version": 2},
        {"stream": "elsewhere"},
        {"confidence": 0.9},
        {"requirements": [{"id": "recall", "metric": "recall", "at_least": 0.5, "why": "w"}]},
    ],
)
def test_another_threshold_or_policy_text_is_thirteen(space: SmallWorkspace, change: dict[str, Any]) -> None:
    space.write_policy(policy(**change))
    assert gate(space).code == 13


def test_another_text_of_the_card_is_thirteen(space: SmallWorkspace) -> None:
    space.write_card(classes=["1", "0"])
    assert gate(space).code == 13


def test_another_benchmark_is_thirteen(space: SmallWorkspace) -> None:
    (space.benchmark / "manifest.json").unlink()
    space.rows = table(seed=99)
    space.write_table(space.rows.drop(columns="score"))
    answer = evalharness("benchmark", "generate", "small", "--workspace", space.root)
    assert answer.code == 0, answer.err
    assert "other benchmark items" in texts(gate(space))
    assert gate(space).code == 13


def test_a_benchmark_declaration_edited_behind_its_manifest_is_thirteen(space: SmallWorkspace) -> None:
    space.write_benchmark(positive=0)
    assert gate(space).code == 13


def test_an_edited_manifest_is_thirteen(space: SmallWorkspace) -> None:
    path = space.benchmark / "manifest.json"
    path.write_text(path.read_text().replace('"rows"', '"rows" ', 1).replace("7000", "7001"))
    assert gate(space).code == 13


@pytest.mark.parametrize(("old", "new"), [('"rows"', '"rows" '), ('"synthetic": false', '"synthetic": true'), ("\n", "\r\n")])
def test_an_edit_of_the_manifest_that_its_own_digest_does_not_cover_is_thirteen(space: SmallWorkspace, old: str, new: str) -> None:
    path = space.benchmark / "manifest.json"
    assert old in path.read_text()
    path.write_bytes(path.read_text().replace(old, new, 1).encode())
    answer = gate(space)
    assert answer.code == 13
    assert "manifest.json" in texts(answer)


def test_a_benchmark_other_than_the_policys_is_thirteen(space: SmallWorkspace) -> None:
    other = space.root / "datasets_synthetic" / "other"
    shutil.copytree(space.benchmark, other)
    space_of_other = SmallWorkspace(space.root)
    (other / "benchmark.yaml").write_text((other / "benchmark.yaml").read_text().replace('name: "small"', 'name: "other"'))
    (other / "manifest.json").unlink()
    assert evalharness("benchmark", "generate", "other", "--workspace", space.root).code == 0
    assert gate(space_of_other, "--benchmark", "other").code == 13


def test_of_two_matching_runs_the_failing_one_stands(space: SmallWorkspace) -> None:
    passing = next(space.reports.iterdir())
    copy = space.reports / "forged"
    shutil.copytree(passing, copy)
    assert gate(space).code == 12
    # a second, honest run on the same artefact can only differ by the clock; a failing one is made by a policy that was failed
    space.write_policy(policy(requirements=[{"id": "recall", "metric": "recall", "at_least": 0.99, "why": "w"}]))
    evaluate(space)
    answer = gate(space)
    assert answer.code == 10
    assert [run["used"] for run in json.loads(answer.out)["runs"]].count(True) == 1


def test_a_failing_run_stands_beside_a_passing_one(space: SmallWorkspace) -> None:
    """Same model, policy and benchmark, two outcomes: an exemption that covers the failing cell runs out between the two runs."""
    cell = {"sex": "F"}
    rows = table()
    rows.loc[(rows["sex"] == "F"), "score"] = 0.2
    requirements = [
        {"id": "everyone", "metric": "recall", "at_least": 0.8, "for_each": ["sex"], "why": "w",
         "not_judged": [{"group": cell, "why": "w", "until": "2026-06-30"}]},
    ]  # fmt: skip
    space.rows, space.document = rows, policy(requirements=requirements)
    space.write().write_card()
    (space.benchmark / "manifest.json").unlink()
    shutil.rmtree(space.reports)
    before = evaluate(space, "--at", "2026-06-01T00:00:00Z")
    assert json.loads((before / "evidence.json").read_bytes())["verdict"]["outcome"] == "met"
    assert gate(space).code == 10  # the exemption has run out since
    evaluate(space, "--at", "2026-07-01T00:00:00Z")
    answer = gate(space)
    assert answer.code == 10
    assert len([run for run in json.loads(answer.out)["runs"] if run["used"]]) == 2


def test_every_alteration_of_a_run_is_thirteen(space: SmallWorkspace) -> None:
    run = next(space.reports.iterdir())
    originals = {path.name: path.read_bytes() for path in run.iterdir()}
    for name, data in originals.items():
        for place in range(0, len(data), max(1, len(data) // 12)):
            for changed in (data[:place], data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], data[:place] + b" " + data[place:]):
                (run / name).write_bytes(changed)
                answer = gate(space)
                assert answer.code == 13, (name, place, answer.out)
        (run / name).unlink()
        assert gate(space).code == 13, name
        (run / name).write_bytes(data)
    (run / "more.txt").write_text("x")
    assert gate(space).code == 13
    (run / "more.txt").unlink()
    assert gate(space).code == 12


def test_a_verdict_rewritten_with_new_checksums_is_thirteen(space: SmallWorkspace) -> None:
    import rfc8785

    from evalharness.evidence.store import sums

    space.write_policy(policy(requirements=[{"id": "recall", "metric": "recall", "at_least": 0.99, "why": "w"}]))
    shutil.rmtree(space.reports)
    run = evaluate(space)
    evidence = json.loads((run / "evidence.json").read_bytes())
    evidence["verdict"] = {"outcome": "met", "reasons": []}
    evidence["findings"][0]["outcome"] = "met"
    (run / "evidence.json").write_bytes(rfc8785.dumps(evidence))
    (run / "SHA256SUMS").unlink()
    (run / "SHA256SUMS").write_bytes(sums({path.name: path.read_bytes() for path in run.iterdir()}))
    assert gate(space).code == 13


def test_a_damaged_run_of_another_model_does_not_block_this_one(space: SmallWorkspace) -> None:
    run = next(space.reports.iterdir())
    foreign = space.reports / run.name.replace("-vendor-", "-someone-")
    shutil.copytree(run, foreign)
    (foreign / "evidence.json").write_text("{")
    assert gate(space).code == 12
    foreign.rename(space.reports / "no-name")
    assert gate(space).code == 13  # nobody can say whose it is


def test_folders_that_are_no_runs_and_examples_are_left_alone(space: SmallWorkspace) -> None:
    (space.reports / "empty").mkdir()
    (space.reports / "figures").mkdir()
    (space.reports / "figures" / "a.txt").write_text("x")
    (space.reports / ".unfinished.tmp-1-x").mkdir()
    shutil.copytree(next(p for p in space.reports.iterdir() if (p / "evidence.json").exists()), space.reports / "examples" / "run")
    assert gate(space).code == 12
    assert gate(space, "--reports", space.reports / "examples").code == 2


def test_a_linked_run_is_never_believed(space: SmallWorkspace, tmp_path: Path) -> None:
    run = next(space.reports.iterdir())
    moved = tmp_path / "moved"
    run.rename(moved)
    (space.reports / run.name).symlink_to(moved)
    assert gate(space).code == 13


def test_the_past_and_the_future_do_not_pass(space: SmallWorkspace) -> None:
    assert "earlier than the clock" in texts(gate(space, "--at", "2020-01-01T00:00:00Z"))
    evaluate(space, "--at", "2999-01-01T00:00:00Z")
    answer = gate(space)
    assert answer.code == 11
    assert "later than" in texts(answer)
    assert gate(space, "--at", "yesterday").code == 2


def test_the_python_function_works_twice_and_stays_a_function(space: SmallWorkspace) -> None:
    for _ in range(2):
        assert package.gate("small", "vendor", workspace=space.root).code == 12
        assert callable(package.gate)


def test_the_gate_loads_no_heavy_library(space: SmallWorkspace) -> None:
    code = (
        "import sys, evalharness\n"
        f"for _ in range(2): d = evalharness.gate('small', 'vendor', workspace=__import__('pathlib').Path({str(space.root)!r}))\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'pyarrow', 'sklearn', 'mlflow', 'fairlearn', 'skops'} & set(sys.modules)\n"
        "print(d.code, sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "12 []"
