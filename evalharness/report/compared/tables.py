"""The tables of a comparison, as text."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.catalogue import COMPARED, METRICS
from evalharness.records.comparison import ComparedModel, Comparison, OrderPair
from evalharness.records.estimate import Estimate
from evalharness.records.paired import Disagreement, PairedFinding
from evalharness.report import numbers, words
from evalharness.report.compared.words import TITLES, items_of, standing_text
from evalharness.report.marks import mark_text
from evalharness.report.view import Table

_MOST_GROUPS = 60


def beside_table(comparison: Comparison) -> Table:
    """Quantities down, models across: the value, and the bound on the side that would be bad."""
    shown = [metric for metric in COMPARED[comparison.task].beside if metric != "expected_cost"]
    rows = [_row(TITLES[metric], [model.estimate(metric) for model in comparison.models]) for metric in shown]
    units = dict.fromkeys(e.unit for model in comparison.models for e in model.estimates if e.metric == "expected_cost")
    rows += [
        _row(f"expected {unit.replace('_', ' ')} per item", [m.estimate("expected_cost", unit) for m in comparison.models])
        for unit in units
    ]
    verdicts = tuple(mark_text(model.verdict) for model in comparison.models)
    return Table(
        caption="Measured on these items, with bounds",
        columns=("", *(_title(model) for model in comparison.models)),
        rows=(
            *(row for row in rows if row is not None),
            ("against the policy", *verdicts),
            ("dominated", *(_by(m) for m in comparison.models)),
            *_levels(comparison),
        ),
        note=(
            f"Behind each value the bound on the side that would be bad, {_sure(comparison)} sure on its own. "
            f"Units stand side by side and are never added up. Dominated: another is at least as good in {drawn_words(comparison)} and "
            "better in one, on the measured values alone."
        ),
    )


def drawn_words(comparison: Comparison) -> str:
    """The two metrics of the drawing."""
    return " and ".join(TITLES[metric] for metric in comparison.drawn)


def _sure(comparison: Comparison) -> str:
    return numbers.confidence(comparison.confidence) if comparison.attempt is None else "as each model's attempt asks"


def _levels(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    """Where every model has a level of its own."""
    if comparison.attempt is not None:
        yield "each bound holds with", *(numbers.confidence(model.level) for model in comparison.models)


def paired_table(comparison: Comparison) -> Table:
    """Every challenger in every metric. McNemar's test needs independent items: where they belong to clusters it has no column."""
    columns: tuple[str, ...] = (
        "challenger and metric", f"not worse by more than {numbers.exact_percent(comparison.margin)}", "items", "lost", "gained",
        "difference", "at most (decides)", "at least", "sure", "describes",
    )  # fmt: skip
    rows = tuple(_paired_row(comparison, finding) for finding in comparison.findings)
    if not comparison.clustered:
        columns = (*columns, "McNemar exact, mid-P")
        rows = tuple((*row, _mcnemar(finding)) for row, finding in zip(rows, comparison.findings, strict=True))
    return Table(caption=f"Against {comparison.incumbent}, for everybody", columns=columns, rows=rows, numeric_from=2)


def order_table(comparison: Comparison) -> Table:
    """Areas under the ROC curve against the incumbent's."""
    return Table(
        caption=f"Area under the ROC curve against {comparison.incumbent}: it describes",
        columns=("challenger", "items scored by both", "incumbent", "challenger", "difference", "from", "to", "sure", "p (DeLong)"),
        rows=tuple(_order_row(each) for each in comparison.orders),
        numeric_from=1,
        note="; ".join(f"{each.challenger}: {each.reason}" for each in comparison.orders if each.reason),
    )


def _order_row(each: OrderPair) -> tuple[str, ...]:
    areas = [numbers.ABSENT if area is None else numbers.four(area) for area in (each.incumbent_area, each.challenger_area)]
    ends: list[tuple[float | None, numbers.Rounding]] = [(each.difference, "near"), (each.lower, "down"), (each.upper, "up")]
    return (
        each.challenger,
        numbers.count(each.items),
        *areas,
        *(numbers.ABSENT if value is None else numbers.four(value, rounding) for value, rounding in ends),
        numbers.confidence(each.level),
        numbers.ABSENT if each.p is None else numbers.four(each.p),
    )


