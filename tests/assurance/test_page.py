"""The page says what the cells say: the worst of them, those above the target, the limits; the chart is a picture."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from assurance.chart import chart
from assurance.every import pages
from assurance.limits import rates_with_limits
from assurance.page import Made, page
from assurance.scene import Cell
from assurance.words import FEW, TITLES, UNSEEN

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

GOOD = Cell(
    family="proportion", task="binary", metric="recall", form="at_least", groups="one", dependence="independent", size="59 items",
    prevalence="relevant items only", goal=0.95, source="drawn", runs=10_000, met=0.048, not_met=0.02,
    lower_covers=0.952, upper_covers=0.98,
    width=0.1, beside={"point estimate": 0.5, "bootstrap of items": 0.2},
)  # fmt: skip
EXACT = replace(GOOD, source="enumerated", runs=0, met=0.0487, size="60 items")
GROWING = replace(GOOD, met=0.09, not_met=0.07, dependence="geometric clusters, missed whole, linear in size")
MENDED = replace(GROWING, met=0.03, not_met=0.01, alone={"met": 0.3, "not_met": 0.15},
                 by_size={"lower_covers": 0.97, "upper_covers": 0.99, "width": 0.2})  # fmt: skip
EVEN = replace(
    MENDED, dependence="near clusters, one outcome each", size="150 clusters", goal=0.9, power=0.8, alone={"met": 0.04, "power": 0.9}
)
HIDDEN = replace(GROWING, met=0.31, size="15 clusters", stated=UNSEEN)
UNION = replace(GOOD, family="everyone", form="for_each", not_met=0.4, union=True)
STATED = replace(GOOD, family="campaign", form="campaign", met=0.4, not_met=None, stated="use a sealed set")


def text(*cells: Cell) -> str:
    return page(Made(runs=10_000, seed=1, scenes=len(cells), cells=cells))


def test_limits_are_clopper_pearsons_at_the_level_divided_by_the_number_of_simulated_rates():
    rates = rates_with_limits([GOOD, EXACT, UNION, STATED])
    simulated = [rate for rate in rates if rate.cell.runs]
    assert len(rates) == 5
    assert len(simulated) == 3  # both of GOOD, and the met of UNION
    assert simulated[0].lower == pytest.approx(float(clopper_pearson_lower(480, 10_000, 0.05 / 3)))
    assert simulated[0].upper == pytest.approx(float(clopper_pearson_upper(480, 10_000, 0.05 / 3)))
    assert not any(rate.above for rate in rates)


def test_a_rate_above_the_target_beyond_doubt_is_above_and_an_exact_one_without_any_doubt():
    assert [rate.what for rate in rates_with_limits([GROWING]) if rate.above] == ["met", "not met"]
    assert any(rate.above for rate in rates_with_limits([replace(EXACT, met=0.0501)]))
    assert not any(rate.above for rate in rates_with_limits([replace(GOOD, met=0.052)]))


def listed(*cells: Cell) -> str:
    """The pages of every cell, in one."""
    return "".join(one for _, one in pages(cells, rates_with_limits(cells)))


def test_a_page_without_a_cell_above_the_target_says_so():
    found = text(GOOD, EXACT, UNION, STATED)
    assert "In no kind" not in found
    assert "On no kind of data is the promise broken" in found
    assert "## Cells above the target\n\nNone." in found
    assert "use a sealed set" in found
    assert "40.00u" in listed(GOOD, EXACT, UNION, STATED)


def test_a_page_with_one_says_it_to_the_board_and_lists_it():
    found = text(GOOD, GROWING)
    opening, _, rest = found.partition("## In short")
    assert "promise is broken" in opening
    assert "one thing in common" in opening
    assert "On no kind of data" not in opening
    assert "9.00 %" in opening
    assert rest.count("missed whole, linear in size, 59 items | wrongful *") == 2


def test_what_they_have_in_common_is_not_said_of_others():
    assert "one thing in common" not in text(GROWING, replace(GOOD, met=0.09))


def test_what_the_second_pair_gains_and_costs_is_told_from_the_run():
    found = text(GOOD, MENDED, EVEN)
    opening, _, rest = found.partition("## In short")
    assert "On no kind of data is the promise broken" in opening
    assert "on 1 of the 2 kinds of data" in opening.replace("\n", " ")
    assert "up to 30.0 %" in opening.replace("\n", " ")
    assert "| one proportion | misses grow, linear | 1 | 30.0 % | 3.00 % | 15.0 % | 1.00 % | 1 |" in rest
    assert "| one proportion | misses do not grow | 1 | 4.00 % | 3.00 % | - | 1.00 % | none |" in rest
    assert "| near clusters, one outcome each | 150 | 90.0 % | 80.0 % |" in rest
    assert "95.2 98.0 / 97.0 99.0" in listed(GOOD, MENDED, EVEN)
    assert "misses grow with size | several | 1 | 95.2 % | 98.0 % | 0.100 | 97.0 % | 99.0 % | 0.200 |" in rest


def test_nothing_is_said_of_a_second_pair_where_there_is_none():
    found = text(GOOD, EXACT)
    assert "second bound" not in found
    assert "## What the second pair" not in found
    assert "What no bound can know" not in found


def test_what_no_bound_can_know_is_told_to_the_board_and_counts_for_nothing():
    found = text(GOOD, HIDDEN, replace(HIDDEN, met=0.11, not_met=0.01))
    opening, _, rest = found.partition("## In short")
    assert "in up to 31.0 %" in opening.replace("\n", " ")
    assert "On no kind of data is the promise broken" in opening
    section = rest.partition("## What no bound can know")[2].partition("\n## ")[0]
    assert "| one proportion | geometric | 15 clusters | 2 | 31.0 % | 21.0 % | 7.00 % |" in section
    assert "## Limits" not in rest


def test_a_limit_of_this_version_is_told_to_the_board_where_it_is_one():
    limited = replace(GROWING, met=0.12, stated=FEW)
    opening, _, rest = text(GOOD, limited, replace(limited, met=0.11, not_met=0.3)).partition("## In short")
    assert "up to 12.0 % of the tries" in opening.replace("\n", " ")
    assert "| recall `at_least`, geometric clusters | 2 | 12.0 % | 30.0 % | few clusters" in rest
    assert "A limit of this version" not in text(GOOD, replace(limited, met=0.04))


def test_every_cell_stands_in_the_table_once():
    rows = [line for line in listed(GOOD, EXACT, UNION).splitlines() if line.startswith("| recall")]
    assert len(rows) == 3
    assert "| 4.87 |" in rows[1]
    assert "≤" in rows[0]
    families = dict(pages([GOOD, EXACT, UNION], rates_with_limits([GOOD, EXACT, UNION])))
    assert all(f"(assurance/{family}.md)" in text(GOOD, EXACT, UNION) for family in families)


def test_the_chart_is_well_formed_and_counts_every_cell():
    cells = [GOOD, EXACT, GROWING, UNION]
    drawn = ElementTree.fromstring(chart(cells, rates_with_limits(cells), TITLES))  # noqa: S314  made here
    titles = [node.text for node in drawn.iter("{http://www.w3.org/2000/svg}title")]
    counted = sum(int(str(title).split()[0]) for title in titles if str(title).endswith("cells"))
    assert counted == 7 + 4 + 4  # rates of this harness, bootstraps, point estimates
