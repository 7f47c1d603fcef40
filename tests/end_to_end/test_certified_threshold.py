"""A threshold that is found and certified before the test: evaluate, verify, altered evidence, and what cannot use it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rfc8785
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces
from evalharness.stats.proportion import clopper_pearson_lower
from evalharness.workflows import verify
from evalharness.workflows.diff import diff

ROWS = 6_000
FOUND, FALSE_ALARMS = {"metric": "recall", "at_least": 0.9}, {"metric": "false_positive_rate", "at_most": 0.3}
HUMAN = {"minutes_per_review": 3, "items_per_week": 5000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}


def items(seed: int = 5) -> pd.DataFrame:
    """Three splits; scores of the relevant rise with them, and cases of one to four items lie in one split each."""
    rows = table(ROWS, seed)
    rng = np.random.default_rng(seed)
    relevant = rows["y_true"] == "1"
    rows["score"] = np.where(relevant, rng.beta(6, 2, ROWS), rng.beta(2, 5, ROWS)).round(6)
    case = np.repeat(np.arange(ROWS), rng.integers(1, 5, ROWS))[:ROWS]
    rows["case_id"] = [f"case-{c:05d}" for c in case]
    rows["split"] = np.array(["train", "calibration", "test"])[case % 3]
    return rows


def space_of(root: Path, certify: dict[str, Any], rows: pd.DataFrame | None = None) -> SmallWorkspace:
    space = SmallWorkspace(root, rows=items() if rows is None else rows)
    space.document = policy(operating_point={"certify": certify}, human_in_the_loop=HUMAN)
    space.write()
    columns = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"], "cluster": "case_id"}
    space.write_benchmark(columns={**columns, "split": "split"} if "split" in space.rows else columns)
    space.write_card()
    return space


def evaluated(space: SmallWorkspace) -> Path:
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--json")
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


def evidence_of(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "evidence.json").read_bytes())
    return found


def forge(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the evidence and rewrites what follows from it."""
    evidence = evidence_of(run)
    change(evidence)
    data = rfc8785.dumps(evidence)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SmallWorkspace:
    return space_of(tmp_path_factory.mktemp("certified") / "w", {"targets": [FOUND, FALSE_ALARMS], "steps": 60})


@pytest.fixture(scope="module")
def finished(space: SmallWorkspace) -> Path:
    return evaluated(space)


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / finished.name
    copy.mkdir()
    for file in finished.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def test_the_threshold_keeps_its_targets_by_bounds_counted_by_hand(space: SmallWorkspace, finished: Path) -> None:
    evidence = evidence_of(finished)
    point, found = evidence["operating_point"], evidence["oversight"]["certify"]
    assert point["chosen"] == "certified"
    assert point["threshold"] == found["threshold"] > found["start"]
    rows = space.rows[(space.rows["split"] == "calibration") & (space.rows["y_true"] == "1")]
    tried = {one["threshold"]: one for one in found["tried"]}
    for threshold, one in tried.items():
        hits = rows["score"] >= threshold
        by_case = rows.assign(hit=hits).groupby("case_id")["hit"].agg(["sum", "size"])
        rest = by_case["size"] - by_case["sum"]
        assert one["counts"][0] == [hits.sum(), (by_case["sum"] ** 2).sum(), (rest**2).sum()]
        n_eff = by_case["size"].sum() ** 2 / (by_case["size"] ** 2).sum()
        assert one["limits"][0] <= float(clopper_pearson_lower(hits.mean() * n_eff, n_eff, 0.05)) + 1e-9
    last, failed = (list(tried)[place] for place in (-2, -1))
    assert last == found["threshold"]
    assert tried[last]["limits"][0] >= 0.9 > tried[failed]["limits"][0]
    assert found["rows"] == {name: int((space.rows["split"] == name).sum()) for name in ("train", "calibration")}


def test_the_test_split_is_judged_at_that_threshold(space: SmallWorkspace, finished: Path) -> None:
    evidence = evidence_of(finished)
    judged = space.rows[space.rows["split"] == "test"]
    hits = (judged["score"] >= evidence["operating_point"]["threshold"]) & (judged["y_true"] == "1")
    assert evidence["tallies"]["confusion"][0]["tp"] == hits.sum()
    recall = next(e for e in evidence["estimates"] if e["metric"] == "recall" and not e["group"])
    assert recall["value"] == pytest.approx(hits.sum() / (judged["y_true"] == "1").sum())


