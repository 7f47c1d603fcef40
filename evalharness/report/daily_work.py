"""Page one: what the figures mean in daily work, and what is assumed of the people."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.fitting import cut
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Practice

_REASON = 80
FIGURES: tuple[tuple[str, str, str], ...] = (
    ("missed", "Relevant items set aside, never opened", ""),
    ("wrongly_flagged", "Irrelevant items opened: wrongly flagged", ", or without an answer"),
    ("reviewed", "Items that a person opens", ""),
)
"""Stem of the figure's name, what it counts, and what is added where items got no answer."""


def unanswered(evidence: Evidence) -> float:
    """The recorded share of items without an answer."""
    found = (e.value for e in evidence.estimates if e.metric == "no_answer_rate" and not e.group and not e.between)
    return next(found, None) or 0.0


def practice_intro(evidence: Evidence, policy: PolicyText) -> str:
    """Under which assumptions the table holds."""
    week = f" ({policy.items_per_week} a week)" if policy.items_per_week else ""
    judged = numbers.count(evidence.benchmark.rows_judged)
    like = (
        f"If real items were like these made-up ones{week}."
        if evidence.benchmark.synthetic
        else f"If the items that arrive were like these {judged} test items{week}."
    )
    share = unanswered(evidence)
    if not share:
        return f"{like} A person opens the flagged items; nobody opens the rest."
    return (
        f"{like} A person opens the flagged items and the {numbers.per_thousand(share)} in 1,000 that got no answer; nobody opens the rest."
    )


def practice(evidence: Evidence) -> Iterator[Practice]:
    """The figures for 1,000 items and, where a volume is declared, for a week."""
    by_name = {e.metric: e for e in evidence.translation if not e.group}
    some = unanswered(evidence) > 0
    for stem, name, without in FIGURES:
        thousand, week = by_name.get(f"{stem}_per_1000"), by_name.get(f"{stem}_per_week")
        if thousand is not None:
            yield Practice(
                name=name + (without if some else "") + (_of_relevant(evidence) if stem == "missed" and not some else ""),
                per_thousand=_value(thousand),
                per_thousand_bound=_upper(thousand),
                per_week=_value(week),
                per_week_bound=_upper(week),
            )


def _of_relevant(evidence: Evidence) -> str:
    """The same figure among the relevant items alone, where every item got an answer: only then both count the same items."""
    found = next((e for e in evidence.estimates if e.metric == "false_negative_rate" and not e.group and not e.between), None)
    return "" if found is None or found.value is None else f" ({numbers.in_thousand(found.value)} of every 1,000 relevant ones)"


def people(evidence: Evidence) -> Iterator[str]:
    """What is found if reviewers catch 7, or 9, in 10."""
    by_name = {e.metric: e for e in evidence.translation if not e.group}
    for ten in ("7", "9"):
        estimate = by_name.get(f"system_recall_if_reviewers_catch_{ten}_in_10")
        if estimate is None:
            yield f"If reviewers catch {ten} in 10, nobody can say from this evidence what share of the relevant items is found."
        elif estimate.value is None:
            yield f"If reviewers catch {ten} in 10, the share found cannot be computed: {cut(estimate.reason, _REASON)}."
        else:
            bound = "" if estimate.lower is None else f" ({words.sure(estimate.level)}: at least {numbers.percent(estimate.lower, 'down')})"
            yield (
                f"If reviewers catch {ten} in 10, classifier and reviewers together find {numbers.percent(estimate.value)} "
                f"of the relevant items{bound}."
            )


def _value(estimate: EstimatePart | None) -> str:
    return numbers.plain(estimate.value) if estimate is not None else numbers.ABSENT


def _upper(estimate: EstimatePart | None) -> str:
    return numbers.ABSENT if estimate is None else numbers.plain(estimate.upper, "up")
