"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PolicyOption = Annotated[str, typer.Option("--policy", help="Policy: a name in policies/, or a path.")]
ModelOption = Annotated[str, typer.Option("--model", help="Model card: a name in model_cards/, a path, or ADAPTER:LOCATION.")]
BenchmarkOption = Annotated[str | None, typer.Option("--benchmark", help="Benchmark name or folder; default: the policy's.")]
WorkspaceOption = Annotated[Path | None, typer.Option("--workspace", help="Workspace; default: the nearest folder upward with policies/.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
GateAtOption = Annotated[str | None, typer.Option("--at", help="Decide as of this UTC time; default: the clock.")]
AtOption = Annotated[
    str | None, typer.Option("--at", help="UTC time such as 2026-11-22T09:30:00Z; default: SOURCE_DATE_EPOCH or the clock.")
]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")]
