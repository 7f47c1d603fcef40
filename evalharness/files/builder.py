"""Builds plain values from YAML events, refusing on the way what the harness does not accept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from evalharness.errors import Problems, bad_input
from evalharness.files.document import KeyPath
from evalharness.files.scalars import NotANumber, first_forbidden, plain_value

DEEPEST = 20


class Builder:
    """One pass over the events of one file. `data`, `places` and `spoiled` hold the result."""

    def __init__(self, name: str, problems: Problems) -> None:
        self.data: Any = None
        self.places: dict[KeyPath, tuple[int, int]] = {}
        self.spoiled: set[KeyPath] = set()
        self._name = name
        self._problems = problems
        self._events: Iterator[Any] = iter(())

    def build(self, events: Iterator[Any]) -> None:
        """Consumes the events. Raises BadInput where reading cannot go on: nothing inside, nested too deep, top level not a mapping."""
        self._events = iter(events)
        first = next((e for e in self._events if isinstance(e, DocumentStartEvent | StreamEndEvent)), None)
        if not isinstance(first, DocumentStartEvent):
            raise bad_input("the file is empty", where=self._name, expected="a YAML mapping")
        if first.version or first.tags:
            self._refuse(first, "a YAML directive is not allowed", "remove the line that starts with '%'")
        top = next(self._events)
        self.places[()] = _place(top)
        if not isinstance(top, MappingStartEvent):
            self._problems.add("the top level is not a mapping", where=self._where(top), got=_kind(top), expected="key: value lines")
            self._problems.raise_if_any()
        self.data = self._value(top, ())
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._refuse(event, "a second document is not allowed", "keep one document a file")
                return

    def _value(self, event: Any, path: KeyPath) -> Any:
        if len(path) > DEEPEST:
            self._refuse(event, f"the file is nested deeper than {DEEPEST} levels", "flatten it")
            self._problems.raise_if_any()
        if isinstance(event, AliasEvent):
            self.spoiled.add(path)
            self._refuse(event, f"the alias *{event.anchor} is not allowed", "write the value out")
            return None
        self._check_properties(event, path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event, path)
            if key is None or key in found:
                self._discarded(path)
                continue
            below = (*path, key)
            self.places[below] = _place(event)
            found[key] = self._value(next(self._events), below)
        return found

    def _discarded(self, path: KeyPath) -> None:
        """Reads a value whose key was refused, for its problems only."""
        kept, spoiled = dict(self.places), set(self.spoiled)
        self._value(next(self._events), (*path, 0))
        self.places, self.spoiled = kept, spoiled

    def _key(self, event: Any, path: KeyPath) -> str | None:
        """The key, or None when it was refused. A repeated key is reported and returned."""
        if not isinstance(event, ScalarEvent):
            if isinstance(event, AliasEvent):
                self._refuse(event, "an alias is not allowed as a key", "write the key out")
            else:
                self._refuse(event, "the key is not text", "use a plain word as key")
                self._value(event, (*path, 0))
            return None
        if event.value == "<<" and not event.style:
            self._refuse(event, "the merge key << is not allowed", "write the keys out")
            return None
        self._check_properties(event, (*path, event.value))
        key = self._scalar(event, (*path, event.value))
        if not isinstance(key, str):
            self._refuse(event, "the key is not text", "put it in quotes, or use a word")
            return None
        if (*path, key) in self.places:
            line, column = self.places[(*path, key)]
            self._problems.add(f"the key '{key}' stands twice", where=self._where(event), hint=f"keep one; the first is at {line}:{column}")
        return key

    def _sequence(self, path: KeyPath) -> list[Any]:
        found: list[Any] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                break
            below = (*path, len(found))
            self.places[below] = _place(event)
            found.append(self._value(event, below))
        return found

    def _scalar(self, event: Any, path: KeyPath) -> str | int | float | bool | None:
        text: str = event.value
        bad = first_forbidden(text)
        if bad is not None:
            self.spoiled.add(path)
            self._problems.add("a control character is not allowed", where=self._where(event), got=bad, hint="remove it")
            return text
        if event.style:
            return text
        try:
            return plain_value(text)
        except NotANumber as error:
            self.spoiled.add(path)
            self._problems.add(
                str(error),
                where=self._where(event),
                got=text,
                expected="a finite number, integers up to 2**53",
                hint="quote it if it is text",
            )
            return None

    def _check_properties(self, event: Any, path: KeyPath) -> None:
        if event.anchor is not None:
            self._refuse(event, f"the anchor &{event.anchor} is not allowed", "write the value out wherever it is needed")
        tag = event.tag if isinstance(event.tag, str) or event.tag is None else str(event.tag)
        if tag not in {None, "", "None"}:
            self.spoiled.add(path)
            self._refuse(event, f"the tag {tag} is not allowed", "remove it")

    def _refuse(self, event: Any, what: str, hint: str) -> None:
        self._problems.add(what, where=self._where(event), hint=hint)

    def _where(self, event: Any) -> str:
        line, column = _place(event)
        return f"{self._name}:{line}:{column}"


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _kind(event: Any) -> str:
    return "a list" if isinstance(event, SequenceStartEvent) else str(getattr(event, "value", "an alias"))
