"""A vendor gets items without labels; the answers come back and are evaluated through a key that never left."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from benchmark_folder import RECIPE, ROOT, write_recipe
from command import evalharness
from sealed_workspace import NAME, locked, sealed_workspace
from small_workspace import SmallWorkspace, policy

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.blind import check_canaries
from evalharness.benchmarks.describe import describe_benchmark
from evalharness.errors import BadInput
from evalharness.evidence.store import read_run
from evalharness.files.yaml import read_yaml
from evalharness.workflows.benchmarks import generate
from evalharness.workflows.blind import export
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.sealing import open_seal
from evalharness.workflows.verify import verify_run

ROWS = 8_000
REQUIREMENTS = [{"id": "recall", "metric": "recall", "at_least": 0.2, "why": "w"}]


@dataclass
class Vendor:
    """A workspace with a practice export, and what the vendor sees of it."""

    space: SmallWorkspace

    @property
    def root(self) -> Path:
        return self.space.root

    @property
    def seen(self) -> Path:
        return self.root / "for-vendor"

    @property
    def key(self) -> Path:
        return self.root / "sign-off" / "blind" / "for-vendor.key.json"

    def items(self) -> pd.DataFrame:
        return pd.read_parquet(self.seen / "items.parquet")

    def truth(self) -> pd.DataFrame:
        """What only the organisation can know: the posterior of every item, the label by lot of every canary, by fresh id."""
        key = pd.read_parquet(self.key.with_suffix(".parquet"))
        benchmark = open_benchmark(self.root / "datasets_synthetic" / "small-triage")
        posterior = np.concatenate(list(benchmark.posterior("test")))
        return key.assign(chance=[*posterior, *([np.nan] * (len(key) - len(posterior)))])

    def send_back(self, answers: pd.DataFrame) -> str:
        self.space.write_predictions(answers)
        self.space.write_card(classes=["not_relevant", "relevant"])
        out = self.root / "reports" / f"r{len(list((self.root / 'reports').iterdir())) if (self.root / 'reports').exists() else 0}"
        answer = evalharness(
            "evaluate", "--policy", "small", "--model", "vendor", "--blind-key", self.key, "--out", out, "--workspace", self.root
        )
        assert answer.code == 0, answer.err
        return out.name


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    root = tmp_path / "w"
    write_recipe(root / "datasets_synthetic" / "small-triage", {**RECIPE, "generate": {**RECIPE["generate"], "rows": ROWS}})
    space = SmallWorkspace(root)
    space.policy_file.parent.mkdir(parents=True)
    space.predictions.parent.mkdir()
    space.write_policy(policy(requirements=REQUIREMENTS, benchmark="small-triage", operating_point={"threshold": 0.5}))
    answer = evalharness("benchmark", "export", "small-triage", "--blind", "--practice", "--out", root / "for-vendor", "--workspace", root)
    assert answer.code == 0, answer.err
    return Vendor(space)


def test_the_export_holds_features_under_fresh_ids_and_nothing_else(vendor: Vendor) -> None:
    assert sorted(path.name for path in vendor.seen.iterdir()) == ["README.md", "items.parquet", "load_example.py", "manifest.json"]
    items = vendor.items()
    assert list(items.columns) == ["item_id", "tokens", "channel", "period"]
    assert len(items) == ROWS * 0.6 + 200
    assert items.item_id.is_unique
    manifest = json.loads((vendor.seen / "manifest.json").read_text())
    assert manifest["practice"] is True
    assert manifest["groups"] == []
    assert "Labels and groups are not in it." in (vendor.seen / "README.md").read_text()
    assert manifest["files"]["items.parquet"] == "sha256:" + hashlib.sha256((vendor.seen / "items.parquet").read_bytes()).hexdigest()
    everything = b"".join(path.read_bytes() for path in vendor.seen.iterdir() if path.suffix != ".parquet").decode()
    assert "item-0" not in everything
    assert vendor.key.stat().st_mode & 0o077 == 0
    assert vendor.key.with_suffix(".parquet").stat().st_mode & 0o077 == 0


def test_order_and_ids_tell_nothing_of_the_stored_order_or_the_label(vendor: Vendor) -> None:
    truth = vendor.truth().dropna(subset=["item_id"])
    numbers = truth.blind_id.str.removeprefix("blind-").astype(int).to_numpy()
    assert abs(np.corrcoef(numbers, np.arange(len(numbers)))[0, 1]) < 5 / np.sqrt(len(numbers))
    assert abs(np.corrcoef(numbers, truth.chance)[0, 1]) < 5 / np.sqrt(len(numbers))


def test_the_order_of_days_is_not_told(tmp_path: Path) -> None:
    recipe = read_yaml(ROOT / "datasets_synthetic" / "lead-priority" / "benchmark.yaml").data
    folder = write_recipe(tmp_path / "datasets_synthetic" / "leads", {**recipe, "name": "leads"})
    made = export("leads", tmp_path / "out", practice=True, rows=60_000, workspace=tmp_path)
    seen = pd.read_parquet(made.folder / "items.parquet")
    stored = open_benchmark(folder, rows=60_000)
    days = pd.concat([table.select(["item_id", "queue_id"]).to_pandas() for table in stored.stored("test")])
    key = pd.read_parquet(made.key.with_suffix(".parquet")).merge(days, how="left", on="item_id")
    both = seen.merge(key, left_on="item_id", right_on="blind_id", suffixes=("", "_stored"))
    assert "day-" not in seen.to_csv()
    queues = both.groupby("queue_id").queue_id_stored
    assert (queues.nunique(dropna=False) == 1).all()  # no queue holds items of two days, nor items and canaries
    names = queues.first().dropna()
    assert len(names) == days.queue_id.nunique() > 300
    shown, true = (column.str.rsplit("-", n=1).str[1].astype(int) for column in (names.index.to_series(), names))
    assert abs(np.corrcoef(shown, true.to_numpy())[0, 1]) < 5 / np.sqrt(len(names))
    assert seen.arrived.between(0, 24 * 60 - 1).all()  # the minute of the day, not which day


def test_a_permitted_group_is_in_the_export_and_named(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "datasets_synthetic" / "small-triage", {**RECIPE, "permitted": ["ethnicity"]})
    made = export("small-triage", tmp_path / "out", practice=True, workspace=tmp_path)
    seen = pd.read_parquet(made.folder / "items.parquet")
    assert list(seen.columns) == ["item_id", "tokens", "channel", "period", "ethnicity"]
    benchmark = open_benchmark(folder)
    true = pd.concat([table.select(["item_id", "ethnicity"]).to_pandas() for table in benchmark.stored("test")])
    key = pd.read_parquet(made.key.with_suffix(".parquet")).merge(true, how="left", on="item_id").set_index("blind_id")
    told = key.loc[seen.item_id].ethnicity.to_numpy()
    real = ~pd.isna(told)
    assert (seen.ethnicity[real] == told[real]).all()
    assert set(seen.ethnicity[~real]) == {"a", "b", "c"}
    assert json.loads((made.folder / "manifest.json").read_text())["groups"] == ["ethnicity"]
    assert describe_benchmark(folder)["permitted"] == ["ethnicity"]
    assert "of the groups of the items only `ethnicity`" in (made.folder / "README.md").read_text()
    assert "Columns of items.parquet that tell of a group: ethnicity." in (made.folder / "load_example.py").read_text()
    subprocess.run([sys.executable, "load_example.py"], cwd=made.folder, check=True, capture_output=True)
    write_recipe(tmp_path / "plain")
    plain = open_benchmark(tmp_path / "plain")
    assert benchmark.columns == plain.columns  # a model of the workspace receives no more than before


def test_honest_answers_are_evaluated_as_if_the_ids_were_the_benchmark_s(vendor: Vendor) -> None:
    truth = vendor.truth()
    name = vendor.send_back(pd.DataFrame({"item_id": truth.blind_id, "score": truth.chance.fillna(0.03)}).sample(frac=1, random_state=1))
    evidence = read_run(vendor.root / "reports" / name).evidence
    blind = evidence.predictions.blind
    assert blind is not None
    assert (blind.canaries, blind.answered, blind.practice) == (200, 200, True)
    assert blind.p_value > 1e-6
    assert (evidence.predictions.answered, evidence.predictions.extra, evidence.predictions.items) == (ROWS * 0.6, 0, ROWS * 0.6)
    assert evidence.verdict.outcome == "met"
    assert not [notice for notice in evidence.notices if notice.kind == "labels_seen"]
    found = verify_run(vendor.root / "reports" / name, workspace=vendor.root, replay=True)
    assert (found.code, found.problems) == (0, ())


def test_answers_that_know_the_drawn_labels_betray_themselves(vendor: Vendor) -> None:
    truth = vendor.truth()
    score = truth.drawn.astype(float).fillna(truth.chance)
    name = vendor.send_back(pd.DataFrame({"item_id": truth.blind_id, "score": score}))
    run = vendor.root / "reports" / name
    (notice,) = [notice for notice in read_run(run).evidence.notices if notice.kind == "labels_seen"]
    assert "has seen the labels" in notice.text
    assert "has seen the labels" in (run / "report.md").read_text()
    assert "has seen the labels" in (run / "report.html").read_text()
    generate("small-triage", workspace=vendor.root)
    decision = gate("small", "vendor", workspace=vendor.root)
    assert decision.code == 13
    assert "seen the labels" in str(decision.runs)


def test_a_practice_run_of_other_rows_says_that_its_labels_could_be_found_out(vendor: Vendor, tmp_path: Path) -> None:
    generate("small-triage", workspace=vendor.root)  # a committed manifest, of other items
    key = tmp_path / "fewer.json"
    made = export("small-triage", tmp_path / "fewer", practice=True, rows=4_000, key=key, workspace=vendor.root)
    vendor.space.write_predictions(pd.read_parquet(made.folder / "items.parquet", columns=["item_id"]).assign(score=0.5))
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    heard: list[str] = []
    run = evaluate("small", "vendor", rows=4_000, blind_key=key, workspace=vendor.root, notice=heard.append)
    (notice,) = [notice for notice in read_run(run.folder).evidence.notices if notice.kind == "practice_run"]
    assert "its labels could be found out" in notice.text
    assert not [text for text in heard if "committed" in text]


def test_answers_without_canaries_are_counted_and_told(vendor: Vendor) -> None:
    truth = vendor.truth().dropna(subset=["item_id"])
    name = vendor.send_back(pd.DataFrame({"item_id": truth.blind_id, "score": truth.chance}))
    blind = read_run(vendor.root / "reports" / name).evidence.predictions.blind
    assert blind is not None
    assert (blind.answered, blind.p_value) == (0, 1.0)


def test_the_loader_example_runs_and_its_answers_evaluate(vendor: Vendor) -> None:
    subprocess.run([sys.executable, "load_example.py"], cwd=vendor.seen, check=True, capture_output=True)
    name = vendor.send_back(pd.read_csv(vendor.seen / "answers.csv"))
    assert read_run(vendor.root / "reports" / name).evidence.verdict.outcome == "met"  # everything selected: recall 1


def test_nothing_is_overwritten_and_other_keys_are_refused(vendor: Vendor, tmp_path: Path) -> None:
    again = ("benchmark", "export", "small-triage", "--blind", "--practice", "--workspace", vendor.root)
    answer = evalharness(*again, "--out", vendor.seen, "--key", tmp_path / "k.json")
    assert (answer.code, "not empty" in answer.err) == (2, True), answer.err
    answer = evalharness(*again, "--out", tmp_path / "for-vendor")
    assert (answer.code, "there is a key already" in answer.err) == (2, True), answer.err
    assert not (tmp_path / "for-vendor").exists()
    answer = evalharness(*again, "--seed", "8", "--out", tmp_path / "other", "--key", tmp_path / "k.json")
    assert answer.code == 0, answer.err
    vendor.space.write_predictions(vendor.items().assign(score=0.5)[["item_id", "score"]])
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    ask = ("evaluate", "--policy", "small", "--model", "vendor", "--workspace", vendor.root, "--blind-key")
    answer = evalharness(*ask, tmp_path / "k.json")
    assert (answer.code, "another content of the benchmark" in answer.err) == (2, True), answer.err
    table = vendor.key.with_suffix(".parquet")
    rows = pq.read_table(table)
    table.chmod(0o600)
    pq.write_table(rows.slice(1), table)
    answer = evalharness(*ask, vendor.key)
    assert (answer.code, "table of the key was changed" in answer.err) == (2, True), answer.err
    answer = evalharness(*ask, vendor.seen / "manifest.json")
    assert (answer.code, "not the key of a blind export" in answer.err) == (2, True), answer.err


def test_only_sealed_items_are_exported_without_practice_and_tables_never(vendor: Vendor, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="only sealed items are exported"):
        export("small-triage", tmp_path / "out", workspace=vendor.root)
    SmallWorkspace(tmp_path / "t").write()
    with pytest.raises(BadInput, match="a supplied table is never exported"):
        export("small", tmp_path / "out", practice=True, workspace=tmp_path / "t")
    answer = evalharness("benchmark", "export", "small-triage", "--out", tmp_path / "out", "--workspace", vendor.root)
    assert (answer.code, "blind or not at all" in answer.err) == (2, True), answer.err
    assert not (tmp_path / "out").exists()


def test_sealed_items_are_exported_once_the_seal_is_open(tmp_path: Path) -> None:
    root = tmp_path / "w"
    office = sealed_workspace(root)
    with pytest.raises(BadInput, match="only sealed items are exported"):
        export(NAME, tmp_path / "out", workspace=root)
    locked(root, office, "one")
    open_seal(NAME, workspace=root)
    made = export(NAME, tmp_path / "out", workspace=root)
    assert (made.items, made.canaries) == (1_200, 200)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["practice"] is False
    answers = pd.read_parquet(tmp_path / "out" / "items.parquet", columns=["item_id"]).assign(score=0.5)
    space = SmallWorkspace(root)
    space.write_predictions(answers)
    space.write_card("vendor", classes=["not_relevant", "relevant"])
    run = evaluate("small", "vendor", blind_key=made.key, workspace=root)
    told = read_run(run.folder).evidence
    assert (told.predictions.answered, told.predictions.extra) == (1_200, 0)
    assert told.benchmark.seal is not None
    assert "no lock can have named them" in " ".join(notice.text for notice in told.notices)
    assert verify_run(run.folder, workspace=root, replay=True).problems == ()
    decision = gate("small", "vendor", workspace=root)
    assert decision.code == 13
    assert "was not locked when the seal was opened" in str(decision.runs)


def test_agreement_by_chance_betrays_nobody_and_knowledge_does() -> None:
    """2,000 honest models at a limit of 1e-6; a vendor who answers only 30 canaries rightly is still found."""
    rng = np.random.default_rng(5)
    drawn = np.arange(200) % 2 == 1
    assert not any(check_canaries(rng.random(200), rng.permutation(drawn)).betrays for _ in range(2_000))
    assert not any(check_canaries((rng.random(200) < 0.1).astype(float), rng.permutation(drawn)).betrays for _ in range(2_000))
    assert check_canaries(drawn.astype(float), drawn).betrays
    assert check_canaries(np.where(np.arange(200) < 30, drawn, np.nan), drawn).betrays
    assert not check_canaries(np.full(200, 0.5), drawn).betrays
    assert not check_canaries(1 - drawn.astype(float), drawn).betrays
