"""`evalharness benchmark export --blind`: items for a vendor, without anything that gives their labels away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_text, progress_bar
from evalharness.errors import bad_input


@mapped
def export(
    name: Annotated[str, typer.Argument(metavar="NAME|DIR", help="Benchmark name or folder; a recipe.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the vendor; must not exist, or be empty.")],
    blind: Annotated[
        bool,
        typer.Option(
            "--blind", help="Without labels, truth or groups that the recipe does not permit, under fresh ids. The only way there is."
        ),
    ] = False,
    split: Annotated[str, typer.Option("--split", help="Which items.")] = "test",
    practice: Annotated[
        bool, typer.Option("--practice", help="Of the public recipe and seed: anybody can find the labels out, and every report says so.")
    ] = False,
    rows: Annotated[int | None, typer.Option("--rows", help="Only with --practice: rows; default: the recipe's.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Only with --practice: seed; default: the recipe's.")] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE.json", help="Where the key is written; default: in sign-off/blind/. It stays behind."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy by whose rule the answers will be judged; the vendor is told that rule.")
    ] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Write items for a vendor to answer, and the key through which the answers are evaluated."""
    from evalharness.workflows.blind import export as workflow  # noqa: PLC0415

    if not blind:
        raise bad_input(
            "items are exported blind or not at all", where="--blind", expected="--blind", hint="labels never leave with the items"
        )
    with progress_bar(json_output) as progress:
        made = workflow(
            name, out, split=split, practice=practice, rows=rows, seed=seed, key=key, policy=policy, workspace=workspace,
            progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        print_json(
            {"folder": str(made.folder), "key": str(made.key), "export": made.export, "items": made.items, "canaries": made.canaries}
        )
        return
    print_text(f"For the vendor: {made.folder} ({made.items} items, and {made.canaries} canaries among them)")
    print_text(f"Stays behind:   {made.key} and the .parquet file beside it. Nobody outside may see either.")
    if policy is None:
        print_text("Its README names the kinds of rule there are. With --policy it would name yours: tell the vendor which it is.")
    made_of = "".join(f" --{option} {value}" for option, value in (("rows", rows), ("seed", seed)) if value is not None)
    print_text("When the answers are back, in FILE (.csv or .parquet):")
    print_text(f"    evalharness evaluate --policy {policy or 'POLICY'} --model predictions:FILE{made_of} --blind-key {made.key}")
    if key is not None:
        print_text(f"The key is not in sign-off/blind/, so verify --replay will have to be told of it: --blind-key {made.key}")
