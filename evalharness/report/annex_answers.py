"""The annex: what became of the answers, and the scores."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.answered import BlindPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.numbers import Rounding
from evalharness.report.view import Section, Table

_OUTWARD: dict[str, Rounding] = {"auc_low": "down", "auc_high": "up"}
_PUT_FORWARD = (
    "The pairs judged are the pairs put forward in this split, and the true links that nobody put forward. "
    "The answers given are those used, those that count as no answer, and those that are ignored."
)
_JUDGED = (
    "Those that were judged are those whose answer was used and those that count as without an answer. "
    "What is ignored is no part of any figure."
)
_ELSEWHERE = "How well the scores order (the area under the ROC curve) stands among the measures that only describe."
_AUC = (
    "The ROC curve shows, for every threshold, what is found against what is wrongly taken. The area under it is 1 where the scores "
    "sort without an error, and 0.5 where they sort no better than drawing lots."
)


def predictions(evidence: Evidence, task: TaskWords) -> Section:
    """How many answers were given, used and ignored."""
    told = evidence.predictions
    rows = (
        *(_put_forward(evidence, task) if _by_pair(evidence) else _asked(evidence, task)),
        ("No answer given", numbers.count(told.missing)),
        ("Answered more than once (counts as no answer)", numbers.count(told.duplicate)),
        ("Answer that is no score or label (counts as no answer)", numbers.count(told.invalid)),
        (f"Answers to {task.many} that do not exist (ignored)", numbers.count(told.extra)),
        (f"Answers to {task.many} of other splits (ignored)", numbers.count(told.other_split)),
        *_blind(told.blind),
    )
    note = _PUT_FORWARD if _by_pair(evidence) else _JUDGED
    return Section(
        anchor="predictions",
        title="Answers that were missing or invalid",
        tables=(Table(caption="What became of the answers", columns=("Answers", "Number"), rows=rows, note=note),),
    )


def _by_pair(evidence: Evidence) -> bool:
    """Whether each answer is the score of a pair; otherwise links can be made between any two records."""
    return evidence.benchmark.task == "linkage" and evidence.score_summary is not None


def _asked(evidence: Evidence, task: TaskWords) -> Iterator[tuple[str, str]]:
    told = evidence.predictions
    given = f"Answers given: rows of the predictions, or {task.arriving} answered"
    yield f"{words.capital(task.many)} of the split", numbers.count(told.items)
    yield f"{words.capital(task.many)} of the split with a label, which were judged", numbers.count(evidence.benchmark.rows_judged)
    if task.task == "linkage":
        yield "Records that were given an entity: rows of the predictions", numbers.count(told.rows)
        yield "Pairs of which both records have an answer", numbers.count(told.answered)
    else:
        yield given, numbers.count(told.rows)
        yield "Answers used", numbers.count(told.answered)


def _put_forward(evidence: Evidence, task: TaskWords) -> Iterator[tuple[str, str]]:
    told, summary = evidence.predictions, evidence.score_summary or {}
    scored = summary.get("scored")
    used = scored if isinstance(scored, int) and not isinstance(scored, bool) else told.answered
    yield f"{words.capital(task.many)} of the split, which were judged", numbers.count(told.items)
    yield "Of these, true links that nobody put forward (count as missed; no answer is asked for)", numbers.count(told.answered - used)
    yield "Of these, pairs that were put forward", numbers.count(told.items - (told.answered - used))
    yield "Answers given: rows of the predictions, or pairs scored", numbers.count(told.rows)
    yield "Answers used", numbers.count(used)


def _blind(told: BlindPart | None) -> Iterator[tuple[str, str]]:
    """What the canaries of a blind export show: labels drawn by lot that only who has seen the labels can know."""
    if told is not None:
        yield (
            "Answers came back through the blind export",
            told.export + (" (for practice: anybody can make its labels)" if told.practice else ""),
        )
        yield "Canaries: made-up labels, in no count", numbers.count(told.canaries)
        yield "Canaries answered", numbers.count(told.answered)
        yield "Canaries answered as their made-up labels say", numbers.count(told.agreeing)
        yield "Chance of so many, for somebody who has not seen the labels", numbers.percent(told.p_value, "up")


def scores(evidence: Evidence, task: TaskWords) -> Section:
    """The scores as they came, where there are any."""
    summary = evidence.score_summary
    if summary is None or evidence.operating_point.rule == "label":
        return Section(anchor="scores", title="Scores", paragraphs=(task.no_scores,))
    told = any(e.metric == "roc_auc" and not e.group and e.value is not None for e in evidence.described)
    rows = tuple(_rows({name: value for name, value in summary.items() if not (told and name in _OUTWARD)}, _names(task)))
    table = Table(caption="The scores of the classifier", columns=("Figure", "Value"), rows=rows, note=_ELSEWHERE if told else _AUC)
    return Section(anchor="scores", title="Scores", tables=(table,))


def _names(task: TaskWords) -> dict[str, str]:
    many = words.capital(task.many)
    return {
        "rows": f"{many} that were judged" if task.task == "linkage" else f"{many} with a label",
        "scored": "Of these, with a score",
        "minimum": "Lowest score",
        "maximum": "Highest score",
        "constant": "All scores are the same",
        "worse_than_chance": f"Worse than chance: {task.named(task.reversed_scores)}",
        "tied_at_threshold": f"{many} whose score equals the threshold",
        "auc_low": "Area under the ROC curve, at least (describes, cannot decide)",
        "auc_high": "Area under the ROC curve, at most (describes, cannot decide)",
        "reason": "Why a figure is missing",
    }


def _rows(summary: dict[str, bool | int | float | str | None], named: dict[str, str]) -> Iterator[tuple[str, str]]:
    ordered = [name for name in named if name in summary] + [name for name in summary if name not in named]
    for name in ordered:
        value = summary[name]
        if value != "" and not (name == "tied_at_threshold" and value is None):
            yield named.get(name, name.replace("_", " ")), _text(value, _OUTWARD.get(name, "near"))


def _text(value: bool | int | float | str | None, rounding: Rounding) -> str:
    if value is None:
        return numbers.ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return numbers.count(value)
    return value if isinstance(value, str) else numbers.written_out(value, rounding)
