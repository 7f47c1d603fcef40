"""The columns of a review log and of the list of what was assigned, and how each is written."""

from __future__ import annotations

LOG = ("item_id", "reviewer", "shown", "label", "seconds", "time", "seeded", "adjudicated", "shift")
"""Of every log."""
LOG_MORE = ("reading", "opened", "views")
"""A log may have them: 1, 2 or 3 (default 1); UTC; how often the item was viewed."""
ASSIGNED = ("item_id", "reviewer", "reading", "shown_or_blind", "seeded")
"""What was assigned, made before anybody read."""
BLIND = "blind"
"""In `shown`: the reviewer did not see what the classifier said. Likewise in `shown_or_blind`, beside SHOWN."""
SHOWN = "shown"
NO_ANSWER = "no answer"
"""In `shown`: the classifier gave none."""
MOST_SECONDS = 86_400.0
READINGS = (1, 2, 3)
