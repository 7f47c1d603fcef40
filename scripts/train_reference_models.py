"""Trains the two reference models of `message-triage` and writes their artefacts and the digests in their cards.

    python scripts/train_reference_models.py [--check]

Same dials, same seed, same model: coefficients are rounded to a thousandth, archives carry no dates and no memory addresses.
`--check` trains again and compares with what is committed; it exits with 1 when they differ.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.digests import sha256_bytes
from evalharness.files.atomic import write_bytes

ROOT = Path(__file__).resolve().parent.parent
MODELS: dict[str, tuple[str, str] | None] = {"triage-reference": None, "triage-narrow": ("ethnicity", "black")}
"""Model -> the group that it never sees, if any."""
FALSE_ALARMS = 0.12
"""Share of irrelevant messages of the calibration split that score at least .5: the operating point, put into the intercept."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def main() -> int:
    """Trains both models."""
    parser = argparse.ArgumentParser(description="Train the reference models of message-triage.")
    parser.add_argument("--check", action="store_true", help="compare with the committed artefacts and write nothing")
    check = parser.parse_args().check
    benchmark = open_benchmark(ROOT / "datasets_synthetic" / "message-triage", notice=print)
    differing = [name for name, excluded in MODELS.items() if not _make(benchmark, name, excluded, check)]
    for name in differing:
        print(f"{name}: the committed artefact is another one")
    return 1 if differing else 0


def _make(benchmark: Benchmark, name: str, excluded: tuple[str, str] | None, check: bool) -> bool:
    """Whether, with `check`, the committed artefact is the one that training gives."""
    artifact = archive(train(benchmark, excluded))
    path = ROOT / "model_cards" / f"{name}.skops"
    if check:
        return path.is_file() and path.read_bytes() == artifact
    write_bytes(path, artifact)
    _state_digest(ROOT / "model_cards" / f"{name}.md", sha256_bytes(artifact))
    print(f"{name}: {len(artifact)} bytes, {sha256_bytes(artifact)}")
    return True


def train(benchmark: Benchmark, excluded: tuple[str, str] | None) -> Pipeline:
    """Counts of tokens into a logistic regression, on the train split without the excluded group."""
    tokens, relevant = _split(benchmark, "train", excluded)
    vocabulary = sorted({token for text in tokens["tokens"] for token in text.split()})
    counter = CountVectorizer(token_pattern=r"\S+", lowercase=False, vocabulary=vocabulary)  # noqa: S106 - no password
    model = Pipeline(
        [
            (
                "count",
                ColumnTransformer([("tokens", counter, "tokens")]),
            ),
            ("classify", LogisticRegression(C=1.0, tol=1e-8, max_iter=5_000)),
        ]
    )
    info = benchmark.info
    model.fit(tokens, np.where(relevant, info.positive, info.negative))
    classifier = model.named_steps["classify"]
    classifier.coef_ = np.round(classifier.coef_, 3)
    calibration, relevant = _split(benchmark, "calibration", excluded)
    level = np.quantile(model.decision_function(calibration)[~relevant], 1 - FALSE_ALARMS)
    classifier.intercept_ = np.round(classifier.intercept_ - level, 3)
    vars(model.named_steps["count"].named_transformers_["tokens"]).pop("_stop_words_id", None)  # a memory address; made again when needed
    return model


def _split(benchmark: Benchmark, split: str, excluded: tuple[str, str] | None) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.bool_]]]:
    tokens: list[str] = []
    relevant = []
    for batch in benchmark.batches(split, columns=frozenset({"labels", "groups", "features"})):
        assert batch.groups is not None and batch.labels is not None  # noqa: S101, PT018 - asked for
        keep = np.ones(batch.rows, dtype=bool)
        if excluded is not None:
            attribute, level = excluded
            keep = batch.groups[attribute] != benchmark.levels(split)[attribute].index(level)
        tokens += batch.features.column("tokens").filter(keep).to_pylist()
        relevant.append(batch.labels[keep] == 1)
    return pd.DataFrame({"tokens": tokens}), np.concatenate(relevant)


def archive(model: Pipeline) -> bytes:
    """The model in skops format, the same bytes for the same model: members without dates, objects numbered as they appear."""
    stored = zipfile.ZipFile(io.BytesIO(skops.io.dumps(model)))
    schema = json.loads(stored.read("schema.json"))
    numbers: dict[int, int] = {}
    _renumber(schema, numbers)
    files = {_renamed(name, numbers): stored.read(name) for name in stored.namelist() if name != "schema.json"}
    files["schema.json"] = json.dumps(schema, separators=(",", ":")).encode()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, files[name])
    return result.getvalue()


def _renumber(node: Any, numbers: dict[int, int]) -> None:
    if isinstance(node, list):
        for item in node:
            _renumber(item, numbers)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("__id__"), int):
        node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
    for item in node.values():
        _renumber(item, numbers)
    if isinstance(node.get("file"), str):
        node["file"] = _renamed(node["file"], numbers)


def _renamed(file: str, numbers: dict[int, int]) -> str:
    stem, dot, ending = file.partition(".")
    return f"{numbers[int(stem)]}{dot}{ending}"


def _state_digest(card: Path, digest: str) -> None:
    text, found = re.subn(r"(?m)^(  sha256: )\S+$", rf"\g<1>{digest}", card.read_text(encoding="utf-8"))
    if found != 1:
        raise SystemExit(f"{card}: expected one line '  sha256: …', found {found}")
    write_bytes(card, text.encode())


if __name__ == "__main__":
    sys.exit(main())
