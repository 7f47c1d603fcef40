"""Whether the counts, the estimates and the totals of one evidence agree with one another. Integer sums and one division; no statistics."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from evalharness.catalogue import COPY_METRICS
from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.errors import shown
from evalharness.evidence.against_counts import DIGITS, Counts, attainable_agrees, described_agree, estimates_agree, key_of, named, who
from evalharness.evidence.beside import LOSS, beside_follows
from evalharness.evidence.copied import copy_inconsistencies
from evalharness.evidence.daily_queues import queues_fit
from evalharness.evidence.oversight.bands import bands_inconsistencies, closing_untold
from evalharness.evidence.oversight.bands_counted import fates_against_counts
from evalharness.evidence.oversight.faults import fault_inconsistencies
from evalharness.evidence.oversight.sample_checks import sample_inconsistencies
from evalharness.evidence.schema import EstimatePart, Evidence
from evalharness.evidence.second_pair import pair_inconsistencies
from evalharness.evidence.shares import share_inconsistencies
from evalharness.evidence.squares import Squares
from evalharness.evidence.strata import strata_inconsistencies
from evalharness.evidence.tallied import CountsPart
from evalharness.evidence.weighed import counted_completely, weighed
from evalharness.records import Group, group_from_json
from evalharness.records.condition import condition_of

_BUDGET = "at budget "
_SAMPLED = frozenset(metric.name for metric in SAMPLE_METRICS)
_OF_NO_ESTIMATE = "one stratum"


def inconsistencies(evidence: Evidence) -> tuple[str, ...]:
    """What does not add up, in words; empty when everything does."""
    counts = _counts(evidence.tallies)
    keys = [key_of(e) for e in evidence.estimates]
    return (
        *_attributes(evidence),
        *(("estimates: the same metric and group stand there more than once",) if len(set(keys)) < len(keys) else ()),
        *_totals(evidence, counts),
        *_tallies(evidence, evidence.tallies, ""),
        *chain.from_iterable(_tallies(evidence, other, other.condition) for other in evidence.tallies.others),
        *_others(evidence, counts),
        *_uncounted(evidence),
        *strata_inconsistencies(evidence),
        *chain.from_iterable(_tallies(evidence, stratum, _OF_NO_ESTIMATE) for stratum in evidence.tallies.strata),
        *weighed(evidence, counts),
        *counted_completely(evidence),
        *_beside(evidence, counts),
        *copy_inconsistencies(
            evidence.tallies.copies, evidence.estimates, counts, evidence.benchmark.task, clustered=evidence.benchmark.counted_in_clusters
        ),
        *described_agree(evidence, counts),
        *pair_inconsistencies(evidence),
        *share_inconsistencies(evidence.tallies.shares, evidence.estimates, _of_people(evidence) - _SAMPLED),
        *_sample(evidence),
        *_fates(evidence, counts),
        *attainable_agrees(evidence, counts),
    )


def _fates(evidence: Evidence, counts: dict[Group, Counts]) -> Iterator[str]:
    part = evidence.oversight.bands if evidence.oversight is not None else None
    shares = {row.metric: (row.part, row.total, row.rests_on) for row in evidence.tallies.shares if not row.group}
    yield from fault_inconsistencies(evidence.oversight.faults if evidence.oversight is not None else None, shares)
    yield from bands_inconsistencies(part, evidence.policy.document, sum(counts.get((), ())), shares)
    outcomes, everybody = evidence.benchmark.task_metrics.outcomes, counts.get((), ())
    yield from fates_against_counts(part, evidence.policy.document, outcomes, everybody, shares)
    told = any(notice.kind == "machine_closes" for notice in evidence.notices)
    yield from closing_untold(evidence.policy.document, told=told)


def _sample(evidence: Evidence) -> Iterator[str]:
    part = None if evidence.oversight is None else evidence.oversight.sample
    yield from sample_inconsistencies(part, evidence.estimates, _of_people(evidence) & _SAMPLED, _missed(evidence))
    alone = part is not None and part.record.elusion_only
    if any(notice.kind == "elusion_only" for notice in evidence.notices) != alone:
        yield "notices: elusion_only: it stands there where only the pile set aside was sampled, and nowhere else"


def _missed(evidence: Evidence) -> int | None:
    """Relevant items that were set aside; None in a task that does not count them so."""
    outcomes = evidence.benchmark.task_metrics.outcomes
    counts = _counts(evidence.tallies).get(())
    return None if counts is None or "fn" not in outcomes else int(counts[outcomes.index("fn")])


def _of_people(evidence: Evidence) -> frozenset[str]:
    return frozenset(metric.name for metric in evidence.benchmark.task_metrics.metrics.values() if metric.kind == "oversight")


def _beside(evidence: Evidence, counts: dict[Group, Counts]) -> Iterator[str]:
    relative = [e for e in evidence.estimates if e.metric.endswith(LOSS)]
    told = {(e.metric, group_from_json(e.group), e.condition): (e.value, e.n, e.n_eff) for e in relative}
    if len(told) < len(relative):
        yield "estimates: the same share that was lost stands there more than once"
    known, clustered = evidence.benchmark.task_metrics.metrics, evidence.benchmark.counted_in_clusters
    yield from beside_follows(evidence.tallies.beside, told, counts, known, clustered=clustered)


def levels_of(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Levels of every attribute: those of the groups made of one attribute."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in evidence.tallies.counted:
        if len(row.group) == 1:
            ((attribute, level),) = row.group.items()
            found[attribute].append(level)
    return {attribute: tuple(sorted(levels)) for attribute, levels in sorted(found.items())}


def _attributes(evidence: Evidence) -> Iterator[str]:
    told, counted = evidence.benchmark.attributes, set(levels_of(evidence))
    if len(set(told)) < len(told) or set(told) != counted:
        yield "benchmark.attributes: not the attributes that are counted"


def _counts(tallies: CountsPart) -> dict[Group, Counts]:
    return {group_from_json(row.group): row.counts for row in tallies.counted}


def _tallies(evidence: Evidence, tallies: CountsPart, condition: str) -> Iterator[str]:
    """One set of counts, and the estimates that follow from it."""
    counts = _counts(tallies)
    estimates = tuple(e for e in evidence.estimates if e.condition == condition and e.metric not in COPY_METRICS)
    problems = (
        *_repeated(tallies),
        *_slices(counts),
        *_moments(evidence, tallies, counts, estimates),
        *estimates_agree(evidence, counts, estimates),
    )
    yield from (f"{problem} ({shown(condition)})" if condition else problem for problem in problems)


def _others(evidence: Evidence, counts: dict[Group, Counts]) -> Iterator[str]:
    """The same items, in groups that are counted; where only the daily budget differs, all of them."""
    names = [other.condition for other in evidence.tallies.others]
    if len(set(names)) < len(names):
        yield "tallies.others: the same condition stands there more than once"
    for other in evidence.tallies.others:
        found = _counts(other)
        if not found.keys() <= counts.keys() or () not in found:
            yield f"tallies.others: {shown(other.condition)}: not the groups that are counted"
            continue
        for group, row in found.items():
            items, here = sum(row), sum(counts[group])
            if items > here or (items < here and other.condition.startswith(_BUDGET)):
                yield f"tallies.others: {shown(other.condition)}: {items} items of {who(group)} are counted, and there are {here}"
        budget = condition_of(other.condition).budget_per_day
        if budget is not None:
            yield from queues_fit(evidence, found[()], budget, f"tallies.others: {shown(other.condition)}")


def _uncounted(evidence: Evidence) -> Iterator[str]:
    """Estimates under a condition without counts to follow from. Those beside other models and of copies are held to theirs elsewhere."""
    known = {"", *(other.condition for other in evidence.tallies.others)}
    for estimate in evidence.estimates:
        elsewhere = estimate.metric in COPY_METRICS or estimate.metric.endswith(LOSS)
        if estimate.condition not in known and not elsewhere and condition_of(estimate.condition).prevalence is None:
            yield f"estimates: {named(estimate)}: nothing was counted under that condition"


def _repeated(tallies: CountsPart) -> Iterator[str]:
    tallied = [group_from_json(row.group) for row in tallies.counted]
    moments = [group_from_json(row.group) for row in tallies.moments]
    for what, groups in (("tallies", tallied), ("tallies.moments", moments)):
        for group in sorted({g for g in groups if groups.count(g) > 1}) if len(set(groups)) < len(groups) else ():
            yield f"{what}: {who(group)} stands there more than once"


def _totals(evidence: Evidence, counts: dict[Group, Counts]) -> Iterator[str]:
    overall = counts.get(())
    if overall is None:
        yield "tallies: nobody counted everybody (the group {} is missing)"
        return
    if sum(overall) != evidence.benchmark.rows_judged:
        yield f"tallies: {sum(overall)} items are counted and benchmark.rows_judged is {evidence.benchmark.rows_judged}"
    told = evidence.predictions
    if told.answered + told.missing + told.duplicate + told.invalid != told.items:
        yield "predictions: answered, missing, duplicate and invalid do not add up to items"
    if evidence.benchmark.rows_judged > told.items:
        yield "predictions: fewer items than benchmark.rows_judged"
    yield from queues_fit(evidence, overall, evidence.operating_point.budget_per_day, "tallies.queues")
    refused = sum(overall[outcome] for outcome in evidence.benchmark.task_metrics.refused)
    if sum(overall) - refused > told.answered:
        yield "predictions: more items are counted as answered than answers were used"


def _slices(counts: dict[Group, Counts]) -> Iterator[str]:
    sums: dict[tuple[str, ...], list[int]] = {}
    for group, row in counts.items():
        attributes = tuple(attribute for attribute, _ in group)
        so_far = sums.setdefault(attributes, [0] * len(row))
        sums[attributes] = [a + b for a, b in zip(so_far, row, strict=True)]
    overall = sums.pop((), None)
    for attributes, total in sorted(sums.items()):
        if overall is not None and total != overall:
            yield f"tallies: the groups of {shown(' x '.join(attributes))} do not add up to everybody"


def _moments(evidence: Evidence, tallies: CountsPart, counts: dict[Group, Counts], estimates: Sequence[EstimatePart]) -> Iterator[str]:
    told = {group_from_json(row.group): row.second for row in tallies.moments}
    if set(told) != set(counts):
        yield "tallies.moments: not the same groups as those that are counted"
        return
    known = evidence.benchmark.task_metrics
    squares = Squares(known, told)
    for estimate in estimates:
        metric = known.metrics.get(estimate.metric)
        group = group_from_json(estimate.group)
        if not estimate.between and metric is not None and group in told and any(metric.denominator) and estimate.n:
            expected = estimate.n**2 / squares.of(group, metric.denominator) if evidence.benchmark.counted_in_clusters else estimate.n
            if len(evidence.tallies.strata) < 2 and not math.isclose(estimate.n_eff, expected, rel_tol=DIGITS):
                yield f"estimates: {named(estimate)}: n_eff is {estimate.n_eff} and the tallies give {expected!r}"
