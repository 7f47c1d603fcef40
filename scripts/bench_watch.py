"""Runs a command and looks at it and all processes that it starts: seconds, memory, and what others use of the machine meanwhile."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command took."""

    wall: float
    cpu: float
    """Seconds of user and system time, workers included."""
    peak: float | None
    """MB; null where it cannot be read."""
    others: float | None
    """Share of all processors that other programs used meanwhile; null where it cannot be read."""


def run_watched(command: list[str]) -> Run:
    """Runs it to its end; however this ends, the command has ended too. Exits with its words when it fails."""
    before, started = machine_seconds(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = _Watch(process.pid)
    try:
        watch.start()
        assert process.stderr is not None  # noqa: S101 - a pipe
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
    finally:
        _end(process)
        watch.stop()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}:\n{errors.decode()}")
    cpu = max(usage.ru_utime + usage.ru_stime, watch.cpu)
    after = machine_seconds()
    others = None if before is None or after is None else max(0.0, (after - before - cpu) / (wall * (os.cpu_count() or 1)))
    return Run(wall=wall, cpu=cpu, peak=(watch.peak or None) if _tells() else None, others=others)


def _tells() -> bool:
    """Whether this system tells which processes a process has started, and what they hold."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").exists() and Path("/proc/self/smaps_rollup").exists()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the command if it still runs: first in order, so that it ends its workers."""
    if process.returncode is None:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr is not None:
        process.stderr.close()


class _Watch(threading.Thread):
    """Looks at a process and those that it started until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.peak, self.cpu = 0.0, 0.0
        """MB and seconds; 0 where they cannot be read."""
        self._spent: dict[int, float] = {}

    def run(self) -> None:
        """Four times a second: each look takes a hundredth of a second from those looked at."""
        while not self._over.wait(0.25):
            found = _family(self._pid)
            self.peak = max(self.peak, sum(map(_memory, found)) * 1024 / 1e6)
            for pid in found:
                self._spent[pid] = max(self._spent.get(pid, 0.0), _seconds(pid))
            self.cpu = sum(self._spent.values())

    def stop(self) -> None:
        """Ends the thread."""
        self._over.set()
        if self.is_alive():
            self.join()


def _family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:  # it has ended
            continue
    return found


def _memory(pid: int) -> int:
    """KiB; 0 for a process that has ended, and where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _seconds(pid: int) -> float:
    """User and system time so far; 0 for a process that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float | None:
    """Seconds that all processors together have worked since the machine was started; null where the system does not tell."""
    try:
        fields = [int(value) for value in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    except OSError:
        return None
    user, nice, system, _idle, _wait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
