"""Plain words for metrics, outcomes, claims and findings: the sentences a reader who is not technical gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evalharness.catalogue import EVERY_METRIC
from evalharness.evidence.schema import EstimatePart, FindingPart
from evalharness.report import numbers
from evalharness.report.by_task import TaskWords
from evalharness.report.numbers import Rounding
from evalharness.report.under import measured, under, with_its_budget

_TAILS = {"difference": ": gap between groups", "ratio": ": lowest group over highest", "loss": ": lost", "": ""}
_SIDES = {"at_least": "at least", "equals": "exactly"}
Measured = FindingPart | EstimatePart


MARKS: dict[str, tuple[str, str]] = {
    "met": ("✓", "met"),
    "not_met": ("✗", "not met"),
    "not_demonstrated": ("?", "not demonstrated"),
    "not_evaluable": ("–", "not evaluable"),
}
UNCORRECTED = "not corrected for the number of checks"
OUTCOMES_WORST_FIRST = ("not_met", "not_evaluable", "not_demonstrated", "met")
CLAIMS: dict[str, tuple[str, str]] = {
    "rehearsal": (
        "REHEARSAL",
        "A rehearsal shows that the instrument, the policy and the procedure work. "
        "It cannot say how the classifier would do on real items, with real reviewers, for real people.",
    ),
    "local": (
        "LOCAL TEST",
        "The items were sampled by the organisation from its own stream. This cannot say how the classifier does elsewhere, later, "
        "or in the hands of real reviewers.",
    ),
    "shadow": (
        "SHADOW RUN",
        "The classifier ran on the live stream without any effect. This cannot say what changes once people act on its answers.",
    ),
    "pilot": (
        "PILOT",
        "The classifier was used in a limited way and the people were measured. This cannot say how it does beyond that use.",
    ),
}


def metric_of(name: str) -> tuple[str, str]:
    """The name behind an estimate's name, and `difference`, `ratio`, `loss` (against another model) or an empty text."""
    for suffix in ("difference", "ratio", "loss"):
        base = name.removesuffix("_" + suffix)
        if base != name:
            return base, suffix
    return name, ""


def title(name: str, task: TaskWords) -> str:
    """The metric's title for a reader; an unknown name stands for itself."""
    base, gap = metric_of(name)
    return task.title_of(base) + _TAILS[gap]


def failed(finding: FindingPart) -> bool:
    """Whether a reader may be told that it failed: not met, and so even after correction for the number of checks."""
    return finding.outcome == "not_met" and finding.corrected is True


def share(name: str, task: TaskWords) -> str:
    """The quantity as a noun."""
    base, _ = metric_of(name)
    return task.named(task.phrases[base].share) if base in task.phrases else base.replace("_", " ")


def is_share(name: str) -> bool:
    """Whether the value reads as a percentage."""
    base, gap = metric_of(name)
    return gap in {"difference", "loss"} or (gap == "" and base in EVERY_METRIC and EVERY_METRIC[base].unit == "proportion")


def amount(name: str, value: float | None, rounding: Rounding = "near", *, unit: str = "", beside: float | None = None) -> str:
    """A value of this metric as text; `beside` is the goal it is compared with."""
    base, gap = metric_of(name)
    decimals = None if beside is None else numbers.decimals_of(beside, percentage=is_share(name))
    if value is None:
        return numbers.ABSENT
    if is_share(name):
        return (numbers.points if gap else numbers.percent)(value, rounding, decimals=decimals)
    return numbers.plain(value, rounding, decimals=decimals) + _unit(base, gap, unit)


def fine(name: str, value: float | None, rounding: Rounding = "near", *, unit: str = "") -> str:
    """The same in a table of the annex: a share below one in a hundred has two decimals."""
    _, gap = metric_of(name)
    return numbers.fine(value, rounding) if is_share(name) and not gap else amount(name, value, rounding, unit=unit)


