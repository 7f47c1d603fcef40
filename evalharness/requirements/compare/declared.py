"""What a policy declares of people and of costs, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalharness.records import Costs, CostUnit, HumanInTheLoop, Policy
from evalharness.records.change import Change
from evalharness.requirements.compare.telling import moved, quoted
from evalharness.requirements.compare.written import compare_written

_PEOPLE = "human_in_the_loop"
_IN_WORDS = frozenset({"minutes_per_review", "items_per_week", "reviewer_sensitivity"})
_PART_OF = {"defer": "bands", "machine_closes": "bands"}
"""Keys whose record is that of another."""
_CELLS = {
    "relevant_review": "a relevant item that is reviewed",
    "relevant_set_aside": "a relevant item that is set aside",
    "not_relevant_review": "an irrelevant item that is reviewed",
    "not_relevant_set_aside": "an irrelevant item that is set aside",
}


def compare_people(old: HumanInTheLoop | None, new: HumanInTheLoop | None) -> Iterator[Change]:
    """Time, amount of work, and what reviewers are believed to recognise. Believing more of them asks less of the model."""
    if old is None or new is None:
        if old is not None:
            yield Change(part=_PEOPLE, text="nothing is declared of the people behind the model any more", direction="weaker")
        elif new is not None:
            yield Change(part=_PEOPLE, text="the people behind the model are now declared", direction="stricter")
        return
    yield from moved(_PEOPLE, "minutes per review", old.minutes_per_review, new.minutes_per_review, weaker_when="lower")
    yield from moved(_PEOPLE, "items per week", old.items_per_week, new.items_per_week, weaker_when="")
    yield from moved(_PEOPLE, "reviewers' sensitivity, low end", old.sensitivity_low, new.sensitivity_low, weaker_when="higher")
    yield from moved(_PEOPLE, "reviewers' sensitivity, high end", old.sensitivity_high, new.sensitivity_high, weaker_when="higher")
    if old.source != new.source:
        yield Change(part=_PEOPLE, text=f"reviewers' sensitivity: source {quoted(old.source)} → {quoted(new.source)}")


def compare_people_as_written(old: Policy, new: Policy) -> Iterator[Change]:
    """Every other key of the block, such as bands: what happens to items, and what is asked of people. No plan covers a change of it."""
    before, after = (_block(policy) for policy in (old, new))
    for key in sorted({*before, *after} - _IN_WORDS):
        record = _PART_OF.get(key, key)
        was, now = (getattr(policy.human_in_the_loop, record, None) for policy in (old, new))
        if was != now or not hasattr(old.human_in_the_loop or new.human_in_the_loop, record):
            yield from compare_written(f"{_PEOPLE}.{key}", before.get(key), after.get(key))


def _block(policy: Policy) -> dict[str, Any]:
    found = policy.document.get(_PEOPLE)
    return found if isinstance(found, dict) else {}


def compare_costs(old: Costs | None, new: Costs | None) -> Iterator[Change]:
    """Units and what an item costs in each. Counting a harm for less asks less."""
    before = {unit.name: unit for unit in old.units} if old else {}
    after = {unit.name: unit for unit in new.units} if new else {}
    for name in sorted(set(before) | set(after)):
        if name not in after:
            yield Change(part="costs", text=f"the cost unit {name} is gone: this cost is no longer counted", direction="weaker")
        elif name not in before:
            yield Change(part="costs", text=f"the cost unit {name} is new", direction="stricter")
        else:
            yield from _unit(before[name], after[name])
    if old and new and (old.stated_by, old.stated_on) != (new.stated_by, new.stated_on):
        was, now = f"{quoted(old.stated_by)} on {old.stated_on}", f"{quoted(new.stated_by)} on {new.stated_on}"
        yield Change(part="costs", text=f"costs were stated by {was} → {now}")


def _unit(old: CostUnit, new: CostUnit) -> Iterator[Change]:
    for cell, words in _CELLS.items():
        yield from moved("costs", f"cost in {old.name} of {words}", getattr(old, cell), getattr(new, cell), weaker_when="lower")
    before, after = _grades(old), _grades(new)
    for true, given in sorted(before.keys() | after.keys()):
        was, now = before.get((true, given), 0.0), after.get((true, given), 0.0)
        yield from moved("costs", f"cost in {old.name} of an item of level {true} given {given}", was, now, weaker_when="lower")


def _grades(unit: CostUnit) -> dict[tuple[str, str], float]:
    return {(true, given): cost for true, costs in unit.by_level for given, cost in costs}
