"""Does the threshold of an evidence document follow from its certificate, and the certificate from its policy?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from evalharness.errors import shown
from evalharness.evidence.oversight.certify import CertifyPart, Six, TargetPart, Three, comparison_of
from evalharness.evidence.schema import Evidence
from evalharness.records import Policy
from evalharness.records.oversight_certify import MOVING, Certify, chosen_of


def at_recorded_point(policy: Policy, evidence: Evidence) -> Policy:
    """The policy with the threshold that was certified; as it is where the policy fixes one."""
    point = policy.operating_point
    if point.certify is None:
        return policy
    return replace(policy, operating_point=replace(point, threshold=evidence.operating_point.threshold))


def certificate_problems(evidence: Evidence, policy: Policy, level: float, levels: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Where the certificate is not what the policy asks for, or does not give the threshold. policy: as it was read.

    levels: of each attribute in the judged split, whose groups must keep what is asked of each.
    """
    asked, chosen = policy.operating_point.certify, evidence.operating_point.chosen
    part = None if evidence.oversight is None else evidence.oversight.certify
    if chosen != ("fixed" if asked is None else "certified") or (part is None) != (asked is None):
        yield "operating_point.chosen: the policy fixes a threshold and one was certified, or the other way round"
    if asked is None or part is None:
        return
    where = "oversight.certify"
    if missing := [name for name in asked.attributes if not levels.get(name)]:
        yield f"{where}.targets: {shown(', '.join(missing))} is no attribute of the items that are judged"
        return
    asked = asked.for_groups(levels)
    told = [(t.metric, t.comparison, t.bound, t.group) for t in part.targets]
    if told != [(t.metric, comparison_of(at_least=t.at_least), t.bound, dict(t.group)) for t in asked.targets]:
        yield f"{where}.targets: not those of the policy"
        return
    if part.level != level:
        yield f"{where}.level: {part.level} is recorded, and this run is judged at {level}"
    if any(len(one.counts) != len(told) or len(one.limits) != len(told) for one in part.tried):
        yield f"{where}.tried: a candidate has not one count and one bound for each target"
        return
    follows = chosen_of(asked, part.candidates_tried)
    for what, recorded in ((f"{where}.threshold", part.threshold), ("operating_point.threshold", evidence.operating_point.threshold)):
        if recorded != follows:
            yield f"{what}: {shown(recorded)} is recorded, the candidates give {shown(follows)}"
    yield from _in_order(part, asked)
    for place, target in enumerate(part.targets):
        own = asked.targets[place].metric in MOVING
        if not all(len(one.counts[place]) == (6 if own else 3) and _possible(one.counts[place], target) for one in part.tried):
            yield f"{where}.tried: no items have such counts ({shown(target.metric)})"
    if max(target.total for target in part.targets) > part.rows["calibration"]:
        yield f"{where}.rows: fewer than a target is about"


def _in_order(part: CertifyPart, asked: Certify) -> Iterator[str]:
    """A sequence goes one way from its start and ends with the first failure; a grid is tried as a whole."""
    tried = [one.threshold for one in part.tried]
    rising = asked.grid is not None or asked.prefer == "fewest_reviews"
    if any((a >= b) if rising else (a <= b) for a, b in pairwise(tried)):
        yield "oversight.certify.tried: not in the order in which candidates are tried"
    if part.candidates > (asked.grid or asked.steps or 0) or len(tried) > part.candidates:
        yield "oversight.certify.tried: more than the policy allows"
    if asked.grid is not None:
        if len(tried) != part.candidates or part.start not in tried:
            yield "oversight.certify.tried: not the whole grid"
        return
    if tried[0] != part.start:
        yield "oversight.certify.start: not the candidate that was tried first"
    held = [
        all(target.clears(limit) for target, limit in zip(asked.targets, one.limits, strict=True)) for one in part.tried
    ]  # fmt: skip
    if not all(held[:-1]):
        yield "oversight.certify.tried: the search went on after a candidate that failed"


def _possible(counts: Three | Six, of: TargetPart) -> bool:
    """Whether items in clusters can have such counts, of the denominator at the threshold where it moves."""
    part, part2, rest2, *moved = counts
    total, clusters, total2 = moved or (of.total, of.clusters, of.total2)
    rest = total - part
    return (
        rest >= 0
        and part <= part2 <= part**2
        and rest <= rest2 <= rest**2
        and part2 + rest2 <= total2 <= total**2
        and clusters <= total <= total2
        and total**2 <= clusters * total2
        and total <= of.total
        and clusters <= of.clusters
        and total2 <= of.total2
        and of.clusters <= of.total <= of.total2 <= of.total**2
    )
