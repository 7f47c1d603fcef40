"""Made-up reviewers beside the run: their log goes the way of a log of people, and says that they were made up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evalharness.errors import bad_input
from evalharness.evidence.oversight.made_up import KIND, TOLD
from evalharness.oversight.reviews.readings import NOTHING, Known
from evalharness.oversight.synthetic.dials import Dials
from evalharness.oversight.synthetic.log import assigned_table, log_table
from evalharness.oversight.synthetic.readers import Items, made_readings, study_items
from evalharness.oversight.synthetic.streams import item_codes
from evalharness.records import Caution
from evalharness.records.progress import Progress
from evalharness.workflows.asked_reviewers import OPTION
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.items import ONE_BY_ONE, DecidedItems, decided_items
from evalharness.workflows.oversight.provided import Provided
from evalharness.workflows.oversight.reviews import known_of, provide_from


def provide_synthetic(inputs: Inputs, progress: Progress) -> Provided | None:
    """None where they were not asked for. Raises BadInput where the benchmark has none, and for a task whose items nobody reads singly."""
    if inputs.made_up is None:
        return None
    if inputs.policy.task not in ONE_BY_ONE:
        raise bad_input(
            "made-up reviewers read items that are decided one by one", where=OPTION, got=f"the task {inputs.policy.task}",
            expected=", ".join(ONE_BY_ONE), hint=f"leave {OPTION} out",
        )  # fmt: skip
    dials = inputs.made_up.dials
    items = decided_items(inputs, progress)
    known = known_of(inputs, items)
    made_of = _labelled(items)
    whole = _items(dials, items, known, made_of)
    chosen = study_items(dials, whole.codes)
    made = made_readings(dials, whole.at(chosen))
    ids = items.ids.take(made_of[chosen])
    words = _words(known)
    log = log_table(made, ids, words, dials.seconds.median * (1 + dials.seconds.spread))
    found = provide_from(inputs, log, assigned_table(made, ids), synthetic=True, progress=progress, where=(OPTION, OPTION), items=items)
    part = {**found.parts["reviews"], "dials": inputs.made_up.digest}
    return replace(found, parts={"reviews": part}, notices=(*found.notices, Caution(kind=KIND, text=TOLD)))


def _labelled(items: DecidedItems) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Places of the items with a label: made-up reviewers are right or wrong about something."""
    return np.flatnonzero(items.labels != NOTHING)


def _items(dials: Dials, items: DecidedItems, known: Known, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Items:
    labels = items.labels[places]
    return Items(
        codes=item_codes(dials.seed, items.ids.take(places).to_pylist()),
        labels=labels,
        decisions=items.decisions[places],
        outcomes=len(_words(known)),
        relevant_from=known.relevant_from,
        prevalence=float((labels > 0).mean()) if len(labels) else 0.0,
    )


def _words(known: Known) -> tuple[str, ...]:
    """A word for each outcome, rising."""
    first: dict[int, str] = {}
    for word, value in known.words.items():
        first.setdefault(value, word)
    return tuple(first[value] for value in sorted(first))
