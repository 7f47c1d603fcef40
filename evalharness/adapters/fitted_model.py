"""What an estimator says of itself, held against the benchmark, the card and the operating point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evalharness.adapters.meaning import Meaning, check_same, label_text, score_range
from evalharness.errors import Problems
from evalharness.records import BenchmarkInfo, Card, OperatingPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedModel:
    """An estimator that fits."""

    name: str
    call: Callable[[Any], Any]
    """The bound method that answers."""
    method: str
    """predict_proba, decision_function or predict."""
    classes: tuple[Any, ...]
    """The classes as the model holds them, in its order."""
    codes: tuple[int, ...]
    """Code of each class: 1 positive and 0 the other, or the place of the level."""
    inputs: tuple[str, ...]
    """Feature columns, in the model's order."""
    named: bool
    """Whether the model takes columns by name; a bare array otherwise."""

    @property
    def place(self) -> int:
        """Place of the positive of two classes."""
        return self.codes.index(1)


def fitted_model(estimator: Any, card: Card, info: BenchmarkInfo, meaning: Meaning, operating_point: OperatingPoint) -> FittedModel:
    """Raises BadInput with everything that does not fit."""
    problems = Problems()
    classes, texts = _classes(estimator, meaning.labels, card, problems)
    method = _method(estimator, card, info, operating_point, problems)
    inputs, named = _inputs(estimator, card, info, problems)
    problems.raise_if_any()
    return FittedModel(
        name=card.name,
        call=getattr(estimator, method),
        method=method,
        classes=classes,
        codes=tuple(meaning.labels.index(text) if text in meaning.labels else 0 for text in texts),  # 0: a label that only the model tells
        inputs=inputs,
        named=named,
    )


def _classes(estimator: Any, labels: tuple[str, ...], card: Card, problems: Problems) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """The model's classes, as it holds them and as text."""
    where = f"{card.artifact}: classes_"
    classes = tuple(getattr(estimator, "classes_", ()))
    read = [label_text(value) for value in classes]
    texts = tuple(text for text in read if text is not None)
    if not classes or len(texts) < len(classes):
        got, expected = repr(classes) if classes else type(estimator).__name__, "a fitted classifier; classes of text, integers or booleans"
        problems.add("the model does not say what its classes are", where=where, got=got, expected=expected)
        return classes, texts
    check_same(texts, labels, where=where, problems=problems)
    if texts != card.classes and set(texts) == set(card.classes):
        expected, hint = f"{', '.join(card.classes)}, as {card.path} says", "correct `classes` in the card"
        problems.add("the card states the classes in another order", where=where, got=", ".join(texts), expected=expected, hint=hint)
    return classes, texts


def _method(estimator: Any, card: Card, info: BenchmarkInfo, operating_point: OperatingPoint, problems: Problems) -> str:
    hint = ""
    if operating_point.rule == "label":
        wanted: tuple[str, ...] = ("predict",)
    elif score_range(info, card) == "any":
        wanted = ("decision_function", "predict_proba")
    else:
        wanted, hint = ("predict_proba",), "calibrate it, or say score_range: any in the card for scores that are no probabilities"
    found = next((name for name in wanted if callable(getattr(estimator, name, None))), None)
    if found is None:
        what, got = f"the model cannot answer for the rule '{operating_point.rule}'", type(estimator).__name__
        problems.add(what, where=card.artifact, got=got, expected=" or ".join(wanted), hint=hint)
    return found or wanted[0]


def _inputs(estimator: Any, card: Card, info: BenchmarkInfo, problems: Problems) -> tuple[tuple[str, ...], bool]:
    """Feature columns in the model's order, and whether it takes them by name."""
    where = card.path or card.artifact
    names = getattr(estimator, "feature_names_in_", None)
    count = getattr(estimator, "n_features_in_", None)
    fitted = () if names is None else tuple(str(name) for name in names)
    inputs = card.inputs or fitted or info.features
    missing = [name for name in inputs if name not in info.features]
    if missing or not inputs:
        got, expected = ", ".join(missing) or "no inputs", ", ".join(info.features) or "no features"
        problems.add(f"the model takes features that {info.name} does not have", where=where, got=got, expected=expected)
    if fitted and set(inputs) != set(fitted):
        got, expected = ", ".join(inputs), ", ".join(fitted)
        problems.add("the card's inputs are not those the model was fitted on", where=where, got=got, expected=expected)
    elif not fitted and count is not None and count != len(inputs):
        problems.add("the model takes another number of inputs", where=where, got=str(len(inputs)), expected=str(count))
    return fitted or inputs, bool(fitted) or count is None
