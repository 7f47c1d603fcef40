"""What a vendor sees: canaries of an export cannot be told from its items, and queues tell nothing of the order of days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from benchmark_folder import ROOT
from scipy.stats import chi2_contingency, ks_2samp

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.blind import shown
from evalharness.benchmarks.blind.shown import CANARIES, fresh_queues, shown_canaries, shown_columns, shown_items
from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.opened import declared

FAMILIES = ("message-triage", "severity-grading", "lead-priority", "risk-level")
ROWS, MANY = 20_000, 3_000
UNLIKE = 1e-12
"""Items of a cluster are alike, which can make 1e-12 of what would be 1e-6: some 150 columns are wrong once in thousands of runs."""
BY_DAY = {"week", "queue_id"}
"""Of `lead-priority`: the same for a whole queue, so that a few queues need not be like all."""


def both(name: str, split: str, tmp_path: Path, of: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Items of a split, and canaries like those of another split or the same."""
    folder = ROOT / "datasets_synthetic" / name
    items = shown_items(open_benchmark(folder, rows=ROWS, seed=3, data_dir=tmp_path / "data"), split, ())
    canaries = shown_canaries(declared(folder, rows=ROWS, seed=3), of or split, items.schema)
    assert items.schema == canaries.schema
    return items.to_pandas(), canaries.to_pandas()


def unlike(items: pd.Series, canaries: pd.Series) -> float:
    """Chance of so great a difference between the two were they from one distribution."""
    if items.name == "tokens":
        items, canaries = items.str.count(" "), canaries.str.count(" ")
    if not pd.api.types.is_numeric_dtype(items):
        values = pd.concat([items, canaries]).fillna("")
        table = pd.crosstab(values.to_numpy(), np.arange(len(values)) < len(items))
        return float(chi2_contingency(table).pvalue) if len(table) > 1 else 1.0
    missing = [[items.isna().sum(), items.notna().sum()], [canaries.isna().sum(), canaries.notna().sum()]]
    lacking = float(chi2_contingency(missing).pvalue) if items.isna().any() else 1.0
    return min(lacking, float(ks_2samp(items.dropna(), canaries.dropna()).pvalue))


@pytest.mark.parametrize("split", ["test", "shifted"])
@pytest.mark.parametrize("name", FAMILIES)
def test_canaries_are_like_the_items_of_the_split(name: str, split: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "CANARIES", MANY)
    items, canaries = both(name, split, tmp_path)
    assert len(canaries) >= MANY
    skipped = BY_DAY if name == "lead-priority" else set()
    assert {column: p for column in items if column not in skipped and (p := unlike(items[column], canaries[column])) < UNLIKE} == {}
    if skipped:
        assert canaries.week.between(*((1, 26) if split == "test" else (27, 52))).all()
        assert canaries.groupby("queue_id").size().between(60, 140).all()
        assert (canaries.groupby("queue_id").week.nunique() == 1).all()


def test_items_of_another_time_would_be_found_out(tmp_path: Path) -> None:
    items, canaries = both("risk-level", "shifted", tmp_path, of="calibration")
    assert unlike(items.week, canaries.week) < UNLIKE


def test_canaries_are_few_new_every_time_and_none_is_an_item(tmp_path: Path) -> None:
    items, canaries = both("severity-grading", "test", tmp_path)
    _, others = both("severity-grading", "test", tmp_path)
    assert len(canaries) == CANARIES
    rows, first, second = (set(map(tuple, frame.itertuples(index=False))) for frame in (items, canaries, others))
    assert not rows & first
    assert not first & second


def test_a_record_is_judged_by_its_links_so_linkage_has_no_canaries(tmp_path: Path) -> None:
    _, canaries = both("case-linkage", "test", tmp_path)
    assert len(canaries) == 0


def test_queues_get_fresh_names_and_stay_apart() -> None:
    days = [f"day-{number:09d}" for number in range(400)]
    own, canaries = pa.table({"q": np.repeat(days, 3)}), pa.table({"q": np.repeat(days[:2], 5)})
    found = fresh_queues(own, canaries, "q", np.random.default_rng(1)).to_numpy(zero_copy_only=False)
    names = found[:1_200:3]
    assert (found[:1_200].reshape(400, 3) == names[:, None]).all()
    assert len(set(names)) == 400
    assert len(set(found)) == 402
    numbers = [int(name.removeprefix("queue-")) for name in names]
    assert abs(np.corrcoef(numbers, np.arange(400))[0, 1]) < 5 / np.sqrt(400)


def test_features_permitted_attributes_queue_and_arrival_are_shown_and_nothing_else() -> None:
    columns = Columns(
        id="i", label="y", features=("f",), groups=("g", "h"), cluster="q", split="s", queue="q", arrived="a", minutes="m"
    )  # fmt: skip
    assert shown_columns(columns, ()) == ("f", "q", "a")
    assert shown_columns(columns, ("h",)) == ("f", "h", "q", "a")
