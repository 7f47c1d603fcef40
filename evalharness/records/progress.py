"""How long work tells whoever started it how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called as `progress(stage, done, total)`; `total` is null while it is not known."""

Notice = Callable[[str], None]
"""Called with one sentence that the user should read."""


def silent(stage: str, done: int, total: int | None) -> None:
    """A `Progress` that says nothing."""


def unheard(text: str) -> None:
    """A `Notice` that says nothing."""