def test_the_run_verifies_and_replays(space: SmallWorkspace, finished: Path) -> None:
    found = verify.verify_run(finished, workspace=space.root, replay=True)
    assert found.code == 0, found.problems


def test_the_report_tells_of_it(finished: Path) -> None:
    report = (finished / "report.md").read_text()
    assert report.count("Other thresholds in plain numbers") == 1  # that of the certificate
    assert "## The threshold, and how it was certified" in report
    assert "That threshold was certified on other items before this test." in report
    assert "(certified)" in report
    assert "The supplier may have seen the items on which it was certified." in report


def other_threshold(evidence: dict[str, Any]) -> None:
    for part in (evidence["operating_point"], evidence["oversight"]["certify"]):
        part["threshold"] = evidence["oversight"]["certify"]["tried"][-1]["threshold"]


def better_bound(evidence: dict[str, Any]) -> None:
    last = evidence["oversight"]["certify"]["tried"][-1]
    last["limits"][0] = 0.95
    other_threshold(evidence)


def more_found(evidence: dict[str, Any]) -> None:
    counts = evidence["oversight"]["certify"]["tried"][-2]["counts"][0]
    counts[0] += 1


def laxer_target(evidence: dict[str, Any]) -> None:
    evidence["oversight"]["certify"]["targets"][0]["bound"] = 0.8


def said_to_be_fixed(evidence: dict[str, Any]) -> None:
    evidence["operating_point"]["chosen"] = "fixed"
    del evidence["oversight"]["certify"]
    if not evidence["oversight"]:
        del evidence["oversight"]


def another_level(evidence: dict[str, Any]) -> None:
    evidence["oversight"]["certify"]["level"] = 0.9


def went_on(evidence: dict[str, Any]) -> None:
    evidence["oversight"]["certify"]["tried"].append({**evidence["oversight"]["certify"]["tried"][-1], "threshold": 2.0})


def shorter(evidence: dict[str, Any]) -> None:
    del evidence["oversight"]["certify"]["tried"][0]


@pytest.mark.parametrize(
    "change", [other_threshold, better_bound, more_found, laxer_target, said_to_be_fixed, another_level, went_on, shorter]
)
def test_altered_evidence_is_found_out(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    forge(run, change)
    found = verify.verify_run(run, workspace=run.parent)
    assert found.code == 13, change.__name__
    assert any("certify" in problem or "operating_point" in problem for problem in found.problems), found.problems


@pytest.mark.parametrize("search", [{"steps": 20}, {"grid": 10}])
def test_where_nothing_can_be_certified_nothing_is_judged(tmp_path: Path, search: dict[str, int]) -> None:
    strict = {"targets": [{"metric": "recall", "at_least": 0.9999}, {"metric": "review_rate", "at_most": 0.01}], **search}
    run = evaluated(space_of(tmp_path, strict))
    evidence = evidence_of(run)
    assert evidence["operating_point"]["threshold"] is None
    assert {finding["outcome"] for finding in evidence["findings"]} == {"not_evaluable"}
    assert {finding["reason"] for finding in evidence["findings"]} == {"no threshold could be certified, so nothing here may be used"}
    assert "no_certificate" in {notice["kind"] for notice in evidence["notices"]}
    assert "No threshold could be certified" in (run / "report.md").read_text()
    assert verify.verify_run(run, workspace=tmp_path, replay=True).code == 0


def test_a_grid_prefers_the_lowest_threshold_where_finding_most_is_asked(tmp_path: Path) -> None:
    run = evaluated(space_of(tmp_path, {"targets": [FOUND, FALSE_ALARMS], "prefer": "most_found", "grid": 12}))
    found = evidence_of(run)["oversight"]["certify"]
    held = [one["threshold"] for one in found["tried"] if one["limits"][0] >= 0.9 and one["limits"][1] <= 0.3]
    assert found["threshold"] == min(held)
    assert len(found["tried"]) == found["candidates"] <= 12
    assert "alpha=0.05/12" in found["method"]
    assert verify.verify_run(run, workspace=tmp_path, replay=True).code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "--policy", "small"),
        ("evaluate", "--policy", "small", "--model", "vendor", "--stress", "--settings", "4"),
        ("evaluate", "--policy", "small", "--model", "vendor", "--split", "calibration"),
    ],
    ids=["plan", "stress", "the-split-of-the-search"],
)
def test_what_needs_a_fixed_threshold_refuses_in_a_sentence(space: SmallWorkspace, command: tuple[str, ...]) -> None:
    answer = evalharness(*command, "--workspace", space.root)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert "certif" in answer.err or "threshold is found on this split" in answer.err, answer.err


