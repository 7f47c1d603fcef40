from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from item_benchmark import ItemBenchmark, card_of
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, KBinsDiscretizer, OneHotEncoder, StandardScaler

from evalharness.adapters import AdapterNotice, load_adapter
from evalharness.adapters.conformance import check_adapter
from evalharness.adapters.trusted_types import TRUSTED_TYPES
from evalharness.digests import sha256_bytes
from evalharness.errors import BadInput, Fault
from evalharness.predictions import ANSWERED, INVALID, Accounting, Answers, decide
from evalharness.records import OperatingPoint

POINT = OperatingPoint(rule="score >= threshold", threshold=0.5)
LABEL = OperatingPoint(rule="label", threshold=None)
ROWS = 240
RNG = np.random.default_rng(7)
X = pd.DataFrame({"a": RNG.normal(size=ROWS), "b": RNG.normal(size=ROWS), "token": np.where(RNG.random(ROWS) < 0.4, "tok_1", "tok_2")})
Y = np.where(X["a"] + RNG.normal(size=ROWS) > 0, "p", "n")
NUMBERS = ["a", "b"]


def benchmark(features: dict[str, Any] | None = None, labels: tuple[str, str] = ("n", "p"), rows: int = ROWS) -> ItemBenchmark:
    columns = features if features is not None else {name: X[name].tolist() for name in X}
    return ItemBenchmark([f"i{n}" for n in range(rows)], features=columns, labels=labels)


def opened(
    path: Path, model: Any, point: OperatingPoint = POINT, items: ItemBenchmark | None = None, data: bytes | None = None, **card: Any
) -> tuple[Any, ItemBenchmark]:
    data = skops.io.dumps(model) if data is None else data
    path.write_bytes(data)
    items = benchmark() if items is None else items
    described = card_of(path, **{"adapter": "sklearn", "sha256": sha256_bytes(data), "classes": ("n", "p"), **card})
    return load_adapter("sklearn").open(described, items, "test", point), items


def answers_of(classifier: Any, items: ItemBenchmark, size: int = 65_536) -> list[Answers]:
    return [classifier.answer(batch) for batch in items.batches("test", columns=frozenset({"features"}), batch_rows=size)]


def same(one: Any, other: Any) -> bool:
    """Equal but for the last bits, which linear algebra may change with the layout of its input in memory."""
    return np.allclose(one, other, rtol=1e-12, atol=0)


def logistic() -> LogisticRegression:
    return LogisticRegression().fit(X[NUMBERS], Y)


MODELS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "logistic regression": (LogisticRegression, NUMBERS),
    "random forest": (lambda: RandomForestClassifier(3, random_state=0), NUMBERS),
    "extra trees": (lambda: ExtraTreesClassifier(3, random_state=0), NUMBERS),
    "gradient boosting": (lambda: GradientBoostingClassifier(n_estimators=3), NUMBERS),
    "histogram boosting": (lambda: HistGradientBoostingClassifier(max_iter=3), NUMBERS),
    "sigmoid calibration": (lambda: CalibratedClassifierCV(GaussianNB(), cv=2), NUMBERS),
    "isotonic calibration": (lambda: CalibratedClassifierCV(RandomForestClassifier(3), cv=2, method="isotonic"), NUMBERS),
    "neural network, adam": (lambda: MLPClassifier((3,), tol=1e9, n_iter_no_change=1), NUMBERS),
    "neural network, sgd": (lambda: MLPClassifier((3,), solver="sgd", tol=1e9, n_iter_no_change=1), NUMBERS),
    "imputation and bins": (
        lambda: make_pipeline(SimpleImputer(), KBinsDiscretizer(3, quantile_method="averaged_inverted_cdf"), LogisticRegression()), NUMBERS,
    ),
    "voting": (lambda: VotingClassifier([("one", LogisticRegression()), ("two", GaussianNB())], voting="soft"), NUMBERS),
    "stacking": (lambda: StackingClassifier([("one", LogisticRegression()), ("two", GaussianNB())], cv=2), NUMBERS),
    "tokens": (
        lambda: make_pipeline(make_column_transformer((OneHotEncoder(), ["token"]), (StandardScaler(), NUMBERS)), LogisticRegression()),
        ["a", "b", "token"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "inputs"), MODELS.values(), ids=MODELS.keys())
def test_common_models_answer_as_they_did_before_they_were_saved(tmp_path: Path, make: Callable[[], Any], inputs: list[str]) -> None:
    model = make().fit(X[inputs], Y)
    classifier, items = opened(tmp_path / "m.skops", model)
    (answers,) = answers_of(classifier, items)
    assert np.array_equal(answers.scores, model.predict_proba(X[inputs])[:, 1])
    assert (answers.status == ANSWERED).all()


