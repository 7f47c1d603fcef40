"""How the metrics of a table of people read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

PEOPLE_PHRASES: dict[str, Phrase] = {
    "repeat_wrong_flag_rate": Phrase(
        of="{} of the uninvolved people whose items were opened are flagged wrongly more than once",
        must="{} of the uninvolved people whose items were opened may be flagged wrongly more than once",
        share="the share of the uninvolved people whose items were opened that are flagged wrongly more than once",
        was="were flagged wrongly more than once",
    ),
    "kept_too_long_rate": Phrase(
        of="{} of the wrongly selected items are kept too long",
        must="{} of the wrongly selected items may be kept too long",
        share="the share of the wrongly selected items that are kept too long",
        was="were kept too long",
    ),
    "second_look_rate": Phrase(
        of="{} of the items set aside are opened by somebody in time all the same",
        must="{} of the items set aside must be opened by somebody in time all the same",
        share="the share of the items set aside that are opened by somebody in time all the same",
        was="were opened in time",
    ),
    "contact_in_time_rate": Phrase(
        of="{} of the people identified are contacted in time",
        must="{} of the people identified must be contacted in time",
        share="the share of the people identified that are contacted in time",
        was="were contacted in time",
    ),
    "views_after_identification_rate": Phrase(
        of="{} of the openings of items of identified people happen after the person was identified",
        must="{} of the openings of items of identified people may happen after the person is identified",
        share="the share of the openings of items of identified people that happen after the person was identified",
        was="happened after that",
    ),
    "late_rate": Phrase(
        of="{} of the items for readers are opened late, or not at all",
        must="{} of the items for readers may be opened late, or not at all",
        share="the share of the items for readers that are opened late, or not at all",
        was="were opened late, or not at all",
    ),
    "late_rate_relevant": Phrase(
        of="{} of the relevant items for readers are opened late, or not at all",
        must="{} of the relevant items for readers may be opened late, or not at all",
        share="the share of the relevant items for readers that are opened late, or not at all",
        was="were opened late, or not at all",
    ),
    "late_rate_low_ranked": Phrase(
        of="{} of the relevant items that are set aside are opened late, or not at all",
        must="{} of the relevant items that are set aside may be opened late, or not at all",
        share="the share of the relevant items that are set aside that are opened late, or not at all",
        was="were opened late, or not at all",
    ),
    "uninvolved_opened_per_find": Phrase(
        of="for each find, {} uninvolved people have an item opened",
        must="for each find, {} uninvolved people may have an item opened",
        share="how many uninvolved people have an item opened for each find",
    ),
}
