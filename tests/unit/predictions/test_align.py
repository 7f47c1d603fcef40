from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from item_benchmark import ItemBenchmark, write_predictions

from evalharness.errors import BadInput
from evalharness.predictions import ANSWERED, DUPLICATE, INVALID, MISSING, Accounting, Aligned, Reading, align
from evalharness.predictions import buckets as buckets_module
from evalharness.predictions import lookup as lookup_module

THRESHOLD, LABEL = "score >= threshold", "label"
NAN = float("nan")


def aligned(path: Path, benchmark: ItemBenchmark, **options: Any) -> Aligned:
    settings = {"task": "binary", "labels": ("0", "1"), "rule": THRESHOLD, **options}
    return align(path, benchmark, "test", Reading(**settings))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_in_the_order_of_the_benchmark_gives_its_scores(tmp_path: Path, suffix: str) -> None:
    ids = [f"i{n}" for n in range(1000)]
    scores = np.random.default_rng(1).random(1000)
    options = {"row_group_size": 77} if suffix == ".parquet" else {}
    path = write_predictions(tmp_path / f"p{suffix}", {"item_id": ids, "score": scores}, **options)
    benchmark = ItemBenchmark(ids, others=["elsewhere"])
    result = aligned(path, benchmark)
    assert np.array_equal(result.scores, scores)
    assert result.accounting == Accounting(rows=1000, answered=1000, missing=0, duplicate=0, invalid=0, extra=0, other_split=0)
    assert benchmark.others_asked == 0


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_every_kind_of_row_is_counted_where_it_belongs(tmp_path: Path, suffix: str) -> None:
    benchmark = ItemBenchmark(["a", "b", "c", "d", "e"], others=["x", "y"])
    rows = [("e", "0.9"), ("x", "0.1"), ("b", "nan"), ("c", "0.2"), ("zz", "0.5"), ("c", "0.2"), ("x", "0.3"), ("a", "1"), ("zz", "0.5")]
    path = write_predictions(tmp_path / f"p{suffix}", {"item_id": [i for i, _ in rows], "score": [s for _, s in rows]})
    result = aligned(path, benchmark)
    answers = result.slice(0, 5)
    assert answers.status.tolist() == [ANSWERED, INVALID, DUPLICATE, MISSING, ANSWERED]
    assert repr(answers.scores.tolist()) == repr([1.0, NAN, NAN, NAN, 0.9])
    assert result.accounting == Accounting(rows=9, answered=2, missing=1, duplicate=1, invalid=1, extra=2, other_split=2)


def test_slices_are_views_of_the_whole_and_cannot_be_written(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["c", "b", "a"], "score": ["0.3", "0.2", "0.1"]})
    part = aligned(path, ItemBenchmark(["a", "b", "c"])).slice(1, 3)
    assert part.scores.tolist() == [0.2, 0.3]
    assert part.labels is None
    with pytest.raises(ValueError, match="read-only"):
        part.scores[0] = 1.0


@pytest.mark.parametrize("order", [["a", "b", "c", "d"], ["d", "b", "c", "a"]])
def test_labels_are_the_two_of_the_benchmark_and_nothing_else(tmp_path: Path, order: list[str]) -> None:
    said = {"a": "yes", "b": "no", "c": "Yes", "d": ""}
    path = write_predictions(tmp_path / "p.csv", {"item_id": order, "label": [said[i] for i in order]})
    benchmark = ItemBenchmark(["a", "b", "c", "d"], labels=("no", "yes"))
    answers = aligned(path, benchmark, rule=LABEL, labels=("no", "yes")).slice(0, 4)
    assert answers.scores is None
    assert answers.labels.tolist() == [1, 0, -1, -1]
    assert answers.status.tolist() == [ANSWERED, ANSWERED, INVALID, INVALID]


@pytest.mark.parametrize(
    ("column", "labels"),
    [
        (pa.array([1, 0, 2, None]), ("0", "1")),
        (pa.array([True, False, None, None]), ("false", "true")),
        (pa.array(["p", "n", "", None]).dictionary_encode(), ("n", "p")),
        (pa.array(["p", "n", "n ", None], pa.large_string()), ("n", "p")),
    ],
)
def test_labels_of_a_parquet_file_may_be_text_integers_or_booleans(tmp_path: Path, column: pa.Array, labels: tuple[str, str]) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": ["a", "b", "c", "d"], "label": column})
    result = aligned(path, ItemBenchmark(["a", "b", "c", "d"]), rule=LABEL, labels=labels)
    assert result.labels.tolist() == [1, 0, -1, -1]


