"""Do the declared readers of a policy fit the benchmark that it is about to be judged on?"""

from __future__ import annotations

from collections.abc import Callable

from evalharness.errors import Problems
from evalharness.files.document import KeyPath
from evalharness.files.shape import suggestion
from evalharness.records import BenchmarkInfo, Policy

_READERS: KeyPath = ("human_in_the_loop", "team", "readers")


def check_team_fit(policy: Policy, benchmark: BenchmarkInfo, where: Callable[[KeyPath], str], problems: Problems) -> None:
    """Adds attributes that the benchmark does not have, and a sample that has no bound of classifier and people together yet."""
    team = None if policy.human_in_the_loop is None else policy.human_in_the_loop.team
    if team is None:
        return
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