def judged_table(comparison: Comparison) -> Table:
    """How many findings of each outcome each model has."""
    outcomes = ("met", "not_demonstrated", "not_evaluable", "not_met")
    return Table(
        caption="Findings against the policy",
        columns=("model", "verdict", *(words.MARKS[outcome][1] for outcome in outcomes)),
        rows=tuple(
            (
                _title(model),
                mark_text(model.verdict),
                *(str(sum(f.outcome == outcome for f in model.findings)) for outcome in outcomes),
            )
            for model in comparison.models
        ),
        numeric_from=2,
    )


def disagreement_tables(comparison: Comparison) -> tuple[Table, ...]:
    """For each challenger and metric that must be shown: everybody and each level of each attribute; intersections are in compare.json."""
    names = [model.name for model in comparison.models if not model.incumbent]
    return tuple(table for name in names for metric in comparison.together for table in _one(comparison, name, metric))


def _one(comparison: Comparison, challenger: str, metric: str) -> Iterator[Table]:
    rows = [d for d in comparison.disagreements if d.challenger == challenger and d.metric == metric and len(d.group) <= 1]
    rows = [row for row in rows if row.counts.n]
    if rows:
        shown = rows[:_MOST_GROUPS]
        yield Table(
            caption=f"{challenger} against {comparison.incumbent}, {TITLES[metric]} ({items_of(comparison, rows[0].items)})",
            columns=(
                "group",
                "items",
                "both right",
                "lost",
                "gained",
                "both wrong",
                "old silent, new wrong",
                "share lost, at most",
            ),
            rows=tuple(_disagreement(row) for row in shown),
            folded=len(shown) > 12,
            note=f"Further groups and intersections are in compare.json; {len(rows) - len(shown)} left out here."
            if len(rows) > len(shown)
            else "",
        )


def _disagreement(row: Disagreement) -> tuple[str, ...]:
    c = row.counts
    return (
        words.group_words(dict(row.group)) if row.group else "everybody",
        *(numbers.count(x) for x in (c.n, c.both, c.only_incumbent, c.only_challenger, c.neither, c.unknown)),
        numbers.percent(row.upper, "up", decimals=2),
    )


def _paired_row(comparison: Comparison, finding: PairedFinding) -> tuple[str, ...]:
    c = finding.counts
    return (
        f"{finding.challenger}, {TITLES[finding.metric]} ({items_of(comparison, finding.items)})",
        standing_text(finding.outcome),
        numbers.count(c.n),
        numbers.count(c.only_incumbent),
        numbers.count(c.only_challenger),
        numbers.percent(finding.difference, decimals=2),
        numbers.percent(finding.upper, "up", decimals=2),
        numbers.percent(finding.lower, "down", decimals=2),
        numbers.confidence(finding.level),
        _describes(finding),
    )


def _describes(finding: PairedFinding) -> str:
    if finding.score_lower is None or finding.score_upper is None:
        return numbers.ABSENT
    low, high = numbers.percent(finding.score_lower, "down", decimals=2), numbers.percent(finding.score_upper, "up", decimals=2)
    return f"{low} to {high} ({finding.score_method.partition('(')[0]})"


def _mcnemar(finding: PairedFinding) -> str:
    if finding.mcnemar_exact is None or finding.mcnemar_mid_p is None:
        return numbers.ABSENT
    return f"{numbers.four(finding.mcnemar_exact)}, {numbers.four(finding.mcnemar_mid_p)}"


def _row(title: str, estimates: list[Estimate | None]) -> tuple[str, ...] | None:
    if all(estimate is None for estimate in estimates):
        return None
    return (title, *(_cell(estimate) for estimate in estimates))


def _cell(estimate: Estimate | None) -> str:
    if estimate is None or estimate.value is None:
        return numbers.ABSENT
    metric = METRICS[estimate.metric]
    higher = metric.better == "higher"
    bound = estimate.bounds[0 if higher else 1]
    write = numbers.fine if metric.unit == "proportion" else numbers.plain
    if bound is None:
        return f"{write(estimate.value)} (no bound)"
    return f"{write(estimate.value)} ({'≥' if higher else '≤'} {write(bound, 'down' if higher else 'up')})"


def _title(model: ComparedModel) -> str:
    return f"{model.name} (incumbent)" if model.incumbent else model.name


def _by(model: ComparedModel) -> str:
    return f"by {', '.join(model.dominated_by)}" if model.dominated_by else "no"
