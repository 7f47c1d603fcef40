"""The second pair of bounds, which holds also if large clusters come out worse than small ones: where it stands, and what it may be."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.errors import shown
from evalharness.evidence.judged import EstimatePart, FindingPart
from evalharness.evidence.schema import Evidence
from evalharness.records import group_from_json, group_text

Pair = tuple[float | None, float | None]
_CROSSED = "ways="
"""In the method of what people did: readings belong together even where items are independent."""
_RULE = "by_size="
"""In the method of whatever has a second pair where its clusters need one."""


class Narrower:
    """The first pairs of findings that the second pair decides: what the bounds would be if large clusters came out like small ones."""

    def __init__(self, evidence: Evidence) -> None:
        self._pairs = {_key(e, e.bounds): (e.lower, e.upper) for e in evidence.estimates if e.by_size is not None}

    def of(self, finding: FindingPart) -> Pair | None:
        """None where the finding has one pair only."""
        return self._pairs.get(_key(finding, (finding.lower, finding.upper)))


def allows_for_size(evidence: Evidence) -> bool:
    """Whether its bounds were made by the rule that has a second pair; those of older evidence were not."""
    return any(_RULE in estimate.method for estimate in evidence.estimates)


def pair_inconsistencies(evidence: Evidence) -> Iterator[str]:
    """A second pair belongs to clusters and to a method that has one; it is never tighter than the first, and does not repeat it."""
    clustered = evidence.benchmark.counted_in_clusters
    for where, estimates in (("estimates", evidence.estimates), ("translation", evidence.translation), ("described", evidence.described)):
        for estimate in estimates:
            if estimate.by_size is not None and (problem := _problem(estimate, estimate.by_size, clustered=clustered)):
                yield f"{where}: {shown(estimate.metric)}, {shown(group_text(group_from_json(estimate.group)))}: {problem}"


def _problem(estimate: EstimatePart, pair: Pair, *, clustered: bool) -> str:
    if not clustered and _CROSSED not in estimate.method:
        return "by_size is of clusters, and its items are independent"
    if _RULE not in estimate.method:
        return "by_size stands there, and its method has no second pair"
    if pair == (estimate.lower, estimate.upper):
        return "by_size repeats the bounds"
    low, high = pair
    tighter = (low is not None and (estimate.lower is None or low > estimate.lower)) or (
        high is not None and (estimate.upper is None or high < estimate.upper)
    )
    return "by_size is tighter than the bounds" if tighter else ""


def _key(record: FindingPart | EstimatePart, bounds: Pair) -> tuple[object, ...]:
    """Who is meant, and the figures too: gaps that leave out different groups have one name."""
    return record.metric, group_from_json(record.group), record.between, record.unit, record.condition, record.value, record.n, *bounds
