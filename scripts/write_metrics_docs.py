"""Writes docs/metrics.md from the catalogue. `--check` writes nothing and fails when the page is not what it would write."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from evalharness.catalogue import Metric, TaskMetrics, task_metrics

PAGE = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"

_OPENING = """\
# Metrics

<!-- Written by scripts/write_metrics_docs.py from evalharness/catalogue. Do not edit. -->

What each metric counts, over what, and whether a policy may require it, for each kind of decision (`task` in the policy). Names are
scikit-learn's or fairlearn's where those have one.
An item *without an answer* (missing, duplicate or unusable) is never left out silently: each definition says what it counts as.

*Metrics that decide* may be required by a policy: each has a confidence bound that simulation shows not to approve wrongly too often (see
[decision 1](decisions/0001-judge-on-bounds.md)). *Gaps* says whether differences (`max_difference`) and ratios (`min_ratio`) between groups
may be required too; those carry the metric's name with `_difference` and `_ratio` behind it.
*Metrics that only describe* are drawn with an interval, and a policy that requires one is refused, with the reason given here. It is a
delta interval on the logit scale (on the atanh scale for what can fall below 0), its variance linearised over the independent clusters;
with fewer than 20 of them, or where nothing varies, none is drawn, and the reason stands in its place. Sources of the formulas are named
in `evalharness/metrics/composites`.

"""
_EXAMPLE = ("none", "C", "B", "A")
_BINARY = """\
An item is relevant or not, and the classifier selects it or sets it aside: six outcomes, `{outcomes}`.
For the task `risk` an item is *relevant* when it is truly of the top band, and *selected* when it is placed in the top band.
"""
_ORDINAL = """\
An item has one of K rising levels and is given one: the outcomes are true by given level, and the items without an answer by true level.
An item without an answer counts as wrong wherever it could have been: as too low and as too high, where its true level leaves room for
both. The precision of a level alone leaves it out, as for the binary task. Levels have numbers in the names of metrics, 1 for the lowest:
of {levels}, `recall_level_4` is the recall of {top}. *Counted* shows what is counted there (`A as none` is a true A that is given none).
With two levels nothing can be two levels off, so those metrics do not exist.
"""
_RANKING = """\
Leads wait in daily queues, and in each queue those with the highest scores are selected, as many as the daily budget allows. A lead is
relevant or not, and selected or not: the six outcomes of the binary task. A lead without an answer takes no place.
"""
_LINKAGE = """\
Items are pairs of records: every true link of the split (also one that no candidate pair holds), every predicted link, and every other
candidate pair. A true link is *relevant*, a predicted one *selected*: the six outcomes of the binary task. Pairs that hang together by
true or predicted links count as one cluster.
"""
_TASKS = (
    ("Binary and risk", task_metrics("binary"), _BINARY.format(outcomes="`, `".join(task_metrics("binary").outcomes))),
    ("Ordinal", task_metrics("ordinal", _EXAMPLE), _ORDINAL.format(levels=" < ".join(_EXAMPLE), top=_EXAMPLE[-1])),
    ("Ranking", task_metrics("ranking"), _RANKING),
    ("Linkage", task_metrics("linkage"), _LINKAGE),
)


def page() -> str:
    """The whole page."""
    return _OPENING + "\n".join(_section(title, of, words) for title, of, words in _TASKS)


def _section(title: str, of: TaskMetrics, words: str) -> str:
    deciding = [metric for metric in of.metrics.values() if metric.decides]
    describing = [metric for metric in of.metrics.values() if not metric.decides]
    counted = "counted" if of.ordinal else "formula"
    parts = [f"## {title}\n\n{words}\n"]
    parts += ["### Metrics that decide\n\n"] if describing else []
    heads = ["metric", "what it counts", counted, "better", "unit", "gaps", "elsewhere called"]
    parts += [_table(heads, (_deciding_row(of, metric) for metric in deciding)), _conditions(deciding)]
    if describing:
        heads = ["metric", "what it counts", "better", "unit", "why it cannot be required", "elsewhere called"]
        parts += ["\n### Metrics that only describe\n\n", _table(heads, map(_describing_row, describing))]
    return "".join(parts)


def _deciding_row(of: TaskMetrics, metric: Metric) -> list[str]:
    gaps = "yes" if metric.gaps else "no"
    shown = _cells(of, metric) if of.ordinal else _formula(of, metric)
    return [f"`{metric.name}`", metric.definition, shown, metric.better, metric.unit, gaps, _elsewhere(metric)]


def _describing_row(metric: Metric) -> list[str]:
    return [f"`{metric.name}`", metric.definition, metric.better, metric.unit, metric.why_not, _elsewhere(metric)]


def _formula(of: TaskMetrics, metric: Metric) -> str:
    """Counted outcomes over the denominator's; `n` is every outcome."""
    above, below = _sum(of, metric.numerator), "n" if all(metric.denominator) else _sum(of, metric.denominator)
    forms = {"cost": "sum of costs / n", "reciprocal": f"{below} / {above}", "scaled": f"{above} / {below} x declared constant"}
    return forms.get(metric.kind, f"{above} / {below}")


def _sum(of: TaskMetrics, weights: tuple[int, ...]) -> str:
    names = [name for name, weight in zip(of.outcomes, weights, strict=True) if weight]
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


def _cells(of: TaskMetrics, metric: Metric) -> str:
    """True level as given levels that are counted, and the true levels of counted items without an answer, over the denominator."""
    size, weights = len(of.levels), metric.numerator
    found = []
    for rank, level in enumerate(of.levels):
        given = [other for other, weight in zip(of.levels, weights[rank * size : (rank + 1) * size], strict=True) if weight]
        found += [f"{level} as {', '.join(given)}"] if given else []
    refused = [level for level, weight in zip(of.levels, weights[size * size :], strict=True) if weight]
    found += [f"no answer {', '.join(refused)}"] if refused else []
    return f"({'; '.join(found)}) / {'n' if all(metric.denominator) else metric.denominator_name}"


def _elsewhere(metric: Metric) -> str:
    return f"`{metric.fairlearn}`" if metric.fairlearn else ""


def _conditions(metrics: list[Metric]) -> str:
    """What else a policy must hold before it may require a metric; nothing where there is nothing."""
    lines = []
    for metric in metrics:
        needs = [f"an overall `at_most` on `{name}`" for name in metric.needs_ceiling_on]
        needs += ["`human_in_the_loop`"] * metric.needs_human
        if needs:
            lines.append(f"* `{metric.name}` needs {' and '.join(needs)}")
    return "\n".join(["\n### What the same policy must also hold\n", *lines, ""]) if lines else ""


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def write_or_check(path: Path, text: str, *, check: bool) -> int:
    """Writes `text`, or with `check` only compares: 0 when the page is up to date, else 1."""
    if not check:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(path.parent.parent)}")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path.relative_to(path.parent.parent)} is out of date: run `make docs`")
    return 1


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), check="--check" in sys.argv[1:]))