def test_a_negative_label_that_nobody_knows_matches_nothing(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a", "b"], "label": ["1", ""]})
    result = aligned(path, ItemBenchmark(["a", "b"]), rule=LABEL, labels=("", "1"))
    assert result.labels.tolist() == [1, -1]


READINGS: list[tuple[str, float]] = [
    ("0.5", 0.5), ("+0.5", 0.5), (".5", 0.5), ("1.", 1.0), ("5e-1", 0.5), ("5E-01", 0.5), ("0", 0.0), ("-0", 0.0), ("1", 1.0),
    ("0.1", 0.1), ("1e-320", 1e-320), ("1e-999", 0.0), ("0.30000000000000004", 0.30000000000000004),
    ("", NAN), (" ", NAN), (" 0.5", NAN), ("0.5 ", NAN), ("nan", NAN), ("NaN", NAN), ("inf", NAN), ("-inf", NAN), ("Infinity", NAN),
    ("1e999", NAN), ("1.0000001", NAN), ("-0.1", NAN), ("2", NAN), ("0x1p-1", NAN), ("1_0", NAN), ("0,5", NAN), ("٠", NAN), ("1e", NAN),
    ("++0.5", NAN), ("+", NAN), (".", NAN), ("0.5f", NAN), ("NA", NAN), ("null", NAN), ("50%", NAN), ("True", NAN), ("0.5\n", NAN),
    ("nan(1)", NAN),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READINGS)
@pytest.mark.parametrize("neighbour", ["0.25", "junk"])
def test_a_score_in_text_reads_the_same_whatever_its_neighbours(tmp_path: Path, text: str, expected: float, neighbour: str) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a", "b"], "score": [text, neighbour]})
    result = aligned(path, ItemBenchmark(["a", "b"]))
    assert repr(float(result.scores[0])).lstrip("-") == repr(expected)
    assert result.status[0] == (INVALID if np.isnan(expected) else ANSWERED)


SCORE_COLUMNS: list[tuple[pa.Array, list[float]]] = [
    (pa.array([0.7, None, NAN, 1.5], pa.float64()), [0.7, NAN, NAN, NAN]),
    (pa.array([0.7, None, NAN, 1.0], pa.float32()), [0.699999988079071, NAN, NAN, 1.0]),
    (pa.array([0.5, None, 1.0, 0.25], pa.float16()), [0.5, NAN, 1.0, 0.25]),
    (pa.array([0, 1, 2, -1], pa.int64()), [0.0, 1.0, NAN, NAN]),
    (pa.array([0, 1, 2, 2**64 - 1], pa.uint64()), [0.0, 1.0, NAN, NAN]),
    (pa.array([Decimal("0.1"), Decimal("0.0000001"), None, Decimal("1.1")]), [0.1, 1e-7, NAN, NAN]),
    (pa.array(["0.1", None, "x", "1"]), [0.1, NAN, NAN, 1.0]),
    (pa.array(["0.1", None, "x", "1"], pa.large_string()), [0.1, NAN, NAN, 1.0]),
    (pa.array(["0.1", None, "x", "1"]).dictionary_encode(), [0.1, NAN, NAN, 1.0]),
]


@pytest.mark.parametrize(("column", "expected"), SCORE_COLUMNS, ids=lambda value: str(getattr(value, "type", "")))
def test_scores_of_every_numeric_type_become_exact_float64(tmp_path: Path, column: pa.Array, expected: list[float]) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": ["a", "b", "c", "d"], "score": column})
    assert repr(aligned(path, ItemBenchmark(["a", "b", "c", "d"])).scores.tolist()) == repr(expected)


def test_any_finite_score_counts_where_the_range_is_any(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a", "b", "c"], "score": ["-3.5", "1e300", "1e999"]})
    assert repr(aligned(path, ItemBenchmark(["a", "b", "c"]), score_range="any").scores.tolist()) == repr([-3.5, 1e300, NAN])


@pytest.mark.parametrize(
    "column",
    [pa.array([3, 1, 20]), pa.array(["3", "1", "20"]).dictionary_encode(), pa.array(["3", "1", "20"], pa.large_string())],
)
def test_ids_are_text_and_integers_are_written_in_decimal(tmp_path: Path, column: pa.Array) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": column, "score": [0.3, 0.1, 0.2]})
    assert aligned(path, ItemBenchmark(["1", "20", "3"])).scores.tolist() == [0.1, 0.2, 0.3]


def test_ids_of_csv_are_never_read_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("item_id,score\n007,0.1\n7,0.2\n1e3,0.3\nNA,0.4\n", encoding="utf-8")
    assert aligned(path, ItemBenchmark(["NA", "7", "1e3", "007"])).scores.tolist() == [0.4, 0.2, 0.3, 0.1]


def test_a_null_id_is_a_row_that_nobody_knows(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": pa.array([None, "a", None]), "score": [0.1, 0.2, 0.3]})
    result = aligned(path, ItemBenchmark(["a", "b"], others=["c"]))
    assert result.scores[0] == 0.2
    assert (result.accounting.extra, result.accounting.missing) == (2, 1)


def test_quoted_fields_line_breaks_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b'\xef\xbb\xbfitem_id,note,score\r\n"a,1","line\nbreak ""q""",0.1\r\n"b\n2",,0.2\r\n')
    result = aligned(path, ItemBenchmark(["a,1", "b\n2"]))
    assert result.scores.tolist() == [0.1, 0.2]
    assert result.ignored_columns == ("note",)


def test_the_benchmarks_own_name_of_the_id_column_is_understood(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"case": ["a"], "score": ["0.1"]})
    assert aligned(path, ItemBenchmark(["a"], id_column="case")).scores.tolist() == [0.1]
    default = write_predictions(tmp_path / "q.csv", {"item_id": ["a"], "score": ["0.1"]})
    assert aligned(default, ItemBenchmark(["a"], id_column="case")).scores.tolist() == [0.1]


def test_with_the_rule_label_a_column_of_scores_is_left_unread(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a"], "score": ["0.1"], "label": ["1"]})
    result = aligned(path, ItemBenchmark(["a"]), rule=LABEL)
    assert result.labels.tolist() == [1]
    assert result.ignored_columns == ("score",)


GOOD = b"item_id,score\na,0.5\n"
FAULTS: list[tuple[str, str, bytes, dict[str, Any], list[str]]] = [
    ("unknown suffix", "p.json", GOOD, {}, ["not known", ".csv or .parquet"]),
    ("no suffix", "p", GOOD, {}, ["not known", "no suffix"]),
    ("empty csv", "p.csv", b"", {}, ["is empty"]),
    ("blank csv", "p.csv", b"\n\n", {}, ["is empty"]),
    ("header only", "p.csv", b"item_id,score\n", {}, ["no row"]),
    ("no id column", "p.csv", b"id,score\na,0.5\n", {}, ["no column of ids", "item_id", "rename"]),
    ("no score column", "p.csv", b"item_id,probability\na,0.5\n", {}, ["no column 'score'", "probability", "rename"]),
    ("nothing of use", "p.csv", b"x,y\na,0.5\n", {}, ["no column of ids", "no column 'score'"]),
    ("label only, threshold", "p.csv", b"item_id,label\na,1\n", {}, ["no column 'score'", "{rule: label}"]),
    ("score only, label", "p.csv", GOOD, {"rule": LABEL}, ["no column 'label'", "{threshold: …}"]),
    ("score and label", "p.csv", b"item_id,score,label\na,0.5,1\n", {}, ["both a score and a label", "drop one", "{rule: label}"]),
    ("repeated column", "p.csv", b"item_id,score,score\na,0.5,1\n", {}, ["repeated", "score"]),
    ("ragged short", "p.csv", GOOD + b"b\n", {}, ["1 row(s)", "row 3 has 1", "2 fields"]),
    ("ragged long", "p.csv", GOOD + b"b,1,2\nc,1,2,3\n", {}, ["2 row(s)", "row 3 has 3", "row 4 has 4"]),
    ("ragged, then out of order", "p.csv", b"item_id,score\nb,0.5\na\n", {}, ["1 row(s)", "row 3 has 1"]),
    ("header not utf-8", "p.csv", b"item_id,score,\xe9\na,0.5,x\n", {}, ["not UTF-8", "byte 14"]),
    ("id not utf-8", "p.csv", b"item_id,score\na\xff,0.5\n", {}, ["byte 15", "xff", "save the file as UTF-8"]),
    ("ragged row not utf-8", "p.csv", GOOD + b"\xff,1,2\n", {}, ["not UTF-8", "byte 20"]),
    ("cut inside a character", "p.csv", GOOD + b"b,\xe2\x82", {}, ["not UTF-8", "byte 22"]),
    ("utf-16", "p.csv", "item_id,score\na,0.5\n".encode("utf-16"), {}, ["not UTF-8"]),
    ("utf-16 without mark", "p.csv", "item_id,score\na,0.5\n".encode("utf-16-le"), {}, ["NUL"]),
    ("open quote", "p.csv", b'item_id,score\na,"0.5\nb,1\n', {}, ["never closed", "RFC 4180"]),
    ("open quote in the header", "p.csv", b'item_id,"score\na,0.5\n', {}, ["never closed"]),
    ("semicolons", "p.csv", b"item_id;score\na;0.5\n", {}, ["no column of ids", "item_id;score"]),
    ("empty parquet file", "p.parquet", b"", {}, ["Parquet file cannot be read"]),
    ("csv named parquet", "p.parquet", GOOD, {}, ["Parquet file cannot be read", "cut short"]),
    ("nothing in common", "p.csv", b"item_id,score\nA,0.5\n", {}, ["not one id", "ids like 'A'", "ids like 'a'"]),
    ("other split only", "p.csv", b"item_id,score\nz,0.5\n", {}, ["not one id", "1 of its 1 rows belong to other splits"]),
    ("hidden characters", "p.csv", b"item_id,score\n\xe2\x80\xaexx,0.5\n", {}, ["\\u202exx"]),
]


@pytest.mark.parametrize(("name", "data", "options", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_file_that_cannot_be_used_is_refused_with_place_and_reason(
    tmp_path: Path, name: str, data: bytes, options: dict[str, Any], said: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput) as caught:
        aligned(path, ItemBenchmark(["a", "b"], others=["z"]), **options)
    text = str(caught.value)
    assert all(part in text for part in said), text
    assert name in text
    assert "\u202e" not in text


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "d.csv").mkdir()
    for name in ("d.csv", "absent.csv", "absent.parquet"):
        with pytest.raises(BadInput, match="no such file"):
            aligned(tmp_path / name, ItemBenchmark(["a"]))


def test_two_columns_of_ids_are_refused(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a"], "case": ["a"], "score": ["0.1"]})
    with pytest.raises(BadInput, match="two columns of ids"):
        aligned(path, ItemBenchmark(["a"], id_column="case"))


WRONG_TYPES: list[tuple[dict[str, pa.Array], str, list[str]]] = [
    ({"item_id": pa.array([1.0]), "score": pa.array([0.1])}, THRESHOLD, ["'item_id'", "double", "text or integers"]),
    ({"item_id": pa.array([b"a"]), "score": pa.array([0.1])}, THRESHOLD, ["'item_id'", "binary"]),
    ({"item_id": pa.array(["a"]), "score": pa.array([True])}, THRESHOLD, ["'score'", "bool", "floats"]),
    ({"item_id": pa.array(["a"]), "score": pa.array([[0.1]])}, THRESHOLD, ["'score'", "list"]),
    ({"item_id": pa.array(["a"]), "score": pa.array([{"x": 0.1}])}, THRESHOLD, ["'score'", "struct"]),
    ({"item_id": pa.array(["a"]), "label": pa.array([1.0])}, LABEL, ["'label'", "double", "booleans"]),
    ({"item_id": pa.array([True]), "score": pa.array([b"x"])}, THRESHOLD, ["'item_id'", "'score'"]),
]


@pytest.mark.parametrize(("columns", "rule", "said"), WRONG_TYPES)
def test_parquet_columns_of_other_types_are_refused(tmp_path: Path, columns: dict[str, pa.Array], rule: str, said: list[str]) -> None:
    path = write_predictions(tmp_path / "p.parquet", columns)
    with pytest.raises(BadInput) as caught:
        aligned(path, ItemBenchmark(["a"]), rule=rule)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_a_parquet_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": pa.array([], pa.string()), "score": pa.array([], pa.float64())})
    with pytest.raises(BadInput, match="no row"):
        aligned(path, ItemBenchmark(["a"]))


@pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
def test_a_truncated_parquet_file_is_refused(tmp_path: Path, share: float) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": [str(n) for n in range(500)], "score": [0.5] * 500})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(BadInput, match="Parquet file cannot be read"):
        aligned(path, ItemBenchmark(["1"]))


def test_a_parquet_file_with_a_broken_page_is_refused(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": [str(n) for n in range(500)], "score": [0.5] * 500}, compression="gzip")
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="Parquet file cannot be read"):
        aligned(path, ItemBenchmark(["1"]))


def test_parquet_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    ids = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, 2], np.int32).tobytes()), pa.py_buffer(b"\xff\xfe"))
    path = tmp_path / "p.parquet"
    pq.write_table(pa.table({"item_id": ids, "score": [0.5]}), path)
    with pytest.raises(BadInput, match="cannot be read as text"):
        aligned(path, ItemBenchmark(["1"]))


