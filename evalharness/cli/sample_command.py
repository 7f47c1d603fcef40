"""`evalharness sample`: a blind sample of every pile, drawn and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import JsonOption, ModelOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_table, print_text

sample_app = typer.Typer(help="A blind sample of every pile, also of the one that nobody opens.", no_args_is_help=True)


@sample_app.command()
@mapped
def draw(
    policy: PolicyOption,
    model: ModelOption,
    register: Annotated[
        Path,
        typer.Option("--register", metavar="FILE.csv", help="Every item of the period once: item_id, selected, and maybe reviewed."),
    ],
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Draw as many items of each pile as the policy's requirements on a sample need, and write the sheet for coders. Every draw counts."""
    from evalharness.workflows.sample import draw_sample  # noqa: PLC0415

    drawn = draw_sample(policy, model, register=register, workspace=workspace)
    if json_output:
        piles = [{"name": name, "population": total, "drawn": n} for name, total, n in drawn.piles]
        print_json({"sample": str(drawn.folder), "draw": drawn.draw, "level": drawn.level, "piles": piles})
        return
    print_table(("pile", "items", "drawn"), [(name, f"{total:,}", f"{n:,}") for name, total, n in drawn.piles])
    print_text(
        f"Draw {drawn.draw} under this policy: its bounds hold at {drawn.level:.4g} each. Give sheet.csv, and nothing else, to coders:"
    )
    print_text(f"    {drawn.folder}/sheet.csv")
    print_text(f"    evalharness sample take-back {drawn.folder} --coded FILE.csv")


@sample_app.command("take-back")
@mapped
def take_back(
    sample_dir: Annotated[Path, typer.Argument(metavar="SAMPLE_DIR", help="The folder that `sample draw` made.")],
    coded: Annotated[Path, typer.Option("--coded", metavar="FILE.csv", help="sheet.csv with labels: relevant, not_relevant, or nothing.")],
    json_output: JsonOption = False,
) -> None:
    """Count the coded sheet pile by pile. Only counts are written; items that nobody coded will count the worse way."""
    from evalharness.workflows.sample import take_back as workflow  # noqa: PLC0415

    piles = workflow(sample_dir, coded=coded)
    if json_output:
        told = [{"name": p.name, "drawn": p.drawn, "relevant": p.relevant, "not_relevant": p.not_relevant} for p in piles]
        print_json({"sample": str(sample_dir), "piles": told})
        return
    rows = [(p.name, f"{p.population:,}", f"{p.drawn:,}", f"{p.relevant:,}", f"{p.not_relevant:,}", f"{p.uncoded:,}") for p in piles]
    print_table(("pile", "items", "drawn", "relevant", "not relevant", "not coded"), rows)
    print_text(f"    evalharness evaluate --sample {sample_dir} --policy … --model …")
