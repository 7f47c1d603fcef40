"""Being told to end, as an ordinary way out: what is half-written is removed and workers are ended, as after any error."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")
"""From a scheduler, a container or `timeout`; from a terminal that was closed."""
_SAME = 5.0
"""Seconds within which another signal says the same again: a group and its leader are often told one after the other."""


class Ended(SystemExit):
    """A signal has asked this process to end. The code is what a shell shows for the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.name = signal.Signals(number).name


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Within the body, SIGTERM and SIGHUP raise Ended. Signals that somebody ignores or handles already (nohup) stay as they are.

    Only the main thread may set this up; elsewhere nothing changes. Afterwards everything is as before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    taken = [number for number in known if signal.getsignal(number) is signal.SIG_DFL]
    last = float("-inf")

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        nonlocal last
        now = time.monotonic()
        if now - last < _SAME:  # the way out is not interrupted
            return
        last = now
        raise Ended(number)

    for number in taken:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
