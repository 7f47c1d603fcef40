"""The drawing: fixed by digests, fair to every item, and silent about piles."""

from __future__ import annotations

import numpy as np

from evalharness.oversight.sampling.draw import drawn_items, seed_of, sheet_order
from evalharness.oversight.sampling.register import Register

PILES = {"set_aside": tuple(f"a{i:03d}" for i in range(60)), "selected": tuple(f"s{i}" for i in range(9))}
REGISTER = Register(piles=PILES, digest="sha256:0")


def seed(draw: int) -> str:
    return seed_of(register="sha256:0", model="sha256:1", policy="sha256:2", draw=draw)


def test_a_draw_is_made_again_from_its_seed_and_another_draw_is_another_sample():
    sizes = {"set_aside": 20, "selected": 3}
    one, other = (drawn_items(REGISTER, sizes, seed(k)) for k in (1, 2))
    assert one == drawn_items(REGISTER, sizes, seed(1))
    assert one != other
    assert {name: len(ids) for name, ids in one.items()} == sizes
    assert all(set(ids) <= set(REGISTER.piles[name]) and len(set(ids)) == len(ids) for name, ids in one.items())


def test_every_item_is_drawn_equally_often():
    counts = dict.fromkeys(REGISTER.piles["set_aside"], 0)
    for k in range(1, 1001):
        for item in drawn_items(REGISTER, {"set_aside": 15, "selected": 0}, seed(k))["set_aside"]:
            counts[item] += 1
    spread = (np.array(list(counts.values())) - 250) / np.sqrt(1000 * 0.25 * 0.75)
    assert (spread**2).sum() < 96  # chi square of about 60: 99.8 %


def test_the_order_of_the_sheet_says_nothing_of_piles():
    places = []
    for k in range(1, 301):
        sheet = sheet_order(drawn_items(REGISTER, {"set_aside": 9, "selected": 9}, seed(k)), seed(k))
        assert sorted(sheet) == sorted(set(sheet))
        places.append(np.mean([at for at, item in enumerate(sheet) if item.startswith("s")]))
    assert abs(np.mean(places) - 8.5) < 0.25
