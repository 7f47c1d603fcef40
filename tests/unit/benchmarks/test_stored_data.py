"""What lies in a data folder counts only where the committed manifest says the same; and where somebody rewrote both, it is made anew."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import numpy as np
import pytest
from benchmark_folder import TABLE, write_recipe, write_table
from poisoned import ITEMS, TRUTH, Rewrite, poison, turned_around
from recipes import recipe_folder

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.benchmarks.batch import Column
from evalharness.errors import Altered
from evalharness.files.manifest import manifest_bytes, read_manifest, sealed

BANDS: frozenset[Column] = frozenset({"bands"})


def committed(folder: Path) -> Path:
    """Makes the data and commits its manifest; the data folder."""
    benchmark = open_benchmark(folder)
    (folder / "manifest.json").write_bytes((benchmark.path.parent / "manifest.json").read_bytes())
    return benchmark.path.parent


def small_risk(folder: Path) -> Path:
    """The shipped recipe of risk-level with 6,000 rows."""
    path = recipe_folder(folder, "risk-level") / "benchmark.yaml"
    path.write_text(path.read_text().replace("rows: 400000", "rows: 6000"))
    return folder


def bands(benchmark: Benchmark) -> list[int]:
    return [band for batch in benchmark.batches("test", columns=BANDS) if batch.bands is not None for band in batch.bands.tolist()]


POISONS: dict[str, dict[str, dict[str, Rewrite]]] = {
    "labels": {ITEMS: {"label": turned_around}},
    "tokens": {ITEMS: {"tokens": turned_around}},
    "posterior": {TRUTH: {"posterior": turned_around}},
    "posterior within a group": {TRUTH: {"within_ethnicity": lambda values, _: [0.5] * len(values)}},
}


@pytest.mark.parametrize("what", POISONS)
def test_data_that_the_committed_manifest_states_otherwise_is_made_again(tmp_path: Path, what: str) -> None:
    folder = write_recipe(tmp_path)
    data = committed(folder)
    true = open_benchmark(folder)
    chances, tokens = next(true.posterior("test")), next(true.batches("test")).features
    poison(data, POISONS[what])
    heard: list[str] = []
    opened = open_benchmark(folder, notice=heard.append)
    assert [text for text in heard if "not what the committed manifest says; it is made again" in text]
    assert (opened.info, opened.practice) == (true.info, "")
    assert np.array_equal(next(opened.posterior("test")), chances)
    assert next(opened.batches("test")).features == tokens
    heard.clear()
    open_benchmark(folder, notice=heard.append)
    assert heard == []


def test_where_the_committed_manifest_was_rewritten_too_the_run_is_practice_once_the_data_is_made_anew(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    data = committed(folder)
    digest = read_manifest(folder / "manifest.json").digest
    forged = poison(data, POISONS["posterior"])
    (folder / "manifest.json").write_bytes(manifest_bytes(forged))
    assert (open_benchmark(folder).practice, forged.digest) == ("", digest)  # it cannot be seen in what lies there
    heard: list[str] = []
    anew = open_benchmark(folder, anew=True, notice=heard.append)
    assert "something else of the truth" in anew.practice
    assert [text for text in heard if "somebody changed it" in text]


def test_what_is_made_anew_is_nobody_elses_and_gone_with_the_benchmark(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    data = committed(folder)
    true = next(open_benchmark(folder).batches("test")).labels
    poison(data, POISONS["labels"])
    anew = open_benchmark(folder, anew=True)
    private = anew.path.parents[1]
    assert private != data
    assert private.stat().st_mode & 0o077 == 0
    assert np.array_equal(next(anew.batches("test")).labels, true)
    del anew
    gc.collect()
    assert list((folder / "data").iterdir()) == [data]


def test_nothing_is_left_when_making_anew_is_interrupted(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)

    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_benchmark(folder, anew=True, progress=stop)
    assert list((folder / "data").iterdir()) == []


def test_the_levels_that_risks_are_judged_by_are_part_of_the_digest(tmp_path: Path) -> None:
    folder = small_risk(tmp_path)
    data = committed(folder)
    stated, true = read_manifest(data / "manifest.json"), bands(open_benchmark(folder))
    forged = poison(data, {TRUTH: {"band": turned_around}})
    assert forged.digest != stated.digest
    heard: list[str] = []
    opened = open_benchmark(folder, notice=heard.append)
    assert (opened.info.digest, bands(opened)) == (stated.digest, true)
    assert "made again" in heard[0]
    document = json.loads(manifest_bytes(stated))
    next(column for column in document["truth"]["columns"] if column["name"] == "band")["digest"] = "sha256:" + "0" * 64
    (tmp_path / "edited.json").write_text(json.dumps(document))
    with pytest.raises(Altered, match="digest"):
        read_manifest(tmp_path / "edited.json")


def test_other_columns_of_the_truth_are_no_part_of_the_digest(tmp_path: Path) -> None:
    data = committed(small_risk(tmp_path))
    digest = read_manifest(data / "manifest.json").digest
    assert poison(data, {TRUTH: {"posterior": turned_around}}).digest == digest


INVENTED = {
    "seed": 7,
    "generator": {"family": "message-triage", "version": 1},
    "truth": {
        "file": "truth/items.parquet",
        "given": ["f1"],
        "grid": 1e-6,
        "columns": [{"name": "posterior", "type": "float64", "digest": "sha256:" + "0" * 64}],
        "within": [],
    },
    "splits": [{"name": "test", "rows": 6}],
}


@pytest.mark.parametrize("part", INVENTED)
def test_a_manifest_that_says_of_a_supplied_table_what_nobody_knows_is_not_its_manifest(tmp_path: Path, part: str) -> None:
    folder = write_table(tmp_path, None, TABLE)
    open_benchmark(folder)
    document = json.loads((folder / "manifest.json").read_bytes())
    document.pop("digest")
    forged = sealed({**document, part: INVENTED[part]})
    (folder / "manifest.json").write_bytes(manifest_bytes(forged))
    heard: list[str] = []
    opened = open_benchmark(folder, notice=heard.append)
    assert opened.info.digest == forged.digest
    assert (opened.has_truth, opened.info.seed) == (False, None)
    assert "the gate will answer 13" in heard[0]
    assert opened.practice
