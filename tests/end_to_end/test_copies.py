"""Twins and disturbed copies through `evaluate`: the same counts as by hand, never in the main figures, and told where they are missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from command import evalharness
from scipy.stats import beta
from shipped_workspace import shipped

from evalharness.benchmarks.batch import Batch
from evalharness.benchmarks.copied_items import CopiedItems
from evalharness.errors import BadInput
from evalharness.files.workspace import find_workspace
from evalharness.workflows.counting_copies import LEFT_OUT
from evalharness.workflows.evaluate import Run, evaluate
from evalharness.workflows.inputs import Request, read_inputs
from evalharness.workflows.plan import plan
from evalharness.workflows.verify import verify_run

AT = "2026-06-01T09:00:00Z"
ROWS = 8_000
MODEL = "triage-reference"
ASKED = """\
  - {id: marker, metric: flip_rate, under: marker, at_most: 0.5, for_each: [[sex, ethnicity]], why: w}
  - {id: channel, metric: newly_missed_rate, under: proxy, at_most: 0.5, why: w}
  - {id: noisy, metric: recall, under: noise, at_least: 0.1, for_each: [sex], why: w}
"""


def _workspace(folder: Path, benchmark: str, *models: str, share: float = 0.25, rows: int = ROWS) -> Path:
    """The shipped recipe with fewer items and more copies, and requirements under kinds of copies for messages."""
    root = shipped(folder / "w", benchmark, *models)
    recipe = root / "datasets_synthetic" / benchmark / "benchmark.yaml"
    text = recipe.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("  rows:"))
    recipe.write_text(text.replace(old, f"  rows: {rows}").replace("copies: {share: 0.02", f"copies: {{share: {share}"), encoding="utf-8")
    (recipe.parent / "manifest.json").unlink()
    if benchmark == "message-triage":
        policy = root / "policies" / "message-triage.yaml"
        policy.write_text(policy.read_text(encoding="utf-8").replace("requirements:\n", "requirements:\n" + ASKED, 1), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _workspace(tmp_path_factory.mktemp("copies"), "message-triage", MODEL)


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    return evaluate("message-triage", MODEL, workspace=root, out=root / "run", at=AT)


def _data(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(items of the judged split, their copies with the item of each)."""
    (folder,) = (root / "datasets_synthetic" / "message-triage" / "data").iterdir()
    items = pd.read_parquet(folder / "items.parquet").query("split == 'test'")
    twins = pd.read_parquet(folder / "twins.parquet", columns=["item_id", "kind"])
    return items, twins.merge(pd.read_parquet(folder / "truth" / "twin_truth.parquet", columns=["item_id", "of"]), on="item_id")


def _estimate(run: Run, metric: str, kind: str, **group: str) -> dict[str, Any]:
    (found,) = [
        e for e in run.evidence["estimates"] if (e["metric"], e.get("condition"), e["group"]) == (metric, f"under {kind}", group)
    ]  # fmt: skip
    return found


def _scored(root: Path, name: str, *, drop: Any = None, copies: bool = True, seed: int = 3) -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    """Predictions for items and copies, of which copies often go another way; `drop(ids)` says which ids are left out."""
    items, twins = _data(root)
    rng = np.random.default_rng(seed)
    items = items.assign(score=np.where(rng.random(len(items)) < 0.2, 0.9, 0.1))
    moved = twins.merge(items[["item_id", "score"]].rename(columns={"item_id": "of"}), on="of")
    moved["score"] = np.where(rng.random(len(moved)) < 0.15, 1 - moved["score"], moved["score"])
    answers = pd.concat([items[["item_id", "score"]], *([moved[["item_id", "score"]]] if copies else [])])
    if drop is not None:
        gone = drop(answers["item_id"])
        answers = answers[~gone]
        items.loc[items["item_id"].isin(answers["item_id"]) == False, "score"] = np.nan  # noqa: E712
        moved.loc[moved["item_id"].isin(answers["item_id"]) == False, "score"] = np.nan  # noqa: E712
    path = root / f"{name}.csv"
    answers.sample(frac=1, random_state=1).to_csv(path, index=False)
    return path, items, moved


