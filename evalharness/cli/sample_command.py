"""`evalharness sample`: a blind sample of every pile, drawn and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import JsonOption, ModelOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_table, print_text

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
    seed_ids: Annotated[
        Path | None,
        typer.Option("--seed-ids", metavar="FILE.csv", help="With seeds: item_id, shown_as; ids that coders cannot tell from the others."),
    ] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Draw as many items of each pile as the policy's requirements on a sample need, and write the sheet for coders. Every draw counts."""
    from evalharness.workflows.sample import draw_sample  # noqa: PLC0415

    drawn = draw_sample(policy, model, register=register, seed_ids=seed_ids, workspace=workspace, notice=print_notice)
    if json_output:
        piles = [{"name": name, "population": total, "drawn": n} for name, total, n in drawn.piles]
        told = {"sample": str(drawn.folder), "draw": drawn.draw, "level": drawn.level, "piles": piles}
        print_json({**told, "seeds": drawn.seeds, "looks": list(drawn.looks)})
        return
    print_table(("pile", "items", "drawn"), [(name, f"{total:,}", f"{n:,}") for name, total, n in drawn.piles])
    print_text(
        f"Draw {drawn.draw} under this policy: its bounds hold at {drawn.level:.4g} each. Give sheet.csv, and nothing else, to coders:"
    )
    print_text(f"    {drawn.folder}/sheet.csv")
    if drawn.seeds:
        print_text(f"{drawn.seeds:,} items of the test are mixed into it: key.csv says which, and coders must not know.")
    if drawn.looks:
        looks = ", ".join(f"{look:,}" for look in drawn.looks)
        print_text(
            f"It is coded from the first line on, without a gap, and may be taken back at {looks} lines (before the last: --partial)."
        )
    both = " --coded FILE.csv" if drawn.coders == "double_coded" else ""
    print_text(f"    evalharness sample take-back {drawn.folder} --coded FILE.csv{both}")


@sample_app.command("take-back")
@mapped
def take_back(
    sample_dir: Annotated[Path, typer.Argument(metavar="SAMPLE_DIR", help="The folder that `sample draw` made.")],
    coded: Annotated[
        list[Path],
        typer.Option("--coded", metavar="FILE.csv", help="sheet.csv with labels: relevant, not_relevant, or nothing. Twice if two code."),
    ],
    settled: Annotated[
        Path | None,
        typer.Option("--settled", metavar="FILE.csv", help="Where two code: a third one's labels of what they contradict each other on."),
    ] = None,
    partial: Annotated[bool, typer.Option("--partial", help="At a look that the policy declares, before all of it is coded.")] = False,
    json_output: JsonOption = False,
) -> None:
    """Count the coded sheet pile by pile. Only counts are written; items that nobody coded will count the worse way."""
    from evalharness.workflows.sample_back import take_back as workflow  # noqa: PLC0415

    sampled = workflow(sample_dir, coded=coded, settled=settled, partial=partial)
    seeded, doubly = sampled.seeded, sampled.doubly
    if json_output:
        told = [{"name": p.name, "drawn": p.drawn, "relevant": p.relevant, "not_relevant": p.not_relevant} for p in sampled.piles]
        seeds = {} if seeded is None else {"seeds": {"drawn": seeded.drawn, "recognised": seeded.recognised}}
        two = {} if doubly is None else {"contradicted": doubly.contradicted, "settled": doubly.settled}
        print_json({"sample": str(sample_dir), "piles": told, **seeds, **two})
        return
    rows = [
        (p.name, f"{p.population:,}", f"{p.drawn:,}", f"{p.relevant:,}", f"{p.not_relevant:,}", f"{p.uncoded:,}") for p in sampled.piles
    ]
    print_table(("pile", "items", "drawn", "relevant", "not relevant", "not coded"), rows)
    if seeded is not None:
        print_text(f"{seeded.recognised:,} of {seeded.drawn:,} seeds were recognised.")
    if doubly is not None:
        print_text(f"They contradict each other on {doubly.contradicted:,} items; {doubly.settled:,} of them were settled.")
    print_text(f"    evalharness evaluate --sample {sample_dir} --policy … --model …")


@sample_app.command()
@mapped
def check(
    sample_dir: Annotated[Path, typer.Argument(metavar="SAMPLE_DIR", help="The folder that `sample draw` made.")],
    register: Annotated[Path, typer.Option("--register", metavar="FILE.csv", help="The register that it was drawn from.")],
    json_output: JsonOption = False,
) -> None:
    """Draw the sample again from its register, for whoever audits it: the same items, or exit code 13 with what is otherwise."""
    from evalharness.workflows.sample_check import check_sample  # noqa: PLC0415

    drawn = check_sample(sample_dir, register=register)
    if json_output:
        print_json({"sample": str(sample_dir), "drawn": drawn})
        return
    print_text(f"{drawn:,} items were drawn, and they are those that follow from register, model, policy and the number of the draw.")
