"""How the metrics of exposure read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

EXPOSURE_PHRASES: dict[str, Phrase] = {
    "shift_over_cap_rate": Phrase(
        of="in {} of the shifts of a reviewer there are more views of severe items than the cap",
        must="in {} of the shifts of a reviewer there may be more views of severe items than the cap",
        share="the share of the shifts of a reviewer with more views of severe items than the cap",
        was="were over the cap",
    ),
    "repeat_view_rate": Phrase(
        of="{} of the views of severe items are repeated",
        must="{} of the views of severe items may be repeated",
        share="the share of the views of severe items that are repeated",
        was="were repeated",
    ),
    "severe_views_per_find": Phrase(
        of="for each find, severe items are viewed {} times",
        must="for each find, severe items may be viewed {} times",
        share="how often severe items are viewed for each find",
    ),
}
