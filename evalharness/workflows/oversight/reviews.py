"""A review log beside the run: share rows of what people do with the classifier's answers, and what the log held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from evalharness.catalogue.oversight.reviews import REVIEW_SHARES
from evalharness.digests import sha256_file
from evalharness.errors import bad_input
from evalharness.metrics.oversight_minutes import is_measured
from evalharness.oversight.reviews.align import aligned
from evalharness.oversight.reviews.alike import plain
from evalharness.oversight.reviews.check import checked_assigned, checked_log
from evalharness.oversight.reviews.columns import ITEM, MADE_UP, PAIR
from evalharness.oversight.reviews.kinds import kinds_of
from evalharness.oversight.reviews.ladder import ladder_rows
from evalharness.oversight.reviews.order import order_of
from evalharness.oversight.reviews.outcomes import Counting, share_rows
from evalharness.oversight.reviews.read import read_assigned, read_log
from evalharness.oversight.reviews.readings import Known, Readings
from evalharness.oversight.reviews.seconds import classes_of
from evalharness.oversight.reviews.summary import summary_of
from evalharness.oversight.reviews.supplied import Supplied
from evalharness.records import Claim
from evalharness.records.oversight_reviews import ReviewStudy, rests_of_reviews
from evalharness.records.progress import Progress
from evalharness.tally import Slices
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.exposure import with_exposure
from evalharness.workflows.oversight.items import DecidedItems, decided_items
from evalharness.workflows.oversight.provided import Provided

LOG, ASSIGNED = "--reviews", "--assigned"
SHARES = frozenset(metric.name for metric in REVIEW_SHARES)
RANKED = {"beyond": 0, "within": 1}
"""What a reviewer of leads is told: where the lead stands to the day's budget."""
LINKED = {"no link": 0, "link": 1}
"""What is decided, and said, of a pair of records."""
STUDY = ReviewStudy()
"""Where the policy says nothing of the study."""


def provide_reviews(inputs: Inputs, progress: Progress) -> Provided | None:
    """None where no log was given. Raises BadInput for anything wrong with the log or the list of what was assigned."""
    if inputs.reviews is None:
        return None
    stated = _study(inputs).assigned
    listed = None if inputs.assigned is None else sha256_file(inputs.assigned)
    if stated and listed != stated:
        raise bad_input(
            "what was assigned is not what the policy fixed", where=inputs.assigned or ASSIGNED, got=listed or "no list",
            expected=stated, hint=f"give the list that was made before anybody read, by {ASSIGNED} FILE",
        )  # fmt: skip
    item = PAIR if inputs.policy.task == "linkage" else ITEM
    found = provide_from(
        inputs, read_log(inputs.reviews, item), None if inputs.assigned is None else read_assigned(inputs.assigned, item),
        inputs.benchmark.info.synthetic, progress, where=(str(inputs.reviews), str(inputs.assigned)),
    )  # fmt: skip
    part = {**found.parts["reviews"], "digest": sha256_file(inputs.reviews), "assigned": listed}
    return replace(found, parts={**found.parts, "reviews": part})


def provide_from(
    inputs: Inputs, log: pa.Table | Supplied, assigned: pa.Table | Supplied | None, synthetic: bool, progress: Progress, *,
    where: tuple[str, str] = (LOG, ASSIGNED), items: DecidedItems | None = None,
) -> Provided:  # fmt: skip
    """What a log says, as tables with the columns of `oversight.reviews.columns`: text, or in Parquet's types.

    synthetic: whether reviewers were made up, or read made-up items. where: names of both tables in messages. items: those of the run,
    where they are known already. Raises BadInput with every row that is wrong.
    """
    study = _study(inputs)
    items = decided_items(inputs, progress) if items is None else items
    known = known_of(inputs, items)
    tables = [log]
    del log  # in memory it goes column by column
    readings, reviewers = checked_log(tables.pop(), known, where[0], listed=assigned is not None)
    logged = readings.number
    synthetic = synthetic or any(name.startswith(MADE_UP) for name in plain(reviewers.texts.to_pylist()))
    if assigned is not None:
        readings = aligned(readings, reviewers, checked_assigned(assigned, known, where[1]), known, where[0])
    kinds = kinds_of(readings, known, study.slowest_seconds)
    seconds = classes_of(readings.seconds)
    summary = summary_of(readings, known, kinds, seconds)
    rests_on = rests_of_reviews(
        listed=assigned is not None, synthetic=synthetic, study=study, rehearsal=inputs.policy.claim is Claim.REHEARSAL,
        relevant=summary["relevant"], labelled=summary["labelled"],
    )  # fmt: skip
    how = Counting(
        rests_on=rests_on,
        these=study.these,
        slowest=study.slowest_seconds,
        slices=_slices(inputs, items),
        groups=items.groups or None,
        in_groups=frozenset(question.metric for question in inputs.every_question if question.group),
    )
    part: dict[str, Any] = {
        "digest": None, "assigned": None, "rows": logged, "listed": assigned is not None, "synthetic": synthetic, **summary,
        "first": _time(readings, first=True), "last": _time(readings, first=False),
    }  # fmt: skip
    limits = (*_limits(rests_on), *_of_task(inputs, items))
    rows, order = order_of(readings, known, how, kinds, seconds)
    steps = ladder_rows(readings, known, how, seconds, where[0]) if is_measured(inputs.policy) else []
    shares = (*share_rows(readings, known, how, kinds), *rows, *steps)
    told = Provided(shares=shares, parts={"reviews": {**part, "order": order}}, limits=limits)
    return with_exposure(told, inputs, readings, known, rests_on)


