"""Exposure of reviewers of whom the truth is known: figures lie around it, and no bound is wrong too often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from reviewers import dials_of
from reviewers_truth import METRICS, World
from scipy.stats import binom

from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_odds import odds_of_row
from evalharness.oversight.exposure.outcomes import count_exposure
from evalharness.oversight.exposure.shifts import HOUR
from evalharness.oversight.reviews.check import checked_log
from evalharness.oversight.reviews.readings import Known, Readings
from evalharness.oversight.synthetic.log import log_table
from evalharness.oversight.synthetic.readers import made_readings
from evalharness.records import Estimate
from evalharness.records.oversight_exposure import ExposureLimits

LEVEL, RUNS = 0.95, 200
MOST = int(binom.isf(1e-4, RUNS, 1 - LEVEL))
"""More wrong bounds than that are no accident at the promised rate."""
CAP = 6


@dataclass(frozen=True)
class Kind:
    """Reviewers of one kind: how many of their items are severe, how often they find what is there, and how much they read."""

    severe: float
    recall: float
    share: float
    shifts: int
    a_shift: int = 20


@dataclass(frozen=True)
class Studied:
    """A study of so many reviewers, drawn from these kinds; days on which everybody sees more."""

    kinds: tuple[Kind, ...]
    reviewers: int
    bad_days: float = 0.0
    worse: float = 0.0
    again: float = 0.0
    named_apart: bool = False
    """Whether each reviewer's shifts have names of their own."""

    def chance_over(self) -> float:
        """P(more severe views than the cap) of a shift that is drawn from all shifts there could be."""
        weight = sum(kind.share * kind.shifts for kind in self.kinds)
        return sum(
            kind.share * kind.shifts * day * (1 - binom.cdf(CAP, kind.a_shift, kind.severe + more)) / weight
            for kind in self.kinds
            for day, more in ((self.bad_days, self.worse), (1 - self.bad_days, 0.0))
        )

    def views_per_find(self) -> float:
        """Each severe item is read once, and looked at again with the chance `again`."""
        read = [(k.share * k.shifts * k.a_shift * (k.severe + self.bad_days * self.worse), k.recall) for k in self.kinds]
        return sum(views for views, _ in read) * (1 + self.again) / sum(views * recall for views, recall in read)

    def made(self, rng: np.random.Generator) -> tuple[Readings, Known]:
        """One such study: shift d of everybody is on day d."""
        kind = rng.choice(len(self.kinds), self.reviewers, p=[one.share for one in self.kinds])
        bad = rng.random(max(one.shifts for one in self.kinds)) < self.bad_days
        who = np.concatenate([np.full(self.kinds[k].shifts * self.kinds[k].a_shift, at) for at, k in enumerate(kind)])
        day = np.concatenate([np.repeat(np.arange(self.kinds[k].shifts), self.kinds[k].a_shift) for k in kind])
        severe = np.array([one.severe for one in self.kinds])[kind[who]] + self.worse * bad[day]
        labels = (rng.random(len(who)) < severe).astype(np.int8)
        found = rng.random(len(who)) < np.array([one.recall for one in self.kinds])[kind[who]]
        shift = day + self.named_apart * 100 * who
        zero, yes = np.zeros(len(who), dtype=np.int8), np.ones(len(who), dtype=np.bool_)
        readings = Readings(
            item=np.arange(len(who), dtype=np.int32), reviewer=who.astype(np.int32), reading=zero + 1, blind=~yes, seeded=~yes, shown=zero,
            said=np.where(found, labels, 0).astype(np.int8), read=yes, shift=shift.astype(np.int32), seconds=np.ones(len(who)),
            time=day.astype(np.int64) * 24 * HOUR, views=(1 + (rng.random(len(who)) < self.again)).astype(np.int32),
        )  # fmt: skip
        ids = pa.array(np.arange(len(who)).astype(str))
        return readings, Known(ids=ids, labels=labels, decisions=zero, words={"0": 0, "1": 1})


