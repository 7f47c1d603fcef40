"""What one requirement may ask: a metric that decides, one comparison that makes sense, a bound in range, cells that exist."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evalharness.catalogue import COPY_METRICS, DESCRIBED, METRICS, OTHER_NAMES, TASKS, Metric, task_metrics
from evalharness.catalogue.copies import NOT_PAIRED
from evalharness.catalogue.oversight.team import COST as TEAM_COST
from evalharness.catalogue.oversight.work import KIND as WORK
from evalharness.errors import Problems
from evalharness.files.shape import suggestion
from evalharness.files.yaml import KeyPath, YamlDocument
from evalharness.records import CUSTOM
from evalharness.requirements.condition_checks import check_condition
from evalharness.requirements.context import Context, Line
from evalharness.requirements.shape import COMPARISONS

GAPS = frozenset({"max_difference", "min_ratio"})
_TOWARDS = {"at_least": "higher", "at_most": "lower"}


class RequirementChecks:
    """All checks of one requirement; each adds to the same problems."""

    def __init__(self, document: YamlDocument, line: Line, context: Context, problems: Problems) -> None:
        self._document, self._line, self._context, self._problems = document, line, context, problems
        self._shape = line.shape
        self._metric = context.metrics.get(line.shape.metric)
        self._comparisons = line.comparisons()

    def run(self) -> None:
        """Adds every problem of the requirement."""
        self._check_metric()
        self._check_comparison()
        for key, bound in self._comparisons.items():
            self._check_direction(key)
            self._check_bound(key, bound)
        self._check_complete()
        self._check_scope()
        self._check_depth()
        self._check_unit()
        self._check_under()
        self._check_not_judged()
        check_condition(self._shape, self._metric, self._context, self._add)

    def _check_metric(self) -> None:
        if "metric" in self._line.faulty:
            return
        name, metric = self._shape.metric, self._metric
        if metric is None and (known_as := OTHER_NAMES.get(name)) and known_as.name in self._context.metrics:
            what = f"{name} is called {known_as.name} here"
            why = "" if known_as.decides else f"; it only describes and cannot be required: {known_as.why_not}"
            self._add(what + why, "metric", got=name)
        elif metric is None and name.startswith(CUSTOM):
            self._add("metrics of other packages only describe and cannot be required", "metric", got=name, hint="name it under `describe`")
        elif metric is None and name in DESCRIBED:
            self._add(f"{name} only describes and cannot be required: {DESCRIBED[name].why_not}", "metric", got=name)
        elif metric is None:
            deciding = {n: m for n, m in self._context.metrics.items() if m.decides}
            known = sorted(deciding, key=lambda n: (bool(deciding[n].source), n))  # of items first, then of people
            what = f"the task {self._context.task} has no such metric" if self._context.task else "there is no such metric"
            hint = _of_other_tasks(name) or suggestion(name, self._context.metrics)
            self._add(what, "metric", got=name, expected="one of " + ", ".join(known), hint=hint)
        elif not metric.decides:
            self._add(f"{name} only describes and cannot be required: {metric.why_not}", "metric", got=name)
        elif metric.needs_human and not self._context.has_people:
            self._add(
                f"{name} needs the block human_in_the_loop", "metric", got=name, hint="add human_in_the_loop, or require another metric"
            )

    def _check_comparison(self) -> None:
        found = list(self._comparisons)
        if not found and not self._line.faulty - {"id", "metric"}:
            self._add("the requirement compares nothing", expected="one of " + ", ".join(COMPARISONS))
        if len(found) > 1:
            self._add(
                f"the requirement compares more than once: {', '.join(found)}", found[1], expected="one", hint="write two requirements"
            )

    def _check_direction(self, key: str) -> None:
        metric = self._metric
        if metric is None or not metric.decides:
            return
        if key in GAPS and not metric.gaps:
            self._add(f"{metric.name} has no gaps between groups", key, hint="use at_least or at_most")
        elif key in _TOWARDS and metric.better not in {"either", _TOWARDS[key]}:
            other = "at_most" if key == "at_least" else "at_least"
            what = f"{key} makes no sense for {metric.name}: {metric.better} is better, so it would ask for the worse"
            self._add(what, key, hint=f"use {other}")

    def _check_complete(self) -> None:
        """`equals` and what is counted completely go together, and with nothing else."""
        metric, equals = self._metric, self._shape.equals is not None
        if metric is None or not metric.decides:
            return
        if equals and not metric.complete:
            what = f"equals does not go with {metric.name}: it is measured on a sample, which can show no exact value"
            self._add(what, "equals", hint=f"use at_least or at_most; equals is for {', '.join(_complete(self._context))}")
        elif metric.complete:
            for key in [key for key in self._comparisons if key != "equals"]:
                self._add(f"{metric.name} is counted completely, so it has no bound: {key} does not go with it", key, hint="use equals: 0")
            if self._shape.for_each is not None:
                self._add(f"{metric.name} is counted for the whole run alone", "for_each", hint="remove for_each")
            if equals and self._shape.equals != 0:
                self._add(f"{metric.name} may be required to be 0 only", "equals", got=self._shape.equals, expected="0")

    def _check_bound(self, key: str, bound: float) -> None:
        low, high = (0.0, 1.0) if key in GAPS else _range(self._metric, self._shape.unit, self._context)
        if not low <= bound <= high:
            expected = f"a number from {low:g} to {high:g}" if math.isfinite(high) else f"a number of at least {low:g}"
            self._add("the bound is out of range", key, got=bound, expected=expected)

    def _check_scope(self) -> None:
        """`for_each` with a level to reach, `between` with a gap."""
        gaps = [key for key in self._comparisons if key in GAPS]
        levels = [key for key in self._comparisons if key not in GAPS]
        if gaps and levels:
            return  # which of them is meant decides what goes with it
        if gaps and self._shape.between is None and self._shape.for_each is None and not self._line.faulty & {"between", "for_each"}:
            self._add(f"{gaps[0]} needs between", gaps[0], hint="add 'between: ATTRIBUTE'")
        if gaps and self._shape.for_each is not None:
            self._add(f"for_each does not go with {gaps[0]}", "for_each", hint="use between")
        if levels and self._shape.between is not None:
            self._add(f"between does not go with {levels[0]}", "between", hint="use for_each")

    def _check_depth(self) -> None:
        seen: set[frozenset[str]] = set()
        for path, attributes in self._asked():
            if len(attributes) > self._context.depth:
                what = f"an intersection of {len(attributes)} attributes is deeper than the policy's intersections: {self._context.depth}"
                self._add(what, *path, got=", ".join(attributes), hint=f"set 'intersections: {len(attributes)}', or ask for fewer")
            if frozenset(attributes) in seen:
                self._add("the same groups are asked for twice", *path, got=", ".join(attributes), hint="keep one")
            seen.add(frozenset(attributes))

    def _check_unit(self) -> None:
        if self._metric is None or "unit" in self._line.faulty:
            return
        unit, units = self._shape.unit, sorted(self._context.dearest)
        is_cost = self._metric.unit == "cost"
        if is_cost and unit is None:
            self._add(f"{self._metric.name} needs unit", "metric", expected="one of " + (", ".join(units) or "the units under costs: none"))
        elif is_cost and unit not in self._context.dearest:
            hint = suggestion(unit or "", units)
            self._add("costs has no such unit", "unit", got=unit, expected="one of " + (", ".join(units) or "none: add costs"), hint=hint)
        elif not is_cost and unit is not None:
            self._add(f"unit does not go with {self._metric.name}", "unit", hint="remove it")

    def _check_under(self) -> None:
        """What compares items with their copies says with which; of links no copies are counted."""
        under = self._shape.under
        if under is None and self._shape.metric in COPY_METRICS and self._metric is not None and "under" not in self._line.faulty:
            hint = "add 'under: KIND', a kind of copy that the benchmark has, such as marker or noise"
            self._add(f"{self._shape.metric} needs under", "metric", hint=hint)
        elif under is not None and self._context.task == NOT_PAIRED:
            self._add(f"under does not go with the task {NOT_PAIRED} in this version", "under", hint="remove it")
        for other in ("under", "prevalence") if self._shape.over_range else ():
            if getattr(self._shape, other) is not None:
                self._add(f"over_range does not go with {other} in this version", "over_range", hint="ask it in two requirements")

    def _check_not_judged(self) -> None:
        asked = {frozenset(attributes) for _, attributes in self._asked()}
        seen: set[frozenset[tuple[str, str]]] = set()
        for position, cell in enumerate(self._shape.not_judged):
            path: KeyPath = ("not_judged", position, "group")
            if frozenset(cell.group) not in asked and not self._line.faulty & {"for_each", "between"}:
                words = sorted("[" + ", ".join(sorted(a)) + "]" if len(a) > 1 else next(iter(a)) for a in asked)
                expected = "a cell of " + (", ".join(words) or "for_each or between, which the requirement does not have")
                self._add("the exempted cell is none of the requirement's", *path, got=", ".join(sorted(cell.group)), expected=expected)
            if frozenset(cell.group.items()) in seen:
                self._add("the same cell is exempted twice", *path, hint="keep one")
            seen.add(frozenset(cell.group.items()))

    def _asked(self) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
        for position, attributes in enumerate(self._shape.for_each or ()):
            yield ("for_each", position), attributes
        if self._shape.between is not None:
            yield ("between",), self._shape.between

    def _add(self, what: str, *path: str | int, got: object = "", expected: str = "", hint: str = "") -> None:
        where = self._document.where((*self._line.path, *path))
        self._problems.add(f"requirement {self._shape.id}: {what}", where=where, got=got, expected=expected, hint=hint)


def _of_other_tasks(name: str) -> str:
    """Whose metric it is, where it is one."""
    tasks = [task for task in TASKS if name in task_metrics(task).metrics] if name in METRICS else []
    return f"it is a metric of the task {' or '.join(tasks)}" if tasks else ""


def _complete(context: Context) -> list[str]:
    return sorted(name for name, metric in context.metrics.items() if metric.complete)


def _range(metric: Metric | None, unit: str | None, context: Context) -> tuple[float, float]:
    """The least and the greatest value that the metric can take."""
    match metric.unit if metric else None:
        case "proportion" | "index":
            return 0.0, 1.0
        case "minutes" if metric is not None and metric.kind == WORK:
            return 0.0, math.inf
        case "minutes":
            return 0.0, 1000 * context.minutes_per_review
        case "reviews":
            return 1.0, 1e9
        case "cost":
            most = 2 if metric is not None and metric.name == TEAM_COST else 1  # read, and set aside all the same
            return 0.0, most * context.dearest.get(unit or "", 0.0) or math.inf  # a unit that costs nothing is reported as such
    return -math.inf, math.inf  # an unknown metric is reported as such
