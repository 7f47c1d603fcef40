"""Evidence that is judged again agrees with itself; one changed value does not."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from evidence_fixture import build, locked

from evalharness.errors import Altered
from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.rederive import judged_on, rederive

DOCUMENT = build()
LOCKED = build(attempt=locked(2))


def told(change: Callable[[dict[str, Any]], Any], of: dict[str, Any] = DOCUMENT) -> str:
    document = copy.deepcopy(of)
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


@pytest.mark.parametrize("number", [1, 2, 1000])
def test_evidence_of_an_attempt_has_nothing_to_say(number: int) -> None:
    attempt = locked(number)
    evidence = read_evidence(evidence_bytes(build(attempt=attempt)))
    assert rederive(evidence) == ()
    assert evidence.attempt == attempt
    assert {f.level for f in judged_on(evidence, date(2027, 2, 1))} == {attempt.level}


def test_without_a_lock_there_is_no_attempt() -> None:
    assert read_evidence(evidence_bytes(DOCUMENT)).attempt is None
    assert "lock" not in read_evidence(evidence_bytes(DOCUMENT)).document()


def lower_level(part: str) -> Callable[[dict[str, Any]], Any]:
    """As if that part of a locked run had been judged like a practice run."""
    return lambda d: [record.update(level=0.95) for record in d[part]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: set_(d["lock"], attempt=1), "lock.level: 0.9924009113 is recorded, and attempt 1 at confidence 0.95 is judged at 0.969"),
        (lambda d: set_(d["lock"], attempt=3), "lock.level: 0.9924009113 is recorded, and attempt 3"),
        (lambda d: set_(d["lock"], level=0.95), "lock.level: 0.95 is recorded"),
        (lambda d: set_(d["lock"], level=0.9999), "lock.level: 0.9999 is recorded"),
        (lambda d: set_(d["policy"]["document"], confidence=0.9), "lock.level"),
        (lower_level("estimates"), "has level 0.95, attempt 2 is judged at 0.9924009113"),
        (lower_level("translation"), "translation: missed_per_1000 has level 0.95"),
        (lower_level("findings"), "findings: recall has level 0.95"),
        (lambda d: first(d, "recall").update(level=0.9999), "has level 0.9999, attempt 2 is judged at 0.9924009113"),
        (lambda d: d["findings"][-1].update(level=0.99), "has level 0.99, attempt 2"),
    ],
)
def test_a_locked_run_at_another_level_is_told(change: Callable[[dict[str, Any]], Any], said: str) -> None:
    assert said in told(change, LOCKED)


def test_a_run_judged_as_if_it_were_practice_cannot_be_given_a_lock() -> None:
    lock = copy.deepcopy(LOCKED["lock"])
    assert "attempt 2 is judged at" in told(lambda d: set_(d, lock=lock))


def test_a_locked_run_may_pass_as_practice_and_is_then_no_approval() -> None:
    """Stricter than asked is no contradiction; without a lock nothing can be signed."""
    assert told(lambda d: d.pop("lock"), LOCKED) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda d: set_(d, lock=None),
        lambda d: set_(d, lock={}),
        lambda d: set_(d["lock"], attempt=0),
        lambda d: set_(d["lock"], attempt=1001),
        lambda d: set_(d["lock"], attempt="2"),
        lambda d: set_(d["lock"], level=1.0),
        lambda d: set_(d["lock"], level="0.99"),
        lambda d: set_(d["lock"], campaign=""),
        lambda d: set_(d["lock"], campaign="x" * 201),
        lambda d: set_(d["lock"], digest="sha256:0"),
        lambda d: set_(d["lock"], more=1),
    ],
)
def test_a_lock_that_is_no_lock_is_altered_evidence(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(Altered, match="lock"):
        told(change, LOCKED)


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
