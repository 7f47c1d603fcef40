"""Every gap and every metric of copies in docs/metrics.md: `evaluate` gives the numbers shown, and so does another reckoning."""

from __future__ import annotations

import fairlearn.metrics as fair
import metrics_docs_examples as examples
import numpy as np
import pytest
from documented_page import agrees, check, items_shown, read, section, selected, shown, tables
from items_by_hand import exact, judged
from scipy import optimize, stats
from sklearn.metrics import precision_score

from evalharness.catalogue import NOTIONS, copy_metrics, task_metrics

BINOMIAL = 0.03
"""How far the noise floor, made of 64 points of smooth distributions, may be from that of two small binomials."""


def answered_wrongly(truth: list[int], scores: list[float | None]) -> list[int]:
    return [1 - t if s is None else s for t, s in zip(truth, selected(scores), strict=True)]


def test_every_gap_of_the_example_is_that_of_rates_reckoned_in_each_group():
    truth, scores, groups = items_shown()
    rates = {}
    for group in set(groups):
        own = [row for row, other in enumerate(groups) if other == group]
        rates[group] = judged([truth[row] for row in own], selected([scores[row] for row in own]))
    measured = {name: line["value"] for (name, _), line in examples.measured("binary").items()}
    with_gaps = [metric.name for metric in task_metrics("binary").metrics.values() if metric.gaps]
    assert len(with_gaps) > 12
    for name in with_gaps:
        low, high = sorted(rate[name] for rate in rates.values())
        assert (measured[f"{name}_difference"], measured[f"{name}_ratio"]) == pytest.approx((high - low, low / high)), name


def test_notions_and_what_is_told_of_recall_are_fairlearn_s():
    truth, scores, groups = items_shown()
    of_all, of_answered = {"sensitive_features": groups}, [row for row, score in enumerate(scores) if score is not None]
    wrong, aside = answered_wrongly(truth, scores), [s or 0 for s in selected(scores)]
    precision = fair.MetricFrame(
        metrics=precision_score, y_true=[truth[row] for row in of_answered], y_pred=[aside[row] for row in of_answered],
        sensitive_features=[groups[row] for row in of_answered],
    )  # fmt: skip
    recall = fair.MetricFrame(metrics=fair.true_positive_rate, y_true=truth, y_pred=wrong, sensitive_features=groups)
    expected = {
        "demographic_parity": (
            fair.demographic_parity_difference(truth, aside, **of_all),
            fair.demographic_parity_ratio(truth, aside, **of_all),
        ),
        "equal_opportunity": (
            fair.equal_opportunity_difference(truth, wrong, **of_all),
            fair.equal_opportunity_ratio(truth, wrong, **of_all),
        ),
        "equalized_odds": (fair.equalized_odds_difference(truth, wrong, **of_all), fair.equalized_odds_ratio(truth, wrong, **of_all)),
        "predictive_parity": (precision.difference(), precision.ratio()),
    }
    text = section("Gaps between groups")
    cells = {name.split("_difference")[0]: cell for name, cell in shown(text).items() if "_difference`, `" in name}
    assert expected.keys() == NOTIONS.keys() == cells.keys()
    measured = {name: line for (name, _), line in examples.measured("binary").items()}
    for name, values in expected.items():
        for cell, kind, value in zip(map(read, cells[name].split("; ")), ("difference", "ratio"), values, strict=True):
            check(cell, measured[f"{name}_{kind}"])
            assert agrees(cell.value, value), name
    (told,) = (row["here, of recall"] for rows in tables(text) for row in rows if "to_overall" in row["name"])
    to_all = (recall.difference(method="to_overall"), recall.ratio(method="to_overall"))
    assert all(agrees(read(cell).value, value) for cell, value in zip(told.split("; "), to_all, strict=True))
    assert all(f"{group}: {100 * rate:.1f} %" in text for group, rate in recall.by_group.items())


def test_the_noise_floor_and_the_least_p_are_those_of_two_binomials():
    truth, scores, groups = items_shown()
    cells = shown(section("Gaps between groups"))
    a, b = (sum(t for t, own in zip(truth, groups, strict=True) if own == group) for group in ("a", "b"))
    rate = judged(truth, selected(scores))["recall"]
    chances = np.outer(stats.binom.pmf(range(a + 1), a, rate), stats.binom.pmf(range(b + 1), b, rate))
    apart = abs(np.arange(a + 1)[:, None] / a - np.arange(b + 1)[None, :] / b)
    assert float(cells["noise_floor"]) == pytest.approx((chances * apart).sum(), rel=BINOMIAL)

    def lower_of_one_and_none(alpha: float) -> float:
        return 1 - np.hypot(1 - alpha ** (1 / a), 1 - alpha ** (1 / b))

    assert float(cells["least_p"]) == pytest.approx(2 * optimize.brentq(lower_of_one_and_none, 1e-12, 0.5), rel=1e-3)
    base = [sum(t for t, own in zip(truth, groups, strict=True) if own == group) / groups.count(group) for group in ("b", "a")]
    assert cells["conflicts"].startswith(f"b {100 * base[0]:.1f} %, a {100 * base[1]:.1f} %")
    assert float(cells["detectable"]) == float(cells["detectable_smallest"]), "there is one pair of groups"


def test_metrics_of_copies_are_counted_from_the_pairs_shown():
    decided, graded_pairs, listed = tables(section("Items with something changed"))
    relevant, irrelevant = ({fate: int(count) for fate, count in row.items() if fate != "item, copy"} for row in decided)
    changed = ("selected, set aside", "set aside, selected", "no answer")
    levels = [list(map(int, list(row.values())[1:])) for row in graded_pairs]
    pairs = sum(map(sum, levels))
    silent = sum(row[-1] for row in levels)
    lower = sum(sum(row[:item]) for item, row in enumerate(levels))
    higher = sum(sum(row[item + 1 : -1]) for item, row in enumerate(levels))
    both = sum(relevant.values()) + sum(irrelevant.values())
    expected = {
        ("flip_rate", "binary, risk, ranking"): (sum(relevant[fate] + irrelevant[fate] for fate in changed), both),
        ("newly_missed_rate", "binary, risk, ranking"): (relevant[changed[0]] + relevant[changed[2]], sum(relevant.values())),
        ("newly_selected_rate", "binary, risk, ranking"): (irrelevant[changed[1]] + irrelevant[changed[2]], sum(irrelevant.values())),
        ("flip_rate", "ordinal"): (lower + higher + silent, pairs),
        ("graded_lower_rate", "ordinal"): (lower + silent, pairs),
        ("graded_higher_rate", "ordinal"): (higher + silent, pairs),
    }
    cells = {(row["metric"].strip("`"), row["tasks"]): read(row["here"]) for row in listed}
    assert cells.keys() == expected.keys()
    for task, tasks in (("binary", "binary, risk, ranking"), ("ordinal", "ordinal")):
        of = copy_metrics(task)
        assert {name for name, found in cells if found == tasks} == of.metrics.keys()
        for name, (line, _) in examples.copies_measured(of).items():
            above, below = expected[name, tasks]
            cell = cells[name, tasks]
            check(cell, line)
            assert (cell.above, cell.below) == (above, below)
            low, high = exact(above, below)
            assert agrees(cell.lower, low, "down")
            assert agrees(cell.upper, high, "up")
