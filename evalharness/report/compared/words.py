"""The words of a comparison."""

from __future__ import annotations

from evalharness.records.comparison import Comparison, PairedFinding, Standing
from evalharness.report import numbers
from evalharness.report.view import Mark

NEVER_EVIDENCE = (
    "A comparison serves to choose. It is never evidence: it cannot be signed, and the gate never reads it. "
    "Whatever is chosen is locked and evaluated by itself."
)
ITEMS = {"recall": "relevant items", "false_positive_rate": "irrelevant items", "accuracy": "items"}
TITLES = {"recall": "recall", "false_positive_rate": "false positive rate", "accuracy": "accuracy"}
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


def paired_sentence(finding: PairedFinding, incumbent: str) -> str:
    """What was found of one challenger in one metric, in one sentence."""
    if finding.difference is None:
        return f"There are no {ITEMS[finding.metric]} to compare on."
    c = finding.counts
    unknown = f" {numbers.count(c.unknown)} that {incumbent} did not answer and it gets wrong count as lost." if c.unknown else ""
    return (
        f"Of {numbers.count(c.n)} {ITEMS[finding.metric]}, {numbers.count(c.only_incumbent)} that {incumbent} gets right are lost with "
        f"{finding.challenger}, and {numbers.count(c.only_challenger)} are gained.{unknown} {numbers.confidence(finding.level)} sure: "
        f"at most {numbers.percent(finding.upper, 'up', decimals=2)} are lost."
    )


def worse_sentence(finding: PairedFinding) -> str:
    """By how much a challenger is shown to be worse."""
    return (
        f"{numbers.confidence(finding.opposite_level)} sure: of the {ITEMS[finding.metric]} at least "
        f"{numbers.percent(finding.lower, 'down', decimals=2)} more are decided wrongly."
    )


def too_few_sentence(finding: PairedFinding, margin: float) -> str:
    """That not even a challenger that loses nothing could have been shown, and how many items would do."""
    return (
        f"Even losing none of the {ITEMS[finding.metric]} could not have shown a margin of {numbers.exact_percent(margin)} here: that "
        f"takes {numbers.count(finding.fewest)} independent ones."
    )


def margin_sentence(comparison: Comparison) -> str:
    """What the margin is, and who stated it."""
    asked = f"Margin: {numbers.exact_percent(comparison.margin)} of the items, in each metric"
    if comparison.margin_stated:
        return f"{asked}, as stated with --margin."
    return f"{asked}. Nobody stated it: it is the default of the harness. State your own before looking (--margin)."


def level_sentence(comparison: Comparison) -> str:
    """At which level bounds hold, and as which attempt."""
    sure = f"Each bound holds with {numbers.confidence(comparison.level)} certainty on its own"
    several = len(comparison.models) > 2
    holm = "; whether a challenger is not worse is corrected for the number of challengers (Holm), metric by metric" if several else ""
    if comparison.attempt is None:
        return f"{sure}, as the policy says{holm}. No attempt of a campaign was named, so this is practice."
    return f"{sure}, the level of attempt {comparison.attempt}{holm}."


def attempts_sentence(comparison: Comparison) -> str:
    """What a comparison costs a campaign."""
    models = len(comparison.models)
    first, last = comparison.attempt_levels[0], comparison.attempt_levels[-1]
    cost = f"Choosing among {models} models and signing the winner spends {models} attempts of the campaign, one for each model."
    levels = f"the winner is judged as the last of them, attempt {last[0]}, at {numbers.confidence(last[1])}"
    if comparison.attempt is None:
        return f"{cost} If they are the first ones, {levels}: --attempt {last[0]} compares at that level."
    if comparison.attempt < models:
        return f"{cost} Attempt {comparison.attempt}, at whose level this was judged, is not enough for that: {levels}."
    return f"{cost} Here they are attempts {first[0]} to {last[0]}, and {levels}."
