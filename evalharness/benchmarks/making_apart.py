"""Blocks made by processes of their own. Each makes every so-manieth block and sends it through a pipe; the pipe holds it back.

The processes are plain Python interpreters that are told what to make: nothing of the caller is run again, whatever its `__main__` is,
and nothing is shared, so that the blocks depend on the recipe alone. Blocks have a pipe to themselves: what anything else in such a
process prints goes to standard error.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, suppress
from importlib.abc import MetaPathFinder
from itertools import cycle, islice
from queue import Queue
from threading import Thread
from typing import IO, Any

if sys.platform == "linux":
    import fcntl

from evalharness.benchmarks.families import FAMILIES
from evalharness.benchmarks.families.family import Block, Dials, Family, Place, places
from evalharness.benchmarks.frames import receive, send
from evalharness.errors import BadInput, Fault, bad_input, shown

AVAILABLE = os.name == "posix"
"""Elsewhere a process is not given a pipe as easily."""
_AHEAD = 2
"""Blocks of one worker that may wait in memory."""
_PIPE = 1 << 20
"""Bytes that a pipe holds, where that can be chosen."""
_SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 26),
    "MALLOC_MMAP_THRESHOLD_": str(1 << 24),
}
"""Of a worker. Idle threads of linear algebra, which no block needs, would take turns from it; and memory that one block gives back (to
glibc) is kept for the next."""
_PROGRAM = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from {module} import work; work({pipe})"
"""Ctrl-C reaches every process of a terminal; whoever asked for the blocks ends its workers."""
_HINT = "see what it said above, if anything; where memory is short, ask for fewer rows, or let fewer cores take part (taskset)"


def blocks_made_apart(family: Family, dials: Dials, workers: int) -> Generator[tuple[Place, Block]]:
    """All blocks in stored order. However it ends, no worker is left.

    Raises BadInput when a worker cannot be started or stops before its last block, Fault when making a block fails.
    """
    with ExitStack() as started:
        made = [_Worker(number, workers) for number in range(workers)]
        for worker in made:
            started.callback(worker.stop)
            worker.start(family, dials)
        for place, worker in zip(places(dials), cycle(made), strict=False):
            yield place, worker.next_block(place)


class _Worker:
    """A process, and the thread that reads what it sends."""

    def __init__(self, number: int, workers: int) -> None:
        self._number, self._workers = number, workers
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: Thread | None = None
        self._found: Queue[Block | None] = Queue(_AHEAD)
        self._why: Exception | None = None
        """Why nothing more can be read."""
        self._stopped = False

    def start(self, family: Family, dials: Dials) -> None:
        """Starts both. Raises BadInput when the system refuses; `stop` is due in any case."""
        try:
            stream = self._started()
            self._thread = Thread(target=self._read, args=(stream,), daemon=True)
            self._thread.start()
        except (OSError, RuntimeError) as error:  # RuntimeError: no more threads
            hint = "wait until the machine has room for more processes, or let fewer cores take part (taskset)"
            raise bad_input("a process that makes blocks cannot be started", where=self._name(), got=str(error), hint=hint) from error
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - it has been started, with a pipe
        with suppress(BrokenPipeError):  # a worker that is gone is noticed when it sends nothing
            send(self._process.stdin, (family.name, dials, self._number, self._workers))

    def _started(self) -> IO[bytes]:
        """Starts the process; the stream of its blocks."""
        read, write = os.pipe()
        with os.fdopen(write, "wb"), ExitStack() as unused:
            stream = unused.enter_context(os.fdopen(read, "rb"))
            if sys.platform == "linux":  # fewer turns between the two
                with suppress(OSError):  # a user may hold only so many large pipes
                    fcntl.fcntl(read, fcntl.F_SETPIPE_SZ, _PIPE)
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", _PROGRAM.format(module=__name__, pipe=write)],
                stdin=subprocess.PIPE,
                stdout=_standard_error(),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_SETTINGS},
                pass_fds=(write,),
            )
            unused.pop_all()  # the thread closes it
        return stream

    def next_block(self, place: Place) -> Block:
        """The next block that it made, which is of `place`. Raises BadInput or Fault when there is none."""
        block = self._found.get()
        if block is None:
            raise self._stopped_early(place)
        return block

    def stop(self) -> None:
        """Ends process and thread, as far as they were started."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()
        while self._thread is not None and self._thread.is_alive():
            with suppress(Exception):  # the thread may be waiting for room
                self._found.get(timeout=0.05)
        if self._process is not None:
            self._process.wait()
            if self._process.stdin is not None:
                with suppress(OSError):  # it may hold what nobody has read
                    self._process.stdin.close()

    def _read(self, stream: IO[bytes]) -> None:
        """Puts block after block, and in the end null, whatever it was that ended them."""
        try:
            with stream:
                while not self._stopped:
                    block = receive(stream)
                    if not isinstance(block, Block):
                        raise Fault(f"making a block of the data failed in {self._name()}: {block}")
                    self._found.put(block)
        except Exception as error:  # noqa: BLE001 - told by whoever waits for the block
            self._why = error
        finally:
            self._found.put(None)

    def _stopped_early(self, place: Place) -> BadInput | Fault:
        if isinstance(self._why, Fault):
            return self._why
        where = f"{self._name()}, block {place.number + 1} of {place.name}"
        if not isinstance(self._why, EOFError):
            got = f"{type(self._why).__name__}: {self._why}"
            return bad_input("what a process that makes blocks sent is no block", where=where, got=got, hint=_HINT)
        assert self._process is not None  # noqa: S101 - its stream was read
        got = "it closed its pipe"
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=5)
            got = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
        return bad_input("a process that makes blocks ended before its last block", where=where, got=got, hint=_HINT)

    def _name(self) -> str:
        return f"worker {self._number + 1} of {self._workers}"


def _standard_error() -> int:
    """Where a worker prints; nowhere, when this process has no standard error."""
    with suppress(AttributeError, OSError, ValueError):
        return sys.__stderr__.fileno()  # type: ignore[union-attr]
    return subprocess.DEVNULL


def work(pipe: int) -> None:
    """What a worker does: it reads what to make, and sends block after block until whoever asked is gone, or a text: what went wrong."""
    os.set_inheritable(pipe, False)
    with suppress(BrokenPipeError), os.fdopen(pipe, "wb") as stream:
        try:
            sys.meta_path.insert(0, _WithoutPandas())
            name, dials, number, workers = receive(sys.stdin.buffer)
            Thread(target=_end_with_caller, daemon=True).start()
            family = FAMILIES[name]
            prepared = family.prepare(dials)
            gc.freeze()  # tables and modules stay; only what a block leaves behind is looked through
            for place in islice(places(dials), number, None, workers):
                send(stream, family.block(dials, prepared, place))
        except (BrokenPipeError, EOFError):  # nobody is there any more
            return
        except Exception as error:
            send(stream, f"{type(error).__name__}: {shown(str(error), 600)}")
            if os.environ.get("EVALHARNESS_DEBUG"):
                raise


class _WithoutPandas(MetaPathFinder):
    """Pyarrow loads pandas, where it is installed, to ask of every array whether it is one of its types: a sixth of a second a worker."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002 - of the protocol
        """Finds nothing, and no other finder is asked for pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError("no block is made with pandas", name=fullname)


def _end_with_caller() -> None:
    """Ends this process at once when whoever asked for the blocks is gone: the other end of standard input is then closed."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)
