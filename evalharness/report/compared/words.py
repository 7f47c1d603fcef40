"""The words of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.records.comparison import Comparison
from evalharness.records.paired import PairedFinding, Standing
from evalharness.report import numbers
from evalharness.report.view import Mark
from evalharness.report.words import capital

NEVER_EVIDENCE = (
    "A comparison serves to choose. It is never evidence: it cannot be signed, and the gate never reads it. "
    "Whatever is chosen is locked and evaluated by itself."
)
TITLES = {
    "recall": "recall",
    "false_positive_rate": "false positive rate",
    "accuracy": "accuracy",
    "precision": "precision",
    "review_rate": "share that a person looks at",
    "review_minutes_per_1000": "minutes of review per 1,000 items",
    "reviews_per_find": "reviews per find",
    "no_answer_rate": "no answer",
    "exact_agreement": "given the true level",
    "under_grading_1": "graded too low",
    "under_grading_2": "graded two or more levels too low",
    "over_grading_1": "graded too high",
    "critical_miss": "top level graded as the lowest",
    "quadratic_weighted_kappa": "quadratic weighted kappa",
    "mean_absolute_error": "levels off, on average",
    "recall_at_budget": "relevant leads found within the budget",
    "precision_at_budget": "selected leads that are relevant",
    "pairwise_recall": "true links found",
    "pairwise_precision": "predicted links that are true",
    "false_link_rate": "false links",
}
"""Short names of what is compared, by metric."""
_ITEMS = {
    "risk": {"relevant items": "reports of the top band", "irrelevant items": "reports of other bands", "items": "reports"},
}
"""What is counted, in the words of a task that shares its metrics with another."""


def items_of(comparison: Comparison, items: str) -> str:
    """`relevant items`, in the words of the task."""
    return _ITEMS.get(comparison.task, {}).get(items, items)


def together_words(comparison: Comparison) -> str:
    """`recall and false positive rate`."""
    return listed([TITLES[metric] for metric in comparison.together])


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


_MARKS = {
    Standing.DEMONSTRATED: ("met", "✓", "not worse by more than the margin"),
    Standing.NOT_DEMONSTRATED: ("not_demonstrated", "?", "not demonstrated"),
    Standing.WORSE: ("not_met", "✗", "worse by more than the margin"),
    Standing.NOT_EVALUABLE: ("not_evaluable", "–", "not evaluable"),
}


def standing_mark(outcome: Standing) -> Mark:
    """An outcome as symbol and word."""
    look, symbol, word = _MARKS[outcome]
    return Mark(outcome=look, symbol=symbol, word=word)


def standing_text(outcome: Standing) -> str:
    """`✓ not worse by more than the margin`."""
    mark = standing_mark(outcome)
    return f"{mark.symbol} {mark.word}"


def paired_sentence(comparison: Comparison, finding: PairedFinding) -> str:
    """What was found of one challenger in one metric, in one sentence."""
    items, incumbent = items_of(comparison, finding.items), comparison.incumbent
    if finding.difference is None:
        return f"{_title(finding)}: there are no {items} to compare on."
    c = finding.counts
    unknown = f" {numbers.count(c.unknown)} that {incumbent} did not answer and it gets wrong count as lost." if c.unknown else ""
    return (
        f"{_title(finding)}: of {numbers.count(c.n)} {items}, {numbers.count(c.only_incumbent)} that {incumbent} gets right are lost with "
        f"{finding.challenger}, and {numbers.count(c.only_challenger)} are gained.{unknown} {numbers.confidence(finding.level)} sure: "
        f"at most {numbers.percent(finding.upper, 'up', decimals=2)} are lost."
    )


def worse_sentence(comparison: Comparison, finding: PairedFinding) -> str:
    """By how much a challenger is shown to be worse."""
    return (
        f"{_title(finding)}, {numbers.confidence(finding.opposite_level)} sure: of the {items_of(comparison, finding.items)} at least "
        f"{numbers.percent(finding.lower, 'down', decimals=2)} more are decided wrongly."
    )


def too_few_sentence(comparison: Comparison, finding: PairedFinding) -> str:
    """That not even a challenger that loses nothing could have been shown, and how many items would do."""
    return (
        f"{_title(finding)}: even losing none of the {items_of(comparison, finding.items)} could not have shown a margin of "
        f"{numbers.exact_percent(comparison.margin)} here: that takes {numbers.count(finding.fewest)} independent ones."
    )


def _title(finding: PairedFinding) -> str:
    return capital(TITLES[finding.metric])


def margin_sentence(comparison: Comparison) -> str:
    """What the margin is, and who stated it."""
    asked = f"Margin: {numbers.exact_percent(comparison.margin)} of the items, in each metric"
    if comparison.margin_stated:
        return f"{asked}, as stated with --margin."
    return f"{asked}. Nobody stated it: it is the default of the harness. State your own before looking (--margin)."


def level_sentence(comparison: Comparison) -> str:
    """At which level bounds hold, and as which attempts."""
    if comparison.attempt is None:
        several = len(comparison.models) > 2
        holm = "; whether a challenger is not worse is corrected for the number of challengers (Holm), metric by metric" if several else ""
        return (
            f"Each bound holds with {numbers.confidence(comparison.confidence)} certainty on its own, as the policy says{holm}. "
            "This is practice: no attempt of a campaign is spent, and no winner may be signed on the strength of it."
        )
    return (
        "Each bound about a model holds with the certainty of that model's own attempt. All attempts of a campaign share one budget of "
        "error, so nothing else is corrected for the number of challengers."
    )


def attempts_sentence(comparison: Comparison) -> str:
    """What a comparison costs a campaign."""
    models = len(comparison.models)
    told = listed([f"{name} as attempt {attempt} ({numbers.confidence(level)})" for name, attempt, level in comparison.attempts])
    if comparison.attempt is None:
        return (
            f"Choosing among {models} models and signing the winner spends {models} attempts of the campaign, one for each model. If they "
            f"are its first ones, --attempt 1 judges {told}."
        )
    first, last = comparison.attempts[0][1], comparison.attempts[-1][1]
    return (
        f"Spent, if the winner is to be signed: attempts {first} to {last} of the campaign, one for each model. Judged here are {told}. "
        "Lock the models in this order, so that each is signed, if at all, under the attempt that it was chosen at."
    )
