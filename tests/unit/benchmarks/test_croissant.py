"""The machine-readable description: mlcroissant loads it without a complaint and reads the records it names."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from evalharness.benchmarks.croissant import SECTIONS, DescribedFile, croissant, sections_of
from evalharness.errors import BadInput

SHEET = "# Sheet\n\n## Motivation\n\nBecause.\n" + "".join(f"\n## {heading}\n\nAbout\n{heading}.\n" for heading in SECTIONS.values())
ROWS = b"item_id,x,n,label\nitem-1,0.5,3,relevant\nitem-2,,4,not_relevant\n"
HARMS = {"drift": {"size": 0.2, "range": [0, 0.5]}, "proxy": {"of": {"sex": "F"}, "size": 0, "range": [0, 0.4]}}


def document(sheet: str = SHEET) -> dict[str, Any]:
    file = DescribedFile(
        table="items",
        path="sample/items.csv",
        sha256=hashlib.sha256(ROWS).hexdigest(),
        media_type="text/csv",
        columns={"item_id": "text", "x": "float64", "n": "uint8", "label": "text"},
        about="The first items.",
    )
    return croissant(name="small", title="Small", version=3, date="2026-11-22", datasheet=sheet, harms=HARMS, files=[file])


@pytest.mark.filterwarnings("ignore")  # of mlcroissant's own libraries
def test_mlcroissant_loads_and_reads_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    import mlcroissant

    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "items.csv").write_bytes(ROWS)
    (tmp_path / "croissant.json").write_text(json.dumps(document()), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        loaded = mlcroissant.Dataset(str(tmp_path / "croissant.json"))
    assert not caplog.records
    assert not loaded.metadata.issues.errors
    assert not loaded.metadata.issues.warnings
    assert loaded.metadata.data_collection == "About Collection process."
    records = list(loaded.records("items"))
    assert [record["items/item_id"] for record in records] == [b"item-1", b"item-2"]
    assert records[0]["items/n"] == 3


def test_harms_are_told_with_their_sizes_and_ranges() -> None:
    assert document()["rai:dataBiases"] == [
        "drift, of everybody: size 0.2; plausible from 0 to 0.5",
        "proxy, of sex F: off (size 0); plausible from 0 to 0.4",
    ]


def test_a_datasheet_without_a_section_is_refused() -> None:
    with pytest.raises(BadInput, match="Maintenance"):
        document(SHEET.replace("## Maintenance", "## Upkeep"))
    assert sections_of(SHEET)["Motivation"] == "Because."
