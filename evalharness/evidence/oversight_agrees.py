"""Whether what an evidence tells of people agrees with its tallies and with the policy that is embedded in it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence.oversight.exposure import by_bands_inconsistencies, exposure_inconsistencies
from evalharness.evidence.oversight.made_up import made_up_inconsistencies
from evalharness.evidence.oversight.people import people_inconsistencies
from evalharness.evidence.oversight.queue import queue_inconsistencies
from evalharness.evidence.oversight.review_sums import sums_inconsistencies
from evalharness.evidence.oversight.reviews import review_inconsistencies
from evalharness.evidence.oversight.share_ways import Told, way_inconsistencies
from evalharness.evidence.oversight.work import work_inconsistencies
from evalharness.evidence.schema import Evidence
from evalharness.records import Claim, Policy
from evalharness.records.oversight_reviews import ReviewStudy, rests_of_reviews


def oversight_inconsistencies(evidence: Evidence, policy: Policy) -> Iterator[str]:
    """What cannot be so, in words, source by source; nothing when everything agrees."""
    yield from _reviews(evidence, policy)
    yield from _ways(evidence, policy)
    yield from _exposure(evidence, policy)
    yield from _people(evidence, policy)
    yield from _work(evidence, policy)
    reviews = None if evidence.oversight is None else evidence.oversight.reviews
    yield from made_up_inconsistencies(reviews, [(notice.kind, notice.text) for notice in evidence.notices])


def _reviews(evidence: Evidence, policy: Policy) -> Iterator[str]:
    people = policy.human_in_the_loop
    return review_inconsistencies(
        None if evidence.oversight is None else evidence.oversight.reviews,
        evidence.tallies.shares,
        (people and people.review_study) or ReviewStudy(),
        rehearsal=policy.claim is Claim.REHEARSAL,
        made_up=evidence.benchmark.synthetic,
    )


def _ways(evidence: Evidence, policy: Policy) -> Iterator[str]:
    human, part = policy.human_in_the_loop, evidence.oversight
    told = Told(
        known=evidence.benchmark.task_metrics,
        clustered=evidence.benchmark.counted_in_clusters,
        these=human is not None and human.review_study is not None and human.review_study.these,
        reviews=None if part is None else part.reviews,
        people=None if part is None else part.people,
        moments=evidence.tallies.moments if len(evidence.tallies.strata) < 2 else (),
    )
    yield from way_inconsistencies(evidence.tallies.shares, told)
    if told.reviews is not None:
        yield from sums_inconsistencies(told.reviews, evidence.tallies.shares)


def _exposure(evidence: Evidence, policy: Policy) -> Iterator[str]:
    human, part = policy.human_in_the_loop, evidence.oversight
    log = None if part is None else part.reviews
    rests: tuple[str, ...] = ()
    if log is not None:
        rests = rests_of_reviews(
            listed=log.listed, synthetic=log.synthetic, study=(human and human.review_study) or ReviewStudy(),
            rehearsal=policy.claim is Claim.REHEARSAL, relevant=log.relevant, labelled=log.labelled,
        )  # fmt: skip
    told, limits = None if part is None else part.exposure, None if human is None else human.exposure
    yield from exposure_inconsistencies(told, evidence.tallies.shares, limits, log, rests)
    fates, bands = None if part is None else part.bands, None if human is None else human.bands
    queues = policy.task == "ranking"
    yield from by_bands_inconsistencies(fates, evidence.tallies.shares, limits, bands, in_queues=queues)


def _people(evidence: Evidence, policy: Policy) -> Iterator[str]:
    part = None if evidence.oversight is None else evidence.oversight.people
    limits = None if policy.human_in_the_loop is None else policy.human_in_the_loop.people
    return people_inconsistencies(part, evidence.tallies.shares, limits, made_up=evidence.benchmark.synthetic)


def _work(evidence: Evidence, policy: Policy) -> Iterator[str]:
    part, human = None if evidence.oversight is None else evidence.oversight.bands, policy.human_in_the_loop
    shares = {row.metric: (row.part, row.total, row.rests_on) for row in evidence.tallies.shares if not row.group}
    yield from work_inconsistencies(part, shares, None if human is None else human.work, None if human is None else human.bands)
    yield from queue_inconsistencies(None if evidence.oversight is None else evidence.oversight.queue, part, policy)
