"""How the metrics of work read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

WORK_PHRASES: dict[str, Phrase] = {
    "weekly_minutes": Phrase(
        of="the reading of a week takes {}",
        must="the reading of a week may take {}",
        share="the time that the reading of a week takes",
    ),
    "weekly_backlog": Phrase(
        of="{} of reading are left over each week",
        must="{} of reading may be left over each week",
        share="the reading that is left over each week",
    ),
    "officers_needed": Phrase(
        of="{} officers are needed for the reading",
        must="{} officers may be needed for the reading",
        share="the number of officers that are needed for the reading",
    ),
}
