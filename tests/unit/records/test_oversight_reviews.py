"""What the figures of a review log rest on."""

from __future__ import annotations

from itertools import product

from evalharness.records.oversight_reviews import NOT_LISTED, ReviewStudy, rests_of_reviews
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
