"""The exception tree.

    EvalharnessError
    ├── BadInput      the caller's input is wrong or empty: every problem listed   -> exit 2
    ├── NoEvidence    nothing to judge or to verify was found                      -> exit 3
    ├── MissingSignOff  what sign-off needs is absent, or not the one to be trusted -> exit 12
    ├── Altered       evidence does not agree with itself                          -> exit 13
    └── Fault         the harness broke its own promise                            -> exit 1

Exceptions never exit; only `evalharness.cli` maps them to codes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(value: object, limit: int = 120) -> str:
    """Text of a foreign value that is safe to print: control, format and bidirectional characters are escaped."""
    text = value if isinstance(value, str) else repr(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isprintable():  # nothing of the kind is
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _HIDDEN else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with an input, in the words of the person who must mend it."""

    what: str
    """What is wrong, one sentence."""
    where: str = ""
    """File, with line and column, row or option where it was seen."""
    got: str = ""
    """What was found there."""
    expected: str = ""
    """What would have been accepted."""
    hint: str = ""
    """What to do."""

    def __str__(self) -> str:
        head = f"{shown(self.where, 400)}: {shown(self.what, 600)}" if self.where else shown(self.what, 600)
        parts = [("got", self.got), ("expected", self.expected), ("hint", self.hint)]
        return "\n".join([head, *(f"    {name}: {shown(text, 600)}" for name, text in parts if text)])


class EvalharnessError(Exception):
    """Root of everything the harness raises on purpose."""


class BadInput(EvalharnessError):
    """Usage, or an input that is wrong, unreadable or empty. Carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        if not self.problems:
            raise ValueError("BadInput needs at least one problem")
        super().__init__("\n".join(str(p) for p in self.problems))


class NoEvidence(EvalharnessError):
    """There is no evidence to verify or to admit."""


class MissingSignOff(EvalharnessError):
    """Something of `sign-off/` that must be there is absent, or is not the one that was pinned."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons: tuple[str, ...] = tuple(reasons)
        super().__init__("\n".join(shown(r, 600) for r in self.reasons))


class Altered(EvalharnessError):
    """Evidence, or a file beside it, is not what the harness wrote."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons: tuple[str, ...] = tuple(reasons)
        super().__init__("\n".join(shown(r, 600) for r in self.reasons))


class Fault(EvalharnessError):
    """The harness broke a promise of its own. Please report it."""


def bad_input(what: str, *, where: object = "", got: object = "", expected: str = "", hint: str = "") -> BadInput:
    """A `BadInput` with one problem; `where` and `got` may be any value."""
    got_text = got if isinstance(got, str) else repr(got)
    return BadInput([Problem(what=what, where=str(where), got=got_text, expected=expected, hint=hint)])


def unreadable(path: object, error: OSError, hint: str = "") -> BadInput:
    """What the operating system said when a file was to be read."""
    return bad_input("the file cannot be read", where=path, got=error.strerror or str(error), hint=hint)


class Problems:
    """Collects problems so that all are reported at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, what: str, *, where: object = "", got: object = "", expected: str = "", hint: str = "") -> None:
        got_text = got if isinstance(got, str) else repr(got)
        self._found.append(Problem(what=what, where=str(where), got=got_text, expected=expected, hint=hint))

    def extend(self, error: BadInput) -> None:
        self._found.extend(error.problems)

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Raises `BadInput` with everything collected so far, if anything was."""
        if self._found:
            raise BadInput(self._found)
