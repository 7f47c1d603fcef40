"""A table of people beside the run: what becomes of those who are in the items."""

from __future__ import annotations

from datetime import UTC, datetime

from evalharness.catalogue.oversight.people import IN_GROUPS
from evalharness.digests import sha256_file
from evalharness.errors import bad_input
from evalharness.oversight.fates import fates
from evalharness.oversight.people.outcomes import count_people
from evalharness.oversight.people.table import checked_people, read_people
from evalharness.oversight.people.waits import Fated
from evalharness.records.oversight_people import PeopleLimits, waits_of
from evalharness.records.progress import Progress
from evalharness.tally import Slices
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.items import DecidedItems, decided_items
from evalharness.workflows.oversight.provided import Provided
from evalharness.workflows.oversight.reviews import known_of

OPTION = "--people"
ABOUT = (
    "The figures about people in the items count what the table of people says: an opening, or a person, that it leaves out is not there."
)
_UNLISTED = "The table of people names no one for {:,} items that go to a person, and does not say that nobody is in them."


def provide_people(inputs: Inputs, progress: Progress) -> Provided | None:
    """None where no table was given. Raises BadInput for anything wrong with it."""
    path = inputs.people
    if path is None:
        return None
    _check(inputs)
    table = read_people(path)
    items = decided_items(inputs, progress)
    known = known_of(inputs, items)
    people = checked_people(table, items.ids, str(path))
    human, synthetic = inputs.policy.human_in_the_loop, inputs.benchmark.info.synthetic
    limits = (human.people if human is not None else None) or PeopleLimits()
    counted = count_people(
        people, known, limits, synthetic=synthetic, slices=_slices(inputs, items), groups=items.groups, fated=_fated(inputs, items, limits)
    )
    part = {
        "digest": sha256_file(path), "rows": len(people.item), "items": counted.items, "people": counted.persons,
        "uninvolved_opened": counted.uninvolved_opened, "finds": counted.finds, "unlisted": counted.unlisted, "synthetic": synthetic,
        "first": _text(int(people.arrived.min())), "last": _text(people.latest),
    }  # fmt: skip
    more = (_UNLISTED.format(counted.unlisted),) if counted.unlisted else ()
    return Provided(shares=counted.shares, parts={"people": part}, limits=(ABOUT, *more))


def _check(inputs: Inputs) -> None:
    policy = inputs.policy
    if policy.task == "linkage":
        raise bad_input(
            "a table of people says who is in which item, and a pair of records is none", where=OPTION, got=f"the task {policy.task}",
            hint="leave the table out",
        )  # fmt: skip
    if policy.task == "ordinal" and (policy.human_in_the_loop is None or not policy.human_in_the_loop.relevant_from):
        raise bad_input(
            "a table of people in graded items needs to know from which level on an item is relevant",
            where=f"policy {policy.name}: human_in_the_loop.relevant_from", got="nothing",
        )  # fmt: skip


def _fated(inputs: Inputs, items: DecidedItems, limits: PeopleLimits) -> Fated | None:
    """None where the policy states no hours."""
    policy, info = inputs.policy, inputs.benchmark.info
    bands = None if policy.human_in_the_loop is None else policy.human_in_the_loop.bands
    waits = None if bands is None else waits_of(bands, limits)
    if bands is None or waits is None:
        return None
    found = fates(
        bands, items.decisions, scores=items.scores, threshold=policy.operating_point.threshold,
        given=items.decisions if items.given is None else items.given, levels=info.levels,
    )  # fmt: skip
    asked = frozenset(question.metric for question in inputs.every_question if question.group)
    return Fated(fates=found, waits=waits, in_groups=asked)


def _slices(inputs: Inputs, items: DecidedItems) -> Slices | None:
    """Groups of one attribute, and intersections where a requirement names one."""
    asked = [len(q.group) for q in inputs.every_question if q.metric in IN_GROUPS]
    attributes = items.slices.attributes
    return Slices(attributes=attributes, levels=items.slices.levels, depth=min(max([1, *asked]), len(attributes))) if items.groups else None


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
