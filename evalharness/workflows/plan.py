"""Before any test: how many items would show each requirement of a policy, and what the benchmark at hand can show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.benchmarks.bands import HOW_TO_MEND
from evalharness.benchmarks.copied_items import share_copied
from evalharness.catalogue import EVERY_METRIC
from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.errors import Problems, bad_input
from evalharness.files.atomic import check_free, new_folder
from evalharness.files.shape import suggestion
from evalharness.files.unchanged import check_unchanged
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.metrics.planned import plan_requirement
from evalharness.metrics.planned_base import Bases
from evalharness.metrics.planned_copies import CopiedBases
from evalharness.metrics.planned_people import plan_people
from evalharness.metrics.planned_terms import Terms
from evalharness.metrics.planned_together import all_shown, items_of_all
from evalharness.metrics.planned_values import Values
from evalharness.records import Plan, Planning, Policy, Requirement, attempt_level
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.report.planned import plan_faces
from evalharness.requirements import check_fit, expand, policy_for, policy_places, read_policy
from evalharness.requirements.planning_checks import GAPS, most_of
from evalharness.stats.planning import POWER
from evalharness.tally import ConfusionTally
from evalharness.workflows.asked_certify import refuse_certify
from evalharness.workflows.attempts import check_attempt
from evalharness.workflows.clock import resolve_time
from evalharness.workflows.judged_labels import refuse_weighted
from evalharness.workflows.plan_counting import count_without_error

_COMMON = (
    "Every item gets an answer. Items without one count against a model and take more.",
    "Numbers of items are averages: draw items until there are as many of the denominator as the table says, a number that is fixed "
    "before the test. Adding items until a requirement is shown is not allowed: it would show what is not so.",
    "The plan is of each requirement by itself, at its own value. That all are shown together has a smaller chance; the floor that is told "
    "for it supposes that all these values can be true at once.",
)
_CLUSTERED = (
    "Items of one cluster (a conversation, a case) count as if they always went right or wrong together, as evaluate counts them, and "
    "clusters hold as many items of each kind as the benchmark's."
)
_LINKED = "Clusters are those of the true links. A model that links wrongly joins clusters, and then takes more."
_SEALED = "The items that count do not exist yet: these are the public ones of the same recipe."
_COPIES = (
    "What is asked of copies with something changed is told by the items that have such copies, and as large a share of the items has them "
    "as here. A recipe that makes more copies needs fewer items."
)
_PEOPLE = (
    "What is asked of people, and of what becomes of items by bands, is planned apart: no number of items shows it, so it has no part in "
    "the numbers of items, nor in the chance that all are shown together."
)
_OF_PEOPLE = {metric.name: metric for metric in OVERSIGHT_METRICS if not metric.complete}
_HERE = "Groups, classes and clusters come in the shares of this benchmark's split."


def plan(
    policy: str | Path,
    *,
    benchmark: str | Path | None = None,
    workspace: Path | None = None,
    expected: Mapping[str, float] | None = None,
    minutes_per_label: float | None = None,
    attempt: int | None = None,
    out: Path | None = None,
    at: str | datetime | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Plan:
    """Plans every requirement of a policy on a benchmark; no model is run.

    policy, benchmark: names in the workspace, or paths. Data of a recipe is made where there is none.
    expected: true values to plan for, by id of a requirement; they go before those of the policy's block `planning`.
    minutes_per_label: goes before the policy's. attempt: judged at the level of this attempt of a campaign; None: the policy's confidence.
    out: the folder that is made, with plan.html, plan.md and plan.json. at: the day whose exemptions hold.
    Raises BadInput, with every problem, for anything wrong with the inputs; nothing is written then.
    """
    moment, place = resolve_time(at), find_workspace(workspace)
    if out is not None:
        check_free(out.absolute())
    path = policy_for(str(policy), place.root)
    read = read_policy(path)
    refuse_certify(read, "a plan")
    asked = _asked(read, expected or {}, minutes_per_label, attempt)
    opened = _opened(place, read, benchmark, progress, notice)
    check_fit(read, opened.info, policy_places(path))
    refuse_weighted(opened.info, "a plan")
    questions, exempted = expand(read, opened.levels(read.split), moment.date(), policy_places(path))
    tally = _counted(read, opened, progress)
    level = read.confidence if attempt is None else attempt_level(read.confidence, attempt)
    bases = Bases(tally, read, asked.prevalence, asked.selected)
    values = Values(bases, read, dict(asked.expected))
    terms = Terms(bases=bases, values=values, policy=read, level=level, minutes=asked.minutes_per_label, labels=asked.labels_per_item)
    copied = _of_copies(terms, tally, read, asked, opened)
    planned, chances, people = [], [], []
    for done, requirement in enumerate(read.requirements):
        progress("planning", done, len(read.requirements))
        if (metric := _OF_PEOPLE.get(requirement.metric)) is not None:
            own = [q for q in questions if q.requirement == requirement.id]
            people.append(plan_people(requirement, own, metric, read, asked, level))
            continue
        of = copied if requirement.on.under else _at_budget(terms, requirement, asked)
        one, chance = plan_requirement(of, requirement, [q for q in questions if q.requirement == requirement.id])
        planned.append(one)
        chances.append(chance)
    items, items_reason = items_of_all(planned)
    hours = terms.hours(items)
    made = Plan(
        policy=read.name,
        title=read.title,
        version=read.version,
        digest=read.digest,
        benchmark=opened.info.name,
        benchmark_digest=opened.info.digest,
        split=read.split,
        task=read.task,
        items=bases.items,
        clustered=tally.clustered,
        synthetic=opened.info.synthetic,
        confidence=read.confidence,
        level=level,
        attempt=attempt,
        wanted=POWER,
        prevalence=bases.prevalence,
        prevalence_here=bases.prevalence_here,
        minutes_per_label=asked.minutes_per_label,
        labels_per_item=asked.labels_per_item,
        requirements=tuple(planned),
        assumptions=(*_assumed(read, clustered=tally.clustered), *((_PEOPLE,) if people else ())),
        exempted=tuple((e.requirement, e.group) for e in exempted),
        items_needed=items,
        items_reason=items_reason,
        hours=hours,
        hours_reason="" if hours is not None else (items_reason or "nobody stated the minutes that one label takes"),
        all_shown_planned=all_shown([None if items is None or chance is None else chance(items) for chance in chances]),
        all_shown_at_least=all_shown([p.lead.power for p in planned]),
        people=tuple(people),
    )
    if out is not None:
        with new_folder(out.absolute()) as folder:
            for name, data in plan_faces(made).items():
                (folder / name).write_bytes(data)
    return made


def _counted(policy: Policy, opened: Benchmark, progress: Progress) -> ConfusionTally:
    """Items of the split, all decided rightly. Raises BadInput where none has a label."""
    tally = count_without_error(policy, opened, progress)
    check_unchanged(opened.states)
    if not tally.counts[0].sum():
        what = f"the benchmark has no {'item whose true band is known' if policy.task == 'risk' else 'labelled item'} in this split"
        hint = HOW_TO_MEND if policy.task == "risk" else "name a split with labelled items"
        raise bad_input(what, where=f"policy {policy.name}: split", got=policy.split, hint=hint)
    return tally


def _of_copies(terms: Terms, tally: ConfusionTally, policy: Policy, asked: Planning, opened: Benchmark) -> Terms:
    """The same for what is asked of copies; as it is where nothing is."""
    if not any(r.on.under for r in policy.requirements):
        return terms
    bases = CopiedBases(tally, policy, asked.prevalence, asked.selected, share=share_copied(opened, policy.split))
    return replace(terms, bases=bases, values=Values(bases, policy, dict(asked.expected)))


def _at_budget(terms: Terms, requirement: Requirement, asked: Planning) -> Terms:
    """The same for the leads at another daily budget; as it is where none is named."""
    if requirement.on.budget_per_day is None:
        return terms
    bases = Bases(terms.bases.tally.others[requirement.condition], terms.policy, asked.prevalence, asked.selected)
    return replace(terms, bases=bases, values=Values(bases, terms.policy, dict(asked.expected)))


def _assumed(policy: Policy, *, clustered: bool) -> tuple[str, ...]:
    """What holds for all requirements."""
    copies = any(r.on.under for r in policy.requirements)
    sometimes = ((_SEALED, policy.sealed), (_CLUSTERED, clustered), (_LINKED, policy.task == "linkage"), (_COPIES, copies))
    return (_HERE, *(text for text, holds in sometimes if holds), *_COMMON)


def _opened(place: Workspace, policy: Policy, benchmark: str | Path | None, progress: Progress, notice: Notice) -> Benchmark:
    folder = place.benchmark_of(policy, None if benchmark is None else str(benchmark))
    opened = open_benchmark(folder, counted=False, progress=progress, notice=notice)
    if policy.split not in opened.splits:
        raise bad_input(
            "the benchmark has no row in this split", where=f"policy {policy.name}: split", got=policy.split,
            expected=", ".join(opened.splits), hint="name one of them as `split` in the policy",
        )  # fmt: skip
    return opened


def _asked(policy: Policy, expected: Mapping[str, float], minutes: float | None, attempt: int | None) -> Planning:
    """What is stated, the caller's before the policy's. Raises BadInput with every problem."""
    problems = Problems()
    known = {r.id: r for r in policy.requirements}
    for name, value in expected.items():
        if name not in known:
            hint = suggestion(name, known)
            problems.add("the policy has no such requirement", where="--expect", got=name, expected=", ".join(known), hint=hint)
            continue
        metric = EVERY_METRIC[known[name].metric]
        most = most_of(metric.unit, gap=known[name].comparison in GAPS)
        if not 0 <= value <= most:
            wanted = f"a number from 0 to {most:g}" if math.isfinite(most) else "a number of at least 0"
            problems.add(f"{name} can never have this value", where="--expect", got=f"{value:g}", expected=wanted)
    if minutes is not None and not 0 < minutes <= 100_000:
        problems.add("not a time", where="--minutes-per-label", got=f"{minutes:g}", expected="a number above 0 and at most 100,000")
    check_attempt(attempt, problems)
    problems.raise_if_any()
    stated = policy.planning or Planning()
    return Planning(
        expected=tuple(sorted({**dict(stated.expected), **expected}.items())),
        minutes_per_label=stated.minutes_per_label if minutes is None else minutes,
        labels_per_item=stated.labels_per_item,
        prevalence=stated.prevalence,
        selected=stated.selected,
        readings_per_reviewer=stated.readings_per_reviewer,
        reviewer_correlation=stated.reviewer_correlation,
    )
