"""Views of severe items, from a review log that has been read: share rows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.duplicates import COPY_OF
from evalharness.oversight.exposure.outcomes import Exposed, count_exposure
from evalharness.oversight.reviews.readings import NOTHING, Ints, Known, Readings
from evalharness.records.oversight_exposure import ExposureLimits, percentile, rests_of_exposure
from evalharness.stats.rounding import outward
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.provided import Provided

_UNLABELLED = "{:,} views are of items that nobody labelled. They count as views of severe items."
_UNMADE = "{:,} readings of severe items were assigned and are not in the log. They count as views in the shifts where they do most harm."


def with_exposure(found: Provided, inputs: Inputs, readings: Readings, known: Known, of_log: Sequence[str]) -> Provided:
    """found: what the log says otherwise; the same where the policy does not say which items are severe.

    of_log: what every figure of the log rests on.
    """
    human = inputs.policy.human_in_the_loop
    limits = None if human is None else human.exposure
    if human is None or limits is None:
        return found
    rests_on = rests_of_exposure(of_log, views_logged=readings.views is not None)
    these = human.review_study is not None and human.review_study.these
    exposed = count_exposure(readings, known, limits, rests_on, these=these, contents=_contents(inputs, known))
    part = _part(exposed, readings, known, limits)
    return replace(
        found, shares=(*found.shares, *exposed.shares), parts={**found.parts, "exposure": part}, limits=(*found.limits, *_limits(exposed))
    )  # fmt: skip


def _contents(inputs: Inputs, known: Known) -> Ints | None:
    """[M] codes of what is seen in each item, where a recipe says which items repeat another."""
    benchmark = inputs.benchmark
    if COPY_OF not in benchmark.truth_columns:
        return None
    copied = pa.chunked_array([pc.cast(own, pa.string()) for own in benchmark.truth(inputs.policy.split, COPY_OF)], pa.string())
    own = np.arange(len(known.ids), dtype=np.int32)
    places = pc.fill_null(pc.index_in(copied, value_set=known.ids), NOTHING).to_numpy().astype(np.int32)
    return np.where(places == NOTHING, own, places)


def _part(exposed: Exposed, readings: Readings, known: Known, limits: ExposureLimits) -> dict[str, Any]:
    return {
        "views": {name: {"all": every, "severe": severe} for name, (every, severe) in exposed.views.items()},
        "views_logged": readings.views is not None,
        "levels": list(_levels(exposed, known, limits)),
        "shifts": exposed.shifts, "over": exposed.over, "step": exposed.step,
        "by_shift": [list(one) for one in exposed.by_shift], "highest": exposed.by_shift[-1][0] if exposed.by_shift else 0,
        "percentile": percentile(exposed.by_shift),
        "unmade": exposed.unmade, "finds": exposed.finds,
    }  # fmt: skip


def _levels(exposed: Exposed, known: Known, limits: ExposureLimits) -> Iterator[dict[str, Any]]:
    """By true value, lowest first: its words, which where several share one stand together."""
    values = sorted(set(known.words.values()) | {0})
    words = {value: ", ".join(word for word, of in known.words.items() if of == value) or "not relevant" for value in values}
    for value, views in zip((*values, NOTHING), exposed.by_level, strict=True):
        severe = value == NOTHING or (words[value] in limits.severe_levels if limits.severe_levels else value >= known.relevant_from)
        yield {
            "level": words.get(value), "severe": severe, "views": views,
            "mean": outward(views / exposed.shifts) if exposed.shifts else None,
        }  # fmt: skip


def _limits(exposed: Exposed) -> Iterator[str]:
    if exposed.by_level[-1]:
        yield _UNLABELLED.format(exposed.by_level[-1])
    if exposed.unmade:
        yield _UNMADE.format(exposed.unmade)
