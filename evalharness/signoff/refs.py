"""The exact things that a lock fixes, beside those that are about to run: in what do they differ?"""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.errors import bad_input
from evalharness.records import BenchmarkInfo, Card, Policy
from evalharness.records.decimals import decimal_text
from evalharness.signoff.predicates import BenchmarkRef, LockPredicate, ModelRef, PointRef, PolicyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """What a lock and its run must agree on."""

    policy: PolicyRef
    benchmark: BenchmarkRef
    model: ModelRef
    operating_point: PointRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """One thing in which two `Refs` differ."""

    what: str
    """`text of the policy`, `artefact of the model`, …"""
    locked: str
    actual: str


def refs_for(policy: Policy, card: Card, model_digest: str, benchmark: BenchmarkInfo) -> Refs:
    """What is about to run. Raises BadInput for a model without a card."""
    if card.digest is None:
        raise bad_input(
            "a model without a card can never be signed for", where="--model", got=card.name, expected="a card in model_cards/",
            hint="write a card: who made the model, from what, for what",
        )  # fmt: skip
    point = policy.operating_point
    fixed = point.threshold is not None and point.certify is None  # a certified one is found by the run, and stands in its evidence
    try:
        threshold = decimal_text(point.threshold) if fixed and point.threshold is not None else None
    except ValueError as error:
        what = "the threshold has too many digits to be signed"
        raise bad_input(what, where=f"policy {policy.name}", got=repr(point.threshold), expected="at most 20 decimals") from error
    return Refs(
        policy=PolicyRef(name=policy.name, version=policy.version, digest=policy.digest),
        benchmark=BenchmarkRef(
            name=benchmark.name, digest=benchmark.identity, rows=benchmark.rows, seed=benchmark.seed, split=policy.split
        ),
        model=ModelRef(name=card.name, digest=model_digest, card=card.digest),
        operating_point=PointRef(
            rule=point.rule, threshold=threshold, stream=policy.stream, budget_per_day=point.budget_per_day, top_band=point.top_band
        ),
    )


def refs_of_lock(lock: LockPredicate) -> Refs:
    """What a lock fixes."""
    return Refs(policy=lock.policy, benchmark=lock.benchmark, model=lock.model, operating_point=lock.operating_point)


def unlike(locked: Refs, actual: Refs) -> tuple[Unlike, ...]:
    """Everything in which `actual` is not what was `locked`, in a fixed order; empty when it is exactly that."""
    pairs = (
        ("policy", locked.policy.name, actual.policy.name),
        ("version of the policy", locked.policy.version, actual.policy.version),
        ("text of the policy", locked.policy.digest, actual.policy.digest),
        ("benchmark", locked.benchmark.name, actual.benchmark.name),
        ("content of the benchmark", locked.benchmark.digest, actual.benchmark.digest),
        ("number of rows", locked.benchmark.rows, actual.benchmark.rows),
        ("seed", locked.benchmark.seed, actual.benchmark.seed),
        ("split", locked.benchmark.split, actual.benchmark.split),
        ("model", locked.model.name, actual.model.name),
        ("artefact of the model", locked.model.digest, actual.model.digest),
        ("text of the model card", locked.model.card, actual.model.card),
        ("rule of the operating point", locked.operating_point.rule, actual.operating_point.rule),
        ("threshold", locked.operating_point.threshold, actual.operating_point.threshold),
        ("daily budget", locked.operating_point.budget_per_day, actual.operating_point.budget_per_day),
        ("top band", locked.operating_point.top_band, actual.operating_point.top_band),
        ("stream of items", locked.operating_point.stream, actual.operating_point.stream),
    )
    return tuple(Unlike(what=what, locked=_text(old), actual=_text(new)) for what, old, new in pairs if old != new)


def _text(value: object) -> str:
    return "none" if value is None else str(value)
