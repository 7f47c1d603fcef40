from __future__ import annotations

from pathlib import Path

import pytest
from item_benchmark import ItemBenchmark, card_of, write_predictions

from evalharness.adapters import AdapterNotice, load_adapter
from evalharness.adapters.conformance import check_adapter
from evalharness.digests import sha256_file
from evalharness.errors import BadInput
from evalharness.predictions import Reading, align, decide
from evalharness.records import OperatingPoint

POINT = OperatingPoint(rule="score >= threshold", threshold=0.5)
LABEL = OperatingPoint(rule="label", threshold=None)
IDS = [f"i{n}" for n in range(250)]


@pytest.mark.parametrize("step", [1, -1])
def test_the_adapter_keeps_the_promises_of_the_protocol(tmp_path: Path, step: int) -> None:
    scores = ["junk" if n % 10 == 0 else repr(n / 250) for n in range(250)]
    path = write_predictions(tmp_path / "p.csv", {"item_id": IDS[::step], "score": scores})
    card = card_of(path, sha256=sha256_file(path))
    check_adapter(load_adapter("predictions"), card, ItemBenchmark(IDS), batch_rows=(65_536, 97, 7, 1))


def test_the_adapter_keeps_the_promises_for_labels_too(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"item_id": IDS[:-5], "label": [str(n % 3) for n in range(245)]})
    check_adapter(load_adapter("predictions"), card_of(path), ItemBenchmark(IDS), operating_point=LABEL)


def test_batches_of_any_size_get_the_stored_answers(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": IDS[::-1], "score": [repr(n / 250) for n in range(250)]})
    benchmark = ItemBenchmark(IDS)
    whole = align(path, benchmark, "test", Reading(task="binary", rule=POINT.rule, labels=("0", "1")))
    classifier = load_adapter("predictions").open(card_of(path), benchmark, "test", POINT)
    for size in (1, 7, 250, 1000):
        said = [
            d for batch in benchmark.batches("test", columns=frozenset(), batch_rows=size) for d in decide(classifier.answer(batch), POINT)
        ]
        assert said == [int(score >= 0.5) for score in whole.scores]
    assert classifier.accounting() == whole.accounting
    assert (classifier.needs_ids, classifier.needs_features) == (False, False)


def test_a_file_that_is_not_the_cards_is_refused(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a"], "score": ["0.5"]})
    with pytest.raises(BadInput, match="not the one that the card describes") as caught:
        load_adapter("predictions").open(card_of(path, sha256="sha256:" + "0" * 64), ItemBenchmark(["a"]), "test", POINT)
    assert sha256_file(path) in str(caught.value)
    assert "model.md" in str(caught.value)


@pytest.mark.parametrize("name", ["absent.csv", "folder.csv"])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BadInput, match=name):
        load_adapter("predictions").open(card_of(tmp_path / name), ItemBenchmark(["a"]), "test", POINT)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["b"], "score": ["0.5"]})

    class Meddler(ItemBenchmark):
        def rows_in(self, split: str) -> int:
            path.write_bytes(b"item_id,score\nb,0.75\n")
            return super().rows_in(split)

    with pytest.raises(BadInput, match="changed while it was read"):
        load_adapter("predictions").open(card_of(path), Meddler(["a", "b"]), "test", POINT)


def test_columns_that_are_not_read_are_noted(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a"], "score": ["0.5"], "note\u202e": ["x"], "other": ["y"]})
    with pytest.warns(AdapterNotice, match=r"p\.csv: columns that were not read: note.*u202e, other"):
        load_adapter("predictions").open(card_of(path), ItemBenchmark(["a"]), "test", POINT)


CLASSES = [("0", "2"), ("0", "0"), ("1",), ("0", "1", "2")]


@pytest.mark.parametrize("classes", CLASSES)
def test_a_card_with_other_classes_than_the_benchmark_is_refused(tmp_path: Path, classes: tuple[str, ...]) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a"], "label": ["1"]})
    with pytest.raises(BadInput, match="not the benchmark's two labels"):
        load_adapter("predictions").open(card_of(path, classes=classes), ItemBenchmark(["a"]), "test", LABEL)


def test_a_negative_label_that_the_table_never_shows_comes_from_the_card(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a", "b"], "label": ["no", "yes"]})
    benchmark = ItemBenchmark(["a", "b"], labels=("", "yes"))
    classifier = load_adapter("predictions").open(card_of(path, classes=("no", "yes")), benchmark, "test", LABEL)
    assert [classifier.answer(batch).labels.tolist() for batch in benchmark.batches("test", columns=frozenset())] == [[0, 1]]


def test_the_cards_score_range_decides_what_is_out_of_range(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": ["a", "b"], "score": ["-2.5", "7"]})
    for score_range, invalid in (("unit", 2), ("any", 0)):
        classifier = load_adapter("predictions").open(card_of(path, score_range=score_range), ItemBenchmark(["a", "b"]), "test", POINT)
        assert classifier.accounting().invalid == invalid
