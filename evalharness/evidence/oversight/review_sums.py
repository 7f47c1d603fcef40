"""Whether the shares of one review log are of the same readings: what follows from one another, everywhere and reviewer by reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from evalharness.errors import shown
from evalharness.evidence.oversight.reviews import ReaderPart, ReviewsPart
from evalharness.evidence.shares import SharePart
from evalharness.records import Group, group_from_json, group_text
from evalharness.records.oversight_reviews import SECOND_EDGES

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_WHERE: Final = "oversight.reviews"
_FOUND, _OTHER, _BLIND_FOUND, _BLIND_OTHER = "reader_recall", "reader_specificity", "blind_reader_recall", "blind_reader_specificity"
_MISLED, _DESPITE, _BLIND_MISLED = "wrong_when_model_wrong", "wrong_when_model_right", "blind_wrong_when_model_wrong"
_DISMISSED, _COMMITTED, _OMITTED = "dismissal_rate", "commission_rate", "omission_rate"
_MODEL_FOUND, _MODEL_OTHER = "read_model_recall", "read_model_specificity"
_SAME, _OVERRIDE = "agreement_with_model", "override_rate"
_SHOWN = (_FOUND, _OTHER, _MISLED, _DESPITE, _DISMISSED, _COMMITTED, _OMITTED)
_BLIND = (_BLIND_FOUND, _BLIND_OTHER, _BLIND_MISLED)
Pair = tuple[int, int]


def sums_inconsistencies(part: ReviewsPart, shares: Sequence[SharePart]) -> Iterator[str]:
    """What cannot be so, in words. shares: those of the log are among them, of everybody and of groups."""
    rows: dict[Group, dict[str, SharePart]] = {}
    for row in shares:
        rows.setdefault(group_from_json(row.group), {})[row.metric] = row
    for group, found in rows.items():
        for problem in _of_group({name: (row.part, row.total) for name, row in found.items()}):
            yield f"tallies.shares: {shown(group_text(group))}: {problem}"
    yield from _of_readers(part, rows.get((), {}))
    yield from _of_file(part)


def _of_group(rows: Mapping[str, Pair]) -> Iterator[str]:
    """Rows of one group; those that are not counted for it say nothing."""
    if all(name in rows for name in (_MISLED, _COMMITTED, _OMITTED)) and rows[_MISLED] != _sum(rows[_COMMITTED], rows[_OMITTED]):
        yield f"{_MISLED} is not {_COMMITTED} and {_OMITTED} together"
    if all(name in rows for name in _SHOWN):
        yield from _of_shown(rows)
    if all(name in rows for name in _BLIND):
        every = _sum(_wrong(rows[_BLIND_FOUND]), _wrong(rows[_BLIND_OTHER]))
        if not _within(rows[_BLIND_MISLED], every):
            yield f"{_BLIND_MISLED}: more blind readings than there are"
    for name, of, right in ((_MODEL_FOUND, _FOUND, _DISMISSED), (_MODEL_OTHER, _OTHER, "")):
        if name in rows and of in rows and (rows[name][1] != rows[of][1] or (right in rows and rows[name][0] != rows[right][1])):
            yield f"{name} is not of the readings of {of}"
    if _SAME in rows and _OVERRIDE in rows and rows[_SAME] != (rows[_OVERRIDE][1] - rows[_OVERRIDE][0], rows[_OVERRIDE][1]):
        yield f"{_SAME} is not the rest of {_OVERRIDE}"


def _of_shown(rows: Mapping[str, Pair]) -> Iterator[str]:
    """Wrong are those misled and those wrong despite a right answer; what is over had no answer beside it."""
    found, other = _wrong(rows[_FOUND]), _wrong(rows[_OTHER])
    for name, every, known in (
        (_FOUND, found, _sum(rows[_DISMISSED], rows[_OMITTED])),
        (f"{_FOUND} and {_OTHER}", _sum(found, other), _sum(rows[_MISLED], rows[_DESPITE])),
    ):
        if not _within(known, every):
            yield f"{name}: other readings are wrong than those that follow an answer, or go against one"
    if not _within(rows[_DISMISSED], rows[_DESPITE]):
        yield f"{_DISMISSED}: more than are wrong although the classifier is right"


def _of_readers(part: ReviewsPart, rows: Mapping[str, SharePart]) -> Iterator[str]:
    """Reviewers one by one, and those told together last, make up the shares of everybody."""
    readers = part.readers
    if any(not _possible(one) for one in readers) or any(one.reviewers != 1 for one in readers[:-1]):
        yield f"{_WHERE}.readers: nobody can have read so"
    if sum(one.reviewers for one in readers) > part.reviewers or sum(one.read for one in readers) > part.assigned_rows:
        yield f"{_WHERE}.readers: more reviewers, or readings, than there are"
    override, misled, despite = (rows.get(name) for name in (_OVERRIDE, _MISLED, _DESPITE))
    if override is None or misled is None or despite is None:
        return
    told = (
        (sum(one.shown for one in readers), override.total),
        (sum(one.override for one in readers), override.part),
        (sum(one.right_when_wrong for one in readers), misled.total - misled.part),
        (sum(one.right_when_right for one in readers), despite.total - despite.part),
    )
    if any(a != b for a, b in told) or sum(one.model_wrong for one in readers) > misled.total:
        yield f"{_WHERE}.readers: they do not add up to what everybody did"
    if (way := override.ways.get("reviewer")) is not None:
        for counts, square in (([one.shown for one in readers], way[1]), ([one.override for one in readers], way[2])):
            yield from _squares(readers, counts, square)


def _squares(readers: Sequence[ReaderPart], counts: Sequence[int], square: int) -> Iterator[str]:
    """Sums of squares over reviewers; of those that are told together only how large, or small, it can be."""
    alone = sum(count**2 for one, count in zip(readers, counts, strict=True) if one.reviewers == 1)
    together = [(count, one.reviewers) for one, count in zip(readers, counts, strict=True) if one.reviewers > 1]
    least, most = sum(count**2 / number for count, number in together), sum(count**2 for count, _ in together)
    if not alone + least - 0.5 <= square <= alone + most:
        yield f"{_WHERE}.readers: {_OVERRIDE} is not spread over reviewers as they are told"


def _possible(one: ReaderPart) -> bool:
    return (
        one.reviewers >= 1
        and one.override <= one.shown <= one.read
        and one.right_when_right <= one.model_right
        and one.right_when_wrong <= one.model_wrong
        and one.model_right + one.model_wrong <= one.shown
    )


def _of_file(part: ReviewsPart) -> Iterator[str]:
    """Times and seconds are those of the readings in the log."""
    if tuple(edge for edge, _ in part.seconds) != SECOND_EDGES or sum(count for _, count in part.seconds) != part.rows:
        yield f"{_WHERE}.seconds: not the classes, or not the readings, of the log"
    if not _time(part.first) or not _time(part.last) or part.last < part.first:
        yield f"{_WHERE}: it ends before it begins, or at no time"
    if part.rows > part.assigned_rows or part.assigned_rows - part.rows > part.unread or part.items > part.assigned_rows:
        yield f"{_WHERE}: other readings were not made than are not in the log"


def _time(text: str) -> bool:
    try:
        datetime.strptime(text, _TIME)
    except ValueError:
        return False
    return True


def _wrong(row: Pair) -> Pair:
    """(Wrong, all) of a share of what is right."""
    return row[1] - row[0], row[1]


def _sum(a: Pair, b: Pair) -> Pair:
    return a[0] + b[0], a[1] + b[1]


def _within(some: Pair, every: Pair) -> bool:
    """Whether some readings, and those of them that count, can be among all: neither more that count, nor more that do not."""
    return some[0] <= every[0] and some[1] - some[0] <= every[1] - every[0]
