"""`evalharness benchmark seal` and `open`: test sets that do not exist until every model is locked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json, print_text

NameArgument = Annotated[str, typer.Argument(metavar="NAME|DIR", help="Benchmark name or folder; a recipe.")]
SecretOption = Annotated[
    Path | None,
    typer.Option("--secret", metavar="FILE", help="Where the secret lies; default: in sign-off/seals/, which version control ignores."),
]


@mapped
def seal(name: NameArgument, secret: SecretOption = None, workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Commit to a secret from which, once models are locked, the test set will be made."""
    from evalharness.workflows.sealing import seal as workflow  # noqa: PLC0415

    made = workflow(name, secret=secret, workspace=workspace)
    if json_output:
        print_json({"seal": str(made.path), "secret": str(made.secret), "digest": made.digest})
        return
    print_text(f"Sealed: {made.path} ({made.digest}). Commit it; a policy that says `sealed: true` is judged on it.")
    print_text(
        f"Secret: {made.secret}. Keep it where nobody who makes models can read it, and keep a copy: without it the seal is worth nothing."
    )
    print_text("Next:   lock every model, then `evalharness benchmark open " + name + "`.")


@mapped
def open_(name: NameArgument, secret: SecretOption = None, workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Publish the secret of a seal, once, after every model was locked: now everybody can make the same items."""
    from evalharness.workflows.sealing import open_seal as workflow  # noqa: PLC0415

    opened = workflow(name, secret=secret, workspace=workspace)
    if json_output:
        print_json({"opening": str(opened.path), "models": list(opened.models), "locks": list(opened.locks)})
        return
    print_text(f"Opened: {opened.path}. Commit it. A model that is locked from now on needs another seal.")
    print_text(f"Locks:  {len(opened.locks)} by now. The items follow from the secret, from each of them, and from their models:")
    for digest in opened.models:
        print_text(f"  {digest}")
