"""The shipped recipes of both families of tables: their dials can be at either end of what they call plausible."""

from __future__ import annotations

from typing import Any

import pytest
from benchmark_folder import ROOT

from evalharness.benchmarks.declaration import read_declaration


@pytest.mark.parametrize("name", ["risk-level", "lead-priority"])
@pytest.mark.parametrize("end", [0, 1])
def test_every_dial_can_be_at_either_end_of_its_plausible_range(name: str, end: int) -> None:
    """Sealed test sets draw sizes from the ranges."""
    dials: Any = read_declaration(ROOT / "datasets_synthetic" / name).dials
    harms = {key: harm.model_copy(update={"size": harm.range[end]}) for key, harm in dials.harms}
    assert list(dials.model_copy(update={"harms": dials.harms.model_copy(update=harms)}).faults()) == []
    assert all(harm.range[0] <= harm.size <= harm.range[1] for _, harm in dials.harms)
    assert all(harm.range[0] < harm.range[1] for _, harm in dials.harms), "a range of one size is no dial"
