"""Whatever numbers stand in a recipe of any family: it is refused by name, or its data is made and every chance in it is one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recipes import ROOT

from evalharness.benchmarks import open_benchmark
from evalharness.errors import BadInput
from evalharness.files.yaml import read_yaml

FAMILIES = ("message-triage", "severity-grading", "lead-priority", "case-linkage", "risk-level")
KEPT = {"rows", "seed", "splits"}
"""What decides how much is made, not what."""
EXAMPLES = int(os.environ.get("EVALHARNESS_RECIPES", "3"))
"""Of each family; hundreds take minutes."""
EXTREMES = (0.0, 1e-300, 1e-12, 1e-9, 1e-6, 0.001, 0.02, 0.5, 0.9, 0.999999, 1 - 1e-12, 1.0, 3.0, -0.5, -1e-12)
WHOLE = (1, 2, 5, 40, 104)
Path_ = tuple[str | int, ...]


def numbers(at: Any, path: Path_ = ()) -> Iterator[tuple[Path_, int | float]]:
    """Every number below a place of a document, with its own place."""
    if isinstance(at, dict | list):
        for key, value in at.items() if isinstance(at, dict) else enumerate(at):
            if path or key not in KEPT:
                yield from numbers(value, (*path, key))
    elif isinstance(at, int | float) and not isinstance(at, bool):
        yield path, at


def recipe(family: str) -> dict[str, Any]:
    """The shipped one, with few rows."""
    document: dict[str, Any] = json.loads(json.dumps(read_yaml(ROOT / "datasets_synthetic" / family / "benchmark.yaml").data))
    document["generate"]["rows"] = 1_200
    return document


def put(document: dict[str, Any], path: Path_, value: float) -> None:
    """Another number; the range of a harm follows its size."""
    at: Any = document["generate"]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    if path[-1] == "size":
        at["range"] = sorted([0, value])


def made_or_refused(document: dict[str, Any]) -> bool:
    """Whether data was made. Fails on anything that is neither a refusal nor sound."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "benchmark.yaml").write_text(json.dumps(document))
        try:
            benchmark = open_benchmark(folder)
        except BadInput:
            return False
        for split in benchmark.splits:
            for name in benchmark.truth_columns:
                for values in benchmark.truth(split, name):
                    assert isinstance(values, pa.Array | pa.ChunkedArray) or (np.all(values >= 0) and np.all(values <= 1))
            for batch in benchmark.batches(split):
                assert batch.rows
        for name in benchmark.tables:
            for rows in benchmark.table(name):
                if "posterior" in rows:
                    chances = rows["posterior"].drop_null().to_numpy()  # of copies not every pair is a candidate
                    assert np.all(chances >= 0)
                    assert np.all(chances <= 1)
        return True


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_recipe_is_refused_or_sound(family: str, data: st.DataObject) -> None:
    document = recipe(family)
    places = list(numbers(document["generate"]))
    for path, value in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        put(document, path, data.draw(st.sampled_from(WHOLE if isinstance(value, int) else EXTREMES)))
    made_or_refused(document)


TINY = [
    ("message-triage", ("copies", "share")),
    ("lead-priority", ("copies", "share")),
    ("risk-level", ("copies", "share")),
    ("severity-grading", ("copies", "share")),
    ("case-linkage", ("copies", "share")),
    ("severity-grading", ("harms", "proxy", "size")),
    ("case-linkage", ("harms", "obfuscation", "size")),
    ("case-linkage", ("errors", "missing")),
    ("message-triage", ("harms", "missing", "size")),
]


@pytest.mark.parametrize(("family", "path"), TINY)
def test_the_least_that_can_be_drawn_is_sound_and_less_is_refused(family: str, path: Path_) -> None:
    document = recipe(family)
    put(document, path, 1e-9)
    assert made_or_refused(document)
    put(document, path, 1e-300)
    assert made_or_refused(document) == (path == ("copies", "share"))  # so few copies that there are none
