"""Two policies, key by key. Every key of a policy is compared; a key unknown here is compared as it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator

from evalharness.records import Policy
from evalharness.records.change import Change
from evalharness.requirements.compare.declared import compare_costs, compare_people, compare_people_as_written
from evalharness.requirements.compare.one_requirement import added, compare_requirement, gone
from evalharness.requirements.compare.plan import compare_plans
from evalharness.requirements.compare.sign_off import compare_sign_off
from evalharness.requirements.compare.telling import left_and_joined, moved, number, quoted
from evalharness.requirements.compare.written import compare_written

COMPARED = frozenset(
    {
        *("schema", "name", "version", "title", "claim", "population", "intended_use", "prohibited_uses", "stream", "task", "benchmark"),
        *("split", "confidence", "intersections", "operating_point", "human_in_the_loop", "costs", "requirements", "sign_off"),
        *("change_plan", "sealed", "example_of_bad_policy"),
    }
)
"""Keys that have words of their own."""
SAME_MEANING = "the text changed, the meaning did not (order of keys, comments, spelling of values): it has another digest all the same"


def compare_policies(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Everything that differs, in the order of the file. Two files that mean the same and are written differently are one change."""
    found = (
        *_identity(old, new),
        *_purpose(old, new),
        *_measured(old, new),
        *_sealed(old, new),
        *compare_people(old.human_in_the_loop, new.human_in_the_loop),
        *compare_people_as_written(old, new),
        *compare_costs(old.costs, new.costs),
        *_requirements(old, new),
        *compare_sign_off(old.sign_off, new.sign_off),
        *compare_plans(old.change_plan, new.change_plan),
        *_other_keys(old, new),
    )
    if not found and old.digest != new.digest:
        return (Change(part="policy", text=SAME_MEANING, kind="text"),)
    return found


def _identity(old: Policy, new: Policy) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(part="name", text=f"it is another policy: {old.name} → {new.name}")
    if old.version != new.version:
        yield Change(part="version", text=f"version: {old.version} → {new.version}", kind="text")
    if old.title != new.title:
        yield Change(part="title", text=f"title: {quoted(old.title)} → {quoted(new.title)}", kind="text")
    if bool(old.example_of_bad_policy) != bool(new.example_of_bad_policy):
        gone_now = not new.example_of_bad_policy
        text = (
            "the warning that this is an example of a bad policy is gone" if gone_now else "it is marked as an example of a bad policy now"
        )
        yield Change(part="example_of_bad_policy", text=text, direction="weaker" if gone_now else "")
    elif old.example_of_bad_policy != new.example_of_bad_policy:
        yield Change(part="example_of_bad_policy", text="the warning on this example of a bad policy has other words", kind="text")


def _sealed(old: Policy, new: Policy) -> Iterator[Change]:
    if old.sealed and not new.sealed:
        text = "the items that count are no longer made after the models were locked: developers may have seen them"
        yield Change(part="sealed", text=text, direction="weaker")
    elif new.sealed and not old.sealed:
        yield Change(part="sealed", text="the items that count are made after the models were locked", direction="stricter")


def _purpose(old: Policy, new: Policy) -> Iterator[Change]:
    """What a board approves it for. No plan covers this: whether words or meaning changed is for people to say."""
    if old.claim != new.claim:
        more = new.claim.rank > old.claim.rank
        text = f"claim: {old.claim} → {new.claim}: an approval would be for {'more' if more else 'less'} than before"
        yield Change(part="claim", text=text)
    for key, words in (("population", "population"), ("intended_use", "intended use"), ("stream", "stream")):
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield Change(part=key, text=f"{words}: {quoted(before)} → {quoted(after)}")
    yield from left_and_joined("prohibited_uses", "prohibited use", old.prohibited_uses, new.prohibited_uses, weaker_when="gone")
    if old.prohibited_uses != new.prohibited_uses and set(old.prohibited_uses) == set(new.prohibited_uses):
        yield Change(part="prohibited_uses", text="the prohibited uses are listed in another order", kind="text")


def _measured(old: Policy, new: Policy) -> Iterator[Change]:
    if old.task != new.task:
        yield Change(part="task", text=f"task: {old.task} → {new.task}")
    if old.benchmark != new.benchmark:
        yield Change(part="benchmark", text=f"benchmark: {old.benchmark} → {new.benchmark}", kind="benchmark")
    if old.split != new.split:
        yield Change(part="split", text=f"judged split of the benchmark: {quoted(old.split)} → {quoted(new.split)}")
    yield from moved("confidence", "confidence of each bound", old.confidence, new.confidence, weaker_when="lower")
    yield from moved(
        "intersections", "attributes that groups are formed of, at most", old.intersections, new.intersections, weaker_when="lower"
    )
    yield from _operating_point(old, new)


def _operating_point(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = old.operating_point, new.operating_point
    if before.certify != after.certify:
        yield from compare_written("operating_point", old.document.get("operating_point"), new.document.get("operating_point"))
    elif before.rule != after.rule:
        yield Change(part="operating_point", text=f"how answers become decisions: {before.rule} → {after.rule}")
    elif before.threshold is not None and after.threshold is not None and before.threshold != after.threshold:
        what = "more items are selected" if after.threshold < before.threshold else "fewer items are selected"
        yield Change(
            part="operating_point",
            text=f"threshold: {number(before.threshold)} → {number(after.threshold)} ({what})",
            kind="threshold",
            value=after.threshold,
        )

    elif before.budget_per_day is not None and after.budget_per_day is not None and before.budget_per_day != after.budget_per_day:
        what = "more leads are worked each day" if after.budget_per_day > before.budget_per_day else "fewer leads are worked each day"
        yield Change(
            part="operating_point",
            text=f"daily budget: {before.budget_per_day} → {after.budget_per_day} ({what})",
            kind="budget",
            value=float(after.budget_per_day),
        )
    elif before.top_band != after.top_band:
        yield Change(part="operating_point", text=f"top band: {quoted(before.top_band or '')} → {quoted(after.top_band or '')}")


def _requirements(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = {r.id: r for r in old.requirements}, {r.id: r for r in new.requirements}
    for name, requirement in before.items():
        if name in after:
            yield from compare_requirement(requirement, after[name])
        else:
            yield gone(requirement)
    yield from (added(requirement) for name, requirement in after.items() if name not in before)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield Change(part="requirements", text="the requirements stand in another order", kind="text")


def _other_keys(old: Policy, new: Policy) -> Iterator[Change]:
    for key in sorted((set(old.document) | set(new.document)) - COMPARED):
        before, after = old.document.get(key), new.document.get(key)
        if before != after:
            yield Change(part=key, text=f"{key}: {_as_written(before)} → {_as_written(after)}")


def _as_written(value: object) -> str:
    return "nothing" if value is None else quoted(json.dumps(value, ensure_ascii=False, sort_keys=True))