def _pairs(items: pd.DataFrame, moved: pd.DataFrame, kind: str) -> pd.DataFrame:
    mine = moved[moved["kind"] == kind].drop(columns="kind").rename(columns={"score": "copy_score", "item_id": "copy_id"})
    pairs = items.merge(mine, left_on="item_id", right_on="of")
    known = pairs["score"].notna() & pairs["copy_score"].notna()
    before, after = pairs["score"] >= 0.5, pairs["copy_score"] >= 0.5
    return pairs.assign(known=known, before=before, after=after, changed=~known | (before != after))


def _of_predictions(root: Path, path: Path) -> Run:
    out = root / path.stem
    shutil.rmtree(out, ignore_errors=True)
    return evaluate("message-triage", f"predictions:{path}", workspace=root, out=out, at=AT)


@pytest.fixture(scope="module")
def answered(root: Path, run: Run) -> tuple[Run, pd.DataFrame, pd.DataFrame]:
    """Predictions with answers to all copies: the run, the items and the copies with what was answered."""
    path, items, moved = _scored(root, "all")
    return _of_predictions(root, path), items, moved


def test_a_model_that_ignores_what_was_changed_never_decides_otherwise(run: Run) -> None:
    """It does not read the channel: no twin by another channel is decided otherwise, and the bound is the exact one of no success."""
    for kind in ("proxy", "missing"):
        found = _estimate(run, "flip_rate", kind)
        assert found["value"] == 0
        assert found["upper"] == pytest.approx(1 - 0.05 ** (1 / found["n_eff"]), rel=1e-8)
    assert _estimate(run, "flip_rate", "obfuscation")["lower"] > 0


def test_the_run_verifies_and_a_replay_gives_the_same_bytes(root: Path, run: Run) -> None:
    found = verify_run(run.folder, workspace=root, replay=True)
    assert (found.code, found.problems) == (0, ())


def test_copies_are_in_no_main_figure(root: Path, run: Run) -> None:
    without = evaluate("message-triage", MODEL, workspace=root, out=root / "without", at=AT, copies=False)
    assert "copies" not in without.evidence["tallies"]
    for name in ("confusion", "moments"):
        assert run.evidence["tallies"][name] == without.evidence["tallies"][name]
    assert run.evidence["predictions"] == without.evidence["predictions"]
    assert [e for e in run.evidence["estimates"] if "condition" not in e] == without.evidence["estimates"]


def test_left_out_they_are_said_not_to_be_measured_and_what_asks_of_them_is_not_evaluable(root: Path) -> None:
    run = evaluate("message-triage", MODEL, workspace=root, out=root / "left-out", at=AT, copies=False)
    assert LEFT_OUT in run.evidence["limits"]
    asked = [f for f in run.findings if f.condition]
    assert asked
    assert {f.outcome.value for f in asked} == {"not_evaluable"}
    assert all("nothing was counted under" in f.reason for f in asked)
    found = verify_run(run.folder, workspace=root, replay=True)
    assert (found.code, found.problems) == (0, ())


def test_the_command_leaves_them_out_too_and_not_with_a_stress_run(root: Path) -> None:
    asked = ("evaluate", "--policy", "message-triage", "--model", MODEL, "--no-copies", "--workspace", root)
    answer = evalharness(*asked, "--out", root / "by-command")
    assert answer.code == 0, answer.err
    assert "the copies were left out (--no-copies)" in (root / "by-command" / "report.md").read_text(encoding="utf-8")
    refused = evalharness(*asked, "--stress", "--out", root / "stressed")
    assert refused.code == 2
    assert "--no-copies" in refused.err


def test_a_plan_says_how_many_items_it_takes_where_so_few_have_copies(root: Path) -> None:
    made = plan("message-triage", workspace=root, at=AT)
    asked = {r.id: r for r in made.requirements}
    noisy, plain = asked["noisy"], asked["recall"]
    assert any("have such copies" in text for text in made.assumptions)
    lead = noisy.alternatives[noisy.leading]
    assert lead.items is not None
    assert lead.units is not None
    assert lead.items > 4 * lead.units / made.prevalence  # a quarter of the items have copies
    assert plain.alternatives[plain.leading].items is not None
    assert asked["channel"].denominator == "relevant items with such a copy"


