"""How long items like those of a benchmark would wait under a policy. Nothing is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from evalharness.digests import canonical_json
from evalharness.errors import Problems
from evalharness.evidence.oversight.queue import queue_as_json
from evalharness.files.atomic import check_free, new_folder
from evalharness.files.unchanged import check_unchanged
from evalharness.files.workspace import find_workspace
from evalharness.oversight.queues.simpy_engine import simpy_package
from evalharness.records import Policy
from evalharness.records.oversight_queue import Queue
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.workflows.blind_answers import check_export
from evalharness.workflows.clock import resolve_time
from evalharness.workflows.counting_items import count_items
from evalharness.workflows.inputs import Inputs, Request, read_inputs
from evalharness.workflows.oversight.certify import certified
from evalharness.workflows.oversight.queue import ENGINES, Wished, check_simulated, simulated

FILE = "queue.json"
MOST_DAYS, MOST_REPEATS = 366, 99
MOST_ITEMS = 5_000_000
"""Of all repeats."""
_SEEDS = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A queue, and what it was made of."""

    policy: Policy
    inputs: Inputs
    queue: Queue

    def as_json(self) -> dict[str, Any]:
        """As in queue.json."""
        info = self.inputs.benchmark.info
        return {
            "schema": "evalharness/queue/v1",
            "describes": "a simulation: arrivals are made up, hours and minutes are declared; it decides nothing",
            "policy": {"name": self.policy.name, "version": self.policy.version, "digest": self.policy.digest},
            "model": {"name": self.inputs.card.name, "digest": self.inputs.model_digest},
            "benchmark": {"name": info.name, "digest": info.digest, "split": self.policy.split, "synthetic": info.synthetic},
            "queue": queue_as_json(self.queue),
        }


def simulate_queue(
    policy: str | Path,
    model: str | Path,
    *,
    benchmark: str | Path | None = None,
    workspace: Path | None = None,
    out: Path | None = None,
    split: str | None = None,
    rows: int | None = None,
    days: int = 30,
    repeats: int = 5,
    items_per_week: int | None = None,
    officers: int | None = None,
    engine: str = "fast",
    seed: int = 0,
    at: str | datetime | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Simulation:
    """Answers the items of the judged split once, and lets items like them arrive.

    policy, model, benchmark, split, rows: as for `evaluate`. days, repeats: of the simulation. items_per_week, officers: in place of the
    policy's. engine: `fast`, or `simpy` for the same in the package SimPy. seed: of the arrivals. out: the folder that is made, with
    queue.json. Raises BadInput, with every problem, for anything wrong with the inputs; nothing is written then.
    """
    created, place = resolve_time(at), find_workspace(workspace)
    of_policy = {"--items-per-week": (items_per_week, 10**12), "--officers": (officers, 10**6)}
    _check_options({"--days": (days, MOST_DAYS), "--repeats": (repeats, MOST_REPEATS), **of_policy}, engine, seed)
    if engine == "simpy":
        simpy_package()
    if out is not None:
        check_free(out.absolute())
    request = Request(
        policy=str(policy), model=str(model), benchmark=None if benchmark is None else str(benchmark), rows=rows, split=split,
        copies=False, certifies=True,
    )  # fmt: skip
    inputs = read_inputs(place, request, created, progress, notice)
    wished = Wished(days=days, repeats=repeats, seed=seed, engine=engine)
    asked = _with(inputs.policy, items_per_week, officers)
    check_simulated(asked, wished, MOST_ITEMS)
    check_export(inputs.card, None)
    inputs = certified(inputs, inputs.policy.confidence, progress)
    pool = count_items(inputs, progress).oversight.pool
    check_unchanged(inputs.states)
    made = Simulation(policy=inputs.policy, inputs=inputs, queue=simulated(asked, pool, wished, progress))
    if out is not None:
        with new_folder(out.absolute()) as folder:
            (folder / FILE).write_bytes(canonical_json(made.as_json()))
    return made


def _check_options(numbers: Mapping[str, tuple[int | None, int]], engine: str, seed: int) -> None:
    problems = Problems()
    for option, (value, most) in numbers.items():
        if value is not None and not 1 <= value <= most:
            problems.add("not a number that can be simulated", where=option, got=str(value), expected=f"a whole number from 1 to {most:,}")
    if not 0 <= seed < _SEEDS:
        problems.add("not a seed", where="--seed", got=str(seed), expected="a whole number from 0, below 2**53")
    if engine not in ENGINES:
        problems.add("there is no such engine", where="--engine", got=engine, expected=" or ".join(ENGINES))
    problems.raise_if_any()


def _with(policy: Policy, items_per_week: int | None, officers: int | None) -> Policy:
    """With other numbers than the policy's, where there are any. Without bands or work it stays as it is, and is refused later."""
    human = policy.human_in_the_loop
    if human is None or human.work is None:
        return policy
    work = human.work if officers is None else replace(human.work, officers=officers)
    return replace(policy, human_in_the_loop=replace(human, work=work, items_per_week=items_per_week or human.items_per_week))
