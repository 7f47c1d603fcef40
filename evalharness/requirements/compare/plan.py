"""The change plan: how it changed itself, and which changes it agreed beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.records import AllowedChange
from evalharness.records.change import Change
from evalharness.requirements.compare.telling import number, quoted


def agreed(change: Change, plan: Sequence[AllowedChange]) -> AllowedChange | None:
    """The line of the old policy's plan that foresaw this change, if any. It says how to test again; it never keeps an approval.

    A line that names the requirement goes before one for any. A goal without an agreed range may only become stricter.
    """
    lines = [line for line in plan if change.kind and line.what == change.kind and line.name in ("", change.name)]
    named = [line for line in lines if line.name]
    return next((line for line in named or lines if _within(change, line)), None)


def _within(change: Change, line: AllowedChange) -> bool:
    if line.within is None:
        return change.kind != "requirement" or change.direction == "stricter"
    least, greatest = line.within
    return change.value is not None and least <= change.value <= greatest


def compare_plans(old: Sequence[AllowedChange], new: Sequence[AllowedChange]) -> Iterator[Change]:
    """Agreeing more beforehand asks less of later changes."""
    before = {(line.what, line.name): line for line in old}
    after = {(line.what, line.name): line for line in new}
    for key in sorted(set(before) | set(after)):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            yield Change(part="change_plan", text=f"the change plan now agrees to {_words(now)}", direction="weaker")
        elif now is None and was is not None:
            yield Change(part="change_plan", text=f"the change plan no longer agrees to {_words(was)}", direction="stricter")
        elif was is not None and now is not None:
            yield from _line(was, now)


def _line(was: AllowedChange, now: AllowedChange) -> Iterator[Change]:
    if was.within != now.within:
        text = f"the change plan agreed to {_words(was)}, and now to {_words(now)}"
        yield Change(part="change_plan", text=text, direction="stricter" if _inside(now, was) else "weaker")
    if was.retest != now.retest:
        text = f"how {_words(now)} are tested again: {quoted(was.retest)} → {quoted(now.retest)}"
        yield Change(part="change_plan", text=text)
    if was.why != now.why:
        text = f"why {_words(now)} are agreed beforehand: {quoted(was.why)} → {quoted(now.why)}"
        yield Change(part="change_plan", text=text)


def _inside(inner: AllowedChange, outer: AllowedChange) -> bool:
    """Whether everything that `inner` allows was allowed by `outer`."""
    if outer.within is None or inner.within is None:
        return outer.within is None and outer.what != "requirement"  # without a range a goal may only become stricter: not comparable
    return outer.within[0] <= inner.within[0] and inner.within[1] <= outer.within[1]


def _words(line: AllowedChange) -> str:
    """`changes of requirement minutes from 0.6 to 0.9`."""
    what = f"changes of {line.what}" + (f" {line.name}" if line.name else "")
    return what + (f" from {number(line.within[0])} to {number(line.within[1])}" if line.within else "")
