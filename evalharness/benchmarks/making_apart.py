"""Blocks made by processes of their own. Each makes every so-manieth block and sends it through a pipe; the pipe holds it back.

The processes are plain Python interpreters that are told what to make: nothing of the caller is run again, whatever its `__main__` is,
and nothing is shared, so that the blocks depend on the recipe alone.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from itertools import cycle, islice
from queue import Queue
from threading import Thread
from typing import IO, Any

if sys.platform == "linux":
    import fcntl

from evalharness.benchmarks.families import FAMILIES
from evalharness.benchmarks.families.family import Block, Dials, Family, Place, places
from evalharness.errors import Fault

_AHEAD = 2
"""Blocks of one worker that may wait in memory."""
_PIPE = 1 << 20
"""Bytes that a pipe holds, where that can be chosen."""
_COUNT = struct.Struct("<q")


def blocks_made_apart(family: Family, dials: Dials, workers: int) -> Generator[tuple[Place, Block]]:
    """All blocks in stored order. Raises Fault when a worker stops before its last block."""
    made = [_Worker(family, dials, number, workers) for number in range(workers)]
    try:
        for place, worker in zip(places(dials), cycle(made), strict=False):
            yield place, worker.next_block()
    finally:
        for worker in made:
            worker.stop()


class _Worker:
    """A process, and the thread that reads what it sends."""

    def __init__(self, family: Family, dials: Dials, number: int, workers: int) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-P", "-c", f"from {__name__} import work; work()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018 - both are pipes
        if sys.platform == "linux":  # fewer turns between the two
            with suppress(OSError):  # a user may hold only so many large pipes
                fcntl.fcntl(self._process.stdout.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
        with suppress(BrokenPipeError), self._process.stdin as stream:  # a worker that is gone is noticed when it sends nothing
            _send(stream, (family.name, dials, number, workers))
        self._found: Queue[Block | None] = Queue(_AHEAD)
        self._stopped = False
        self._thread = Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def next_block(self) -> Block:
        """The next block that it made."""
        block = self._found.get()
        if block is None:
            raise Fault("a worker that made blocks of the data stopped; what it said stands above")
        return block

    def stop(self) -> None:
        """Ends process and thread."""
        self._stopped = True
        self._process.kill()
        while self._thread.is_alive():
            with suppress(Exception):  # the thread may be waiting for room
                self._found.get(timeout=0.05)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self, stream: IO[bytes]) -> None:
        while not self._stopped:
            try:
                block = _receive(stream)
            except (EOFError, OSError, ValueError):
                break
            self._found.put(block)
        self._found.put(None)


def _send(stream: IO[bytes], value: Any) -> None:
    """Arrays and buffers travel beside the pickle, without a copy in between."""
    buffers: list[pickle.PickleBuffer] = []
    parts: list[Any] = [pickle.dumps(value, protocol=5, buffer_callback=buffers.append), *(buffer.raw() for buffer in buffers)]
    stream.write(_COUNT.pack(len(parts)))
    for part in parts:
        stream.write(_COUNT.pack(len(part)))
        stream.write(part)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """Raises EOFError when nothing more comes. What is read comes from a process that this one has started."""
    (count,) = _COUNT.unpack(_exactly(stream, _COUNT.size))
    parts = [_exactly(stream, *_COUNT.unpack(_exactly(stream, _COUNT.size))) for _ in range(count)]
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found


def work() -> None:
    """What a worker does: it reads what to make, and sends block after block until whoever asked is gone."""
    with suppress(BrokenPipeError, KeyboardInterrupt):
        name, dials, number, workers = _receive(sys.stdin.buffer)
        family = FAMILIES[name]
        prepared = family.prepare(dials)
        for place in islice(places(dials), number, None, workers):
            _send(sys.stdout.buffer, family.block(dials, prepared, place))
