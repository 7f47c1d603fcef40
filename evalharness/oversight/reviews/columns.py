"""The columns of a review log and of the list of what was assigned, and how each is written."""

from __future__ import annotations

ITEM = ("item_id",)
"""What names an item."""
PAIR = ("left_id", "right_id")
"""What names an item that is a pair of records, in either order."""
LOG = (*ITEM, "reviewer", "shown", "label", "seconds", "time", "seeded", "adjudicated", "shift")
"""Of every log; where items are pairs, PAIR stands in the place of ITEM."""
LOG_MORE = ("reading", "opened", "views")
"""A log may have them: 1, 2 or 3 (default 1); UTC; how often the item was viewed."""
ASSIGNED = (*ITEM, "reviewer", "reading", "shown_or_blind", "seeded")
"""What was assigned, made before anybody read; likewise."""
BLIND = "blind"
"""In `shown`: the reviewer did not see what the classifier said. Likewise in `shown_or_blind`, beside SHOWN."""
SHOWN = "shown"
NO_ANSWER = "no answer"
"""In `shown`: the classifier gave none."""
MADE_UP = "made-up-reviewer"
"""How the names of reviewers begin who do not exist: a log in which one of them reads is made up."""
MOST_SECONDS = 86_400.0
READINGS = (1, 2, 3)


def named_by(columns: tuple[str, ...], item: tuple[str, ...]) -> tuple[str, ...]:
    """LOG or ASSIGNED, with `item` in the place of ITEM."""
    return (*item, *columns[len(ITEM) :])