def test_every_reviewed_type_is_needed_by_a_common_model() -> None:
    named: set[str] = set()
    for make, inputs in MODELS.values():
        named.update(skops.io.get_untrusted_types(data=skops.io.dumps(make().fit(X[inputs], Y))))
    assert named == set(TRUSTED_TYPES)


@pytest.mark.parametrize("point", [POINT, LABEL])
def test_the_adapter_keeps_the_promises_of_the_protocol(tmp_path: Path, point: OperatingPoint) -> None:
    path = tmp_path / "m.skops"
    skops.io.dump(make_pipeline(StandardScaler(), MLPClassifier((3,), tol=1e9, n_iter_no_change=1)).fit(X[NUMBERS], Y), path)
    card = card_of(path, adapter="sklearn", classes=("n", "p"))
    check_adapter(load_adapter("sklearn"), card, benchmark(), operating_point=point, batch_rows=(65_536, 97, 1))


def test_the_account_says_how_many_items_were_put_to_the_model(tmp_path: Path) -> None:
    classifier, items = opened(tmp_path / "m.skops", logistic())
    assert (classifier.needs_ids, classifier.needs_features) == (False, True)
    batches = list(items.batches("test", columns=frozenset({"features"}), batch_rows=100))
    for batch in (batches[1], batches[0], batches[1]):
        classifier.answer(batch)
    assert classifier.accounting() == Accounting(rows=200, answered=200, missing=40, duplicate=0, invalid=0)


def test_the_positive_class_is_read_from_the_model_and_never_guessed(tmp_path: Path) -> None:
    model = logistic()
    items = benchmark(labels=("p", "n"))
    classifier, items = opened(tmp_path / "m.skops", model, items=items)
    assert np.array_equal(answers_of(classifier, items)[0].scores, model.predict_proba(X[NUMBERS])[:, 0])
    classifier, items = opened(tmp_path / "m.skops", model, LABEL, items=items)
    assert np.array_equal(decide(answers_of(classifier, items)[0], LABEL) == 1, model.predict(X[NUMBERS]) == "n")


def test_the_benchmark_may_allow_scores_of_any_range_too(tmp_path: Path) -> None:
    model, items = RidgeClassifier().fit(X[NUMBERS], Y), benchmark()
    items.info = replace(items.info, score_range="any")
    classifier, items = opened(tmp_path / "m.skops", model, items=items)
    assert (answers_of(classifier, items)[0].status == ANSWERED).all()


@pytest.mark.parametrize("labels", [("n", "p"), ("p", "n")])
def test_scores_of_any_range_come_from_the_decision_function(tmp_path: Path, labels: tuple[str, str]) -> None:
    model = RidgeClassifier().fit(X[NUMBERS], Y)
    classifier, items = opened(tmp_path / "m.skops", model, items=benchmark(labels=labels), score_range="any")
    sign = 1 if labels[1] == "p" else -1
    assert np.array_equal(answers_of(classifier, items)[0].scores, sign * model.decision_function(X[NUMBERS]))


def test_a_model_without_a_decision_function_serves_any_range_with_probabilities(tmp_path: Path) -> None:
    classifier, items = opened(tmp_path / "m.skops", GaussianNB().fit(X[NUMBERS], Y), score_range="any")
    assert (answers_of(classifier, items)[0].status == ANSWERED).all()


@pytest.mark.parametrize(
    ("values", "labels"), [((0, 1), ("0", "1")), ((False, True), ("false", "true")), ((np.int8(-1), np.int8(1)), ("-1", "1"))]
)
def test_integer_and_boolean_classes_are_compared_as_text(tmp_path: Path, values: tuple[Any, Any], labels: tuple[str, str]) -> None:
    y = np.where(Y == "p", values[1], values[0])
    model = LogisticRegression().fit(X[NUMBERS], y)
    items = benchmark(labels=labels)
    classifier, items = opened(tmp_path / "m.skops", model, LABEL, items=items, classes=labels)
    assert np.array_equal(answers_of(classifier, items)[0].labels == 1, model.predict(X[NUMBERS]) == values[1])


def test_a_model_fitted_on_a_bare_array_gets_the_cards_inputs_in_their_order(tmp_path: Path) -> None:
    model = LogisticRegression().fit(X[["b", "a"]].to_numpy(), Y)
    classifier, items = opened(tmp_path / "m.skops", model, inputs=("b", "a"))
    assert same(answers_of(classifier, items)[0].scores, model.predict_proba(X[["b", "a"]].to_numpy())[:, 1])


def test_a_model_fitted_on_named_columns_gets_them_in_its_own_order(tmp_path: Path) -> None:
    model = LogisticRegression().fit(X[["b", "a"]], Y)
    classifier, items = opened(tmp_path / "m.skops", model, inputs=("a", "b"))
    assert same(answers_of(classifier, items)[0].scores, model.predict_proba(X[["b", "a"]])[:, 1])


