"""Ids, labels, groups, clusters and splits are text, whatever a file stores them as.

Integers are written in decimal, booleans `true` or `false`. Floats are accepted where every value is a whole number (a column of
integers with gaps is stored so by pandas) and are then written as that integer; NaN is no value. Anything else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.files.scalars import first_forbidden

LARGEST_WHOLE_FLOAT = float(2**53)


class NotText(ValueError):
    """A column that the rule cannot turn into text; the message says why."""


def type_refusal(kind: pa.DataType) -> str:
    """Why a column of this type cannot be text; empty when it can."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if is_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind):
        return ""
    return f"a column of type {kind}"


def is_string(kind: pa.DataType) -> bool:
    """Whether values of this type are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def as_text(array: Any) -> Any:
    """A pyarrow string array; nulls stay null. Raises NotText."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    refusal = type_refusal(kind)
    if refusal:
        raise NotText(refusal)
    if pa.types.is_floating(kind):
        return _whole_numbers(array).cast(pa.string())
    text = array if pa.types.is_string(kind) else array.cast(pa.string())
    try:
        text.validate(full=True)
    except pa.ArrowInvalid as error:
        raise NotText("bytes that are not UTF-8") from error
    return text


def _whole_numbers(array: Any) -> Any:
    values = array.cast(pa.float64())
    values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    whole = pc.and_(pc.equal(values, pc.round(values)), pc.less_equal(pc.abs(values), LARGEST_WHOLE_FLOAT))
    if pc.all(whole, min_count=0).as_py() is False:
        raise NotText("numbers that are not whole")
    return values.cast(pa.int64())


_UNKNOWN = -2
"""Of a text that no level is."""


def coded(array: Any) -> tuple[npt.NDArray[np.int32], list[str]]:
    """(codes, distinct texts): `texts[code]` is the row's text; -1 where there is none. Raises NotText."""
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = as_text(encoded.dictionary).to_pylist()
    known = {text: i for i, text in enumerate(dict.fromkeys(t for t in texts if t is not None))}
    table = np.array([*(-1 if t is None else known[t] for t in texts), -1], dtype=np.int32)
    indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return table[indices], list(known)


def codes_into(array: Any, levels: Mapping[str, int], *, missing: int) -> npt.NDArray[np.int32]:
    """Codes of known texts; `missing` where there is no value. Raises KeyError for a text of a row that `levels` lacks.

    A dictionary may hold texts that none of these rows has: those of rows of another split that are stored with them.
    """
    codes, texts = coded(array)
    table = np.array([*(levels.get(text, _UNKNOWN) for text in texts), missing], dtype=np.int32)
    result: npt.NDArray[np.int32] = table[codes]
    if _UNKNOWN in table and (unknown := codes[result == _UNKNOWN]).size:
        raise KeyError(texts[unknown[0]])
    return result


def parts(text: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """(bytes of each value, all bytes one after the other) of a pyarrow string array; a null has 0 bytes."""
    if len(text) == 0:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint8)
    _, offset_buffer, data = text.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[text.offset : text.offset + len(text) + 1]
    content = np.zeros(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]]
    return np.diff(offsets), content


def plain_ascii(content: npt.NDArray[np.uint8]) -> bool:
    """Whether all bytes are printable ASCII."""
    return len(content) == 0 or bool(content.min() >= 0x20 and content.max() < 0x7F)


_BIDIRECTIONAL = "[\\x{061C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}\\x{FEFF}]"
CONTROL = "\\p{Cc}|\\p{Zl}|\\p{Zp}|" + _BIDIRECTIONAL
"""RE2: characters that could change how other text is shown."""


def has_control(text: str) -> bool:
    """Whether a level or label holds a character that could change how other text is shown."""
    return "\n" in text or "\t" in text or first_forbidden(text) is not None
