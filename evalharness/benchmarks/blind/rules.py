"""By which rule the answers of a vendor become decisions: the kinds that a task has, or the one of a policy."""

from __future__ import annotations

from typing import Any

from evalharness.records import BenchmarkInfo, Policy

_ANSWERS = {
    ("binary", "score >= threshold"): "`item_id` and `score` (a number from 0 to 1, higher: more likely {positive})",
    ("binary", "label"): "`item_id` and `label` ({negative} or {positive})",
    ("ordinal", "label"): "`item_id` and `label` (one of {levels}), or `item_id` and one column of scores per level",
    ("ranking", "budget"): "`item_id` and `score` (higher: to be looked at sooner)",
    ("linkage", "score >= threshold"): "`left_id`, `right_id` and `score` for the pairs of pairs.parquet",
    ("linkage", "label"): "`item_id` and `entity`",
    ("risk", "top_band"): "`item_id`, `score` (the probability of {positive}) and `label` (one of {levels})",
}
_KINDS = {
    ("binary", "score >= threshold"): "a score threshold: an item is selected where its score is {threshold} or more",
    ("binary", "label"): "labels: an item is selected where your label is {positive}",
    ("ordinal", "label"): "labels: an item has the level of your label, or the one with the highest score",
    (
        "ranking",
        "budget",
    ): "a daily budget: in each queue {budget} items are worked, those with the highest scores; of equal scores the earlier",
    ("linkage", "score >= threshold"): "a score threshold: a pair is linked where its score is {threshold} or more",
    ("linkage", "label"): "labels: records are linked where they have the same `entity`",
    ("risk", "top_band"): "labels: an item has the level of your label; those of {band} are acted on first",
}


def answers_wanted(info: BenchmarkInfo, policy: Policy | None) -> str:
    """Which columns to send back."""
    rule = None if policy is None else policy.operating_point.rule
    wanted = [said for (task, kind), said in _ANSWERS.items() if task == info.task and rule in {None, kind}]
    words = {"positive": info.positive, "negative": info.negative, "levels": ", ".join(info.levels)}
    return "; or ".join(said.format(**words) for said in wanted)


def rule_told(info: BenchmarkInfo, policy: Policy | None) -> str:
    """How answers become decisions; without a policy: every kind of rule that the task has."""
    kinds = {rule: said for (task, rule), said in _KINDS.items() if task == info.task}
    if policy is not None:
        point = policy.operating_point
        threshold, budget = f"{point.threshold}", f"{point.budget_per_day}"
        said = kinds[point.rule].format(positive=info.positive, threshold=threshold, budget=budget, band=point.top_band)
        return f"The rule of the policy {policy.name}, version {policy.version}, is {said}."
    named = {
        "threshold": "a number that the board names",
        "budget": "a number (which the board names) of",
        "band": "the level that the board names",
    }
    listed = "\n".join(f"* {said.format(positive=info.positive, **named)}" for said in kinds.values())
    return f"The board judges by one rule, which its policy fixes. Ask for it before you answer. For this task there is\n\n{listed}"


def rule_as_json(policy: Policy | None) -> dict[str, Any] | None:
    """The same for manifest.json; null without a policy."""
    if policy is None:
        return None
    point = policy.operating_point
    stated = {"threshold": point.threshold, "budget_per_day": point.budget_per_day, "top_band": point.top_band}
    found = {name: value for name, value in stated.items() if value is not None}
    return {"policy": policy.name, "version": policy.version, "rule": point.rule, **found}


def by_label(policy: Policy | None) -> bool:
    """Whether the labels of the answers decide, where scores could."""
    return policy is not None and policy.operating_point.rule == "label"
