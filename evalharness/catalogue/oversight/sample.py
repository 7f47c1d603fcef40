"""What a coded sample of every pile says of what was found and of what nobody opened."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric
from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, RECOGNITION

SAMPLE_METRICS: tuple[Metric, ...] = (
    Metric(
        name=ELUSION,
        title="Relevant items in the pile that nobody opens, by a drawn sample",
        kind="oversight",
        source="sample",
        better="lower",
        unit="proportion",
        decides=True,
        definition=(
            "Share of the items set aside that is relevant, from a random sample of that pile, coded by people who see neither score nor "
            "pile. Items drawn and not coded count as relevant, and what coders overlook is allowed for."
        ),
        denominator_name="items drawn from those set aside",
    ),
    Metric(
        name=RECALL,
        title="Relevant items found by machine and people together, by a drawn sample",
        kind="oversight",
        source="sample",
        better="higher",
        unit="proportion",
        decides=True,
        definition=(
            "Share of the relevant items of the period that lies among what was found, from random samples of every pile: what was found, "
            "what reviewers dismissed and what was set aside. Items drawn and not coded count against it."
        ),
        denominator_name="items drawn from every pile",
    ),
    Metric(
        name=PRECISION,
        title="Relevant items among those found, by a drawn sample",
        kind="oversight",
        source="sample",
        better="higher",
        unit="proportion",
        decides=True,
        definition=(
            "Share of what was found (kept by reviewers, or selected where nobody lists what they said) that is relevant, from a random "
            "sample coded without the reviewers' word. Items drawn and not coded count as not relevant."
        ),
        denominator_name="items drawn from those found",
    ),
    Metric(
        name=RECOGNITION,
        title="Seeds that coders recognise",
        kind="oversight",
        source="sample",
        better="higher",
        unit="proportion",
        decides=True,
        definition=(
            "Share of the seeds that coders call relevant: items known to be relevant that the classifier sets aside, drawn at random from "
            "the judged split and mixed into the sheet. A seed that was not coded is not recognised."
        ),
        denominator_name="seeds in the sheet",
    ),
)
