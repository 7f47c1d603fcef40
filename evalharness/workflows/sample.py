"""Draw a blind sample of every pile, and take the coded sheet back."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from evalharness.cards import card_for, check_artifact
from evalharness.digests import canonical_json, sha256_bytes
from evalharness.errors import Altered, bad_input, unreadable
from evalharness.files.atomic import Taken, check_free, new_file, new_folder, write_bytes
from evalharness.files.draws import FILE, Draw, draws_bytes, read_draws
from evalharness.files.workspace import find_workspace
from evalharness.metrics.methods import alpha_of
from evalharness.oversight.sampling.draw import drawn_items, seed_of, sheet_order
from evalharness.oversight.sampling.register import read_register
from evalharness.oversight.sampling.sheet import counted, read_sheet, sheet_bytes
from evalharness.oversight.sampling.sizes import Asked, Plan, sizes
from evalharness.records import Policy
from evalharness.records.attempt import attempt_level
from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, SampledPile, Sampling
from evalharness.requirements import policy_for, read_policy
from evalharness.workflows.sample_files import ITEMS, KEY, RESULT, SHEET, folder_of, read_key, samples_of

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


def draw_sample(policy: str | Path, model: str | Path, *, register: Path, workspace: Path | None = None) -> DrawnSample:
    """Draws the next sample of the policy from the piles of a register, and notes it in the chain of draws before anything else.

    Raises BadInput where the policy asks nothing of a sample, for anything wrong with the register, and where no sample would do; Altered
    for a broken chain.
    """
    place = find_workspace(workspace)
    stated = read_policy(policy_for(str(policy), place.root))
    sampling, asked = _asked(stated)
    model_digest = check_artifact(card_for(str(model), place.root))
    listed = read_register(register)
    chain = samples_of(place) / FILE
    draws = read_draws(chain)
    number = 1 + sum(draw.policy == stated.name for draw in draws)
    level = attempt_level(attempt_level(stated.confidence, 1), number)
    populations = {name: len(ids) for name, ids in listed.piles.items()}
    wanted = sizes(
        Plan(
            populations=populations, expected=dict(sampling.expected), power=sampling.power, sensitivity=sampling.sensitivity_low,
            alpha=alpha_of(level),
        ),
        asked,
    )  # fmt: skip
    seed = seed_of(register=listed.digest, model=model_digest, policy=stated.digest, draw=number)
    drawn = drawn_items(listed, wanted, seed)
    items = _items_bytes(populations, drawn)
    key = canonical_json(
        {
            "schema": "evalharness/sample/v1", "draw": number, "policy": stated.name, "policy_digest": stated.digest,
            "model_digest": model_digest, "register_digest": listed.digest, "seed": seed, "items": sha256_bytes(items),
            "sensitivity": sampling.sensitivity_low,
            "piles": [{"name": name, "population": total, "drawn": wanted[name]} for name, total in populations.items()],
        }
    )  # fmt: skip
    folder = folder_of(place, stated.name, number)
    check_free(folder)
    line = Draw(
        number=number, policy=stated.name, policy_digest=stated.digest, model_digest=model_digest, register_digest=listed.digest,
        key=sha256_bytes(key), previous=draws[-1].digest if draws else None,
    )  # fmt: skip
    write_bytes(chain, draws_bytes((*draws, line)))
    with new_folder(folder) as made:
        new_file(made / KEY, key, mode=PRIVATE)
        new_file(made / ITEMS, items, mode=PRIVATE)
        new_file(made / SHEET, sheet_bytes(sheet_order(drawn, seed)))
    piles = tuple((name, total, wanted[name]) for name, total in populations.items())
    return DrawnSample(folder=folder, draw=number, level=level, piles=piles)


def take_back(folder: Path, *, coded: Path) -> tuple[SampledPile, ...]:
    """Counts the coded sheet pile by pile and writes result.json, once. Raises BadInput for anything wrong with the sheet, Altered for a
    key that is not as it was written."""
    key, digest = read_key(folder)
    items = _bytes_of(folder / ITEMS)
    if sha256_bytes(items) != key.items:
        raise Altered([f"{folder / ITEMS}: it is not the list of items that was drawn"])
    drawn = _items_of(items, [pile.name for pile in key.piles])
    labels, coders = read_sheet(coded, frozenset(item for ids in drawn.values() for item in ids))
    piles = counted({pile.name: pile.population for pile in key.piles}, drawn, labels)
    told = [
        {"name": p.name, "population": p.population, "drawn": p.drawn, "relevant": p.relevant, "not_relevant": p.not_relevant}
        for p in piles
    ]
    result = {
        "schema": "evalharness/sample-result/v1", "key": digest, "sheet": sha256_bytes(_bytes_of(coded)), "coders": coders, "piles": told
    }  # fmt: skip
    try:
        new_file(folder / RESULT, canonical_json(result))
    except Taken as error:
        raise bad_input(
            "this sample was taken back before", where=folder / RESULT, hint="a sample is coded once; for another one, draw again"
        ) from error
    return piles


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


def _items_bytes(populations: dict[str, int], drawn: dict[str, tuple[str, ...]]) -> bytes:
    """key.csv: item, pile, and the chance with which it was drawn."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["item_id", "pile", "inclusion"])
    for name, ids in drawn.items():
        writer.writerows([item, name, f"{len(ids) / populations[name]:.10g}"] for item in ids)
    return text.getvalue().encode()


def _items_of(data: bytes, names: list[str]) -> dict[str, tuple[str, ...]]:
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    return {name: tuple(item for item, pile, _ in rows if pile == name) for name in names}


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
