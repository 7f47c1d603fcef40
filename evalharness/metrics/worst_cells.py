"""Which cell of the deepest intersections is worst off: explored, with Holm over everything that was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import Metric
from evalharness.metrics import methods
from evalharness.metrics.everyone_else import Against, against_everyone_else, differences_from_rest
from evalharness.metrics.gaps import gap_metrics, shares_clusters
from evalharness.records import Question
from evalharness.records.group_context import WorstCell
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]


def worst_cells(
    tally: ConfusionTally, subsets: Iterable[tuple[str, ...]], questions: Iterable[Question], level: float
) -> tuple[tuple[WorstCell, ...], int]:
    """The worst cell for each metric that is asked of groups (else for the first of the task), and how many looks that took.

    Looked at: every cell of the deepest of the subsets that has a denominator, against everyone else, in the direction that is worse.
    """
    deepest = _deepest(subsets)
    metrics = _asked(tally, questions)
    if not deepest or not metrics:
        return (), 0
    found = [against_everyone_else(tally, subset, metrics, spanned=shares_clusters(tally, subset)) for subset in deepest]
    sign = np.array([1.0 if metric.better == "lower" else -1.0 for metric in metrics])[:, None]
    looked_at = int(sum(_usable(of).sum() for of in found))
    if not looked_at:
        return (), 0
    alpha = methods.alpha_of(level)
    worse = np.concatenate([_worse(of, sign, alpha / looked_at) for of in found], axis=-1)
    out = _standing_out(found, sign, alpha, worse)
    rate, rest, total = (np.concatenate([pick(of) for of in found], axis=-1) for pick in (_rate, _rest, _total))
    groups = [tally.slices.groups[p] for subset in deepest for p in tally.slices.positions(subset)]
    cells = []
    for row, metric in enumerate(metrics):
        at = int(np.where(np.isnan(worse[row]), -np.inf, worse[row]).argmax())
        if not sign[row, 0] * (rate[row, at] - rest[row, at]) > 0:  # nowhere worse than elsewhere, or nowhere a rate
            continue
        cells.append(
            WorstCell(
                metric=metric.name,
                group=groups[at],
                value=outward(float(rate[row, at])),
                rest=outward(float(rest[row, at])),
                n=int(total[row, at]),
                difference=outward(max(0.0, float(worse[row, at])), direction="down"),
                standing_out=int(out[row].sum()),
            )
        )
    return tuple(cells), looked_at


def _standing_out(found: Sequence[Against], sign: Floats, alpha: float, first: Floats) -> NDArray[np.bool_]:
    """(Q, cells) worse than everyone else by Holm's step-down: at alpha / m, then at alpha over what is left, until none is added."""
    family = int((~np.isnan(first)).sum())
    out = np.zeros(first.shape, dtype=bool)
    worse = first
    while True:
        more = (worse > 0) & ~out
        if not more.any():
            return out
        out |= more
        left = family - int(out.sum())
        if not left:
            return out
        worse = np.concatenate([_worse(of, sign, alpha / left) for of in found], axis=-1)


def _worse(of: Against, sign: Floats, alpha: float) -> Floats:
    """(Q, G) lower bound of how much worse each cell is than everyone else; NaN where either has no denominator."""
    lower, upper = differences_from_rest(of, alpha)
    return np.asarray(np.where(_usable(of), np.where(sign > 0, lower, -upper), np.nan))


def _deepest(subsets: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    known = list(subsets)
    depth = max((len(subset) for subset in known), default=0)
    return [subset for subset in known if len(subset) == depth]


def _asked(tally: ConfusionTally, questions: Iterable[Question]) -> list[Metric]:
    """Of metrics that say the same of their complement only the first."""
    usable = [metric for metric in gap_metrics(tally.of) if metric.better != "either"]
    names = {question.metric for question in questions if question.group or question.between}
    chosen: dict[object, Metric] = {}
    for metric in [m for m in usable if m.name in names] or usable[:1]:
        complement = tuple(d - n for n, d in zip(metric.numerator, metric.denominator, strict=True))
        chosen.setdefault((metric.denominator, frozenset((metric.numerator, complement))), metric)
    return list(chosen.values())


def _usable(of: Against) -> NDArray[np.bool_]:
    return np.asarray(of.group.defined & of.rest.defined)


def _rate(of: Against) -> Floats:
    return of.group.value


def _rest(of: Against) -> Floats:
    return of.rest.value


def _total(of: Against) -> Floats:
    return of.group.total
