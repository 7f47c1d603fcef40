"""What the harness must know of a metric to count it, bound it, and let a policy ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OUTCOMES = ("tp", "fp", "fn", "tn", "no_answer_positive", "no_answer_negative")
"""The six outcomes of an item that is relevant or not, in the order of every count vector. The first four are of answered items."""

Weights = tuple[int, ...]
"""How often each outcome enters a sum, in the order of the task's outcomes."""

Kind = Literal[
    "proportion", "scaled", "reciprocal", "cost", "composite", "described", "complete",
    "oversight", "oversight_difference", "oversight_team", "oversight_odds", "oversight_work",
    "oversight_team_cost", "oversight_rater_cost", "oversight_exposure",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. Proportions are `numerator . counts / denominator . counts`."""

    name: str
    """Name in policies and evidence: scikit-learn's or fairlearn's, where they have one."""
    title: str
    """Name for a person who is not technical."""
    definition: str
    """One sentence that says what is counted over what, no answers included."""
    kind: Kind
    """proportion; scaled (a proportion times a declared constant); reciprocal (1 / a proportion); cost; composite; described;
    complete (counted over the whole run: no sample); oversight (a share row: what people did); oversight_difference (made of several);
    oversight_team (of them and of the run's own counts); oversight_odds (a share row as so many for each);
    oversight_work (a share row as minutes of a week); oversight_team_cost (as oversight_team, in a unit of cost);
    oversight_rater_cost (of share rows of a person and the classifier, in such a unit);
    oversight_exposure (a share row as so much less)."""
    better: Literal["higher", "lower", "either"]
    """Which direction is better for the people concerned."""
    unit: Literal["proportion", "minutes", "reviews", "cost", "index", "levels", "leads", "days", "splits and merges", "log odds", "ratio"]
    """Unit of the value."""
    decides: bool
    """Whether a policy may require it (an admissible bound exists)."""
    why_not: str = ""
    """For a metric that only describes: why it cannot be required."""
    numerator: Weights = (0, 0, 0, 0, 0, 0)
    """Outcomes counted in the numerator (of the underlying proportion, where scaled or reciprocal)."""
    denominator: Weights = (0, 0, 0, 0, 0, 0)
    """Outcomes counted in the denominator (likewise)."""
    denominator_name: str = ""
    """What one unit of the denominator is, in words: 'relevant items', 'items selected'."""
    gaps: bool = False
    """Whether differences and ratios between groups are computed and may be required."""
    needs_ceiling_on: tuple[str, ...] = ()
    """Metrics that the same policy must bound from above before this one may be required."""
    complete: bool = False
    """Whether it is fixed by design and counted completely: it has no bound, and `equals` is the only comparison that fits it."""
    source: str = ""
    """Oversight: what it is counted from (`catalogue.oversight.NOT_SUPPLIED`); empty for the run itself."""
    needs_human: bool = False
    """Whether it needs the policy's `human_in_the_loop` block."""
    fairlearn: str = ""
    """The name of the same quantity in fairlearn or scikit-learn, where one exists."""
