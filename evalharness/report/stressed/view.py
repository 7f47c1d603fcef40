"""What the faces of a stress run say: first whether the verdict holds, where it is worst, and where it tips; every number after."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records import Outcome
from evalharness.records.stress import Stress, StressDial, StressRequirement
from evalharness.report import numbers, words
from evalharness.report.by_task.record import NOUNS
from evalharness.report.marks import mark
from evalharness.report.stressed.chart import Panel, panel
from evalharness.report.stressed.tables import dials_table, requirements_table, settings_table
from evalharness.report.stressed.words import (
    NO_RUN_SHOWS,
    ONE_EACH,
    SIZE,
    UNION,
    asked,
    dial_name,
    setting_text,
    tip_sentence,
    tipping_of,
)
from evalharness.report.view import Mark, Table

_MOST_PANELS = 6
"""Of one requirement; the dials that tip it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One requirement in the annex."""

    id: str
    title: str
    mark: Mark
    lines: tuple[str, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StressView:
    """A stress run as text and positions."""

    kicker: str
    title: str
    mark: Mark
    first: str
    answer: tuple[str, ...]
    table: Table
    tips: tuple[str, ...]
    no_tips: str
    parts: tuple[Part, ...]
    chart_intro: str
    dials: Table
    settings: Table
    rests_on: tuple[str, ...]
    footer: str


def stress_view(stress: Stress) -> StressView:
    """Everything that the templates lay out."""
    noun = NOUNS[stress.task][1]
    tips = tuple(_tips(stress))
    return StressView(
        kicker=(
            f"Stress run, practice · policy {stress.policy}, version {stress.policy_version} · model {stress.model} · recipe "
            f"{stress.benchmark} · {stress.created}"
        ),
        title=f"Does the verdict hold over what is plausible? {stress.policy_title}",
        mark=mark(stress.outcome),
        first=_first(stress),
        answer=tuple(_answer(stress)),
        table=requirements_table(stress),
        tips=tips,
        no_tips="" if tips else "No requirement that is met at the recipe's own setting stops being met within the range of any one dial.",
        parts=tuple(_part(stress, each) for each in stress.requirements),
        chart_intro=(
            "Upwards: the bound that decides. Across: the size of one dial. The shaded side meets the goal. The line turns this dial "
            "alone, the square is the recipe's own setting; a dot is a setting of the design, where all dials differ: filled, it is met; "
            "hollow, it is not demonstrated; a cross, it is not met. An upright dashed line marks where it stops being met."
        ),
        dials=dials_table(stress),
        settings=settings_table(stress),
        rests_on=_rests_on(stress, noun),
        footer=f"Policy {stress.policy_digest} · model {stress.model_digest} · recipe {stress.recipe_digest} · design {stress.key}",
    )


def _first(stress: Stress) -> str:
    total, met = len(stress.design), dict(stress.verdicts)[Outcome.MET]
    if stress.outcome is Outcome.MET:
        tried = f"all {total} settings" if total > 1 else "the one setting"
        return f"The policy is met at the recipe's own setting and at {tried} of its plausible ranges that {_were(total)} tried."
    own = mark(stress.own.outcome).word
    rest = ", ".join(f"{mark(outcome).word} at {count}" for outcome, count in stress.verdicts if count and outcome is not Outcome.MET)
    return f"At the recipe's own setting the policy is {own}. Over its plausible ranges it is met at {met} of {total} settings" + (
        f"; {rest}." if rest else "."
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _answer(stress: Stress) -> list[str]:
    found = []
    held = [r.id for r in stress.requirements if r.over_range is Outcome.MET]
    lost = [r for r in stress.requirements if r.over_range is not Outcome.MET]
    if held:
        found.append(f"Met at every setting: {', '.join(held)}.")
    if asked_over_range := [r for r in stress.requirements if r.demanded]:
        told = ", ".join(f"{r.id} ({mark(r.over_range).word})" for r in asked_over_range)
        found.append(f"The policy asks over the range: {told}. {NO_RUN_SHOWS}")
    if stress.left_out:
        found.append(f"Not stressed: {', '.join(stress.left_out)}. It is about copies of items, which the test set alone has.")
    if lost:
        worst = next(run for run in (stress.own, *stress.design) if run.setting.name == stress.worst_setting)
        names = ", ".join(f"{f.requirement} ({mark(f.outcome).word})" for f in worst.findings if f.outcome is not Outcome.MET)
        found.append(f"The worst case is {setting_text(stress, stress.worst_setting)}: {names}.")
    if unshown := [f.requirement for f in stress.own.findings if f.outcome in {Outcome.NOT_DEMONSTRATED, Outcome.NOT_EVALUABLE}]:
        found.append(
            f"Not shown at the recipe's own setting with {numbers.count(stress.items)} {NOUNS[stress.task][1]}: {', '.join(unshown)}. No "
            "tipping point can be told of it; more items may show it (--stress-rows)."
        )
    if stress.inert:
        names = ", ".join(dial_name(dial) for dial in stress.dials if dial.name in stress.inert)
        found.append(f"Turned alone, these dials change nothing that is counted here: {names}.")
    return found


def _tips(stress: Stress) -> list[str]:
    found = []
    for requirement in stress.requirements:
        found += [
            f"{requirement.id} {tip_sentence(dial, tip)}." for dial, along in tipping_of(stress, requirement.id) for tip in along.tips
        ]
    return found


def _part(stress: Stress, requirement: StressRequirement) -> Part:
    along = tipping_of(stress, requirement.id)
    tipped = [(dial, found) for dial, found in along if found.tips]
    lines = [words.capital(f"{tip_sentence(dial, tip)}.") for dial, found in tipped for tip in found.tips]
    reasons: dict[str, list[str]] = {}
    for dial, found in along:
        if found.reason:
            reasons.setdefault(found.reason, []).append(dial_name(dial))
    lines += [f"{words.capital(reason)}: {', '.join(names)}." for reason, names in reasons.items()]
    drawn = tipped or [(dial, found) for dial, found in along if dial.name == _widest(stress, requirement)]
    panels = [panel(stress, requirement, dial, found) for dial, found in drawn[:_MOST_PANELS]]
    return Part(
        id=requirement.id,
        title=asked(requirement),
        mark=mark(requirement.over_range),
        lines=tuple(lines),
        panels=tuple(each for each in panels if each is not None),
    )


def _widest(stress: Stress, requirement: StressRequirement) -> str:
    """The dial along which the bound that decides moves most; the first where none moves."""

    def spread(dial: StressDial) -> float:
        here = [run for run in stress.alone if run.setting.name.startswith(f"{dial.name}=")]
        known = [y for run in (stress.own, *here) if (y := run.finding(requirement.id).decides) is not None]
        return max(known) - min(known) if known else 0.0

    return max(stress.dials, key=spread).name


def _rests_on(stress: Stress, noun: str) -> tuple[str, ...]:
    changed = (
        "Items are made as those of the recipe's set under changed conditions (shifted), the only one in which drift and prevalence "
        "shift act. At the recipe's own setting both are off, and the items are drawn as those of the test set, dated after them."
        if stress.split == "test"
        else "Items are made as those of the recipe's set under changed conditions (shifted), which this run judges."
    )
    return (
        ONE_EACH,
        UNION.format(doubt=numbers.doubt(stress.confidence)),
        SIZE.format(items=words.capital(numbers.count(stress.items)), noun=noun),
        f"Settings: {stress.sampler}, {len(stress.design)} of them, each with a seed of its own that follows from the recipe's seed "
        f"{stress.seed} and the setting's name.",
        f"Tipping points: {stress.method}",
        changed,
        "The ranges are what the recipe's authors declare plausible. They are an opinion, and a model that holds over them may still fail "
        "where the world is outside.",
        "A group of the recipe for which no item was made at a setting makes its requirement not evaluable there.",
        *(f"{name}: {words.group_words(dict(group))} is exempted by the policy, and not judged." for name, group in stress.exempted),
    )
