"""`evalharness compare`: several models on the same items, and how that is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import AtOption, BenchmarkOption, JsonOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_table, print_text, progress_bar
from evalharness.errors import shown

if TYPE_CHECKING:
    from evalharness.records.comparison import Comparison
    from evalharness.workflows.compare import Compared

_STYLES = {"met": "green", "not_met": "red", "not_demonstrated": "yellow", "not_evaluable": "magenta"}


@mapped
def compare(
    policy: PolicyOption,
    model: Annotated[
        list[str], typer.Option("--model", help="Model card: a name in model_cards/, a path, or ADAPTER:LOCATION. Twice or more.")
    ],
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="NAME", help="The incumbent, one of the models; default: the first.")
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            "--margin", help="Share of items that a change may lose and still be not worse; default 0.01. State it before looking."
        ),
    ] = None,
    attempt: Annotated[
        int | None,
        typer.Option("--attempt", metavar="K", help="First attempt of a campaign that the models spend, one each; default: practice."),
    ] = None,
    benchmark: BenchmarkOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to make with compare.html, compare.md, compare.json; default: nothing is written.")
    ] = None,
    at: AtOption = None,
    split: Annotated[str | None, typer.Option("--split", help="Another split than the policy's, such as shifted.")] = None,
    rows: Annotated[int | None, typer.Option("--rows", help="Generated benchmarks: rows other than the recipe's.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Generated benchmarks: a seed other than the recipe's.")] = None,
    track: Annotated[str | None, typer.Option("--track", envvar="MLFLOW_TRACKING_URI", help="MLflow tracking URI.")] = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Run two or more models on the same items, and hold each against the first. Exit 0 whatever came of it; never evidence."""
    from evalharness.workflows.clock import resolve_time  # noqa: PLC0415

    moment = resolve_time(at)  # before heavy imports: a bad time is told at once
    from evalharness.workflows.compare import compare as workflow  # noqa: PLC0415

    with progress_bar(json_output) as progress:
        done = workflow(
            policy, model, baseline=baseline, margin=margin, attempt=attempt, benchmark=benchmark, workspace=workspace, out=out, at=moment,
            split=split, rows=rows, seed=seed, track=track or None, progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        from evalharness.report.compared import comparison_document  # noqa: PLC0415

        print_json({**comparison_document(done.comparison), "folder": None if done.folder is None else str(done.folder)})
    else:
        print_comparison(done)


def print_comparison(done: Compared) -> None:
    """What was shown of each challenger, the models beside each other, and what it would cost to sign the winner."""
    from evalharness.report.compared.costs import cheapest_sentence  # noqa: PLC0415
    from evalharness.report.compared.tables import beside_table  # noqa: PLC0415
    from evalharness.report.compared.words import (  # noqa: PLC0415
        NEVER_EVIDENCE,
        attempts_sentence,
        level_sentence,
        margin_sentence,
    )

    comparison = done.comparison
    print_text(
        f"{len(comparison.models)} models on the same {comparison.items:,} items of {comparison.benchmark}, split {comparison.split}, "
        f"against policy {comparison.policy}"
    )
    _print_paired(comparison)
    beside = beside_table(comparison)
    print_table(
        beside.columns, [tuple(row) for row in beside.rows], "Beside each other (in brackets the bound on the side that would be bad)"
    )
    if comparison.costs is not None:
        print_text(cheapest_sentence(comparison.costs))
    for notice in comparison.notices:
        print_text(f"! {shown(notice, 600)}")
    for sentence in (margin_sentence(comparison), level_sentence(comparison), attempts_sentence(comparison), NEVER_EVIDENCE):
        print_text(sentence)
    if done.folder is not None:
        print_text(f"Page: {done.folder / 'compare.html'}")


def _print_paired(comparison: Comparison) -> None:
    from rich.text import Text  # noqa: PLC0415

    from evalharness.report import numbers  # noqa: PLC0415
    from evalharness.report.compared.words import TITLES, standing_mark, together_words  # noqa: PLC0415

    rows: list[tuple[Any, ...]] = []
    for both in comparison.both:
        mark = standing_mark(both.outcome)
        rows.append((both.challenger, together_words(comparison), _marked(Text, mark), "", "", "", "", ""))
        for f in comparison.findings:
            if f.challenger == both.challenger:
                c, own = f.counts, standing_mark(f.outcome)
                bound = numbers.percent(f.upper, "up", decimals=2)
                rows.append(
                    (
                        "",
                        TITLES[f.metric],
                        _marked(Text, own),
                        f"{c.n:,}",
                        f"{c.only_incumbent:,}",
                        f"{c.only_challenger:,}",
                        bound,
                        numbers.confidence(f.level),
                    )
                )
    columns = ("challenger", "in", "outcome", "items", "lost", "gained", "share lost, at most", "sure")
    print_table(columns, rows, f"Against {comparison.incumbent}: not worse by more than {numbers.exact_percent(comparison.margin)}?")


def _marked(text: Any, mark: Any) -> Any:
    return text(f"{mark.symbol} {mark.word}", style=_STYLES[mark.outcome])
