"""Do the bands of a policy fit the levels of the benchmark that it is about to be judged on?"""

from __future__ import annotations

from collections.abc import Callable

from evalharness.errors import Problems
from evalharness.files.document import KeyPath
from evalharness.files.shape import suggestion
from evalharness.records import BenchmarkInfo, Policy
from evalharness.records.oversight_bands import Band

_BANDS: KeyPath = ("human_in_the_loop", "bands")
_Place = Callable[[KeyPath], str]


def check_bands_fit(policy: Policy, benchmark: BenchmarkInfo, where: _Place, problems: Problems) -> None:
    """Adds levels that the benchmark does not have, bands that no item can enter, and a top class that the machine would close."""
    people = policy.human_in_the_loop
    if people is None or people.bands is None:
        _relevant_from(policy, benchmark, where, problems)
        return
    if benchmark.weighted:
        problems.add(
            "what becomes of items by their bands is not counted on a sample whose items were drawn with different chances",
            where=where(_BANDS), got=f"benchmark {benchmark.name}: columns: inclusion",
            hint="leave bands out, or use a sample drawn with one chance",
        )  # fmt: skip
    _relevant_from(policy, benchmark, where, problems)
    if policy.task not in {"ordinal", "risk"}:
        return
    left = list(benchmark.levels)
    for at, band in enumerate(people.bands.bands):
        _levels(band, (*_BANDS, at), benchmark, where, problems)
        taken = left if band.rest else [level for level in band.levels if level in left]
        if not taken and set(band.levels) <= set(benchmark.levels):
            problems.add(f"no item can enter the band {band.name}: those above it take every level", where=where((*_BANDS, at)))
        if band.closes and benchmark.levels[-1:] and benchmark.levels[-1] in taken:
            problems.add(
                "the machine would close items of the top class by itself, which no policy may ask for", where=where((*_BANDS, at)),
                got=f"{band.name}: {benchmark.levels[-1]}", hint="give the band of the top class readers",
            )  # fmt: skip
        left = [level for level in left if level not in taken]


def _levels(band: Band, path: KeyPath, benchmark: BenchmarkInfo, where: _Place, problems: Problems) -> None:
    for level in band.levels:
        if level not in benchmark.levels:
            problems.add(
                "the benchmark has no such level", where=where((*path, "levels")), got=level,
                expected="one of " + ", ".join(benchmark.levels), hint=suggestion(level, benchmark.levels),
            )  # fmt: skip


def _relevant_from(policy: Policy, benchmark: BenchmarkInfo, where: _Place, problems: Problems) -> None:
    level = policy.human_in_the_loop.relevant_from if policy.human_in_the_loop is not None else ""
    if level and level not in benchmark.levels[1:]:
        problems.add(
            "no level from which on items are relevant", where=where(("human_in_the_loop", "relevant_from")), got=level,
            expected="one of " + ", ".join(benchmark.levels[1:]), hint=suggestion(level, benchmark.levels[1:]),
        )  # fmt: skip
