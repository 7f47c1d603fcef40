"""Writes docs/metrics.md from the catalogue. `--check` writes nothing and fails when the page is not what it would write."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from evalharness.catalogue import METRICS, OUTCOMES, Metric

PAGE = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"

_OPENING = """\
# Metrics

<!-- Written by scripts/write_metrics_docs.py from evalharness/catalogue. Do not edit. -->

What each metric counts, over what, and whether a policy may require it. Names are scikit-learn's or fairlearn's where those have one.
Every item has one of six outcomes: `{outcomes}`.
An item *without an answer* (missing, duplicate or unusable) is never left out silently: each definition says what it counts as.

"""
_DECIDE = """\
## Metrics that decide

A policy may require these: each has a confidence bound that simulation shows not to approve wrongly too often (see
[decision 1](decisions/0001-judge-on-bounds.md)). *Gaps* says whether differences (`max_difference`) and ratios (`min_ratio`) between groups
may be required too; those carry the metric's name with `_difference` and `_ratio` behind it.

"""
_DESCRIBE = """
## Metrics that only describe

These are drawn with an interval, and a policy that requires one is refused, with the reason given here.

"""


def page() -> str:
    """The whole page."""
    deciding = [metric for metric in METRICS.values() if metric.decides]
    describing = [metric for metric in METRICS.values() if not metric.decides]
    return "".join(
        [
            _OPENING.format(outcomes="`, `".join(OUTCOMES)),
            _DECIDE,
            _table(["metric", "what it counts", "formula", "better", "unit", "gaps", "elsewhere called"], map(_deciding_row, deciding)),
            _conditions(deciding),
            _DESCRIBE,
            _table(["metric", "what it counts", "why it cannot be required", "elsewhere called"], map(_describing_row, describing)),
        ]
    )


def _deciding_row(metric: Metric) -> list[str]:
    gaps = "yes" if metric.gaps else "no"
    return [f"`{metric.name}`", metric.definition, _formula(metric), metric.better, metric.unit, gaps, _elsewhere(metric)]


def _describing_row(metric: Metric) -> list[str]:
    return [f"`{metric.name}`", metric.definition, metric.why_not, _elsewhere(metric)]


def _formula(metric: Metric) -> str:
    """Counted outcomes over the denominator's; `n` is every outcome."""
    above, below = _sum(metric.numerator), "n" if all(metric.denominator) else _sum(metric.denominator)
    forms = {"cost": "sum of costs / n", "reciprocal": f"{below} / {above}", "scaled": f"{above} / {below} x declared constant"}
    return forms.get(metric.kind, f"{above} / {below}")


def _sum(weights: tuple[int, ...]) -> str:
    names = [name for name, weight in zip(OUTCOMES, weights, strict=True) if weight]
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


def _elsewhere(metric: Metric) -> str:
    return f"`{metric.fairlearn}`" if metric.fairlearn else ""


def _conditions(metrics: list[Metric]) -> str:
    """What else a policy must hold before it may require a metric."""
    lines = ["\n### What the same policy must also hold\n"]
    for metric in metrics:
        needs = [f"an overall `at_most` on `{name}`" for name in metric.needs_ceiling_on]
        needs += ["`human_in_the_loop`"] * metric.needs_human
        if needs:
            lines.append(f"* `{metric.name}` needs {' and '.join(needs)}")
    return "\n".join([*lines, ""])


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
