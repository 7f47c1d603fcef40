"""Draw a blind sample of every pile."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalharness.cards import card_for, check_artifact
from evalharness.digests import canonical_json, sha256_bytes
from evalharness.errors import bad_input
from evalharness.evidence.oversight.sample import way_numbers
from evalharness.files.atomic import check_free, new_file, new_folder, write_bytes
from evalharness.files.draws import FILE, Draw, draws_bytes, read_chain
from evalharness.files.workspace import find_workspace
from evalharness.metrics.methods import alpha_of
from evalharness.oversight.sampling.counts import held_in, of_one_case
from evalharness.oversight.sampling.draw import drawn_items, seed_of, sheet_order
from evalharness.oversight.sampling.register import Register, read_register
from evalharness.oversight.sampling.sheet import sheet_bytes
from evalharness.oversight.sampling.sizes import Asked, Plan, sizes, stretched
from evalharness.records import Policy
from evalharness.records.attempt import attempt_level
from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, THE_STREAM, Sampling
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.requirements import policy_for, read_policy
from evalharness.workflows.sample_files import ITEMS, KEY, SEEDED, SHEET, folder_of, samples_of
from evalharness.workflows.sample_seeds import Missed, missed_items, read_ids, shown_as

PRIVATE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSample:
    """A sample that was drawn, and waits for coders."""

    folder: Path
    draw: int
    level: float
    """Confidence of each bound of this draw, under a first lock."""
    piles: tuple[tuple[str, int, int], ...]
    """(name, items it holds, items drawn)."""
    seeds: int = 0
    looks: tuple[int, ...] = ()
    coders: str = "declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seeds:
    """Seeds as they stand in the sheet."""

    ids: tuple[str, ...] = ()
    case_of: Mapping[str, int]
    about: dict[str, Any]
    """For key.json."""


def draw_sample(
    policy: str | Path, model: str | Path, *, register: Path, seed_ids: Path | None = None, workspace: Path | None = None,
    progress: Progress = silent, notice: Notice = unheard,
) -> DrawnSample:  # fmt: skip
    """Draws the next sample of the policy from the piles of a register, and notes it in the chain of draws before anything else.

    seed_ids: under which ids coders meet items of the benchmark. Raises BadInput where the policy asks nothing of a sample, for anything
    wrong with the register, and where no sample would do; Altered for a broken chain.
    """
    place = find_workspace(workspace)
    stated = read_policy(policy_for(str(policy), place.root))
    sampling, asked = _asked(stated)
    if seed_ids is not None and not sampling.seeds:
        raise bad_input("the policy mixes no seeds into the sheet", where="--seed-ids", hint="leave it out, or let coders be seeded")
    model_digest = check_artifact(card_for(str(model), place.root))
    listed = read_register(register, in_cases=sampling.about == THE_STREAM)
    missed = missed_items(place, str(policy), str(model), progress, notice) if sampling.seeds else None
    names = None if seed_ids is None else read_ids(seed_ids)
    chain = samples_of(place) / FILE
    lines = read_chain(chain)
    number = 1 + sum(isinstance(line, Draw) and line.policy == stated.name for line in lines)
    level = attempt_level(attempt_level(stated.confidence, 1), number)
    populations = {name: len(ids) for name, ids in listed.piles.items()}
    wanted = _sizes(sampling, listed, populations, asked, alpha_of(level) / max(len(sampling.looks), 1))
    seed = seed_of(register=listed.digest, model=model_digest, policy=stated.digest, draw=number)
    drawn = drawn_items(listed, wanted, seed)
    seeds = _Seeds(case_of={}, about={})
    if missed is not None:
        chosen = missed.drawn(sampling.seeds, seed)
        seeds = _seeds(missed, chosen, shown_as(chosen, names, listed, where=str(seed_ids or "--seed-ids")))
    items = _items_bytes(populations, drawn, seeds, listed.cases)
    key = canonical_json(
        {
            "schema": "evalharness/sample/v1", "draw": number, "policy": stated.name, "policy_digest": stated.digest,
            "model_digest": model_digest, "register_digest": listed.digest, "seed": seed, "items": sha256_bytes(items),
            "sensitivity": sampling.sensitivity_low, "piles": _piles(listed, wanted),
            **({"coders": sampling.coders} if sampling.coders != "declared" else {}),
            **({"looks": list(sampling.looks)} if sampling.looks else {}),
            **seeds.about,
        }
    )  # fmt: skip
    folder = folder_of(place, stated.name, number)
    check_free(folder)
    line = Draw(
        number=number, policy=stated.name, policy_digest=stated.digest, model_digest=model_digest, register_digest=listed.digest,
        key=sha256_bytes(key), previous=lines[-1].digest if lines else None,
    )  # fmt: skip
    write_bytes(chain, draws_bytes((*lines, line)))
    with new_folder(folder) as made:
        new_file(made / KEY, key, mode=PRIVATE)
        new_file(made / ITEMS, items, mode=PRIVATE)
        new_file(made / SHEET, sheet_bytes(sheet_order({**drawn, SEEDED: seeds.ids}, seed)))
    piles = tuple((name, total, wanted[name]) for name, total in populations.items())
    return DrawnSample(
        folder=folder, draw=number, level=level, piles=piles, seeds=len(seeds.ids), looks=sampling.looks, coders=sampling.coders
    )  # fmt: skip


def _seeds(missed: Missed, chosen: Sequence[str], shown: Sequence[str]) -> _Seeds:
    """chosen: ids in the benchmark; shown: those that coders meet, in the same order."""
    about = {"missed": len(missed.case_of), "benchmark": missed.benchmark, "split": missed.split, "drawn": len(shown)}
    cases = {name: missed.case_of[item] for name, item in zip(shown, chosen, strict=True)}
    return _Seeds(ids=tuple(sorted(shown)), case_of=cases, about={"seeds": about})


def _piles(listed: Register, wanted: Mapping[str, int]) -> list[dict[str, Any]]:
    """For key.json: what each pile holds and how many are drawn; where cases are known, also in how many cases."""
    held = None if listed.cases is None else held_in(listed.piles, listed.cases)
    return [
        {"name": name, "population": len(ids), "drawn": wanted[name], **({"held": way_numbers(held[name])} if held else {})}
        for name, ids in listed.piles.items()
    ]


def _sizes(sampling: Sampling, listed: Register, populations: Mapping[str, int], asked: tuple[Asked, ...], alpha: float) -> dict[str, int]:
    """Items to draw from each pile; with looks, as many as the last one has lines beside the seeds."""
    plan = Plan(
        populations=populations, expected=dict(sampling.expected), power=sampling.power, sensitivity=sampling.sensitivity_low,
        alpha=alpha, seeds=sampling.seeds, together=None if listed.cases is None else of_one_case(listed.piles, listed.cases),
    )  # fmt: skip
    wanted = sizes(plan, asked)
    return stretched(wanted, populations, sampling.looks[-1] - sampling.seeds) if sampling.looks else wanted


def _asked(policy: Policy) -> tuple[Sampling, tuple[Asked, ...]]:
    asked = tuple(
        Asked(metric=each.metric, at_least=each.comparison == "at_least", bound=each.bound)
        for each in policy.requirements
        if each.metric in {ELUSION, RECALL, PRECISION}
    )
    people = policy.human_in_the_loop
    if people is None or people.sampling is None or not asked:
        raise bad_input(
            "the policy asks nothing of a sample", where=f"policy {policy.name}",
            expected=f"a requirement on {ELUSION}, {RECALL} or {PRECISION}",
            hint="add one, with human_in_the_loop.sampling: what is drawn follows from what is asked",
        )  # fmt: skip
    return people.sampling, asked


def _items_bytes(
    populations: Mapping[str, int], drawn: Mapping[str, tuple[str, ...]], seeds: _Seeds, cases: Mapping[str, str] | None
) -> bytes:  # fmt: skip
    """key.csv: item, pile, and the chance with which it was drawn; with seeds or cases, the number of its case too."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    more = bool(seeds.ids) or cases is not None
    writer.writerow(["item_id", "pile", "inclusion", *(["case"] if more else [])])
    numbers: dict[str, int] = {}
    for name, ids in drawn.items():
        for item in ids:
            case = [] if not more else [""] if cases is None else [numbers.setdefault(cases[item], len(numbers))]
            writer.writerow([item, name, f"{len(ids) / populations[name]:.10g}", *case])
    chance = f"{len(seeds.ids) / seeds.about['seeds']['missed']:.10g}" if seeds.ids else ""
    writer.writerows([item, SEEDED, chance, seeds.case_of[item]] for item in seeds.ids)
    return text.getvalue().encode()
