"""The two shipped adapters on ordinal, ranking, risk and linkage benchmarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from item_benchmark import ItemBenchmark, card_of, write_predictions
from sklearn.linear_model import LogisticRegression, RidgeClassifier

from evalharness.adapters import AdapterNotice, load_adapter, open_links
from evalharness.adapters.conformance import check_adapter
from evalharness.errors import BadInput, Fault
from evalharness.predictions import ANSWERED, INVALID, Answers, decide
from evalharness.records import OperatingPoint

ROWS = 240
RNG = np.random.default_rng(5)
X = pd.DataFrame({"a": RNG.normal(size=ROWS), "b": RNG.normal(size=ROWS)})
LEVELS = ("none", "C", "B", "A")
GRADES = np.array(LEVELS)[np.digitize(X["a"] + RNG.normal(size=ROWS) / 4, [-1, 0, 1])]
Y = np.where(X["a"] + RNG.normal(size=ROWS) > 0, "1", "0")
BANDS = ("low", "medium", "high")
CUTS = (("low", 0.0), ("medium", 0.3), ("high", 0.7))
IDS = [f"i{n}" for n in range(ROWS)]

LABEL = OperatingPoint(rule="label", threshold=None)
BUDGET = OperatingPoint(rule="budget", threshold=None, budget_per_day=3)
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)


def benchmark(task: str, **options: Any) -> ItemBenchmark:
    levels = {"ordinal": LEVELS, "risk": BANDS}.get(task, ())
    labels = ("", "") if task in {"ordinal", "linkage"} else ("0", "1")
    return ItemBenchmark(IDS, features={name: X[name].tolist() for name in X}, labels=labels, task=task, levels=levels, **options)


def saved(folder: Path, model: Any) -> Path:
    skops.io.dump(model, folder / "m.skops")
    return folder / "m.skops"


def opened(path: Path, task: str, point: OperatingPoint, adapter: str = "sklearn", **card: Any) -> Answers:
    items = benchmark(task)
    classifier = load_adapter(adapter).open(card_of(path, adapter=adapter, **card), items, "test", point)
    (answers,) = [classifier.answer(batch) for batch in items.batches("test", columns=frozenset({"features"}))]
    return answers


def test_the_order_of_many_classes_is_read_from_the_model(tmp_path: Path) -> None:
    model = LogisticRegression().fit(X, GRADES)
    assert tuple(model.classes_) == ("A", "B", "C", "none")
    answers = opened(saved(tmp_path, model), "ordinal", LABEL, classes=("A", "B", "C", "none"))
    assert [LEVELS[code] for code in answers.labels] == model.predict(X).tolist()
    assert answers.scores is None
    assert len(set(answers.labels.tolist())) == 4


def test_integer_levels_are_compared_as_text(tmp_path: Path) -> None:
    items = ItemBenchmark(IDS, features={name: X[name].tolist() for name in X}, task="ordinal", levels=("1", "2", "10"), labels=("", ""))
    model = LogisticRegression().fit(X, np.digitize(X["b"], [-1, 1]) * 4 + 2)
    with pytest.raises(BadInput, match="not the benchmark's levels"):
        load_adapter("sklearn").open(card_of(saved(tmp_path, model), adapter="sklearn"), items, "test", LABEL)
    model = LogisticRegression().fit(X, np.array([1, 2, 10])[np.digitize(X["b"], [-1, 1])])
    classifier = load_adapter("sklearn").open(card_of(saved(tmp_path, model), adapter="sklearn"), items, "test", LABEL)
    (answers,) = [classifier.answer(batch) for batch in items.batches("test", columns=frozenset({"features"}))]
    assert [(1, 2, 10)[code] for code in answers.labels] == model.predict(X).tolist()


REFUSED: list[tuple[str, Any, dict[str, Any], list[str]]] = [
    ("ordinal", GRADES, {"classes": LEVELS}, ["another order", "A, B, C, none"]),
    ("ordinal", GRADES, {"classes": ("A", "B", "C", "D")}, ["not the benchmark's levels", "none, C, B, A"]),
    ("ordinal", np.where(GRADES == "A", "B", GRADES), {}, ["not the benchmark's levels", "B, C, none"]),
    ("ranking", np.where(Y == "1", "2", "0"), {}, ["not the benchmark's two labels"]),
    ("risk", Y, {}, ["does not say where the bands begin", "low, medium, high"]),
    ("risk", Y, {"bands": CUTS[:2]}, ["the bands are not those of items", "low, medium, high"]),
    ("risk", Y, {"bands": CUTS, "classes": ("1", "0")}, ["another order"]),
]


@pytest.mark.parametrize(("task", "y", "card", "said"), REFUSED)
def test_a_model_that_does_not_fit_the_task_is_refused(tmp_path: Path, task: str, y: Any, card: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        opened(saved(tmp_path, LogisticRegression().fit(X, y)), task, {"ordinal": LABEL, "ranking": BUDGET, "risk": TOP}[task], **card)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_ranking_scores_are_the_chance_of_the_positive_class(tmp_path: Path) -> None:
    model = LogisticRegression().fit(X, Y)
    answers = opened(saved(tmp_path, model), "ranking", BUDGET, classes=("0", "1"))
    assert np.array_equal(answers.scores, model.predict_proba(X)[:, 1])
    assert answers.labels is None


def test_the_bands_of_an_estimator_are_cut_where_the_card_says(tmp_path: Path) -> None:
    model = LogisticRegression().fit(X, Y)
    answers = opened(saved(tmp_path, model), "risk", TOP, bands=CUTS, classes=("0", "1"))
    chance = model.predict_proba(X)[:, 1]
    assert np.array_equal(answers.scores, chance)
    assert answers.labels.tolist() == np.digitize(chance, [0.3, 0.7]).tolist()
    assert decide(answers, TOP, BANDS).tolist() == (chance >= 0.7).astype(int).tolist()


def test_a_score_below_the_first_band_is_in_none(tmp_path: Path) -> None:
    model = RidgeClassifier().fit(X, Y)
    bands = (("low", -0.5), ("medium", 0.0), ("high", 0.5))
    answers = opened(saved(tmp_path, model), "risk", TOP, bands=bands, score_range="any")
    below = model.decision_function(X) < -0.5
    assert 0 < below.sum() < ROWS
    assert np.array_equal(answers.status, np.where(below, INVALID, ANSWERED))
    assert np.array_equal(np.isnan(answers.scores), below)
    assert np.array_equal(answers.labels == -1, below)


def test_an_estimator_does_not_link_records(tmp_path: Path) -> None:
    card = card_of(saved(tmp_path, LogisticRegression().fit(X, Y)), adapter="sklearn")
    with pytest.raises(BadInput, match="does not link records") as caught:
        open_links(card, benchmark("linkage", pairs=[(0, 1)]), "test", AT_HALF)
    assert all(part in str(caught.value) for part in ("stored predictions", "left_id, right_id, score", "model.md"))


@pytest.mark.parametrize(
    ("task", "point", "y", "card"),
    [
        ("ordinal", LABEL, GRADES, {"classes": ("A", "B", "C", "none")}),
        ("ranking", BUDGET, Y, {"classes": ("0", "1")}),
        ("risk", TOP, Y, {"bands": CUTS}),
        ("risk", TOP, Y, {"bands": (("low", -0.5), ("medium", 0.0), ("high", 0.5)), "score_range": "any"}),
    ],
)
def test_estimators_keep_the_promises_of_the_protocol(
    tmp_path: Path, task: str, point: OperatingPoint, y: Any, card: dict[str, Any]
) -> None:
    path = saved(tmp_path, LogisticRegression().fit(X, y))
    check_adapter(
        load_adapter("sklearn"),
        card_of(path, adapter="sklearn", **card),
        benchmark(task),
        operating_point=point,
        batch_rows=(65_536, 97, 1),
    )


def columns_for(task: str) -> dict[str, Any]:
    order = RNG.permutation(ROWS)[:-5]
    ids, score = [IDS[k] for k in order], RNG.random(ROWS - 5).round(3)
    if task == "ordinal":
        return {"item_id": ids, **{level: RNG.integers(0, 5, ROWS - 5) / 4 for level in LEVELS}}
    if task == "risk":
        return {"item_id": ids, "score": score * 1.1, "label": np.array([*BANDS, "other"])[RNG.integers(0, 4, ROWS - 5)]}
    return {"item_id": ids, "score": score * 1.1}


@pytest.mark.parametrize(("task", "point"), [("ordinal", LABEL), ("ranking", BUDGET), ("risk", TOP)])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_stored_answers_keep_the_promises_of_the_protocol(tmp_path: Path, task: str, point: OperatingPoint, suffix: str) -> None:
    path = write_predictions(tmp_path / f"p{suffix}", columns_for(task))
    check_adapter(load_adapter("predictions"), card_of(path), benchmark(task), operating_point=point, batch_rows=(65_536, 97, 1))


def stored(path: Path, task: str, point: OperatingPoint, **card: Any) -> Any:
    return load_adapter("predictions").open(card_of(path, **card), benchmark(task), "test", point)


def test_stored_answers_of_risk_may_come_from_a_card_that_names_outcomes_or_bands(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", columns_for("risk"))
    for classes in ((), ("0", "1"), ("high", "low", "medium")):
        assert stored(path, "risk", TOP, classes=classes).accounting().rows == ROWS - 5
    with pytest.raises(BadInput, match="not the benchmark's two labels"):
        stored(path, "risk", TOP, classes=("low", "high"))


def test_stored_answers_of_an_ordinal_task_check_the_classes_of_the_card(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", columns_for("ordinal"))
    assert stored(path, "ordinal", LABEL, classes=LEVELS[::-1]).accounting().rows == ROWS - 5
    with pytest.raises(BadInput, match="not the benchmark's levels"):
        stored(path, "ordinal", LABEL, classes=("0", "1"))


PAIRS = [(int(a), int(b)) for a, b in RNG.permutation(ROWS)[: 2 * 90].reshape(-1, 2)]


@pytest.mark.parametrize("point", [AT_HALF, LABEL])
def test_stored_links_keep_the_promises_of_the_protocol(tmp_path: Path, point: OperatingPoint) -> None:
    scored = {"left_id": [IDS[a] for a, _ in PAIRS], "right_id": [IDS[b] for _, b in PAIRS], "score": RNG.random(len(PAIRS)) * 1.1}
    named = {"item_id": IDS[3:], "entity": [f"e{n % 50}" for n in range(3, ROWS)]}
    path = write_predictions(tmp_path / "p.csv", scored if point is AT_HALF else named)
    check_adapter(load_adapter("predictions"), card_of(path), benchmark("linkage", pairs=PAIRS), operating_point=point)


def test_pairs_that_were_not_asked_for_are_told(tmp_path: Path) -> None:
    rows = [(IDS[a], IDS[b]) for a, b in PAIRS[:5]] + [(IDS[0], IDS[0]), (IDS[PAIRS[0][0]], IDS[PAIRS[1][0]])]
    columns = {"left_id": [r[0] for r in rows], "right_id": [r[1] for r in rows], "score": [0.5] * 7, "note": ["n"] * 7}
    path = write_predictions(tmp_path / "p.csv", columns)
    with pytest.warns(AdapterNotice) as heard:
        answers = open_links(card_of(path), benchmark("linkage", pairs=PAIRS), "test", AT_HALF)
    assert [str(w.message) for w in heard] == [
        "p.csv: columns that were not read: note",
        "p.csv: 1 rows are about pairs that are no candidates and 1 rows pair a record with itself; they decide nothing",
    ]
    assert (answers.accounting.answered, answers.accounting.invalid, answers.accounting.extra) == (5, 1, 1)


def test_links_are_never_asked_for_item_by_item(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"item_id": IDS, "entity": IDS})
    with pytest.raises(Fault, match="`link`"):
        load_adapter("predictions").open(card_of(path), benchmark("linkage", pairs=PAIRS), "test", LABEL)
