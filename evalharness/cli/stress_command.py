"""`evalharness evaluate --stress`: how a stress run is asked for and printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalharness.cli.output import print_json, print_notice, print_table, print_text, progress_bar
from evalharness.errors import Problems, shown

if TYPE_CHECKING:
    from evalharness.workflows.stress import Stressed

StressOption = Annotated[
    bool, typer.Option("--stress", help="Judge over the plausible ranges of the recipe's dials instead; practice, never evidence.")
]
SettingsOption = Annotated[
    int | None, typer.Option("--settings", metavar="N", help="With --stress: settings of the design; default 64. Best a power of two.")
]
StressRowsOption = Annotated[
    int | None,
    typer.Option("--stress-rows", metavar="N", help="With --stress: items judged at each setting; default: the recipe's, at most 500,000."),
]
KeepDataOption = Annotated[
    bool, typer.Option("--keep-data", help="With --stress: keep the items of every setting; otherwise they go once counted.")
]


def stress_asked(stress: bool, own: Mapping[str, object], others: Mapping[str, object]) -> bool:
    """Whether a stress run is asked for. Raises BadInput for options that do not go with it, or go with it alone."""
    problems = Problems()
    for name in (name for name, given in (others if stress else own).items() if given not in {None, ""}):
        if stress:
            what, hint = "a stress run takes no such option", "leave it out: a stress run is practice, and chooses items and seeds itself"
        else:
            what, hint = "only a stress run takes this option", "add --stress, or leave it out"
        problems.add(what, where=name, hint=hint)
    problems.raise_if_any()
    return stress


def run_stress(
    policy: str,
    model: str,
    *,
    settings: int | None,
    rows: int | None,
    benchmark: str | None,
    workspace: Path | None,
    out: Path | None,
    at: datetime,
    split: str | None,
    keep_data: bool,
    json_output: bool,
) -> None:
    """Runs and prints it."""
    from evalharness.report.stressed import stress_document  # noqa: PLC0415
    from evalharness.workflows.stress import SETTINGS  # noqa: PLC0415
    from evalharness.workflows.stress import stress as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        done = workflow(
            policy, model, settings=SETTINGS if settings is None else settings, rows=rows, benchmark=benchmark, workspace=workspace,
            out=out, at=at, split=split, keep_data=keep_data, progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        print_json({**stress_document(done.stress), "folder": str(done.folder)})
    else:
        print_stress(done)


def print_stress(done: Stressed) -> None:
    """Whether it holds, where it is worst, where it tips, a line for each requirement."""
    from evalharness.report.stressed import stress_view  # noqa: PLC0415
    from evalharness.report.stressed.words import NEVER_EVIDENCE  # noqa: PLC0415

    view = stress_view(done.stress)
    print_text(f"Over the range: {view.mark.symbol} {view.mark.word}")
    for text in (view.first, *view.answer):
        print_text(shown(text, 2_000))
    print_table(view.table.columns, [tuple(shown(cell, 600) for cell in row) for row in view.table.rows])
    for text in view.tips or (view.no_tips,):
        print_text(shown(text, 600))
    if done.taken:
        print_text(f"{done.taken} settings had been finished before.")
    print_text(NEVER_EVIDENCE)
    print_text(f"Written: {done.folder}/stress.html, stress.md, stress.json")
