"""How often items are read, in an evidence document: it follows from their fates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evalharness.catalogue.oversight.work import READINGS
from evalharness.evidence.oversight.bands import BandsPart
from evalharness.records.oversight_bands import Bands
from evalharness.records.oversight_work import MINUTES, Work, readings_of


def work_inconsistencies(
    part: BandsPart | None, shares: Mapping[str, tuple[int, int, tuple[str, ...]]], work: Work | None, bands: Bands | None
) -> Iterator[str]:  # fmt: skip
    """What does not follow, in words. shares: part, total, and what it rests on, of everybody by metric."""
    told = shares.get(READINGS)
    if work is None or bands is None or part is None:
        if told is not None:
            yield f"tallies.shares: {READINGS}: readings are counted, and the policy declares no work, or no bands"
        return
    readings = readings_of(bands)
    expected = sum(times * part.items.get(fate, 0) for fate, times in zip(bands.fates, readings.by_fate, strict=True))
    if told != (expected, readings.most * sum(part.items.values()), () if work.measured else (MINUTES,)):
        yield f"tallies.shares: {READINGS}: the bands make it {expected}, on {'measured' if work.measured else 'declared'} minutes"
