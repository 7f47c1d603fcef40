"""Blocks of a recipe, made by several workers at once and given back in stored order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from evalharness.benchmarks.families.family import Block, Dials, Family, Place, places

MOST_WORKERS = 4
"""Unless more are asked for: beyond that, writing in order is what takes time."""


def default_workers() -> int:
    """One a core, at most four."""
    return max(1, min(MOST_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


def blocks_of(family: Family, dials: Dials, workers: int | None = None) -> Iterator[tuple[Place, Block]]:
    """All blocks in stored order. No more than `workers` + 1 of them wait or are in the making, so memory is bounded.

    Threads, not processes: nearly all the time is spent in numpy and Arrow, which let other threads run, and a block need not be copied
    from one process to another.
    """
    workers = default_workers() if workers is None else workers
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
