"""Adapters by name, through entry points; loaded only when asked for."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import cast

from evalharness.adapters.protocol import Adapter
from evalharness.errors import bad_input

GROUP = "evalharness.adapters"


def adapter_names() -> tuple[str, ...]:
    """Names of all adapters installed, sorted."""
    return tuple(sorted(entry_points(group=GROUP).names))


def load_adapter(name: str) -> Adapter:
    """The adapter of that name. Raises BadInput when there is none, when two packages offer it, or when it cannot be loaded."""
    point = _only(name)
    try:
        target = point.load()
        adapter = target() if isinstance(target, type) else target
    except Exception as error:
        got, hint = f"{type(error).__name__}: {error}", "install what it needs, or report it to whoever makes it"
        raise bad_input("the adapter cannot be loaded", where=f"adapter '{name}'", got=got, hint=hint) from error
    if not callable(getattr(adapter, "open", None)):
        expected = "an object with a method open"
        raise bad_input("this is not an adapter", where=f"adapter '{name}'", got=type(adapter).__name__, expected=expected)
    return cast(Adapter, adapter)


def _only(name: str) -> EntryPoint:
    found = {point.value: point for point in entry_points(group=GROUP, name=name)}
    if not found:
        known, hint = ", ".join(adapter_names()) or "none is installed", "install the package that offers it"
        raise bad_input("there is no adapter of this name", where="adapter", got=name, expected=known, hint=hint)
    if len(found) > 1:
        got, hint = " and ".join(sorted(found)), "uninstall all but one"
        raise bad_input("several packages offer this adapter", where=f"adapter '{name}'", got=got, expected="one", hint=hint)
    return next(iter(found.values()))
