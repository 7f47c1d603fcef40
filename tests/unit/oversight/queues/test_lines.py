"""Who goes before whom, and how many readings there are, against sorting by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evalharness.oversight.queues.calendar import DAY, HOUR
from evalharness.oversight.queues.lines import UNREAD, jobs_of, lines_of
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.records.oversight_work import readings_of

CHECK = SpotCheck(share=0.25, readers=2, blind=True)
BANDS = Bands(
    bands=(
        Band(name="twice", at_least=0.9, readers=2, third_reader=True),
        Band(name="once", selected=True, readers=1),
        Band(name="soon", at_least=0.3, opened_within_days=2),
        Band(name="checked", at_least=0.1, spot_check=CHECK),
        Band(name="later", rest=True, opened_within_days=9, spot_check=CHECK),
    )
)
TWICE, ONCE, SOON, CHECKED, LATER, PERSON = range(6)


def before(fate: int, score: float, hour: int) -> tuple[float, ...]:
    """The order in words: twice by score, to a person by arrival, once by score, checks by arrival, piles by their last day."""
    return {
        TWICE: (0, -score), PERSON: (1, 0), ONCE: (2, -score), CHECKED: (3, 0), SOON: (4, hour + 48), LATER: (4, hour + 9 * 24),
    }[fate]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 5), st.sampled_from([0.1, 0.5, 0.9]), st.sampled_from([0.1, 0.24, 0.25, 0.9])),
        max_size=40,
    )
)
def test_the_order_of_readings_is_that_of_the_policy(items: list[tuple[int, int, float, float]]):
    items = sorted(items, key=lambda item: item[0])
    hours, fates, scores, coins = (np.array([item[at] for item in items]) for at in range(4))
    jobs, of, first = jobs_of(lines_of(BANDS), (hours * HOUR).astype(np.int64), fates.astype(np.int8), scores, coins)
    readings = [{TWICE: 3, ONCE: 1, SOON: 1, CHECKED: 2 if coin < 0.25 else 0, LATER: 1, PERSON: 1}[fate] for _, fate, _, coin in items]
    assert of.tolist() == [at for at, times in enumerate(readings) for _ in range(times)]
    assert jobs.arrived.tolist() == [items[at][0] * HOUR for at in of.tolist()]
    expected = sorted(range(len(of)), key=lambda job: (*before(int(fates[of[job]]), scores[of[job]], int(hours[of[job]])), job))
    assert np.argsort(jobs.rank).tolist() == expected
    assert (np.diff(jobs.line[expected]) >= 0).all()
    for at, times in enumerate(readings):
        assert first[at] == (of.tolist().index(at) if times else UNREAD)
    assert jobs.in_order_of_arrival().rank.tolist() == list(range(len(of)))


def test_as_many_readings_as_the_policy_is_told_that_there_are():
    lines, readings = lines_of(BANDS), readings_of(BANDS)
    expected = [Fraction(one, readings.parts) for one in readings.by_fate]
    assert [Fraction(int(times)) * Fraction(share) for times, share in zip(lines.readings, lines.share, strict=True)] == expected
    assert lines.piles.tolist() == [False, False, True, False, True, False]
    assert lines.due.tolist() == [0, 0, 2 * DAY, 0, 9 * DAY, 0]


def test_what_goes_to_a_person_comes_first_where_nothing_else_is_read():
    lines = lines_of(Bands(bands=(Band(name="all", rest=True, opened_within_days=3),)))
    assert lines.line[1] < lines.line[0]