class Odd(ClassifierMixin, BaseEstimator):
    """Not in scikit-learn: nobody has reviewed it."""

    def fit(self, x: Any, y: Any) -> Odd:
        self.classes_, self.n_features_in_ = np.unique(y), x.shape[1]
        return self


REFUSED: dict[str, tuple[Callable[[], Any], dict[str, Any], list[str]]] = {
    "altered": (logistic, {"sha256": "sha256:" + "0" * 64}, ["not the one that the card describes", "model.md"]),
    "unreviewed type": (lambda: Odd().fit(X, Y), {}, ["nobody has reviewed", "Odd", "nothing was loaded"]),
    "function of the file": (
        lambda: make_pipeline(FunctionTransformer(pickle.dumps), LogisticRegression()), {}, ["nobody has reviewed", "dumps"],
    ),
    "not fitted": (LogisticRegression, {}, ["does not say what its classes are"]),
    "no classifier": (lambda: LinearRegression().fit(X[NUMBERS], Y == "p"), {}, ["classes", "cannot answer", "LinearRegression"]),
    "other classes": (lambda: LogisticRegression().fit(X[NUMBERS], np.where(Y == "p", "p", "q")), {}, ["p, q", "p and n", "classes_"]),
    "three classes": (lambda: LogisticRegression().fit(X[NUMBERS], np.arange(ROWS) % 3), {"classes": ()}, ["0, 1, 2"]),
    "float classes": (lambda: LogisticRegression().fit(X[NUMBERS], (Y == "p") * 1.0), {}, ["does not say", "text, integers or booleans"]),
    "the card's order": (logistic, {"classes": ("p", "n")}, ["another order", "n, p"]),
    "the card's classes": (logistic, {"classes": ("n", "x")}, ["not the benchmark's two labels", "n, x"]),
    "no probabilities": (lambda: RidgeClassifier().fit(X[NUMBERS], Y), {}, ["predict_proba", "score_range: any"]),
    "feature absent": (
        lambda: LogisticRegression().fit(X[NUMBERS].set_axis(["a", "z"], axis=1), Y), {}, ["that items does not have", "z", "a, b, token"],
    ),
    "card's input absent": (logistic, {"inputs": ("a", "zz")}, ["zz", "not those the model was fitted on"]),
    "inputs left out": (logistic, {"inputs": ("a",)}, ["not those the model was fitted on", "a, b"]),
    "too many inputs": (lambda: LogisticRegression().fit(X[NUMBERS].to_numpy(), Y), {}, ["another number of inputs", "3", "2"]),
}  # fmt: skip


