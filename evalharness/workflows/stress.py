"""What the uncertainty of a synthetic result is: a model judged over the plausible ranges of a recipe's dials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from evalharness import __version__
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_sizes
from evalharness.benchmarks.families import Family
from evalharness.benchmarks.stressing import FEWEST_ITEMS, MOST_ITEMS, declared_levels, items_judged, stress_dials
from evalharness.cards import card_for, check_artifact
from evalharness.digests import sha256_json
from evalharness.errors import Problems, bad_input
from evalharness.files.atomic import write_bytes
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.records import Card, Policy, group_as_json, worst
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.records.stress import Stress, StressRun, StressSetting
from evalharness.report.stressed import stress_faces
from evalharness.requirements import expand, policy_for, policy_places, read_policy
from evalharness.stats.space_filling import MOST_POINTS
from evalharness.workflows.asked_certify import refuse_certify
from evalharness.workflows.clock import resolve_time, time_text
from evalharness.workflows.stress_design import SAMPLER, design, own_setting, turned
from evalharness.workflows.stress_policy import at_each_setting, demanded, left_out
from evalharness.workflows.stress_running import Asked, run_setting
from evalharness.workflows.stress_store import Store
from evalharness.workflows.stress_summary import counted_outcomes, over_settings, worst_run
from evalharness.workflows.stress_tipping import METHOD, is_inert, tipping, turn_dial

SETTINGS = 64
MOST_BY_DEFAULT = 500_000
"""Items judged at each setting: as many as the recipe has, so that dials make the difference and not the size, but no more than these."""
DATA = "data"
"""Folder of the benchmarks that are kept, in the folder of the stress run."""
_CANNOT = frozenset({"predictions"})
"""Adapters whose answers exist already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """A finished stress run."""

    stress: Stress
    folder: Path
    """Where stress.html, stress.md, stress.json and the finished settings lie."""
    taken: int
    """Settings that an earlier run of the same command had finished."""


