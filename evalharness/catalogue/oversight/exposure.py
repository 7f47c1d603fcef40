"""What reading does to those who read: how often they see severe items, from a review log."""

from __future__ import annotations

from typing import Final

from evalharness.catalogue.metric import Metric
from evalharness.catalogue.oversight.people import ODDS

SOURCE = "exposure"
OVER_CAP, REPEATED_VIEWS = "shift_over_cap_rate", "repeat_view_rate"
VIEWS_SHARE, VIEWS_PER_FIND = "severe_views_share", "severe_views_per_find"
BY_BANDS, REDUCTION = "severe_reading_load", "exposure_reduction"
KIND: Final = "oversight_exposure"
_MOST = "readings that there would be if every severe item were read most often"
_FINDS = "views of severe items and items found"

EXPOSURE_SHARES: tuple[Metric, ...] = (
    Metric(
        name=OVER_CAP, title="Shifts of a reviewer with more views of severe items than the cap", kind="oversight", source=SOURCE,
        better="lower", unit="proportion", decides=True, denominator_name="shifts of a reviewer with a reading",
        definition=(
            "Share of the shifts of each reviewer, of those with any reading, in which the views of severe items are more than the "
            "policy's `views_per_shift_at_most`. `at_most: 0.05` is the cap on the 95th percentile. Every view counts, however an item "
            "is shown; a reading that was assigned and is not in the log counts where it does most harm."
        ),
    ),
    Metric(
        name=REPEATED_VIEWS, title="Views of severe items that are repeated", kind="oversight", source=SOURCE, better="lower",
        unit="proportion", decides=True, complete=True, denominator_name="views of severe items",
        definition=(
            "Share of the views of severe items beyond one for the first, one for the second and one for the third reading of each. "
            "Counted completely."
        ),
    ),
    Metric(
        name=VIEWS_SHARE, title="Views of severe items among these and items found", kind="oversight", source=SOURCE, better="lower",
        unit="proportion", decides=False, why_not=f"it is what `{VIEWS_PER_FIND}` is made of: require that", denominator_name=_FINDS,
        definition=(
            "Views of severe items, as a share of them and of the items found: relevant ones that a reader calls relevant; where there is "
            "a third reading, that one. Seeded readings find nothing."
        ),
    ),
)  # fmt: skip
"""Each a share row."""
EXPOSURE_METRICS: tuple[Metric, ...] = (
    *EXPOSURE_SHARES,
    Metric(
        name=VIEWS_PER_FIND, title="Views of severe items for each find", kind=ODDS, source=SOURCE, better="lower", unit="ratio",
        decides=True, denominator_name=_FINDS,
        definition="Views of severe items, of every kind of reading, for each relevant item that readers call relevant.",
    ),
    Metric(
        name=BY_BANDS, title="Readings of severe items, of the most that there could be", kind="oversight", source=SOURCE, better="lower",
        unit="proportion", decides=False, why_not=f"it is what bands promise, and not what people see: require `{OVER_CAP}`",
        denominator_name=_MOST,
        definition=(
            "Readings of severe items by the bands of the policy, as a share of those that there would be if every severe item were in the "
            "band that is read most often; counted as in `reading_load`."
        ),
    ),
    Metric(
        name=REDUCTION, title="How much less severe items are read than if everything were read once", kind=KIND, source=SOURCE,
        better="higher", unit="index", decides=False, denominator_name=_MOST,
        why_not=f"seeing less is no merit where less is found: require `team_recall`, and `{OVER_CAP}`",
        definition=(
            "1 less the readings of a severe item by the bands of the policy; below 0 where double reading makes them more than one. It is "
            "told only beside what is found."
        ),
    ),
)  # fmt: skip
OF_EXPOSURE = tuple(metric.name for metric in EXPOSURE_METRICS)
NEEDS = {OVER_CAP: "views_per_shift_at_most"}
"""By metric, the key of `human_in_the_loop.exposure` that it is counted by; without it nothing is."""
