"""What classifier and people achieve together, from the run's own counts and from how often readers are right."""

from __future__ import annotations

from typing import Literal

from evalharness.catalogue.metric import Metric

SOURCE = "team"
KIND: Literal["oversight_team"] = "oversight_team"
COST = "team_cost"
COST_KIND: Literal["oversight_team_cost"] = "oversight_team_cost"


def _team(name: str, title: str, definition: str, of: str, better: Literal["higher", "lower"]) -> Metric:
    return Metric(
        name=name, title=title, definition=definition, kind=KIND, source=SOURCE, better=better, unit="proportion", decides=True,
        denominator_name=of, needs_ceiling_on=("no_answer_rate", "review_rate"), needs_human=True,
    )  # fmt: skip


TEAM_SHARES: tuple[Metric, ...] = (
    _team(
        "team_recall", "Relevant items that classifier and people find together",
        "Share of the relevant items that are put before a reader and called relevant: selected ones by readers who see that, those "
        "without an answer and deferred ones by readers who see none. What is set aside counts as missed.",
        "relevant items", "higher",
    ),
    _team(
        "team_false_alarm_rate", "Other items that classifier and people call relevant together",
        "Share of the items that are not relevant that are put before a reader and called relevant all the same.",
        "irrelevant items", "lower",
    ),
    _team(
        "caught_rate", "Misses of the classifier that people find",
        "Share of the relevant items that the classifier does not select, or gives no answer to, that a reader is given and calls "
        "relevant.",
        "relevant items that the classifier misses", "higher",
    ),
    _team(
        "created_miss_rate", "Finds of the classifier that people dismiss",
        "Share of the relevant items that the classifier selects that their reader does not call relevant.",
        "relevant items that the classifier selects", "lower",
    ),
)  # fmt: skip
"""Reader rates come from share rows of a review log, and else from the policy's `human_in_the_loop.team`."""
TEAM_COST = Metric(
    name=COST, title="What an item costs once classifier and people have decided", kind=COST_KIND, source=SOURCE, better="lower",
    unit="cost", decides=True, denominator_name="items", needs_human=True,
    definition="Mean cost an item in one unit: what is read costs its review, and what its reader does not call relevant, or nobody reads, "
    "what it costs to set it aside.",
)  # fmt: skip
"""Binary and risk: what the grade of a reader costs nobody says."""
TEAM_METRICS: tuple[Metric, ...] = (*TEAM_SHARES, TEAM_COST)
