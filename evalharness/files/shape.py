"""Data against a pydantic model, every mistake told in the words and at the place of the file."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from evalharness.errors import Problems
from evalharness.files.document import KeyPath, YamlDocument
from evalharness.files.scalars import NotANumber, plain_value

M = TypeVar("M", bound=BaseModel)


class NotKnown(Exception):
    """A field was read that the document does not have, or whose value is not valid."""


class Shape(BaseModel):
    """Base of the models of files: strict, frozen, no unknown key."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:  # of an instance made of valid parts only
                raise NotKnown(name)
            return super().__getattr__(name)


def validate(document: YamlDocument, model: type[M]) -> M:
    """The document as a `model`. Raises BadInput with one problem for each mistake, placed `file:line:col`."""
    problems = Problems()
    found = check(document, model, problems)
    problems.raise_if_any()
    assert found is not None  # noqa: S101 - nothing was spoiled, so no problem means success
    return found


def check(document: YamlDocument, model: type[M], problems: Problems, at: KeyPath = ()) -> M | None:
    """The part of the document at `at` as a `model`; null, with the mistakes added to `problems`, where it is not one."""
    part = document.data
    for step in at:
        part = part[step]
    try:
        return model.model_validate_json(json.dumps(part), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = (*at, *detail["loc"])
            if not document.is_spoiled(path):
                _report(detail, path, document, model, problems)
        return None


def suggestion(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """`did you mean 'at_least'?`, or nothing where no known word is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    return f"did you mean '{near[0]}'?" if near else ""


def described(value: Any) -> str:
    """A value in few words, for `got`."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value)


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "date_type": "a date YYYY-MM-DD",
    "finite_number": "a finite number",
}


def _report(detail: ErrorDetails, path: KeyPath, document: YamlDocument, model: type[BaseModel], problems: Problems) -> None:
    kind, context, last = detail["type"], detail.get("ctx", {}), path[-1] if path else ""
    where = document.where(path)
    if kind == "missing":
        problems.add(f"the key '{last}' is missing", where=document.where(path[:-1]), hint=f"add '{last}:'")
    elif kind == "extra_forbidden":
        known = _keys_at(model, detail["loc"][:-1])
        hint = suggestion(str(last), known) or "remove it"
        problems.add(f"unknown key '{last}'", where=where, expected="one of " + ", ".join(known), hint=hint)
    else:
        what = f"'{last}' is not what is expected here" if isinstance(last, str) else f"item {last + 1} is not what is expected here"
        word = detail["input"] if isinstance(detail["input"], str) else ""
        hint = str(context.get("hint", "")) or _literal_hint(kind, word, context) or _quoting_hint(kind, detail["input"])
        problems.add(what, where=where, got=described(detail["input"]), expected=_expected(kind, context, detail["msg"]), hint=hint)


def _expected(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "literal_error":
        return "one of " + str(context["expected"])
    if kind in {"too_short", "too_long"}:
        return f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
    return str(context.get("wanted") or message.removeprefix("Input should be ").removeprefix("Input should "))


def _literal_hint(kind: str, word: str, context: Mapping[str, Any]) -> str:
    if kind != "literal_error":
        return ""
    return suggestion(word, [w.strip(" '") for w in str(context["expected"]).replace(" or ", ",").split(",")])


def _quoting_hint(kind: str, value: Any) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return "put it in quotes"
    is_number = isinstance(value, str) and isinstance(_plain(value), int | float)
    return "remove the quotes" if kind in {"float_type", "int_type"} and is_number else ""


def _plain(text: str) -> object:
    try:
        return plain_value(text)
    except NotANumber:
        return None


def _keys_at(model: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    """The keys that the model accepts at `path`."""
    models = [model]
    for step in path:
        below = [n for m in models for name, f in m.model_fields.items() if step in {name, f.alias} for n in _models_in(f.annotation)]
        extras = [n for m in models for n in _models_in(m.__annotations__.get("__pydantic_extra__"))]
        models = below or extras or models
    return sorted({f.alias or name for m in models for name, f in m.model_fields.items()})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [n for part in get_args(annotation) for n in _models_in(part)]
