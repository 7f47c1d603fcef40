"""What the best order finds within a budget, against the leads taken one by one."""

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.tally import BestRankingCounter

LEVELS = {"sex": ("F", "M")}


def leads(rows: int, seed: int) -> dict[str, np.ndarray]:
    """Chances, labels drawn from them (some missing), who is worked (some without an answer) and who would be, sex."""
    rng = np.random.default_rng(seed)
    chances = rng.random(rows).round(6)
    return {
        "posterior": chances,
        "labels": np.where(rng.random(rows) < 0.1, -1, rng.random(rows) < chances).astype(np.int8),
        "decisions": rng.integers(-1, 2, rows).astype(np.int8),
        "best": (chances > 0.7).astype(np.int8),
        "sex": rng.integers(0, 2, rows).astype(np.int32),
    }


def counted(given: dict[str, np.ndarray], size: int, within: np.ndarray | None = None) -> BestRankingCounter:
    counter = BestRankingCounter(LEVELS)
    for start in range(0, len(given["labels"]), size):
        part = {name: values[start : start + size] for name, values in given.items()}
        own = None if within is None else {"sex": within[start : start + size]}
        counter.add(part["posterior"], part["labels"], part["decisions"], {"sex": part["sex"]}, own, best=part["best"])
    return counter


@pytest.mark.parametrize("size", [1, 7, 500])
def test_shares_are_those_of_plain_python_in_every_group_however_the_rows_are_cut(size: int) -> None:
    given = leads(500, 1)
    within = leads(500, 2)["posterior"]
    counter = counted(given, size, within)
    rows = [{name: values[n].item() for name, values in {**given, "own": within}.items()} for n in range(500) if given["labels"][n] >= 0]
    for k, share in enumerate(counter.result()):
        group = [row for row in rows if k == 0 or row["sex"] == k - 1]
        relevant = [row for row in group if row["labels"] == 1]
        chance = "posterior" if k == 0 else "own"
        assert (share.metric, share.n, share.reason) == ("recall_at_budget", len(relevant), "")
        assert share.value == sum(row["decisions"] == 1 for row in relevant) / len(relevant)
        assert share.best == pytest.approx(sum(row[chance] for row in group if row["best"]) / sum(row[chance] for row in group), abs=1e-9)
    worked = [row["posterior"] for row in rows if row["decisions"] == 1]
    foreseen = counter.foreseen()
    assert (foreseen.choices, foreseen.expected) == (len(worked), pytest.approx(sum(worked), abs=1e-6))
    assert foreseen.of == pytest.approx(sum(row["posterior"] for row in rows), abs=1e-6)


def test_nothing_relevant_and_nothing_possible_are_told() -> None:
    (everybody,) = BestRankingCounter({}).result()
    assert (everybody.value, everybody.best) == (None, None)
    assert everybody.reason == "no relevant lead, so the model's recall is undefined; by the true chances no lead can be relevant"


def test_lengths_that_differ_are_a_fault() -> None:
    given = leads(10, 3)
    with pytest.raises(Fault, match="different numbers of rows"):
        BestRankingCounter(LEVELS).add(
            given["posterior"], given["labels"], given["decisions"], {"sex": given["sex"]}, best=given["best"][1:]
        )