@pytest.fixture
def many_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets and chunks of a few rows, as if the files were huge."""
    monkeypatch.setattr(buckets_module, "_ROWS_A_BUCKET", 40)
    monkeypatch.setattr(buckets_module, "_ROWS_A_CHUNK", 16)


def _hostile(seed: int) -> tuple[ItemBenchmark, list[tuple[str, str]], dict[str, int], tuple[int, int]]:
    """A benchmark, shuffled rows of every kind, the status each item must get, and (extra, other_split)."""
    rng = np.random.default_rng(seed)
    ids = [f"{'x' * int(rng.integers(0, 5))}{n}é" for n in range(700)] + ["", "long" * 80]
    rows: list[tuple[str, str]] = []
    status: dict[str, int] = {}
    for item in ids:
        code = int(rng.choice([ANSWERED, MISSING, DUPLICATE, INVALID], p=[0.7, 0.1, 0.1, 0.1]))
        status[item] = code
        text = "junk" if code == INVALID else repr(round(float(rng.random()), 6))
        rows += [(item, text)] * {ANSWERED: 1, INVALID: 1, MISSING: 0, DUPLICATE: int(rng.integers(2, 60))}[code]
    rows += [(f"o{n}", "0.5") for n in range(300)] + [("o1", "0.5")] + [(f"unknown{n % 90}", "0.5") for n in range(120)]
    rng.shuffle(rows)
    return ItemBenchmark(ids, others=[f"o{n}" for n in range(400)]), rows, status, (120, 301)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.usefixtures("many_buckets")
def test_many_buckets_account_for_every_row_exactly(tmp_path: Path, suffix: str, seed: int) -> None:
    benchmark, rows, status, (extra, other_split) = _hostile(seed)
    path = write_predictions(tmp_path / f"p{suffix}", {"item_id": [i for i, _ in rows], "score": [str(s) for _, s in rows]})
    result = aligned(path, benchmark)
    assert result.status.tolist() == list(status.values())
    said = {item: float(text) for item, text in rows if text != "junk"}
    expected = [said[item] if code == ANSWERED else NAN for item, code in status.items()]
    assert repr(result.scores.tolist()) == repr(expected)
    assert (result.accounting.rows, result.accounting.extra, result.accounting.other_split) == (len(rows), extra, other_split)


@pytest.mark.usefixtures("many_buckets")
def test_ids_whose_hashes_clash_are_still_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets_module, "text_hashes", lambda ids: np.zeros(len(ids), dtype=np.uint64))
    lookup = lookup_module.Lookup(pa.array(["a", "b"]), np.zeros(2, np.uint64))
    assert lookup.find(pa.array(["b", "c", None]), np.zeros(3, np.uint64)).tolist() == [1, -1, -1]
    benchmark, rows, status, (extra, other_split) = _hostile(3)
    path = write_predictions(tmp_path / "p.parquet", {"item_id": [i for i, _ in rows], "score": [str(s) for _, s in rows]})
    result = aligned(path, benchmark)
    assert result.status.tolist() == list(status.values())
    assert (result.accounting.extra, result.accounting.other_split) == (extra, other_split)


def test_other_splits_are_consulted_only_when_an_id_is_unknown(tmp_path: Path) -> None:
    benchmark = ItemBenchmark(["a", "b"], others=["c"])
    aligned(write_predictions(tmp_path / "p.csv", {"item_id": ["b"], "score": ["0.1"]}), benchmark)
    assert benchmark.others_asked == 0
    aligned(write_predictions(tmp_path / "q.csv", {"item_id": ["b", "c"], "score": ["0.1", "0.1"]}), benchmark)
    assert benchmark.others_asked == 1


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_temporary_files_vanish_even_when_reading_fails(tmp_path: Path, temporary: Path) -> None:
    good = write_predictions(tmp_path / "p.csv", {"item_id": ["b"], "score": ["0.1"]})
    aligned(good, ItemBenchmark(["a", "b"]))
    (tmp_path / "q.csv").write_bytes(b"item_id,score\nb,0.5\na\n")
    with pytest.raises(BadInput):
        aligned(tmp_path / "q.csv", ItemBenchmark(["a", "b"]))
    assert list(temporary.iterdir()) == []


def test_no_room_for_temporary_files_is_said_so(tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(buckets_module.Buckets, "add", full)
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["b"], "score": ["0.1"]})
    with pytest.raises(BadInput, match="temporary files cannot be written"):
        aligned(path, ItemBenchmark(["a", "b"]))
    assert list(temporary.iterdir()) == []
