"""A realistic evidence document for tests: counts by cell, exact bounds, a small judge of its own, and hostile words on demand."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from typing import Any

from scipy.special import betaincinv

from evalharness.catalogue import task_metrics
from evalharness.evidence import assemble
from evalharness.records import (
    Attempt,
    BenchmarkInfo,
    Card,
    Caution,
    Claim,
    Estimate,
    Finding,
    Group,
    Prospect,
    Question,
    Verdict,
    attempt_level,
)
from evalharness.requirements.expand import expand
from evalharness.requirements.judge import judge, verdict
from evalharness.requirements.policy_file import policy_from_document

DIGEST = "sha256:" + "ab" * 32
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;`*_[x](javascript:alert(1))|"
    "\x00\x0b\x1b[31m\u202egpj\u2066\ufffe]]>{{ 7*7 }} https://example.invalid www.example.invalid\n# x\n"
)
OUTCOME_NAMES = ("tp", "fp", "fn", "tn", "no_answer_positive", "no_answer_negative")
LEVEL = 0.95
METRICS = task_metrics("binary").metrics
_level = ContextVar("level", default=LEVEL)
"""At which everything is computed while one document is built."""
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "sex": ("F", "M", "X"),
    "ethnicity": ("E1", "E2", "E3", "E4", "E5"),
    "age": ("A1", "A2", "A3", "A4", "A5", "A6"),
}
WEIGHTS = {
    "F": 0.46, "M": 0.5, "X": 0.04, "E1": 0.55, "E2": 0.2, "E3": 0.13, "E4": 0.08, "E5": 0.04,
    "A1": 0.1, "A2": 0.2, "A3": 0.25, "A4": 0.2, "A5": 0.15, "A6": 0.1,
}  # fmt: skip


def lower(k: float, n: float) -> float:
    return 0.0 if k <= 0 else float(betaincinv(k, n - k + 1, 1 - _level.get())) if k < n else (1 - _level.get()) ** (1 / n)


def upper(k: float, n: float) -> float:
    return 1.0 - lower(n - k, n)


def same(text: str) -> str:
    return text


def hostile(text: str) -> str:
    return text + HOSTILE


def policy_document(word: Callable[[str], str], *, depth: int, strict: float, bad: bool, labels: bool = False) -> dict[str, Any]:
    each: list[Any] = ["sex", "ethnicity"] + ([["sex", "ethnicity"]] if depth > 1 else [])
    document: dict[str, Any] = {
        "schema": "evalharness/policy/v1",
        "name": "message-triage",
        "version": 1,
        "title": word("Message triage before officer review"),
        "claim": "rehearsal",
        "population": word("Generated messages of one simulated stream, drawn by the recipe message-triage."),
        "intended_use": word("Orders messages for review. Nothing is closed without a human decision."),
        "prohibited_uses": [word("closing an item without human review")],
        "stream": word("synthetic"),
        "task": "binary",
        "benchmark": "message-triage",
        "confidence": LEVEL,
        "intersections": depth,
        "operating_point": {"rule": "label"} if labels else {"threshold": 0.5},
        "human_in_the_loop": {
            "minutes_per_review": 3,
            "items_per_week": 50000,
            "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
        },
        "costs": {
            "people_found_late": {"true_relevant": {"set_aside": 1}},
            "officer_minutes": {"true_relevant": {"review": 3}, "true_not_relevant": {"review": 3}},
            "wrongful_intrusions": {"true_not_relevant": {"review": 1}},
            "elicited": {"stated_by": word("the programme board"), "on": "2026-11-01"},
        },
        "requirements": [
            {"id": "recall", "metric": "recall", "at_least": strict, "why": word("A missed message is a person found late.")},
            {"id": "false-alarms", "metric": "false_positive_rate", "at_most": 0.2, "why": word("A wrong flag opens a private message.")},
            {
                "id": "recall-everyone",
                "metric": "recall",
                "at_least": 0.9,
                "for_each": each,
                "why": word("Nobody may be missed more because of who they are."),
                "not_judged": [
                    {"group": {"ethnicity": "E5"}, "why": word("the recipe makes too few of them"), "until": "2027-01-01"}
                ],
            },
            {"id": "recall-gap", "metric": "recall", "max_difference": 0.05, "between": "sex", "why": word("The gap between groups.")},
            {"id": "minutes", "metric": "expected_cost", "unit": "officer_minutes", "at_most": 0.9, "why": word("Officers' time.")},
            {"id": "set-aside", "metric": "elusion", "at_most": 0.003, "why": word("Nobody opens this pile.")},
            {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01, "why": word("Refusing is no way to pass.")},
        ],
        "sign_off": {
            "roles": {"senior_responsible_owner": 1, "independent_evaluator": 1, "data_protection": 1, "safeguarding": 1},
            "developers_may_not_sign": True,
            "valid_for_days": 180,
        },
    }  # fmt: skip
    if bad:
        document["example_of_bad_policy"] = word("Every goal is so low that a coin would meet it.")
    return document


def even(number: float) -> int:
    return 2 * round(number / 2)


def cells(total: int, recalls: dict[str, float], fpr: float, empty: str) -> dict[Group, list[int]]:
    """Six counts for every combination of levels, sorted keys."""
    counts: dict[Group, list[int]] = {}
    for levels in product(*ATTRIBUTES.values()):
        share = 1.0
        for level in levels:
            share *= WEIGHTS[level]
        items = even(total * share)
        positives = 0 if empty in levels else even(items * 0.05)
        recall = min([recalls.get(level, recalls[""]) for level in levels])
        tp = even(positives * recall)
        refused = 2 if positives > tp + 2 else 0
        fp = even((items - positives) * fpr)
        group = tuple(sorted(zip(ATTRIBUTES, levels, strict=True)))
        counts[group] = [tp, fp, positives - tp - refused, items - positives - fp, refused, 0]
    return counts


def slices(base: dict[Group, list[int]], depth: int) -> dict[Group, list[int]]:
    found: dict[Group, list[int]] = {}
    for size in range(depth + 1):
        for subset in combinations(sorted(ATTRIBUTES), size):
            for group, row in base.items():
                key = tuple(pair for pair in group if pair[0] in subset)
                found[key] = [a + b for a, b in zip(found.get(key, [0] * 6), row, strict=True)]
    return found


def moments(row: list[int]) -> list[int]:
    """As if half of the items of each outcome came alone and half in twos, in clusters of one outcome: n / n_eff is 1.5."""
    return [3 * row[i] // 2 if i == j else 0 for i in range(6) for j in range(i, 6)]


def one(metric: str, group: Group, row: list[int]) -> Estimate:
    spec = METRICS[metric]
    k = sum(w * c for w, c in zip(spec.numerator, row, strict=True))
    n = sum(w * c for w, c in zip(spec.denominator, row, strict=True))
    n_eff = n / 1.5
    value = None if n == 0 else k / n
    return Estimate(
        metric=metric,
        group=group,
        value=value,
        lower=None if value is None else lower(value * n_eff, n_eff),
        upper=None if value is None else upper(value * n_eff, n_eff),
        level=_level.get(),
        method="Clopper-Pearson, one-sided, at n_eff (Kish, correlation taken as 1)",
        n=n,
        clusters=round(n * 0.55),
        n_eff=n_eff,
        reason="" if n else f"there are no {spec.denominator_name}",
        decides=spec.decides,
    )


def scaled(metric: str, base: Estimate, factor: float, *, unit: str = "") -> Estimate:
    def times(x: float | None) -> float | None:
        return None if x is None else x * factor

    return Estimate(
        metric=metric, group=base.group, value=times(base.value), lower=times(base.lower), upper=times(base.upper), level=_level.get(),
        method="the bounds of the proportion times a declared constant", n=base.n, clusters=base.clusters, n_eff=base.n_eff, unit=unit,
    )  # fmt: skip


def gap(metric: str, attribute: str, rows: dict[Group, list[int]], *, ratio: bool = False) -> Estimate:
    parts = [one(metric, g, row) for g, row in rows.items() if tuple(a for a, _ in g) == (attribute,)]
    known = [p for p in parts if p.value is not None]
    high = max(known, key=lambda e: e.value or 0)
    low = min(known, key=lambda e: e.value or 0)
    values = [e or 0.0 for e in (high.value, low.value, high.upper, low.lower, high.lower, low.upper)]
    if ratio:
        value, least, most = values[1] / values[0], values[3] / values[2], min(1.0, values[5] / values[4])
    else:
        value, least, most = values[0] - values[1], max(0.0, values[4] - values[5]), values[2] - values[3]
    return Estimate(
        metric=metric + ("_ratio" if ratio else "_difference"), value=value, lower=least, upper=most, level=_level.get(),
        method="MOVER from the groups' own bounds; lower end by Holm", n=sum(p.n for p in parts), clusters=sum(p.clusters for p in parts),
        n_eff=sum(p.n_eff for p in parts), between=(attribute,), pair=(high.group, low.group),
    )  # fmt: skip


def prospect(question: Question, estimates: list[Estimate], *, corrected: bool = True) -> Prospect:
    """Stands for what metrics compute: enough to show every wording."""
    found = next(
        e
        for e in estimates
        if e.metric == question.estimate_metric and e.group == tuple(sorted(question.group)) and e.unit == question.unit
    )
    if found.value is None:
        return Prospect(attainable=False, needed=None, reason=found.reason)
    good = found.value >= question.bound if question.comparison == "at_least" else found.value <= question.bound
    attainable = question.comparison != "at_least" or lower(found.n_eff, found.n_eff) >= question.bound
    return Prospect(
        attainable=attainable,
        needed=3 * found.n if good else None,
        reason="" if good else "the observed value is on the wrong side",
        corrected=corrected and not good,
    )


def renamed(group: Group, word: Callable[[str], str]) -> Group:
    return tuple(sorted((word(a), word(level)) for a, level in group))


def locked(number: int = 1, campaign: str = "message-triage/this repository") -> Attempt:
    """An attempt at the level that it must be judged at."""
    return Attempt(lock=DIGEST, campaign=campaign, number=number, level=attempt_level(LEVEL, number))


def build(*, attempt: Attempt | None = None, **options: Any) -> dict[str, Any]:
    """`_build` at the level of the attempt; without one a practice run at the policy's confidence."""
    before = _level.set(LEVEL if attempt is None else attempt.level)
    try:
        return _build(attempt=attempt, **options)
    finally:
        _level.reset(before)


