"""Queues put in order part by part are the same as all at once."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.predictions import queues as module
from evalharness.tally.ordered import InOrder, WaitingLeads, in_order

_ALIKE = [name for name in InOrder.__slots__ if name != "opened"]


def leads(n: int = 300, days: int = 12) -> tuple[WaitingLeads, np.ndarray]:
    draw = np.random.default_rng(6)
    waiting = WaitingLeads(
        queues=np.sort(draw.integers(0, days, n)), labels=draw.integers(-1, 2, n).astype(np.int8), minutes=draw.integers(1, 30, n) * 1.0
    )
    return waiting, np.where(draw.random(n) < 0.1, np.nan, draw.integers(0, 5, n) / 5)


def test_parts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, keys = leads()
    whole = in_order(waiting, keys, 8, (0.5, 0.95))
    monkeypatch.setattr(module, "_TOGETHER", 40)
    parts = in_order(waiting, keys, 8, (0.5, 0.95))
    for name in _ALIKE:
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name))
    for recall in (0.5, 0.95):
        np.testing.assert_allclose(parts.opened[recall], whole.opened[recall])


def test_queues_that_do_not_stand_together_are_the_same_queues() -> None:
    waiting, keys = leads()
    order = np.random.default_rng(2).permutation(len(keys))
    assert waiting.minutes is not None
    mixed = in_order(
        WaitingLeads(queues=waiting.queues[order], labels=waiting.labels[order], minutes=waiting.minutes[order]), keys[order], 8, ()
    )
    whole = in_order(waiting, keys, 8, ())
    place = np.argsort(order[waiting.labels[order] == 1], kind="stable")
    for name in ("first", "places", "placed", "ahead", "queue"):
        np.testing.assert_allclose(getattr(mixed, name)[place], getattr(whole, name))
    for name in ("average_precision", "ndcg", "first_find", "found", "labelled", "looked_at"):
        np.testing.assert_allclose(getattr(mixed, name), getattr(whole, name))


def test_places_ahead_and_behind_add_up() -> None:
    waiting, keys = leads()
    found = in_order(waiting, keys, 500, ())
    last = found.first + found.places - 1
    sizes = np.bincount(waiting.queues)
    assert (found.first >= 1).all()
    assert (last <= sizes[found.queue]).all()
    assert not found.placed[np.isnan(keys)[waiting.labels == 1]].any()
    assert found.looked_at[-1] == np.count_nonzero(~np.isnan(keys))
    assert found.found[-1] == pytest.approx(np.count_nonzero(~np.isnan(keys) & (waiting.labels == 1)))


def test_no_leads_are_an_order_too_and_arrays_must_fit() -> None:
    none = in_order(WaitingLeads(queues=np.zeros(0, int), labels=np.zeros(0, np.int8), minutes=None), np.zeros(0), 3, (0.9,))
    assert len(none.first) == 0
    assert none.found.tolist() == [0, 0, 0, 0]
    waiting, keys = leads()
    with pytest.raises(Fault):
        in_order(waiting, keys[:-1], 3, ())