def test_another_split_has_none(root: Path) -> None:
    run = evaluate("message-triage", MODEL, workspace=root, out=root / "shifted", at=AT, split="shifted")
    assert any(text.endswith("the judged split has no copies of its items.") for text in run.evidence["limits"])
    assert {f.outcome.value for f in run.findings if f.condition} == {"not_evaluable"}


@pytest.mark.parametrize("kind", ["marker", "proxy", "noise", "obfuscation", "missing"])
def test_rates_are_those_of_a_count_by_hand(answered: tuple[Run, pd.DataFrame, pd.DataFrame], kind: str) -> None:
    run, items, moved = answered
    pairs = _pairs(items, moved, kind)
    for group, mine in [({}, pairs), *(({"sex": level}, part) for level, part in pairs.groupby("sex"))]:
        found = _estimate(run, "flip_rate", kind, **group)
        per_cluster = mine.groupby("conversation_id").size().to_numpy()
        n_eff = len(mine) ** 2 / float((per_cluster**2).sum())
        k = mine["changed"].mean() * n_eff
        assert (found["n"], found["clusters"]) == (len(mine), len(per_cluster))
        assert found["value"] == pytest.approx(mine["changed"].mean())
        assert found["upper"] == pytest.approx(beta.ppf(0.95, k + 1, n_eff - k), rel=1e-8)
    relevant = pairs[pairs["label"] == "relevant"]
    lost = relevant["before"] & ~relevant["after"]
    assert _estimate(run, "newly_missed_rate", kind)["value"] == pytest.approx(lost.mean())
    others = pairs[pairs["label"] != "relevant"]
    assert _estimate(run, "newly_selected_rate", kind)["value"] == pytest.approx((~others["before"] & others["after"]).mean())


def test_answers_to_copies_are_neither_extra_nor_answers_to_items(answered: tuple[Run, pd.DataFrame, pd.DataFrame]) -> None:
    run, items, _ = answered
    told = run.evidence["predictions"]
    assert (told["rows"], told["answered"], told["extra"], told["other_split"]) == (len(items), len(items), 0, 0)


def test_what_is_asked_of_copies_is_the_metric_over_the_copies(answered: tuple[Run, pd.DataFrame, pd.DataFrame]) -> None:
    run, items, moved = answered
    relevant = _pairs(items, moved, "noise").query("label == 'relevant'")
    for sex, mine in relevant.groupby("sex"):
        assert _estimate(run, "recall", "noise", sex=sex)["value"] == pytest.approx(mine["after"].mean())
    assert {f.outcome.value for f in run.findings if f.requirement == "noisy"} <= {"met", "not_demonstrated"}
    cells = [f for f in run.findings if f.requirement == "marker"]
    assert {len(f.group) for f in cells} == {2}
    assert sum(f.n for f in cells) == len(_pairs(items, moved, "marker"))


def test_an_answer_missing_on_either_side_counts_as_changed(root: Path) -> None:
    path, items, moved = _scored(root, "some", drop=lambda ids: ids.str.endswith("7"))
    run = _of_predictions(root, path)
    pairs = _pairs(items, moved, "noise")
    assert (~pairs["known"]).any()
    assert _estimate(run, "flip_rate", "noise")["value"] == pytest.approx(pairs["changed"].mean())
    relevant = pairs[pairs["label"] == "relevant"]
    lost = ~relevant["known"] | (relevant["before"] & ~relevant["after"])
    assert _estimate(run, "newly_missed_rate", "noise")["value"] == pytest.approx(lost.mean())


def test_a_kind_that_nobody_answered_is_said_not_to_be_measured(root: Path) -> None:
    path, _, _ = _scored(root, "no-noise", drop=lambda ids: ids.str.startswith("noise-"))
    run = _of_predictions(root, path)
    assert [part["kind"] for part in run.evidence["tallies"]["copies"]] == ["marker", "proxy", "obfuscation", "missing"]
    assert any("Nobody answered the copies of the kind “noise”" in text for text in run.evidence["limits"])
    assert {f.outcome.value for f in run.findings if f.requirement == "noisy"} == {"not_evaluable"}


