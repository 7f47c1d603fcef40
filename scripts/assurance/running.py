"""All scenes, on several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from assurance import (
    campaigns,
    costs,
    crossed,
    describing,
    elsewhere,
    everyone,
    gaps,
    generated,
    leaning,
    overall,
    paired,
    proportions,
    stratified,
)
from assurance.scene import Cell, Scene
from assurance.store import Store

FAMILIES = {
    "proportion": proportions,
    "gap": gaps,
    "overall": overall,
    "cost": costs,
    "elsewhere": elsewhere,
    "stratified": stratified,
    "crossed": crossed,
    "leaning": leaning,
    "paired": paired,
    "everyone": everyone,
    "campaign": campaigns,
    "describing": describing,
    "generated": generated,
}
"""Each has `scenes()` and `run(scene, runs, rng)`."""

Told = Callable[[str], None]


def scenes(only: Sequence[str] = ()) -> list[Scene]:
    """Of every family, or of `only` these."""
    return [scene for name, module in FAMILIES.items() if not only or name in only for scene in module.scenes()]


def run_scene(scene: Scene, runs: int, seed: int) -> tuple[list[Cell], float]:
    """Its cells, and how many seconds they took."""
    started = time.monotonic()
    return FAMILIES[scene.family].run(scene, runs, scene.random(seed)), time.monotonic() - started


def run_all(wanted: Sequence[Scene], store: Store, *, runs: int, seed: int, jobs: int, tell: Told) -> Iterator[tuple[Scene, list[Cell]]]:
    """Each scene with its cells, finished ones from the store, in the order of `wanted`."""
    found = {scene.digest(): cells for scene in wanted if (cells := store.get(scene)) is not None}
    left = [scene for scene in wanted if scene.digest() not in found]
    if found:
        tell(f"{len(found)} of {len(wanted)} scenes were finished before")
    with ProcessPoolExecutor(jobs) as pool:
        started = {pool.submit(partial(run_scene, scene, runs, seed)): scene for scene in left}
        for number, done in enumerate(as_completed(started), 1):
            scene = started[done]
            cells, seconds = done.result()
            found[scene.digest()] = store.put(scene, cells)
            tell(f"{number:5d}/{len(left)}  {seconds:6.1f} s  {_worst(cells)}  {scene.family} {scene.name}")
    for scene in wanted:
        yield scene, found[scene.digest()]


def _worst(cells: Sequence[Cell]) -> str:
    rates = [rate for cell in cells for rate in (cell.met, None if cell.union else cell.not_met) if rate is not None]
    return f"worst {max(rates, default=0.0):.4f}"
