"""A recipe is refused with every problem at once: dials that are wrong alone, and dials that do not go together."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from benchmark_folder import ROOT

from evalharness.benchmarks.declaration import read_declaration
from evalharness.errors import BadInput, Problem
from evalharness.files.yaml import read_yaml

ALONE: dict[str, Any] = {
    "rows": -7,
    "seed": "x",
    "colour": "red",
    "groups.sex": {"F": 0.5, "M": 0.6},
    "copies.share": -0.02,
    "harms.swapped": {"size": 0, "range": [0, 1]},
    "harms.drift.size": "much",
    "harms.prevalence_shift.range": [0.1],
}
"""Wrong by themselves, in every family."""
TOGETHER: dict[str, Any] = {
    "splits.train": 0.3,
    "groups.item_id": {"a": 0.5, "b": 0.5},
    "harms.base_rate.of": {"ethnicity": "martian"},
    "harms.separability.of": {"height": "tall"},
    "harms.duplicates.size": 3,
    "harms.under_representation.range": [0.1, 0],
    "harms.label_noise": {"of": {"sex": "F"}, "size": 0.3, "range": [0, 0.1]},
}
OWN_ALONE: dict[str, dict[str, Any]] = {
    "message-triage": {"conversations.lengths": [0.5, 0.6], "signal.own_tokens": -3, "raters.number": 9},
    "severity-grading": {"signal.hard_share": 1.2, "raters.far": 2},
    "lead-priority": {"queues.correlation": 1.0, "arrivals.at_risk": [1.0]},
    "risk-level": {"households.correlation": 1.0, "raters.number": 9},
    "case-linkage": {"regions.size": 64000, "raters.number": 9},
}
OWN_TOGETHER: dict[str, dict[str, Any]] = {
    "message-triage": {
        "tokens.fewest": 30, "channels": {"a": 0.5, "b": 0.4}, "signal.usage_of": "height", "prevalence": 0.001,
    },
    "severity-grading": {
        "levels.none": 0.9, "cases.grave_levels.A": 0.9, "signal.shared": {"C": 11, "B": 9, "A": 42}, "signal.usage_of": "height",
    },
    "lead-priority": {"queues.fewest": 4_999, "reviews.fewest": 1_440, "harms.proxy.feature": "n1", "numeric.sex": {"shift": 1.0}},
    "risk-level": {"bands.medium": 0.9, "raters.error": 0.9, "harms.proxy.toward": "zz", "numeric.sex": {"shift": 1.0}},
    "case-linkage": {
        "candidates.agree_on": ["a1", "zz"], "attributes.a8": 11, "errors.missing": 0.9, "harms.missing.attributes": ["b1"],
        "errors_of.b1": {"missing": 0.1, "replaced": 0.1, "neighbour": 0.1},
    },
}  # fmt: skip
NEEDS: dict[str, tuple[str, ...]] = {
    "prevalence": ("conversations",),
    "queues.fewest": ("rows", "splits"),
    "harms.base_rate.of": ("groups.ethnicity",),
    "errors.missing": ("harms.drift", "attributes", "harms.missing"),
    "attributes.a8": (),
}
"""What a check between dials reads beside the dials that are changed here."""
FAMILIES = tuple(sorted(OWN_ALONE))


def changed(family: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The shipped recipe with other dials; other problems than those of the changes cannot arise from its rows."""
    document: dict[str, Any] = json.loads(json.dumps(read_yaml(ROOT / "datasets_synthetic" / family / "benchmark.yaml").data))
    for path, value in changes.items():
        *above, last = path.split(".")
        at = document["generate"]
        for key in above:
            at = at.setdefault(key, {})
        at[last] = value
    return document


def problems(folder: Path, document: dict[str, Any]) -> set[tuple[str, str]]:
    """(what is wrong, what was found) of everything that is told."""
    (folder / "benchmark.yaml").write_text(json.dumps(document))
    with pytest.raises(BadInput) as caught:
        read_declaration(folder)
    assert [problem for problem in caught.value.problems if not _full(problem)] == []
    return {(problem.what, problem.got) for problem in caught.value.problems}


def _full(problem: Problem) -> bool:
    return bool(problem.where and (problem.hint or (problem.got and problem.expected)))


def apart(one: str, other: str) -> bool:
    """Whether no check that finds one of two faults reads the dial of the other."""
    return not any(a.startswith(b) or b.startswith(a) for a, b in product((one, *NEEDS.get(one, ())), (other, *NEEDS.get(other, ()))))


@pytest.mark.parametrize("family", FAMILIES)
def test_faults_of_both_kinds_are_told_beside_one_another(family: str, tmp_path: Path) -> None:
    changes = {
        **TOGETHER,
        **OWN_TOGETHER[family],
        **OWN_ALONE[family],
        "colour": "red",
        "harms.swapped": 1,
        "seed": "x",
        "copies.share": -1,
    }
    changes = {path: value for path, value in changes.items() if path != "prevalence"}  # reads a dial that is wrong alone
    alone = [problems(tmp_path, changed(family, {path: value})) for path, value in changes.items()]
    together = problems(tmp_path, changed(family, changes))
    assert {what for each in alone for what, _ in each} - {what for what, _ in together} == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_fault_hides_one_that_reads_other_dials(family: str, tmp_path: Path) -> None:
    single = {**ALONE, **TOGETHER, **OWN_ALONE[family], **OWN_TOGETHER[family]}
    told = {path: problems(tmp_path, changed(family, {path: value})) for path, value in single.items()}
    hidden = []
    for one, other in product({**ALONE, **OWN_ALONE[family]}, {**TOGETHER, **OWN_TOGETHER[family]}):
        if apart(one, other):
            both = problems(tmp_path, changed(family, {one: single[one], other: single[other]}))
            hidden += [(one, other, lost) for lost in (told[one] | told[other]) - both]
    assert hidden == []


def test_the_head_of_a_recipe_is_told_beside_its_dials(tmp_path: Path) -> None:
    document = {**changed("message-triage", TOGETHER), "name": "No Name", "version": 0, "task": "risk", "permitted": ["height"]}
    whats = {what for what, _ in problems(tmp_path, document)}
    assert {"'name' is not what is expected here", "'version' is not what is expected here"} <= whats
    assert {"the family message-triage is not for this task", "only an attribute under 'groups' can be permitted"} <= whats
    assert "the shares of the splits do not add up" in whats


def test_errors_of_many_attributes_are_one_problem(tmp_path: Path) -> None:
    found = problems(tmp_path, changed("case-linkage", {"errors.missing": 0.95, "errors.replaced": 0.95}))
    assert [what for what, _ in found] == ["errors and harms leave no right value to some records, in a4, a5, a6, a7, a8"]
    assert next(got for _, got in found).startswith("2.35: errors.missing 0.95, errors.replaced 0.95, ")


@pytest.mark.parametrize(
    ("bands", "level"),
    [({"medium": 0.1, "high": 0.9999}, "high"), ({"medium": 1e-9, "high": 0.3}, "low"), ({"medium": 0.3, "high": 0.300001}, "medium")],
)
def test_a_level_in_which_no_report_is_to_be_expected_is_refused(bands: dict[str, float], level: str, tmp_path: Path) -> None:
    (told,) = problems(tmp_path, changed("risk-level", {"bands": bands, "rows": 20_000}))
    assert told[0] == f"no report is to be expected in the level '{level}'"
    assert "of 65,536 reports made apart" in told[1]
