"""The review log of made-up reviewers for the items of a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.oversight.reviews.named import names_of, one_name
from evalharness.oversight.reviews.readings import NOTHING, Known
from evalharness.oversight.synthetic.dials import Dials
from evalharness.oversight.synthetic.log import assigned_table, log_table
from evalharness.oversight.synthetic.readers import Items, made_readings, study_items
from evalharness.oversight.synthetic.streams import item_codes

Places = npt.NDArray[np.int64]


def made_up_log(dials: Dials, known: Known) -> tuple[pa.Table, pa.Table]:
    """The log and what was assigned, in the benchmark's own words. Items without a label are not read: nobody could be right about them."""
    labelled = np.flatnonzero(known.labels != NOTHING)
    whole = _items(dials, known, labelled)
    chosen = study_items(dials, whole.codes)
    made = made_readings(dials, whole.at(chosen))
    names = names_of(labelled[chosen], known)
    pause = dials.seconds.median * (1 + dials.seconds.spread)
    return log_table(made, names, _words(known.words), pause, _words(known.told)), assigned_table(made, names)


def _items(dials: Dials, known: Known, places: Places) -> Items:
    labels = known.labels[places]
    return Items(
        codes=item_codes(dials.seed, one_name(places, known)),
        labels=labels,
        decisions=known.decisions[places],
        outcomes=len(_words(known.words)),
        relevant_from=known.relevant_from,
        prevalence=float((labels > 0).mean()) if len(labels) else 0.0,
    )


def _words(words: Mapping[str, int]) -> tuple[str, ...]:
    """A word for each outcome, rising."""
    first: dict[int, str] = {}
    for word, value in words.items():
        first.setdefault(value, word)
    return tuple(first[value] for value in sorted(first))
