"""The condition of a requirement, in words."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.evidence.beside import BesidePart
from evalharness.evidence.schema import FindingPart
from evalharness.records.condition import condition_of
from evalharness.records.reference import HUMAN
from evalharness.report import numbers
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import cut, visible

_ONE_PERSON = (
    "One person of those who labelled the test set stands for people, and both are held against the label without error that the recipe "
    "knows. Whoever labels at leisure may do better, or worse, than people at work."
)
_MODELS = {"incumbent": "the model in use", "baseline": "the simple model that is the baseline", "human": "a person who labelled them"}
_SHORT, _NAME = 8, 40
"""Characters of a digest by which people tell artefacts apart, and of a name on page one."""
_REWEIGHED = (
    "That only the share of {relevant} differs there. Among {relevant} the classifier answers there as it does here, among the others too, "
    "and the groups of people are mixed as here. Nothing in this test shows that."
)


def under(condition: str, task: TaskWords) -> str:
    """` where 1 % of all items are relevant`, to stand behind a demand; empty for the run as it stands."""
    asked = condition_of(condition)
    if asked.prevalence is not None:
        return f" where {numbers.exact_percent(asked.prevalence)} of all {task.many} are {_kind(task)}"
    if asked.under in task.changed:
        return f" with {visible(task.changed[asked.under])}"
    if asked.relative_to:
        return f" by {_MODELS.get(asked.relative_to, asked.relative_to)} on the same {task.many}"
    if asked.budget_per_day is not None:
        return f" where people look at {asked.budget_per_day:,} {task.many if asked.budget_per_day > 1 else task.one} a day"
    return f" {condition}" if condition else ""


def with_its_budget(phrase: str, condition: str) -> str:
    """A phrase of the task that names the daily budget, with the budget that is asked about; the operating point's where it is no other."""
    asked = condition_of(condition).budget_per_day
    return phrase if asked is None else phrase.replace("‹budget›", f"{asked:,}")


def _kind(task: TaskWords) -> str:
    """`relevant`, `truly “high”`: what the share is of."""
    return task.denominator_of("recall").removesuffix(f" {task.many}")


def measured(condition: str) -> str:
    """How the figure came about, before it: `in this test it was`."""
    return "Weighed anew for that, this test gives" if condition_of(condition).prevalence is not None else "In this test it was"


def assumed(condition: str, task: TaskWords) -> str:
    """What a figure takes for granted under its condition; mostly empty."""
    if condition_of(condition).relative_to == HUMAN:
        return _ONE_PERSON
    if condition_of(condition).prevalence is None:
        return ""
    return _REWEIGHED.replace("{relevant}", task.denominator_of("recall"))


def models_beside(evidence: Evidence) -> str:
    """`Held against the model in use: “old”, version 1 (digest 3f2a91c0).` for page one; empty where nothing is relative to a model."""
    told = []
    for part in evidence.tallies.beside:
        other = condition_of(part.condition).relative_to or ""
        if other == HUMAN:
            continue
        short = part.digest.removeprefix("sha256:")[:_SHORT]
        told.append(f"{_MODELS.get(other, other)}: “{cut(part.model, _NAME)}”, version {cut(part.version, _NAME)} (digest {short})")
    return f"Held against {' and '.join(told)}." if told else ""


def _part(finding: FindingPart, evidence: Evidence) -> BesidePart | None:
    """The counts beside the other model; None for a finding that is relative to none."""
    if not condition_of(finding.condition).relative_to:
        return None
    return next((part for part in evidence.tallies.beside if part.condition == finding.condition), None)


def beside(finding: FindingPart, evidence: Evidence, task: TaskWords) -> str:
    """Who was right where, for a finding relative to another model; empty for any other."""
    part = _part(finding, evidence)
    metric = finding.metric.removesuffix("_loss")
    row = None if part is None else next((row for row in part.rows if row.metric == metric and row.group == finding.group), None)
    if part is None or row is None:
        return ""
    both, other, this, neither, unknown = (numbers.count(kind) for kind in row.kinds)
    silent = f", {unknown} wrongly by this one while “{visible(part.model)}” gave no answer" if row.kinds[-1] else ""
    whole = f"{numbers.count(sum(row.kinds))} {task.denominator_of(metric)}"
    return (
        f"“{visible(part.model)}”, version {visible(part.version)}. Of {whole}, {both} were decided rightly by both, {other} by it alone, "
        f"{this} by this classifier alone, {neither} by neither{silent}."
    )
