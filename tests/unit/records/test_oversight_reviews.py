"""What the figures of a review log rest on."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from evalharness.records.oversight_reviews import NOT_LISTED, ReviewStudy, hardly_overrules, rests_of_reviews
from evalharness.records.share import ENRICHED, RESTS_ON, SYNTHETIC, THESE


def test_each_reason_stands_there_when_it_holds_and_in_one_order():
    for listed, synthetic, these, rehearsal, within in product(*[(False, True)] * 4, (None, (0.1, 0.3), (0.3, 0.4))):
        study = ReviewStudy(these=these, prevalence_within=within)
        found = rests_of_reviews(listed=listed, synthetic=synthetic, study=study, rehearsal=rehearsal, relevant=20, labelled=100)
        enriched = not rehearsal if within is None else within == (0.3, 0.4)
        expected = {NOT_LISTED: not listed, SYNTHETIC: synthetic, ENRICHED: enriched, THESE: these}
        assert set(found) == {name for name, holds in expected.items() if holds}
        assert list(found) == [name for name in RESTS_ON if name in found]


def test_a_study_without_a_label_is_not_as_at_work():
    study = ReviewStudy(prevalence_within=(0.0, 1.0))
    assert rests_of_reviews(listed=True, synthetic=False, study=study, rehearsal=True, relevant=0, labelled=0) == (ENRICHED,)
    assert rests_of_reviews(listed=True, synthetic=False, study=study, rehearsal=True, relevant=0, labelled=1) == ()


@given(st.integers(1, 4_000), st.floats(0, 1), st.integers(0, 4_000), st.integers(0, 4_000), st.integers(1, 300))
def test_the_flag_is_the_bound_of_clopper_and_pearson_below_half_the_error(shown: int, share: float, right: int, wrong: int, many: int):
    override = int(share * 0.2 * shown)
    error = wrong / (right + wrong) if right + wrong else 0.0
    upper = float(beta.ppf(1 - 0.05 / many, override + 1, shown - override)) if override < shown else 1.0
    found = hardly_overrules(shown=shown, override=override, right=right, wrong=wrong, reviewers=many)
    if abs(upper - error / 2) > 1e-9:
        assert found is (error >= 0.05 and upper < error / 2)


@pytest.mark.parametrize(
    ("shown", "override", "wrong", "flag"),
    [(100, 0, 10, True), (40, 0, 4, False), (100, 0, 4, False), (0, 0, 0, False), (1000, 20, 100, True)],
)
def test_who_never_overrules_where_one_in_ten_is_wrong_is_flagged_once_there_are_enough(shown: int, override: int, wrong: int, flag: bool):
    assert hardly_overrules(shown=shown, override=override, right=shown - wrong, wrong=wrong) is flag