STUDIES = {
    "reviewers alike": Studied((Kind(0.2, 0.8, 1.0, 5),), 25),
    "few who see much": Studied((Kind(0.15, 0.9, 0.85, 5), Kind(0.5, 0.4, 0.15, 5)), 20),
    "they look again": Studied((Kind(0.15, 0.9, 0.7, 5), Kind(0.4, 0.4, 0.3, 5)), 20, again=0.3),
    "those who read most see most": Studied((Kind(0.12, 0.9, 0.7, 3), Kind(0.4, 0.5, 0.3, 12)), 25),
    "days on which everybody sees more": Studied((Kind(0.12, 0.7, 1.0, 8),), 20, 0.15, 0.3),
    "such days, and a name for each reviewer's shift": Studied((Kind(0.02, 0.7, 1.0, 20),), 60, 0.1, 0.6, named_apart=True),
}


def estimates(readings: Readings, known: Known) -> dict[str, Estimate]:
    rows = {row.metric: row for row in count_exposure(readings, known, ExposureLimits(views_per_shift_at_most=CAP), ()).shares}
    share = METRICS["severe_views_share"]
    return {
        "shift_over_cap_rate": share_row_estimate(rows["shift_over_cap_rate"], METRICS["shift_over_cap_rate"], LEVEL),
        "severe_views_per_find": odds_of_row(rows["severe_views_share"], METRICS["severe_views_per_find"], share, LEVEL),
    }


@pytest.mark.parametrize("name", STUDIES)
def test_no_bound_is_wrong_too_often(name: str) -> None:
    study = STUDIES[name]
    truth = {"severe_views_per_find": study.views_per_find()}
    if not study.again:  # with further views a shift has more than one for each item, and that chance is another
        truth["shift_over_cap_rate"] = study.chance_over()
    low, high, values = dict.fromkeys(truth, 0), dict.fromkeys(truth, 0), {metric: [] for metric in truth}
    for run in range(RUNS):
        found = estimates(*study.made(np.random.default_rng(run)))
        for metric, true in truth.items():
            lower, upper = found[metric].bounds
            low[metric] += lower is not None and lower > true
            high[metric] += upper is not None and upper < true
            values[metric].append(found[metric].value)
    for metric, true in truth.items():
        assert low[metric] <= MOST, (metric, low[metric])
        assert high[metric] <= MOST, (metric, high[metric])
        assert np.mean(values[metric]) == pytest.approx(true, rel=0.12)


def test_figures_of_made_up_reviewers_lie_around_the_truth() -> None:
    world, runs = World(0.3, 0.2, 0.15), 30
    dialled = {
        "reviewers": 40, "seeded_share": 0.1, "unread_share": 0.0, "blind_share": 0.4, "viewed_twice_share": 0.25,
        "sensitivity": {"mean": 0.75, "spread": 0.2}, "specificity": {"mean": 0.85, "spread": 0.1},
        "shifts": {"teams": 40, "of_each": 3, "readings": 60}, "seconds": {"median": 40.0, "spread": 0.5},
    }  # fmt: skip
    found, wrong = [], 0
    for run in range(runs):
        dials = dials_of(**dialled, seed=run)
        truth = world.truth(dials)
        found_share = (1 - dials.seeded_share - dials.blind_share * (1 - dials.seeded_share)) * truth["reader_recall"]
        found_share += dials.blind_share * (1 - dials.seeded_share) * truth["blind_reader_recall"]
        true = (1 + dials.viewed_twice_share) / found_share
        items = world.items(1_500, np.random.default_rng(run))
        made = made_readings(dials, items)
        known = Known(
            ids=pa.array([str(at) for at in range(len(items.codes))]), labels=items.labels, decisions=items.decisions,
            words={"0": 0, "1": 1},
        )  # fmt: skip
        log = log_table(made, {"item_id": known.ids}, ("0", "1"), 60.0)
        readings, _ = checked_log(log, known, "log", listed=True)
        estimate = estimates(readings, known)["severe_views_per_find"]
        lower, upper = estimate.bounds
        found.append(estimate.value)
        wrong += (lower is not None and lower > true) or (upper is not None and upper < true)
    assert np.mean(found) == pytest.approx(true, rel=0.02)
    assert wrong <= int(binom.isf(1e-4, runs, 2 * (1 - LEVEL)))
