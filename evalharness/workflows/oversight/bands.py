"""The bands of a policy: what becomes of each item, counted while items are scored, and from counts where all fates are known from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks.batch import Batch
from evalharness.catalogue.oversight.bands import BANDS_METRICS
from evalharness.errors import Fault
from evalharness.metrics.oversight_minutes import is_measured
from evalharness.oversight.exposure.by_bands import severe_row
from evalharness.oversight.fates import Fated, fates, shares
from evalharness.oversight.queues.arrivals import Pool
from evalharness.oversight.workload import reading_row
from evalharness.predictions import Answers
from evalharness.records import Caution, Policy
from evalharness.records.oversight_bands import Bands
from evalharness.records.share import ShareRow
from evalharness.tally import Slices
from evalharness.tally.cluster_sums import ClusterCodes
from evalharness.tally.shares import count_shares
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.provided import NOTHING, Provided

Codes = NDArray[np.int8]
Share = tuple[NDArray[np.bool_], NDArray[np.bool_]]
OPENING = "declared: opening of the rest"
COMPLETE = frozenset(metric.name for metric in BANDS_METRICS if metric.complete)
_NAMES = frozenset(metric.name for metric in BANDS_METRICS)
_RESTS_ON = {"team_recall": frozenset({"opened_rate_relevant", "deferral_rate_relevant"})}
"""What is asked of a group of people and classifier together is reckoned from these of that group."""


class BandRows:
    """Collects fates batch by batch: 7 bytes an item, 4 for each attribute that a requirement asks about, 8 for scores where the policy
    declares work. Nothing without bands."""

    def __init__(self, inputs: Inputs) -> None:
        info, policy = inputs.benchmark.info, inputs.policy
        self._inputs, self._bands = inputs, bands_of(policy)
        self._asked = asked_groups(policy)
        self._clusters = ClusterCodes(inputs.benchmark.contiguous_clusters) if info.clustered else None
        self._parts: dict[str, list[Codes]] = {name: [] for name in ("fates", "decisions", "labels")}
        self._groups: dict[str, list[NDArray[np.int32]]] = {name: [] for subset in self._asked for name in subset}
        self._works = policy.human_in_the_loop is not None and policy.human_in_the_loop.work is not None
        self._measured = is_measured(policy)
        self._scores: list[NDArray[np.float64]] = []

    def add(self, batch: Batch, labels: Codes, decisions: Codes, answers: Answers) -> None:
        """The next rows of the split; those without a label are left out."""
        if self._bands is None:
            return
        info, point = self._inputs.benchmark.info, self._inputs.policy.operating_point
        given = answers.labels if info.task == "risk" else decisions
        found = fates(self._bands, decisions, scores=answers.scores, threshold=point.threshold, given=given, levels=info.levels)
        known = labels >= 0
        kept = None if known.all() else known
        for name, values in (("fates", found), ("decisions", decisions), ("labels", labels)):
            self._parts[name].append(values if kept is None else values[kept])
        if self._works:
            keys = decisions.astype(np.float64) if answers.scores is None else answers.scores
            self._scores.append(keys if kept is None else keys[kept])
        for attribute, codes in self._groups.items():
            own = (batch.groups or {})[attribute]
            codes.append(own if kept is None else own[kept])
        if self._clusters is not None:
            if batch.clusters is None:
                raise Fault("the benchmark gave a batch without clusters")
            self._clusters.add(batch.clusters, kept)

    def result(self) -> Provided:
        """Shares of everybody, and of the groups that requirements ask about; items by fate."""
        if self._bands is None:
            return NOTHING
        info, people = self._inputs.benchmark.info, self._inputs.policy.human_in_the_loop
        one = {name: np.concatenate([np.zeros(0, dtype=np.int8), *parts]) for name, parts in self._parts.items()}
        first = info.levels.index(people.relevant_from) if info.task == "ordinal" and people is not None else 1
        top = len(info.levels) - 1 if info.task == "ordinal" else 1
        items = Fated(
            fates=one["fates"], decisions=one["decisions"], labels=one["labels"], relevant=one["labels"] >= first, top=top
        )  # fmt: skip
        ways = {} if self._clusters is None else {"case": self._clusters.codes().astype(np.int32, copy=False)}
        counted = shares(self._bands, items)
        kinds = len(self._bands.fates)
        work = (reading_row(self._bands, items.fates, ways.get("case"), measured=self._measured),) if self._works else ()
        found = provided(
            self._bands,
            (*self._rows(counted, ways, rests_on(self._bands)), *work, *self._severe(items, ways.get("case"))),
            np.bincount(items.fates, minlength=kinds),
            np.bincount(items.fates[items.relevant], minlength=kinds),
        )
        return replace(found, pool=self._pool(items, first)) if self._works else found

    def _severe(self, items: Fated, cases: NDArray[np.int32] | None) -> Iterator[ShareRow]:
        """Nothing where the policy does not say which items are severe."""
        human = self._inputs.policy.human_in_the_loop
        if self._bands is None or human is None or human.exposure is None:
            return
        levels = [self._inputs.benchmark.info.levels.index(level) for level in human.exposure.severe_levels]
        yield severe_row(self._bands, items, np.isin(items.labels, levels) if levels else items.relevant, cases)

    def _pool(self, items: Fated, first: int) -> Pool:
        low = items.relevant & (items.decisions >= 0) & (items.decisions < first)
        graded = self._inputs.benchmark.info.task == "ordinal"
        return Pool(
            fates=items.fates, keys=np.concatenate([np.zeros(0), *self._scores]), relevant=items.relevant, low=low,
            top=items.labels == items.top if graded else None,
        )  # fmt: skip

    def _rows(
        self, counted: Mapping[str, Share], ways: Mapping[str, NDArray[np.int32]], rests: Mapping[str, tuple[str, ...]]
    ) -> Iterator[ShareRow]:
        groups = {attribute: np.concatenate(parts) for attribute, parts in self._groups.items() if parts}
        levels = self._inputs.benchmark.levels(self._inputs.policy.split)
        for metric, share in counted.items():
            own = {} if metric in COMPLETE else ways  # of what is counted completely nothing depends on clusters
            yield from count_shares({metric: share}, own, rests_on=rests)
            for subset, metrics in self._asked.items():
                if metric in metrics and groups:
                    slices = Slices(attributes=subset, levels={name: levels[name] for name in subset}, depth=len(subset))
                    found = count_shares({metric: share}, own, slices=slices, groups=groups, rests_on=rests)
                    yield from (row for row in found if len(row.group) == len(subset))


def bands_of(policy: Policy) -> Bands | None:
    """None where the policy has none."""
    return None if policy.human_in_the_loop is None else policy.human_in_the_loop.bands


def asked_groups(policy: Policy) -> dict[tuple[str, ...], frozenset[str]]:
    """The attributes, and intersections, that requirements ask about, each with the metrics of bands that are asked there, or rested on."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for requirement in policy.requirements:
        metrics = _RESTS_ON.get(requirement.metric, {requirement.metric} & _NAMES)
        for subset in requirement.for_each if metrics else ():
            found[subset] = found.get(subset, frozenset()) | metrics
    return found


