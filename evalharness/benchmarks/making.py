"""Blocks of a recipe, made by several workers at once and given back in stored order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor

from evalharness.benchmarks.families.family import Block, Dials, Family, Place, places
from evalharness.benchmarks.making_apart import AVAILABLE, blocks_made_apart

MOST_WORKERS = 4
"""Unless more are asked for: beyond that, writing in order is what takes time."""
ROWS_FOR_PROCESSES = 3_000_000
"""From here on workers are processes: each takes most of a second to start."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def blocks_of(family: Family, dials: Dials, workers: int | None = None) -> Generator[tuple[Place, Block]]:
    """All blocks in stored order. Few of them wait or are in the making, so memory is bounded.

    workers: at most so many; null for one a core, at most four. A block takes some hundred short steps in numpy, between which threads
    wait for one another: two processes make more than two threads (docs/performance.md).
    """
    most = workers or min(MOST_WORKERS, cores())
    if most > 1 and AVAILABLE and dials.rows >= ROWS_FOR_PROCESSES:
        return blocks_made_apart(family, dials, most)
    return _by_threads(family, dials, workers or max(1, most // 2))


def _by_threads(family: Family, dials: Dials, workers: int) -> Generator[tuple[Place, Block]]:
    """No more than `workers` + 1 blocks wait or are in the making."""
    prepared = family.prepare(dials)
    waiting: deque[tuple[Place, Future[Block]]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="block")
    try:
        for place in places(dials):
            waiting.append((place, pool.submit(family.block, dials, prepared, place)))
            if len(waiting) > workers:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _first(waiting: deque[tuple[Place, Future[Block]]]) -> tuple[Place, Block]:
    place, future = waiting.popleft()
    return place, future.result()
