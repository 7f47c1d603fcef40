"""lead-priority as the harness sees it: whole days, same bytes, truth that holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import Made, digest, made, z_score
from tabular_recipes import COPIES, HARMS, lead

from evalharness.benchmarks.families.family import BLOCK_ROWS
from evalharness.benchmarks.families.lead_priority import LeadPriority
from evalharness.benchmarks.families.lead_priority.dials import LeadPriorityDials

FAMILY = LeadPriority()


def with_harms(*names: str, **dials: Any) -> LeadPriorityDials:
    return lead(harms={name: HARMS[name] for name in names}, **dials)


def numbers(part: Made, column: str) -> Any:
    return np.array(part.texts(column))


def test_the_same_bytes_whatever_the_order_of_blocks_and_always() -> None:
    dials = with_harms(*HARMS, rows=40_000, copies=COPIES)
    assert digest(FAMILY, dials) == digest(FAMILY, dials, backwards=True)


def test_the_bytes_are_those_of_this_version() -> None:
    assert digest(FAMILY, with_harms(*HARMS, rows=2_000, copies=COPIES)) == GOLDEN_ALL
    assert digest(FAMILY, lead(rows=2_000)) == GOLDEN_PLAIN


def test_ids_ascend_and_days_are_whole() -> None:
    everything = made(FAMILY, lead(rows=100_000))
    ids, seen = [], []
    for part in everything.values():
        ids += part.texts("item_id")
        for block in part.blocks:
            days = block.items["queue_id"].to_pylist()
            assert days == sorted(days)
            sizes = np.unique(days, return_counts=True)[1]
            assert sizes[:-1].min() >= 40
            assert sizes[:-1].max() <= 90
            assert 40 <= sizes[-1] < 180, "the leads that are left join the last day of a block"
            seen += sorted(set(days))
    assert ids == sorted(set(ids))
    assert seen == sorted(set(seen)), "no day goes on in another block or split"
    assert len(everything["test"].blocks) == -(-45_000 // BLOCK_ROWS)


def test_a_day_stands_in_order_of_arrival_and_its_hours_are_those_that_a_model_receives() -> None:
    part = made(FAMILY, lead(rows=40_000))["test"]
    days, arrived = numbers(part, "queue_id"), numbers(part, "arrived")
    assert (np.diff(arrived)[days[1:] == days[:-1]] >= 0).all()
    assert (arrived // 60 == numbers(part, "hour")).all()
    assert arrived.min() >= 0
    assert arrived.max() < 1_440
    assert len(np.unique(arrived % 60)) == 60
    early = numbers(part, "hour") < 2
    assert early[part.codes("clean") == 0].mean() == pytest.approx(0.08, abs=0.01)
    assert early[part.codes("clean") == 1].mean() == pytest.approx(0.12, abs=0.05)


def test_reviews_take_some_minutes_mostly_few_and_tell_nothing() -> None:
    part = made(FAMILY, lead(rows=40_000))["test"]
    minutes, clean = numbers(part, "minutes"), part.codes("clean")
    assert minutes.min() == 3
    assert minutes.max() == 30
    assert np.median(minutes) < 13
    assert minutes[clean == 1].mean() == pytest.approx(minutes[clean == 0].mean(), abs=1.5)


def test_leads_of_a_day_are_correlated_as_stated_and_of_many_persons() -> None:
    part = made(FAMILY, lead(rows=400_000, prevalence=0.1, queues={"fewest": 50, "most": 50, "correlation": 0.05, "budget_per_day": 5}))[
        "test"
    ]
    clean = part.codes("clean").astype(float)
    days = np.unique(numbers(part, "queue_id"), return_inverse=True)[1]
    sizes = np.bincount(days)
    squares = np.bincount(days, clean - clean.mean()) ** 2
    variance = clean.var()
    correlation = (squares - sizes * variance).sum() / (sizes * (sizes - 1)).sum() / variance
    assert correlation == pytest.approx(0.05, abs=0.01)
    assert len(np.unique(numbers(part, "ethnicity")[days == 0])) > 1


def test_a_model_receives_the_hour_and_no_group_label_or_id() -> None:
    columns = FAMILY.columns(lead())
    assert columns.features == ("n1", "n2", "n3", "n4", "c1", "c2", "hour", "week")
    assert (columns.queue, columns.cluster, columns.arrived, columns.minutes) == ("queue_id", "queue_id", "arrived", "minutes")
    assert FAMILY.truth(lead()).given == columns.features


def test_blocks_hold_what_the_family_says_they_hold() -> None:
    dials = with_harms(*HARMS, copies=COPIES)
    truth, tables = FAMILY.truth(dials), {table.name: table for table in FAMILY.tables(dials)}
    block = made(FAMILY, dials)["test"].blocks[0]
    assert set(FAMILY.columns(dials).without_features()) | set(truth.given) == set(block.items)
    assert tuple(block.truth) == (*truth.chances, *truth.texts)
    assert {name: tuple(table) for name, table in block.others.items()} == {name: table.columns for name, table in tables.items()}


@pytest.mark.parametrize("harms", [(), tuple(HARMS)])
def test_the_posterior_is_calibrated_everywhere(harms: tuple[str, ...]) -> None:
    """20 seeds. Leads of a day are alike, so they are made independent here; under the truth |z| > 4.5 has chance 7e-6."""
    alone = {"queues": {"fewest": 40, "most": 90, "correlation": 0.0, "budget_per_day": 8}}
    made_parts = [made(FAMILY, with_harms(*harms, rows=10_000, seed=seed, **alone)) for seed in range(20)]
    for split in ("train", "test", "shifted"):
        parts = [by_split[split] for by_split in made_parts]
        seen, true = (np.concatenate([part.codes(name) for part in parts]) for name in ("label", "clean"))
        for name in ("posterior", "posterior_clean", *(["within_sex", "within_ethnicity"] if harms else [])):
            chance = np.concatenate([part.chances(name) for part in parts])
            labels = true if name == "posterior_clean" else seen
            for low, high in ((0, 0.05), (0.05, 0.3), (0.3, 1.01)):
                chosen = (chance >= low) & (chance < high)
                assert abs(z_score(labels[chosen], chance[chosen])) < 4.5, (split, name, low)


GOLDEN_ALL = "5dc0d4ffaf227dba4d13ed390ed8f261152eb9fb966e380168eb9b25823e622c"
GOLDEN_PLAIN = "95dae8d22d442a8009dfb98e47eb2ed109e14e267863c0a5da54d64ef4b65a70"
