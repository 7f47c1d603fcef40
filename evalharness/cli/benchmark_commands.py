"""`evalharness benchmark …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.exit_codes import USAGE, mapped, problem_as_json
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_text, progress_bar
from evalharness.errors import Problem, shown

benchmark_app = typer.Typer(
    help="Benchmarks and sealed test sets. List, describe, generate, verify, sample, seal, open and export them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME|DIR", help="Benchmark name or folder.")]
SealedOption = Annotated[
    bool, typer.Option("--sealed", help="The items of the opened seal, by the opening in sign-off/seals/, instead of those for practice.")
]


@benchmark_app.command("list")
@mapped
def list_(workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """The benchmarks of this workspace. Exit 2, after the list, when one of them cannot be read."""
    from evalharness.workflows.benchmarks import list_benchmarks  # noqa: PLC0415

    found = list_benchmarks(workspace)
    wrong = [(name, error.problems) for name, error in found.unreadable]
    if json_output:
        told = [{"benchmark": name, **problem_as_json(problem)} for name, problems in wrong for problem in problems]
        print_json({"benchmarks": list(found.entries), **({"exit_code": USAGE, "problems": told} if wrong else {})})
    else:
        for entry in found.entries:
            print_text(f"{entry['name']}  v{entry['version']}  {entry['task']}  {entry['kind']}  {entry['title']}")
        for name, problems in wrong:
            print_text(f"{shown(name)}  ✗ {_in_one_line(problems)}")
        if not found.entries and not wrong:
            print_text("no benchmark here; `evalharness init` makes a workspace with one")
    if wrong:
        raise SystemExit(USAGE)


@benchmark_app.command()
@mapped
def describe(name: NameArgument, sealed: SealedOption = False, workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Rows, splits, prevalence, groups, clusters, dials, digest, and the best attainable result where the truth is known."""
    from evalharness.workflows.benchmarks import describe as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        description = workflow(name, workspace, progress, print_notice, sealed=sealed)
    if json_output:
        print_json(description)
    else:
        _print_tree(description)


@benchmark_app.command()
@mapped
def generate(
    name: NameArgument,
    rows: Annotated[int | None, typer.Option("--rows", help="Rows, 1000 to 1000000000; default: the recipe's.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed; default: the recipe's.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to make; default: the benchmark's own data folder.")] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Generate the data of a recipe (or, for a supplied table, check it and write its manifest)."""
    from evalharness.workflows.benchmarks import generate as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        result = workflow(name, workspace, rows=rows, seed=seed, out=out, progress=progress, notice=print_notice)
    if json_output:
        print_json(result)
    else:
        _print_tree(result)


@benchmark_app.command()
@mapped
def verify(name: NameArgument, sealed: SealedOption = False, workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Check files, digests, schema, leakage between splits and sizes of groups. Exit 13 when something is not as stated."""
    from evalharness.workflows.benchmarks import verify as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        problems = workflow(name, workspace, progress, print_notice, sealed=sealed)
    if json_output:
        print_json({"benchmark": name, "exit_code": 13 if problems else 0, "problems": list(problems)})
    else:
        for problem in problems:
            print_text(f"✗ {problem}")
        if not problems:
            print_text(f"✓ {name}{' (sealed)' if sealed else ''}: files, digests, schema, splits and groups are as stated")
    if problems:
        raise SystemExit(13)


@benchmark_app.command()
@mapped
def sample(
    name: NameArgument,
    rows: Annotated[
        int | None, typer.Option("--rows", help="Rows of each table, 4 to 10000 (fewer than 4 where there are fewer splits); default: 200.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to make, in one that exists; default: sample/ beside benchmark.yaml.")
    ] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Write a small beginning of a recipe's data as CSV, to look at; nothing else is generated."""
    from evalharness.workflows.benchmarks import sample as workflow  # noqa: PLC0415

    result = workflow(name, workspace, rows=rows, out=out)
    if json_output:
        print_json(result)
    else:
        _print_tree(result)


def _in_one_line(problems: tuple[Problem, ...]) -> str:
    """The first problem, and how many more there are."""
    first, more = problems[0], len(problems) - 1
    told = f"{shown(Path(first.where).name)}: {shown(first.what)}" if first.where else shown(first.what)
    got = f" (got {shown(first.got)})" if first.got else ""
    return told + got + (f"; {more} more, which `evalharness benchmark describe` tells" if more else "")


def _print_tree(value: dict[str, object], indent: str = "") -> None:
    for key, item in value.items():
        if isinstance(item, dict):
            print_text(f"{indent}{key}:")
            _print_tree(item, indent + "  ")
        elif isinstance(item, list):
            print_text(f"{indent}{key}:")
            for entry in item:
                print_text(f"{indent}  - " + (", ".join(f"{k}: {v}" for k, v in entry.items()) if isinstance(entry, dict) else str(entry)))
        else:
            print_text(f"{indent}{key}: {item}")
