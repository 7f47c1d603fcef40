"""What the faces of a plan say, in words a reader who is not technical gets first, and every number behind it after."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.records import Alternative, Plan, PlannedRequirement
from evalharness.report import numbers, words
from evalharness.report.by_task.record import NOUNS
from evalharness.report.planned_chart import Curve, curves
from evalharness.report.planned_tables import alternatives_table, asked, cells_table, people_table, planned_table, value_text
from evalharness.report.view import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One requirement in the annex."""

    id: str
    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan as text and positions."""

    kicker: str
    title: str
    first: str
    answer: tuple[str, ...]
    beliefs: tuple[str, ...]
    table: Table
    people: Table | None
    """What is asked of people; None where nothing is."""
    people_lines: tuple[str, ...]
    curves: tuple[Curve, ...]
    chart_intro: str
    not_drawn: str
    parts: tuple[Part, ...]
    assumptions: tuple[str, ...]
    exempted: tuple[str, ...]
    footer: str


def plan_view(plan: Plan) -> PlanView:
    """Everything that the templates lay out."""
    noun = NOUNS[plan.task][1]
    texts = [(r, asked(r), _believed(r, r.lead)) for r in plan.requirements]
    drawn = curves(plan, texts, noun)
    left_out = [r.id for r in plan.requirements if not r.curve]
    return PlanView(
        kicker=f"Plan, made before any test · policy {plan.policy}, version {plan.version} · benchmark {plan.benchmark}",
        title=f"How large must a test be? {plan.title}",
        first=_first(plan, noun),
        answer=tuple(_answer(plan, noun)),
        beliefs=tuple(_beliefs(plan)),
        table=planned_table(plan, noun),
        people=people_table(plan) if plan.people else None,
        people_lines=tuple(_of_people(plan)),
        curves=drawn,
        chart_intro=(
            f"Each line is the chance of showing one requirement with so many {noun}, if the value planned for is true. The dashed line is "
            f"{numbers.exact_percent(plan.wanted)}, the upright line what the benchmark has; the dot is what the plan asks for. "
            "Steps to the right are tenfold. Lines have teeth where a few more items allow no further error."
        ),
        not_drawn=f"Not drawn, as no number of {noun} can be told: {', '.join(left_out)}." if left_out else "",
        parts=tuple(_part(r, noun) for r in plan.requirements),
        assumptions=plan.assumptions,
        exempted=tuple(
            f"{name}: {words.group_words(dict(group))} is exempted by the policy, and not planned." for name, group in plan.exempted
        ),
        footer=f"Policy {plan.digest} · benchmark {plan.benchmark_digest}. No model was run.",
    )


def _believed(planned: PlannedRequirement, alternative: Alternative) -> str:
    if alternative.value is None:
        return "no value to plan for"
    how = "stated" if planned.stated else "half-way, nobody stated it"
    return f"if it is truly {value_text(planned, alternative.value)} ({how})"


def _first(plan: Plan, noun: str) -> str:
    chance = numbers.exact_percent(plan.wanted)
    known = [r for r in plan.requirements if r.lead.items is not None]
    if not known:
        of = " that is not about people" if plan.people and plan.requirements else ""
        if plan.people and not plan.requirements:
            return f"No number of {noun} shows what this policy asks: all of it is about people, and planned in reviewers and other units."
        return f"No number of {noun} can be told for any requirement{of}; the reasons are below."
    most = max(known, key=lambda r: r.lead.items or 0)
    every = len(plan.requirements) + len(plan.people)
    those = "each requirement" if len(known) == every else f"{len(known)} of the {every} requirements"
    return (
        f"{_about(most.lead.items)} {noun} give a chance of at least {chance} of showing {those}, one by one, if the values planned "
        f"for are true. The one that takes most: {most.id}."
    )


def _about(value: int | None) -> str:
    return numbers.ABSENT if value is None else words.capital(numbers.about(value))


def _answer(plan: Plan, noun: str) -> list[str]:
    found = []
    without = [r for r in plan.requirements if r.lead.items is None]
    found += [f"No number for {r.id}: {r.lead.reason}." for r in without]
    hours = [r.lead.hours for r in plan.requirements if r.lead.hours is not None]
    if hours and plan.minutes_per_label is not None:
        each = f" by {plan.labels_per_item} people each" if plan.labels_per_item > 1 else ""
        found.append(
            f"Labelling so many{each} takes {numbers.about(math.ceil(max(hours)))} hours of people's time, at "
            f"{numbers.exact(plan.minutes_per_label)} minutes a label."
        )
    elif plan.minutes_per_label is None:
        found.append("How many hours of labelling that is cannot be told: nobody stated how long one label takes.")
    if plan.people:
        found.append(f"What is asked of people is planned apart, as no number of {noun} shows it: {', '.join(p.id for p in plan.people)}.")
    if plan.all_shown_planned:
        floor = numbers.percent(plan.all_shown_planned, "down")
        found.append(f"With so many, {_all(plan)} are shown together with a chance of at least {floor}.")
    enough = [r for r in plan.requirements if r.lead.power is not None and r.lead.power >= plan.wanted]
    known = [r for r in plan.requirements if r.lead.power is not None]
    short = [f"{r.id} (chance {numbers.expected(r.lead.power)})" for r in known if r not in enough]
    unknown = [r.id for r in plan.requirements if r.lead.power is None]
    text = f"The benchmark at hand has {numbers.count(plan.items)} {noun}: enough for {len(enough)} of {len(known)} requirements."
    text += f" Not enough for {', '.join(short)}." if short else ""
    text += f" The chance is not known of {', '.join(unknown)}." if unknown else ""
    found.append(text)
    if plan.all_shown_at_least:
        found.append(
            f"With it {_all(plan)} are shown together with a chance of at least {numbers.percent(plan.all_shown_at_least, 'down')}."
        )
    if plan.synthetic:
        found.append("The benchmark is made, so its labels cost nothing; hours are for as many real items.")
    return found


def _of_people(plan: Plan) -> Iterator[str]:
    """Each assumption once, with the requirements that it is about."""
    for text in dict.fromkeys(text for p in plan.people for text in p.assumptions):
        yield f"{text} ({', '.join(p.id for p in plan.people if text in p.assumptions)})"


def _all(plan: Plan) -> str:
    return "all requirements that are not about people" if plan.people else "all requirements"


def _beliefs(plan: Plan) -> list[str]:
    unstated = [r.id for r in plan.requirements if not r.stated and r.lead.value is not None]
    found = []
    if unstated:
        head = "Nobody stated how good the model is believed to be" + (
            "" if len(unstated) == len(plan.requirements) else f" for {', '.join(unstated)}"
        )
        found.append(
            f"{head}. The plan then leads with the value half-way between the goal and a model without error, and has others beside "
            "it: the nearer the truth is to the goal, the more items it takes, without limit. State what you believe, and why, under "
            "planning: expected in the policy, or with --expect."
        )
    level = words.sure(plan.level)
    if plan.attempt is None:
        found.append(
            f"Bounds are those of a practice run, {level}. A run that is to be signed is judged as an attempt of a campaign, more "
            "strictly: plan it with --attempt 1, or the number of your attempt."
        )
    else:
        found.append(
            f"Bounds are those of attempt {plan.attempt} of a campaign: {level}, where the policy says "
            f"{numbers.confidence(plan.confidence)}."
        )
    if plan.prevalence is not None and plan.prevalence_here is not None and plan.prevalence != plan.prevalence_here:
        found.append(
            f"Items are planned to be drawn where {numbers.percent(plan.prevalence)} are relevant, as stated; in the benchmark "
            f"{numbers.percent(plan.prevalence_here)} are."
        )
    return found


def _part(planned: PlannedRequirement, noun: str) -> Part:
    lines = [_believed(planned, planned.lead)] if planned.lead.value is not None else []
    if planned.lead.reason:
        lines.append(f"No number of {noun} can be told: {planned.lead.reason}.")
    tables = [alternatives_table(planned, noun)] + ([cells_table(planned, noun)] if any(c.group for c in planned.cells) else [])
    return Part(
        id=planned.id,
        title=asked(planned),
        lines=(*(words.capital(line) + ("" if line.endswith(".") else ".") for line in lines), *planned.assumptions),
        tables=tuple(tables),
    )
