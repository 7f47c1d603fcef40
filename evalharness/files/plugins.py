"""Objects that other packages offer under an entry-point group; loaded only when asked for."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from evalharness.errors import bad_input
from evalharness.files.shape import suggestion


def plugin_names(group: str) -> tuple[str, ...]:
    """Names of everything installed under the group, sorted."""
    return tuple(sorted(set(entry_points(group=group).names)))


def load_plugin(group: str, name: str, kind: str) -> tuple[Any, str]:
    """The object of that name, a class called without arguments, and where it comes from: `module:name (package version)`.

    kind: what it is, for messages: `adapter`. Raises BadInput when there is none, when two packages offer it, or when it cannot be loaded.
    """
    point = _only(group, name, kind)
    try:
        target = point.load()
        made = target() if isinstance(target, type) else target
    except Exception as error:
        got, hint = f"{type(error).__name__}: {error}", "install what it needs, or report it to whoever makes it"
        raise bad_input(f"the {kind} cannot be loaded", where=f"{kind} '{name}'", got=got, hint=hint) from error
    package = point.dist
    return made, point.value if package is None else f"{point.value} ({package.name} {package.version})"


def _only(group: str, name: str, kind: str) -> EntryPoint:
    found = {point.value: point for point in entry_points(group=group, name=name)}
    if not found:
        known = plugin_names(group)
        expected, hint = ", ".join(known) or "none is installed", suggestion(name, known) or "install the package that offers it"
        raise bad_input(f"there is no {kind} of this name", where=kind, got=name, expected=expected, hint=hint)
    if len(found) > 1:
        got, hint = " and ".join(sorted(found)), "uninstall all but one"
        raise bad_input(f"several packages offer this {kind}", where=f"{kind} '{name}'", got=got, expected="one", hint=hint)
    return next(iter(found.values()))
