"""Answers of each family: of a good scikit-learn model, trained on what a vendor would have, and of models that know more than features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from family_truth import World
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

SIZE = 64
"""Records of a region of case-linkage."""


def answers_of_a_good_model(world: World) -> Any:
    """[items] or [pairs] scores; ordinal [items, levels]."""
    if world.task == "linkage":
        ends, same = world.train_pairs()
        return _fitted(_boosted(), _compared(world.features("train"), ends), same, _compared(world.features(), world.ends))
    train, test, labels = world.features("train"), world.features(), world.train_labels()
    if world.task == "ordinal":
        return LinearDiscriminantAnalysis().fit(train.to_numpy(), labels).predict_proba(test.to_numpy())
    if world.task == "binary":
        model = make_pipeline(CountVectorizer(), LogisticRegression(C=0.3, max_iter=500))
        return _fitted(model, train["tokens"], labels, test["tokens"])
    return _fitted(_boosted(), _coded(train), labels, _coded(test))


def answers_learnt_from_the_items_judged(world: World) -> Any:
    """The mistake of training on the test split: a model free enough to remember most labels."""
    if world.task == "linkage":
        table, labels = _compared(world.features(), world.ends), world.labels
    elif world.task == "binary":
        texts = world.features()["tokens"]
        return _fitted(make_pipeline(CountVectorizer(), LogisticRegression(C=1e4)), texts, world.labels, texts)
    else:
        table, labels = _coded(world.features()), world.labels
    found = DecisionTreeClassifier(random_state=0).fit(table, labels).predict_proba(table)
    return found if world.task == "ordinal" else found[:, 1]


def told(world: World, labels: Any) -> Any:
    """What the best classifier would answer that had also heard of each label, wrongly for one item in fifty."""
    rng = np.random.default_rng(len(labels))
    misheard = rng.random(len(labels)) < 0.02
    if world.task == "ordinal":
        heard = np.where(misheard, rng.integers(0, 4, len(labels)), labels)
        weights = world.chances * np.where(np.eye(4)[heard] > 0, 0.985, 0.005)
        return weights / weights.sum(axis=1, keepdims=True)
    heard = (labels == 1) ^ misheard
    yes, no = world.chances * np.where(heard, 0.98, 0.02), (1 - world.chances) * np.where(heard, 0.02, 0.98)
    return yes / (yes + no)


def _boosted() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=60, learning_rate=0.08, max_leaf_nodes=8, early_stopping=False, random_state=0)


def _fitted(model: Any, train: Any, labels: Any, test: Any) -> Any:
    with threadpool_limits(1):  # small data: threads that wait for one another take longer
        return model.fit(train, labels).predict_proba(test)[:, 1]


def _coded(table: pd.DataFrame) -> Any:
    """Numbers as they are, levels by their place in the alphabet, NaN for what is missing."""
    parts = []
    for name in table.columns:
        column = table[name]
        if pd.api.types.is_numeric_dtype(column):
            parts.append(column.to_numpy(dtype=float))
        else:
            codes = pd.Categorical(column, categories=sorted(column.dropna().unique())).codes.astype(float)
            parts.append(np.where(codes < 0, np.nan, codes))
    return np.stack(parts, axis=1)


def _compared(table: pd.DataFrame, ends: Any) -> Any:
    """For each attribute whether the two records agree (NaN where a value is missing), and how frequent the shared value is."""
    parts = []
    for name in table.columns[1:]:  # without the region, which all candidates share
        values = table[name].to_numpy(dtype=object)
        codes, places = np.unique(np.where(pd.isna(values), "", values).astype(str), return_inverse=True)
        frequency = np.bincount(places)[places] / len(places)
        left, right = places[ends[0]], places[ends[1]]
        unknown = (codes[left] == "") | (codes[right] == "")
        parts.append(np.where(unknown, np.nan, left == right))
        parts.append(np.where(unknown | (left != right), np.nan, frequency[ends[0]]))
    return np.stack(parts, axis=1)
