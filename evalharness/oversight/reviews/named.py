"""How the tables name items: each by an id, or where items are pairs of records, by the ids of both, in either order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.oversight.reviews.cells import RowProblems, places_among
from evalharness.oversight.reviews.columns import ITEM, PAIR
from evalharness.oversight.reviews.readings import NOTHING, Ints, Known, Pairs

Keys = npt.NDArray[np.int64]


def item_columns(known: Known) -> tuple[str, ...]:
    """ITEM or PAIR."""
    return ITEM if known.pairs is None else PAIR


def places_of(columns: Sequence[pa.ChunkedArray], known: Known, problems: RowProblems) -> Ints:
    """[N] the item of each row, NOTHING where there is none, which is a problem. columns: those of `item_columns`."""
    among = [places_among(column, known.ids) for column in columns]
    if known.pairs is None:
        found, text = among[0]
        problems.add(found < 0, "there is no such item in the judged split", got=text)
        return found
    (left, text_left), (right, text_right) = among
    unknown = (left < 0) | (right < 0)
    pair = _pairs(left, right, known.pairs, len(known.ids))
    pair[unknown] = NOTHING

    def told(row: int) -> str:
        return f"{text_left(row)} and {text_right(row)}"

    problems.add(unknown, "there is no such record in the judged split", got=told)
    problems.add(
        ~unknown & (pair < 0), "the two records are no candidate pair of the judged split", got=told,
        hint="only candidate pairs are read; a true link that none of them holds is found by nobody",
    )  # fmt: skip
    return pair


def names_of(places: npt.NDArray[np.int64], known: Known) -> dict[str, pa.Array]:
    """[N] texts by column of `item_columns`, for these items."""
    if known.pairs is None:
        return {ITEM[0]: known.ids.take(pa.array(places))}
    return {name: known.ids.take(pa.array(of[places])) for name, of in zip(PAIR, (known.pairs.lower, known.pairs.higher), strict=True)}


def one_name(places: npt.NDArray[np.int64], known: Known) -> list[str]:
    """[N] a text for each of these items; for a pair one of both ids, whichever of them stands first."""
    columns = [column.to_pylist() for column in names_of(places, known).values()]
    if known.pairs is None:
        return list(columns[0])
    return [f"{len(min(pair))}:{min(pair)}{max(pair)}" for pair in zip(*columns, strict=True)]


def _pairs(one: Ints, other: Ints, pairs: Pairs, records: int) -> Ints:
    """[N] the place of each pair, NOTHING where it is none. Memory: 16 bytes a pair and 24 a row."""
    keys = _keys(pairs.lower, pairs.higher, records)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    asked = _keys(np.minimum(one, other), np.maximum(one, other), records)
    if not len(keys):
        return np.full(len(asked), NOTHING, dtype=np.int32)
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[at] == asked, order[at], NOTHING).astype(np.int32)


def _keys(lower: Ints, higher: Ints, records: int) -> Keys:
    return lower.astype(np.int64) * records + higher
