"""How dials, requirements and tipping points of a stress run read."""

from __future__ import annotations

from evalharness.records import Outcome
from evalharness.records.stress import Stress, StressDial, StressFinding, StressRequirement, Tip, Tipping
from evalharness.report import demands, numbers, words

NEVER_EVIDENCE = (
    "A stress run is practice. It is no evidence, nobody can sign it, and the gate never reads it: what counts is a run of its own on the "
    "items that the policy names."
)
ONE_EACH = (
    "Met over the range means met at every setting, each judged at the policy's own level. That needs no correction for the number of "
    "settings: the chance of being met at all of them wrongly is no greater than at the worst one alone (intersection-union test, Berger "
    "1982). It is shown for the settings that were tried, not for every point between them."
)
UNION = (
    "Not met at some setting is different. Each setting draws items of its own, so with many settings a few can fail by chance: where the "
    "truth is exactly at the goal, up to {doubt} of the settings are wrongly called not met. The worst case is the worst that was seen, "
    "chance included."
)
SIZE = (
    "Not demonstrated may come from too few items as well as from the dial. {items} {noun} are judged at each setting; where the "
    "recipe's own setting is met with as many, what is lost elsewhere is the dials' doing, or chance."
)
NO_RUN_SHOWS = (
    "What the policy asks over the range no single run can show. There it is not evaluable, so a policy that asks it is not approved "
    "by the gate: evidence does not carry the counts of other settings in this version."
)


def dial_name(dial: StressDial) -> str:
    """`separability (ethnicity other)`; the prevalence by its own name."""
    if dial.prevalence is not None:
        return "prevalence"
    of = f" ({words.group_words(dict(dial.of))})" if dial.of else ""
    return dial.name.replace("_", " ") + of


def size_text(dial: StressDial, size: float) -> str:
    """A size as a reader is told it: a prevalence in percent, any other size as the recipe writes it."""
    if dial.prevalence is not None:
        return numbers.percent(dial.shown(size), decimals=2)
    return numbers.exact(float(f"{size:.4g}"))


def asked(requirement: StressRequirement) -> str:
    """`Relevant items found: at least 95 %`, with whom it is asked of."""
    return demands.asked(requirement, requirement.own.findings if requirement.for_each else 0)


def rising(requirement: StressRequirement) -> bool:
    """Whether more is better: then the lower bound decides."""
    return requirement.comparison in ("at_least", "min_ratio")


def decides(requirement: StressRequirement, finding: StressFinding) -> str:
    """`at least 91.2 %`: the bound that would have to reach the goal."""
    if finding.decides is None:
        return "no bound"
    head, rounding = ("at least ", "down") if rising(requirement) else ("at most ", "up")
    name = demands.metric_name(requirement)
    return head + words.amount(name, finding.decides, rounding, unit=requirement.unit, beside=requirement.bound)  # type: ignore[arg-type]


def whom(finding: StressFinding) -> str:
    """` (ethnicity other)`, or nothing."""
    return f" ({words.group_words(dict(finding.group))})" if finding.group else ""


def tip_sentence(dial: StressDial, tip: Tip) -> str:
    """`fails once prevalence is 1.8 % or less (still met at 1.9 %)`."""
    what = {Outcome.NOT_MET: "fails", Outcome.NOT_EVALUABLE: "cannot be judged any more"}.get(tip.outcome, "is no longer shown")
    beyond = "or more" if tip.rising else "or less"
    return f"{what} once {dial_name(dial)} is {size_text(dial, tip.first_not)} {beyond} (still met at {size_text(dial, tip.last_met)})"


def tipping_of(stress: Stress, requirement: str) -> tuple[tuple[StressDial, Tipping], ...]:
    """Every dial with what was found along it, in the recipe's order."""
    dials = {dial.name: dial for dial in stress.dials}
    return tuple((dials[found.dial], found) for found in stress.tipping if found.requirement == requirement)


def setting_text(stress: Stress, name: str) -> str:
    """`setting 12 (prevalence 3.1 %, drift 0.2, …)`: the sizes of every dial that does something."""
    run = next(run for run in (stress.own, *stress.design) if run.setting.name == name)
    if run is stress.own:
        return "the recipe's own setting"
    sizes = ", ".join(
        f"{dial_name(dial)} {size_text(dial, run.setting.size(dial.name))}" for dial in stress.dials if dial.name not in stress.inert
    )
    return f"{setting_name(name)} ({sizes})" if sizes else setting_name(name)


def setting_name(name: str) -> str:
    """`setting 12`; `own` is the recipe's own setting."""
    return "recipe's own" if name == "own" else f"setting {int(name.removeprefix('setting-'))}"
