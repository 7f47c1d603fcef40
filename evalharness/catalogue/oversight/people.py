"""What becomes of the people in the items, from a table of who is in which item."""

from __future__ import annotations

from typing import Any, Final, Literal

from evalharness.catalogue.metric import Metric

SOURCE = "people"
ODDS: Final = "oversight_odds"
OPENED_SHARE, OPENED_PER_FIND = "uninvolved_opened_share", "uninvolved_opened_per_find"
REPEATED, KEPT, SECOND_LOOK = "repeat_wrong_flag_rate", "kept_too_long_rate", "second_look_rate"
CONTACTED, VIEWED_AFTER = "contact_in_time_rate", "views_after_identification_rate"
LATE, LATE_RELEVANT, LATE_LOW = "late_rate", "late_rate_relevant", "late_rate_low_ranked"


def _share(name: str, title: str, definition: str, of: str, better: Literal["higher", "lower"], **more: Any) -> Metric:
    return Metric(
        name=name, title=title, definition=definition, kind="oversight", better=better, unit="proportion", decides="why_not" not in more,
        denominator_name=of, source=SOURCE, **more,
    )  # fmt: skip


PEOPLE_SHARES: tuple[Metric, ...] = (
    _share(
        OPENED_SHARE, "Uninvolved people among people opened and items found",
        "Uninvolved people with an item that was opened, as a share of them and of the relevant items that were opened. A person who is "
        "involved in any item of the table is not uninvolved, and counts once however many items show that person.",
        "uninvolved people and finds", "lower",
        why_not=f"it is what `{OPENED_PER_FIND}` is made of: require that",
    ),
    _share(
        REPEATED, "Uninvolved people flagged wrongly more than once",
        "Share of the uninvolved people with an item that was opened who are in two or more items that the classifier selects and that are "
        "not relevant.",
        "uninvolved people with an item that was opened", "lower",
    ),
    _share(
        KEPT, "Wrongly selected items kept too long",
        "Share of the items that the classifier selects and that are not relevant, and that are old enough, that were not deleted for "
        "everybody in them within the policy's `delete_within_days` of their arrival. Counted completely.",
        "wrongly selected items old enough", "lower", complete=True,
    ),
    _share(
        SECOND_LOOK, "Items set aside that somebody opens all the same",
        "Share of the items that the classifier sets aside, and that are old enough, that were opened within the policy's "
        "`second_look_days` of their arrival. What the table does not name was not opened.",
        "items set aside old enough", "higher",
    ),
    _share(
        CONTACTED, "Identified people contacted in time",
        "Share of the people identified, long enough ago, who were contacted within the policy's `contact_within_hours` of the first time "
        "they were identified.",
        "people identified long enough ago", "higher",
    ),
    _share(
        VIEWED_AFTER, "Views of identified people's items after that",
        "Share of the openings of items with a person who is identified, before or later, that come after the first time of it.",
        "openings of items of identified people", "lower",
    ),
    _share(
        LATE, "Items for readers that were opened late",
        "Share of the items of bands with a reader, and of those that go to a person, that were not opened within their band's "
        "`open_within_hours` of their arrival, of those that are old enough. What the table does not name is late.",
        "items for readers old enough", "lower",
    ),
    _share(
        LATE_RELEVANT, "Relevant items for readers that were opened late",
        f"As `{LATE}`, of the relevant items alone.", "relevant items for readers old enough", "lower",
    ),
    _share(
        LATE_LOW, "Relevant items ranked low that were opened late",
        "Share of the relevant items that the classifier sets aside that were not opened within the hours, or the days, of their band, of "
        "those that are old enough; without either, of those that nobody opened. What the table does not name is late.",
        "relevant items set aside old enough", "lower",
    ),
)  # fmt: skip
"""Shares of people, items or openings, each a share row."""
PEOPLE_METRICS: tuple[Metric, ...] = (
    *PEOPLE_SHARES,
    Metric(
        name=OPENED_PER_FIND, title="Uninvolved people opened for each find", kind=ODDS, source=SOURCE, better="lower", unit="ratio",
        decides=True, denominator_name="uninvolved people and finds",
        definition="Uninvolved people with an item that was opened, for each relevant item that was opened.",
    ),
)  # fmt: skip
NEEDS = {KEPT: "delete_within_days", CONTACTED: "contact_within_hours", SECOND_LOOK: "second_look_days"} | dict.fromkeys(
    (LATE, LATE_RELEVANT, LATE_LOW), "open_within_hours"
)
"""By metric, the key of `human_in_the_loop.people` that it is counted by; without it nothing is."""
IN_GROUPS = (OPENED_SHARE, OPENED_PER_FIND, LATE, LATE_RELEVANT, LATE_LOW)
