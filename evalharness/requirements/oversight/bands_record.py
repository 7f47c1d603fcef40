"""Bands of a checked policy as records."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.requirements.oversight.bands_shape import POINT, BandShape, DeferShape, MachineClosesShape


def bands_record(bands: Sequence[BandShape] | None, defer: DeferShape | None, closes: MachineClosesShape | None) -> Bands | None:
    """None where the policy has no bands."""
    if bands is None:
        return None
    return Bands(
        bands=tuple(band_record(band) for band in bands),
        defer_within=None if defer is None else defer.within,
        machine_closes="" if closes is None else closes.why,
    )


def band_record(shape: BandShape) -> Band:
    """One band as written."""
    spot = shape.spot_check
    return Band(
        name=shape.name,
        at_least=shape.from_ if isinstance(shape.from_, float) else None,
        selected=shape.from_ == POINT or bool(shape.within_budget),
        levels=shape.levels or (),
        rest=bool(shape.rest),
        readers=shape.readers,
        shown=shape.shown is not False,
        third_reader=shape.third_reader is not None,
        opened_within_days=shape.opened_within_days,
        spot_check=None if spot is None else SpotCheck(share=spot.share, readers=spot.readers, blind=spot.blind),
    )