def goal(finding: FindingPart) -> str:
    """The policy's bound, as written."""
    base, gap = metric_of(finding.metric)
    if is_share(finding.metric):
        return (numbers.exact_points if gap else numbers.exact_percent)(finding.bound)
    return numbers.exact(finding.bound) + _unit(base, gap, finding.unit)


def _unit(base: str, gap: str, unit: str) -> str:
    if gap == "ratio":
        return ""
    words = {"minutes": "minutes", "reviews": "reviews", "levels": "levels", "cost": unit.replace("_", " ")}.get(
        EVERY_METRIC[base].unit if base in EVERY_METRIC else "", ""
    )
    return numbers.SPACE + words if words else ""


def group_words(group: Mapping[str, str]) -> str:
    """`sex F and ethnicity X`; everybody: `everyone`."""
    return " and ".join(f"{attribute} {level}" for attribute, level in sorted(group.items())) or "everyone"


def attributes_words(attributes: tuple[str, ...]) -> str:
    """`sex and ethnicity together`."""
    return attributes[0] if len(attributes) == 1 else " and ".join(attributes) + " together"


def sure(level: float) -> str:
    """`95 % sure`."""
    return f"{numbers.confidence(level)} sure"


def asks(finding: FindingPart, task: TaskWords, whom: str = "") -> str:
    """What the policy asks, as a demand."""
    base, _ = metric_of(finding.metric)
    phrase = task.phrases.get(base)
    if finding.comparison in ("max_difference", "min_ratio"):
        between = attributes_words(finding.between) if finding.between else "the groups"
        what = share(finding.metric, task) + under(finding.condition, task)
        if finding.comparison == "max_difference":
            return f"Between any two groups of {between}, {what} may differ by at most {goal(finding)}."
        return f"For any two groups of {between}, {what}: the lower must be at least {goal(finding)} times the higher."
    if finding.comparison == "margin":
        more = f"at most {goal(finding)} more may be decided wrongly than{under(finding.condition, task)}"
        return capital(f"of the {denominator(finding, task)}, {more}{whom}.")
    amount_words = f"{_SIDES.get(finding.comparison, 'at most')} {goal(finding)}"
    must = phrase.must if phrase else f"{title(finding.metric, task)} must be {{}}"
    modal = (" may ", " must ") if finding.comparison == "at_least" else (" must ", " may ")
    demand = task.named(_placed(with_its_budget(must, finding.condition).replace(*modal), amount_words))
    return capital(demand) + under(finding.condition, task) + whom + "."


def found(finding: FindingPart, task: TaskWords) -> str:
    """What the data show, with the bound that decides."""
    if finding.outcome == "not_evaluable":
        whom = f"for {group_words(finding.group)} " if finding.group else ""
        return capital(f"{whom}this cannot be computed: {finding.reason or 'no reason is recorded'}.")
    if finding.between or finding.comparison in ("max_difference", "min_ratio"):
        return _found_gap(finding)
    return _found_one(finding, task)


def deciding(finding: FindingPart) -> tuple[Rounding, float | None]:
    """The bound that decides and the way it is rounded: `down` is a lower bound, `up` an upper one."""
    low_is_good = finding.comparison in ("at_least", "min_ratio")
    if low_is_good == (finding.outcome != "not_met"):
        return "down", finding.lower
    return "up", finding.upper


def bound_words(finding: FindingPart) -> str:
    """`at least 91.2 %`."""
    rounding, value = deciding(finding)
    if value is None:
        return "no bound"
    head = "at least" if rounding == "down" else "at most"
    return f"{head} {amount(finding.metric, value, rounding, unit=finding.unit, beside=finding.bound)}"


