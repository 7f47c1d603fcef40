"""The people who labelled the benchmark's items: counted beside the classifier where the policy asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.agreement import TABLE
from evalharness.catalogue import METRICS, PairedMetric, task_metrics
from evalharness.catalogue.compared import NOT_COUNTED, right_of
from evalharness.catalogue.oversight.raters import COST_AGAINST_HUMAN, OF_RATERS, RATED_TASKS, RATER_AGREEMENT
from evalharness.errors import bad_input
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.raters import beside_person, raters_inconsistencies
from evalharness.metrics.paired_describing import is_kind
from evalharness.records import BenchmarkInfo
from evalharness.records.progress import Progress
from evalharness.records.share import ALONE, THESE, ShareRow, Way
from evalharness.stats.agreement import coincidences, interval_over_clusters, krippendorff_alpha
from evalharness.stats.rounding import outward
from evalharness.tally.paired import KINDS, PairedTally
from evalharness.tally.shares import count_shares
from evalharness.workflows.counting_people import PERSON, count_person, people_known
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH
from evalharness.workflows.oversight.provided import Provided

SEED = 0
"""Draws are the same each time."""
Ints = NDArray[np.int64]
PARTS = (
    PairedMetric(name="rated_relevant", items="items", together=False, right=((0, 0, 0), (1, 1, 1))),
    PairedMetric(name="rated_refused_relevant", items="relevant items", together=False, right=((NOT_COUNTED,) * 3, (0, 1, 1))),
    PairedMetric(name="rated_refused_other", items="irrelevant items", together=False, right=((0, 1, 1), (NOT_COUNTED,) * 3)),
)
"""Binary: whether an item is relevant, whatever both say; and what the classifier does not answer: there the person alone is right."""
_ALONE = (
    ("rated_relevant", "rated_relevant", "both"),
    ("found_by_person_alone", "recall", "only_incumbent"),
    ("found_by_classifier_alone", "recall", "only_challenger"),
    ("spared_by_person_alone", "false_positive_rate", "only_incumbent"),
    ("spared_by_classifier_alone", "false_positive_rate", "only_challenger"),
    ("rated_refused_relevant", "rated_refused_relevant", "only_incumbent"),
    ("rated_refused_other", "rated_refused_other", "only_incumbent"),
)
"""Share, what it was counted in, and the kind of items that count; the person is the incumbent."""
_PERSON_RIGHT = np.array([kind in {"both", "only_incumbent"} for kind in KINDS], dtype=np.int64)


def provide_raters(inputs: Inputs, progress: Progress) -> Provided | None:
    """None where the policy does not ask for it, and for a requirement alone where nobody labelled.

    Raises BadInput where the policy's `label_quality` has nobody to count.
    """
    policy, benchmark = inputs.policy, inputs.benchmark
    stated = policy.human_in_the_loop is not None and policy.human_in_the_loop.label_quality is not None
    asked = any(requirement.metric in {RATER_AGREEMENT, COST_AGAINST_HUMAN} for requirement in policy.requirements)
    priced = PARTS if policy.task == "binary" and policy.costs is not None else ()
    if not (stated or asked) or policy.task not in RATED_TASKS:
        return None
    paired = count_person(inputs, progress, metrics=(*_metrics(benchmark.info), *priced), depth=0) if people_known(benchmark) else None
    if paired is None:
        if not stated:
            return None
        raise bad_input(
            "nobody's labels stand beside clean ones here, so what people reach is not known",
            where=f"policy {policy.name}: human_in_the_loop.label_quality", got=f"benchmark {benchmark.info.name}, split {policy.split}",
            expected=f"a benchmark with a table {TABLE} and clean labels", hint="remove label_quality",
        )  # fmt: skip
    row, part = _agreement(benchmark, policy.split)
    return Provided(
        shares=(row, *person_rows(paired)),
        parts={"raters": {**part, "person": PERSON, "beside": [_beside(paired, place) for place in _compared(paired)]}},
    )


def raters_differ(evidence: Evidence) -> Iterator[str]:
    """What does not follow from what is recorded, in words."""
    part = None if evidence.oversight is None else evidence.oversight.raters
    shares = {row.metric: (row.part, row.total) for row in evidence.tallies.shares if not row.group}
    yield from raters_inconsistencies(part, shares)
    if part is not None and part.alpha != _alpha(np.array(part.coincidences), ordinal=part.scale == "ordinal"):
        yield "oversight.raters: alpha does not follow from what people said"


def _metrics(info: BenchmarkInfo) -> tuple[PairedMetric, ...]:
    of = task_metrics(info.task, info.levels)
    known = [of.metrics[name] for name in OF_RATERS if name in of.metrics]
    return tuple(PairedMetric(name=one.name, items=one.denominator_name, together=False, right=right_of(one, of)) for one in known)


def _compared(paired: PairedTally) -> list[int]:
    """Places of the metrics of the classifier that the person has too."""
    return [place for place, metric in enumerate(paired.metrics) if metric in OF_RATERS]


def person_rows(paired: PairedTally) -> Iterator[ShareRow]:
    """What the person gets right, or wrong, of everybody."""
    for place in _compared(paired):
        name = f"rater_{paired.metrics[place]}"
        yield _row(paired, place, name, _PERSON_RIGHT if METRICS[name].better == "higher" else 1 - _PERSON_RIGHT)
    if PARTS[0].name in paired.metrics:
        for name, metric, kind in _ALONE:
            yield _row(paired, paired.metrics.index(metric), name, is_kind(kind))


def _row(paired: PairedTally, place: int, name: str, part: Ints) -> ShareRow:
    rest = 1 - part
    counts, second = paired.counts[0, place], paired.second[0, place]
    way = Way(
        name="case" if paired.clustered else ALONE,
        clusters=int(paired.clusters[0, place]),
        total2=int(second.sum()),
        part2=int(part @ second @ part),
        rest2=int(rest @ second @ rest),
    )
    return ShareRow(metric=name, part=int(counts @ part), total=int(counts.sum()), ways=(way,), rests_on=(THESE,))


def _beside(paired: PairedTally, place: int) -> dict[str, Any]:
    both, person, model, neither, unknown = (int(count) for count in paired.counts[0, place])
    return beside_person(paired.metrics[place], both, person, model, neither + unknown)


def _agreement(benchmark: Benchmark, split: str) -> tuple[ShareRow, dict[str, Any]]:
    """The share of items on which the first two people agree, and alpha over all of them."""
    info = benchmark.info
    levels = info.levels or (info.negative, info.positive)
    raters = tuple(name for name in benchmark.table_columns(TABLE) if name.startswith("rater_"))
    ids, said = _said(benchmark, split, raters, levels)
    cases = _cases(benchmark, split, ids)
    given = said >= 0
    twice = given.sum(axis=1) > 1
    said, given, cases = said[twice], given[twice], cases[twice]
    order = np.argsort(~given, axis=1, kind="stable")[:, :2]
    one, two = (said[np.arange(len(said)), order[:, at]] for at in (0, 1)) if len(raters) > 1 else (said[:, 0], said[:, 0])
    every = np.ones(len(said), dtype=np.bool_)
    ways = {"case": cases.astype(np.int32)} if info.clustered else {}
    (row,) = count_shares({RATER_AGREEMENT: (one == two, every)}, ways, rests_on={RATER_AGREEMENT: (THESE,)})
    counts = np.stack([(said == level).sum(axis=1) for level in range(len(levels))], axis=1)
    pairs = coincidences(counts, cases, int(cases.max(initial=-1)) + 1)
    ordinal = bool(info.levels)
    whole = np.array([[outward(float(cell)) for cell in cells] for cells in pairs.sum(axis=0)])
    alpha = _alpha(whole, ordinal=ordinal)
    seeded = np.random.Generator(np.random.Philox(key=SEED))
    ends = None if alpha is None else interval_over_clusters(pairs, seeded, ordinal=ordinal)
    return row, {
        "people": int(given.any(axis=0).sum()),
        "items": len(said),
        "scale": "ordinal" if ordinal else "nominal",
        "levels": list(levels),
        "coincidences": whole.tolist(),
        "alpha": alpha,
        "low": None if ends is None else outward(ends[0]),
        "high": None if ends is None else outward(ends[1]),
    }


def _alpha(pairs: NDArray[np.float64], *, ordinal: bool) -> float | None:
    found = float(krippendorff_alpha(pairs, ordinal=ordinal))
    return None if np.isnan(found) else outward(found)


def _said(benchmark: Benchmark, split: str, raters: tuple[str, ...], levels: tuple[str, ...]) -> tuple[pa.Array, Ints]:
    """Ids [R], and [R, raters] the place among the levels of what each said; -1 for nothing."""
    known = pa.array(list(levels), pa.string())
    ids: list[pa.Array] = []
    said: list[Ints] = []
    for rows in benchmark.table(TABLE, split, ("item_id", *raters)):
        ids.append(_text(rows["item_id"]))
        codes = [np.asarray(pc.fill_null(pc.index_in(_text(rows[name]), value_set=known), -1), dtype=np.int64) for name in raters]
        said.append(np.stack(codes, axis=1))
    empty = np.zeros((0, len(raters)), dtype=np.int64)
    return (pa.concat_arrays(ids) if ids else pa.array([], pa.string())), np.concatenate([empty, *said])


def _cases(benchmark: Benchmark, split: str, ids: pa.Array) -> Ints:
    """[R] code of the case of each item, 0 and up; every item is its own where items are independent."""
    if not benchmark.info.clustered:
        return np.arange(len(ids), dtype=np.int64)
    found: list[pa.Array] = []
    names: list[pa.Array] = []
    for batch in benchmark.batches(split, columns=frozenset({"ids", "clusters"}), batch_rows=ROWS_A_BATCH):
        found.append(_text(batch.ids))
        names.append(_text(batch.clusters))
    place = pc.index_in(ids, value_set=pa.concat_arrays(found))
    return np.asarray(pc.dictionary_encode(pa.concat_arrays(names).take(place)).indices, dtype=np.int64)


def _text(column: Any) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.string())
