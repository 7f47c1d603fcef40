"""What all tests share: how long an example takes is a matter for the benchmarks."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("evalharness", deadline=None)
settings.load_profile("evalharness")
