"""Tables of a plan, and how its requirements and values read."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.records import Alternative, Plan, PlannedCell, PlannedRequirement
from evalharness.records.planned_people import PlannedPeople
from evalharness.report import demands, numbers, words
from evalharness.report.view import Table

_SHORT = {
    "a quarter of the way": "a quarter of the way",
    "half-way": "half-way",
    "three quarters of the way": "three quarters of the way",
    "a model without error": "no error, or no gap, at all",
}
"""How the name of an alternative begins -> short enough for a table."""
_SHORT_PEOPLE = {
    "a quarter of the way": "a quarter of the way", "half-way": "half-way", "three quarters of the way": "three quarters of the way",
}  # fmt: skip
_CELLS_SHOWN = 200
_QUOTAS = (
    "What is needed in one group is told for all groups to be shown together. Where groups can be sampled one by one, these numbers are "
    "the quotas; where they cannot, the smallest group sets the size of the whole test."
)
_TOGETHER = "Groups keep their present shares. A gap is shown of all of them together, so no group has a chance of its own."


def asked(planned: PlannedRequirement) -> str:
    """`Relevant items found: at least 95 %`, with whom it is asked of."""
    return demands.asked(planned, len(planned.cells) if any(c.group for c in planned.cells) else 0)


def value_text(planned: PlannedRequirement, value: float | None) -> str:
    """A true value in the words of its metric."""
    if value is None:
        return numbers.ABSENT
    short = demands.as_written(planned, float(f"{value:.4g}"))
    return short or words.amount(demands.metric_name(planned), value, unit=planned.unit, beside=planned.bound)


def alternative_name(alternative: Alternative) -> str:
    """Short enough for a table."""
    return next((short for start, short in _SHORT.items() if alternative.name.startswith(start)), alternative.name)  # fmt: skip


def planned_table(plan: Plan, noun: str) -> Table:
    hours = plan.minutes_per_label is not None
    return Table(
        caption=f"What each requirement takes for a chance of {numbers.exact_percent(plan.wanted)}",
        columns=(
            "Requirement", "True value planned for", "Counted items", f"{words.capital(noun)} to label",
            *(("Hours",) if hours else ()), f"Chance with the {numbers.count(plan.items)} at hand",
        ),
        rows=tuple(
            (
                f"{r.id}: {asked(r)}",
                f"{value_text(r, r.lead.value)}{'' if r.lead.value is None else ' (stated)' if r.stated else ' (half-way)'}",
                numbers.count(r.lead.units) + ("" if r.lead.units is None else f" {r.denominator}"),
                numbers.count(r.lead.items),
                *((_hours(r.lead.hours),) if hours else ()),
                _chance(r.lead.power),
            )
            for r in plan.requirements
        ),
        numeric_from=3,
        note="Counted items are those that the requirement is a share of. For the whole test take the largest number of the column.",
    )  # fmt: skip


def people_table(plan: Plan) -> Table:
    """What is asked of people: a row for each true value."""
    return Table(
        caption=f"What is asked of people, and what it takes for a chance of {numbers.exact_percent(plan.wanted)}",
        columns=("Requirement", "True value planned for", "Of", "With no error at all", "Needed", "If those of one hang together"),
        rows=tuple(row for p in plan.people for row in _people_rows(p)),
        numeric_from=3,
        note="With no error at all: fewer than so many can never show it. Each number is in every group that must show it.",
    )


def _people_rows(planned: PlannedPeople) -> Iterator[tuple[str, ...]]:
    name, of = f"{planned.id}: {demands.asked(planned, planned.groups if planned.groups > 1 else 0)}", _unit(planned)
    if not planned.sizes:
        yield name, numbers.ABSENT, of, numbers.count(planned.fewest), words.capital(planned.reason), numbers.ABSENT
    for place, size in enumerate(planned.sizes):
        how = "stated" if planned.stated else _SHORT_PEOPLE.get(size.name.split(" from ")[0], size.name)
        value = demands.as_written(planned, float(f"{size.value:.4g}")) if size.value is not None else ""
        value = value or (numbers.ABSENT if size.value is None else words.amount(demands.metric_name(planned), size.value, unit=""))
        needed = numbers.count(size.units) if size.units is not None else words.capital(size.reason)
        yield (
            name if not place else "", f"{value} ({how})", of if not place else "", numbers.count(planned.fewest) if not place else "",
            needed, numbers.count(size.at_most),
        )  # fmt: skip


def _unit(planned: PlannedPeople) -> str:
    return f"{planned.of}, {planned.each} readings each" if planned.each > 1 else planned.of or numbers.ABSENT


def alternatives_table(planned: PlannedRequirement, noun: str) -> Table:
    return Table(
        caption="If the true value is",
        columns=("True value", "How it was chosen", words.capital(planned.denominator), words.capital(noun), "Hours", "Chance at hand"),
        rows=tuple(
            (
                value_text(planned, a.value), alternative_name(a) + (f": {a.reason}" if a.reason else ""), numbers.count(a.units),
                numbers.count(a.items), _hours(a.hours), _chance(a.power),
            )
            for a in planned.alternatives
        ),
        numeric_from=2,
    )  # fmt: skip


def cells_table(planned: PlannedRequirement, noun: str) -> Table:
    shown = planned.cells[:_CELLS_SHOWN]
    return Table(
        caption="By group: what it takes, and what the benchmark has",
        columns=(
            "Group", f"Needed: {planned.denominator}", f"Needed: {noun} of the group", f"Has: {planned.denominator}",
            "Worth as independent", "Chance alone",
        ),
        rows=tuple(_cell(c) for c in shown),
        folded=len(shown) > 6,
        note=(
            (_TOGETHER if planned.between else _QUOTAS)
            + (f" {len(planned.cells) - len(shown)} more groups are in plan.json." if len(planned.cells) > len(shown) else "")
        ),
    )  # fmt: skip


def _cell(cell: PlannedCell) -> tuple[str, ...]:
    name = words.group_words(dict(cell.group))
    return (
        name if cell.design_effect is not None or not cell.reason else f"{name}: {cell.reason}", numbers.count(cell.units),
        numbers.count(cell.items), numbers.count(cell.has_units), numbers.size(cell.has_n_eff), _chance(cell.power),
    )  # fmt: skip


def _hours(hours: float | None) -> str:
    return numbers.ABSENT if hours is None else numbers.plain(hours)


def _chance(power: float | None) -> str:
    return numbers.ABSENT if power is None else numbers.expected(power)
