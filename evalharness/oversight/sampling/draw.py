"""Which items are drawn, and in which order coders see them: decided by digests alone, so that anyone can draw the same sample again."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping, Sequence

from evalharness.digests import sha256_json
from evalharness.oversight.sampling.register import Register


def seed_of(*, register: str, model: str, policy: str, draw: int) -> str:
    """The seed of a draw, from digests of what it is about and its number."""
    return sha256_json({"draw": draw, "model": model, "policy": policy, "register": register})


def drawn_items(register: Register, sizes: Mapping[str, int], seed: str) -> dict[str, tuple[str, ...]]:
    """By pile, the items whose sha256 with the seed is smallest: a simple random sample without replacement, for ids fixed beforehand."""
    return {name: lowest(ids, sizes[name], seed, "draw") for name, ids in register.piles.items()}


def lowest(ids: Sequence[str], number: int, seed: str, what: str) -> tuple[str, ...]:
    """Sorted, those whose digest is smallest; `what` keeps draws of several kinds apart."""
    return tuple(sorted(heapq.nsmallest(number, ids, key=lambda item: _place(seed, what, item))))


def sheet_order(drawn: Mapping[str, tuple[str, ...]], seed: str) -> tuple[str, ...]:
    """All items drawn, in an order that says nothing of their pile."""
    return tuple(sorted((item for ids in drawn.values() for item in ids), key=lambda item: _place(seed, "sheet", item)))


def _place(seed: str, what: str, item: str) -> bytes:
    return hashlib.sha256(f"{what}\n{seed}\n{item}".encode()).digest()
