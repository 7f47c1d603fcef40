"""What the parts of a policy mean together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evalharness.errors import Problems
from evalharness.files.yaml import KeyPath, YamlDocument
from evalharness.requirements.change_plan_checks import check_change_plan
from evalharness.requirements.checks import RequirementChecks
from evalharness.requirements.condition_checks import conditions_of
from evalharness.requirements.context import Context, Line, context_of, lines_of
from evalharness.requirements.oversight.bands_checks import check_bands
from evalharness.requirements.oversight.certify_checks import check_certify
from evalharness.requirements.oversight.exposure_checks import check_exposure
from evalharness.requirements.oversight.people_checks import check_people
from evalharness.requirements.oversight.raters_checks import check_raters
from evalharness.requirements.oversight.reviews_checks import check_review_study
from evalharness.requirements.oversight.sample_checks import check_sampling
from evalharness.requirements.oversight.team_checks import check_team
from evalharness.requirements.oversight.work_checks import check_work
from evalharness.requirements.planning_checks import check_planning
from evalharness.requirements.shape import WORD
from evalharness.requirements.sign_off_checks import check_sign_off
from evalharness.requirements.task_checks import check_agreed, check_task, task_of


def check_policy(document: YamlDocument, problems: Problems) -> None:
    """Adds what the shape cannot see. Works on a policy whose shape is wrong too, as far as that can be read."""
    data: dict[str, Any] = document.data
    context, lines = context_of(data), lines_of(document)
    check_task(document, problems)
    check_agreed(document, problems)
    check_certify(document, problems)
    _check_sensitivity(document, data, problems)
    check_review_study(document, problems)
    check_bands(document, task_of(data), problems)
    check_team(document, task_of(data), problems)
    check_raters(document, task_of(data), problems)
    _check_words(document, ("sign_off", "roles"), problems)
    check_sign_off(document, problems)
    _check_costs(document, context, problems)
    for line in lines:
        RequirementChecks(document, line, context, problems).run()
    _check_ids(document, lines, problems)
    _check_ceilings(document, lines, context, problems)
    check_sampling(document, problems)
    check_work(document, task_of(data), problems)
    check_people(document, task_of(data), problems)
    check_exposure(document, task_of(data), problems)
    check_planning(document, lines, context, problems)
    check_change_plan(document, [line.shape.id for line in lines if "id" not in line.faulty], problems)


def _check_sensitivity(document: YamlDocument, data: dict[str, Any], problems: Problems) -> None:
    people = data.get("human_in_the_loop")
    declared = people.get("reviewer_sensitivity") if isinstance(people, dict) else None
    low, high = (declared.get("low"), declared.get("high")) if isinstance(declared, dict) else (None, None)
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        where = document.where(("human_in_the_loop", "reviewer_sensitivity", "low"))
        problems.add("the low end of the reviewers' sensitivity is above the high end", where=where, got=f"low {low}, high {high}")


def _check_costs(document: YamlDocument, context: Context, problems: Problems) -> None:
    if not isinstance(document.data.get("costs"), dict):
        return
    if not context.dearest:
        problems.add("costs names no unit", where=document.where(("costs",)), hint="add a unit, or remove costs")
    for name, dearest in context.dearest.items():
        if dearest == 0:
            where = document.where(("costs", name))
            problems.add(f"the unit {name} costs nothing", where=where, hint="give a cost above 0, or remove the unit")
    _check_words(document, ("costs",), problems)


def _check_words(document: YamlDocument, path: KeyPath, problems: Problems) -> None:
    """Keys that are the author's own words: roles and units."""
    block: Any = document.data
    for step in path:
        block = block.get(step) if isinstance(block, dict) else None
    for key in block if isinstance(block, dict) else ():
        if WORD.fullmatch(key) is None:
            expected = "a word of a-z, 0-9 and '_', starting with a letter, at most 64 long"
            problems.add(f"the key is not a name for {path[-1]}", where=document.where((*path, key)), got=key, expected=expected)


def _check_ids(document: YamlDocument, lines: Iterable[Line], problems: Problems) -> None:
    first: dict[str, str] = {}
    for line in lines:
        if "id" in line.faulty:
            continue
        where = document.where((*line.path, "id"))
        if line.shape.id in first:
            problems.add(f"the id '{line.shape.id}' stands twice", where=where, hint=f"the first is at {first[line.shape.id]}; rename one")
        first.setdefault(line.shape.id, where)


def _check_ceilings(document: YamlDocument, lines: list[Line], context: Context, problems: Problems) -> None:
    """What refusing or reviewing everything would flatter stands only beside a limit on refusals or reviews."""
    limited = {line.shape.metric for line in lines if _limits(line)}
    for line in lines:
        metric = context.metrics.get(line.shape.metric)
        for missing in sorted(set(metric.needs_ceiling_on) - limited) if metric and metric.decides else ():
            problems.add(
                f"requirement {line.shape.id}: {metric.name if metric else ''} may be required only beside an upper bound on {missing}",
                where=document.where((*line.path, "metric")),
                hint=f"add {{id: {missing.replace('_', '-')}, metric: {missing}, at_most: NUMBER}} without for_each, NUMBER below 1",
            )


def _limits(line: Line) -> bool:
    """Whether it bounds its metric from above, for everybody, in the run as it stands. A bound that could not be read counts: its own
    mistake is reported."""
    bound = line.shape.at_most
    return line.shape.for_each is None and not conditions_of(line.shape) and ("at_most" in line.faulty or (bound is not None and bound < 1))
