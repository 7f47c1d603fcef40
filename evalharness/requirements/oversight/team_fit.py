"""Do the declared readers of a policy fit the benchmark that it is about to be judged on?"""

from __future__ import annotations

from collections.abc import Callable

from evalharness.errors import Problems
from evalharness.files.document import KeyPath
from evalharness.files.shape import suggestion
from evalharness.records import BenchmarkInfo, Policy
from evalharness.records.oversight_bands import Bands

_BANDS: KeyPath = ("human_in_the_loop", "bands")
_READERS: KeyPath = ("human_in_the_loop", "team", "readers")


def check_team_fit(policy: Policy, benchmark: BenchmarkInfo, where: Callable[[KeyPath], str], problems: Problems) -> None:
    """Adds attributes that the benchmark does not have, a sample that has no bound of both together yet, and grades that readers see."""
    people = policy.human_in_the_loop
    team = None if people is None else people.team
    if people is None or team is None:
        return
    if people.bands is not None and policy.task == "ordinal":
        for position in shown_below(people.bands, benchmark.levels, people.relevant_from):
            problems.add(
                "people see a grade here that is lower than what is relevant, and team says nothing of such readings",
                where=where((*_BANDS, position)), got=people.bands.bands[position].name,
                hint="remove team, let them read it without the grade (shown: false), or let nobody read it",
            )  # fmt: skip
    if benchmark.weighted:
        problems.add(
            "classifier and people together are not reckoned on a sample whose items were drawn with different chances",
            where=where(_READERS), got=f"benchmark {benchmark.name}: columns: inclusion", hint="leave team out",
        )  # fmt: skip
    for position, one in enumerate(team.readers):
        for attribute, _ in one.group:
            if attribute not in benchmark.attributes:
                problems.add(
                    "the benchmark has no such attribute", where=where((*_READERS, position, "group")), got=attribute,
                    expected="one of " + (", ".join(benchmark.attributes) or "none: it has no groups"),
                    hint=suggestion(attribute, benchmark.attributes),
                )  # fmt: skip


def shown_below(bands: Bands, levels: tuple[str, ...], first: str) -> tuple[int, ...]:
    """Places of the bands in which people see a grade that is lower than `first`."""
    lower = levels[: levels.index(first)] if first in levels else ()
    places = {next((at for at, band in enumerate(bands.bands) if level in band.levels), len(bands.bands) - 1) for level in lower}
    return tuple(sorted(at for at in places if bands.bands[at].readers and bands.bands[at].shown))
