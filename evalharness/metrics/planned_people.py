"""Requirements on figures about people, planned: in reviewers and readings, in people, in items drawn, and not in items of a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight.exposure import OVER_CAP
from evalharness.catalogue.oversight.people import CONTACTED, LATE, LATE_LOW, LATE_RELEVANT, SECOND_LOOK
from evalharness.metrics.methods import alpha_of
from evalharness.metrics.oversight_differences import DIFFERENCES
from evalharness.metrics.planned_values import STATED, STEPS, WRONG_SIDE
from evalharness.records import Planning, Policy, Question, Requirement, attempt_level
from evalharness.records.oversight_sample import PRECISION, RECALL
from evalharness.records.planned_people import PeopleSize, PlannedPeople
from evalharness.stats.planning import POWER, Direction
from evalharness.stats.planning_readers import MOST_PEOPLE, fewest_without_error, needed_for_difference, needed_people

READINGS_EACH = 50
"""Of the kind that is counted, by one reviewer, where the policy does not say."""
_REVIEWERS, _CASES = "reviewers", "cases"
_UNITS = {"people": "people and cases of their own", "bands": "items of cases of their own", "exposure": "reviewers"}
_OF_TIME = dict.fromkeys(
    (LATE, LATE_RELEVANT, LATE_LOW, SECOND_LOOK, CONTACTED), "weeks in which items come, with as many people and cases"
)
_OF_TIME[OVER_CAP] = "reviewers, on as many days"
"""By metric: what comes in one week, or on one day, counts as one."""
_UNITS_KNOWN = frozenset({*_UNITS, "reviews", "team", "sample"})
_TOO_MANY = f"more than {MOST_PEOPLE:,} would be needed"
_NOT_STATED = "how far people with the classifier will be from people without it is nobody's to assume: state the expected value"
_HALVES = 0.5
_DRAWN = "the register of a period says how large its piles are, and `evalharness sample draw` then draws as many as this takes"
_SEVERAL = "it rests on several shares at once, each with limits of its own"
_OF_ITEMS = "it depends on how many items the classifier puts into each band, which no plan knows"
_BANDS = "How many items a band takes depends on the classifier; what is counted here are items of the denominator."
_TEAM_LIMITS = {"team_recall": 5, "team_false_alarm_rate": 5, "caught_rate": 2, "created_miss_rate": 1}
"""Limits that share alpha where a review log measures the readers."""


def plan_people(  # noqa: PLR0917  a requirement, and what is stated beforehand
    requirement: Requirement, questions: Sequence[Question], metric: Metric, policy: Policy, asked: Planning, level: float
) -> PlannedPeople:
    """One requirement on a metric of people, at confidence `level` of each bound."""
    first = questions[0]
    study = None if policy.human_in_the_loop is None else policy.human_in_the_loop.review_study
    of_reviews = metric.source in {"reviews", "team"}
    these = of_reviews and study is not None and study.these
    of = _CASES if these else _REVIEWERS if of_reviews else _OF_TIME.get(metric.name, _UNITS.get(metric.source, "units of their own"))
    of = f"{of}, and as many items" if metric.source == "team" else of
    counted = metric.source == "reviews" and not these
    each = (asked.readings_per_reviewer or READINGS_EACH) if counted else 1
    correlation = asked.reviewer_correlation or 0.0 if counted else 0.0
    sizing = _Sizing(metric=metric, question=first, alpha=alpha_of(level), each=each, correlation=correlation, groups=len(questions))
    reason = sizing.why_not()
    values = () if reason else tuple(sizing.values(dict(asked.expected)))
    sizes = tuple(sizing.size(name, value) for name, value in values)
    if not sizes and not reason:
        reason = _NOT_STATED
    fewest = sizing.fewest(policy, level)
    return PlannedPeople(
        id=requirement.id,
        metric=requirement.metric,
        comparison=requirement.comparison,
        bound=requirement.bound,
        groups=len(questions),
        of="items drawn" if metric.source == "sample" else "" if sizing.of_nothing else of,
        each=each,
        correlation=correlation,
        fewest=fewest,
        sizes=sizes,
        assumptions=tuple(_assumptions(metric, asked, counted=counted, these=these, groups=len(questions))),
        reason=reason,
    )


class _Sizing:
    """One requirement: how its bound is made, and what that takes."""

    def __init__(self, *, metric: Metric, question: Question, alpha: float, each: int, correlation: float, groups: int) -> None:
        self._metric, self._alpha, self._each, self._correlation = metric, alpha, each, correlation
        self._high = question.comparison == "at_least"
        self._direction: Direction = "at_least" if self._high else "at_most"
        self._requirement, self._asked = question.requirement, question.bound
        self._power = POWER ** (1 / groups)
        self._odds = metric.kind == "oversight_odds"
        self._goal = question.bound / (1 + question.bound) if self._odds else question.bound

    def why_not(self) -> str:
        """Empty where numbers can be told."""
        if self._metric.source == "sample":
            return _DRAWN
        if self._metric.kind == "oversight_work":
            return _OF_ITEMS
        if self._metric.kind in {"oversight", "oversight_odds"} or self._metric.name in DIFFERENCES:
            return ""
        return _SEVERAL

    @property
    def of_nothing(self) -> bool:
        """Whether no unit of any kind can be told."""
        return self._metric.source not in _UNITS_KNOWN

    def values(self, stated: Mapping[str, float]) -> Sequence[tuple[str, float]]:
        """True values to plan for, by name: what is stated alone, or several between the goal and no error at all."""
        if self._requirement in stated:
            return [(STATED, stated[self._requirement])]
        if self._metric.name in DIFFERENCES and self._high:
            return []
        best = 1.0 if self._high else 0.0
        if self._high and self._asked >= best:
            return [("no error at all", best)]
        best_of = "no effect at all" if self._metric.name in DIFFERENCES else "no error at all"
        of_people = ((name.replace("a model without error", best_of).split(":")[0], step) for name, step in STEPS)
        return [(name, float(f"{self._asked + step * (best - self._asked):.10g}")) for name, step in of_people]

    def size(self, name: str, value: float) -> PeopleSize:
        """At one true value."""
        found = [self._needed(value, self._each, self._correlation), self._needed(value, 1, 0.0) if self._each > 1 else None]
        right = value > self._asked if self._high else value < self._asked
        reason = "" if found[0] is not None else _TOO_MANY if right else WRONG_SIDE
        return PeopleSize(name=name, value=value, units=found[0], at_most=found[1], reason=reason)

    def _needed(self, value: float, each: int, correlation: float) -> int | None:
        if self._metric.name in DIFFERENCES:
            return needed_for_difference(self._sums(value), self._goal, each, correlation, self._alpha, self._direction, self._power)
        rate = value / (1 + value) if self._odds else min(max(value, 0.0), 1.0)
        return needed_people(rate, self._goal, each, correlation, self._alpha, self._direction, self._power)

    def _sums(self, value: float) -> list[list[tuple[float, float]]]:
        """Shares on both sides of one half, where limits are widest, so far apart that each sum is the value."""
        apart = value / 2
        return [[(weight, _HALVES + (apart if weight > 0 else -apart)) for weight, _ in terms] for terms in DIFFERENCES[self._metric.name]]

    def fewest(self, policy: Policy, level: float) -> int | None:
        """Units with no error at all that would show it."""
        of: Mapping[str, Callable[[], int | None]] = {
            "sample": lambda: self._drawn(policy, level),
            "team": self._team,
        }
        if self._metric.source in of:
            return of[self._metric.source]()
        if self._metric.name == "automation_bias":
            return fewest_without_error(self._goal, self._alpha / 2)
        if self.why_not() or self._metric.name in DIFFERENCES:
            return None
        return fewest_without_error(1 - self._goal if self._high else self._goal, self._alpha)

    def _team(self) -> int | None:
        """So many items and reviewers alike: of a product of two shares each must show the root of the goal."""
        limits = _TEAM_LIMITS.get(self._metric.name)
        if limits is None:
            return None
        factors = 1 if limits == 1 else 2
        allowed = 1 - self._goal ** (1 / factors) if self._high else self._goal ** (1 / factors)
        return fewest_without_error(allowed, self._alpha / limits)

    def _drawn(self, policy: Policy, level: float) -> int | None:
        """Of a large pile, at the level of the first draw."""
        sampling = None if policy.human_in_the_loop is None else policy.human_in_the_loop.sampling
        seen = 1.0 if sampling is None else sampling.sensitivity_low
        alpha = alpha_of(attempt_level(level, 1))
        if self._metric.name == RECALL:
            return None
        return fewest_without_error(1 - self._goal if self._metric.name == PRECISION else self._goal * seen, alpha)


def _assumptions(metric: Metric, asked: Planning, *, counted: bool, these: bool, groups: int) -> Sequence[str]:
    found = []
    if counted:
        told = "as stated" if asked.readings_per_reviewer else "nobody stated how many"
        found.append(f"Each reviewer makes {asked.readings_per_reviewer or READINGS_EACH} of these readings ({told}), all equally many.")
        known = asked.reviewer_correlation is not None
        found.append(
            f"Readings of one reviewer have a correlation of {asked.reviewer_correlation:g}, as stated."
            if known
            else "Readings of one reviewer have nothing in common (nobody stated a correlation); if they all go right or wrong together it "
            "takes the other number."
        )
        found.append("Readings are of as many cases, and in as many shifts, as there are reviewers, or more: the fewest of these decides.")
    elif these:
        found.append("The policy claims nothing beyond these reviewers, so cases decide; readings of one case count as one.")
    if metric.source == "bands":
        found.append(_BANDS)
    if metric.source == "team":
        found.append("A review log measures the readers; so many items of the denominator, and so many reviewers of each kind of reading.")
    if metric.name in DIFFERENCES:
        found.append("Shares lie on both sides of one half, where limits are widest; so many reviewers read with the answer, and without.")
    if groups > 1:
        found.append(f"In each of {groups} groups, so that all of them show it together with the chance that is planned for.")
    return found
