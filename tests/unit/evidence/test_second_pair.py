"""A second pair of bounds belongs to clusters, is never tighter than the first, and is what findings carry."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from task_evidence import build
from uneven_evidence import uneven

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.evidence.second_pair import Narrower, allows_for_size

DOCUMENT = uneven()


def read(document: dict[str, Any]) -> Evidence:
    return read_evidence(evidence_bytes(document))


def recall(document: dict[str, Any], part: str = "estimates") -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in document[part] if e["metric"] == "recall" and not e["group"])
    return found


def told(change: Callable[[dict[str, Any]], Any]) -> str:
    document = copy.deepcopy(DOCUMENT)
    change(recall(document))
    return "\n".join(rederive(read(document)))


def test_evidence_of_uneven_clusters_agrees_with_itself():
    assert rederive(read(DOCUMENT)) == ()
    assert sum("by_size" in e for e in DOCUMENT["estimates"]) > 20


def test_findings_carry_the_pair_that_decides_and_the_narrower_one_is_found_again():
    evidence = read(DOCUMENT)
    narrower, of_estimates = Narrower(evidence), {e.metric: e for e in evidence.estimates if not e.group and not e.between}
    finding = evidence.findings[0]
    estimate = of_estimates["recall"]
    assert estimate.by_size == estimate.bounds == (finding.lower, finding.upper)
    assert narrower.of(finding) == (estimate.lower, estimate.upper)
    assert finding.lower is not None
    assert estimate.lower is not None
    assert finding.lower < finding.bound <= estimate.lower
    assert {f.requirement for f in evidence.findings if narrower.of(f) is not None} >= {"recall-everyone", "recall-gap"}


def test_without_clusters_there_is_one_pair():
    evidence = read(build("binary"))
    assert all(e.by_size is None and e.bounds == (e.lower, e.upper) for e in evidence.estimates)
    assert {Narrower(evidence).of(f) for f in evidence.findings} == {None}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda e: e.update(by_size=[e["lower"], e["upper"]]), "by_size repeats the bounds"),
        (lambda e: e.update(by_size=[e["lower"] + 0.001, e["by_size"][1]]), "by_size is tighter than the bounds"),
        (lambda e: e.update(by_size=[e["by_size"][0], e["upper"] - 0.001]), "by_size is tighter than the bounds"),
        (lambda e: e.update(lower=None), "by_size is tighter than the bounds"),
        (lambda e: e.update(upper=None), "by_size is tighter than the bounds"),
        (lambda e: e.update(method="clopper-pearson(one-sided, alpha=0.05, n_eff=kish)"), "its method has no second pair"),
        (lambda e: e.pop("by_size"), "r"),
    ],
)
def test_a_pair_that_cannot_be_one_is_named(change: Callable[[dict[str, Any]], Any], why: str):
    assert why in told(change)


def test_no_bound_is_wider_than_any():
    assert "by_size" not in told(lambda e: e.update(by_size=[None, None]))


def test_independent_items_have_no_second_pair():
    document = build("binary")
    recall(document)["by_size"] = [0.0, 1.0]
    assert "by_size is of clusters" in "\n".join(rederive(read(document)))


@pytest.mark.parametrize("part", ["translation", "described"])
def test_what_describes_is_held_to_the_same(part: str):
    document = copy.deepcopy(DOCUMENT)
    document.setdefault("described", [])
    if part == "described":
        document[part].append({**recall(document), "metric": "roc_auc", "decides": False})
    first = document[part][0]
    first["by_size"] = [first["lower"] + 0.0001, first["upper"]]
    assert f"{part}: {first['metric']}, overall: by_size is tighter than the bounds" in "\n".join(rederive(read(document)))


def test_what_is_older_does_not_allow_for_size():
    assert allows_for_size(read(DOCUMENT))
    assert not allows_for_size(read(build("binary")))