def test_a_table_without_the_splits_is_refused(tmp_path: Path) -> None:
    space = space_of(tmp_path, {"targets": [FOUND]}, rows=items().drop(columns="split"))
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root)
    assert answer.code == 2
    assert "a certified threshold needs items that are not judged" in answer.err


def test_a_case_in_two_splits_is_refused(tmp_path: Path) -> None:
    rows = items()
    rows.loc[rows["split"] == "calibration", "case_id"] = rows.loc[rows["split"] == "test", "case_id"].iloc[0]
    space = space_of(tmp_path, {"targets": [FOUND]}, rows=rows)
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root)
    assert answer.code == 2
    assert "clusters stand in two splits" in answer.err


def test_items_without_an_answer_count_in_the_worst_way(tmp_path: Path) -> None:
    rows = items()
    space = space_of(tmp_path, {"targets": [FOUND, FALSE_ALARMS], "steps": 20})
    gone = (rows["split"] == "calibration") & (rows.index % 10 == 0)
    space.write_predictions(rows.loc[~gone, ["item_id", "score"]])
    space.write_card()
    found = evidence_of(evaluated(space))["oversight"]["certify"]
    assert found["unanswered"] == {"train": 0, "calibration": int(gone.sum())}
    there = rows[rows["split"] == "calibration"]
    first = found["tried"][0]
    selected = (there["score"] >= first["threshold"]) & ~gone
    assert first["counts"][0][0] == (selected & (there["y_true"] == "1")).sum()
    assert first["counts"][1][0] == ((selected | gone[there.index]) & (there["y_true"] == "0")).sum()


EVERY_SEX = {"metric": "recall", "at_least": 0.85, "for_each": ["sex"]}


@pytest.fixture(scope="module")
def by_group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    targets = [{"metric": "recall", "at_least": 0.88}, EVERY_SEX, {**FALSE_ALARMS, "at_most": 0.35}]
    return evaluated(space_of(tmp_path_factory.mktemp("groups") / "w", {"targets": targets, "steps": 60}))


def test_every_group_keeps_the_target_that_is_asked_of_each(by_group: Path) -> None:
    found = evidence_of(by_group)["oversight"]["certify"]
    rows = items()
    rows = rows[(rows["split"] == "calibration") & (rows["y_true"] == "1")]
    asked = [(one["metric"], one.get("group", {})) for one in found["targets"]]
    assert asked == [("recall", {}), ("recall", {"sex": "F"}), ("recall", {"sex": "M"}), ("false_positive_rate", {})]
    last = next(one for one in found["tried"] if one["threshold"] == found["threshold"])
    for place, sex in ((1, "F"), (2, "M")):
        of = rows[rows["sex"] == sex]
        hits = of["score"] >= found["threshold"]
        assert found["targets"][place]["total"] == len(of)
        assert last["counts"][place][0] == hits.sum()
        sizes = of.groupby("case_id").size()
        n_eff = len(of) ** 2 / (sizes**2).sum()
        assert 0.85 <= last["limits"][place] <= float(clopper_pearson_lower(hits.mean() * n_eff, n_eff, 0.05)) + 1e-9
    assert "sex F" in (by_group / "report.md").read_text()
    assert verify.verify_run(by_group, workspace=by_group.parent.parent, replay=True).code == 0


def drop_a_group(evidence: dict[str, Any]) -> None:
    found = evidence["oversight"]["certify"]
    del found["targets"][1]
    for one in found["tried"]:
        del one["counts"][1], one["limits"][1]


def name_another_group(evidence: dict[str, Any]) -> None:
    evidence["oversight"]["certify"]["targets"][1]["group"] = {"sex": "M"}