def _build(
    *,
    attempt: Attempt | None,
    kind: str = "mixed",
    depth: int = 2,
    total: int = 300_000,
    word: Callable[[str], str] = same,
    bad: bool = False,
    claim: Claim = Claim.REHEARSAL,
    labels: bool = False,
    corrected: bool = True,
) -> dict[str, Any]:
    """An evidence document; kind: met, mixed (one flawed group), short (too few items), empty (a group without positives).

    corrected: whether what is not met stands after correction for the number of checks.
    """
    recalls = {"met": {"": 0.99}, "mixed": {"": 0.975, "E4": 0.84}, "short": {"": 0.97}, "empty": {"": 0.99}}[kind]
    base = cells({"short": 2_000, "met": 2 * total}.get(kind, total), recalls, 0.11, "E3" if kind == "empty" else "none")
    rows = slices(base, depth)
    document = policy_document(word, depth=depth, strict=0.95, bad=bad, labels=labels)
    minutes = scaled("expected_cost", one("review_rate", (), rows[()]), 3, unit="officer_minutes")
    late = scaled("expected_cost", one("no_answer_rate", (), rows[()]), 1, unit="people_found_late")
    plain = [m.name for m in METRICS.values() if m.kind == "proportion"]
    estimates = [one(name, group, row) for group, row in rows.items() for name in plain]
    estimates += [gap(name, a, rows) for name in ("recall", "false_positive_rate", "selection_rate") for a in ATTRIBUTES]
    estimates += [gap(name, a, rows, ratio=True) for name in ("recall", "selection_rate") for a in ATTRIBUTES]
    estimates += [minutes, late, replace(one("recall", (), rows[()]), metric="f1", method="delta(scale=logit)", decides=False)]
    policy = policy_from_document(policy_document(same, depth=depth, strict=0.95, bad=bad, labels=labels), DIGEST)
    created = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
    questions, exemptions = expand(policy, ATTRIBUTES, created.date())
    asked = {question: prospect(question, estimates, corrected=corrected) for question in questions}
    findings = list(judge(questions, estimates, asked, policy=policy, claim=claim, level=_level.get()))
    outcome = verdict(findings, policy)
    if word is not same:
        estimates = [_reworded(e, word) for e in estimates]
        findings = [_reworded(f, word) for f in findings]
    if word is not same:
        outcome = Verdict(outcome=outcome.outcome, reasons=tuple(word(reason) for reason in outcome.reasons))
        policy = replace(policy, document=document, stream=document["stream"])
    return assemble(
        claim=claim,
        policy=policy,
        card=Card(
            name=word("reference-linear"), path=Path("card.md"), digest=DIGEST, adapter="sklearn", artifact=Path("a"), sha256=DIGEST,
            version=word("1.0"), family=word("logistic regression"), supplier=word("this repository"),
        ),
        model_digest=DIGEST,
        benchmark=BenchmarkInfo(
            name=word("message-triage"), version=1, task="binary", digest=DIGEST, rows=total * 5 // 3, synthetic=True, seed=20261101,
            id_column="item_id", label_column="label", features=("f1",), attributes=tuple(word(a) for a in ATTRIBUTES), clustered=True,
            positive=word("relevant"), negative=word("other"), sampling="", title=word("Messages before review"),
        ),
        split="test",
        rows_judged=sum(rows[()]),
        accounting=_accounting(rows[()]),
        confusion=[
            {"group": dict(renamed(g, word)), **dict(zip(OUTCOME_NAMES, row, strict=True))}
            for g, row in rows.items()
        ],
        moments=[{"group": dict(renamed(g, word)), "second": moments(row), "clusters": {"items": sum(row)}} for g, row in rows.items()],
        estimates=estimates,
        findings=findings,
        exemptions=[replace(e, group=renamed(e.group, word), why=word(e.why), requirement=word(e.requirement)) for e in exemptions],
        verdict=outcome,
        translation=_translation(rows[()]),
        score_summary=None if labels else {
            "rows": sum(rows[()]), "scored": sum(rows[()]),
            "minimum": 0.0001, "maximum": 0.9998, "constant": False, "tied_at_threshold": 12,
            "auc_low": 0.981, "auc_high": 0.983, "reason": "", "worse_than_chance": False,
        },
        attainable=[
            {
                "group": dict(renamed(g, word)), "false_positive_rate": one("false_positive_rate", g, row).value,
                "recall": one("recall", g, row).value, "best_recall": 0.987, "reason": "",
            }
            for g, row in rows.items() if len(g) < 2
        ],
        notices=[_tied(word)] if word is not same or bad else [],
        limits=[
            word("The claim is a rehearsal: the benchmark is generated."),
            word("Nobody has measured the reviewers."),
            word("Correlation inside a conversation is taken as 1."),
        ],
        environment={"python": word("3.11.2"), "platform": word("linux"), "evalharness": "0.1.0"},
        created=created,
        digests={"artifact": DIGEST, "card": DIGEST, "policy": DIGEST, "benchmark": DIGEST},
        attempt=attempt,
    )  # fmt: skip


