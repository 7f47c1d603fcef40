"""The tables of made-up reviewers."""

from __future__ import annotations

import pyarrow as pa
from reviewers import dials_of, items_of

from evalharness.oversight.reviews.columns import ASSIGNED, LOG
from evalharness.oversight.synthetic.log import assigned_table, log_table
from evalharness.oversight.synthetic.readers import made_readings

WORDS = ("none", "C", "B", "A")


def test_every_row_says_what_was_made() -> None:
    dials = dials_of(
        blind_share=0.3, seeded_share=0.1, twice_share=0.3, unread_share=0.1, viewed_twice_share=0.2,
        shifts={"teams": 4, "of_each": 2, "readings": 20},
    )  # fmt: skip
    items = items_of(600, prevalence=0.5, outcomes=4)
    made = made_readings(dials, items)
    ids = pa.array([f"item-{number}" for number in range(600)])
    names = {"item_id": ids}
    log, assigned = log_table(made, names, WORDS, 50.0), assigned_table(made, names)
    assert set(LOG) | {"reading", "views"} == set(log.column_names)
    assert set(ASSIGNED) == set(assigned.column_names)
    assert assigned.num_rows == len(made.item)
    rows = [row for row in range(len(made.item)) if made.read[row]]
    assert log.num_rows == len(rows) < len(made.item)
    for told, row in zip(log.to_pylist(), rows, strict=True):
        shown = "blind" if made.blind[row] else "no answer" if made.shown[row] < 0 else WORDS[made.shown[row]]
        assert told["item_id"] == f"item-{made.item[row]}"
        assert told["reviewer"] == f"made-up-reviewer-{made.reviewer[row]:04d}"
        assert (told["shown"], told["label"]) == (shown, WORDS[made.said[row]])
        assert (told["reading"], told["adjudicated"]) == (made.reading[row], made.reading[row] == 3)
        assert (told["seeded"], told["seconds"]) == (made.seeded[row], made.seconds[row])
        assert told["views"] == made.views[row]
        assert told["shift"] == f"shift-{made.shift[row]:04d}"
        moment = told["time"]
        day = (moment.date() - log["time"][0].as_py().date()).days
        assert day == made.shift[row] - made.shift[rows[0]]
        assert (moment.hour - 8) * 3600 + moment.minute * 60 + moment.second == (made.position[row] + 1) * 50
    assert 0.1 < sum(made.views[row] == 2 for row in rows) / len(rows) < 0.3
    for told, row in zip(assigned.to_pylist(), range(len(made.item)), strict=True):
        assert told["shown_or_blind"] == ("blind" if made.blind[row] else "shown")
        assert (told["reading"], told["seeded"]) == (made.reading[row], made.seeded[row])
