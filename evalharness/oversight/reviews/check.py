"""A review log, row by row: every word, number and time is one that can be meant, and every row is about an item of the judged split."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.oversight.reviews.alike import check_alike, plain
from evalharness.oversight.reviews.cells import Coded, RowProblems, coded, flags, numbers, times
from evalharness.oversight.reviews.columns import ASSIGNED, BLIND, LOG, LOG_MORE, MOST_SECONDS, NO_ANSWER, READINGS, SHOWN, named_by
from evalharness.oversight.reviews.named import item_columns, places_of
from evalharness.oversight.reviews.read import check_columns
from evalharness.oversight.reviews.readings import NOTHING, Bytes, Flags, Ints, Known, Readings
from evalharness.oversight.reviews.supplied import Supplied

_RATER = re.compile(r"rater_[0-9]+")
_BLIND, _UNKNOWN = -2, -3
Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assigned:
    """K readings that were to be made."""

    item: Ints
    reviewer: Coded
    reading: Bytes
    blind: Flags
    seeded: Flags


def checked_log(table: pa.Table | Supplied, known: Known, where: str, *, listed: bool) -> tuple[Readings, Coded]:
    """The rows of a log, and who the reviewers are. Raises BadInput with every row that is wrong by itself or beside the others.

    listed: whether somebody listed what was assigned; then a log may lack a first reading.
    """
    of = table if isinstance(table, Supplied) else Supplied.of(table)
    del table  # each column goes once it is read
    check_columns(of.names, named_by(LOG, item_columns(known)), LOG_MORE, where)
    problems, rows = RowProblems(where), of.rows
    item = places_of([of.column(name) for name in item_columns(known)], known, problems)
    reviewer = _reviewers(of.column("reviewer"), known, problems)
    shown_text, label_text = coded(of.column("shown")), coded(of.column("label"))
    shown = shown_text.mapped({**known.told, BLIND: _BLIND, NO_ANSWER: NOTHING}, _UNKNOWN)
    said = label_text.mapped({**known.words, "": NOTHING}, _UNKNOWN)
    told, words = ", ".join(known.told), ", ".join(known.words)
    problems.add(shown == _UNKNOWN, "shown is no decision", got=shown_text.text, expected=f"{told}, {NO_ANSWER} or {BLIND}")
    problems.add(said == _UNKNOWN, "label is no decision", got=label_text.text, expected=f"{words}, or empty where there is none")
    seeded, adjudicated = (flags(of.column(name), name, problems) for name in ("seeded", "adjudicated"))
    reading = _reading(of.column("reading") if "reading" in of.names else None, rows, problems)
    time = times(of.column("time"), "time", problems)
    opened = times(of.column("opened"), "opened", problems) if "opened" in of.names else None
    shift = coded(of.column("shift"))
    problems.add(shift.mapped({"": 1}, 0) == 1, "shift is empty", expected="the name of a shift")
    check_alike(shift, "shifts", problems)
    seconds = numbers(of.column("seconds"), "seconds", 0.0, MOST_SECONDS, problems)
    views = _views(of.column("views") if "views" in of.names else None, problems)
    if opened is not None:
        problems.add(opened > time, "opened lies after time", hint="opened is when the item was first seen, time when it was decided")
    problems.add(adjudicated & (reading == 1), "a first reading is adjudicated", hint="the one that settles two others is reading 3")
    _shown_is_true(item, (shown, shown_text.text), seeded, known, problems)
    blind = shown == _BLIND
    readings = Readings(
        item=item, reviewer=reviewer.codes, reading=reading, blind=blind, seeded=seeded, said=said, read=np.ones(len(item), dtype=np.bool_),
        shown=np.where(blind, known.decisions[np.maximum(item, 0)], shown), shift=shift.codes, seconds=seconds, time=time, opened=opened,
        views=views,
    )  # fmt: skip
    check_together(item, reviewer, reading, problems, gaps=listed)
    problems.raise_if_any()
    return readings, reviewer


def checked_assigned(table: pa.Table | Supplied, known: Known, where: str) -> Assigned:
    """The list of what was assigned. Raises BadInput likewise."""
    of = table if isinstance(table, Supplied) else Supplied.of(table)
    check_columns(of.names, named_by(ASSIGNED, item_columns(known)), (), where)
    problems = RowProblems(where)
    item = places_of([of.column(name) for name in item_columns(known)], known, problems)
    reviewer = _reviewers(of.column("reviewer"), known, problems)
    how = coded(of.column("shown_or_blind"))
    blind = how.mapped({SHOWN: 0, BLIND: 1}, _UNKNOWN)
    problems.add(blind == _UNKNOWN, "shown_or_blind is neither", got=how.text, expected=f"{SHOWN} or {BLIND}")
    seeded = flags(of.column("seeded"), "seeded", problems)
    problems.add(seeded & (blind == 1), "a seeded row is blind", hint="a seeded error is one that the reviewer is shown")
    reading = _reading(of.column("reading"), of.rows, problems)
    check_together(item, reviewer, reading, problems)
    problems.raise_if_any()
    return Assigned(item=item, reviewer=reviewer, reading=reading, blind=blind == 1, seeded=seeded)


def keys(item: Ints, reviewer: Ints, reviewers: int, reading: Bytes) -> Keys:
    """[N] one number for item, reviewer and reading: rising by item, then by reviewer."""
    found = item.astype(np.int64)
    found *= max(reviewers, 1)
    found += reviewer
    found *= 4
    found += reading
    return found


def check_together(item: Ints, reviewer: Coded, reading: Bytes, problems: RowProblems, *, gaps: bool = False) -> None:
    """No reading twice, none of one item by one person in several roles, none that lacks the ones before it (but where
    there may be `gaps`); two reviewers at least."""
    inside = np.flatnonzero((item >= 0) & (reading > 0)) if (item < 0).any() or (reading <= 0).any() else slice(None)
    key = keys(item[inside], reviewer.codes[inside], len(reviewer.texts), reading[inside])
    in_order = np.sort(key)
    in_order >>= 2  # without the reading
    if (in_order[1:] == in_order[:-1]).any():
        _check_repeated(key, np.arange(len(item))[inside], reviewer, problems)
    del key, in_order
    if not gaps and (reading > 1).any():
        _check_lacking(item, reading, problems)
    if np.count_nonzero(np.bincount(reviewer.codes)) < 2:
        problems.add([0], "there is one reviewer only", got=reviewer.text, expected="two reviewers or more")


def _check_repeated(key: Keys, places: npt.NDArray[np.int64], reviewer: Coded, problems: RowProblems) -> None:
    order = np.argsort(key, kind="stable")
    later, before = key[order][1:], key[order][:-1]
    twice = places[order[1:][later == before]]
    problems.add(twice.tolist(), "the same reading stands there twice", got=reviewer.text)
    again = places[order[1:][(later != before) & (later // 4 == before // 4)]]
    problems.add(again.tolist(), "one person reads an item a second time", got=reviewer.text, hint="a second reading is another person's")


def _check_lacking(item: Ints, reading: Bytes, problems: RowProblems) -> None:
    has = [np.zeros(int(item.max(initial=0)) + 1, dtype=np.bool_) for _ in READINGS]
    for flag, number in zip(has, READINGS, strict=True):
        flag[item[(reading == number) & (item >= 0)]] = True
    at = np.maximum(item, 0)
    lacks = ((reading == 2) & ~has[0][at]) | ((reading == 3) & ~(has[0] & has[1])[at])
    problems.add(lacks & (item >= 0), "a reading without the ones before it", got=lambda row: f"reading {reading[row]}")


def _reviewers(column: pa.ChunkedArray, known: Known, problems: RowProblems) -> Coded:
    text = coded(column)
    makers = frozenset(plain(sorted(known.not_readers)))
    for code, name in enumerate(plain(text.texts.to_pylist())):
        what = ""
        if not name:
            what = "the reviewer is not named"
        elif _RATER.fullmatch(name):
            what = "the reviewer is one of those who labelled the items"
        elif name in makers:
            what = "the reviewer is one of those who made the classifier"
        if what:
            problems.add(text.codes == code, what, got=text.text, hint="a study is read by others, each under a name of their own")
    check_alike(text, "reviewers", problems)
    return text


def _reading(column: pa.ChunkedArray | None, rows: int, problems: RowProblems) -> Bytes:
    if column is None:
        return np.ones(rows, dtype=np.int8)
    text = coded(column)
    found = text.mapped({str(number): number for number in READINGS}, 0)
    problems.add(found == 0, "reading is none of 1, 2, 3", got=text.text)
    return found


def _views(column: pa.ChunkedArray | None, problems: RowProblems) -> Ints | None:
    if column is None:
        return None
    found = numbers(column, "views", 1, 1_000_000, problems)
    whole = np.nan_to_num(found, nan=1.0)
    problems.add(whole != np.floor(whole), "views is no whole number", got=lambda row: found[row])
    return whole.astype(np.int32)


def _shown_is_true(item: Ints, told_as: tuple[Bytes, Callable[[int], str]], seeded: Flags, known: Known, problems: RowProblems) -> None:
    """What was shown is what this classifier says, but for seeded rows: those show something wrong. told_as: codes, and text of a row."""
    shown, text = told_as
    some = (item >= 0) & (shown > _BLIND)
    decided = known.decisions[item]  # of an item that there is not: what does not matter
    problems.add(
        some & ~seeded & (shown != decided), "shown is not what this classifier decides on the item",
        got=text, expected="the decision of the model and policy of this run",
        hint="the log is of another model or operating point, or the row is seeded",
    )  # fmt: skip
    planted = np.flatnonzero(seeded & some)
    told, truth = shown[planted], known.labels[item[planted]]
    side = (told >= known.relevant_from) == (truth >= known.relevant_from)
    wrong = planted[(told == truth) | ((truth != NOTHING) & (told != NOTHING) & side)]
    problems.add(wrong.tolist(), "a seeded row shows no error", hint="a seeded row shows the other side than the item's label is on")
    problems.add(seeded & (shown == _BLIND), "a seeded row is blind", hint="a seeded error is one that the reviewer is shown")
