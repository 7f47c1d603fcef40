"""Values that travel through a pipe between two processes of one program. Reading trusts the sender, but never waits for what is absurd."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any

MARK = b"frame 1\n"
"""Every value begins with it: a stream that holds anything else is noticed at once."""
_COUNT = struct.Struct("<q")
_MOST_PARTS = 1 << 20
_LARGEST_PART = 1 << 31
"""Bytes."""


def send(stream: IO[bytes], value: Any) -> None:
    """Writes a value. Arrays and buffers travel beside the pickle, without a copy in between."""
    buffers: list[pickle.PickleBuffer] = []
    parts: list[Any] = [pickle.dumps(value, protocol=5, buffer_callback=buffers.append), *(buffer.raw() for buffer in buffers)]
    stream.write(MARK + _COUNT.pack(len(parts)))
    for part in parts:
        stream.write(_COUNT.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value. What is read comes from a process that this one has started, or that has started this one.

    Raises EOFError when nothing more comes, or not all of a value, and ValueError or what unpickling raises for anything else.
    """
    mark = _exactly(stream, len(MARK))
    if mark != MARK:
        raise ValueError(f"{mark!r} instead of the mark {MARK!r}")
    parts = [_exactly(stream, _number(stream, _LARGEST_PART)) for _ in range(_number(stream, _MOST_PARTS, least=1))]
    try:
        return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301
    except EOFError as error:  # nothing is missing in the stream
        raise ValueError(f"a pickle of {len(parts[0])} bytes that has no end") from error


def _number(stream: IO[bytes], most: int, least: int = 0) -> int:
    number: int = _COUNT.unpack(_exactly(stream, _COUNT.size))[0]
    if not least <= number <= most:
        raise ValueError(f"{number} is no length: it must be from {least} to {most}")
    return number


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found