@pytest.mark.parametrize(("make", "card", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_a_model_that_does_not_fit_is_refused_with_place_and_reason(
    tmp_path: Path, make: Callable[[], Any], card: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(BadInput) as caught:
        opened(tmp_path / "m.skops", make(), **card)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_a_benchmark_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no features"):
        opened(tmp_path / "m.skops", logistic(), items=benchmark({}))


def _joblib(model: Any) -> bytes:
    stream = io.BytesIO()
    joblib.dump(model, stream, compress=3)
    return stream.getvalue()


def _zip(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "{}")
    return stream.getvalue()


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "pickle": ("m.pkl", lambda: pickle.dumps(logistic()), "pickle and joblib files run whatever code"),
    "pickle under another name": ("m.skops", lambda: pickle.dumps(logistic()), "pickle and joblib files run whatever code"),
    "joblib": ("m.joblib", lambda: _joblib(logistic()), "pickle and joblib files run whatever code"),
    "compressed joblib under another name": ("m.skops", lambda: _joblib(logistic()), "not a skops file"),
    "empty": ("m.skops", lambda: b"", "not a skops file"),
    "text": ("m.skops", lambda: b"tok_0001", "not a skops file"),
    "other zip": ("m.skops", lambda: _zip("other.txt"), "not a skops file"),
    "zip with an empty schema": ("m.skops", lambda: _zip("schema.json"), "cannot be loaded"),
    "truncated": ("m.skops", lambda: skops.io.dumps(logistic())[:-400], "not a skops file"),
    "broken in the middle": ("m.skops", lambda: _spoiled(skops.io.dumps(logistic())), "cannot be loaded"),
}


def _spoiled(data: bytes) -> bytes:
    return data[:40] + bytes(byte ^ 0xFF for byte in data[40:200]) + data[200:]


@pytest.mark.parametrize(("name", "make", "said"), FILES.values(), ids=FILES.keys())
def test_files_that_are_not_skops_are_never_opened(tmp_path: Path, name: str, make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        opened(tmp_path / name, None, data=make())


def test_a_pickle_that_would_run_code_does_not(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "ran",))

    for name in ("m.pkl", "m.skops"):
        with pytest.raises(BadInput, match="refused"):
            opened(tmp_path / name, None, data=pickle.dumps(Bomb()))
    assert not (tmp_path / "ran").exists()


def test_an_absent_artefact_is_refused(tmp_path: Path) -> None:
    card = card_of(tmp_path / "absent.skops", adapter="sklearn")
    with pytest.raises(BadInput, match="cannot be read"):
        load_adapter("sklearn").open(card, benchmark(), "test", POINT)


def test_another_version_of_scikit_learn_is_a_notice_and_no_crash(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(logistic()))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"content": "\\"1.', b'"content": "\\"0.'))
    with pytest.warns(AdapterNotice, match=r"m\.skops: Trying to unpickle estimator LogisticRegression from version 0\."):
        classifier, items = opened(tmp_path / "m.skops", None, data=stream.getvalue())
    assert (answers_of(classifier, items)[0].status == ANSWERED).all()


def test_a_model_that_raises_on_a_batch_is_bad_input_that_names_model_and_rows(tmp_path: Path) -> None:
    features = {"a": [1.0] * 10 + [None] * 10, "b": [1.0] * 20}
    items = benchmark(features, rows=20)
    classifier, items = opened(tmp_path / "m.skops", logistic(), items=items)
    with pytest.raises(BadInput) as caught:
        answers_of(classifier, items, size=8)
    text = str(caught.value)
    assert "model model, rows 9 to 16 of the split" in text
    assert "ValueError" in text
    assert "NaN" in text
    assert "Traceback" not in text


class Stub:
    """Stands in for the loaded estimator."""

    classes_ = np.array(["n", "p"])

    def __init__(self, output: Any) -> None:
        self._output = output

    def predict_proba(self, _: Any) -> Any:
        return self._output

    decision_function = predict = predict_proba


def stubbed(monkeypatch: pytest.MonkeyPatch, path: Path, output: Any, point: OperatingPoint = POINT, **card: Any) -> Answers:
    monkeypatch.setattr("evalharness.adapters.sklearn_estimator.load_estimator", lambda *_: Stub(output))
    classifier, items = opened(path, None, point, benchmark({"a": [0.0] * 4}, rows=4), b"x", **card)
    return answers_of(classifier, items)[0]


SHAPES = [np.zeros((4, 1)), np.zeros((4, 3)), np.zeros((3, 2)), np.zeros(4), np.full((4, 2), "x"), np.full((4, 2), None), None, 0.5]


@pytest.mark.parametrize("output", SHAPES, ids=lambda value: f"{getattr(value, 'shape', value)}")
def test_an_output_of_another_shape_or_type_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: Any) -> None:
    with pytest.raises(BadInput, match="gave something else than asked") as caught:
        stubbed(monkeypatch, tmp_path / "m.skops", output)
    assert "(4, 2)" in str(caught.value)


def test_rows_that_are_no_probability_are_invalid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    column = np.array([0.25, np.nan, 1.5, -0.1])
    answers = stubbed(monkeypatch, tmp_path / "m.skops", np.column_stack([1 - column, column]))
    assert answers.status.tolist() == [ANSWERED, INVALID, INVALID, INVALID]
    assert repr(answers.scores.tolist()) == "[0.25, nan, nan, nan]"


def test_float32_probabilities_are_widened_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = stubbed(monkeypatch, tmp_path / "m.skops", np.full((4, 2), 0.7, np.float32))
    assert answers.scores.dtype == np.float64
    assert answers.scores[0] == float(np.float32(0.7))


def test_labels_that_are_not_a_class_are_invalid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = stubbed(monkeypatch, tmp_path / "m.skops", np.array(["p", "n", "x", None], object), LABEL)
    assert answers.labels.tolist() == [1, 0, -1, -1]
    assert answers.status.tolist() == [ANSWERED, ANSWERED, INVALID, INVALID]


def test_infinite_decision_values_are_invalid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = stubbed(monkeypatch, tmp_path / "m.skops", np.array([-2.0, np.inf, np.nan, 3.0]), score_range="any")
    assert answers.status.tolist() == [ANSWERED, INVALID, INVALID, ANSWERED]


def test_memory_running_out_is_not_the_models_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Stub, "predict_proba", exhausted)
    with pytest.raises(MemoryError):
        stubbed(monkeypatch, tmp_path / "m.skops", None)


def test_a_batch_without_features_is_a_fault_of_the_harness(tmp_path: Path) -> None:
    classifier, items = opened(tmp_path / "m.skops", logistic())
    with pytest.raises(Fault, match="no features"):
        classifier.answer(next(items.batches("test", columns=frozenset())))
