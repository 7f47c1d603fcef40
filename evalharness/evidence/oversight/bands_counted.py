"""Whether what became of the items by bands is what the counts of the run say of their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evalharness.catalogue.metric import OUTCOMES
from evalharness.evidence.oversight.bands import BandsPart, Counted, stated_bands
from evalharness.records.oversight_bands import TO_A_PERSON


def fates_against_counts(
    part: BandsPart | None, policy: Mapping[str, Any], outcomes: Sequence[str], counts: Sequence[int], shares: Mapping[str, Counted]
) -> Iterator[str]:  # fmt: skip
    """What cannot be so, in words; of grades nothing is said.

    outcomes, counts: of everybody. Where items are deferred the counts give limits only: nothing tells how many of those are wrong.
    """
    if part is None or tuple(outcomes) != OUTCOMES or len(counts) != len(OUTCOMES):
        return
    tp, fp, fn, _, *refused = counts
    readers = {str(band.get("name")): band.get("readers") for band in stated_bands(policy)}
    deferred = part.items.get(TO_A_PERSON, 0) - sum(refused)
    twice = sum(part.items.get(name, 0) for name, number in readers.items() if isinstance(number, int) and number > 1)
    unread = sum(part.relevant.get(name, 0) for name, number in readers.items() if number == 0)
    if deferred < 0:
        yield "oversight.bands: fewer items go to a person than have no answer"
    given = shares.get("unread_double_rate", (0, 0, ()))[1]
    if not tp + fp - deferred <= given <= tp + fp:
        yield f"tallies.shares: {given} items are given the top class by themselves, and the counts make it {tp + fp}"
    for metric, least, most in (
        ("unread_double_rate", given - twice, given - twice),
        ("top_class_unread_rate", unread, unread),
        ("selective_risk", fp + fn - deferred, fp + fn),
    ):
        told = shares.get(metric)
        if told is None and metric == "selective_risk":  # not every task counts it
            continue
        if told is None or not least <= told[0] <= most:
            yield f"tallies.shares: {metric}: it is {told and told[0]}, and bands and counts make it {least} at least and {most} at most"
