"""Every metric of people that a policy may require reads as a sentence of its own."""

from __future__ import annotations

from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.report.oversight_phrases import OVERSIGHT_PHRASES


def test_every_metric_that_decides_has_a_phrase_and_none_else():
    required = {metric.name for metric in OVERSIGHT_METRICS if metric.decides}
    assert required - OVERSIGHT_PHRASES.keys() == set()
    assert OVERSIGHT_PHRASES.keys() - {metric.name for metric in OVERSIGHT_METRICS} == set()


def test_each_has_one_place_for_an_amount_and_none_in_what_has_no_amount():
    for name, phrase in OVERSIGHT_PHRASES.items():
        assert phrase.of.count("{}") == phrase.must.count("{}") == 1, name
        assert "{" not in phrase.share + phrase.was, name


def test_what_must_be_much_must_and_what_must_be_little_may():
    better = {metric.name: metric.better for metric in OVERSIGHT_METRICS}
    for name, phrase in OVERSIGHT_PHRASES.items():
        assert (" must " if better[name] == "higher" else " may ") in f" {phrase.must} ", name