def rests_on(bands: Bands) -> dict[str, tuple[str, ...]]:
    """That a pile will be opened is a promise, until it has been measured."""
    promised = any(band.opened_within_days is not None for band in bands.bands)
    return {"closed_by_machine_rate": (OPENING,)} if promised else {}


def provided(bands: Bands, rows: tuple[ShareRow, ...], items: NDArray[np.int64], relevant: NDArray[np.int64]) -> Provided:
    """For the evidence. items, relevant: [fates] counts."""
    part = {
        "items": dict(zip(bands.fates, items.tolist(), strict=True)),
        "relevant": dict(zip(bands.fates, relevant.tolist(), strict=True)),
    }
    return Provided(
        shares=rows, parts={"bands": part}, notices=tuple(_notices(bands, items, relevant)), limits=tuple(_limits(bands))
    )  # fmt: skip


def _notices(bands: Bands, items: NDArray[np.int64], relevant: NDArray[np.int64]) -> Iterator[Caution]:
    if not bands.machine_closes:
        return
    closed = [at for at, band in enumerate(bands.bands) if band.closes]
    whole, some, found = int(items.sum()), int(items[closed].sum()), int(relevant[closed].sum())
    told = f"{1000 * some / whole:,.0f} of every 1,000, {found:,} relevant ones among {some:,} here" if whole else "nobody can say how many"
    text = f"THE MACHINE CLOSES ITEMS BY ITSELF: {told}. The policy says why: {bands.machine_closes}"
    yield Caution(kind="machine_closes", text=text)


def _limits(bands: Bands) -> Iterator[str]:
    promised = [
        f"“{band.name.replace('_', ' ')}” within {band.opened_within_days} days"
        for band in bands.bands
        if band.opened_within_days is not None
    ]
    if promised:
        yield f"The policy promises that a person opens all of {' and of '.join(promised)}. Nobody has measured that."
