"""A block as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.families.case_linkage.copies import PROXY, Copies
from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.names import entity_names, record_ids, region_names
from evalharness.benchmarks.families.case_linkage.pairs import Pairs
from evalharness.benchmarks.families.case_linkage.posterior import Seen, chances, see, within
from evalharness.benchmarks.families.case_linkage.raters import rated, ratings
from evalharness.benchmarks.families.case_linkage.rows import Codes, Ints, Records
from evalharness.benchmarks.families.case_linkage.tables import SplitTables, Tables
from evalharness.benchmarks.families.family import Place, Table
from evalharness.benchmarks.families.ingredients.columns import coded, constant
from evalharness.benchmarks.families.ingredients.joint import GRID

SAID = ("different", "same")


def known(within_of: Sequence[str]) -> tuple[str, ...]:
    """Columns of `pair_truth` after the two ids."""
    return ("same", "same_clean", "posterior", "posterior_clean", *(f"within_{name}" for name in within_of))


def people(dials: CaseLinkageDials) -> tuple[str, ...]:
    """Columns of the raters."""
    return tuple(f"rater_{1 + number}" for number in range(dials.raters.number))


def items(dials: CaseLinkageDials, place: Place, made: Records, ids: Any) -> Table:
    """The records."""
    groups = {name: coded(codes, list(levels)) for (name, levels), codes in zip(dials.groups.items(), made.groups, strict=True)}
    return {
        "record_id": ids,
        "entity_id": entity_names(place, made.recorded, dials.regions.size),
        "split": constant(place.name, place.rows),
        **groups,
        **_received(dials, place, np.arange(place.rows), made.values),
    }


def _received(dials: CaseLinkageDials, place: Place, rows: Ints, values: Codes) -> Table:
    """What a model receives of some rows; null where a value is missing. values: [attributes, rows]."""
    shown = {}
    for (name, count), codes in zip(dials.attributes.items(), values, strict=True):
        levels = pa.array([f"v{rank:03d}" for rank in range(count)], pa.string())
        shown[name] = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=codes == count), levels)
    return {"region": region_names(place, rows, dials.regions.size), **shown}


def ends(ids: Any, pairs: Pairs) -> Table:
    """Both ids of each pair. ids: of the rows of the block."""
    return {"left_id": ids.take(pa.array(pairs.left)), "right_id": ids.take(pa.array(pairs.right))}


def pair_truth(dials: CaseLinkageDials, split: SplitTables, made: Records, ids: Any, seen: Seen) -> Table:
    """What is known of the candidate pairs."""
    found, groups = chances(split, seen), dict(zip(dials.groups, made.groups, strict=True))
    return {
        **ends(ids, seen.pairs),
        "same": pa.array(_same(made.recorded, seen.pairs)),
        "same_clean": pa.array(_same(made.clean, seen.pairs)),
        "posterior": _chances(found.recorded),
        "posterior_clean": _chances(found.clean),
        **{f"within_{name}": _chances(within(split, name, groups[name], seen)) for name in split.within},
    }


def said(dials: CaseLinkageDials, tables: Tables, place: Place, made: Records, pairs: Pairs) -> dict[str, Table]:
    """What raters said; nothing where they looked at no pair."""
    chosen = rated(dials, place, pairs)
    if not len(chosen):
        return {}
    looked_at = Pairs(left=pairs.left[chosen], right=pairs.right[chosen])
    votes = ratings(dials, tables, place, made, looked_at)
    ids = record_ids(place, np.arange(place.rows))
    columns = (*people(dials), "adjudicated")
    return {"annotators": {**ends(ids, looked_at), **{name: coded(row, SAID) for name, row in zip(columns, votes, strict=True)}}}


def copied(dials: CaseLinkageDials, split: SplitTables, place: Place, made: Records, parts: list[Copies]) -> dict[str, Table]:
    """The copies and their pairs; nothing where there are none."""
    if not parts or not len(parts[0].of):
        return {}
    tables: dict[str, list[Table]] = {"twins": [], "twin_pairs": [], "twin_truth": [], "twin_pair_truth": []}
    for part in parts:
        ids, pairs = record_ids(place, part.numbers, part.kind), part.pairs
        of_pairs, kind = ends(ids, pairs), constant(part.kind, len(pairs.left))
        same = pa.array(_same(made.recorded[part.of], pairs))
        shown = _received(dials, place, part.of, part.values)
        tables["twins"].append({"item_id": ids, "kind": constant(part.kind, len(ids)), **shown})
        tables["twin_pairs"].append({**of_pairs, "kind": kind})
        tables["twin_truth"].append({"item_id": ids, "of": record_ids(place, part.of)})
        tables["twin_pair_truth"].append({**of_pairs, "same": same, "posterior": _of_copies(split, made, part)})
    return {name: _joined(found) for name, found in tables.items()}


def _of_copies(split: SplitTables, made: Records, part: Copies) -> Any:
    """Chance that a pair's records are recorded as one entity, given their copies: where these tell the records' own values; else null."""
    if part.kind != PROXY:
        return pa.nulls(len(part.pairs.left), pa.float64())
    return _chances(chances(split, see(split, made.values[:, part.of], part.pairs)).recorded)


def _same(numbers: Ints, pairs: Pairs) -> npt.NDArray[np.bool_]:
    """Whether both records have the same number within their region, which is the same for both."""
    return np.asarray(numbers[pairs.left] == numbers[pairs.right])


def _chances(steps: npt.NDArray[np.int32]) -> Any:
    return pa.array(steps / GRID)


def _joined(parts: list[Table]) -> Table:
    return {name: pa.concat_arrays([_plain(part[name]) for part in parts]) for name in parts[0]}


def _plain(array: Any) -> Any:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
