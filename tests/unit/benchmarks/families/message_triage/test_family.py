"""message-triage as the harness sees it: same bytes, right columns, truth that holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmark_folder import RECIPE
from family_blocks import best_recall_at, digest, made, z_score

from evalharness.benchmarks.families.family import BLOCK_ROWS
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.family import MessageTriage

FAMILY = MessageTriage()
SPLITS = {"train": 0.1, "calibration": 0.1, "test": 0.6, "shifted": 0.2}
ON: dict[str, Any] = {
    "base_rate": {"of": {"sex": "F"}, "size": 0.5, "range": [0, 1]},
    "separability": {"of": {"ethnicity": "c"}, "size": 0.3, "range": [0, 0.5]},
    "label_noise": {"of": {"ethnicity": "b"}, "size": 0.2, "range": [0, 0.3]},
    "under_representation": {"of": {"ethnicity": "c"}, "size": 0.8, "range": [0, 0.9]},
    "missing": {"of": {"sex": "M"}, "size": 0.3, "range": [0, 0.5]},
    "proxy": {"of": {"sex": "F"}, "size": 0.5, "range": [0, 0.9]},
    "annotator_bias": {"of": {"sex": "F"}, "size": 0.3, "range": [0, 0.5]},
    "drift": {"size": 0.5, "range": [0, 0.9]},
    "prevalence_shift": {"size": 0.5, "range": [0, 1]},
    "duplicates": {"size": 0.2, "range": [0, 0.5]},
    "obfuscation": {"size": 0.2, "range": [0, 0.5]},
}


def dials_with(**dials: Any) -> MessageTriageDials:
    return MessageTriageDials.model_validate({**RECIPE["generate"], "splits": SPLITS, **dials})


def with_harms(*names: str, **dials: Any) -> MessageTriageDials:
    return dials_with(harms={name: ON[name] for name in names}, **dials)


COPIES = {"share": 0.1, "noise": 0.2, "obfuscation": 0.5}


def test_the_same_bytes_whatever_the_order_of_blocks_and_always() -> None:
    dials = with_harms(*ON, rows=40_000, copies=COPIES)
    assert digest(FAMILY, dials) == digest(FAMILY, dials, backwards=True)


def test_the_bytes_are_those_of_this_version() -> None:
    assert digest(FAMILY, with_harms(*ON, rows=2_000, copies=COPIES)) == GOLDEN_ALL
    assert digest(FAMILY, dials_with(rows=2_000)) == GOLDEN_PLAIN


def test_fewer_rows_of_a_seed_are_the_beginning_of_more() -> None:
    few, many = (made(FAMILY, with_harms(*ON, rows=rows))["test"] for rows in (1_000, 40_000))
    texts = few.texts("tokens")
    assert len(texts) == 600
    assert texts == many.texts("tokens")[:600]
    assert few.texts("label") == many.texts("label")[:600]


def test_ids_ascend_conversations_stay_together_and_groups_are_theirs() -> None:
    everything = made(FAMILY, with_harms("duplicates", rows=60_000))
    ids, owners, seen = [], [], {}
    for split, part in everything.items():
        ids += part.texts("item_id")
        conversations = part.texts("conversation_id")
        assert conversations == sorted(conversations), split
        owners += conversations
        for name in ("sex", "ethnicity"):
            for conversation, level in zip(conversations, part.texts(name), strict=True):
                assert seen.setdefault((name, conversation), level) == level
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids) == 60_000
    assert owners == sorted(owners)
    assert len(everything["test"].blocks) == -(-36_000 // BLOCK_ROWS)


def test_a_model_receives_no_group_label_or_id() -> None:
    columns = FAMILY.columns(dials_with())
    assert columns.features == ("tokens", "channel", "period")
    assert columns.groups == ("sex", "ethnicity")
    assert FAMILY.truth(dials_with()).given == columns.features


@pytest.mark.parametrize("harms", [(), tuple(ON)])
def test_the_posterior_is_calibrated_everywhere(harms: tuple[str, ...]) -> None:
    """20 seeds; |z| > 4 has chance 6e-5 under the truth, so 14 checks give a false alarm once in a thousand runs."""
    for split in ("train", "test", "shifted"):
        labels, clean, chances, clean_chances, within = [], [], [], [], []
        for seed in range(20):
            part = made(FAMILY, with_harms(*harms, rows=10_000, seed=seed))[split]
            labels.append(part.codes("label"))
            clean.append(part.codes("clean"))
            chances.append(part.chances("posterior"))
            clean_chances.append(part.chances("posterior_clean"))
            within.append(part.chances("within_ethnicity"))
        seen, true, chance, clean_chance, own = (np.concatenate(parts) for parts in (labels, clean, chances, clean_chances, within))
        for low, high in ((0, 0.05), (0.05, 0.3), (0.3, 1.01)):
            chosen = (chance >= low) & (chance < high)
            assert abs(z_score(seen[chosen], chance[chosen])) < 5, (split, low)
            chosen = (clean_chance >= low) & (clean_chance < high)
            assert abs(z_score(true[chosen], clean_chance[chosen])) < 5, (split, low)
        assert abs(z_score(seen, own)) < 5


def test_the_best_classifier_reaches_what_is_stated_and_labels_add_nothing() -> None:
    """Measured recall of a threshold on the posterior against the expected one, over 20 seeds, within 4 standard errors of the 20."""
    gaps = []
    for seed in range(20):
        part = made(FAMILY, with_harms("separability", "label_noise", rows=10_000, seed=seed))["test"]
        labels, chances = part.codes("label"), part.chances("posterior")
        threshold, stated = best_recall_at(chances, 0.1)
        gaps.append(float((chances[labels == 1] >= threshold).mean()) - stated)
    assert abs(np.mean(gaps)) < 4 * np.std(gaps, ddof=1) / np.sqrt(20)


def test_the_posterior_is_bayes_rule_over_labels_and_strata() -> None:
    """Slow and exact, message by message, with nothing of the vectorised code but the tables."""
    dials = with_harms("base_rate", "separability", "label_noise", "missing", "proxy", "drift", "prevalence_shift", rows=1_000)
    tables = FAMILY.prepare(dials)
    part = made(FAMILY, dials)["shifted"]
    split = tables.splits[3]
    strata = len(split.strata)
    weights = [[np.bincount(tables.lookup[row], minlength=200) / 65_536 for row in usage.row] for usage in split.usages]
    channels = [*dials.channels, None]
    rows = zip(*(part.texts(name) for name in ("tokens", "channel", "period")), part.chances("posterior"), strict=True)
    for text, channel, period, chance in list(rows)[:60]:
        mass = np.zeros((strata, 2))
        for stratum in range(strata):
            for label in range(2):
                likelihood = split.strata.shares[stratum] * split.prevalence[stratum, label]
                likelihood *= tables.channel_chances[channels.index(channel), stratum]
                for token in text.split():
                    likelihood *= weights[int(period) - 1][label * strata + stratum][int(token[4:])]
                mass[stratum] += likelihood * tables.flips[stratum, label]
        assert chance == pytest.approx(mass[:, 1].sum() / mass.sum(), abs=1e-6)


GOLDEN_ALL = "dbfe70fbf755f15972472f2d097deaea02a0e1b325ed3a6d379ec0b634afea9d"
GOLDEN_PLAIN = "f164c8612d9262f29de14b181f2cd2a0f80094497f7c7cd7713a6619c06ad9ee"
