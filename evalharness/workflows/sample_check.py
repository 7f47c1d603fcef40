"""Draw a sample again from its register: whether it is the one that follows from what its key tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evalharness.errors import Altered
from evalharness.files.draws import FILE, read_draws
from evalharness.oversight.sampling.draw import drawn_items, seed_of
from evalharness.oversight.sampling.register import Register, read_register
from evalharness.workflows.sample_back import read_items
from evalharness.workflows.sample_files import Key, read_key


def check_sample(folder: Path, *, register: Path) -> int:
    """How many items were drawn, each of them as it must be. Seeds are not drawn from the register, and not looked at.

    Raises BadInput for anything wrong with the register, Altered with all that is otherwise than it follows.
    """
    key, digest = read_key(folder)
    drawn = read_items(folder, key)
    listed = read_register(register, in_cases=any(pile.held is not None for pile in key.piles))
    chain = {(draw.policy, draw.number): draw.key for draw in read_draws(folder.parent / FILE)}
    reasons = [f"{folder}: {text}" for text in _otherwise(key, listed, drawn.items)]
    if chain.get((key.policy, key.draw)) != digest:
        reasons.append(f"{folder.parent / FILE}: it does not tell of this sample")
    if reasons:
        raise Altered(reasons)
    return sum(pile.drawn for pile in key.piles)


def _otherwise(key: Key, listed: Register, drawn: dict[str, tuple[str, ...]]) -> Iterator[str]:
    if listed.digest != key.register_digest:
        yield "the register is not the one that the sample was drawn from"
        return
    if key.seed != seed_of(register=listed.digest, model=key.model_digest, policy=key.policy_digest, draw=key.draw):
        yield "the seed does not follow from register, model, policy and the number of the draw"
    sizes = {pile.name: pile.drawn for pile in key.piles}
    if {name: len(ids) for name, ids in listed.piles.items()} != {pile.name: pile.population for pile in key.piles}:
        yield "the piles are not as large as the register has them"
    elif any(drawn[name] != ids for name, ids in drawn_items(listed, sizes, key.seed).items()):
        yield "other items were drawn than follow from the seed"
