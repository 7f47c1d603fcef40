"""The example of docs/metrics.md for a drawn sample: three piles, coded, through the code that `evaluate --sample` runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from metrics_docs_examples import LEVEL, Measured

from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight_sample import sampled_estimate
from evalharness.records.oversight_sample import RECALL, RECOGNITION, Sampled, SampledPile, Seeded
from evalharness.records.share import Way

PILES = (
    SampledPile(name="set_aside", population=4_000, drawn=300, relevant=1, not_relevant=297),
    SampledPile(name="reviewed_negative", population=600, drawn=100, relevant=2, not_relevant=98),
    SampledPile(name="reviewed_positive", population=400, drawn=100, relevant=90, not_relevant=10),
)
WORDS = """\
From a sample that `evalharness sample` draws of every pile and coders judge blind. They stand in `oversight.sample` of the evidence, not in
share rows: limits are those of a hypergeometric count in a pile of known size, at the level of the draw (the first draw is judged like a
first attempt), with coders who recognise at least the stated share of what is relevant. **The example**: of 4,000 items set aside 300 were
drawn, 1 is relevant and 2 were not coded; of 600 that reviewers dismissed 100, of them 2; of 400 that they kept 100, of them 90. It is the
first draw, and coders recognise 9 in 10. Another sample had 60 seeds, each of its own case, of which 57 were recognised.
"""
SEEDED = Seeded(missed=240, drawn=60, recognised=57, cases=Way(name="case", clusters=60, total2=60, part2=57, rest2=3))


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    sampled = Sampled(draw=1, sensitivity=0.9, piles=PILES)
    with_seeds = replace(sampled, seeded=SEEDED)
    return {
        metric.name: (
            _counts(sampled, metric.name),
            estimate_as_json(sampled_estimate(with_seeds if metric.name == RECOGNITION else sampled, metric, LEVEL)),
        )
        for metric in SAMPLE_METRICS
    }


def _counts(sampled: Sampled, metric: str) -> str:
    if metric == RECALL:
        return "found / (found + missed) = "
    if metric == RECOGNITION:
        return f"{SEEDED.recognised} / {SEEDED.drawn} = "
    (pile,) = sampled.of(metric)
    return f"{pile.relevant} / {pile.coded} = "
