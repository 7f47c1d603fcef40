"""Adapters by name, through entry points; loaded only when asked for."""

from __future__ import annotations

from typing import cast

from evalharness.adapters.protocol import Adapter
from evalharness.errors import bad_input
from evalharness.files.plugins import load_plugin, plugin_names

GROUP = "evalharness.adapters"


def adapter_names() -> tuple[str, ...]:
    """Names of all adapters installed, sorted."""
    return plugin_names(GROUP)


def load_adapter(name: str) -> Adapter:
    """The adapter of that name. Raises BadInput when there is none, when two packages offer it, or when it cannot be loaded."""
    adapter, _ = load_plugin(GROUP, name, "adapter")
    if not callable(getattr(adapter, "open", None)):
        expected = "an object with a method open"
        raise bad_input("this is not an adapter", where=f"adapter '{name}'", got=type(adapter).__name__, expected=expected)
    return cast(Adapter, adapter)
