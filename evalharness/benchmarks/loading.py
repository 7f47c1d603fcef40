"""Benchmarks for notebooks: scikit-learn-style arrays, a pandas DataFrame, or an Arrow dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.opened import open_benchmark
from evalharness.benchmarks.split_facts import MISSING
from evalharness.errors import BadInput, bad_input
from evalharness.files.workspace import find_workspace

if TYPE_CHECKING:
    import pandas as pd

Form = Literal["arrays", "pandas", "arrow"]


_OPTION = re.compile(r"--(rows|seed|split|workspace)\b")
Texts = npt.NDArray[np.object_]


class Arrays(NamedTuple):
    """One split, or all; one entry a row in stored order. What a task does not have is None."""

    X: Any
    """Features as scikit-learn takes them: [rows, features] float64, NaN for no value, where all are numbers; [rows] text where there is
    one feature and it is text, as vectorisers take it; else [rows, features] objects, in which text stays text."""
    y: npt.NDArray[Any]
    """1 positive, 0 negative, -1 no label; ordinal: place among the rising levels; linkage: the entity, as text."""
    groups: dict[str, Texts]
    """Protected attribute -> level of each row."""
    clusters: Texts | None
    """For splitters that must not tear a cluster apart."""
    ids: Texts
    queues: Texts | None
    arrived: npt.NDArray[np.float64] | None
    bands: npt.NDArray[np.int8] | None
    """Place of the true band among the rising levels, -1 where it is not known."""
    feature_names: tuple[str, ...]
    pairs: npt.NDArray[np.int64] | None
    """Linkage: [pairs, 2] places in `y` of the candidate pairs, the left below the right. They are links where `y` is the same."""


@overload
def load(
    name: str | Path,
    *,
    split: str | None = ...,
    as_: Literal["arrays"] = ...,
    rows: int | None = ...,
    seed: int | None = ...,
    workspace: Path | None = ...,
) -> Arrays: ...
@overload
def load(
    name: str | Path,
    *,
    split: str | None = ...,
    as_: Literal["pandas"],
    rows: int | None = ...,
    seed: int | None = ...,
    workspace: Path | None = ...,
) -> pd.DataFrame: ...
@overload
def load(
    name: str | Path,
    *,
    split: str | None = ...,
    as_: Literal["arrow"],
    rows: int | None = ...,
    seed: int | None = ...,
    workspace: Path | None = ...,
) -> Any: ...
def load(
    name: str | Path,
    *,
    split: str | None = "test",
    as_: Form = "arrays",
    rows: int | None = None,
    seed: int | None = None,
    workspace: Path | None = None,
) -> Any:
    """The items of a benchmark, given by name in the workspace or by folder; a recipe's data is made when it is absent.

    split: null for all splits. as_: `arrays` (see `Arrays`) and `pandas` (every declared column, typed) are read into memory; `arrow` is a
    `pyarrow.dataset.Dataset`, read when it is used. Content is compared with the manifest first.
    Raises BadInput when there is no such benchmark or split, and as `open_benchmark` does.
    """
    if as_ not in {"arrays", "pandas", "arrow"}:
        raise bad_input("items do not come in this form", where="as_", got=str(as_), expected="arrays, pandas or arrow")
    with _named_as_arguments():
        benchmark = open_benchmark(find_workspace(workspace).benchmark_folder(str(name), "name"), rows=rows, seed=seed)
        splits = benchmark.splits if split is None else (split,)
        for each in splits:
            benchmark.facts(each)
    if as_ == "arrow":
        return _dataset(benchmark, split)
    return _arrays(benchmark, splits) if as_ == "arrays" else _whole(benchmark, splits).to_pandas()


@contextmanager
def _named_as_arguments() -> Iterator[None]:
    """Problems that name an option of the command line name the argument instead: `rows` for `--rows`."""
    try:
        yield
    except BadInput as error:
        plain = [{part: _OPTION.sub(r"\1", getattr(problem, part)) for part in ("where", "hint")} for problem in error.problems]
        raise BadInput(replace(problem, **words) for problem, words in zip(error.problems, plain, strict=True)) from error


def _dataset(benchmark: Benchmark, split: str | None) -> Any:
    import pyarrow.dataset as ds  # noqa: PLC0415

    benchmark.check_features()
    dataset = ds.dataset(benchmark.path, format="parquet" if benchmark.path.suffix == ".parquet" else _csv(benchmark))
    column = benchmark.columns.split
    return dataset if split is None or column is None else dataset.filter(ds.field(column).cast(pa.string()) == split)


def _csv(benchmark: Benchmark) -> Any:
    """A CSV file is read by the rules that its manifest was made by: all is text but what is a number in every row."""
    import pyarrow.csv as pa_csv  # noqa: PLC0415
    import pyarrow.dataset as ds  # noqa: PLC0415

    names = ds.dataset(benchmark.path, format="csv").schema.names
    types = {name: pa.float64() if name in benchmark.numbers else pa.string() for name in names}
    convert = pa_csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True)
    return ds.CsvFileFormat(parse_options=pa_csv.ParseOptions(newlines_in_values=True), convert_options=convert)


def _whole(benchmark: Benchmark, splits: tuple[str, ...]) -> Any:
    return pa.concat_tables([table for split in splits for table in benchmark.stored(split)])


def _arrays(benchmark: Benchmark, splits: tuple[str, ...]) -> Arrays:
    table, columns = _whole(benchmark, splits), benchmark.columns
    batches = [batch for split in splits for batch in benchmark.batches(split, columns=frozenset({"labels", "bands"}))]
    labels = [batch.labels for batch in batches if batch.labels is not None]
    bands = [batch.bands for batch in batches if batch.bands is not None]
    return Arrays(
        X=_features(table, columns.features, benchmark.numbers),
        y=np.concatenate(labels) if labels else _texts(table, columns.answer),
        groups={name: _texts(table, name, none=MISSING) for name in columns.groups},
        clusters=None if columns.cluster is None else _texts(table, columns.cluster),
        ids=_texts(table, columns.id),
        queues=None if columns.queue is None else _texts(table, columns.queue),
        arrived=None if columns.arrived is None else table.column(columns.arrived).to_numpy(),
        bands=np.concatenate(bands) if bands else None,
        feature_names=columns.features,
        pairs=_pairs(benchmark, splits) if benchmark.info.task == "linkage" else None,
    )


def _pairs(benchmark: Benchmark, splits: tuple[str, ...]) -> npt.NDArray[np.int64]:
    found, start = [np.zeros((0, 2), dtype=np.int64)], 0
    for split in splits:
        found += [np.column_stack(both) + start for both in benchmark.pairs(split)]
        start += benchmark.rows_in(split)
    return np.concatenate(found)


def _features(table: Any, names: tuple[str, ...], numbers: frozenset[str]) -> Any:
    if all(name in numbers or pa.types.is_boolean(table.column(name).type) for name in names):
        own = [table.column(name).cast(pa.float64()).to_numpy() for name in names]
        return np.column_stack(own) if own else np.zeros((table.num_rows, 0))
    if len(names) == 1:
        return _texts(table, names[0])
    found = np.empty((table.num_rows, len(names)), dtype=object)
    for place, name in enumerate(names):
        found[:, place] = table.column(name).to_pylist()
    return found


def _texts(table: Any, name: str, none: str | None = None) -> Texts:
    column = table.column(name) if none is None else pc.fill_null(table.column(name), none)
    return np.array(column.to_pylist(), dtype=object)
