"""One setting of a stress run: items made, the model run, counted, measured and judged as `evaluate` does it; then the items are gone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.stressing import JUDGED, declared_levels, recipe_at
from evalharness.errors import bad_input
from evalharness.files.atomic import write_bytes
from evalharness.files.private import private_folder
from evalharness.files.workspace import Workspace
from evalharness.metrics import measure, prospects
from evalharness.records import Finding, Outcome, Policy
from evalharness.records.progress import silent, unheard
from evalharness.records.stress import StressFinding, StressRun, StressSetting
from evalharness.requirements import expand, judge, verdict
from evalharness.workflows.claims import attainable_claim
from evalharness.workflows.counting import count
from evalharness.workflows.inputs import Inputs, Request, read_inputs
from evalharness.workflows.stress_policy import at_each_setting
from evalharness.workflows.stress_store import digest_of_counts
from evalharness.workflows.tallies import counts_as_json, moments_as_json

_WORST_FIRST = tuple(Outcome)
_NOT_MADE = "a level of the recipe has no item at this setting, so not every group could be compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is run at every setting."""

    place: Workspace
    policy: str
    model: str
    policy_digest: str
    model_digest: str
    declaration: Declaration
    items: int
    created: datetime
    near: Path
    """Data is made beside this path, and removed once it was counted."""
    keep: Path | None = None
    """Where the benchmark folder of each setting is kept; null: it is removed."""


def run_setting(asked: Asked, setting: StressSetting) -> StressRun:
    """Raises BadInput where the recipe cannot be made at the setting, the model fails, or policy or model changed meanwhile."""
    with ExitStack() as opened:
        folder = opened.enter_context(private_folder(asked.near)) if asked.keep is None else asked.keep / setting.name
        recipe = recipe_at(asked.declaration, dict(setting.sizes), items=asked.items, seed=setting.seed)
        write_bytes(folder / "benchmark.yaml", recipe)
        request = Request(policy=asked.policy, model=asked.model, benchmark=str(folder), split=JUDGED, copies=False)
        inputs = read_inputs(asked.place, request, asked.created, silent, unheard)
        if (inputs.policy.digest, inputs.model_digest) != (asked.policy_digest, asked.model_digest):
            raise bad_input(
                "policy or model changed while the stress run was going on",
                where=setting.name,
                hint="start it again: finished settings count",
            )
        return _judged(asked, inputs, setting)


def _judged(asked: Asked, inputs: Inputs, setting: StressSetting) -> StressRun:
    """By the same functions as evidence is made. Groups are those that the recipe declares: none is left out for having no item."""
    policy, today = at_each_setting(inputs.policy), asked.created.date()
    counted = count(inputs, silent)
    tally, level = counted.tally, policy.confidence
    levels, seen = declared_levels(asked.declaration), inputs.benchmark.levels(policy.split)
    answerable, _ = expand(policy, seen, today)
    estimates = measure(tally, policy, level, answerable)
    claim, _ = attainable_claim(policy, inputs.benchmark.info)
    questions, _ = expand(policy, levels, today)
    findings = judge(questions, estimates, prospects(tally, answerable, policy, level), policy=policy, claim=claim, level=level)
    findings = tuple(_complete(finding, levels, seen) for finding in findings)
    return StressRun(
        setting=setting,
        items=int(tally.counts[0].sum()),
        counts=digest_of_counts({**counts_as_json(tally), "moments": moments_as_json(tally)}),
        outcome=verdict(findings, policy).outcome,
        findings=_by_requirement(policy, findings),
    )


def _complete(finding: Finding, levels: Mapping[str, tuple[str, ...]], seen: Mapping[str, tuple[str, ...]]) -> Finding:
    """A gap that is met among the groups that were made is not evaluable where one of the recipe's was not."""
    absent = any(set(levels[attribute]) - set(seen.get(attribute, ())) for attribute in finding.between)
    if not absent or finding.outcome is Outcome.NOT_MET:
        return finding
    return replace(finding, outcome=Outcome.NOT_EVALUABLE, reason=_NOT_MADE)


def _by_requirement(policy: Policy, findings: Iterable[Finding]) -> tuple[StressFinding, ...]:
    found = list(findings)
    return tuple(_worst(requirement.id, [f for f in found if f.requirement == requirement.id]) for requirement in policy.requirements)


def _worst(requirement: str, findings: list[Finding]) -> StressFinding:
    """The worst outcome, and the least margin among those."""
    if not findings:
        return StressFinding(
            requirement=requirement, outcome=Outcome.NOT_EVALUABLE, group=(), value=None, decides=None, margin=None, n=0, findings=0, met=0,
            reason="nothing was found about it",
        )  # fmt: skip
    worst = min(findings, key=lambda f: (_WORST_FIRST.index(f.outcome), _margin_or_worst(f), f.group))
    return StressFinding(
        requirement=requirement,
        outcome=worst.outcome,
        group=worst.group,
        value=worst.value,
        decides=_decides(worst),
        margin=margin(worst),
        n=worst.n,
        findings=len(findings),
        met=sum(f.outcome is Outcome.MET for f in findings),
        reason=worst.reason,
    )


def margin(finding: Finding) -> float | None:
    """How far the bound that would have to reach the goal lies on its right side; null without such a bound."""
    decides = _decides(finding)
    if decides is None:
        return None
    return decides - finding.bound if _wants_more(finding) else finding.bound - decides


def _decides(finding: Finding) -> float | None:
    return finding.lower if _wants_more(finding) else finding.upper


def _wants_more(finding: Finding) -> bool:
    return finding.comparison in ("at_least", "min_ratio")


def _margin_or_worst(finding: Finding) -> float:
    found = margin(finding)
    return -math.inf if found is None else found
