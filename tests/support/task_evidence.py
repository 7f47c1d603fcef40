"""An evidence document of each task, measured and judged by the real code on counts written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from tallies_by_hand import independent

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.evidence import assemble
from evalharness.metrics import group_context, measure, prospects, translation
from evalharness.metrics.rules import TODAY, Rules
from evalharness.records import Attempt, BenchmarkInfo, Card, Claim, Group, Policy, group_as_json
from evalharness.requirements import expand, judge, policy_from_document, verdict
from evalharness.tally import ConfusionTally, ScoreSummary
from evalharness.workflows.limits import cautions_of
from evalharness.workflows.tallies import counts_as_json, moments_as_json

DIGEST = "sha256:" + "cd" * 32
TASKS = ("binary", "ordinal", "ranking", "linkage", "risk")
LEVELS: dict[str, tuple[str, ...]] = {"ordinal": ("none", "C", "B", "A"), "risk": ("low", "medium", "high")}
POINTS: dict[str, dict[str, Any]] = {
    "binary": {"threshold": 0.5},
    "ordinal": {"rule": "label"},
    "ranking": {"budget_per_day": 50},
    "linkage": {"threshold": 0.7},
    "risk": {"top_band": "high"},
}
NAMES = {
    "binary": "message-triage",
    "ordinal": "severity-grading",
    "ranking": "lead-priority",
    "linkage": "case-linkage",
    "risk": "risk-level",
}
GROUPS: dict[str, tuple[str, ...]] = {"sex": ("F", "M"), "ethnicity": ("E1", "E2", "E3")}
SHARES = {"F": 0.5, "M": 0.5, "E1": 0.7, "E2": 0.2, "E3": 0.1}
PEOPLE = {"minutes_per_review": 5, "items_per_week": 4000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
COSTS = {
    "minutes": {"true_relevant": {"review": 5}, "true_not_relevant": {"review": 5}},
    "elicited": {"stated_by": "the programme board", "on": "2026-11-01"},
}
NO_ANSWER = {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.02, "why": "Refusing is no way to pass."}
REQUIREMENTS: dict[str, list[dict[str, Any]]] = {
    "binary": [
        {"id": "recall", "metric": "recall", "at_least": 0.9, "why": "A missed message is a person found late."},
        {"id": "false-alarms", "metric": "false_positive_rate", "at_most": 0.2},
        {"id": "recall-everyone", "metric": "recall", "at_least": 0.8, "for_each": ["sex", "ethnicity"]},
        NO_ANSWER,
    ],
    "ordinal": [
        {"id": "agreement", "metric": "exact_agreement", "at_least": 0.7, "why": "A grade that is wrong sends work to the wrong desk."},
        {"id": "too-low", "metric": "under_grading_1", "at_most": 0.15, "why": "What is graded too low waits too long."},
        {"id": "far-too-low", "metric": "under_grading_2", "at_most": 0.03, "for_each": ["sex", "ethnicity"]},
        {"id": "gravest", "metric": "critical_miss", "at_most": 0.02, "why": "The gravest must never lie at the bottom."},
        {"id": "gap", "metric": "under_grading_1", "max_difference": 0.05, "between": "ethnicity"},
        NO_ANSWER,
    ],
    "ranking": [
        {"id": "found", "metric": "recall_at_budget", "at_least": 0.8, "why": "Whoever is not looked at today is not protected today."},
        {"id": "found-everyone", "metric": "recall_at_budget", "at_least": 0.7, "for_each": ["sex", "ethnicity"]},
        {"id": "worth", "metric": "precision_at_budget", "at_least": 0.1, "why": "Looking costs people's time."},
        NO_ANSWER,
    ],
    "linkage": [
        {"id": "links-found", "metric": "pairwise_recall", "at_least": 0.85, "why": "A missed link hides half of a story."},
        {"id": "links-true", "metric": "pairwise_precision", "at_least": 0.9, "why": "A wrong link mixes up two people."},
        {"id": "links-everyone", "metric": "pairwise_recall", "at_least": 0.8, "for_each": ["ethnicity"]},
        NO_ANSWER,
    ],
    "risk": [
        {"id": "gravest-found", "metric": "recall", "at_least": 0.75, "why": "A grave report placed low waits."},
        {"id": "wrongly-high", "metric": "false_positive_rate", "at_most": 0.1, "why": "The top band must stay small."},
        {"id": "everyone", "metric": "recall", "at_least": 0.65, "for_each": ["sex", "ethnicity"]},
        {"id": "minutes", "metric": "expected_cost", "unit": "minutes", "at_most": 1.5},
        NO_ANSWER,
    ],
}


def policy_document(task: str, **changes: Any) -> dict[str, Any]:
    people = {"human_in_the_loop": PEOPLE, "costs": COSTS} if task in ("binary", "risk") else {}
    return {
        "schema": "evalharness/policy/v1",
        "name": NAMES[task],
        "version": 1,
        "title": f"What {NAMES[task]} must show first",
        "claim": "rehearsal",
        "population": "Generated, no period, no place, no person.",
        "intended_use": "Orders the work of people. Nothing is closed without a human decision.",
        "prohibited_uses": ["acting against a person on the answer alone"],
        "stream": "synthetic",
        "task": task,
        "benchmark": NAMES[task],
        "confidence": 0.95,
        "operating_point": POINTS[task],
        **people,
        "requirements": REQUIREMENTS[task],
        "sign_off": {"roles": {"senior_responsible_owner": 1, "safeguarding": 1}, "developers_may_not_sign": True, "valid_for_days": 180},
        **changes,
    }


def sorted_cell(items: int, *, good: float, refused: int, share: float = 0.05, alarms: float = 0.05) -> list[int]:
    """Six counts of one cell."""
    relevant = round(items * share)
    found = round((relevant - refused) * good)
    wrong = round((items - relevant) * alarms)
    return [found, wrong, relevant - refused - found, items - relevant - wrong, refused, 0]


def graded_cell(items: int, *, good: float, refused: int) -> list[int]:
    """Four levels: mostly right, mistakes mostly by one level, as many too low as too high."""
    rows, unanswered = [], []
    for true, share in enumerate((0.6, 0.2, 0.13, 0.07)):
        count = round(items * share)
        weights = [good if level == true else (1 - good) * 0.45 ** (abs(level - true) ** 2) for level in range(4)]
        row = [round(count * w / sum(weights)) for w in weights]
        row[true] += count - sum(row)
        row[true] -= refused * (true == 3)
        rows += row
        unanswered.append(refused * (true == 3))
    return [*rows, *unanswered]


def tally_of(
    task: str, *, total: int = 60_000, good: float = 0.88, flawed: str = "", worse: float = 0.7, refused: int = 0
) -> ConfusionTally:
    """Independent items; the level `flawed` of any attribute is served `worse` times as well."""
    of: TaskMetrics = task_metrics(task, LEVELS.get(task, ()))
    cells: dict[tuple[str, ...], Sequence[int]] = {}
    for levels in product(*GROUPS.values()):
        items, quality = total, good * (worse if flawed in levels else 1)
        for level in levels:
            items = round(items * SHARES[level])
        if task == "ordinal":
            cells[levels] = graded_cell(items, good=quality, refused=refused)
        elif task == "linkage":
            cells[levels] = sorted_cell(items, good=quality, refused=refused, share=0.3, alarms=0.01)
        elif task == "risk":
            cells[levels] = sorted_cell(items, good=quality, refused=refused, share=0.1, alarms=0.06)
        else:
            cells[levels] = sorted_cell(items, good=quality, refused=refused)
    return independent(cells, tuple(GROUPS), 2, of)


def attainable_of(tally: ConfusionTally, best: float, alarms: float) -> list[dict[str, Any]]:
    """Everybody and every level, as the counters write them; `best` and `alarms` for all."""
    of = tally.of
    names = {"ordinal": "exact_agreement", "ranking": "recall_at_budget", "linkage": "pairwise_recall"}
    rows = []
    for group, counts in zip(tally.slices.groups, tally.counts.tolist(), strict=True):
        if len(group) < 2:
            if of.task in names:
                name = names[of.task]
                rows.append({"group": group_as_json(group), "metric": name, "value": _share(of, name, counts), "best": best,
                             "n": _weighted(of.metrics[name].denominator, counts), "reason": ""})  # fmt: skip
            else:
                rows.append({"group": group_as_json(group), "best_recall": best, "best_false_positive_rate": alarms, "reason": "",
                             "recall": _share(of, "recall", counts),
                             "false_positive_rate": _share(of, "false_positive_rate", counts)})  # fmt: skip
    return rows


def _weighted(weights: Sequence[int], counts: Sequence[int]) -> int:
    return sum(w * c for w, c in zip(weights, counts, strict=True))


def _share(of: TaskMetrics, name: str, counts: Sequence[int]) -> float | None:
    below = _weighted(of.metrics[name].denominator, counts)
    return _weighted(of.metrics[name].numerator, counts) / below if below else None


def build(
    task: str,
    *,
    tally: ConfusionTally | None = None,
    best: float = 0.95,
    alarms: float = 0.03,
    attempt: Attempt | None = None,
    word: Callable[[str], str] = str,
    policy: Mapping[str, Any] | None = None,
    synthetic: bool = True,
    rules: Rules = TODAY,
    created: datetime = datetime(2026, 11, 22, 13, 0, tzinfo=UTC),
) -> dict[str, Any]:
    """The document of one run. `word` changes the names of levels and of the top band; `rules`: by which bounds were made."""
    told = policy_of(task, **dict(policy or {}))
    tally = tally_of(task) if tally is None else tally
    items, refused = int(tally.counts[0].sum()), int(sum(tally.counts[0][outcome] for outcome in tally.of.refused))
    account = {"items": items, "answered": items - refused, "missing": refused, "duplicate": 0, "invalid": 0}
    tally = replace(tally, account=account)
    levels = tuple(map(word, LEVELS.get(task, ())))
    confidence = told.confidence if attempt is None else attempt.level
    questions, exemptions = expand(told, tally.slices.levels, created.date())
    estimates = measure(tally, told, confidence, questions, rules=rules)
    more = prospects(tally, questions, told, confidence, rules=rules)
    findings = judge(questions, estimates, more, policy=told, claim=Claim.REHEARSAL, level=confidence)
    counted = counts_as_json(tally)
    for row in counted.get("ordinal", []):
        row["labels"] = list(levels)
    document = assemble(
        claim=Claim.REHEARSAL,
        policy=told,
        card=Card(name="reference-model", path=Path("card.md"), digest=DIGEST, adapter="sklearn", artifact=Path("a"), sha256=DIGEST,
                  version="1.0", family="a forest", supplier="this repository"),
        model_digest=DIGEST,
        benchmark=BenchmarkInfo(
            name=NAMES[task], version=1, task=task, digest=DIGEST, rows=items * 3, synthetic=synthetic,
            seed=20261101 if synthetic else None,
            id_column="item_id", label_column="label", features=("f",), attributes=tally.slices.attributes, clustered=tally.clustered,
            positive="" if task in ("ordinal", "linkage") else "1", negative="" if task in ("ordinal", "linkage") else "0",
            sampling="", title=NAMES[task], levels=levels,
        ),
        split="test",
        rows_judged=items,
        accounting={"rows": items, "items": items, "answered": items - refused, "missing": refused, "duplicate": 0, "invalid": 0,
                    "extra": 0, "other_split": 0},
        **counted,
        moments=moments_as_json(tally),
        estimates=estimates,
        findings=findings,
        exemptions=exemptions,
        verdict=verdict(findings, told),
        translation=translation(tally, told, confidence, rules),
        score_summary=_scores(items) if task in ("binary", "ranking", "risk") else None,
        attainable=attainable_of(tally, best, alarms),
        notices=cautions_of(told, None, tally.counts[0].tolist()),
        limits=["Nobody has measured the people."],
        environment={"python": "3.11.7"},
        created=created,
        digests={"artifact": DIGEST, "card": DIGEST, "policy": DIGEST, "benchmark": DIGEST},
        attempt=attempt,
        group_context=group_context(tally, confidence, questions),
    )  # fmt: skip
    if word is not str and task == "risk":
        document["operating_point"]["top_band"] = levels[-1]
    return document


def policy_of(task: str, **changes: Any) -> Policy:
    return policy_from_document(policy_document(task, **changes), DIGEST)


def _scores(items: int) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(
        ScoreSummary(rows=items, scored=items, minimum=0.01, maximum=0.98, constant=False, worse_than_chance=False, tied_at_threshold=0,
                     auc_low=0.9, auc_high=0.91, reason="")
    )  # fmt: skip


def group(**levels: str) -> Group:
    return tuple(sorted(levels.items()))
