"""What the best choice of pairs finds, against linking them one chance after the other."""

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.tally import BestLinkingCounter

LEVELS = {"sex": ("F", "M")}


def pairs(rows: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    chances = rng.integers(0, 101, rows) / 100
    return {
        "chances": chances,
        "labels": (rng.random(rows) < chances).astype(np.int8),
        "decisions": np.where(rng.random(rows) < 0.1, -1, chances + rng.normal(0, 0.2, rows) > 0.6).astype(np.int8),
        "sex": rng.integers(0, 2, rows).astype(np.int32),
    }


def best_recall(chances: np.ndarray, false: float, outside: int) -> float:
    """Linking the likeliest first; of the pairs of one chance a share, where not all may be linked."""
    found = 0.0
    for chance in sorted(set(chances.tolist()), reverse=True):
        count = int((chances == chance).sum())
        cost = count * (1 - chance)
        share = 1.0 if cost <= false else false / cost
        found += share * count * chance
        false -= share * cost
        if share < 1:
            break
    return found / (float(chances.sum()) + outside)


@pytest.mark.parametrize("size", [1, 50, 2_000])
@pytest.mark.parametrize("false_outside", [0, 30])
def test_recall_is_held_against_the_best_at_as_many_expected_false_links(size: int, false_outside: int) -> None:
    given, outside = pairs(2_000, 1), np.array([3, 5], dtype=np.int64)
    counter = BestLinkingCounter(LEVELS)
    for start in range(0, 2_000, size):
        part = {name: values[start : start + size] for name, values in given.items()}
        counter.add_judged(part["labels"], part["decisions"], {"sex": part["sex"]})
        counter.add_candidates(part["chances"], part["labels"], part["decisions"], {"sex": part["sex"]})
    missed, wrong = np.ones(8, np.int8), np.zeros(false_outside, np.int8)  # true links, and false ones of the model, that no candidate is
    counter.add_judged(missed, np.zeros(8, np.int8), {"sex": np.repeat([0, 1], outside).astype(np.int32)})
    counter.add_judged(wrong, wrong + np.int8(1), {"sex": np.zeros(false_outside, np.int32)})
    counter.add_outside(outside, {"sex": np.array([0, 1], dtype=np.int32)})
    for k, share in enumerate(counter.result()):
        own = np.ones(2_000, bool) if k == 0 else given["sex"] == k - 1
        links, linked = own & (given["labels"] == 1), own & (given["decisions"] == 1)
        held = int(outside.sum() if k == 0 else outside[k - 1])
        false = (1 - given["chances"][linked]).sum() + (false_outside if k < 2 else 0)
        assert (share.metric, share.n) == ("pairwise_recall", int(links.sum()) + held)
        assert share.value == pytest.approx(int((links & linked).sum()) / (int(links.sum()) + held))
        assert share.best == pytest.approx(best_recall(given["chances"][own], false, held), abs=1e-6)


def test_nothing_true_and_nothing_possible_are_told() -> None:
    (everybody,) = BestLinkingCounter({}).result()
    assert (everybody.value, everybody.best) == (None, None)
    assert everybody.reason == "no true link, so the model's recall is undefined; by the true chances no pair can be a link"


def test_lengths_that_differ_are_a_fault() -> None:
    given = pairs(10, 2)
    with pytest.raises(Fault, match="different numbers of pairs"):
        BestLinkingCounter({}).add_candidates(given["chances"][1:], given["labels"], given["decisions"], {})
