"""The annex on items with something changed: twins, of which only what tells of a group is, and disturbed copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypedDict

from evalharness.evidence import Evidence
from evalharness.evidence.copied import CopiesPart
from evalharness.evidence.schema import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.by_task import TaskWords
from evalharness.report.describing import with_limits
from evalharness.report.fitting import visible
from evalharness.report.view import Section, Table

_TWINS = (
    "Some {many} have a twin: the same {one} with only that changed which tells of a group of people. A classifier that makes no use of it "
    "decides both alike. Twins are in no other figure of this report."
)
_ONLY_THIS = (
    "This shows the influence of what was changed, and of nothing else: where no twin is decided differently, the group can still play a "
    "part through something that was left as it is."
)
_DISTURBED = (
    "Some {many} have copies that were disturbed, as data may be in use: by chance, by what is missing, or by somebody who hides "
    "something. What they truly are stays the same. Disturbed copies are in no other figure of this report."
)
_REFUSED = "Where the {one} or its copy got no answer, the two count as decided differently, and as an error."
_RANKED = "Of a lead only its own score is another; all other leads of its day are as they are."
_COLUMNS = ("Name in the policy", "What", "Found", "At least", "At most", "Counted", "Clusters")
_BY_GROUP = "Each cell: how many in 100 were decided differently, and in brackets the two bounds."


def copies(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """A section each for twins and for disturbed copies, where there are any."""
    twins = [part for part in evidence.tallies.copies if part.of]
    disturbed = [part for part in evidence.tallies.copies if not part.of]
    found = []
    if twins:
        texts = _paragraphs(twins, task, _TWINS, _ONLY_THIS)
        found.append(Section(anchor="twins", title="When only the group changes", paragraphs=texts, **_parts(evidence, task, twins)))
    if disturbed:
        texts = _paragraphs(disturbed, task, _DISTURBED)
        title = f"When {task.many} are disturbed"
        found.append(Section(anchor="disturbed", title=title, paragraphs=texts, **_parts(evidence, task, disturbed)))
    return tuple(found)


def unasked(evidence: Evidence, task: TaskWords) -> str:
    """For page one, in one line: how many copies were decided otherwise of which the policy asks nothing; empty where none was."""
    asked = {finding.condition for finding in evidence.findings}
    rows = [part.pairs[0].counts for part in evidence.tallies.copies if part.condition not in asked]
    pairs, changed = sum(map(sum, rows)), sum(_changed(counts, task) for counts in rows)
    if not changed:
        return ""
    was = f"{numbers.count(changed)} {'was' if changed == 1 else 'were'} {_verb(task)} otherwise"
    return f"Of {numbers.count(pairs)} changed copies, {was} ({numbers.percent(changed / pairs)}); the policy asks nothing of them."


def _changed(counts: Sequence[int], task: TaskWords) -> int:
    """Pairs that were not decided alike."""
    return sum(counts) - counts[0] - (0 if task.cells is None else counts[4])


def _verb(task: TaskWords) -> str:
    return "graded" if task.cells is None else "decided"


def _paragraphs(parts: Sequence[CopiesPart], task: TaskWords, first: str, *last: str) -> tuple[str, ...]:
    refused = (_REFUSED,) if any(_unanswered(part, task) for part in parts) else ()
    ranked = (_RANKED,) if task.task == "ranking" else ()
    return tuple(text.replace("{many}", task.many).replace("{one}", task.one) for text in (first, *ranked, *refused, *last))


class _Told(TypedDict):
    """The rest of a section."""

    items: tuple[str, ...]
    tables: tuple[Table, ...]


def _parts(evidence: Evidence, task: TaskWords, parts: Sequence[CopiesPart]) -> _Told:
    known = {(e.condition, e.metric, tuple(sorted(e.group.items()))): e for e in evidence.estimates if e.condition}
    told = tuple(_told(part, known[part.condition, "flip_rate", ()], task) for part in parts)
    return {"items": told, "tables": (_by_kind(parts, known, task), *_by_group(parts, known))}


def _told(part: CopiesPart, flips: EstimatePart, task: TaskWords) -> str:
    """`Of 1,318 items, 24 were decided differently with some tokens replaced at random.`"""
    what, whose = _verb(task), f" (it tells of {words.attributes_words(part.of)})" if part.of else ""
    changed = _changed(part.pairs[0].counts, task)
    if not flips.n or flips.value is None or flips.bounds[1] is None:
        return f"No {task.one} that is judged has a copy with {visible(part.changed)}."
    many = numbers.count(changed) if changed else "none"
    was = "was" if changed in (0, 1) else "were"
    ways = "; ".join(_ways(part, task))
    sure = f"We are {words.sure(flips.level)} that it happens to at most {numbers.fine(flips.bounds[1], 'up')} of such {task.many}"
    return (
        f"Of {numbers.count(flips.n)} {task.many}, {many} {was} {what} differently with {visible(part.changed)}{whose}"
        f"{f': {ways}' if ways else ''}. {sure}."
    )


def _ways(part: CopiesPart, task: TaskWords) -> Iterator[str]:
    """What changed into what."""
    counts, cells = part.pairs[0].counts, task.cells
    if cells is None:
        told = [(counts[1], "graded lower"), (counts[2], "graded higher")]
    else:
        selected = task.named(cells.selected)
        told = [(counts[1] + counts[5], f"no longer {selected}"), (counts[2] + counts[6], f"newly {selected}")]
    told.append((_unanswered(part, task), "without an answer to one of the two"))
    yield from (f"{numbers.count(number)} {what}" for number, what in told if number)
    if cells is not None and counts[1]:
        whole = numbers.count(sum(counts[:4]))
        yield f"of the {whole} {task.many} that are {task.named(cells.positive)}, {numbers.count(counts[1])} no longer {selected}"


def _unanswered(part: CopiesPart, task: TaskWords) -> int:
    counts = part.pairs[0].counts
    return counts[3] if task.cells is None else counts[3] + counts[7]


_Known = dict[tuple[str, str, tuple[tuple[str, str], ...]], EstimatePart]


def _by_kind(parts: Sequence[CopiesPart], known: _Known, task: TaskWords) -> Table:
    """Every metric of everybody."""
    metrics = [m for m in ("flip_rate", "newly_missed_rate", "newly_selected_rate", "graded_lower_rate", "graded_higher_rate")
               if m in task.metrics]  # fmt: skip
    twins = bool(parts[0].of)
    return Table(
        caption="Each kind of copy, everyone together",
        columns=("Changed", *(("Tells of",) if twins else ()), *_COLUMNS),
        rows=tuple(_cells(part, known[part.condition, metric, ()], twins, task) for part in parts for metric in metrics),
        numeric_from=4 if twins else 3,
        note="“Name in the policy”: the metric, and the kind of copy that “under” names.",
    )


def _cells(part: CopiesPart, estimate: EstimatePart, twins: bool, task: TaskWords) -> tuple[str, ...]:
    return (
        words.capital(visible(part.changed)),
        *((words.attributes_words(part.of),) if twins else ()),
        f"{estimate.metric}, {visible(part.kind)}",
        words.title(estimate.metric, task),
        numbers.fine(estimate.value) if estimate.value is not None else f"{numbers.ABSENT} {estimate.reason}",
        numbers.fine(estimate.bounds[0], "down"),
        numbers.fine(estimate.bounds[1], "up"),
        numbers.count(estimate.n),
        numbers.count(estimate.clusters),
    )


def _by_group(parts: Sequence[CopiesPart], known: _Known) -> Iterator[Table]:
    """How often something else was decided in each group of one attribute, kind beside kind."""
    groups = [tuple(sorted(row.group.items())) for row in parts[0].pairs if len(row.group) == 1]
    for place, (attribute, cells) in enumerate(groupby(groups, key=lambda group: group[0][0])):
        listed = list(cells)
        yield Table(
            caption=f"Decided differently, by {words.attributes_words((attribute,))}",
            columns=("Group", "Pairs", *(words.capital(visible(part.changed)) for part in parts)),
            rows=tuple(
                (
                    words.group_words(dict(group)),
                    numbers.count(known[parts[0].condition, "flip_rate", group].n),
                    *(with_limits(known[part.condition, "flip_rate", group]) for part in parts),
                )
                for group in listed[:ROWS_LISTED]
            ),
            left_out=max(0, len(listed) - ROWS_LISTED),
            folded=not parts[0].of,
            note="" if place else _BY_GROUP,
        )
