"""Linked records to estimates: B-cubed, pairs inside the candidates, splits and merges. They describe.

Entities are the independent units: an interval comes from drawing entities with all of their records, never pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.catalogue.linkage_described import INSIDE, LINKAGE_DESCRIBED
from evalharness.metrics.methods import alpha_of
from evalharness.metrics.shares import none_of
from evalharness.records import OVERALL, Description, Estimate, Group
from evalharness.stats.linkage_draws import EntityDraws, products
from evalharness.stats.linkage_resampling import resampled_agreement
from evalharness.stats.rounding import outward
from evalharness.stats.transformed import FEWEST_UNITS, transformed_limits
from evalharness.tally.linked import LinkedRecords

Floats = NDArray[np.float64]

SEED = 20261123
REPLICATES = 200
_TOGETHER = 2**19
_FEWEST_SETS, _HELD = 4, 2**20
"""Groups that are worked out at a time: at least so many, and so many flags in all."""
_GROUPED = ("bcubed_precision", "bcubed_recall", "bcubed_f1", "pairwise_recall" + INSIDE)
_COUNTS = ("merge_distance", "splits", "merges")
_NO_VARIANCE = 1e-20


def describe_linking(linked: LinkedRecords, levels: Mapping[str, tuple[str, ...]], level: float) -> Description:
    """Every measure of LINKAGE_DESCRIBED for everybody, and some of them by group of the entity.

    `levels`: attribute -> its levels. Replicates are drawn with a fixed seed over entities in their numbers' order.
    Memory: some 80 bytes an entity for each group that is worked out at a time, four where there are many entities.
    """
    groups: list[Group] = [OVERALL, *(((name, text),) for name in linked.groups for text in levels[name])]
    some = max(_FEWEST_SETS, _HELD // max(len(linked.held), 1))
    return Description(
        estimates=tuple(
            estimate
            for start in range(0, len(groups), some)
            for estimate in _of_groups(linked, groups[start : start + some], levels, level)
        )
    )


def _of_groups(linked: LinkedRecords, groups: list[Group], levels: Mapping[str, tuple[str, ...]], level: float) -> Iterator[Estimate]:
    """Of some groups. Everyone sees the same draws, whichever groups they are worked out with."""
    members = _members(linked, groups, levels)
    prepared = _Prepared(linked, members)
    values = prepared.figures(np.ones((1, len(linked.held))))
    drawn = _replicates(prepared, len(linked.held))
    entities = members.sum(axis=0).astype(np.int64)
    for g, group in enumerate(groups):
        for metric in LINKAGE_DESCRIBED:
            if not group or metric.name in _GROUPED:
                value, replicates = float(values[metric.name][0, g]), drawn[metric.name][:, g]
                yield _estimate(metric.name, group, value, replicates, entities=int(entities[g]), level=level)


def _members(linked: LinkedRecords, groups: list[Group], levels: Mapping[str, tuple[str, ...]]) -> Floats:
    """[entities, groups] 1 inside and 0 outside."""
    columns = []
    for group in groups:
        inside = np.ones(len(linked.held), dtype=bool)
        for name, text in group:
            inside &= linked.groups[name] == levels[name].index(text)
        columns.append(inside.astype(np.float64))
    return np.stack(columns, axis=1)


class _Prepared:
    """All that draws of entities are multiplied with."""

    def __init__(self, linked: LinkedRecords, members: Floats) -> None:
        self._linked = linked
        self._all = EntityDraws(linked.cells, members)
        self._inside = EntityDraws(linked.inside, members, linked.entity_of_part)
        true = linked.cells.true_sizes.astype(np.float64)
        everybody = np.stack([linked.found, linked.held, true * (true - 1) / 2], axis=1)
        own = [linked.found[:, None] * members, linked.held[:, None] * members, everybody]
        self._links = np.ascontiguousarray(np.concatenate(own, axis=1).T)
        self._false = linked.false[2].astype(np.float64)[None]
        self.sets = members.shape[1]

    def figures(self, times: Floats) -> dict[str, Floats]:
        """Name -> [replicates, groups] where entities are drawn `times` [replicates, entities]; everybody's where groups have none."""
        linked = self._linked
        precision, recall = self._all.bcubed(times)
        precision_in, recall_in = self._inside.bcubed(times)
        found, held, everybody = np.split(products(times, self._links), [self.sets, 2 * self.sets], axis=1)
        found_all, held_all, true = np.split(everybody, 3, axis=1)
        one, other, _ = linked.false
        made = found_all + products(times[:, one] * times[:, other], self._false)
        all_links = resampled_agreement(linked.cells, times).pairwise_f1[:, None] if linked.named else _share(2 * found_all, made + true)
        splits, merges = self._all.steps(times)
        figures = {
            "bcubed_precision": precision,
            "bcubed_recall": recall,
            "bcubed_f1": _share(2 * precision * recall, precision + recall),
            "pairwise_f1": all_links,
            "merge_distance": (splits + merges)[:, None],
            "splits": splits[:, None],
            "merges": merges[:, None],
            "bcubed_precision" + INSIDE: precision_in,
            "bcubed_recall" + INSIDE: recall_in,
            "bcubed_f1" + INSIDE: _share(2 * precision_in * recall_in, precision_in + recall_in),
            "pairwise_precision" + INSIDE: _share(found_all, made),
            "pairwise_recall" + INSIDE: _share(found, held),
            "pairwise_f1" + INSIDE: _share(2 * found_all, made + held_all),
        }
        return {name: np.broadcast_to(values, precision.shape) for name, values in figures.items()}


