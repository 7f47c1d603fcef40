"""Point estimates of a coded sample, against a survey package's."""

from __future__ import annotations

import pytest

from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, Sampled, SampledPile


def pile(name: str, population: int, drawn: int, relevant: int, uncoded: int = 0) -> SampledPile:
    return SampledPile(name=name, population=population, drawn=drawn, relevant=relevant, not_relevant=drawn - relevant - uncoded)


def sampled(*piles: SampledPile) -> Sampled:
    return Sampled(draw=1, sensitivity=1.0, piles=piles)


def test_recall_weighs_every_pile_by_what_it_holds():
    """R 4.2.2 survey 4.1.1, svyratio with strata and fpc: 150 found of 446.7."""
    found = sampled(pile("set_aside", 8_800, 60, 1), pile("reviewed_negative", 1_000, 40, 6), pile("reviewed_positive", 200, 40, 30))
    assert found.value(RECALL) == pytest.approx(150 / 446.6666667)
    assert found.value(ELUSION) == pytest.approx(1 / 60)
    assert found.value(PRECISION) == pytest.approx(30 / 40)
    assert (found.n(RECALL), found.n(ELUSION), found.n(PRECISION)) == (140, 60, 40)


def test_a_value_is_of_what_was_coded_and_there_is_none_of_nothing():
    found = sampled(pile("set_aside", 100, 10, 1, uncoded=5), pile("selected", 50, 5, 0, uncoded=5))
    assert found.value(ELUSION) == pytest.approx(1 / 5)
    assert (found.value(PRECISION), found.value(RECALL)) == (None, None)
    assert sampled(pile("set_aside", 9, 9, 0), pile("selected", 1, 1, 0)).value(RECALL) is None


@pytest.mark.parametrize(("drawn", "alone"), [(0, True), (1, False)])
def test_a_sample_of_the_pile_set_aside_alone_is_told_apart(drawn: int, alone: bool):
    assert sampled(pile("set_aside", 100, 10, 1), pile("selected", 50, drawn, 0)).elusion_only is alone
