"""`evalharness plan`: how a plan is asked for and printed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import BenchmarkOption, JsonOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_table, print_text, progress_bar
from evalharness.errors import Problems, shown

if TYPE_CHECKING:
    from evalharness.records import Plan


@mapped
def plan(
    policy: PolicyOption,
    benchmark: BenchmarkOption = None,
    expect: Annotated[
        list[str] | None,
        typer.Option("--expect", metavar="ID=VALUE", help="True value to plan for, of one requirement; may be given several times."),
    ] = None,
    attempt: Annotated[
        int | None, typer.Option("--attempt", metavar="K", help="Plan at the level of attempt K of a campaign; default: of a practice run.")
    ] = None,
    minutes_per_label: Annotated[
        float | None, typer.Option("--minutes-per-label", help="Minutes one person needs to label one item; default: the policy's.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to make, with plan.html, plan.md and plan.json.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="UTC time whose exemptions hold; default: SOURCE_DATE_EPOCH or the clock.")] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Before any test: how many items give an 80 % chance of showing each requirement, and what the benchmark can show. Runs no model."""
    expected = _expected(expect or [])
    from evalharness.report.planned import plan_as_json  # noqa: PLC0415
    from evalharness.workflows.plan import plan as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        made = workflow(
            policy, benchmark=benchmark, workspace=workspace, expected=expected, minutes_per_label=minutes_per_label, attempt=attempt,
            out=out, at=at, progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        print_json(plan_as_json(made))
    else:
        print_plan(made, out)


def print_plan(plan: Plan, out: Path | None = None) -> None:
    """What it takes, what was believed, a line for each requirement, and where the rest is."""
    from evalharness.report.planned_view import plan_view  # noqa: PLC0415

    view = plan_view(plan)
    for text in (view.first, *view.answer):
        print_text(shown(text, 2_000))
    print_table(view.table.columns, [tuple(shown(cell, 600) for cell in row) for row in view.table.rows])
    if view.people is not None:
        print_table(view.people.columns, [tuple(shown(cell, 600) for cell in row) for row in view.people.rows])
        for text in view.people_lines:
            print_text(shown(text, 2_000))
    for text in view.beliefs:
        print_text(shown(text, 2_000))
    if out is None:
        print_text("Every group, other true values, what is assumed and a chart: --out DIR.")
    else:
        print_text(f"Written: {out}/plan.html, plan.md, plan.json")


def _expected(given: list[str]) -> dict[str, float]:
    """`ID=VALUE`, each id once. Raises BadInput with every problem."""
    problems, found = Problems(), dict[str, float]()
    for text in given:
        name, _, number = text.rpartition("=")
        value = _number(number)
        if not name or value is None:
            problems.add("not a requirement and its value", where="--expect", got=text, expected="ID=VALUE, such as recall=0.97")
        elif name in found:
            problems.add("two values are expected of the same requirement", where="--expect", got=text, hint="keep one")
        else:
            found[name] = value
    problems.raise_if_any()
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
