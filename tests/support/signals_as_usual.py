"""Signals of a process that a test starts: as in a terminal, also where the tests themselves run under nohup or in the background."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def signals_as_usual() -> Iterator[None]:
    """While a process is started: what ignores a signal hands that on to its children."""
    ignored = [found for name in ("SIGINT", "SIGTERM", "SIGHUP") if signal.getsignal(found := getattr(signal, name)) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
