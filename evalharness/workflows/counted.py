"""What is left of the rows once they have been counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evalharness.predictions import Accounting
from evalharness.records import Description
from evalharness.tally import Attainable, BestShare, ConfusionTally, Foreseen, ScoreSummary
from evalharness.tally.row_functions import RowFunctionTally
from evalharness.workflows.oversight.provided import NOTHING, Provided


def nothing_more(level: float) -> Description:
    """For a task of which the tally holds everything."""
    del level
    return Description()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is left of the rows."""

    tally: ConfusionTally
    rows: int
    """Items of the judged split, labelled or not; for linkage the judged pairs, and what else the account counts as invalid."""
    unlabelled: int
    accounting: Accounting
    scores: ScoreSummary | None
    """Null when the classifier gives no scores."""
    attainable: tuple[Attainable | BestShare, ...] | None
    """Null when the true chances are not known."""
    foreseen: Foreseen | None = None
    """How often the true chances say that the answers are right; null likewise, and for linkage. There the chances are of a pair taken
    alone, and a model that looks at all records at once is honestly right more often: where A is B and B is C, A is C."""
    foreseen_of: ConfusionTally | None = None
    """Risk: the outcomes that `foreseen` is about, for everybody together. Null for the other tasks: it is about `tally`."""
    queues: int | None = None
    """Daily queues of the judged split; null where nothing waits in queues."""
    describe: Callable[[float], Description] = nothing_more
    """What `tally` does not hold, at a level of confidence: of scores, of an order, of linked records."""
    of_rows: tuple[RowFunctionTally, ...] = ()
    """Of every row metric that the policy wants to see, in its order."""
    oversight: Provided = NOTHING
    """What people do with the answers."""
    remarks: tuple[str, ...]
    """What the adapter says of the artefact, and what the task adds, for `limits`."""


def account_of(accounting: Accounting) -> dict[str, int]:
    """What became of the answer of each item, for the metrics that are counted completely."""
    parts = {name: getattr(accounting, name) for name in ("answered", "missing", "duplicate", "invalid")}
    return {"items": sum(parts.values()), **parts}
