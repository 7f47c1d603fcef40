"""Every metric of docs/metrics.md has an example: `evaluate` gives the numbers shown, and so does another reckoning of the items shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import metrics_docs_examples as examples
import numpy as np
import orders_by_hand as orders
import pytest
from documented_page import agrees, check, example, items_shown, read, section, selected, shown
from items_by_hand import cost_of_each, delong, exact, graded, judged, ladder, recalibrated, scored
from orders_by_hand import Lead

from evalharness.catalogue import TASKS, described_metrics, task_metrics
from evalharness.catalogue.ranking_described import ORDERS

SECTIONS = {"binary": "Binary and risk", "ordinal": "Ordinal", "ranking": "Ranking", "linkage": "Linkage"}
BANDS, LEVELS = ("low", "medium", "high"), ("none", "C", "B", "A")
BANDS_OF_RISK = "All bands of the task risk, which only describe"
USABLE = "unusable_answer_rate"
ENDS = dict(zip(ORDERS, ("", "by arrival ", "random "), strict=True))
"""End of a metric's name -> how the page names the order, in one cell."""
TIMES, BUDGET, GOAL = 10, 2, 0.5


@cache
def page(task: str) -> dict[str, str]:
    """What the page shows under `here`, by metric."""
    if task == "risk":
        return shown(section(SECTIONS["binary"], BANDS_OF_RISK))
    text = section(SECTIONS[task])
    cells = shown(text.split(f"\n### {BANDS_OF_RISK}\n")[0])
    if task != "ranking":
        return cells
    parts = ((name, part) for name, cell in cells.items() for part in cell.split("; "))
    return {name + _end(part): part.removeprefix(ENDS[_end(part)]) for name, part in parts}


def _end(part: str) -> str:
    return next(end for end, words in reversed(ENDS.items()) if part.startswith(words))


# ------------------------------------------------------------------ the items as the page has them


def matrix_shown(text: str, levels: tuple[str, ...]) -> tuple[list[int], list[int | None]]:
    """True and given levels, from a table of counts whose last column has no answer."""
    truth, given = [], []
    for row in example(text):
        true, *counts = row.values()
        for answer, count in zip((*range(len(levels)), None), counts, strict=True):
            truth += [levels.index(true)] * int(count)
            given += [answer] * int(count)
    return truth, given


def days_shown() -> list[list[Lead]]:
    days = []
    for row in example(section(SECTIONS["ranking"])):
        cells = [(cell.strip("*")[:-1].split(" ("), cell.startswith("**")) for cell in list(row.values())[1:]]
        days.append([Lead(None if score == "no answer" else float(score), float(took), bold) for (score, took), bold in cells])
    return days


def links_shown() -> dict[frozenset[str], float | None]:
    rows = example(section(SECTIONS["linkage"]))
    return {frozenset(row["pair"].split()): None if row["score"] == "no answer" else float(row["score"]) for row in rows}


# ------------------------------------------------------------------ another reckoning


@cache
def reckoned(task: str) -> Mapping[str, float]:
    """Every metric of a task, of the items that the page shows, without evalharness."""
    return {"binary": _binary, "risk": _risk, "ordinal": _ordinal, "ranking": _ranking, "linkage": _linkage}[task]()


def _binary() -> dict[str, float]:
    truth, scores, _ = items_shown()
    known = [(t, s) for t, s in zip(truth, scores, strict=True) if s is not None]
    return {**judged(truth, selected(scores)), **scored(*zip(*known, strict=True)), USABLE: 1 / len(truth)}


def _risk() -> dict[str, float]:
    truth, given = matrix_shown(section(SECTIONS["binary"], BANDS_OF_RISK), BANDS)
    found = graded(truth, given, len(BANDS))
    return {name: found[name] for name in page("risk")}


def _ordinal() -> dict[str, float]:
    truth, given = matrix_shown(section(SECTIONS["ordinal"]), LEVELS)
    return {**graded(truth, given, len(LEVELS)), "expected_cost": np.mean(list(map(_late, truth, given))), USABLE: 1 / len(truth)}


def _late(true: int, given: int | None) -> float:
    costs = {3: (10, 4, 4, 0), 2: (1, 1, 0, 0), 1: (1, 0, 0, 0), 0: (0, 0, 0, 0)}[true]
    return max(costs) if given is None else costs[given]


def _ranking() -> dict[str, float]:
    days = days_shown()
    first = [orders.by_score(day)[0] for day in days]
    found = sum(day[at].relevant for day, order in zip(days, first, strict=True) for at in order[:BUDGET])
    leads = [lead for day in days for lead in day]
    measures = {
        name + end: value
        for end, of in zip(ORDERS, (orders.by_score, orders.by_arrival, orders.at_random), strict=True)
        for name, value in orders.ordered(days, [of(day) for day in days], budget=BUDGET, goal=GOAL).items()
    }
    return {
        "recall_at_budget": found / sum(lead.relevant for lead in leads),
        "precision_at_budget": found / (BUDGET * len(days)),
        "no_answer_rate": sum(lead.score is None for lead in leads) / len(leads),
        USABLE: 0.0,
        **measures,
    }


