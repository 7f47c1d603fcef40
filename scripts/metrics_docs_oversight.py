"""The metrics of people on docs/metrics.md: source by source, what each counts and what the example of its source makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import metrics_docs_exposure as exposure
import metrics_docs_faults as faults
import metrics_docs_people as people
import metrics_docs_raters as raters
import metrics_docs_reviews as reviews
import metrics_docs_sample as sample
import metrics_docs_team as team
import metrics_docs_work as work
from metrics_docs_examples import Measured, evidence_of
from metrics_docs_here import with_bounds

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.catalogue.oversight.bands import BANDS_METRICS
from evalharness.catalogue.oversight.exposure import EXPOSURE_METRICS
from evalharness.catalogue.oversight.faults import FAULT_METRICS
from evalharness.catalogue.oversight.people import PEOPLE_METRICS
from evalharness.catalogue.oversight.raters import RATER_METRICS
from evalharness.catalogue.oversight.reviews import REVIEW_METRICS
from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.catalogue.oversight.team import TEAM_METRICS
from evalharness.catalogue.oversight.work import WORK_METRICS

_OPENING = """\

## What people do with the answers

These are for every task, unless their section says otherwise, and stand in share rows (`tallies.shares` of the evidence): so many of so
many units, with sums over the clusters of every way in which units belong together (case, reviewer, shift). Bounds are Clopper-Pearson at
the smallest effective number over these ways, and the widest of their bounds by size. A metric whose source a run was not given has no
estimate, and a requirement on it is not evaluable. See [oversight](oversight.md).
"""
_BANDS = """\
From `human_in_the_loop: bands`, the classifier's answers and the labels. **The example** is that of the binary task, with the bands
`read_twice` (scores from 0.9, two readers), `read` (from the operating point, one reader) and `set_aside` (the rest, opened within 30
days), and `defer: {within: 0.11}`, so that scores of 0.4 and 0.6 go to a person.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The metrics of one source, and the example that measures them."""

    title: str
    words: str
    metrics: tuple[Metric, ...]
    measured: Callable[[], Mapping[str, tuple[str, Measured]]]
    """By metric: the counts behind it as text, and its estimate."""


def of_evidence(task: str) -> Mapping[str, tuple[str, Measured]]:
    """Every share of everybody in the evidence of the example of a task."""
    evidence = evidence_of(task)
    rows = {row["metric"]: f"{row['part']} / {row['total']} = " for row in evidence["tallies"].get("shares", ()) if not row["group"]}
    lines = {line["metric"]: line for line in evidence["estimates"] if not line["group"] and line["metric"] in rows}
    return {metric: (rows[metric], line) for metric, line in lines.items()}


SOURCES: tuple[Source, ...] = (
    Source(title="Bands", words=_BANDS, metrics=BANDS_METRICS, measured=lambda: of_evidence("binary")),
    Source(title="A review log", words=reviews.WORDS, metrics=REVIEW_METRICS, measured=reviews.measured),
    Source(title="A drawn sample", words=sample.WORDS, metrics=SAMPLE_METRICS, measured=sample.measured),
    Source(title="Work", words=work.WORDS, metrics=WORK_METRICS, measured=work.measured),
    Source(title="People in the items", words=people.WORDS, metrics=PEOPLE_METRICS, measured=people.measured),
    Source(title="Exposure", words=exposure.WORDS, metrics=EXPOSURE_METRICS, measured=exposure.measured),
    Source(title="Machine and people together", words=team.WORDS, metrics=TEAM_METRICS, measured=team.measured),
    Source(title="People who labelled", words=raters.WORDS, metrics=RATER_METRICS, measured=raters.measured),
    Source(title="Faults", words=faults.WORDS, metrics=FAULT_METRICS, measured=faults.measured),
)
"""In the order of the page."""


def without_example() -> tuple[str, ...]:
    """Metrics of the catalogue that no example measures: their source is missing here."""
    shown = {metric.name for source in SOURCES for metric in source.metrics}
    return tuple(metric.name for metric in OVERSIGHT_METRICS if metric.name not in shown)


def oversight(table: Callable[[list[str], Iterable[list[str]]], str], unbroken: Callable[[str], str]) -> str:
    """The section."""
    parts = [_OPENING]
    heads = ["metric", "what it counts", "here", "unit, better", "needs beside it"]
    for source in SOURCES:
        found = source.measured()
        rows = [
            [f"`{one.name}`", one.definition, unbroken("".join((found[one.name][0], with_bounds(one, found[one.name][1])))),
             f"{one.unit}, {one.better}", ", ".join(f"`at_most` on `{name}`" for name in one.needs_ceiling_on)]
            for one in source.metrics
        ]  # fmt: skip
        parts.append(f"\n### {source.title}\n\n{source.words}\n{table(heads, rows)}")
    return "".join(parts)