def _reworded(record: Any, word: Callable[[str], str]) -> Any:
    changed = replace(
        record,
        group=renamed(record.group, word),
        between=tuple(word(a) for a in record.between),
        pair=None if record.pair is None else tuple(renamed(g, word) for g in record.pair),
        method=word(record.method),
        reason=word(record.reason) if record.reason else "",
        unit=word(record.unit) if record.unit else "",
    )
    return replace(changed, requirement=word(record.requirement)) if isinstance(record, Finding) else changed


def _tied(word: Callable[[str], str]) -> Caution:
    return Caution(kind="tied_scores", text=word("12 items have a score equal to the threshold; they count as flagged."))


def _accounting(row: list[int]) -> dict[str, int]:
    refused = row[4] + row[5]
    return {
        "rows": sum(row), "items": sum(row), "answered": sum(row) - refused, "missing": refused - refused // 3, "duplicate": 0,
        "invalid": refused // 3, "extra": 4, "other_split": 0,
    }  # fmt: skip


def _translation(row: list[int]) -> list[Estimate]:
    total = sum(row)

    def per(metric: str, k: int, factor: float) -> Estimate:
        n_eff = round(total * 0.62, 2)
        p = k / total
        return Estimate(
            metric=metric, value=p * factor, lower=lower(p * n_eff, n_eff) * factor, upper=upper(p * n_eff, n_eff) * factor,
            level=_level.get(), method="Clopper-Pearson times a constant", n=total, clusters=total // 2, n_eff=n_eff,
        )  # fmt: skip

    counts = {"missed": row[2] + row[4], "wrongly_flagged": row[1], "reviewed": row[0] + row[1] + row[4] + row[5]}
    found = [per(f"{name}_per_1000", k, 1000) for name, k in counts.items()]
    found += [per(f"{name}_per_week", k, 50_000) for name, k in counts.items()]
    routed = one("routed_recall", (), row)
    found.append(scaled("system_recall_if_reviewers_catch_7_in_10", routed, 0.7))
    found.append(scaled("system_recall_if_reviewers_catch_9_in_10", routed, 0.9))
    return found