def known_of(inputs: Inputs, items: DecidedItems) -> Known:
    """What is known of the items, in the benchmark's own words."""
    info, policy = inputs.benchmark.info, inputs.policy
    human = policy.human_in_the_loop
    relevant, shown_words = 1, None
    if info.task == "ordinal":
        words = {level: place for place, level in enumerate(info.levels)}
        stated = human.relevant_from if human is not None else ""
        if stated not in words:
            raise bad_input(
                "a review log of grades needs to know from which level on an item is relevant",
                where=f"policy {policy.name}: human_in_the_loop.relevant_from", got=stated or "nothing",
                expected=", ".join(info.levels[1:]),
            )  # fmt: skip
        relevant = words[stated]
    elif info.task == "risk":
        words = {level: int(level == policy.operating_point.top_band) for level in info.levels}
    elif info.task == "linkage":
        words = dict(LINKED)
    else:
        words = {info.negative: 0, info.positive: 1} if info.negative else {info.positive: 1}
        shown_words = RANKED if info.task == "ranking" else None
    return Known(
        ids=items.ids, labels=items.labels, decisions=items.decisions, words=words, shown_words=shown_words, relevant_from=relevant,
        cases=items.clusters, pairs=items.pairs, not_readers=frozenset(inputs.card.team),
    )  # fmt: skip


def _study(inputs: Inputs) -> ReviewStudy:
    human = inputs.policy.human_in_the_loop
    return (human.review_study if human is not None else None) or STUDY


def _slices(inputs: Inputs, items: DecidedItems) -> Slices:
    """Groups of one attribute, and intersections where a requirement on a metric of reviewers names one."""
    deepest = max((len(question.group) for question in inputs.every_question if question.metric in SHARES), default=1)
    return Slices(attributes=items.slices.attributes, levels=items.slices.levels, depth=min(max(deepest, 1), len(items.slices.attributes)))


def _time(readings: Readings, *, first: bool) -> str:
    times = readings.time[readings.read]
    moment = int(times.min() if first else times.max()) if len(times) else 0
    return datetime.fromtimestamp(moment // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _limits(rests_on: tuple[str, ...]) -> Iterator[str]:
    for name, text in _SAID.items():
        if name in rests_on:
            yield text


def _of_task(inputs: Inputs, items: DecidedItems) -> Iterator[str]:
    if inputs.policy.task == "ranking":
        yield _RANKED
    if items.unseen:
        yield _UNSEEN.format(items.unseen)


_RANKED = (
    "What reviewers of leads were shown is a place within or beyond the day's budget. That is no claim that a lead is relevant: a wrong "
    "answer here is a relevant lead beyond it, or another one within it."
)
_UNSEEN = "Reviewers read candidate pairs alone: {:,} true links that no candidate pair holds are in no figure about reviewers."
_SAID = {
    "declared: what was assigned": "Nobody listed what reviewers were to read: what was left out of the review log could be every miss.",
    "enriched study": "The reviewers read more, or fewer, relevant items than there are at work, which changes how people judge.",
    "these reviewers": "The figures about reviewers are about those who read, and about no others.",
}
