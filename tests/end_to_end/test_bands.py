"""Bands from the policy to page one: evaluated, verified, altered, and told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_workspace import SmallWorkspace, policy, table

from evalharness.digests import canonical_json, sha256_file
from evalharness.errors import BadInput
from evalharness.workflows.compare import compare
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.verify import verify_run

AT = "2026-11-20T00:00:00Z"
PEOPLE = {"minutes_per_review": 3, "items_per_week": 500, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
REVIEW = {"name": "review", "from": "operating_point", "readers": 1}
BANDS = [
    {"name": "first", "from": 0.9, "readers": 2},
    REVIEW,
    {"name": "set_aside", "rest": True, "readers": 0, "opened_within_days": 90},
]
CLOSING = [REVIEW, {"name": "closed", "rest": True, "readers": 0, "spot_check": {"share": 0.02, "blind": True}}]
ASKED: list[dict[str, Any]] = [
    {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.2, "why": "w"},
    {"id": "closed", "metric": "closed_by_machine_rate", "equals": 0, "why": "w"},
    {"id": "deferred", "metric": "deferral_rate", "at_most": 0.3, "why": "w"},
    {"id": "errors", "metric": "selective_risk", "at_most": 0.12, "for_each": ["sex", ["sex", "race"]], "why": "w"},
    {"id": "opened", "metric": "opened_rate_relevant", "at_least": 0.9, "why": "w"},
]

OF_BANDS = ("closed", "deferred", "errors", "opened")


def run_of(
    root: Path, bands: Any, *, rows: pd.DataFrame | None = None, clustered: bool = False, **people: Any
) -> tuple[Path, dict[str, Any]]:
    block = {**PEOPLE, **people, **({} if bands is None else {"bands": bands})}
    rows = table(rows=2_000) if rows is None else rows
    place = SmallWorkspace(root, rows=rows, document=policy(human_in_the_loop=block, requirements=ASKED)).write()
    if clustered:
        columns = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"], "cluster": "case"}
        place.write_benchmark(columns=columns)
    run = evaluate("small", f"predictions:{place.predictions}", workspace=root, out=root / "run", at=AT)
    return run.folder, json.loads((run.folder / "evidence.json").read_text(encoding="utf-8"))


def outcomes(evidence: dict[str, Any], requirement: str) -> list[str]:
    return [finding["outcome"] for finding in evidence["findings"] if finding["requirement"] == requirement]


def altered(folder: Path) -> tuple[str, ...]:
    """What `verify` finds; with anything at all it answers 13."""
    found = verify_run(folder, workspace=folder.parent)
    assert found.code == (13 if found.problems else 0)
    return found.problems


def rewritten(folder: Path, evidence: dict[str, Any]) -> None:
    """As somebody would who also corrects the list of files."""
    path = folder / "evidence.json"
    old = sha256_file(path).removeprefix("sha256:")
    path.write_bytes(canonical_json(evidence))
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(old, sha256_file(path).removeprefix("sha256:")))


def test_shares_of_everybody_and_of_groups_are_those_of_the_table(tmp_path: Path):
    rows = table(rows=2_000)
    rows["case"] = [f"case-{i // 3:05d}" for i in range(len(rows))]
    _, evidence = run_of(tmp_path, BANDS, rows=rows, clustered=True, defer={"within": 0.05})
    person = (rows["score"] - 0.5).abs() < 0.05
    selected, relevant = rows["score"] >= 0.5, rows["y_true"] == "1"
    wrong = (selected != relevant) & ~person
    told = {(row["metric"], tuple(sorted(row["group"].items()))): row for row in evidence["tallies"]["shares"]}
    asked = [(), *((("sex", s),) for s in "FM"), *((("race", r), ("sex", s)) for s in "FM" for r in "ABC")]
    assert sorted(group for metric, group in told if metric == "selective_risk") == sorted(asked)
    for group in asked:
        inside = np.logical_and.reduce([np.ones(len(rows), bool), *(rows[name] == level for name, level in group)])
        row, kept = told["selective_risk", group], inside & ~person
        sizes = rows.loc[kept].groupby("case").size()
        hits = wrong[kept].groupby(rows.loc[kept, "case"]).sum()
        assert (row["part"], row["total"]) == (int((wrong & inside).sum()), int(kept.sum()))
        squares = [int((part**2).sum()) for part in (sizes, hits, sizes - hits)]
        assert row["ways"] == {"case": [len(sizes), *squares]}
    items = evidence["oversight"]["bands"]["items"]
    assert items == {
        "first": int((~person & (rows["score"] >= 0.9)).sum()), "review": int((~person & selected & (rows["score"] < 0.9)).sum()),
        "set_aside": int((~person & ~selected).sum()), "to_a_person": int(person.sum()),
    }  # fmt: skip


def test_a_promise_to_open_decides_rehearsals_and_says_so(tmp_path: Path):
    folder, evidence = run_of(tmp_path, BANDS)
    assert outcomes(evidence, "closed") == ["met"]
    (closed,) = (finding for finding in evidence["findings"] if finding["requirement"] == "closed")
    assert closed["rests_on"] == ["declared: opening of the rest"]
    assert outcomes(evidence, "errors") == ["met"] * 2 + outcomes(evidence, "errors")[2:]
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert "promises that a person opens all of “set aside” within 90 days. Nobody has measured that." in page
    assert "This policy does not say" not in page
    assert not altered(folder)


def test_what_the_machine_closes_is_refused_until_it_is_said_and_then_page_one_says_it(tmp_path: Path):
    with pytest.raises(BadInput, match="the machine could close items by itself"):
        run_of(tmp_path / "silent", CLOSING)
    folder, evidence = run_of(tmp_path / "said", CLOSING, machine_closes={"why": "Nobody has the time."})
    assert outcomes(evidence, "closed") == ["not_met"]
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert "THE MACHINE CLOSES ITEMS BY ITSELF" in page.split("\n## ")[0] + page[: len(page) // 4]
    assert "The policy says why: Nobody has the time." in page
    assert not altered(folder)
    evidence["notices"] = [notice for notice in evidence["notices"] if notice["kind"] != "machine_closes"]
    rewritten(folder, evidence)
    assert any("the machine closes items" in problem for problem in altered(folder))


def test_a_policy_without_bands_is_read_and_page_one_says_that_it_is_silent(tmp_path: Path):
    folder, evidence = run_of(tmp_path, None)
    assert "oversight" not in evidence
    assert outcomes(evidence, "closed") == ["not_evaluable"]
    assert "This policy does not say what happens to the items that are set aside." in (folder / "report.md").read_text(encoding="utf-8")
    assert not altered(folder)


def test_compare_judges_each_model_as_evaluate_does(tmp_path: Path):
    folder, evidence = run_of(tmp_path, BANDS)
    rows = table(rows=2_000)
    other = tmp_path / "model_cards" / "other.csv"
    rows.assign(score=0.5)[["item_id", "score"]].to_csv(other, index=False)
    models = [f"predictions:{tmp_path / 'model_cards' / 'predictions.csv'}", f"predictions:{other}"]
    compare("small", models, workspace=tmp_path, out=tmp_path / "together", at=AT)
    told = json.loads((tmp_path / "together" / "compare.json").read_text(encoding="utf-8"))["models"]
    assert told[0]["verdict"] == evidence["verdict"]["outcome"] != "not_evaluable"
    of_bands = [[f["requirement"], f["outcome"], f["lower"], f["upper"]] for f in evidence["findings"] if f["requirement"] in OF_BANDS]
    assert [
        [f["requirement"], f["outcome"], f["lower"], f["upper"]] for f in told[0]["findings"] if f["requirement"] in OF_BANDS
    ] == of_bands
    assert not altered(folder)


ALTERED = [
    lambda e: e["oversight"]["bands"]["items"].update(first=e["oversight"]["bands"]["items"]["first"] + 1),
    lambda e: e["oversight"]["bands"]["relevant"].update(set_aside=0),
    lambda e: e["oversight"].pop("bands"),
    lambda e: next(row for row in e["tallies"]["shares"] if row["metric"] == "selective_risk").update(part=0),
    lambda e: next(row for row in e["tallies"]["shares"] if row["metric"] == "closed_by_machine_rate").pop("rests_on"),
    lambda e: e["tallies"]["shares"].pop(0),
    lambda e: next(x for x in e["estimates"] if x["metric"] == "opened_rate_relevant").update(lower=0.9999),
]


@pytest.mark.parametrize("metric", ["selective_risk", "unread_double_rate", "top_class_unread_rate"])
def test_shares_are_held_to_the_counts_of_answers(tmp_path: Path, written: Path, metric: str):
    """Even if their estimate, and all that rests on it, were made anew."""
    folder = shutil.copytree(written, tmp_path / "copy") / "run"
    evidence = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    row = next(row for row in evidence["tallies"]["shares"] if row["metric"] == metric and not row["group"])
    assert row["part"]
    row["part"] = 0
    row["ways"] = {name: [clusters, total2, 0, total2] for name, (clusters, total2, _, _) in row["ways"].items()}
    rewritten(folder, evidence)
    assert any(problem.startswith(f"tallies.shares: {metric}: it is 0, and bands and counts") for problem in altered(folder))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of one run, to be copied."""
    root = tmp_path_factory.mktemp("bands")
    run_of(root, BANDS)
    return root


@pytest.mark.parametrize("place", range(len(ALTERED)))
def test_one_altered_number_is_found(tmp_path: Path, written: Path, place: int):
    folder = shutil.copytree(written, tmp_path / "copy") / "run"
    evidence = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    ALTERED[place](evidence)
    rewritten(folder, evidence)
    own = [problem for problem in altered(folder) if "not what this version makes" not in problem]
    assert own, "found by more than the faces"