def stress(
    policy: str | Path,
    model: str | Path,
    *,
    settings: int = SETTINGS,
    rows: int | None = None,
    benchmark: str | Path | None = None,
    workspace: Path | None = None,
    out: Path | None = None,
    at: str | datetime | None = None,
    split: str | None = None,
    keep_data: bool = False,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Stressed:
    """Judges `model` against `policy` at `settings` settings that fill the plausible ranges of the recipe's dials, and along each dial.

    settings: 1 to 4,096; a power of two fills the ranges most evenly. rows: items judged at each setting; default: the recipe's, at most
    500,000. out: the folder that is made, or in which an earlier run of the same command was stopped: then it goes on there; default
    `stress/POLICY-MODEL-KEY` of the workspace. split: test or shifted; default: the policy's. keep_data: the benchmark of every setting
    stays in `data/` of the folder; otherwise it is removed once it was counted.
    Raises BadInput, before anything is made, for a supplied table, a recipe without ranges, a model whose answers exist already, a
    dial that cannot be made at a setting, and for anything that `evaluate` refuses.
    """
    created, place = resolve_time(at), find_workspace(workspace)
    path = policy_for(str(policy), place.root)
    read = read_policy(path)
    refuse_certify(read, "a stress run")
    asked_of_each = at_each_setting(read)
    card = card_for(str(model), place.root)
    declaration = read_declaration(place.benchmark_of(read, None if benchmark is None else str(benchmark)))
    judged = split or read.split
    dials = stress_dials(declaration, judged)
    _check_card(card)
    model_digest = check_artifact(card)
    items = min(MOST_BY_DEFAULT, max(items_judged(declaration, judged), FEWEST_ITEMS)) if rows is None else rows
    _check_numbers(settings, items)
    _, exempted = expand(asked_of_each, declared_levels(declaration), created.date(), policy_places(path))
    family, seed = _family(declaration)
    own = own_setting(dials, declaration.digest, seed)
    spread = design(dials, settings, declaration.digest, seed)
    _check_settings(declaration, (own, *spread))
    key = {
        "schema": "evalharness/stress-design/v1",
        "evalharness": __version__,
        "policy": read.digest,
        "model": model_digest,
        "card": card.digest,
        "recipe": {"digest": declaration.digest, "family": family.name, "version": family.version, "seed": seed},
        "split": judged,
        "items": items,
        "sampler": SAMPLER,
        "dials": [{"name": d.name, "low": d.low, "high": d.high, "own": d.own} for d in dials],
        "exempted": [{"requirement": e.requirement, "group": group_as_json(e.group)} for e in exempted],
    }
    folder = _folder(place, out, read, card, key)
    store = Store(folder, key, notice)
    wanted = demanded(read)
    each = Asked(
        place=place, policy=str(policy), model=str(model), policy_digest=read.digest, model_digest=model_digest, declaration=declaration,
        items=items, created=created, near=folder / DATA, keep=folder / DATA if keep_data else None,
    )  # fmt: skip
    made = _Runs(lambda setting: store.run(setting, lambda one: run_setting(each, one)), progress, 1 + settings)
    with _nothing_left(store):
        own_run = made.run(own)
    runs = tuple(made.run(setting) for setting in spread)
    free = [dial for dial in dials if dial.low < dial.high]
    along = {dial.name: turn_dial(dial, own_run, lambda name, size: made.run(turned(own, name, size))) for dial in free}
    found = Stress(
        key=store.key,
        created=time_text(created),
        policy=read.name,
        policy_title=read.title,
        policy_version=read.version,
        policy_digest=read.digest,
        model=card.name,
        model_digest=model_digest,
        benchmark=declaration.name,
        benchmark_title=declaration.title,
        recipe_digest=declaration.digest,
        family=f"{family.name} {family.version}",
        task=read.task,
        split=judged,
        seed=seed,
        confidence=read.confidence,
        items=items,
        sampler=SAMPLER,
        method=METHOD,
        dials=tuple(free),
        fixed=tuple(dial.name for dial in dials if dial.low == dial.high),
        own=own_run,
        design=runs,
        alone=tuple(run for turned_runs in along.values() for run in turned_runs),
        requirements=tuple(over_settings(asked, own_run, runs, demanded=asked.id in wanted) for asked in asked_of_each.requirements),
        tipping=tipping(dials, own_run, along),
        inert=tuple(name for name, turned_runs in along.items() if is_inert(own_run, turned_runs)),
        verdicts=counted_outcomes([run.outcome for run in runs]),
        outcome=worst(run.outcome for run in (own_run, *runs)),
        worst_setting=worst_run((own_run, *runs)).setting.name,
        left_out=left_out(read),
        exempted=tuple((e.requirement, e.group) for e in exempted),
    )
    for name, data in stress_faces(found).items():
        write_bytes(folder / name, data)
    return Stressed(stress=found, folder=folder, taken=store.used)


@contextmanager
def _nothing_left(store: Store) -> Iterator[None]:
    """Where the body fails, or is interrupted, before anything was finished."""
    try:
        yield
    except BaseException:
        store.leave_nothing()
        raise


class _Runs:
    """Runs settings and tells how many are done; beyond the first `known`, how many there will be is not known."""

    def __init__(self, run: Callable[[StressSetting], StressRun], progress: Progress, known: int) -> None:
        self._run, self._progress, self._known, self._done = run, progress, known, 0

    def run(self, setting: StressSetting) -> StressRun:
        found = self._run(setting)
        self._done += 1
        within = self._done <= self._known
        self._progress("settings" if within else "one dial at a time", self._done, self._known if within else None)
        return found


def _family(declaration: Declaration) -> tuple[Family, int]:
    if declaration.family is None or declaration.dials is None:
        raise bad_input("a supplied table cannot be stressed", where=declaration.path)
    return declaration.family, declaration.dials.seed


def _check_settings(declaration: Declaration, settings: Sequence[StressSetting]) -> None:
    """Raises BadInput where sizes within the plausible ranges do not go together."""
    for setting in settings:
        problems = Problems()
        if with_sizes(declaration, dict(setting.sizes), problems) is None:
            sizes = ", ".join(f"{name} {size:g}" for name, size in setting.sizes)
            problems.add(
                "the plausible ranges contradict one another: this setting cannot be made", where=declaration.path, got=sizes,
                hint="narrow the ranges of what is told above",
            )  # fmt: skip
        problems.raise_if_any()


def _check_card(card: Card) -> None:
    if card.adapter in _CANNOT:
        raise bad_input(
            "stored predictions cannot be stressed: they answer the items that there were, and every setting makes new ones",
            where="--model", got=card.name, expected="a model that can be run", hint="stress the model that made these predictions",
        )  # fmt: skip


def _check_numbers(settings: int, items: int) -> None:
    problems = Problems()
    if not 1 <= settings <= MOST_POINTS:
        problems.add("the number is out of range", where="--settings", got=settings, expected=f"a whole number from 1 to {MOST_POINTS:,}")
    if not FEWEST_ITEMS <= items <= MOST_ITEMS:
        expected = f"a whole number from {FEWEST_ITEMS:,} to {MOST_ITEMS:,}"
        problems.add("the number is out of range", where="--stress-rows", got=items, expected=expected)
    problems.raise_if_any()


def _folder(place: Workspace, out: Path | None, policy: Policy, card: Card, key: dict[str, Any]) -> Path:
    if out is not None:
        return out.absolute()
    return place.root / "stress" / f"{policy.name}-{card.name}-{sha256_json(key).removeprefix('sha256:')[:12]}"
