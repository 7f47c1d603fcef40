"""How often the bands of a policy have severe items read: the share row of exposure with the classifier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.exposure import BY_BANDS
from evalharness.oversight.fates import Fated
from evalharness.oversight.workload import reading_row
from evalharness.records.oversight_bands import Bands
from evalharness.records.share import ShareRow


def severe_row(bands: Bands, items: Fated, severe: npt.NDArray[np.bool_], cases: npt.NDArray[np.int32] | None) -> ShareRow:
    """Readings of the severe items, of those that there would be if each of them were read most often. severe: [N]; cases: [N] codes."""
    row = reading_row(bands, items.fates[severe], None if cases is None else cases[severe])
    return replace(row, metric=BY_BANDS, rests_on=())
