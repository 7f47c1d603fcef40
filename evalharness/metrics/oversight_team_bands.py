"""Which bands of a policy leave classifier and people together something to be reckoned from."""

from __future__ import annotations

from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.policy import OperatingPoint

_DEFERRED = "which of the deferred items the classifier would have selected is not counted"
UNREAD = "the policy's bands put some of the selected items before nobody"
OTHERS = "the policy's bands have people read items that the classifier does not select, and nothing is reckoned of such readings"


def outside(bands: Bands, point: OperatingPoint, *, by_fates: bool) -> str:
    """Why there is no figure; empty where there is one. by_fates: the figure needs only how many are opened, and how many deferred."""
    if any(band.readers and not _selects(band, point) for band in bands.bands):
        return OTHERS
    if by_fates:
        return ""
    if bands.defer_within is not None:
        return _DEFERRED
    return "" if _reads_selected(bands, point) else UNREAD


def _selects(band: Band, point: OperatingPoint) -> bool:
    """Whether all that it takes is selected."""
    if band.at_least is not None:
        return point.threshold is not None and band.at_least >= point.threshold
    return band.selected or bool(band.levels and set(band.levels) <= {point.top_band})


def _reads_selected(bands: Bands, point: OperatingPoint) -> bool:
    """Whether every band that takes something selected has readers, down to the last such."""
    for band in bands.bands:
        last = band.rest or band.selected or point.top_band in band.levels
        if not band.readers and (last or _selects(band, point)):
            return False
        if last:
            return True
    return False
