"""The family message-triage: the tables behind it, its blocks, its rows and its posterior."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from benchmark_folder import RECIPE, changed

from evalharness.benchmarks.families import FAMILIES
from evalharness.benchmarks.families.message_triage import posterior, tables
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.rows import Bits, blocks
from evalharness.benchmarks.families.message_triage.texts import numbered, token_texts


def dials_with(**dials: Any) -> MessageTriageDials:
    return MessageTriageDials.model_validate({**RECIPE["generate"], **dials})


DIALS = dials_with()


def test_every_row_of_token_weights_adds_up_and_has_no_zero() -> None:
    weights = tables.token_weights(DIALS)
    assert weights.shape == (2, 3, 200)
    assert (weights.sum(axis=2) == 65_536).all()
    assert weights.min() >= 1


def test_a_group_uses_its_own_tokens_and_hardly_anybody_elses() -> None:
    weights = tables.token_weights(DIALS)
    shared, own = tables.special_tokens(DIALS)
    assert len({*shared, *(t for tokens in own for t in tokens)}) == 10 + 3 * 5
    for group, tokens in enumerate(own):
        mine = weights[:, :, tokens].sum(axis=2)
        others = [g for g in range(3) if g != group]
        assert mine[1, group] > 5 * mine[0, group] > 5 * mine[0, others].max()
        assert mine[1, others].max() <= mine[0, others].max()
    assert (weights[1][:, shared].sum(axis=1) > 5 * weights[0][:, shared].sum(axis=1)).all()


def test_the_lookup_draws_each_token_as_often_as_its_weight_says() -> None:
    built = tables.build(DIALS)
    for row, weights in zip(built.lookup, built.weights.reshape(6, -1), strict=True):
        assert (np.bincount(row, minlength=200) == weights).all()


def test_level_shares_are_the_declared_ones() -> None:
    built = tables.build(DIALS)
    for ends, levels in zip(built.groups, DIALS.groups.values(), strict=True):
        assert tables.level_shares(ends) == pytest.approx(list(levels.values()), abs=1e-9)
        assert tables.level_shares(ends).sum() == 1


def test_the_prevalence_of_both_kinds_of_conversation_averages_to_the_declared_one() -> None:
    share = Fraction(1, 10)
    assert share * Fraction(4, 10) + (1 - share) * DIALS.quiet_prevalence == Fraction(1, 10)
    assert DIALS.correlation == pytest.approx(0.1 * 0.9 * (0.4 - float(DIALS.quiet_prevalence)) ** 2 / 0.09)


def test_fewer_rows_of_a_seed_are_the_beginning_of_more() -> None:
    built = tables.build(DIALS)
    few = list(blocks(DIALS, built, split=2, rows=1_000))
    many = list(blocks(DIALS, built, split=2, rows=40_000))
    assert sum(len(b.labels) for b in few) == 1_000
    assert sum(len(b.labels) for b in many) == 40_000
    assert len(many) > 1
    assert (few[0].labels == many[0].labels[:1_000]).all()
    assert (few[0].tokens == many[0].tokens[: len(few[0].tokens)]).all()


def test_splits_and_seeds_draw_different_bits() -> None:
    draws = [Bits(seed, split, block).draw32(8).tobytes() for seed in (1, 2, 2**53 - 1) for split in range(3) for block in range(3)]
    assert len(set(draws)) == len(draws)


def test_bits_are_the_raw_stream_of_philox() -> None:
    """numpy promises raw bits of a bit generator for ever; this pins that nothing else is used."""
    raw = np.random.Philox(key=np.array([5, (2 << 48) | 3], dtype=np.uint64)).random_raw(3)
    assert Bits(5, 2, 3).draw32(5).tolist() == [int(w) >> s & 0xFFFFFFFF for w in raw for s in (0, 32)][:5]
    assert Bits(5, 2, 3).draw16(9).tolist() == [int(w) >> s & 0xFFFF for w in raw for s in (0, 16, 32, 48)][:9]


def test_messages_of_a_conversation_share_its_groups_and_lengths_are_as_declared() -> None:
    built = tables.build(DIALS)
    sizes: Counter[int] = Counter()
    total = 0
    for block in blocks(DIALS, built, split=0, rows=60_000):
        for codes in block.groups:
            pairs = set(zip(block.conversations.tolist(), codes.tolist(), strict=True))
            assert len(pairs) == len(set(block.conversations.tolist()))
        sizes.update(Counter(block.conversations.tolist()).values())
        assert (block.counts >= 2).all()
        assert (block.counts <= 6).all()
        total += len(block.labels)
    assert total == 60_000
    conversations = sum(sizes.values())
    assert [sizes[n] / conversations for n in (1, 2, 3)] == pytest.approx([0.5, 0.3, 0.2], abs=0.02)


def test_split_sizes_are_exact_and_leave_nothing_over() -> None:
    assert dials_with(rows=500_000).split_rows() == {"train": 100_000, "calibration": 100_000, "test": 300_000}
    assert sum(dials_with(rows=1_009).split_rows().values()) == 1_009
    assert dials_with(rows=1_000, splits={"train": 0.29, "calibration": 0.01, "test": 0.7}).split_rows()["train"] == 290


def test_the_posterior_is_bayes_rule_over_labels_and_groups() -> None:
    built = tables.build(DIALS)
    ratios = posterior.build(DIALS, built)
    (block,) = blocks(DIALS, built, split=0, rows=300)
    found = posterior.posterior(posterior.joint_weights(ratios, block.counts, block.tokens))
    weights = tables.token_weights(DIALS)
    shares = [Fraction(str(v)) for v in DIALS.groups["ethnicity"].values()]
    start = 0
    for i, count in enumerate(block.counts.tolist()):
        tokens = block.tokens[start : start + count]
        start += count
        mass = []
        for label, prior in ((0, Fraction(9, 10)), (1, Fraction(1, 10))):
            total = Fraction(0)
            for group, share in enumerate(shares):
                likelihood = prior * share
                for token in tokens:
                    likelihood *= Fraction(int(weights[label, group, token]), 65_536)
                total += likelihood
            mass.append(total)
        assert found[i] == pytest.approx(float(mass[1] / sum(mass)) * 1e6, abs=0.6)


def test_the_posterior_within_a_level_is_bayes_rule_in_that_level_alone() -> None:
    built = tables.build(DIALS)
    ratios = posterior.build(DIALS, built)
    (block,) = blocks(DIALS, built, split=0, rows=300)
    own = block.groups[list(DIALS.groups).index("ethnicity")]
    found = posterior.posterior_within(posterior.joint_weights(ratios, block.counts, block.tokens), own)
    weights = tables.token_weights(DIALS)
    start = 0
    for i, count in enumerate(block.counts.tolist()):
        tokens = block.tokens[start : start + count]
        start += count
        mass = [Fraction(9, 10), Fraction(1, 10)]
        for token in tokens:
            mass = [m * Fraction(int(weights[label, own[i], token]), 65_536) for label, m in enumerate(mass)]
        assert found[i] == pytest.approx(float(mass[1] / sum(mass)) * 1e6, abs=0.6)


def test_the_posterior_of_a_message_does_not_depend_on_its_neighbours() -> None:
    built = tables.build(DIALS)
    ratios = posterior.build(DIALS, built)
    (block,) = blocks(DIALS, built, split=0, rows=200)
    together = posterior.posterior(posterior.joint_weights(ratios, block.counts, block.tokens))
    ends = np.cumsum(block.counts)
    parts = [(block.counts[i : i + 1], block.tokens[ends[i] - block.counts[i] : ends[i]]) for i in range(200)]
    alone = [posterior.posterior(posterior.joint_weights(ratios, *part))[0] for part in parts]
    assert together.tolist() == alone


def test_ids_have_fixed_width_so_that_text_order_is_number_order() -> None:
    ids = numbered("item-", np.array([0, 9, 10, 999_999_999])).to_pylist()
    assert ids == ["item-000000000", "item-000000009", "item-000000010", "item-999999999"]
    assert ids == sorted(ids)


def test_messages_are_placeholder_tokens_between_single_blanks() -> None:
    texts = token_texts(np.array([3, 1]), np.array([0, 38, 999, 7], dtype=np.uint16)).to_pylist()
    assert texts == ["tok_0000 tok_0038 tok_0999", "tok_0007"]


def test_a_model_receives_no_group_label_or_id() -> None:
    columns = FAMILIES["message-triage"].columns(DIALS)
    assert columns.features == ("tokens",)
    assert columns.groups == ("sex", "ethnicity")


def test_changed_dials_are_refused_only_when_they_cannot_be_made() -> None:
    assert list(DIALS.faults()) == []
    document = changed(RECIPE, "generate.prevalence", 0.03)["generate"]
    assert [at for at, _ in MessageTriageDials.model_validate(document).faults()] == [("prevalence",)]
