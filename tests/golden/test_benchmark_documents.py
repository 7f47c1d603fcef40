"""What is committed beside each recipe for people and machines to look at: sample, croissant.json, CHECKSUMS, datasheet."""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import write_benchmark_documents as script
from benchmark_folder import ROOT

from evalharness.benchmarks.croissant import SECTIONS, sections_of
from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.sample import ROWS
from evalharness.benchmarks.stored_data import agreeing_data
from evalharness.files.manifest import read_manifest

GEBRU = {"Motivation", "Composition", "Collection process", "Preprocessing, cleaning, labelling", "Uses", "Distribution", "Maintenance"}
of_each_benchmark = pytest.mark.parametrize("name", script.NAMES)


def folder_of(name: str) -> Path:
    return ROOT / "datasets_synthetic" / name


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@of_each_benchmark
def test_the_documents_are_what_the_script_writes(name: str) -> None:
    assert script.stale(folder_of(name)) == []


@of_each_benchmark
def test_checksums_cover_everything_that_is_committed_and_agree(name: str) -> None:
    folder = folder_of(name)
    listed = dict(reversed(line.split("  ")) for line in (folder / "CHECKSUMS").read_text().splitlines())
    sample = {path.relative_to(folder).as_posix() for path in (folder / "sample").rglob("*") if path.is_file()}
    assert set(listed) == {"DATASHEET.md", "benchmark.yaml", "croissant.json", "manifest.json", "reviewers.yaml", *sample}
    assert {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in listed} == listed


@of_each_benchmark
def test_samples_are_small_and_the_beginning_of_each_split(name: str) -> None:
    folder = folder_of(name)
    data, manifest = agreeing_data(read_declaration(folder), read_manifest(folder / "manifest.json"))
    assert sum(path.stat().st_size for path in (folder / "sample").rglob("*") if path.is_file()) < script.LARGEST
    tables = {
        "items": manifest.splits,
        "truth/items": manifest.splits,
        **{t.file.removesuffix(".parquet"): t.splits for t in manifest.tables},
    }
    for table, splits in tables.items():
        stored, start, expected = pq.read_table(data / f"{table}.parquet"), 0, []
        for split in splits:
            expected += stored.slice(start, min(split.rows, ROWS // len(manifest.splits))).to_pylist()
            start += split.rows
        assert rows_of(folder / "sample" / f"{table}.csv") == [{key: as_text(value) for key, value in row.items()} for row in expected]


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@of_each_benchmark
def test_the_datasheet_has_every_section_and_no_gap(name: str) -> None:
    sections = sections_of((folder_of(name) / "DATASHEET.md").read_text(encoding="utf-8"))
    assert set(sections) >= GEBRU | set(SECTIONS.values())
    assert all(len(text) > 60 for text in sections.values())


@of_each_benchmark
@pytest.mark.filterwarnings("ignore")  # of mlcroissant's own libraries
def test_mlcroissant_loads_it_without_a_complaint_and_reads_every_record(name: str, caplog: pytest.LogCaptureFixture) -> None:
    import mlcroissant

    folder = folder_of(name)
    with caplog.at_level(logging.WARNING):
        loaded = mlcroissant.Dataset(str(folder / "croissant.json"))
    assert not caplog.records
    assert not loaded.metadata.issues.errors
    assert not loaded.metadata.issues.warnings
    assert loaded.metadata.name == name
    document = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    assert len(document["rai:dataBiases"]) >= 6
    files = {record_set["@id"]: record_set["field"][0]["source"]["fileObject"]["@id"] for record_set in document["recordSet"]}
    assert sorted(files.values()) == sorted(path.relative_to(folder).as_posix() for path in (folder / "sample").rglob("*.csv"))
    for table, file in files.items():
        expected = rows_of(folder / file)
        found = [{key.removeprefix(f"{table}/"): value for key, value in record.items()} for record in loaded.records(table)]
        assert len(found) == len(expected) > 0
        for column in expected[0]:
            assert Counter(map(plain, (row[column] for row in found))) == Counter(map(plain, (row[column] for row in expected))), column


def plain(value: Any) -> Any:
    """A value of a record, or of a CSV field, in a form in which both compare."""
    if isinstance(value, bytes):
        value = value.decode()
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return ""
    if str(value).lower() in {"true", "false"}:
        return str(value).lower()
    try:
        return round(float(value), 6)
    except ValueError:
        return value
