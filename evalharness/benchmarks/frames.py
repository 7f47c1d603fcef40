"""Values that travel through a pipe between two processes of one program. Reading trusts the sender, but never waits for what is absurd."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any

MARK = b"frame 2\n"
"""Every value begins with it: a stream that holds anything else is noticed at once."""
_NUMBER = struct.Struct("<q")
_MOST_PARTS = 1 << 20
_LARGEST_FRAME = 1 << 32
"""Bytes."""


def send(stream: IO[bytes], value: Any) -> None:
    """Writes a value: the mark, the number of parts, their lengths, and the parts.

    The first part is a pickle; arrays and buffers travel beside it, without a copy in between.
    """
    buffers: list[pickle.PickleBuffer] = []
    parts: list[Any] = [pickle.dumps(value, protocol=5, buffer_callback=buffers.append), *(buffer.raw() for buffer in buffers)]
    lengths = [len(part) for part in parts]
    stream.write(MARK + struct.pack(f"<{1 + len(parts)}q", len(parts), *lengths))
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value. What is read comes from a process that this one has started, or that has started this one.

    Raises EOFError when nothing more comes, or not all of a value, and ValueError or what unpickling raises for anything else.
    """
    mark = _exactly(stream, len(MARK))
    if mark != MARK:
        raise ValueError(f"{mark!r} instead of the mark {MARK!r}")
    count = _within(_NUMBER.unpack(_exactly(stream, _NUMBER.size))[0], 1, _MOST_PARTS)
    lengths = [_within(length, 0, _LARGEST_FRAME) for length in struct.unpack(f"<{count}q", _exactly(stream, count * _NUMBER.size))]
    _within(sum(lengths), 0, _LARGEST_FRAME)
    parts = [_exactly(stream, length) for length in lengths]  # each its own memory: a column that stays does not hold all others
    try:
        return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301
    except EOFError as error:  # nothing is missing in the stream
        raise ValueError(f"a pickle of {len(parts[0])} bytes that has no end") from error


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(f"{number} is no length: it must be from {least} to {most}")
    return number


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found