def of_everybody(evidence: dict[str, Any]) -> None:
    del evidence["oversight"]["certify"]["targets"][1]["group"]


def no_group(evidence: dict[str, Any]) -> None:
    found = evidence["oversight"]["certify"]["targets"][1]
    found["total"] = found["total2"] = found["clusters"] = 0


@pytest.mark.parametrize("change", [drop_a_group, name_another_group, of_everybody, no_group])
def test_a_group_that_was_left_out_is_found_out(by_group: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    copy = tmp_path / by_group.name
    copy.mkdir()
    for file in by_group.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    forge(copy, change)
    assert verify.verify_run(copy, workspace=tmp_path).code == 13


@pytest.mark.parametrize("left", [0, 3])
def test_a_group_that_is_too_small_certifies_nothing_and_is_named(tmp_path: Path, left: int) -> None:
    rows = items()
    rows["sex"] = np.where(np.arange(ROWS) % 2 == 0, "F", "M")
    few = rows.index[rows["split"] == "calibration"]
    rows.loc[few, "sex"] = "F"
    relevant = few[rows.loc[few, "y_true"] == "1"]
    rows.loc[relevant[:left], "sex"] = "M"
    run = evaluated(space_of(tmp_path, {"targets": [EVERY_SEX], "steps": 30}, rows=rows))
    evidence = evidence_of(run)
    assert evidence["operating_point"]["threshold"] is None
    assert {finding["outcome"] for finding in evidence["findings"]} == {"not_evaluable"}
    named = [limit for limit in evidence["limits"] if f"the target for recall of sex=M: the split calibration has {left} items" in limit]
    assert len(named) == 1, evidence["limits"]
    assert any("1 of 2 targets are about so few items" in notice["text"] for notice in evidence["notices"])
    assert verify.verify_run(run, workspace=tmp_path).code == 0


def test_a_group_that_the_benchmark_lacks_is_refused_before_anything_runs(tmp_path: Path) -> None:
    space = space_of(tmp_path, {"targets": [{**FOUND, "for_each": ["sexx"]}]})
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root)
    assert answer.code == 2
    assert "the benchmark has no such group attribute" in answer.err
    assert "sex" in answer.err.split("expected")[1]


def fewer_selected(evidence: dict[str, Any]) -> None:
    """A better precision than was counted."""
    evidence["oversight"]["certify"]["tried"][-1]["counts"][1][3] -= 5


def as_if_fixed(evidence: dict[str, Any]) -> None:
    for one in evidence["oversight"]["certify"]["tried"]:
        one["counts"][1] = one["counts"][1][:3]


def more_than_there_are(evidence: dict[str, Any]) -> None:
    found = evidence["oversight"]["certify"]
    found["targets"][1]["total"] = found["targets"][1]["total2"] = found["targets"][1]["clusters"] = 1


def test_precision_and_elusion_can_be_certified_too(tmp_path: Path) -> None:
    targets = [{"metric": "recall", "at_least": 0.8}, {"metric": "precision", "at_least": 0.6}, {"metric": "elusion", "at_most": 0.3}]
    run = evaluated(space_of(tmp_path, {"targets": targets, "steps": 60}))
    found = evidence_of(run)["oversight"]["certify"]
    rows = items()
    rows = rows[rows["split"] == "calibration"]
    last = next(one for one in found["tried"] if one["threshold"] == found["threshold"])
    flagged = rows["score"] >= found["threshold"]
    relevant = rows["y_true"] == "1"
    for place, inside in ((1, flagged), (2, ~flagged)):
        counted = last["counts"][place]
        assert counted[0] == (inside & relevant).sum()
        assert counted[3:5] == [inside.sum(), rows["case_id"][inside].nunique()]
    assert last["limits"][1] >= 0.6
    assert last["limits"][2] <= 0.3
    assert "Share of what is selected that is relevant" in (run / "report.md").read_text()
    assert verify.verify_run(run, workspace=tmp_path, replay=True).code == 0
    for change in (fewer_selected, as_if_fixed, more_than_there_are):
        copy = tmp_path / "copies" / change.__name__
        copy.mkdir(parents=True)
        for file in run.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        forge(copy, change)
        assert verify.verify_run(copy, workspace=tmp_path).code == 13, change.__name__


