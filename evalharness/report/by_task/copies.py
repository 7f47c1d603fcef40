"""The words for items and their copies, in the nouns of each task."""

from __future__ import annotations

from dataclasses import replace

from evalharness.catalogue import copy_metrics
from evalharness.evidence import Evidence
from evalharness.report.by_task.record import TaskWords
from evalharness.report.phrases import Phrase


def with_copies(words: TaskWords, evidence: Evidence) -> TaskWords:
    """The same words, and those of pairs of items and copies; of a task that counts none, as they are."""
    metrics = copy_metrics(words.task).metrics
    if not metrics:
        return words
    return replace(
        words,
        metrics={**words.metrics, **metrics},
        phrases={**words.phrases, **(_graded(words) if words.cells is None else _decided(words))},
        titles={**words.titles, **_titles(words)},
        denominators={**words.denominators, **_denominators(words)},
        changed={part.kind: part.changed for part in evidence.tallies.copies},
    )


def _graded(words: TaskWords) -> dict[str, Phrase]:
    many = words.many
    return {
        "flip_rate": _of(many, "graded differently"),
        "graded_lower_rate": _of(many, "graded lower"),
        "graded_higher_rate": _of(many, "graded higher"),
    }


def _decided(words: TaskWords) -> dict[str, Phrase]:
    cells = words.cells
    assert cells is not None  # noqa: S101  asked by the caller
    relevant, irrelevant = f"{words.many} that are {cells.positive}", f"{words.many} that are {cells.negative}"
    return {
        "flip_rate": _of(words.many, "decided differently"),
        "newly_missed_rate": _of(relevant, f"{cells.selected} as they are and {cells.set_aside}"),
        "newly_selected_rate": _of(irrelevant, f"{cells.set_aside} as they are and {cells.selected}"),
    }


def _of(whom: str, what: str) -> Phrase:
    return Phrase(
        of=f"{{}} of the {whom} are {what}",
        must=f"{{}} of the {whom} may be {what}",
        share=f"the share of {whom} that are {what}",
        was=f"were {what}",
    )


def _titles(words: TaskWords) -> dict[str, str]:
    many, cells = words.many[:1].upper() + words.many[1:], words.cells
    if cells is None:
        return {}
    return {
        "flip_rate": f"{many} decided differently once changed",
        "newly_missed_rate": f"{many} that are {cells.positive}: {cells.selected}, and once changed {cells.set_aside}",
        "newly_selected_rate": f"{many} that are {cells.negative}: {cells.set_aside}, and once changed {cells.selected}",
    }


def _denominators(words: TaskWords) -> dict[str, str]:
    found, cells = {"items with such a copy": f"{words.many} with such a copy"}, words.cells
    if cells is not None:
        found["relevant items with such a copy"] = f"{words.many} that are {cells.positive} and have such a copy"
        found["irrelevant items with such a copy"] = f"{words.many} that are {cells.negative} and have such a copy"
    return found
