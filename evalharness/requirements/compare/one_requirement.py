"""One requirement, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.records import Group, NotJudged, Requirement
from evalharness.records.change import Change
from evalharness.requirements.compare.telling import apart, number, quoted
from evalharness.requirements.names import finding_name

_WANTS_MORE = ("at_least", "min_ratio")
_ASKS = {
    "at_least": "at least",
    "at_most": "at most",
    "max_difference": "a difference of at most",
    "min_ratio": "a ratio of at least",
    "equals": "exactly",
    "margin": "not worse by more than",
}


def compare_requirement(old: Requirement, new: Requirement) -> Iterator[Change]:
    """What is asked, of whom, who is exempted, and why it is asked."""
    if _question(old) == _question(new):
        yield from _goal(old, new)
        yield from _groups(old, new)
        yield from _exemptions(old, new)
    else:
        text = f"requirement {old.id} asks something else: {asked(old)} → {asked(new)}; what it asked before is no longer asked"
        yield Change(part=_part(old), text=text, direction="weaker")
    if old.why != new.why:
        yield Change(part=_part(old), text=f"requirement {old.id}: why: {quoted(old.why)} → {quoted(new.why)}", kind="text")


def gone(old: Requirement) -> Change:
    """A requirement that is no longer there."""
    return Change(part=_part(old), text=f"requirement {old.id} is gone: {asked(old)} is no longer asked", direction="weaker")


def added(new: Requirement) -> Change:
    """A requirement that was not there."""
    return Change(part=_part(new), text=f"requirement {new.id} is new: {asked(new)}", direction="stricter")


def asked(requirement: Requirement) -> str:
    """`recall at least 0.9 for each sex, ethnicity and sex`."""
    text = f"{_named(requirement)} {_ASKS[requirement.comparison]} {number(requirement.bound)}"
    if requirement.unit:
        text += f" ({requirement.unit})"
    if requirement.condition:
        text += f" {requirement.condition}"
    if requirement.for_each:
        text += " for each " + ", ".join(_slice(attributes) for attributes in requirement.for_each)
    return text + (f" between groups of {_slice(requirement.between)}" if requirement.between else "")


def _question(requirement: Requirement) -> tuple[object, ...]:
    return requirement.metric, requirement.comparison, requirement.unit, requirement.between, requirement.on


def _goal(old: Requirement, new: Requirement) -> Iterator[Change]:
    if old.bound == new.bound:
        return
    stricter = (new.bound > old.bound) == (old.comparison in _WANTS_MORE)
    words = _ASKS[old.comparison]
    yield Change(
        part=_part(old),
        text=f"requirement {old.id} is {'stricter' if stricter else 'looser'}: {_named(old)} {words} {number(old.bound)} → {words} "
        f"{number(new.bound)} ({'stricter' if stricter else 'looser'} by {apart(old.bound, new.bound)})",
        direction="stricter" if stricter else "weaker",
        kind="requirement",
        name=old.id,
        value=new.bound,
    )


def _groups(old: Requirement, new: Requirement) -> Iterator[Change]:
    before, after = set(old.for_each or ((),)), set(new.for_each or ((),))
    for attributes in sorted(before - after):
        text = f"requirement {old.id} is no longer asked for {_whom(attributes)}"
        yield Change(part=_part(old), text=text, direction="weaker")
    for attributes in sorted(after - before):
        yield Change(part=_part(old), text=f"requirement {old.id} is now asked for {_whom(attributes)} too", direction="stricter")


def _exemptions(old: Requirement, new: Requirement) -> Iterator[Change]:
    before: dict[Group, NotJudged] = {cell.group: cell for cell in old.not_judged}
    after: dict[Group, NotJudged] = {cell.group: cell for cell in new.not_judged}
    for group in sorted(set(before) | set(after)):
        name, was, now = finding_name(old.id, group), before.get(group), after.get(group)
        if was is None and now is not None:
            text = f"{name} is exempted until {now.until}: nobody judges it ({quoted(now.why)})"
            yield Change(part=_part(old), text=text, direction="weaker")
        elif now is None and was is not None:
            yield Change(part=_part(old), text=f"{name} is no longer exempted: it is judged", direction="stricter")
        elif was is not None and now is not None:
            yield from _exemption(name, was, now, _part(old))


def _exemption(name: str, was: NotJudged, now: NotJudged, part: str) -> Iterator[Change]:
    if was.until != now.until:
        later = now.until > was.until
        text = f"{name} is exempted until {now.until}, {'later' if later else 'earlier'} than {was.until}"
        yield Change(part=part, text=text, direction="weaker" if later else "stricter")
    if was.why != now.why:
        yield Change(part=part, text=f"{name}: why it is exempted: {quoted(was.why)} → {quoted(now.why)}", kind="text")


def _named(requirement: Requirement) -> str:
    return requirement.metric + ("," if requirement.between else "")


def _whom(attributes: tuple[str, ...]) -> str:
    return f"each {_slice(attributes)}" if attributes else "everybody together"


def _slice(attributes: tuple[str, ...]) -> str:
    return " and ".join(attributes)


def _part(requirement: Requirement) -> str:
    return f"requirements.{requirement.id}"
