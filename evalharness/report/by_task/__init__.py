"""The words of each task. A report speaks of what the task is about: items, leads, records or reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evalharness.catalogue.complete import COMPLETE_METRICS
from evalharness.evidence import Evidence
from evalharness.report.by_task.binary import binary_words
from evalharness.report.by_task.copies import with_copies
from evalharness.report.by_task.linkage import linkage_words
from evalharness.report.by_task.ordinal import ordinal_words
from evalharness.report.by_task.ranking import ranking_words
from evalharness.report.by_task.record import NOUNS, BestWords, CellWords, Figure, TaskWords
from evalharness.report.by_task.risk import risk_words
from evalharness.report.oversight_phrases import OVERSIGHT_PHRASES
from evalharness.report.phrases import COMMON_PHRASES

__all__ = ["NOUNS", "BestWords", "CellWords", "Figure", "TaskWords", "task_words"]

_WORDS: dict[str, Callable[[Evidence], TaskWords]] = {
    "binary": binary_words,
    "ordinal": ordinal_words,
    "ranking": ranking_words,
    "linkage": linkage_words,
    "risk": risk_words,
}


_APART = frozenset({"no_answer_rate", *(metric.name for metric in COMPLETE_METRICS)})
"""Of which nothing can be said to include the items without an answer."""


def task_words(evidence: Evidence) -> TaskWords:
    """The words in which this evidence is told."""
    words = with_copies(_WORDS[evidence.benchmark.task](evidence), evidence)
    words = replace(words, phrases={**COMMON_PHRASES, **OVERSIGHT_PHRASES, **words.phrases})
    of = evidence.benchmark.task_metrics
    unanswered = any(e.metric == "no_answer_rate" and not e.group and not e.between and e.value for e in evidence.unconditional)
    if not unanswered:
        return words
    errors = {name: metric.numerator for name, metric in of.metrics.items() if metric.better == "lower" and name not in _APART}
    return replace(words, or_no_answer=frozenset(name for name, counted in errors.items() if any(counted[k] for k in of.refused)))