def _replicates(prepared: _Prepared, entities: int) -> dict[str, Floats]:
    """Name -> [REPLICATES, groups] figures of drawn entities; NaN where one is undefined."""
    some = max(1, _TOGETHER // max(entities, 1))
    random = np.random.Generator(np.random.Philox(SEED))
    parts = []
    for start in range(0, REPLICATES if entities >= FEWEST_UNITS else 0, some):
        drawn = [np.bincount(random.integers(entities, size=entities), minlength=entities) for _ in range(min(some, REPLICATES - start))]
        parts.append(prepared.figures(np.stack(drawn).astype(np.float64)))
    if not parts:
        return {metric.name: np.zeros((0, prepared.sets)) for metric in LINKAGE_DESCRIBED}
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _estimate(metric: str, group: Group, value: float, drawn: Floats, *, entities: int, level: float) -> Estimate:
    defined = drawn[~np.isnan(drawn)]
    known = not np.isnan(value) and entities > 0
    scale = "log" if metric in _COUNTS else "logit"
    limits = _limits(value, defined, scale, level) if known and entities >= FEWEST_UNITS else None
    return Estimate(
        metric=metric,
        group=group,
        value=outward(value) if known else None,
        lower=None if limits is None else outward(limits[0], direction="down"),
        upper=None if limits is None else outward(limits[1], direction="up"),
        level=level,
        method=(
            f"bootstrap(entities, replicates={REPLICATES}, undefined={REPLICATES - len(defined)}, seed={SEED}; "
            f"one-sided, alpha={alpha_of(level)!r}, normal on scale={scale})"
            if len(drawn)
            else "point estimate"
        ),
        n=entities,
        clusters=entities,
        n_eff=float(entities),
        reason="" if limits is not None else "; ".join(_why(metric, group, entities, known=known)),
        decides=False,
    )


def _limits(value: float, drawn: Floats, scale: str, level: float) -> tuple[float, float] | None:
    """Normal limits on the scale, with the variance of the replicates; null without variance or at an end."""
    variance = float(drawn.var(ddof=1)) if len(drawn) > 1 else 0.0
    if scale == "logit":
        lower, upper = transformed_limits(np.array(value), np.array(variance), alpha_of(level), "logit")
        return None if np.isnan(lower) else (float(lower), float(upper))
    if variance <= _NO_VARIANCE or not value:
        return None
    half = float(special.ndtri(1 - alpha_of(level))) * variance**0.5 / value
    return float(value * np.exp(-half)), float(value * np.exp(half))


def _why(metric: str, group: Group, entities: int, *, known: bool) -> Iterator[str]:
    if not entities:
        yield none_of("entities", group)
    elif not known:
        yield "no candidate pair of this group holds a true link" if metric.startswith("pairwise_recall") else "its denominator is empty"
    elif entities < FEWEST_UNITS:
        yield f"no interval: fewer than {FEWEST_UNITS} entities"
    else:
        yield "no interval: the replicates do not differ, or the value lies at its end"


def _share(part: Floats, whole: Floats) -> Floats:
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), np.nan)
