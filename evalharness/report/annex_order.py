"""The annex on the order of a ranking: how long relevant leads wait, beside first in first out and random order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evalharness.catalogue import described_metrics
from evalharness.catalogue.ranking_described import ORDERS
from evalharness.evidence import Evidence
from evalharness.evidence.schema import CurvePart, EstimatePart
from evalharness.report import numbers, words
from evalharness.report.curve_charts import CurveChart, curve_chart
from evalharness.report.describing import DESCRIBES, curve_rows, with_limits
from evalharness.report.view import Section, Table

_MODEL, _FIFO, _RANDOM = ORDERS
_UNITS = {"leads": "place", "index": "of 1", "budget_for_95": "leads a day"}
_HEADS = ("Classifier", "First in, first out", "Random order")
_LINES = (
    ("main", "this classifier", "recall"),
    ("chain", "by the true chances", "best_possible"),
    ("dashed", "first in, first out", "first_in_first_out"),
    ("dotted", "random order", "random_order"),
)
_BY_GROUP = ("median_rank", "median_wait", "median_wait_of_missed")
_READ = (
    "In brackets: at least, at most; each holds on its own with the confidence of this report, and days are counted as the independent "
    "units. There are none where fewer than 20 days tell of it. Leads of equal score count with the average over every order among them; "
    "leads without an answer stand last. All three orders are of the same leads. “Middle one”: as many stand before it as after it."
)

Found = Mapping[tuple[str, tuple[tuple[str, str], ...]], EstimatePart]


def order_section(evidence: Evidence) -> tuple[Section, ...]:
    """What a board asks first, a drawing, and the measures in three orders; nothing where nothing was measured."""
    found = {(e.metric, tuple(sorted(e.group.items()))): e for e in evidence.described}
    curve = next((c for c in evidence.curves if c.name == "budgets"), None)
    known = described_metrics("ranking")
    if not any(name in known for name, _ in found):
        return ()
    chart = None if curve is None else _chart(curve, evidence)
    return (
        Section(
            anchor="order",
            title="Who waits, and how long",
            paragraphs=tuple(_said(found, curve, evidence)),
            curves=() if chart is None else (chart,),
            tables=(_orders(found), *_groups(found), *(() if curve is None else (_budgets(curve),))),
            terms=tuple((known[name].title, known[name].definition) for name in _bases() if (name, ()) in found),
        ),
    )


def _bases() -> list[str]:
    return [name for name in described_metrics("ranking") if not name.endswith((_FIFO, _RANDOM))]


def _said(found: Found, curve: CurvePart | None, evidence: Evidence) -> Iterator[str]:
    budget = numbers.count(evidence.operating_point.budget_per_day)
    missed = found.get(("median_rank_of_missed", ()))
    if missed is not None and missed.value is None:
        yield f"No relevant lead was left beyond the daily budget of {budget}."
    elif missed is not None:
        text = (
            f"The classifier leaves {numbers.count(missed.n)} relevant leads beyond the daily budget of {budget}: nobody looks at them on "
            f"their day. If people went on down the list, the middle one of them would come up {_turn(found, _MODEL)}"
        )
        same = [
            f"{name}, {'the same leads would come up ' if end == _FIFO else ''}{_turn(found, end)}"
            for end, name in ((_FIFO, "First in, first out"), (_RANDOM, "in random order"))
            if _value(found, "median_rank_of_missed" + end) is not None
        ]
        yield text + (f". {words.capital('; '.join(same))}." if same else ".")
    ranks = [_value(found, "median_rank" + end) for end in ORDERS]
    if ranks[0] is not None:
        text = f"Of all relevant leads the middle one stands at place {_plain(ranks[0])} of its day"
        others = zip(ranks[1:], ("first in, first out", "in random order"), strict=True)
        rest = [f"{name}, at place {_plain(rank)}" for rank, name in others if rank is not None]
        yield f"{'; '.join((text, *rest))}."
    if curve is not None and (sentence := _at_budget(curve, evidence)):
        yield sentence
    yield DESCRIBES


def _turn(found: Found, end: str) -> str:
    place, wait = (_value(found, f"median_{what}_of_missed" + end) for what in ("rank", "wait"))
    text = f"at place {_plain(place)}"
    return text if wait is None else f"{text} (after {_plain(wait)} minutes of review work)"


def _value(found: Found, metric: str) -> float | None:
    estimate = found.get((metric, ()))
    return None if estimate is None else estimate.value


def _at_budget(curve: CurvePart, evidence: Evidence) -> str:
    budget = evidence.operating_point.budget_per_day
    row = next((row for row in curve_rows(curve) if row["budget_per_day"] == budget), None)
    if row is None or row["recall"] is None:
        return ""
    others = [f"{numbers.percent(row[column])} {name}" for name, column in
              (("first in, first out", "first_in_first_out"), ("in random order", "random_order")) if row[column] is not None]  # fmt: skip
    best = "" if row["best_possible"] is None else f" Whoever went by the true chances would find {numbers.percent(row['best_possible'])}."
    return (
        f"Looking at {numbers.count(budget)} leads a day finds {numbers.percent(row['recall'])} of the relevant ones"
        f"{', against ' + ' and '.join(others) if others else ''}.{best}"
    )


def _chart(curve: CurvePart, evidence: Evidence) -> CurveChart:
    rows, budget = curve_rows(curve), evidence.operating_point.budget_per_day
    lines = [(style, name, [(0.0, 0.0), *_points(rows, column)]) for style, name, column in _LINES if len(_points(rows, column)) > 1]
    marked = next((row for row in rows if row["budget_per_day"] == budget), None)
    share = None if marked is None else marked["recall"]
    return curve_chart(
        "budgets",
        (
            "Relevant leads found against leads looked at in a day",
            f"{_at_budget(curve, evidence)} The table of budgets below has the same figures.",
        ),
        ("leads looked at in a day", "share of relevant leads found"),
        lines,
        marked=None if share is None or budget is None else (float(budget), share, f"daily budget: {numbers.count(budget)}"),
        percent=(False, True),
    )


def _points(rows: Sequence[Mapping[str, float | None]], column: str) -> list[tuple[float, float]]:
    return [(x, y) for row in rows if (x := row["budget_per_day"]) is not None and (y := row[column]) is not None]


def _orders(found: Found) -> Table:
    known = described_metrics("ranking")
    names = [name for name in _bases() if (name, ()) in found]
    return Table(
        caption="Three orders of the same leads",
        columns=("Measure", "Unit", *_HEADS),
        rows=tuple(
            (
                known[name].title,
                _UNITS.get(name, _UNITS.get(known[name].unit, known[name].unit)),
                *(with_limits(found.get((name + end, ())), _plain) for end in ORDERS),
            )
            for name in names
        ),
        numeric_from=2,
        note=_READ,
    )


def _groups(found: Found) -> Iterator[Table]:
    """By group of the relevant lead itself."""
    groups = list(dict.fromkeys(group for _, group in found if group))
    if not groups:
        return
    yield Table(
        caption="Relevant leads of each group: place and wait (middle one)",
        columns=(
            *("Group", "Relevant leads", "Place", "first in, first out", "Wait in minutes", "first in, first out"),
            *("Beyond the budget", "their wait in minutes", "first in, first out"),
        ),
        rows=tuple(
            (
                words.group_words(dict(group)),
                _count(found.get(("median_rank", group))),
                *(with_limits(found.get((name + end, group)), _plain) for name in _BY_GROUP[:2] for end in (_MODEL, _FIFO)),
                _count(found.get((_BY_GROUP[2], group))),
                *(with_limits(found.get((_BY_GROUP[2] + end, group)), _plain) for end in (_MODEL, _FIFO)),
            )
            for group in groups
        ),
    )


def _budgets(curve: CurvePart) -> Table:
    share = ("recall", "precision", "first_in_first_out", "random_order", "best_possible")
    return Table(
        caption="Other daily budgets",
        columns=(
            *("Leads a day", "Found by the classifier", "Of those looked at, relevant", "Found first in, first out"),
            *("Found in random order", "Found by the true chances"),
        ),
        rows=tuple((_plain(row["budget_per_day"]), *(numbers.fine(row[column]) for column in share)) for row in curve_rows(curve)),
        folded=True,
        note="Where scores tie at the edge of a budget, this is the average over every order among them; the requirement goes by arrival.",
    )


def _count(estimate: EstimatePart | None) -> str:
    return numbers.ABSENT if estimate is None else numbers.count(estimate.n)


def _plain(value: float | None, rounding: numbers.Rounding = "near") -> str:
    """A place or a whole number of minutes without decimals; anything else with at least two digits."""
    return numbers.count(int(value)) if value is not None and value.is_integer() else numbers.plain(value, rounding)
