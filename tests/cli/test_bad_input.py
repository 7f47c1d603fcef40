"""Every kind of fault at every place: exit 2, one message for each problem with place and fix, no traceback, nothing left behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import Answer, evalharness
from small_workspace import SmallWorkspace, policy, table

Fault = Callable[[SmallWorkspace], object]


def run(space: SmallWorkspace, *more: object) -> Answer:
    arguments = ["evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root, *more]
    return evalharness(*arguments)


def refused(answer: Answer, *words: str) -> None:
    assert answer.code == 2, (answer.code, answer.out, answer.err)
    assert "Traceback" not in answer.err
    told = [line for line in answer.err.splitlines() if not line.startswith("note: ")]
    assert told[0].startswith(("error: ", "Usage: "))
    for word in words:
        assert word in answer.err, (word, answer.err)


def nothing_left(space: SmallWorkspace) -> None:
    assert not space.reports.exists() or list(space.reports.iterdir()) == []


def policy_text(text: str | bytes) -> Fault:
    return lambda s: s.policy_file.write_bytes(text if isinstance(text, bytes) else text.encode())


def policy_with(**changes: object) -> Fault:
    return lambda s: s.write_policy(policy(**changes))


def benchmark_text(text: str | bytes) -> Fault:
    return lambda s: (s.benchmark / "benchmark.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())


def benchmark_with(**changes: object) -> Fault:
    return lambda s: s.write_benchmark(**changes)


def table_text(text: str | bytes) -> Fault:
    return lambda s: (s.benchmark / "items.csv").write_bytes(text if isinstance(text, bytes) else text.encode())


def rows(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Fault:
    return lambda s: s.write_table(change(table(200).drop(columns="score")))


def predictions_text(text: str | bytes) -> Fault:
    return lambda s: s.predictions.write_bytes(text if isinstance(text, bytes) else text.encode())


COLUMNS = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"]}
R = {"id": "r", "metric": "recall", "at_least": 0.5, "why": "w"}

FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
    # policy
    "policy empty": (policy_text(""), ("small.yaml",)),
    "policy not UTF-8": (policy_text(b"name: \xff\xfe"), ("UTF-8",)),
    "policy not YAML": (policy_text("a: [1, 2"), ("small.yaml:",)),
    "policy a list": (policy_text("- a\n- b\n"), ("small.yaml",)),
    "policy duplicate key": (policy_text("name: a\nname: b\n"), ("name", ":2:")),
    "policy anchors": (policy_text("name: &a x\ntitle: *a\n"), ("anchor",)),
    "policy bomb": (policy_text("a: " + "[" * 500 + "]" * 500), ("small.yaml",)),
    "policy missing keys": (policy_text("schema: evalharness/policy/v1\n"), ("requirements", "sign_off", "name")),
    "policy unknown key": (policy_with(requirments=[]), ("requirments", "requirements")),
    "policy wrong type": (policy_with(confidence="high"), ("confidence",)),
    "policy confidence over one": (policy_with(confidence=1.5), ("confidence",)),
    "policy confidence negligible": (policy_with(confidence=0.05), ("confidence",)),
    "policy name with a path": (policy_with(name="../small"), ("name",)),
    "policy control character": (policy_text('name: "a\\u0007"\n'), ("control",)),
    "policy unknown metric": (policy_with(requirements=[{**R, "metric": "recal"}]), ("recal", "recall")),
    "policy bound out of range": (policy_with(requirements=[{**R, "at_least": 95}]), ("95",)),
    "policy bound negative": (policy_with(requirements=[{**R, "at_least": -0.1}]), ("-0.1",)),
    "policy bound NaN": (policy_text(".nan"), ("small.yaml",)),
    "policy two comparisons": (policy_with(requirements=[{**R, "at_most": 0.9}]), ("at_least", "at_most")),
    "policy no comparison": (policy_with(requirements=[{"id": "r", "metric": "recall", "why": "w"}]), ("at_least",)),
    "policy wrong direction": (policy_with(requirements=[{"id": "r", "metric": "recall", "at_most": 0.9, "why": "w"}]), ("at_least",)),
    "policy repeated id": (policy_with(requirements=[R, R]), ("the id 'r'",)),
    "policy unknown group": (policy_with(requirements=[{**R, "for_each": ["planet"]}]), ("planet",)),
    "policy exempts an unknown level": (
        policy_with(requirements=[{**R, "for_each": ["sex"], "not_judged": [{"group": {"sex": "Q"}, "why": "w", "until": "2099-01-01"}]}]),
        ("Q",),
    ),
    "policy too deep": (policy_with(intersections=1, requirements=[{**R, "for_each": [["sex", "race"]]}]), ("intersections",)),
    "policy unknown cost unit": (
        policy_with(requirements=[{"id": "c", "metric": "expected_cost", "unit": "tears", "at_most": 1, "why": "w"}]), ("tears",),
    ),
    "policy of another task": (policy_with(task="ordinal"), ("ordinal",)),
    "policy for another split": (policy_with(split="holdout"), ("holdout",)),
    "policy for an unknown benchmark": (policy_with(benchmark="elsewhere"), ("elsewhere",)),
    # benchmark file
    "benchmark empty": (benchmark_text(""), ("benchmark.yaml",)),
    "benchmark unknown key": (benchmark_with(positiv=1), ("positiv",)),
    "benchmark without label": (benchmark_with(columns={"id": "item_id", "features": [], "groups": []}), ("label",)),
    "benchmark with table and recipe": (benchmark_with(generate={"family": "message-triage"}), ("generate",)),
    "benchmark with neither": (benchmark_with(table=None), ("table",)),
    "benchmark table outside": (benchmark_with(table="../../model_cards/predictions.csv"), ("inside the folder",)),
    "benchmark table absolute": (benchmark_with(table="/etc/passwd"), ("table",)),
    "benchmark missing table": (benchmark_with(table="absent.csv"), ("absent.csv",)),
    "benchmark missing columns": (benchmark_with(columns={**COLUMNS, "label": "nope", "groups": ["sex", "nada"]}), ("nope", "nada")),
    "benchmark of another task": (benchmark_with(task="ranking"), ("ranking",)),
    # table
    "table empty": (table_text(""), ("items.csv",)),
    "table with a header only": (rows(lambda t: t.head(0)), ("row",)),
    "table not UTF-8": (table_text(b"item_id,y_true,sex,race\n\xff,1,F,A\n"), ("UTF-8",)),
    "table ragged": (table_text("item_id,y_true,sex,race\na,1,F,A\nb,0,M\n"), ("items.csv",)),
    "table duplicate ids": (rows(lambda t: pd.concat([t, t.head(3)])), ("item-000000",)),
    "table null id": (rows(lambda t: t.assign(item_id=[None, *t["item_id"][1:]])), ("id",)),
    "table third label": (rows(lambda t: t.assign(y_true=["1", "0", "2", *t["y_true"][3:]])), ("y_true",)),
    "table no label at all": (rows(lambda t: t.assign(y_true=None)), ("label",)),
    "table free text": (rows(lambda t: t.assign(note="five words stand in here")), ("note", "contains_content")),
    # predictions
    "predictions empty": (predictions_text(""), ("predictions.csv",)),
    "predictions header only": (predictions_text("item_id,score\n"), ("predictions",)),
    "predictions not UTF-8": (predictions_text(b"item_id,score\n\xff,0.5\n"), ("UTF-8",)),
    "predictions ragged": (predictions_text("item_id,score\nitem-000001,0.5,7\n"), ("predictions.csv",)),
    "predictions without score": (predictions_text("item_id,p\nitem-000001,0.5\n"), ("score",)),
    "predictions without id": (predictions_text("id,score\nitem-000001,0.5\n"), ("item_id",)),
    "predictions with labels only": (predictions_text("item_id,label\nitem-000001,1\n"), ("label",)),
    "predictions with both": (predictions_text("item_id,score,label\nitem-000001,0.5,1\n"), ("label",)),
    "predictions of other items": (predictions_text("item_id,score\nstranger,0.5\n"), ("judged split",)),
    "predictions with a repeated column": (predictions_text("item_id,score,score\nitem-000001,0.5,0.6\n"), ("score",)),
    "predictions absent": (lambda s: s.predictions.unlink(), ("predictions.csv",)),
    "predictions a folder": (lambda s: (s.predictions.unlink(), s.predictions.mkdir()), ("predictions.csv",)),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_named_and_nothing_is_left(tmp_path: Path, name: str) -> None:
    fault, words = FAULTS[name]
    space = SmallWorkspace(tmp_path, table(200)).write()
    fault(space)
    refused(run(space), *words)
    nothing_left(space)


@pytest.mark.parametrize("place", ["table", "predictions"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_truncated_parquet_file_is_named(tmp_path: Path, place: str, share: float) -> None:
    space = SmallWorkspace(tmp_path, table(2_000)).write()
    frame = space.rows.drop(columns="score") if place == "table" else space.rows[["item_id", "score"]]
    path = space.benchmark / "items.parquet" if place == "table" else tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    if place == "table":
        space.write_benchmark(table="items.parquet")
        answer = run(space)
    else:
        answer = evalharness("evaluate", "--policy", "small", "--model", f"predictions:{path}", "--workspace", tmp_path)
    refused(answer, path.name)
    nothing_left(space)


def test_a_parquet_table_with_bytes_is_refused(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path, table(50)).write()
    frame = space.rows.drop(columns="score").assign(blob=[b"x"] * 50)
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), space.benchmark / "items.parquet")
    space.write_benchmark(table="items.parquet")
    refused(run(space), "blob")


CARD_FAULTS: dict[str, tuple[Callable[[SmallWorkspace], object], tuple[str, ...]]] = {
    "no front matter": (lambda s: (s.root / "model_cards" / "vendor.md").write_text("# nothing\n"), ("front matter",)),
    "unknown key": (lambda s: s.write_card(teem=["x"]), ("teem", "team")),
    "unknown adapter": (lambda s: s.write_card(adapter="tensorflow"), ("tensorflow",)),
    "digest malformed": (lambda s: s.write_card(sha256="sha256:12"), ("sha256",)),
    "digest of something else": (lambda s: s.write_card(sha256="sha256:" + "0" * 64), ("sha256",)),
    "artefact outside": (lambda s: s.write_card(artifact="../../../etc/passwd"), ("inside the folder",)),
    "artefact absolute": (lambda s: s.write_card(artifact="/etc/passwd"), ("inside the folder",)),
    "artefact absent": (lambda s: s.write_card(artifact="absent.csv"), ("absent.csv",)),
    "not UTF-8": (lambda s: (s.root / "model_cards" / "vendor.md").write_bytes(b"---\n\xff\n---\n"), ("UTF-8",)),
}


@pytest.mark.parametrize("name", CARD_FAULTS)
def test_a_fault_in_the_card_is_named(tmp_path: Path, name: str) -> None:
    space = SmallWorkspace(tmp_path, table(200)).write()
    space.write_card()
    fault, words = CARD_FAULTS[name]
    fault(space)
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", tmp_path)
    refused(answer, *words)
    nothing_left(space)


def test_an_artefact_that_is_a_link_leading_outside_is_refused(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path / "w", table(200))
    space.root.mkdir()
    space.write()
    outside = tmp_path / "outside.csv"
    space.predictions.rename(outside)
    space.predictions.symlink_to(outside)
    space.write_card()
    refused(evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root), "link")


def test_several_problems_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    space.write_policy(policy(confidence=2, claim="certain", requirements=[{**R, "metric": "recal"}, {**R, "id": "s", "at_least": 7}]))
    answer = run(space)
    refused(answer, "confidence", "claim", "recal", "small.yaml:")
    assert answer.err.count("small.yaml:") >= 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evaluate"], ("--policy",)),
        (["evaluate", "--policy", "nope", "--model", "m"], ("nope",)),
        (["evaluate", "--policy", "small", "--model", "nope"], ("nope",)),
        (["evaluate", "--policy", "small", "--model", "magic:file"], ("magic",)),
        (["evaluate", "--policy", "small", "--model", "predictions:p", "--at", "noon"], ("--at",)),
        (["nonsense"], ("nonsense",)),
        (["gate", "--policy", "small", "--model", "m", "--reports", "absent"], ("m",)),
        (["verify", "absent"], ("absent",)),
        (["report", "absent", "--format", "docx"], ("docx",)),
        (["benchmark", "describe", "absent"], ("absent",)),
        (["benchmark", "generate", "small", "--rows", "-5"], ("rows",)),
        (["init", "."], ("policies",)),
    ],
)
def test_usage_faults_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: tuple[str, ...]) -> None:
    SmallWorkspace(tmp_path, table(200)).write()
    (tmp_path / "policies" / "message-triage.yaml").write_text("x: 1\n")
    monkeypatch.chdir(tmp_path)
    answer = evalharness(*arguments)
    assert answer.code in (2, 3), answer
    assert "Traceback" not in answer.err
    for word in words:
        assert word in answer.err


def test_an_output_folder_that_is_not_empty_is_never_touched(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path, table(200)).write()
    out = tmp_path / "mine"
    out.mkdir()
    (out / "keep.txt").write_text("x")
    refused(run(space, "--out", out), "--out")
    assert [p.name for p in out.iterdir()] == ["keep.txt"]


def test_with_json_the_problems_are_one_document(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path).write()
    space.write_policy(policy(confidence=2))
    answer = run(space, "--json")
    document = json.loads(answer.out)
    assert answer.code == document["exit_code"] == 2
    assert document["problems"][0]["where"].startswith(str(space.policy_file))


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.assign(y_true="1"),
        lambda t: t.assign(y_true="0"),
        lambda t: t.head(1),
        lambda t: t.assign(sex="F", race="A"),
    ],
    ids=["only positives", "only negatives", "one row", "one group"],
)
def test_a_benchmark_with_one_class_row_or_group_is_judged_and_never_met_without_grounds(
    tmp_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    space = SmallWorkspace(tmp_path, change(table(200)), policy(requirements=[{**R, "at_least": 0.99}])).write()
    answer = run(space, "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["verdict"]["outcome"] != "met"


def test_hostile_text_in_every_displayed_string_is_inert(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>\"'`|*_[x](javascript:1)"
    document = policy(
        title=evil, population=evil, intended_use=evil, prohibited_uses=[evil],
        requirements=[{"id": "recall", "metric": "recall", "at_least": 0.9, "for_each": ["sex"], "why": evil}],
    )  # fmt: skip
    rows_ = table(600)
    rows_.loc[rows_["sex"] == "M", "sex"] = evil
    space = SmallWorkspace(tmp_path, rows_, document).write()
    answer = run(space, "--out", tmp_path / "run")
    assert answer.code == 0, answer.err
    page = (tmp_path / "run" / "report.html").read_text()
    assert "<img" not in page
    assert "&lt;img" in page
    assert "<img" not in (tmp_path / "run" / "report.md").read_text()
