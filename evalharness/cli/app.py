"""The commands. Nothing heavy is imported until a command needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.benchmark_commands import benchmark_app
from evalharness.cli.compare_command import compare
from evalharness.cli.diff_command import diff
from evalharness.cli.evaluate_command import evaluate
from evalharness.cli.exit_codes import mapped
from evalharness.cli.export_command import export
from evalharness.cli.key_commands import key_app
from evalharness.cli.lock_command import lock
from evalharness.cli.options import BenchmarkOption, GateAtOption, JsonOption, ModelOption, PolicyOption, RunArgument, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_text, progress_bar, write_text
from evalharness.cli.plan_command import plan
from evalharness.cli.queue_command import queue
from evalharness.cli.sample_command import sample_app
from evalharness.cli.seal_commands import open_, seal
from evalharness.cli.sign_command import sign
from evalharness.cli.signers_commands import signers_app
from evalharness.cli.status_commands import status_app

EPILOG = (
    "Exit codes: 0 done / approved; 1 fault in the harness; 2 usage or bad input; 3 no evidence; 10 a requirement is not met; "
    "11 not evaluable, not demonstrated or claim too low; 12 no valid sign-off; 13 altered, or evidence for something else."
)

app = typer.Typer(
    name="evalharness",
    help="Judge classifiers on confidence bounds against a written policy, report to an oversight board, gate in CI.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
benchmark_app.command()(export)
benchmark_app.command()(seal)
benchmark_app.command("open")(open_)
app.add_typer(benchmark_app, name="benchmark")
app.add_typer(key_app, name="key")
app.add_typer(sample_app, name="sample")
app.add_typer(signers_app, name="signers")
app.add_typer(status_app, name="status")


@app.command()
@mapped
def init(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make the workspace.")] = Path(),
    json_output: JsonOption = False,
) -> None:
    """Make a workspace: policies, model cards, a benchmark, and a place for reports. Never overwrites a file."""
    from evalharness.workflows.init import init_workspace  # noqa: PLC0415

    made = init_workspace(directory)
    if json_output:
        print_json({"workspace": str(directory), "files": list(made)})
        return
    print_text(f"Made a workspace in {directory}/ with {len(made)} files. Next:")
    if directory.resolve() != Path.cwd():
        print_text(f"    cd {directory}")
    print_text("    evalharness evaluate --policy message-triage --model triage-reference")
    print_text("    evalharness gate --policy message-triage --model triage-reference")


app.command()(evaluate)
app.command()(compare)
app.command()(plan)
app.command()(queue)
app.command()(lock)


@app.command()
@mapped
def report(
    run_dir: RunArgument,
    format_: Annotated[str, typer.Option("--format", help="html, md or junit.")] = "md",
    json_output: JsonOption = False,
) -> None:
    """Print a face of a run again, made from its evidence alone."""
    from evalharness.workflows.report import render_run  # noqa: PLC0415

    text = render_run(run_dir, format_).decode("utf-8")
    if json_output:
        print_json({"run": run_dir.name, "format": format_, "text": text})
    else:
        write_text(text)


@app.command()
@mapped
def verify(
    run_dir: RunArgument,
    replay: Annotated[bool, typer.Option("--replay", help="Run the model again and compare the evidence.")] = False,
    blind_key: Annotated[
        Path | None,
        typer.Option(
            "--blind-key", metavar="FILE.json", help="With --replay: key of the blind export; default: the one in sign-off/blind/."
        ),
    ] = None,
    reviews: Annotated[Path | None, typer.Option("--reviews", metavar="FILE", help="With --replay: the review log of the run.")] = None,
    assigned: Annotated[
        Path | None, typer.Option("--assigned", metavar="FILE", help="With --replay: the list of what was assigned.")
    ] = None,
    people: Annotated[Path | None, typer.Option("--people", metavar="FILE", help="With --replay: the table of people of the run.")] = None,
    fault_log: Annotated[
        Path | None, typer.Option("--fault-log", metavar="FILE.csv", help="With --replay: the log of faults of the run.")
    ] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Derive everything in a run again: digests, schema, estimates, findings, verdict, every face. Exit 13 when anything differs."""
    from evalharness.workflows.replay import Again  # noqa: PLC0415
    from evalharness.workflows.verify import verify_run  # noqa: PLC0415

    again = Again(blind_key=blind_key, reviews=reviews, assigned=assigned, people=people, fault_log=fault_log)
    with progress_bar(json_output) as progress:
        result = verify_run(run_dir, replay=replay, again=again, workspace=workspace, progress=progress, notice=print_notice)
    if json_output:
        print_json(
            {
                "run": run_dir.name,
                "digest": result.digest,
                "exit_code": result.code,
                "checked": list(result.checked),
                "problems": list(result.problems),
            }
        )
    else:
        for line in result.checked:
            print_text(f"✓ {line}")
        for line in result.problems:
            print_text(f"✗ {line}")
        print_text("The run is what the harness wrote." if not result.problems else "ALTERED: do not rely on this run.")
    raise SystemExit(result.code)


app.command()(diff)
app.command()(sign)


@app.command()
@mapped
def gate(
    policy: PolicyOption,
    model: ModelOption,
    benchmark: BenchmarkOption = None,
    reports: Annotated[Path | None, typer.Option("--reports", help="Folder of run folders; default reports/.")] = None,
    claim: Annotated[
        str | None, typer.Option("--for", metavar="CLAIM", help="rehearsal, local, shadow or pilot; default: the policy's.")
    ] = None,
    at: GateAtOption = None,
    deployment: Annotated[Path | None, typer.Option("--deployment", help="YAML file that says how the model is used.")] = None,
    root: Annotated[
        str | None,
        typer.Option("--root", metavar="FINGERPRINT", help="The root that must be behind every signature; default: EVALHARNESS_ROOT."),
    ] = None,
    status_version: Annotated[
        str,
        typer.Option(
            "--status-version",
            metavar="N[@DIGEST]",
            help="Least version of the status list that you have seen before; with its digest (3@sha256:…) it must be that very one.",
        ),
    ] = "0",
    sarif: Annotated[Path | None, typer.Option("--sarif", help="Write the answer to this file as SARIF 2.1.0.")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write the answer to this file as JUnit XML.")] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """May this model be used as the policy says? 0 only when approved; otherwise every reason is listed."""
    from evalharness.cli.gate_output import decision_as_json, print_decision  # noqa: PLC0415
    from evalharness.workflows.gate import gate as workflow  # noqa: PLC0415

    decision = workflow(
        policy, model, benchmark=benchmark, reports=reports, claim=claim, at=at, workspace=workspace, deployment=deployment, root=root,
        status_version=status_version, sarif=sarif, junit=junit,
    )  # fmt: skip
    if json_output:
        print_json(decision_as_json(decision))
    else:
        print_decision(decision)
    raise SystemExit(decision.code)


@app.command()
@mapped
def doctor(workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Look at this installation and workspace, and say what is missing. Exit 2 when something needed is."""
    from evalharness.workflows.doctor import examine  # noqa: PLC0415

    checks = examine(workspace)
    if json_output:
        print_json({"checks": [{"name": c.name, "ok": c.ok, "needed": c.needed, "found": c.found} for c in checks]})
    else:
        for check in checks:
            print_text(f"{'✓' if check.ok else '✗' if check.needed else '–'} {check.name}: {check.found}")
    if any(check.needed and not check.ok for check in checks):
        raise SystemExit(2)