def other_model(space: SmallWorkspace, scores: np.ndarray) -> None:
    """A second model with scores of its own."""
    path = space.predictions.with_name("other.csv")
    pd.DataFrame({"item_id": space.rows["item_id"], "score": scores}).to_csv(path, index=False, lineterminator="\n")
    space.write_card("other", artifact="other.csv", sha256="sha256:" + hashlib.sha256(path.read_bytes()).hexdigest())


def compared(space: SmallWorkspace, *more: str) -> dict[str, Any]:
    out = space.root / "compared"
    answer = evalharness(
        "compare", "--policy", "small", "--model", "vendor", "--model", "other", "--workspace", space.root, "--out", out, *more
    )  # fmt: skip
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads((out / "compare.json").read_bytes())
    return found


@pytest.mark.parametrize("attempt", [(), ("--attempt", "2")])
def test_models_are_compared_each_at_the_threshold_certified_for_it(tmp_path: Path, attempt: tuple[str, ...]) -> None:
    space = space_of(tmp_path, {"targets": [FOUND, FALSE_ALARMS], "steps": 40})
    other_model(space, (space.rows["score"].to_numpy() * 0.5 + 0.25).round(6))
    found = compared(space, *attempt)
    told = next(text for text in found["notices"] if "the threshold that was certified for it" in str(text))
    thresholds = {name: float(told.split(f"{name} ")[1].split(",")[0].split(". ")[0]) for name in ("vendor", "other")}
    assert thresholds["other"] == pytest.approx(thresholds["vendor"] * 0.5 + 0.25, abs=0.02), "the same order, other scores"
    judged = space.rows[space.rows["split"] == "test"]
    relevant = judged["y_true"] == "1"
    for model in found["models"]:
        scores = judged["score"] if model["name"] == "vendor" else judged["score"] * 0.5 + 0.25
        recall = next(e for e in model["estimates"] if e["metric"] == "recall")
        assert recall["value"] == pytest.approx(((scores.round(6) >= thresholds[model["name"]]) & relevant).sum() / relevant.sum())
    if not attempt:
        vendor = evidence_of(evaluated(space))["operating_point"]["threshold"]
        assert thresholds["vendor"] == vendor, "that of evaluate"


@pytest.mark.parametrize("blind", ["vendor", "other"])
def test_a_model_without_a_certified_threshold_is_never_called_not_worse(tmp_path: Path, blind: str) -> None:
    space = space_of(tmp_path, {"targets": [FOUND, FALSE_ALARMS], "steps": 20})
    noise = np.random.default_rng(1).random(ROWS).round(6)
    if blind == "vendor":
        other_model(space, space.rows["score"].to_numpy())
        space.write_predictions(pd.DataFrame({"item_id": space.rows["item_id"], "score": noise}))
        space.write_card()
    else:
        other_model(space, noise)
    found = compared(space)
    assert {finding["outcome"] for finding in (*found["paired"], *found["together"]["findings"])} == {"not_evaluable"}
    verdicts = {model["name"]: model["verdict"] for model in found["models"]}
    assert verdicts[blind] == "not_evaluable"
    assert all(not model["dominated_by"] for model in found["models"])
    assert any(f"{blind}: no threshold could be certified" in str(text) for text in found["notices"])
    assert found["disagreements"] == []


def test_diff_tells_of_another_threshold_that_was_certified(tmp_path: Path) -> None:
    """The same policy, model and items by name; the scores on the calibration split are others."""
    first, second = (space_of(tmp_path / name, {"targets": [FOUND], "steps": 20}) for name in ("a", "b"))
    second.write_predictions(second.rows[["item_id"]].assign(score=(second.rows["score"] * 0.9).round(6)))
    second.write_card()
    runs = [evaluated(space) for space in (first, second)]
    told = [change.change.text for change in diff(str(runs[0]), str(runs[1]), workspace=first.root).changes]
    thresholds = [evidence_of(run)["operating_point"]["threshold"] for run in runs]
    assert f"threshold of the run: {thresholds[0]:.10g} (certified) → {thresholds[1]:.10g} (certified)" in told
    assert not any("threshold" in c.change.text for c in diff(str(runs[0]), str(runs[0]), workspace=first.root).changes)
