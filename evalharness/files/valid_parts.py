"""What of a document is valid although all of it is not, so that checks between fields can be made on the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from evalharness.files.shape import NotKnown, Shape

S = TypeVar("S", bound=Shape)
_UNKNOWN: Any = object()


class _PartialDict(dict[str, Any]):
    """All keys are known. A value that is not valid raises NotKnown when it is read."""

    def __getitem__(self, key: str) -> Any:
        return _known(super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - this is `get`

    def values(self) -> Any:
        return [self[key] for key in self]

    def items(self) -> Any:
        return [(key, self[key]) for key in self]


class _PartialList(list[Any]):
    """Its length is known. An item that is not valid raises NotKnown when it is read."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return [_known(each) for each in found] if isinstance(place, slice) else _known(found)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __contains__(self, item: object) -> bool:
        return any(each == item for each in self)


def valid_parts(model: type[S], data: Any) -> S:
    """A `model` with every field of `data` that is valid by itself; reading another one raises NotKnown."""
    return cast(S, _model(model, json.loads(json.dumps(data))))


def _known(value: Any) -> Any:
    if value is _UNKNOWN:
        raise NotKnown
    return value


def _model(model: type[Shape], data: Any) -> Shape:
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        if not isinstance(data, dict) or (key not in data and field.is_required()):
            continue
        kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        value = _value(kind, data[key]) if key in data else field.get_default(call_default_factory=True, validated_data={})
        if value is not _UNKNOWN:
            found[name] = value
    made = model.model_construct()
    made.__dict__.clear()  # a default must not stand in for a value that is not valid
    made.__dict__.update(found)
    return made


def _value(kind: Any, data: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_json(json.dumps(data), strict=True)
    except ValidationError:
        bare = _bare(kind)
    if isinstance(bare, type) and issubclass(bare, Shape) and isinstance(data, dict):
        return _model(bare, data)
    if get_origin(bare) is dict and isinstance(data, dict):
        return _PartialDict({key: _value(get_args(bare)[1], value) for key, value in data.items()})
    if get_origin(bare) is list and isinstance(data, list):
        items = [_value(get_args(bare)[0], value) for value in data]
        return _PartialList(items) if _lacks(items) else _UNKNOWN  # items that are valid alone do not go together
    return _UNKNOWN


def _bare(kind: Any) -> Any:
    """Without what constrains it, and without `| None`."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in {Union, UnionType}:
        others = [part for part in get_args(kind) if part is not type(None)]
        return _bare(others[0]) if len(others) == 1 else kind
    return kind


def _lacks(items: Iterable[Any]) -> bool:
    return any(item is _UNKNOWN for item in items)