def _found_one(finding: FindingPart, task: TaskWords) -> str:
    if finding.comparison == "margin":
        return _found_beside(finding, task)
    base, _ = metric_of(finding.metric)
    phrase = task.phrases[base].of if base in task.phrases else f"{title(finding.metric, task)} is {{}}"
    of = task.named(with_its_budget(phrase, finding.condition))
    value = amount(finding.metric, finding.value, unit=finding.unit, beside=finding.bound)
    if finding.comparison == "equals":
        return f"{capital(_placed(of, value))}. All were counted, so there is nothing to estimate."
    whom = under(finding.condition, task) + (f" (among {group_words(finding.group)})" if finding.group else "")
    _, bound = deciding(finding)
    if bound is None:
        return f"In this test {_placed(of, value)}{whom}; no bound can be given for it: {finding.reason or 'no reason is recorded'}."
    return f"We are {sure(finding.level)} that {_placed(of, bound_words(finding))}{whom}. {measured(finding.condition)} {value}."


def _found_beside(finding: FindingPart, task: TaskWords) -> str:
    """Against another model, on the same items."""
    whom = f" (among {group_words(finding.group)})" if finding.group else ""
    _, bound = deciding(finding)
    if bound is None:
        return f"No bound can be given for it{whom}: {finding.reason or 'no reason is recorded'}."
    net = finding.value or 0.0
    value = f"{amount(finding.metric, abs(net), beside=finding.bound)} {'fewer' if net < 0 else 'more'}"
    return (
        f"We are {sure(finding.level)} that {bound_words(finding)} more of the {denominator(finding, task)} are decided wrongly than"
        f"{under(finding.condition, task)}{whom}. In this test it was {value}."
    )


def _found_gap(finding: FindingPart) -> str:
    rounding, bound = deciding(finding)
    pair = ""
    if finding.pair is not None:
        pair = f" (the pair that decides: {group_words(finding.pair[0])}, and {group_words(finding.pair[1])})"
    if bound is None:
        return f"No bound can be given for the comparison{pair}: {finding.reason or 'no reason is recorded'}."
    text = amount(finding.metric, bound, rounding, unit=finding.unit, beside=finding.bound)
    if finding.comparison == "max_difference":
        if finding.outcome == "not_met":
            return f"We are {sure(finding.level)} that two groups differ by at least {text}{pair}."
        return f"We are {sure(finding.level)} that no two groups differ by more than {text}{pair}."
    if finding.outcome == "not_met":
        return f"We are {sure(finding.level)} that for two groups the lower is at most {text} times the higher{pair}."
    return f"We are {sure(finding.level)} that the lower is at least {text} times the higher{pair}."


def clears(finding: FindingPart) -> bool:
    """Whether the bound that decides reaches the goal."""
    rounding, bound = deciding(finding)
    return bound is not None and (bound >= finding.bound if rounding == "down" else bound <= finding.bound)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text if not text or text.endswith((".", "…")) else capital(text) + "."


def on_wrong_side(finding: FindingPart) -> bool:
    """Whether the figure found is itself short of the goal."""
    if finding.value is None:
        return False
    return finding.value < finding.bound if finding.comparison in ("at_least", "min_ratio") else finding.value > finding.bound


def _placed(phrase: str, amount_words: str) -> str:
    head, _, tail = phrase.partition("{}")
    return head + amount_words + tail


def role(name: str) -> str:
    """`data protection`."""
    return name.replace("_", " ")


def names(roles: Iterable[str]) -> str:
    """`safeguarding, data protection`."""
    return ", ".join(role(name) for name in roles)


def roles(seats: Iterable[tuple[str, str]]) -> str:
    """`safeguarding (1), data protection (2)`."""
    return ", ".join(f"{role(name)} ({number})" for name, number in seats)


def capital(text: str) -> str:
    """With a capital letter first."""
    return text[:1].upper() + text[1:]


def denominator(finding: FindingPart, task: TaskWords) -> str:
    """What one counted thing is: `relevant items`."""
    base, _ = metric_of(finding.metric)
    return task.many if finding.condition.startswith("at prevalence") else task.denominator_of(base)