def test_predictions_of_the_items_alone_measure_no_copies(root: Path) -> None:
    path, _, _ = _scored(root, "items", copies=False)
    run = _of_predictions(root, path)
    assert "copies" not in run.evidence["tallies"]
    assert any("the predictions have no answers to the copies" in text for text in run.evidence["limits"])
    path.write_text(path.read_text(encoding="utf-8") + "some-other-id,0.5\n", encoding="utf-8")
    again = _of_predictions(root, path)
    assert "copies" not in again.evidence["tallies"]
    assert again.evidence["predictions"]["extra"] == 1


def test_a_kind_that_the_benchmark_does_not_have_stops_everything(root: Path) -> None:
    policy = (root / "policies" / "message-triage.yaml").read_text(encoding="utf-8")
    wrong = policy.replace("under: noise", "under: nose").replace("name: message-triage", "name: wrong", 1)
    (root / "policies" / "wrong.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        evaluate("wrong", MODEL, workspace=root, out=root / "wrong", at=AT)
    text = "\n".join(map(str, caught.value.problems))
    assert "the benchmark has no such copies" in text
    assert "did you mean 'noise'?" in text
    assert not (root / "wrong").exists()


def test_under_a_lock_copies_cannot_be_left_out(root: Path) -> None:
    request = Request(policy="message-triage", model=MODEL, locked=True, copies=False)
    with pytest.raises(BadInput, match="a run under a lock answers the copies"):
        read_inputs(find_workspace(root), request, datetime(2026, 6, 1, tzinfo=UTC), lambda *_: None, lambda _: None)


def test_a_blind_export_holds_no_copies_and_the_run_says_so(root: Path) -> None:
    answer = evalharness("benchmark", "export", "message-triage", "--blind", "--practice", "--out", root / "vendor", "--workspace", root)
    assert answer.code == 0, answer.err
    shown = pd.read_parquet(root / "vendor" / "items.parquet")
    items, _ = _data(root)
    assert len(shown) == len(items) + 200  # the canaries
    answers = root / "vendor-answers.csv"
    shown[["item_id"]].assign(score=0.5).to_csv(answers, index=False)
    key = root / "sign-off" / "blind" / "vendor.key.json"
    run = evaluate("message-triage", f"predictions:{answers}", workspace=root, out=root / "vendor-run", at=AT, blind_key=key)
    assert "copies" not in run.evidence["tallies"]
    assert any("a blind export does not hold the copies" in text for text in run.evidence["limits"])


def test_a_model_that_fails_on_copies_says_how_to_go_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: CopiedItems, *__: object, **___: object) -> Iterator[Batch]:
        yield Batch(start=0, rows=1, features=pa.table({"something_else": ["tok_1"]}))

    monkeypatch.setattr(CopiedItems, "batches", broken)
    with pytest.raises(BadInput) as caught:
        evaluate("message-triage", MODEL, workspace=root, out=root / "broken", at=AT)
    assert "--no-copies" in "\n".join(map(str, caught.value.problems))
    assert not (root / "broken").exists()


def test_a_model_that_leans_on_the_mark_of_a_group_misses_more_once_it_changes(tmp_path: Path) -> None:
    root = _workspace(tmp_path, "risk-level", "risk-reference", "risk-as-graded", share=0.5, rows=16_000)
    good, flawed = (
        _estimate(evaluate("risk-level", name, workspace=root, out=root / name, at=AT), "newly_missed_rate", "proxy")
        for name in ("risk-reference", "risk-as-graded")
    )
    assert flawed["lower"] > good["upper"]


@pytest.mark.parametrize(("benchmark", "model"), [("severity-grading", "severity-reference"), ("lead-priority", "lead-reference")])
def test_grades_and_leads_verify_and_replay(tmp_path: Path, benchmark: str, model: str) -> None:
    root = _workspace(tmp_path, benchmark, model, share=0.1, rows=8_000)
    run = evaluate(benchmark, model, workspace=root, out=root / "run", at=AT)
    assert run.evidence["tallies"]["copies"]
    found = verify_run(run.folder, workspace=root, replay=True)
    assert (found.code, found.problems) == (0, ())
