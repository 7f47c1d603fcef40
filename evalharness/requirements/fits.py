"""Does a policy fit the benchmark that it is about to be judged on?"""

from __future__ import annotations

from evalharness.catalogue import copy_metrics, task_metrics
from evalharness.errors import Problems
from evalharness.files.document import KeyPath, path_text
from evalharness.files.shape import suggestion
from evalharness.records import BenchmarkInfo, Policy
from evalharness.requirements.expand import Place
from evalharness.requirements.oversight.bands_fit import check_bands_fit
from evalharness.requirements.oversight.exposure_checks import check_exposure_fit
from evalharness.requirements.oversight.team_fit import check_team_fit


def check_fit(policy: Policy, benchmark: BenchmarkInfo, place: Place | None = None) -> None:
    """Raises BadInput, with every problem, where task, levels or top band of the policy are not the benchmark's.

    place: `file:line:col` of a key of the policy (see `policy_places`).
    """
    problems = Problems()
    where = place or (lambda path: f"policy {policy.name}: {path_text(path)}")
    if policy.task != benchmark.task:
        problems.add(
            "the policy and the benchmark are for different tasks", where=f"policy {policy.name}, benchmark {benchmark.name}",
            got=f"{policy.task} and {benchmark.task}", expected="the same task",
        )  # fmt: skip
        problems.raise_if_any()
    _check_metrics(policy, benchmark, where, problems)
    _check_top_band(policy, benchmark, where, problems)
    _check_copies(policy, benchmark, where, problems)
    _check_costs(policy, benchmark, where, problems)
    _check_weighted(policy, benchmark, where, problems)
    check_bands_fit(policy, benchmark, where, problems)
    check_team_fit(policy, benchmark, where, problems)
    check_exposure_fit(policy, benchmark, where, problems)
    problems.raise_if_any()


def _check_metrics(policy: Policy, benchmark: BenchmarkInfo, where: Place, problems: Problems) -> None:
    """With few levels nothing can be wrong by many."""
    known = {**task_metrics(benchmark.task, benchmark.levels).metrics, **copy_metrics(benchmark.task).metrics}
    for position, requirement in enumerate(policy.requirements):
        if requirement.metric not in known:
            problems.add(
                f"requirement {requirement.id}: the benchmark has too few levels for this metric",
                where=where(("requirements", position, "metric")), got=f"{requirement.metric}, levels {', '.join(benchmark.levels)}",
                expected="one of " + ", ".join(sorted(name for name, metric in known.items() if metric.decides)),
            )  # fmt: skip


def _check_costs(policy: Policy, benchmark: BenchmarkInfo, where: Place, problems: Problems) -> None:
    """Costs of grades name levels of the benchmark."""
    for unit in policy.costs.units if policy.costs else ():
        for true, costs in unit.by_level:
            at: KeyPath = ("costs", unit.name, "by_level", true)
            for level, path in ((true, at), *((given, (*at, given)) for given, _ in costs)):
                if level not in benchmark.levels:
                    problems.add(
                        "the benchmark has no such level", where=where(path), got=level, expected="one of " + ", ".join(benchmark.levels),
                        hint=suggestion(level, benchmark.levels),
                    )  # fmt: skip


def _check_copies(policy: Policy, benchmark: BenchmarkInfo, where: Place, problems: Problems) -> None:
    """A kind of copy that the recipe never makes is a mistake; one that the judged split happens to lack is not evaluable."""
    kinds = {kind.name for kind in benchmark.copies}
    for position, requirement in enumerate(policy.requirements):
        under = requirement.on.under
        if under and under not in kinds:
            problems.add(
                f"requirement {requirement.id}: the benchmark has no such copies", where=where(("requirements", position, "under")),
                got=under, expected="one of " + ", ".join(sorted(kinds)) if kinds else "a benchmark with copies: this one has none",
                hint=suggestion(under, kinds),
            )  # fmt: skip


def _check_weighted(policy: Policy, benchmark: BenchmarkInfo, where: Place, problems: Problems) -> None:
    """What has no bound yet where items were drawn with different chances."""
    if not benchmark.weighted:
        return
    for position, requirement in enumerate(policy.requirements):
        what = ""
        if requirement.between:
            what = "gaps between groups"
        elif requirement.on.text:
            what = f"what is asked {requirement.on.text}"
        elif requirement.unit and requirement.for_each:
            what = "the cost of each group"
        if what:
            problems.add(
                f"requirement {requirement.id}: {what} cannot be judged on a sample whose items were drawn with different chances",
                where=where(("requirements", position)), got=f"benchmark {benchmark.name}: columns: inclusion",
                hint="ask at_least or at_most of everybody and of each group, or judge this on a sample drawn with one chance",
            )  # fmt: skip
    if policy.describe:
        problems.add(
            "metrics of other packages are not computed on a sample whose items were drawn with different chances",
            where=where(("describe",)), got=", ".join(policy.describe), hint="leave `describe` out",
        )  # fmt: skip


def _check_top_band(policy: Policy, benchmark: BenchmarkInfo, where: Place, problems: Problems) -> None:
    """The band that is acted on first is the highest: a higher one would be acted on later."""
    band, levels = policy.operating_point.top_band, benchmark.levels
    if band is None or band == (levels[-1] if levels else None):
        return
    what = "the benchmark has no such level" if band not in levels else "a higher level than the top band would be acted on later"
    problems.add(
        what, where=where(("operating_point", "top_band")), got=band, hint=suggestion(band, levels),
        expected=f"its highest level: {levels[-1]}" if levels else "a benchmark with levels: this one declares none",
    )  # fmt: skip
