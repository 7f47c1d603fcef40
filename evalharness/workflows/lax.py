"""Requirements that look strict and are not: page one says so, and `verify` holds every run to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evalharness.catalogue import Metric
from evalharness.catalogue.prevalence import shift_of
from evalharness.evidence import Evidence
from evalharness.records import Caution, Policy, Requirement
from evalharness.records.comparison import DEFAULT_MARGIN, WIDE_MARGIN
from evalharness.records.paired import PairedFinding
from evalharness.report.compared.words import TITLES, listed
from evalharness.report.numbers import exact_percent
from evalharness.tally import ConfusionTally
from evalharness.workflows.limits import claim_cautions, without_force

_WIDE = "asks for little"
"""What is said of a wide margin, and of nothing else."""
_OF_CLAIMS = frozenset({"impossible_claim", "claim_above_measured"})


def lax_requirements(policy: Policy, tally: ConfusionTally, model: str, others: Mapping[str, str]) -> tuple[Caution, ...]:
    """A warning for every requirement under a condition that nothing can fail, that drawing lots would meet, or whose margin is wide.

    model: digest of the classifier's artefact. others: by condition, that of the model that it is held against.
    """
    found = ((r, _why(r, tally, others.get(r.condition) == model)) for r in policy.requirements)
    return tuple(Caution(kind="cannot_fail", text=text.format(f"The requirement '{r.id}'")) for r, text in found if text)


def wide_margin(margin: float, findings: Iterable[PairedFinding]) -> Iterator[str]:
    """That the margin of a comparison asks for little, and in which metrics even a challenger that is always wrong would meet it."""
    if margin < WIDE_MARGIN:
        return
    yield (
        f"A margin of {exact_percent(margin)} asks for little: a challenger may lose that share of the items of each metric and is still "
        f"called not worse. Without --margin it is {exact_percent(DEFAULT_MARGIN)}."
    )
    free = {f.metric: None for f in findings if f.counts.n and f.counts.both + f.counts.may_be_lost <= margin * f.counts.n}
    if free:
        met = listed([TITLES[metric] for metric in free])
        yield f"In {met} anything meets that margin: the incumbent is right so seldom that there is no more to lose."


def untold(evidence: Evidence, policy: Policy, tally: ConfusionTally, *, whole: bool) -> Iterator[str]:
    """What page one must warn of and the evidence does not, or warns of without a reason: requirements without force, and claims.

    whole: wide margins are told of too; older evidence may be silent on them.
    """
    told = {notice.text for notice in evidence.notices if notice.kind == "cannot_fail"}
    others = {part.condition: part.digest for part in evidence.tallies.beside}
    due = {caution.text for caution in (*without_force(policy), *lax_requirements(policy, tally, evidence.model.digest, others))}
    if told != due and (whole or told != {text for text in due if _WIDE not in text}):
        yield "notices: which requirements nothing can fail, or drawing lots would meet, does not follow from policy and tallies"
    of_claims = [(notice.kind, notice.text) for notice in evidence.notices if notice.kind in _OF_CLAIMS]
    if of_claims != [(caution.kind, caution.text) for caution in claim_cautions(part.checked for part in evidence.claims)]:
        yield "notices: what is warned of in the supplier's claims does not follow from them"


def _why(requirement: Requirement, tally: ConfusionTally, against_itself: bool) -> str:
    """`{}` stands for the requirement; empty where it asks something."""
    metric, on = tally.of.metrics.get(requirement.metric), requirement.on
    if metric is None:
        return ""
    if on.prevalence is not None and _lots_meet(requirement, metric, on.prevalence):
        return f"{{}} asks for no more than drawing lots would give where {exact_percent(on.prevalence)} are relevant."
    if on.budget_per_day is not None and metric.name == "recall_at_budget" and _everything_is_seen(tally, requirement.condition):
        return f"{{}} can never fail: with {on.budget_per_day:,} a day everything in this test is looked at, in whatever order."
    return _why_relative(requirement, tally, against_itself) if on.relative_to else ""


def _why_relative(requirement: Requirement, tally: ConfusionTally, against_itself: bool) -> str:
    if against_itself:
        return "{} can never fail: it holds the classifier against itself."
    if _nothing_to_lose(tally, requirement):
        return "{} can never fail: the model that the classifier is held against is right so seldom that there is no more to lose."
    if requirement.bound >= WIDE_MARGIN:
        return f"{{}} {_WIDE}: against that model {exact_percent(requirement.bound)} of what it counts may be lost."
    return ""


def _lots_meet(requirement: Requirement, metric: Metric, prevalence: float) -> bool:
    """Of what lots select or leave, as large a part is relevant as of everything."""
    shift = shift_of(metric)
    if shift not in {"relevant part", "irrelevant part"}:
        return False
    share = prevalence if shift == "relevant part" else 1 - prevalence
    return share >= requirement.bound if requirement.comparison == "at_least" else share <= requirement.bound


def _everything_is_seen(tally: ConfusionTally, condition: str) -> bool:
    """Neither missed nor rightly left: both are what was not looked at."""
    other = tally.others.get(condition)
    return other is not None and int(other.counts[0].sum()) > 0 and not int(other.counts[0][2:4].sum())


def _nothing_to_lose(tally: ConfusionTally, requirement: Requirement) -> bool:
    """Whether in a group that is asked about a classifier that is always wrong would lose no more than the margin."""
    paired = tally.beside.get(requirement.condition)
    if paired is None or requirement.metric not in paired.metrics:
        return False
    asked = {tuple(sorted(attributes)) for attributes in requirement.for_each} or {()}
    place = paired.metrics.index(requirement.metric)
    for at, group in enumerate(paired.slices.groups):
        both, lost, _, _, unknown = (int(n) for n in paired.counts[at, place])
        total = int(paired.counts[at, place].sum())
        if tuple(sorted(attribute for attribute, _ in group)) in asked and total and both + lost + unknown <= requirement.bound * total:
            return True
    return False
