"""The annex on what no counts hold: measures of scores, of an order, of linked records. They describe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from evalharness.catalogue import described_metrics
from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.records import CUSTOM
from evalharness.report import numbers, words
from evalharness.report.annex_entities import entities_section
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.annex_order import order_section
from evalharness.report.by_task import TaskWords
from evalharness.report.describing import with_limits
from evalharness.report.view import Section, Table

_INTRO = (
    "These measures describe and decide nothing: no bound of theirs has been shown to be safe enough to decide. "
    "They are not computed from the counts of this report; running the classifier again (`verify --replay`) derives them again."
)

_COUNTED = "clopper-pearson("
"""Beginning of the method of a share that is counted."""
_AT_ONCE = 5
"""Measures beside each other in a table by group."""
_DIGITS = re.compile(r"[\d.,]+")
_PARTLY = " (not in every row)"
_VARIES = " (another figure in other rows)"
_CELLS = (
    "In the tables by group each cell has the value found, and in brackets the two bounds, where there are any. The last table says how "
    "each measure is reckoned, and why it has no bounds where it has none."
)
_OUTCOME = "In the definitions below “relevant” means: with the outcome."
_OF_THE_OUTCOME = (
    ("a relevant item scores above an irrelevant one", "{one} with the outcome scores above one without"),
    ("all relevant items found", "all {many} with the outcome that are found"),
    ("Items ", "{Many} "),
)
"""What scores of a risk are about, in the words of that task."""

_OWN = {"ranking": order_section, "linkage": entities_section}


def described(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """The task's own section of an order or of links; then what is left: everybody, and each group of one attribute."""
    own = _OWN[evidence.benchmark.task](evidence) if evidence.benchmark.task in _OWN else ()
    told = described_metrics(evidence.benchmark.task) if own else {}
    found = [e for e in evidence.described if e.metric not in told]
    if not found:
        return own
    tables = (
        _everyone([e for e in found if not e.group], evidence, task),
        *_by_group([e for e in found if e.group], evidence, task),
        _methods(found, evidence, task),
    )
    texts = (task.named(_INTRO), _CELLS)
    known = described_metrics(evidence.benchmark.task)
    shown = [metric for metric in dict.fromkeys(e.metric for e in found) if metric in known]
    terms = tuple((_title(metric, evidence, task), known[metric].definition) for metric in shown)
    relevant = (_OUTCOME,) if task.task == "risk" else ()
    section = Section(anchor="described", title="Measures that only describe", paragraphs=(*texts, *relevant), tables=tables, terms=terms)
    return (*own, section)


def _everyone(estimates: Sequence[EstimatePart], evidence: Evidence, task: TaskWords) -> Table:
    return Table(
        caption="Everyone together",
        columns=("Measure", "Found", "At least", "At most", "Counted"),
        rows=tuple(
            (
                _title(e.metric, evidence, task),
                _number(e, e.value),
                _number(e, e.bounds[0], "down"),
                _number(e, e.bounds[1], "up"),
                numbers.count(e.n),
            )
            for e in estimates[:ROWS_LISTED]
        ),
        left_out=max(0, len(estimates) - ROWS_LISTED),
    )


def _by_group(estimates: Sequence[EstimatePart], evidence: Evidence, task: TaskWords) -> Iterator[Table]:
    """One row a group, one column a measure; measures of the same count together, a few at a time."""
    found = {(tuple(sorted(e.group.items())), e.metric): e for e in estimates}
    groups = sorted({group for group, _ in found}, key=lambda group: ([name for name, _ in group], group))
    for attributes, cells in groupby(groups, key=lambda group: tuple(name for name, _ in group)):
        listed = list(cells)
        measures = list(dict.fromkeys(e.metric for e in estimates if tuple(sorted(e.group)) == attributes))
        pieces = -(-len(measures) // _AT_ONCE)
        for piece in range(pieces):
            shown = measures[piece * len(measures) // pieces : (piece + 1) * len(measures) // pieces]
            yield Table(
                caption=f"By {words.attributes_words(attributes)}" + (f", {piece + 1} of {pieces}" if pieces > 1 else ""),
                columns=("Group", "Counted", *(_title(metric, evidence, task) for metric in shown)),
                rows=tuple(
                    (
                        words.group_words(dict(group)),
                        _counted([found[group, metric].n for metric in shown if (group, metric) in found]),
                        *(_interval(found.get((group, metric))) for metric in shown),
                    )
                    for group in listed[:ROWS_LISTED]
                ),
                left_out=max(0, len(listed) - ROWS_LISTED),
                folded=True,
            )


def _methods(estimates: Sequence[EstimatePart], evidence: Evidence, task: TaskWords) -> Table:
    """How each measure is reckoned, and why it has no bounds or no value: once, for everybody and all groups."""
    rows = []
    for metric in dict.fromkeys(e.metric for e in estimates):
        every = [e for e in estimates if e.metric == metric]
        said = [[text for text in (*(() if e.value is None else e.method.split("; ")), *e.reason.split("; ")) if text] for e in every]
        alike: dict[str, list[str]] = {}
        for text in dict.fromkeys(text for told in said for text in told):
            alike.setdefault(_DIGITS.sub("", text), []).append(text)
        how = "; ".join(
            several[0] + (_VARIES if len(several) > 1 else "" if all(several[0] in told for told in said) else _PARTLY)
            for several in alike.values()
        )
        rows.append((_title(metric, evidence, task), how or numbers.ABSENT))
    return Table(caption="How each measure is reckoned", columns=("Measure", "How"), rows=tuple(rows), numeric_from=2, folded=True)


def _title(metric: str, evidence: Evidence, task: TaskWords) -> str:
    known = described_metrics(evidence.benchmark.task)
    if metric not in known:
        return f"{metric.removeprefix(CUSTOM).replace('_', ' ')} (of another package)"
    title = known[metric].title
    for said, instead in _OF_THE_OUTCOME if task.task == "risk" else ():
        title = title.replace(said, instead.format(one=f"a {task.one}", many=task.many, Many=words.capital(task.many)))
    return title


def _counted(several: Sequence[int]) -> str:
    if not several:
        return numbers.ABSENT
    least, most = min(several), max(several)
    return numbers.count(most) if least == most else f"{numbers.count(least)} to {numbers.count(most)}"


def _interval(estimate: EstimatePart | None) -> str:
    """`0.9364 (0.9333 to 0.9393)`, or the value alone."""
    return numbers.ABSENT if estimate is None else with_limits(estimate, partial(_number, estimate))


def _number(estimate: EstimatePart, value: float | None, rounding: numbers.Rounding = "near") -> str:
    """A counted share in percent; anything else with four digits, and no powers of ten."""
    if value is None:
        return numbers.ABSENT
    if estimate.method.startswith(_COUNTED):
        return numbers.fine(value, rounding)
    return numbers.written_out(value, rounding)
