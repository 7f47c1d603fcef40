"""`evalharness queue`: how long things would wait, in a few tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import BenchmarkOption, JsonOption, ModelOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_table, print_text, progress_bar

if TYPE_CHECKING:
    from evalharness.workflows.queue import Simulation


@mapped
def queue(
    policy: PolicyOption,
    model: ModelOption,
    benchmark: BenchmarkOption = None,
    days: Annotated[int, typer.Option("--days", help="Days of the period, which begins on a Monday at 08:00 with nothing waiting.")] = 30,
    items_per_week: Annotated[
        int | None, typer.Option("--items-per-week", metavar="N", help="Items that arrive in a week; default: the policy's.")
    ] = None,
    officers: Annotated[int | None, typer.Option("--officers", metavar="N", help="Officers; default: the policy's.")] = None,
    repeats: Annotated[int, typer.Option("--repeats", help="How often the period is simulated; ranges are over the repeats.")] = 5,
    engine: Annotated[
        str, typer.Option("--engine", help="fast, or simpy: the same waits, slowly, by the package SimPy (extra `queues`).")
    ] = "fast",
    seed: Annotated[int, typer.Option("--seed", help="Of the arrivals: the same seed, the same arrivals.")] = 0,
    split: Annotated[str | None, typer.Option("--split", help="Another split than the policy's.")] = None,
    rows: Annotated[int | None, typer.Option("--rows", help="Generated benchmarks: rows other than the recipe's.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to make, with queue.json.")] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Simulate how long items wait for their first reading.

    In the order of the policy's bands, in order of arrival, and with other numbers of officers. It describes and judges nothing: arrivals
    are made up, hours and minutes are the declared ones.
    """
    from evalharness.workflows.queue import simulate_queue  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        made = simulate_queue(
            policy, model, benchmark=benchmark, workspace=workspace, out=out, split=split, rows=rows, days=days, repeats=repeats,
            items_per_week=items_per_week, officers=officers, engine=engine, seed=seed, progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        print_json(made.as_json())
    else:
        print_simulation(made, out)


def print_simulation(made: Simulation, out: Path | None) -> None:
    """What was simulated, who waits how long, and what more officers would change."""
    from evalharness.evidence.oversight.queue_parts import QueuePart  # noqa: PLC0415
    from evalharness.report.oversight import queue_rows  # noqa: PLC0415

    part = QueuePart.model_validate(made.as_json()["queue"], strict=False)
    print_text(queue_rows.how(part, "items"))
    print_table(queue_rows.WAITS, list(queue_rows.waits(part, "items")), title="Wait until the first reading begins")
    print_table(queue_rows.capacity_columns(part, "items"), list(queue_rows.capacity(part)), title="Officers: wait of the 95th in 100")
    first, other = queue_rows.minutes(part.first_find), queue_rows.minutes(part.first_find_by_arrival)
    print_text(f"First find of a shift, the median: after {first} of work; in order of arrival {other}.")
    if part.deadlines:
        print_text(queue_rows.least(part))
    print_text(queue_rows.MADE_UP)
    print_text(f"Written: {out}/queue.json" if out is not None else "What waits day by day: --json, or --out DIR.")
