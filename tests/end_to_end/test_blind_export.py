"""A vendor gets items without labels; the answers come back and are evaluated through a key that never left."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_folder import RECIPE, ROOT, write_recipe
from command import evalharness
from sealed_workspace import NAME, locked, sealed_workspace
from small_workspace import SmallWorkspace, policy

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.blind import UNANSWERED, chance_of_fewer, check_canaries
from evalharness.benchmarks.describe import describe_benchmark
from evalharness.errors import BadInput
from evalharness.evidence.store import read_run
from evalharness.files.workspace import Workspace
from evalharness.files.yaml import read_yaml
from evalharness.workflows.benchmarks import generate
from evalharness.workflows.blind import export
from evalharness.workflows.blind_answers import key_of_export
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
    numbers = truth.blind_id.str.rsplit("-", n=1).str[1].astype(int).to_numpy()
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
    assert "has seen the key's labels" in notice.text
    assert "has seen the key's labels" in (run / "report.md").read_text()
    assert "has seen the key&#x27;s labels" in (run / "report.html").read_text().replace("&#39;", "&#x27;").replace("'", "&#x27;")
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
    told = [notice.text for notice in read_run(vendor.root / "reports" / name).evidence.notices if notice.kind == "canaries_unanswered"]
    assert told == [
        "0 of 200 canary items are answered, and 4800 of 4800 other items. Whoever answers from the export cannot tell them apart: by "
        "chance so few are answered in less than 1 of 10,000 such runs. Answers that were joined with items made again from recipe and "
        "seed look like this."
    ]
    assert "0 of 200 canary items are answered" in (vendor.root / "reports" / name / "report.md").read_text()


def test_who_leaves_some_out_by_chance_is_not_suspected(vendor: Vendor) -> None:
    truth = vendor.truth().sample(frac=0.5, random_state=3)
    name = vendor.send_back(pd.DataFrame({"item_id": truth.blind_id, "score": 0.5}))
    assert not [notice for notice in read_run(vendor.root / "reports" / name).evidence.notices if notice.kind == "canaries_unanswered"]


def test_whatever_is_wrong_with_the_file_of_answers_is_told_and_not_taken_for_no_answer(vendor: Vendor) -> None:
    """Of canaries too: only that none of them is among the ids may mean that none is answered."""
    items = vendor.items()
    vendor.space.write_predictions(pd.DataFrame({"item_id": items.item_id, "label": "relevant"}))
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    with pytest.raises(BadInput, match="there is no column 'score'"):
        evaluate("small", "vendor", blind_key=vendor.key, workspace=vendor.root)
    with mock.patch("evalharness.workflows.blind_answers.check_canaries") as checked, pytest.raises(BadInput, match="no column 'score'"):
        evaluate("small", "vendor", blind_key=vendor.key, workspace=vendor.root)
    checked.assert_not_called()


def test_the_key_of_another_export_of_the_same_items_is_refused_by_name(vendor: Vendor, tmp_path: Path) -> None:
    other = export("small-triage", tmp_path / "other", practice=True, workspace=vendor.root)
    own, foreign = (set(pd.read_parquet(folder / "items.parquet").item_id) for folder in (vendor.seen, other.folder))
    assert not own & foreign
    vendor.space.write_predictions(vendor.items().assign(score=0.5)[["item_id", "score"]])
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    number = json.loads(vendor.key.read_text())["export"]
    ask = ("evaluate", "--policy", "small", "--model", "vendor", "--workspace", vendor.root)
    answer = evalharness(*ask, "--blind-key", other.key)
    assert answer.code == 2
    assert f"these answers are for export {number}, the key is of export {other.export}" in answer.err
    answer = evalharness(*ask)
    assert (answer.code, "add --blind-key with the key that stayed behind" in answer.err) == (2, True), answer.err


def test_linked_records_are_held_to_their_export_too_and_sides_tell_no_order(tmp_path: Path) -> None:
    recipe = read_yaml(ROOT / "datasets_synthetic" / "case-linkage" / "benchmark.yaml").data
    space = SmallWorkspace(tmp_path / "w")
    folder = write_recipe(space.root / "datasets_synthetic" / "links", {**recipe, "name": "links"})
    shipped = read_yaml(ROOT / "policies" / "case-linkage.yaml").data
    space.policy_file.parent.mkdir(parents=True)
    space.predictions.parent.mkdir()
    space.write_policy({**shipped, "name": "small", "benchmark": "links"})
    made = [export("links", tmp_path / name, practice=True, rows=6_000, workspace=space.root) for name in ("one", "two")]
    pairs = pd.read_parquet(made[0].folder / "pairs.parquet")
    key = pd.read_parquet(made[0].key.with_suffix(".parquet"))
    place = pd.Series(range(len(key)), index=key.blind_id)
    first = (place[pairs.left_id].to_numpy() < place[pairs.right_id].to_numpy()).mean()
    assert abs(first - 0.5) < 5 / (2 * len(pairs) ** 0.5)
    benchmark = open_benchmark(folder, rows=6_000)
    assert len(pairs) == sum(len(left) for left, _ in benchmark.pairs("test"))
    space.write_predictions(pairs.assign(score=0.5))
    space.write_card()
    run = evaluate("small", "vendor", rows=6_000, blind_key=made[0].key, workspace=space.root)
    assert read_run(run.folder).evidence.predictions.extra == 0
    with pytest.raises(BadInput, match=f"answers are for export {made[0].export}, the key is of export {made[1].export}"):
        evaluate("small", "vendor", rows=6_000, blind_key=made[1].key, workspace=space.root)


@pytest.mark.parametrize(
    ("out", "key", "said"),
    [
        ("x2", "x2/k.json", "the key would lie in the folder that goes to the vendor"),
        ("x2", "x2/deep/er/k.json", "the key would lie in the folder that goes to the vendor"),
        ("x2", "link/x2/k.json", "the key would lie in the folder that goes to the vendor"),
        ("x2", "w/for-vendor/k.json", "the key would lie in a blind export"),
        ("x2", "seen/deeper/k.json", "the key would lie in a blind export"),
        ("w/sign-off/blind/x2", None, "would lie in sign-off/"),
        ("keys/x2", "k.json", "would lie in sign-off/"),
    ],
)
def test_the_key_never_lies_where_the_vendor_sees(vendor: Vendor, tmp_path: Path, out: str, key: str | None, said: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "seen").symlink_to(vendor.seen)
    (tmp_path / "keys").symlink_to(vendor.root / "sign-off" / "blind")
    before = sorted(vendor.root.rglob("*"))
    options = [] if key is None else ["--key", tmp_path / key]
    answer = evalharness(
        "benchmark", "export", "small-triage", "--blind", "--practice", "--workspace", vendor.root, "--out", tmp_path / out, *options
    )
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert sorted(vendor.root.rglob("*")) == before
    assert not (tmp_path / "x2").exists()


@pytest.mark.parametrize("out", [".", "w/..", "up/w"])
def test_of_a_folder_that_would_hold_the_keys_the_hint_is_about_the_folder(
    vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    (tmp_path / "up").symlink_to(vendor.root.parent)
    folder = tmp_path / out if out.startswith("up") else Path(out)
    monkeypatch.chdir(vendor.root if out == "." else vendor.root.parent)
    answer = evalharness("benchmark", "export", "small-triage", "--blind", "--practice", "--workspace", vendor.root, "--out", folder)
    assert answer.code == 2
    assert "--out: the folder for the vendor would hold sign-off/" in answer.err
    assert f"hint: name one for the vendor alone, outside of {vendor.root}" in answer.err
    assert "--key" not in answer.err


def test_a_workspace_inside_an_export_is_not_told_to_leave_out_a_key_that_was_not_given(vendor: Vendor, tmp_path: Path) -> None:
    inside = vendor.seen / "own"
    shutil.copytree(vendor.root / "datasets_synthetic", inside / "datasets_synthetic")
    (inside / "policies").mkdir()
    answer = evalharness(
        "benchmark", "export", "small-triage", "--blind", "--practice", "--workspace", inside, "--out", tmp_path / "x2"
    )  # fmt: skip
    shutil.rmtree(inside)
    assert answer.code == 2
    assert "the key would lie in a blind export" in answer.err
    assert "hint: work in a workspace outside of it" in answer.err


@pytest.mark.parametrize("failing", ["table", "key", "folder", "folder placed"])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
def test_an_export_that_fails_or_is_interrupted_leaves_nothing(
    vendor: Vendor, tmp_path: Path, failing: str, kind: type[BaseException]
) -> None:
    from evalharness.benchmarks.blind import export as writing
    from evalharness.files import atomic

    new_file, put, times = writing.new_file, atomic._put, []

    def fails_at_file(path: Path, data: bytes, **options: int) -> None:
        new_file(path, data, **options)
        times.append(path)
        if len(times) == ["table", "key"].index(failing) + 1:
            raise kind

    def fails_before(beside: Path, final: Path) -> None:
        raise kind

    def fails_after(beside: Path, final: Path) -> None:
        put(beside, final)
        raise kind

    change = {"folder": mock.patch.object(atomic, "_put", fails_before), "folder placed": mock.patch.object(atomic, "_put", fails_after)}
    kept = tmp_path / "k" / "k.json"
    with change.get(failing, mock.patch.object(writing, "new_file", fails_at_file)), pytest.raises(kind):
        export("small-triage", tmp_path / "out", practice=True, key=kept, workspace=vendor.root)
    assert sorted(path.name for path in (tmp_path / "k").iterdir()) == []
    assert not (tmp_path / "out").exists()
    assert export("small-triage", tmp_path / "out", practice=True, key=kept, workspace=vendor.root).items == ROWS * 0.6


def test_a_practice_key_names_the_rows_and_the_seed_that_are_wanted_before_anything_is_made(vendor: Vendor, tmp_path: Path) -> None:
    made = export("small-triage", tmp_path / "fewer", practice=True, rows=4_000, seed=9, workspace=vendor.root)
    vendor.space.write_predictions(pd.read_parquet(made.folder / "items.parquet", columns=["item_id"]).assign(score=0.5))
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    ask = ("evaluate", "--policy", "small", "--model", "vendor", "--workspace", vendor.root, "--blind-key", made.key)
    with mock.patch("evalharness.workflows.inputs.open_benchmark", side_effect=AssertionError):
        answer = evalharness(*ask)
    assert answer.code == 2
    assert "the export was made of 4000 rows and seed 9" in answer.err
    assert "hint: add --rows 4000 --seed 9" in answer.err
    assert evalharness(*ask, "--rows", "4000", "--seed", "9").code == 0


def test_a_key_for_another_benchmark_is_named_before_a_seal_is_looked_for(tmp_path: Path) -> None:
    root = tmp_path / "w"
    office = sealed_workspace(root)
    locked(root, office, "one")
    open_seal(NAME, workspace=root)
    made = export(NAME, tmp_path / "out", workspace=root)
    write_recipe(root / "datasets_synthetic" / "other", {**RECIPE, "name": "other"})
    space = SmallWorkspace(root)
    space.write_predictions(pd.read_parquet(made.folder / "items.parquet", columns=["item_id"]).assign(score=0.5))
    space.write_card("vendor", classes=["not_relevant", "relevant"])
    answer = evalharness(
        "evaluate", "--policy", "small", "--benchmark", "other", "--model", "vendor", "--blind-key", made.key, "--workspace", root
    )
    assert (answer.code, f"the key is for {NAME}" in answer.err, "seal.json" in answer.err) == (2, True, False), answer.err
    assert json.loads(made.key.read_text())["seed"] is None  # it gives the labels away


def test_the_vendor_is_told_the_rule_of_a_policy_or_the_kinds_there_are(vendor: Vendor, tmp_path: Path) -> None:
    readme = (vendor.seen / "README.md").read_text()
    assert "* a score threshold: an item is selected where its score is a number that the board names or more" in readme
    assert "* labels: an item is selected where your label is relevant" in readme
    assert json.loads((vendor.seen / "manifest.json").read_text())["operating_point"] is None
    vendor.space.write_policy(policy(requirements=REQUIREMENTS, benchmark="small-triage", operating_point={"rule": "label"}))
    asked = ("benchmark", "export", "small-triage", "--blind", "--practice", "--workspace", vendor.root, "--policy", "small")
    answer = evalharness(*asked, "--out", tmp_path / "labels")
    assert answer.code == 0, answer.err
    assert f"evaluate --policy small --model predictions:FILE --blind-key {vendor.root}" in answer.out
    readme = (tmp_path / "labels" / "README.md").read_text()
    assert "The rule of the policy small, version 1, is labels: an item is selected where your label is relevant." in readme
    assert "`item_id` and `label` (not_relevant or relevant)." in readme
    told = json.loads((tmp_path / "labels" / "manifest.json").read_text())["operating_point"]
    assert told == {"policy": "small", "version": 1, "rule": "label"}
    subprocess.run([sys.executable, "load_example.py"], cwd=tmp_path / "labels", check=True, capture_output=True)
    vendor.space.write_predictions(pd.read_csv(tmp_path / "labels" / "answers.csv"))
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    evaluate("small", "vendor", blind_key=vendor.root / "sign-off" / "blind" / "labels.key.json", workspace=vendor.root)
    vendor.space.write_policy(policy(requirements=REQUIREMENTS, benchmark="small", operating_point={"threshold": 0.5}))
    answer = evalharness(*asked, "--out", tmp_path / "wrong")
    assert (answer.code, "the policy is about another benchmark" in answer.err) == (2, True), answer.err
    assert not (tmp_path / "wrong").exists()


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "lead-priority", "case-linkage", "risk-level"])
def test_every_task_has_kinds_of_rule_and_a_loader_that_fits_the_rule_of_its_policy(tmp_path: Path, name: str) -> None:
    root = tmp_path / "w"
    shutil.copytree(ROOT / "policies", root / "policies")
    (root / "datasets_synthetic" / name).mkdir(parents=True)
    shutil.copy(ROOT / "datasets_synthetic" / name / "benchmark.yaml", root / "datasets_synthetic" / name)
    made = export(name, tmp_path / "out", practice=True, rows=6_000, policy=name, workspace=root)
    assert f"The rule of the policy {name}, version 1, is " in (made.folder / "README.md").read_text()
    point = json.loads((made.folder / "manifest.json").read_text())["operating_point"]
    stated = read_yaml(ROOT / "policies" / f"{name}.yaml").data["operating_point"]
    assert stated.items() <= point.items()
    done = subprocess.run([sys.executable, "load_example.py"], cwd=made.folder, check=True, capture_output=True, text=True)
    assert "answers in answers.csv" in done.stdout
    answers = f"predictions:{made.folder / 'answers.csv'}"
    run = evaluate(name, answers, rows=6_000, blind_key=made.key, workspace=root)
    assert read_run(run.folder).evidence.predictions.missing == 0
    told = export(name, tmp_path / "any", practice=True, rows=6_000, workspace=root)
    assert "Ask for it before you answer." in (told.folder / "README.md").read_text()


def test_a_key_elsewhere_is_told_of_at_export_and_given_to_a_replay(vendor: Vendor, tmp_path: Path) -> None:
    key = tmp_path / "kept" / "k.json"
    asked = ("benchmark", "export", "small-triage", "--blind", "--practice", "--workspace", vendor.root)
    answer = evalharness(*asked, "--out", tmp_path / "out", "--key", key)
    assert (answer.code, f"verify --replay will have to be told of it: --blind-key {key}" in answer.out) == (0, True), (
        answer.err + answer.out
    )
    vendor.space.write_predictions(pd.read_parquet(tmp_path / "out" / "items.parquet", columns=["item_id"]).assign(score=0.5))
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    run = evaluate("small", "vendor", blind_key=key, workspace=vendor.root).folder
    verify = ("verify", run, "--workspace", vendor.root)
    answer = evalharness(*verify, "--replay")
    assert (answer.code, "name it with --blind-key" in answer.err) == (2, True), answer.err
    assert evalharness(*verify, "--replay", "--blind-key", key).code == 0
    answer = evalharness(*verify, "--replay", "--blind-key", vendor.key)
    assert (answer.code, "the key is of another export than the run" in answer.err) == (2, True), answer.err
    answer = evalharness(*verify, "--blind-key", key)
    assert (answer.code, "add --replay" in answer.err) == (2, True), answer.err


def test_a_key_is_found_by_its_number_and_not_by_what_else_says_it(vendor: Vendor) -> None:
    number = json.loads(vendor.key.read_text())["export"]
    (vendor.key.parent / "a.json").write_text(json.dumps({"note": "no key", "export": number}, separators=(",", ":")))
    assert key_of_export(Workspace(vendor.root), number) == vendor.key


def test_a_table_with_more_rows_than_the_key_says_is_refused(vendor: Vendor) -> None:
    table = vendor.key.with_suffix(".parquet")
    rows = pq.read_table(table)
    pq.write_table(pa.concat_tables([rows, rows.slice(0, 1)]), table)
    stated = json.loads(vendor.key.read_text())
    stated["sha256"] = "sha256:" + hashlib.sha256(table.read_bytes()).hexdigest()
    vendor.key.write_text(json.dumps(stated))
    vendor.space.write_predictions(vendor.items().assign(score=0.5)[["item_id", "score"]])
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    with pytest.raises(BadInput, match="another number of rows than the key says"):
        evaluate("small", "vendor", blind_key=vendor.key, workspace=vendor.root)


def test_who_was_told_of_a_permitted_group_is_not_said_to_have_the_labels_for_certain(tmp_path: Path) -> None:
    vendor = Vendor(SmallWorkspace(tmp_path / "w"))
    document = {**RECIPE, "permitted": ["ethnicity"], "generate": {**RECIPE["generate"], "rows": ROWS}}
    folder = write_recipe(vendor.root / "datasets_synthetic" / "small-triage", document)
    vendor.space.policy_file.parent.mkdir(parents=True)
    vendor.space.predictions.parent.mkdir()
    vendor.space.write_policy(policy(requirements=REQUIREMENTS, benchmark="small-triage", operating_point={"threshold": 0.5}))
    export("small-triage", vendor.seen, practice=True, workspace=vendor.root)
    labels = np.concatenate([batch.labels for batch in open_benchmark(folder).batches("test", columns=frozenset({"labels"}))])
    truth = vendor.truth()
    name = vendor.send_back(pd.DataFrame({"item_id": truth.blind_id, "score": [*labels.astype(float), *([0.5] * 200)]}))
    (notice,) = [notice for notice in read_run(vendor.root / "reports" / name).evidence.notices if notice.kind == "better_than_possible"]
    assert "or it was told of a group that the recipe permits (ethnicity): the chances leave that aside." in notice.text


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
    number = json.loads(vendor.key.read_text())["export"]
    assert f"got: the key of export {number} of small-triage" in answer.err
    assert "hint: name another folder with --out" in answer.err
    with mock.patch("evalharness.workflows.blind.open_benchmark", side_effect=AssertionError):  # told before anything is made
        assert evalharness(*again, "--out", tmp_path / "for-vendor").code == 2
        answer = evalharness(*again, "--out", vendor.seen)
        assert (answer.code, "the folder to be made exists and is not empty" in answer.err) == (2, True), answer.err
    assert not (tmp_path / "for-vendor").exists()
    answer = evalharness(*again, "--seed", "8", "--out", tmp_path / "other", "--key", tmp_path / "k.json")
    assert answer.code == 0, answer.err
    vendor.space.write_predictions(vendor.items().assign(score=0.5)[["item_id", "score"]])
    vendor.space.write_card(classes=["not_relevant", "relevant"])
    ask = ("evaluate", "--policy", "small", "--model", "vendor", "--workspace", vendor.root, "--blind-key")
    answer = evalharness(*ask, tmp_path / "k.json")
    assert (answer.code, "made of 8000 rows and seed 8" in answer.err) == (2, True), answer.err
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


def test_what_it_takes_to_be_found_is_what_the_documents_say() -> None:
    """136 of 200 must agree; who knows 35 % of the labels and guesses the rest is found half of the time, at 46 % 19 times in 20."""
    page = " ".join((ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8").split())
    drawn = np.arange(200) % 2 == 1

    def agreeing(number: int) -> bool:
        scores = np.arange(200) / 1_000
        scores[[*range(100 - number // 2), *range(100, 100 + number // 2)]] += 1
        check = check_canaries(scores, np.arange(200) >= 100)
        assert check.agreeing == number
        return check.betrays

    assert [agreeing(number) for number in (134, 136)] == [False, True]
    assert "when 136 of 200 agree" in page
    rng = np.random.default_rng(4)
    for share, power in ((0.35, 0.5), (0.46, 0.95)):
        found = 0
        for _ in range(1_500):
            labels = rng.permutation(drawn)
            scores = np.where(rng.random(200) < share, labels + rng.random(200) / 2, rng.random(200) * 1.5)
            found += check_canaries(scores, labels).betrays
        assert found / 1_500 == pytest.approx(power, abs=0.05)
        assert f"{share:.0%}".replace("%", " %") in page


def test_canaries_left_out_by_chance_are_told_no_oftener_than_stated() -> None:
    """Of items that are left out one by one, and of whole queues."""
    rng = np.random.default_rng(6)
    for units, items in ((200, 4_800), (2, 30_000), (3, 900)):
        size = 200 // units
        found, times = 0, 3_000
        for _ in range(times):
            kept = rng.random((items // size) + units) < rng.random()
            canaries = np.repeat(kept[:units], size)
            check = check_canaries(np.where(canaries, 0.5, np.nan), np.arange(len(canaries)) % 2 == 1)
            found += chance_of_fewer(check, units, (items // size) * size, int(kept[units:].sum()) * size) < UNANSWERED
        assert found <= 3  # 0.3 are to be expected at most
    nobody = check_canaries(np.full(200, np.nan), np.arange(200) % 2 == 1)
    assert chance_of_fewer(nobody, 2, 30_000, 30_000) < UNANSWERED
    assert chance_of_fewer(nobody, 200, 4_800, 500) < UNANSWERED
    assert chance_of_fewer(nobody, 2, 900, 900) > UNANSWERED
    assert chance_of_fewer(nobody, 0, 900, 900) == 1


def test_bands_hold_for_answers_to_a_blind_export_and_canaries_are_in_none_of_them(vendor: Vendor) -> None:
    people = {
        "minutes_per_review": 3, "items_per_week": 500, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
        "bands": [
            {"name": "read", "from": "operating_point", "readers": 1},
            {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30},
        ],
    }  # fmt: skip
    asked = [*REQUIREMENTS, {"id": "deferred", "metric": "deferral_rate", "at_most": 0.5, "why": "w"}]
    block = {"requirements": asked, "benchmark": "small-triage", "human_in_the_loop": people}
    vendor.space.write_policy(policy(**block, operating_point={"threshold": 0.5}))
    items = vendor.items()
    answers = items[["item_id"]].assign(score=np.where(np.arange(len(items)) % 4 == 0, 0.9, 0.1))
    run = vendor.root / "reports" / vendor.send_back(answers)
    evidence = json.loads((run / "evidence.json").read_bytes())
    truth = vendor.truth().set_index("blind_id")
    real = answers.set_index("item_id").loc[truth.index[truth.item_id.notna()]]
    told = evidence["oversight"]["bands"]["items"]
    assert told["read"] == int((real.score >= 0.5).sum())
    assert sum(told.values()) == len(real), "no canary is in a band"
    assert verify_run(run, workspace=vendor.root).code == 0
    vendor.space.write_policy(policy(**block, operating_point={"certify": {"targets": [{"metric": "recall", "at_least": 0.2}]}}))
    refused = evalharness(
        "evaluate", "--policy", "small", "--model", "vendor", "--blind-key", vendor.key, "--workspace", vendor.root
    )  # fmt: skip
    assert refused.code == 2
    assert "answers to a blind export are of the judged items alone" in refused.err
