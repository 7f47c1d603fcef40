"""What a reader is told of twins and disturbed copies: whole sentences with the counts of the evidence, and tables by kind and group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from task_evidence import GROUPS, LEVELS, build

from evalharness.catalogue import copy_metrics, task_metrics
from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.records import CopyKind
from evalharness.report.annex_copies import copies, unasked
from evalharness.report.build import build_view
from evalharness.report.by_task import task_words
from evalharness.report.fitting import lines
from evalharness.report.under import under
from evalharness.report.unknown import not_tested
from evalharness.report.words import asks
from evalharness.tally import ConfusionTally, Slices
from evalharness.workflows.copy_tallies import copies_as_json

MARKER = CopyKind(name="marker", of=("sex",), changed="only the marker changed that tells of a group")
NOISE = CopyKind(name="noise", changed="some numbers moved <a little>")
HIDDEN = CopyKind(name="hidden", changed="the signal hidden")
SLICES = Slices(tuple(GROUPS), GROUPS, 1)


def _pairs(task: str, *counts: int) -> ConfusionTally:
    """All of them in the first level of every attribute."""
    of = copy_metrics(task)
    whole = np.zeros((len(SLICES.groups), len(of.outcomes)), dtype=np.int64)
    whole[0] = counts
    for attribute, levels in GROUPS.items():
        whole[SLICES.position(((attribute, levels[0]),))] = counts
    return ConfusionTally.of_independent(SLICES, whole, of)


def _evidence(task: str, kinds: dict[CopyKind, ConfusionTally]) -> Evidence:
    of = task_metrics(task, LEVELS.get(task, ()))
    items = ConfusionTally.of_independent(
        Slices(tuple(GROUPS), GROUPS, 2), np.full((len(Slices(tuple(GROUPS), GROUPS, 2).groups), len(of.outcomes)), 9), of
    )
    pairs = {f"under {kind.name}": tally for kind, tally in kinds.items()}
    document: dict[str, Any] = build(task, tally=replace(items, pairs=pairs))
    document["benchmark"]["clustered"] = False
    if pairs:
        document["tallies"]["copies"] = copies_as_json(pairs, tuple(kinds))
    return read_evidence(evidence_bytes(document))


def test_twins_and_disturbed_copies_stand_apart_and_each_kind_has_its_sentence() -> None:
    evidence = _evidence(
        "binary", {MARKER: _pairs("binary", 40, 2, 0, 0, 940, 4, 14, 0), NOISE: _pairs("binary", 50, 0, 0, 0, 947, 0, 0, 3)}
    )
    twins, disturbed = copies(evidence, task_words(evidence))
    assert (twins.anchor, disturbed.anchor) == ("twins", "disturbed")
    assert twins.items == (
        "Of 1,000 items, 20 were decided differently with only the marker changed that tells of a group (it tells of sex): "
        "6 no longer flagged; 14 newly flagged; of the 42 items that are relevant, 2 no longer flagged. "
        "We are 95 % sure that it happens to at most 2.9 % of such items.".replace("95 %", "95\u00a0%").replace("2.9 %", "2.9\u00a0%"),
    )
    assert disturbed.items[0].startswith(
        "Of 1,000 items, 3 were decided differently with some numbers moved <a little>: 3 without an answer"
    )
    assert any("got no answer" in text for text in disturbed.paragraphs)
    assert not any("got no answer" in text for text in twins.paragraphs)


def test_page_one_tells_of_copies_that_the_policy_asks_nothing_of() -> None:
    kinds = {
        MARKER: _pairs("binary", 40, 2, 0, 0, 940, 4, 14, 0), NOISE: _pairs("binary", 50, 0, 0, 0, 947, 0, 0, 3),
        HIDDEN: _pairs("binary", 30, 9, 1, 0, 10, 0, 0, 0),
    }  # fmt: skip
    evidence = _evidence("binary", kinds)
    text = "Of 2,050 changed copies, 33 were decided otherwise (1.6 %); the policy asks nothing of them."
    assert [notice.replace("\u00a0", " ") for notice in build_view(evidence).page_one.notices if "copies" in notice] == [text]
    assert lines(text) == 1
    asked = [evidence.findings[0].model_copy(update={"condition": f"under {kind}"}) for kind in ("marker", "hidden")]
    left = unasked(evidence.model_copy(update={"findings": tuple(asked)}), task_words(evidence))
    assert left.replace("\u00a0", " ") == "Of 1,000 changed copies, 3 were decided otherwise (0.3 %); the policy asks nothing of them."
    quiet = _evidence("ordinal", {MARKER: _pairs("ordinal", 9, 0, 0, 0)})
    assert unasked(quiet, task_words(quiet)) == ""
    graded = _evidence("ordinal", {MARKER: _pairs("ordinal", 8, 1, 0, 0)})
    assert "1 was graded otherwise" in unasked(graded, task_words(graded))


def test_nothing_changed_is_told_with_the_most_that_it_could_be() -> None:
    evidence = _evidence("binary", {MARKER: _pairs("binary", 40, 0, 0, 0, 60, 0, 0, 0)})
    (twins,) = copies(evidence, task_words(evidence))
    text = twins.items[0].replace("\u00a0", " ")
    assert text.startswith("Of 100 items, none was decided differently with only the marker")
    assert text.endswith("We are 95 % sure that it happens to at most 3.0 % of such items.")


def test_tables_have_every_kind_and_every_group() -> None:
    evidence = _evidence("binary", {NOISE: _pairs("binary", 40, 0, 0, 0, 60, 0, 0, 0)})
    (disturbed,) = copies(evidence, task_words(evidence))
    kinds, *groups = disturbed.tables
    assert [row[1] for row in kinds.rows] == ["flip_rate, noise", "newly_missed_rate, noise", "newly_selected_rate, noise"]
    assert [len(table.rows) for table in groups] == [len(GROUPS[name]) for name in GROUPS]
    assert groups[0].rows[1][1] == "0"


@pytest.mark.parametrize("task", ["ordinal", "ranking", "risk"])
def test_each_task_tells_it_in_its_own_nouns(task: str) -> None:
    counts = (7, 2, 1, 0) if task == "ordinal" else (7, 2, 0, 0, 80, 0, 1, 0)
    evidence = _evidence(task, {MARKER: _pairs(task, *counts)})
    words = task_words(evidence)
    (twins,) = copies(evidence, words)
    text = " ".join((*twins.items, *twins.paragraphs))
    assert f"Of {sum(counts)} {words.many}, 3 were {'graded' if task == 'ordinal' else 'decided'} differently" in text
    assert ("2 graded lower; 1 graded higher" if task == "ordinal" else "2 no longer ") in text
    assert "{" not in text
    assert "‹" not in text
    assert any(section.anchor == "twins" for section in build_view(evidence).sections)


def test_without_copies_there_is_no_section_and_page_one_says_that_they_were_not_tested() -> None:
    evidence = _evidence("binary", {})
    words = task_words(evidence)
    assert copies(evidence, words) == ()
    made = evidence.model_copy(update={"benchmark": evidence.benchmark.model_copy(update={"seed": 1})})
    assert "only the marker of a group is changed" in " ".join(not_tested(made, words))
    copied = _evidence("binary", {MARKER: _pairs("binary", 40, 0, 0, 0, 60, 0, 0, 0)})
    told = copied.model_copy(update={"benchmark": copied.benchmark.model_copy(update={"seed": 1})})
    assert "marker" not in " ".join(not_tested(told, words))


def test_a_demand_under_a_kind_says_what_is_changed() -> None:
    evidence = _evidence("binary", {NOISE: _pairs("binary", 40, 0, 0, 0, 60, 0, 0, 0)})
    assert under("under noise", task_words(evidence)) == " with some numbers moved <a little>"
    assert under("under lost", task_words(evidence)) == " under lost"
    plain = next(finding for finding in evidence.findings if finding.comparison == "at_least" and not finding.group)
    gap = plain.model_copy(update={"comparison": "max_difference", "between": ("sex",), "condition": "under noise"})
    assert "with some numbers moved <a little> may differ by at most" in asks(gap, task_words(evidence))
    assert "with some numbers" in asks(plain.model_copy(update={"condition": "under noise"}), task_words(evidence))
