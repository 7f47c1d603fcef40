"""What is true of every share of a review log of made-up reviewers, and logs of theirs as share rows, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa

from evalharness.catalogue.oversight import oversight_metrics
from evalharness.metrics.oversight_differences import difference_estimates
from evalharness.oversight.reviews.kinds import kinds_of
from evalharness.oversight.reviews.order import order_of
from evalharness.oversight.reviews.outcomes import Counting, share_rows
from evalharness.oversight.reviews.readings import Known, Readings
from evalharness.oversight.reviews.seconds import classes_of
from evalharness.oversight.synthetic.dials import Dials
from evalharness.oversight.synthetic.readers import Items, Made, made_readings
from evalharness.oversight.synthetic.truth import both_wrong, said_chances
from evalharness.records import Estimate, Policy
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.records.share import ShareRow
from evalharness.tally import ConfusionTally

METRICS = {metric.name: metric for metric in oversight_metrics(6)}
POLICY = cast(Policy, SimpleNamespace(human_in_the_loop=SimpleNamespace(review_study=ReviewStudy(by_chance=True))))


class World:
    """Items of two outcomes without end: so many are relevant, so many of each are decided wrongly."""

    def __init__(self, prevalence: float, misses: float, alarms: float) -> None:
        self.prevalence = prevalence
        self.share = {(1, 1): prevalence * (1 - misses), (1, 0): prevalence * misses, (0, 1): (1 - prevalence) * alarms}
        self.share[0, 0] = 1 - sum(self.share.values())
        """By label and decision."""

    def items(self, rows: int, rng: np.random.Generator) -> Items:
        """Some of them, drawn at random."""
        kinds = np.array(list(self.share))
        drawn = kinds[rng.choice(4, size=rows, p=list(self.share.values()))].astype(np.int8)
        codes = rng.integers(0, 2**63, rows, dtype=np.uint64)
        return Items(codes=codes, labels=drawn[:, 0], decisions=drawn[:, 1], prevalence=self.prevalence)

    def truth(self, dials: Dials) -> dict[str, float]:
        """Of every share and difference that may decide."""

        def mean(of: dict[tuple[int, int], float], said: int, *, blind: bool) -> float:
            chances = [
                weight * said_chances(dials, t, m, blind=blind, wrong=t != m, prevalence=self.prevalence)[said]
                for (t, m), weight in of.items()
            ]
            return float(sum(chances) / sum(of.values()))

        def some(t: int | None = None, m: int | None = None) -> dict[tuple[int, int], float]:
            return {key: weight for key, weight in self.share.items() if t in (None, key[0]) and m in (None, key[1])}

        def wrong_of(of: dict[tuple[int, int], float], *, blind: bool) -> float:
            right = sum(weight * mean({key: 1.0}, key[0], blind=blind) for key, weight in of.items())
            return 1 - right / sum(of.values())

        mistaken, correct = ({key: w for key, w in self.share.items() if (key[0] != key[1]) is wrong} for wrong in (True, False))
        found = {
            "reader_recall": mean(some(t=1), 1, blind=False),
            "reader_specificity": mean(some(t=0), 0, blind=False),
            "blind_reader_recall": mean(some(t=1), 1, blind=True),
            "blind_reader_specificity": mean(some(t=0), 0, blind=True),
            "wrong_when_model_wrong": wrong_of(mistaken, blind=False),
            "wrong_when_model_right": wrong_of(correct, blind=False),
            "blind_wrong_when_model_wrong": wrong_of(mistaken, blind=True),
            "dismissal_rate": 1 - mean(some(1, 1), 1, blind=False),
            "commission_rate": 1 - mean(some(0, 1), 0, blind=False),
            "omission_rate": 1 - mean(some(1, 0), 1, blind=False),
            "seeded_detection": self._seeded(dials),
            **self._pairs(dials),
        }
        right_of_two = [(found[f"{arm}reader_recall"] + found[f"{arm}reader_specificity"]) / 2 for arm in ("", "blind_")]
        model = (self.share[1, 1] / self.prevalence + self.share[0, 0] / (1 - self.prevalence)) / 2
        return found | {
            "automation_bias": found["wrong_when_model_wrong"] - found["blind_wrong_when_model_wrong"],
            "augmentation": right_of_two[0] - right_of_two[1],
            "synergy": right_of_two[0] - max(right_of_two[1], model),
        }

    def _seeded(self, dials: Dials) -> float:
        return sum(
            weight * float(said_chances(dials, t, 1 - t, blind=False, wrong=t != m, prevalence=self.prevalence)[t])
            for (t, m), weight in self.share.items()
        )

    def _pairs(self, dials: Dials) -> dict[str, float]:
        read = 1 - dials.unread_share
        differ, missed = 0.0, 0.0
        for blind, of_arm in ((True, dials.blind_share), (False, 1 - dials.blind_share)):
            for (t, m), weight in self.share.items():
                both = both_wrong(dials, t, m, blind=blind, wrong=t != m, prevalence=self.prevalence)
                right = float(said_chances(dials, t, m, blind=blind, wrong=t != m, prevalence=self.prevalence)[t]) / read
                differ += of_arm * weight * 2 * (1 - right - both)
                missed += of_arm * weight * both * (t == 1)
        joint = read * missed / self.prevalence + dials.unread_share
        return {"double_reading_disagreement": read * differ + dials.unread_share, "third_reading_rate": read * differ, "joint_miss": joint}


def rows_of(dials: Dials, items: Items, *, cases: int = 0) -> tuple[ShareRow, ...]:
    """The share rows of their log; cases: of so many items each, 0: every item is its own."""
    readings, known = _log(dials, items, cases)
    return share_rows(readings, known, Counting(rests_on=()))


def ordered_rows_of(dials: Dials, items: Items) -> tuple[ShareRow, ...]:
    """Those of readings by when they were made."""
    readings, known = _log(dials, items, 0)
    how = Counting(rests_on=())
    return tuple(order_of(readings, known, how, kinds_of(readings, known, how.slowest), classes_of(readings.seconds))[0])


def _log(dials: Dials, items: Items, cases: int) -> tuple[Readings, Known]:
    ids = pa.array([str(place) for place in range(len(items.codes))])
    known = Known(
        ids=ids, labels=items.labels, decisions=items.decisions, words={"0": 0, "1": 1},
        cases=np.arange(len(ids), dtype=np.int32) // cases if cases else None,
    )  # fmt: skip
    return _readings(made_readings(dials, items)), known


def differences(rows: tuple[ShareRow, ...], level: float) -> Iterator[Estimate]:
    """Estimates of the differences."""
    tally: Any = SimpleNamespace(shares=rows, of=SimpleNamespace(metrics=METRICS))
    return difference_estimates(cast(ConfusionTally, tally), POLICY, level)


def _readings(made: Made) -> Readings:
    return Readings(
        item=made.item.astype(np.int32), reviewer=made.reviewer.astype(np.int32), reading=made.reading.astype(np.int8), blind=made.blind,
        seeded=made.seeded, shown=made.shown, said=made.said, read=made.read, shift=made.shift.astype(np.int32),
        seconds=np.where(made.read, made.seconds, np.nan), time=made.shift * 86_400_000_000 + made.position,
    )  # fmt: skip
