"""`evalharness evaluate`: how a run is asked for and printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.key_options import PassphraseEnvOption
from evalharness.cli.lock_command import RoleOption, lock_given
from evalharness.cli.options import AtOption, BenchmarkOption, JsonOption, ModelOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, progress_bar
from evalharness.cli.stress_command import KeepDataOption, SettingsOption, StressOption, StressRowsOption, run_stress, stress_asked


@mapped
def evaluate(
    policy: PolicyOption,
    model: ModelOption,
    benchmark: BenchmarkOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to make; default reports/RUN_ID.")] = None,
    at: AtOption = None,
    track: Annotated[str | None, typer.Option("--track", envvar="MLFLOW_TRACKING_URI", help="MLflow tracking URI.")] = None,
    split: Annotated[
        str | None,
        typer.Option("--split", help="For practice: another split than the policy's, such as shifted (the gate never takes it)."),
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", help="Generated benchmarks: rows other than the recipe's (the gate wants the recipe's).")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Generated benchmarks: a seed other than the recipe's (likewise).")] = None,
    blind_key: Annotated[
        Path | None,
        typer.Option("--blind-key", metavar="FILE.json", help="Key of the blind export that the predictions answer; not with --lock."),
    ] = None,
    reviews: Annotated[
        Path | None, typer.Option("--reviews", metavar="FILE", help="Log of what reviewers said of the items: .csv or .parquet.")
    ] = None,
    assigned: Annotated[
        Path | None, typer.Option("--assigned", metavar="FILE", help="With --reviews: who was to read what, made before anybody read.")
    ] = None,
    synthetic_reviewers: Annotated[
        bool, typer.Option("--synthetic-reviewers", help="For rehearsals: the benchmark's made-up reviewers read its items.")
    ] = False,
    write_reviews: Annotated[
        Path | None,
        typer.Option("--write-reviews", metavar="FILE", help="With --synthetic-reviewers: their log too, and FILE-assigned beside it."),
    ] = None,
    people: Annotated[
        Path | None, typer.Option("--people", metavar="FILE", help="Who is in which item, and what was done when: .csv or .parquet.")
    ] = None,
    fault_log: Annotated[
        Path | None, typer.Option("--fault-log", metavar="FILE.csv", help="What became of faults injected into the system in use.")
    ] = None,
    sample: Annotated[
        Path | None, typer.Option("--sample", metavar="DIR", help="A coded sample of every pile: the folder that `sample draw` made.")
    ] = None,
    no_copies: Annotated[
        bool,
        typer.Option("--no-copies", help="For practice: leave out the copies, with something changed, that the benchmark has of items."),
    ] = False,
    lock: Annotated[Path | None, typer.Option("--lock", help="The lock of this run; without one it is a practice run.")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY", help="With --lock: your key; it signs the test result.")] = None,
    role: RoleOption = None,
    passphrase_env: PassphraseEnvOption = None,
    stress: StressOption = False,
    settings: SettingsOption = None,
    stress_rows: StressRowsOption = None,
    keep_data: KeepDataOption = False,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Run a model on a benchmark, judge it against a policy, write the report. Exit 0 whatever the verdict: the gate decides."""
    from evalharness.workflows.clock import resolve_time  # noqa: PLC0415

    moment = resolve_time(at)  # before heavy imports: a bad time is told at once
    others = {"--lock": lock, "--key": key, "--blind-key": blind_key, "--rows": rows, "--seed": seed, "--no-copies": no_copies or None,
              "--sample": sample, "--synthetic-reviewers": synthetic_reviewers or None, "--write-reviews": write_reviews,
              "--reviews": reviews, "--assigned": assigned, "--people": people, "--fault-log": fault_log}  # fmt: skip
    if stress_asked(stress, {"--settings": settings, "--stress-rows": stress_rows, "--keep-data": keep_data or None}, others):
        if track:
            print_notice("a stress run is not tracked: --track, or MLFLOW_TRACKING_URI, has no effect")
        run_stress(
            policy, model, settings=settings, rows=stress_rows, benchmark=benchmark, workspace=workspace, out=out, at=moment, split=split,
            keep_data=keep_data, json_output=json_output,
        )  # fmt: skip
        return
    given = lock_given(lock, key, role, passphrase_env)
    from evalharness.cli.summary import print_run, run_as_json  # noqa: PLC0415
    from evalharness.workflows.evaluate import evaluate as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        run = workflow(
            policy, model, benchmark=benchmark, workspace=workspace, out=out, at=moment, split=split, rows=rows, seed=seed,
            track=track or None, lock=given, blind_key=blind_key, synthetic_reviewers=synthetic_reviewers, write_reviews=write_reviews,
            reviews=reviews, assigned=assigned, people=people, fault_log=fault_log,
            copies=not no_copies, sample=sample, progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        print_json(run_as_json(run))
    else:
        print_run(run)
