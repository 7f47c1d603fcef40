"""The reference models of case-linkage: a weighted agreement of attributes, and one that also demands agreement on one of them.

    python scripts/reference_models/case_linkage.py --out DIR [--split test|shifted|…] [--rows N] [--seed S] [--benchmark FOLDER]
    python scripts/reference_models/case_linkage.py --learn

The first writes the predictions of both for another split or other rows, each with its card, into DIR. The files that the committed cards
name hold the candidate pairs of every split of the committed rows; `scripts/train_reference_models.py case-linkage` makes them.
The second learns the weights (model_cards/NAME.json) and states their digests in the cards.

Weights after Fellegi and Sunter, *A Theory for Record Linkage* (Journal of the American Statistical Association 64(328), 1969), learned
on the train split: for each attribute, how much more often two records of one entity agree, are confused, differ, or lack the value than
two of different entities. Agreement on a rare value counts for more (Winkler's weights by frequency).
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.digests import sha256_bytes
from evalharness.files.atomic import write_bytes
from evalharness.predictions.made_for import KEY, items_in_words

ROOT = Path(__file__).resolve().parents[2]
CARDS = ROOT / "model_cards"
BENCHMARK = "case-linkage"
MODELS: dict[str, str | None] = {"linkage-reference": None, "linkage-exact": "a3"}
"""Model -> the attribute that both records must have, and agree on, to be linked."""
SPLITS = ("train", "calibration", "test", "shifted")
"""Splits whose candidate pairs the committed predictions hold."""
REGION = "region"
FURTHEST = 1_000
"""Weights beyond this many hundredths of a bit say nothing more: the score has four decimals."""
AGREE = 0
OTHERWISE = ("close", "differ", "one_missing", "both_missing")
"""How else two records compare on an attribute: the relations after AGREE."""

Ints = npt.NDArray[np.int64]


def artifact(benchmark: Benchmark, name: str) -> bytes:
    """The bytes of `name`.parquet. Raises SystemExit where the train split gives other weights than those committed."""
    if weights(benchmark, name) != (CARDS / f"{name}.json").read_bytes():
        raise SystemExit(f"{name}: the train split gives other weights; run scripts/reference_models/case_linkage.py --learn")
    return predictions(benchmark, learn(benchmark), MODELS[name], SPLITS)


def weights(benchmark: Benchmark, name: str) -> bytes:
    """The bytes of `name`.json: the model itself."""
    return (json.dumps({"demands": MODELS[name], **learn(benchmark)}, indent=1) + "\n").encode()


def learn(benchmark: Benchmark) -> dict[str, Any]:
    """Weights in hundredths of a bit: {prior, attributes: {name: {agree: {value: weight}, close, differ, …}}}.

    Counted over all pairs of records of one region of `train`, not over candidates only: those agree on something by design.
    """
    features, entities = _records(benchmark, "train")
    left, right = _pairs_in_regions(features[REGION])
    same = entities[left] == entities[right]
    learned: dict[str, Any] = {"prior": _bits(same.sum(), (~same).sum()), "attributes": {}}
    for name, values in features.items():
        if name == REGION:
            continue
        codes, kinds = _codes(values)
        found = [np.bincount(_relation(codes, left[of], right[of]), minlength=1 + len(OTHERWISE)) / of.sum() for of in (same, ~same)]
        here = codes[codes >= 0]
        shares = np.bincount(here, minlength=len(kinds)) / len(codes)
        agreeing = found[0][AGREE] * len(codes) / len(here)
        learned["attributes"][name] = {
            "agree": {kind: _bits(agreeing, share) for kind, share in zip(kinds, shares.tolist(), strict=True)},
            **{kind: _bits(found[0][1 + place], found[1][1 + place]) for place, kind in enumerate(OTHERWISE)},
        }
    return learned


def predictions(benchmark: Benchmark, learned: Mapping[str, Any], demanded: str | None, splits: tuple[str, ...]) -> bytes:
    """Scores of the candidate pairs of some splits as a Parquet file: the probability of a link, in steps of a ten-thousandth."""
    parts = [part for split in splits for part in _scored(benchmark, split, learned, demanded)]
    table = pa.concat_tables(parts).combine_chunks()
    file = io.BytesIO()
    with pq.ParquetWriter(
        file,
        table.schema,
        compression="zstd",
        compression_level=19,
        use_dictionary=["score"],  # ids are smaller as they stand
        write_statistics=False,
        store_schema=False,
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({KEY: items_in_words(benchmark.info)})
    return file.getvalue()


def _scored(benchmark: Benchmark, split: str, learned: Mapping[str, Any], demanded: str | None) -> Iterator[pa.Table]:
    features, _ = _records(benchmark, split)
    coded = {name: _weights(_codes(features[name]), own) for name, own in learned["attributes"].items()}
    ids = pa.concat_arrays([batch.ids for batch in benchmark.batches(split, columns=frozenset({"ids"}))])
    chances = _chances()
    for left, right in benchmark.pairs(split):
        total, demanded_too = np.full(len(left), learned["prior"], dtype=np.int64), np.ones(len(left), dtype=bool)
        for name, (codes, agree) in coded.items():
            relation, own = _relation(codes, left, right), learned["attributes"][name]
            otherwise = np.array([0, *(own[kind] for kind in OTHERWISE)])[relation]
            total += np.where(relation == AGREE, agree[codes[left]], otherwise)
            if name == demanded:
                demanded_too = relation == AGREE
        total[~demanded_too] = -FURTHEST
        scores = chances[np.clip(total, -FURTHEST, FURTHEST) + FURTHEST]
        yield pa.table({"left_id": ids.take(pa.array(left)), "right_id": ids.take(pa.array(right)), "score": scores})


def _records(benchmark: Benchmark, split: str) -> tuple[dict[str, Any], Ints]:
    """(feature -> pyarrow array, number of the entity) of each record."""
    batches = list(benchmark.batches(split, columns=frozenset({"features", "entities"})))
    table = pa.concat_tables([batch.features for batch in batches])
    entities = pa.concat_arrays([batch.entities for batch in batches]).dictionary_encode()
    features = {name: table.column(name).combine_chunks() for name in table.column_names}
    return features, entities.indices.to_numpy().astype(np.int64)


def _codes(values: Any) -> tuple[Ints, list[str]]:
    """(code of each record's value, -1 where it is missing; the values, sorted)."""
    text = values.cast(pa.string())
    kinds = sorted(text.drop_null().unique().to_pylist())
    found = pa.compute.index_in(text, value_set=pa.array(kinds, pa.string()))
    return pa.compute.fill_null(found, -1).to_numpy().astype(np.int64), kinds


def _weights(coded: tuple[Ints, list[str]], learned: Mapping[str, Any]) -> tuple[Ints, Ints]:
    """(codes, weight of agreeing on each); a value never seen in training counts like the rarest one that was."""
    codes, kinds = coded
    rarest = max(learned["agree"].values())
    return codes, np.array([learned["agree"].get(kind, rarest) for kind in kinds], dtype=np.int64)


def _relation(codes: Ints, left: Ints, right: Ints) -> Ints:
    """AGREE, or 1 + the place in OTHERWISE. Close: the other one of two neighbours."""
    one, two = codes[left], codes[right]
    present = np.where(one == two, AGREE, np.where(one ^ 1 == two, 1, 2))
    lacking = (one < 0).astype(np.int64) + (two < 0)
    return np.where(lacking > 0, 2 + lacking, present)


def _pairs_in_regions(regions: Any) -> tuple[Ints, Ints]:
    """All pairs of records of one region; the records of a region stand together."""
    codes = regions.dictionary_encode().indices.to_numpy()
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    ends = np.repeat(np.r_[starts[1:], len(codes)], np.diff(np.r_[starts, len(codes)]))
    following = ends - np.arange(len(codes)) - 1
    left = np.repeat(np.arange(len(codes)), following)
    offsets = np.arange(len(left)) - np.repeat(np.cumsum(following) - following, following)
    return left, left + 1 + offsets


def _bits(one: float, other: float) -> int:
    """How many times as often, in hundredths of a bit."""
    return round(100 * log2(one / other))


def _chances() -> npt.NDArray[np.float64]:
    """Hundredths of a bit from -FURTHEST to FURTHEST -> probability, by decimal arithmetic: the same on every machine."""
    with localcontext(prec=30):
        odds = [Decimal(2) ** (Decimal(weight) / 100) for weight in range(-FURTHEST, FURTHEST + 1)]
        return np.array([float(round(each / (1 + each), 4)) for each in odds])


def main() -> int:
    """Learns the weights, or writes predictions and cards into a folder."""
    parser = argparse.ArgumentParser(description="The reference models of case-linkage.")
    parser.add_argument("--learn", action="store_true", help="learn the weights on the train split of the committed benchmark")
    parser.add_argument("--out", type=Path, help="where cards and predictions go")
    parser.add_argument("--split", action="append", help="default: every split")
    parser.add_argument("--rows", type=int, help="records of the benchmark; default: those of its recipe")
    parser.add_argument("--seed", type=int, help="default: that of the recipe")
    parser.add_argument("--benchmark", type=Path, default=ROOT / "datasets_synthetic" / BENCHMARK, help="folder of the benchmark")
    asked = parser.parse_args()
    if asked.learn == (asked.out is not None):
        parser.error("either --learn or --out DIR")
    benchmark = open_benchmark(asked.benchmark, rows=asked.rows, seed=asked.seed, notice=print)
    for name in MODELS:
        if asked.learn:
            data = weights(benchmark, name)
            write_bytes(CARDS / f"{name}.json", data)
            _write_card(CARDS, name, "vendor_artifact_sha256", data)
        else:
            _write_predictions(benchmark, name, tuple(asked.split or SPLITS), asked.out)
    return 0


def _write_predictions(benchmark: Benchmark, name: str, splits: tuple[str, ...], folder: Path) -> None:
    learned = json.loads((CARDS / f"{name}.json").read_bytes())
    data = predictions(benchmark, learned, learned["demands"], splits)
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / f"{name}.parquet", data)
    _write_card(folder, name, "sha256", data)
    print(f"{folder / name}.md: {len(data)} bytes of predictions")


def _write_card(folder: Path, name: str, key: str, data: bytes) -> None:
    """The committed card, with another digest."""
    stated = f"  {key}: {sha256_bytes(data)}"
    lines = (CARDS / f"{name}.md").read_text(encoding="utf-8").splitlines()
    write_bytes(folder / f"{name}.md", ("\n".join(stated if line.startswith(f"  {key}: ") else line for line in lines) + "\n").encode())


if __name__ == "__main__":
    sys.exit(main())