def _linkage() -> dict[str, float]:
    entities = (("p1", "p2", "p3", "p4"), ("q1", "q2", "q3"), ("r1", "r2"))
    assert "P = p1 p2 p3 p4, Q = q1 q2 q3, R = r1 r2" in section(SECTIONS["linkage"])
    found = orders.linked(entities, links_shown(), 0.5)
    return {**found, USABLE: 0.0, **{name: TIMES * found[name] for name in ("merge_distance", "splits", "merges")}}


# ------------------------------------------------------------------ tests


@pytest.mark.parametrize("task", TASKS)
def test_no_metric_of_the_catalogue_lacks_an_example(task: str):
    levels = {"ordinal": LEVELS, "risk": BANDS}.get(task, ())
    own = {name for name, metric in task_metrics(task, levels).metrics.items() if not metric.kind.startswith("oversight")}
    names = own | {*described_metrics(task)}
    assert names == {*page(task), *(page("binary") if task == "risk" else ())}
    if task != "risk":
        assert names == reckoned(task).keys()


@pytest.mark.parametrize("task", TASKS)
def test_what_the_page_shows_is_what_evaluate_gives(task: str):
    measured = {name: line for (name, _), line in examples.measured(task).items()}
    for name, cell in page(task).items():
        check(read(cell), measured[name])
        assert f"`{measured[name]['method']}`" in section(SECTIONS.get(task, SECTIONS["binary"])), "the page says how it is made"


@pytest.mark.parametrize("task", TASKS)
def test_and_what_another_reckoning_of_the_items_gives(task: str):
    measured = {name: line["value"] for (name, _), line in examples.measured(task).items()}
    assert {name: measured[name] for name in page(task)} == pytest.approx({n: reckoned(task)[n] for n in page(task)}, rel=1e-6, abs=1e-9)


def test_what_risk_shares_with_binary_is_reckoned_of_its_own_items_too():
    truth, given = matrix_shown(section(SECTIONS["binary"], BANDS_OF_RISK), BANDS)
    found = judged([int(t == 2) for t in truth], [None if g is None else int(g == 2) for g in given])
    measured = {name: line["value"] for (name, _), line in examples.measured("risk").items()}
    own = found.keys() & measured.keys()
    assert found.keys() - own == {"expected_cost", "system_recall", "review_minutes_per_1000"}, "it declares no people and no costs"
    assert {name: measured[name] for name in own} == pytest.approx({name: found[name] for name in own})


@pytest.mark.parametrize("task", ["binary", "risk", "ordinal", "ranking"])
def test_bounds_of_shares_are_clopper_and_pearson_s(task: str):
    found = 0
    for name, text in page(task).items():
        cell = read(text)
        if cell.above is None or cell.below is None or name in ("expected_cost", USABLE):
            continue
        low, high = exact(cell.above, cell.below)
        if name == "reviews_per_find":
            low, high = (1 / end for end in reversed(exact(cell.below, cell.above)))
        assert agrees(cell.lower, low * cell.times, "down"), name
        assert agrees(cell.upper, high * cell.times, "up"), name
        found += 1
    assert found >= 3


def test_bounds_of_costs_of_the_area_and_of_recalibration_are_reckoned_anew_too():
    truth, scores, _ = items_shown()
    known = list(zip(*[(t, s) for t, s in zip(truth, scores, strict=True) if s is not None], strict=True))
    at_large, slope = recalibrated(*known)
    expected = {
        "expected_cost": ladder(cost_of_each(truth, selected(scores))),
        "roc_auc": delong(*known),
        "calibration_in_the_large": at_large.conf_int(0.1)[0],
        "calibration_slope": slope.conf_int(0.1)[1],
    }
    for name, (low, high) in expected.items():
        cell = read(page("binary")[name])
        assert agrees(cell.lower, low, "down"), name
        assert agrees(cell.upper, high, "up"), name
    late = read(page("ordinal")["expected_cost"])
    low, high = ladder(np.array(list(map(_late, *matrix_shown(section(SECTIONS["ordinal"]), LEVELS))), dtype=float))
    assert agrees(late.lower, low, "down")
    assert agrees(late.upper, high, "up")


@pytest.mark.parametrize(("was", "now"), [("79.2 %", "79.3 %"), ("61.0 %", "61.1 %"), ("19 / 24", "18 / 24"), ("91.5 %", "91.4 %")])
def test_a_number_that_is_off_in_its_last_digit_is_found(was: str, now: str):
    low, high = exact(19, 24)
    line = {"value": 19 / 24, "lower": low, "upper": high, "method": "clopper-pearson"}
    cell = "19 / 24 = 79.2 % (61.0 % to 91.5 %)"
    check(read(cell), line)
    with pytest.raises(AssertionError):
        check(read(cell.replace(was, now)), line)


@pytest.mark.parametrize("cell", ["", "19 / 24", "about 79 %", "79.2 % (61.0 %)"])
def test_a_cell_without_a_number_is_found(cell: str):
    with pytest.raises(ValueError, match="no number"):
        read(cell)
