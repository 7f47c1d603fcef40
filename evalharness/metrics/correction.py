"""Which failures stand up to the number of checks that were made: Holm's step-down over all findings of a run."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.metrics import methods
from evalharness.metrics.answers import answer, fails
from evalharness.metrics.rules import TODAY, Rules
from evalharness.records import Estimate, Policy, Question
from evalharness.tally import ConfusionTally


def surviving(
    tally: ConfusionTally, answers: Mapping[Question, Estimate | None], policy: Policy, level: float, rules: Rules = TODAY
) -> frozenset[Question]:
    """Of the questions whose opposite bound lies beyond the goal at `level`, those where it still does at Holm's levels.

    With m questions the opposite bounds are made again at alpha / m, then at alpha over what is left of m, until a step adds none: in all
    runs the probability that any of these is wrong is at most alpha. A gap's opposite bound divides each such alpha by its own pairs.
    """
    alpha = methods.alpha_of(level)
    failed = [question for question, estimate in answers.items() if estimate is not None and fails(question, estimate.bounds)]
    found: set[Question] = set()
    while len(found) < len(failed):
        stricter = 1 - alpha / (len(answers) - len(found))
        more = {question for question in failed if question not in found and _fails_at(tally, question, policy, stricter, rules)}
        if not more:
            break
        found |= more
    return frozenset(found)


def _fails_at(tally: ConfusionTally, question: Question, policy: Policy, level: float, rules: Rules) -> bool:
    estimate = answer(tally, question, policy, level, rules)
    return estimate is not None and fails(question, estimate.bounds)
