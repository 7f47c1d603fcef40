"""What follows from the dials: expectations in closed form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from evalharness.benchmarks.families.case_linkage.chances import Weights
from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.moments import Floats, added
from evalharness.benchmarks.families.case_linkage.tables import SplitTables, Tables


def facts(dials: CaseLinkageDials, tables: Tables) -> dict[str, Any]:
    """For each split: pairs and links to be expected, and the share of the links that no candidate pair holds."""
    found: dict[str, Any] = {
        "records_per_entity": _rounded(sum((i + 1) * share for i, share in enumerate(dials.entities.records))),
        "most_pairs_per_record": (dials.regions.size - 1) / 2,
        "posterior": "of the pair taken alone: exact, given the attributes of its two records; all records of a region together tell more",
    }
    for name, split in zip(dials.split_rows(), tables.splits, strict=True):
        found[name] = _of_split(dials, split)
    return found


def _of_split(dials: CaseLinkageDials, split: SplitTables) -> dict[str, Any]:
    size, blocked = dials.regions.size, [list(dials.attributes).index(name) for name in dials.candidates.agree_on]
    copied, apart, different = (_proposed(split, blocked, kind) for kind in ("copied", "apart", "different"))
    pairs = split.all_pairs
    links = _total(pairs.copied) + _total(pairs.apart)
    held = _total(pairs.copied * copied) + _total(pairs.apart * apart)
    others = _total(pairs.different * different)
    return {
        "links_per_record": _rounded(links / 2 / size),
        "candidate_pairs_per_record": _rounded((held + others) / 2 / size),
        "candidate_pairs_of_one_entity": _rounded(held / (held + others)),
        "links_in_no_candidate_pair": _rounded(1 - held / links),
        "links_in_no_candidate_pair_by_group": {
            attribute: {level: _missed(every, copied, apart) for level, (every, _) in zip(dials.groups[attribute], by_level, strict=True)}
            for attribute, by_level in split.within.items()
        },
        "links_recorded": _rounded((_total(split.recorded.copied) + _total(split.recorded.apart)) / links),
        "recorded_links_that_are_none": _rounded(_share_of_none(split.recorded)),
    }


def _share_of_none(recorded: Weights) -> float:
    none = _total(recorded.different)
    return none / (none + _total(recorded.copied) + _total(recorded.apart))


def _missed(pairs: Weights, copied: Floats, apart: Floats) -> float:
    held = _total(pairs.copied * copied) + _total(pairs.apart * apart)
    return _rounded(1 - held / (_total(pairs.copied) + _total(pairs.apart)))


def _proposed(split: SplitTables, blocked: Iterable[int], kind: str) -> Floats:
    """Chance that a pair of this kind agrees on at least one blocking attribute, by channel."""
    channels = split.limits.shape[1]
    not_yet = np.ones((channels, channels)) if kind == "different" else np.ones(channels)
    for place in blocked:
        likelihood = split.likelihoods[place]
        if kind == "copied":
            not_yet *= likelihood.one[-1]
        else:
            not_yet *= 1 - (likelihood.agree_of_one() if kind == "apart" else likelihood.agree_of_two())
    return np.asarray(1 - not_yet)


def _total(weights: Floats) -> float:
    return added(weights.reshape(-1).tolist())


def _rounded(value: float) -> float:
    return round(value, 6)
