"""Evidence that is judged again agrees with itself; one changed value does not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from evidence_fixture import build

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.rederive import rederive

DOCUMENT = build()


def told(change: Callable[[dict[str, Any]], Any]) -> str:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return "\n".join(rederive(read_evidence(evidence_bytes(document))))


def first(document: dict[str, Any], metric: str, **group: str) -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in document["estimates"] if e["metric"] == metric and e["group"] == group)
    return found


def set_(target: dict[str, Any], **values: Any) -> None:
    target.update(values)


@pytest.mark.parametrize("kind", ["met", "mixed", "short", "empty"])
@pytest.mark.parametrize("depth", [2, 3])
def test_whole_evidence_has_nothing_to_say(kind: str, depth: int) -> None:
    assert rederive(read_evidence(evidence_bytes(build(kind=kind, depth=depth)))) == ()


def test_levels_are_those_of_the_single_attribute_groups() -> None:
    assert levels_of(read_evidence(evidence_bytes(DOCUMENT)))["sex"] == ("F", "M", "X")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: set_(d["verdict"], outcome="met"), "verdict: met is recorded"),
        (lambda d: set_(d["verdict"], reasons=[]), "reasons are not those"),
        (lambda d: set_(d["findings"][0], outcome="not_met"), "outcome is not_met"),
        (lambda d: set_(d["findings"][0], lower=0.99), "lower is 0.99"),
        (lambda d: set_(d["findings"][0], bound=0.5), "answered and not asked"),
        (lambda d: d["findings"].pop(), "asked by the policy and not answered"),
        (lambda d: d["findings"].reverse(), "not in the order"),
        (lambda d: d["findings"].append(d["findings"][0]), "answered more than once"),
        (lambda d: first(d, "recall").update(lower=0.1), "lower is"),
        (lambda d: first(d, "recall").update(value=0.5), "the tallies give"),
        (lambda d: first(d, "recall").update(n=7), "n is 7"),
        (lambda d: first(d, "recall").update(n_eff=7), "n_eff is 7"),
        (lambda d: first(d, "recall", sex="F").update(lower=0.9999), "between its bounds"),
        (lambda d: first(d, "recall").update(level=0.9), "confidence is 0.95"),
        (lambda d: first(d, "recall").update(metric="luck"), "not a metric"),
        (lambda d: first(d, "recall").update(group={"sex": "none"}), "not in the tallies"),
        (lambda d: d["estimates"].append(first(d, "recall")), "more than once"),
        (lambda d: set_(d["tallies"]["confusion"][0], tp=1), "benchmark.rows_judged"),
        (lambda d: set_(d["tallies"]["confusion"][1], tp=1), "do not add up to everybody"),
        (lambda d: d["tallies"]["confusion"].pop(0), "nobody counted everybody"),
        (lambda d: d["tallies"]["confusion"].append(d["tallies"]["confusion"][1]), "more than once"),
        (lambda d: d["tallies"]["moments"].pop(), "not the same groups"),
        (lambda d: set_(d["tallies"]["moments"][0], second=[0] * 21), "n_eff"),
        (lambda d: set_(d["predictions"], answered=1), "do not add up to items"),
        (lambda d: set_(d["policy"]["document"], confidence=0.99), "confidence is 0.99"),
        (lambda d: set_(d["policy"]["document"], version=2), "policy.version"),
        (lambda d: set_(d["policy"]["document"], requirements=[]), "policy.document"),
        (lambda d: set_(d["policy"], document={}), "policy.document"),
        (lambda d: set_(d["operating_point"], threshold=0.4), "operating_point.threshold"),
        (lambda d: set_(d["policy"]["document"], stream="other"), "operating_point.stream"),
        (lambda d: set_(d, not_judged=[]), "not_judged"),
        (lambda d: set_(d, claim="pilot"), "claim: pilot is more"),
        (lambda d: (set_(d, claim="local"), set_(d["policy"]["document"], claim="local")), "are a rehearsal"),
    ],
)
def test_one_changed_value_is_told(change: Callable[[dict[str, Any]], Any], said: str) -> None:
    assert said in told(change)


def test_a_failure_that_does_not_say_whether_it_stands_after_correction_is_told() -> None:
    def failed(document: dict[str, Any]) -> dict[str, Any]:
        return next(f for f in document["findings"] if f["outcome"] == "not_met")

    assert "corrected" in failed(build())
    assert "corrected is" in told(lambda d: failed(d).pop("corrected"))
    met = next(i for i, f in enumerate(build()["findings"]) if f["outcome"] == "met")
    assert "corrected is" in told(lambda d: d["findings"][met].update(corrected=True))
