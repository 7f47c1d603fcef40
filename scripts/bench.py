"""Speed and memory, measured on whole commands in fresh processes; the figures in docs/performance.md come from here.

    make bench                 everything (about ten minutes on two cores; 4 GB of disk for a while)
    scripts/bench.py --quick   without the ten-million-row runs, and a tenth of the rows of generated benchmarks

CPU seconds are user + system of the finished process, as the operating system counts them. "less imports" subtracts the CPU of a
process that only imports a fixed list of libraries.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import bench_generation
import bench_oversight
import bench_reviews
import bench_scores
import demo_sign_off
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

COMMAND = str(Path(sys.executable).with_name("evalharness"))
LIBRARIES = "numpy scipy.special pandas pyarrow pyarrow.parquet pyarrow.csv pyarrow.compute pydantic ruamel.yaml jinja2 rich.progress typer"
IMPORTS = "import " + ", ".join(LIBRARIES.split())
LEVELS = {"sex": ("F", "M", "X"), "ethnicity": ("asian", "black", "mixed", "other", "white"), "age": ("0", "1", "2", "3", "4", "5")}
SEED = 7

BENCHMARK = """schema: evalharness/benchmark/v1
name: bench
version: 1
task: binary
table: items.parquet
columns: {id: item_id, label: label, features: [], groups: [sex, ethnicity, age], cluster: case_id}
positive: 1
"""

POLICY = """schema: evalharness/policy/v1
name: bench
version: 1
title: Speed
claim: rehearsal
population: Random rows.
intended_use: Measuring the harness.
prohibited_uses: [anything else]
stream: synthetic
task: binary
benchmark: bench
confidence: 0.95
intersections: 3
operating_point: {threshold: 0.5}
human_in_the_loop: {minutes_per_review: 3, items_per_week: 50000, reviewer_sensitivity: {low: 0.7, high: 1.0, source: declared}}
costs:
  found_late: {true_relevant: {set_aside: 1}}
  minutes: {true_relevant: {review: 3}, true_not_relevant: {review: 3}}
  elicited: {stated_by: "the benchmark script", on: 2026-11-01}
requirements:
  - {id: recall, metric: recall, at_least: 0.5, for_each: [sex, ethnicity, [sex, ethnicity, age]], why: "w"}
  - {id: gap, metric: recall, max_difference: 0.2, between: [sex, ethnicity, age], why: "w"}
  - {id: cost, metric: expected_cost, unit: minutes, at_most: 3, why: "w"}
  - {id: no-answer, metric: no_answer_rate, at_most: 0.01, why: "w"}
sign_off: {roles: {senior_responsible_owner: 1}, developers_may_not_sign: true, valid_for_days: 30}
"""


MISSED: list[str] = []


def goal(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> str:
    """`value unit (goal limit)`; a goal that is missed is marked and remembered."""
    met = value >= limit if at_least else value <= limit
    if not met:
        MISSED.append(f"{what}: {value:,.2f} {unit}, goal {limit:,g}")
    form = ",.0f" if abs(value) >= 100 else ".2f"
    return f"{value:{form}} {unit} (goal {limit:,g}{'' if met else ', MISSED'})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the ten-million-row runs")
    quick = parser.parse_args().quick
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's second command finds the bytecode of the first
    with tempfile.TemporaryDirectory(prefix="evalharness-bench-") as name:
        folder = Path(name)
        imports = best_of(3, lambda: cpu([sys.executable, "-c", IMPORTS])[0])
        print(f"imports of the fixed list: {imports:.2f} s CPU\n")
        start_up(folder)
        stored_predictions(folder, imports, quick)
        compare_models(folder, imports)
        group_points(folder)
        print("area under the ROC curve and average precision, agreement with scikit-learn first")
        MISSED.extend(bench_scores.missed(1_000_000 if quick else 10_000_000))
        resampling()
        MISSED.extend(bench_oversight.missed())
        MISSED.extend(bench_reviews.missed())
        bench_generation.generation(folder, MISSED, quick=quick, full=not quick)
    if MISSED:
        raise SystemExit("goals missed, or not judged:\n  " + "\n  ".join(MISSED))


def cpu(command: list[str], **more: object) -> tuple[float, float]:
    """CPU seconds and peak resident MiB of one command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload]
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 10, 11, 12):
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}:\n{errors.decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best_of(times: int, measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(times))


def make_table(folder: Path, rows: int, groups_of: str) -> None:
    """A supplied table sorted by case (three rows each on average), and predictions for it, in the same order and shuffled.

    groups_of: `case` (each case has one group, as in message-triage) or `row` (groups vary inside cases: the slowest kind of table).
    """
    folder.mkdir(parents=True)
    (folder / "benchmark.yaml").write_text(BENCHMARK)
    rng = np.random.default_rng(SEED)
    case = np.sort(rng.integers(0, rows // 3, rows))
    positive = rng.random(rows) < 0.05
    score = np.clip(rng.normal(0.25 + 0.5 * positive, 0.15), 0, 1)
    ids = pa.array(np.char.mod("item-%09d", np.arange(rows)))
    columns = {"item_id": ids, "case_id": pa.array(np.char.mod("case-%09d", case)), "label": pa.array(positive.astype(np.int8))}
    for attribute, levels in LEVELS.items():
        drawn = rng.integers(0, len(levels), rows)
        columns[attribute] = pa.array(np.array(levels)[drawn[case] if groups_of == "case" else drawn]).dictionary_encode()
    pq.write_table(pa.table(columns), folder / "items.parquet", row_group_size=65_536)
    answers = pa.table({"item_id": ids, "score": pa.array(score)})
    pq.write_table(answers, folder / "same_order.parquet", row_group_size=65_536)
    pq.write_table(answers.take(pa.array(rng.permutation(rows))), folder / "shuffled.parquet", row_group_size=65_536)


def stored_predictions(folder: Path, imports: float, quick: bool) -> None:
    print("evaluate on stored predictions: 3 attributes to depth 3 (168 groups), every metric and bound, reports included")
    policy = folder / "bench.yaml"
    policy.write_text(POLICY)
    peaks: dict[str, list[float]] = {}
    cases = [(1_000_000, "case", "same_order", 2), (1_000_000, "case", "shuffled", 3), (1_000_000, "row", "same_order", 2)]
    cases += [] if quick else [(10_000_000, "case", "same_order", 0), (10_000_000, "case", "shuffled", 0)]
    for rows, groups_of, order, limit in cases:
        table = folder / f"table-{rows}-{groups_of}"
        if not table.exists():
            subprocess.run([sys.executable, __file__, "--make-table", str(table), str(rows), groups_of], check=True)
        figures = []
        for turn in range(5 if limit else 1):
            command = [COMMAND, "evaluate", "--policy", str(policy), "--model", f"predictions:{table / order}.parquet",
                       "--benchmark", str(table), "--out", str(folder / f"run-{rows}-{groups_of}-{order}-{turn}")]  # fmt: skip
            figures.append(cpu(command))
        seconds, peak = min(figures)
        if groups_of == "case":
            peaks.setdefault(order, []).append(peak)
        label = f"{rows:>10,} rows, {order:<10}, groups of the {groups_of}"
        spent = seconds - imports
        told = goal(label, spent, limit, "s CPU less imports") if limit else f"{spent:.2f} s CPU less imports"
        print(f"  {label}: {told}, peak {peak:.0f} MiB", flush=True)
    for order, (small, *large) in peaks.items():
        if large:
            print(f"  {order:<10}: {goal(order, large[0] - small, 150, 'MiB more from 1M to 10M rows')}")
    print()


def compare_models(folder: Path, imports: float) -> None:
    """Five models on the same 1,000,000 rows: paired counts in clusters, bounds, areas under the ROC curve, pages."""
    table = folder / "table-1000000-case"
    answers = pq.read_table(table / "same_order.parquet")
    rng, models = np.random.default_rng(SEED), []
    for number in range(5):
        scores = np.clip(answers["score"].to_numpy() + rng.normal(0, 0.05, len(answers)), 0, 1)
        path = folder / f"model-{number}.parquet"
        pq.write_table(pa.table({"item_id": answers["item_id"], "score": pa.array(scores)}), path, row_group_size=65_536)
        models += ["--model", f"predictions:{path}"]
    figures = []
    for turn in range(3):
        command = [COMMAND, "compare", "--policy", str(folder / "bench.yaml"), *models, "--benchmark", str(table)]
        figures.append(cpu([*command, "--out", str(folder / f"comparison-{turn}")]))
    seconds, peak = min(figures)
    label = "compare five models, 1,000,000 rows each, 168 groups"
    print(f"  {label}: {goal(label, seconds - imports, 20, 's CPU less imports')}, peak {peak:.0f} MiB\n", flush=True)


def group_points(folder: Path) -> None:
    """Point metrics by group at 1M rows against fairlearn's MetricFrame and a scikit-learn loop; agreement first."""
    print("points by group, 1,000,000 rows (single attributes and all three crossed): the same numbers, in one process")
    code = Path(__file__).with_name("bench_points.py")
    subprocess.run([sys.executable, "-W", "ignore", str(code), str(folder / "table-1000000-case")], check=True)
    print()


def resampling() -> None:
    """Bootstraps from counts, and exact limits, against resampled rows and statsmodels; agreement first."""
    print("from counts on: nothing depends on the number of rows")
    done = subprocess.run([sys.executable, "-W", "ignore", str(Path(__file__).with_name("bench_resampling.py"))], check=False)
    if done.returncode:
        MISSED.append("resampling: see above")
    print()


def start_up(folder: Path) -> None:
    workspace = folder / "workspace"
    subprocess.run([COMMAND, "init", str(workspace)], check=True, stdout=subprocess.DEVNULL)
    evaluation = [COMMAND, "evaluate", "--policy", "message-triage", "--model", "triage-reference"]
    subprocess.run(evaluation, check=True, cwd=workspace, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print("start-up")
    print(f"  evalharness --help: {goal('--help', best_of(5, lambda: cpu([COMMAND, '--help'])[0]), 0.5, 's CPU')}")
    gate = [COMMAND, "gate", "--policy", "message-triage", "--model", "triage-reference"]
    unsigned = best_of(5, lambda: cpu(gate, cwd=workspace)[0])
    print(f"  evalharness gate:   {goal('gate', unsigned, 0.5, 's CPU')}, one unsigned run")
    sign = [sys.executable, str(Path(__file__).with_name("demo_sign_off.py")), "--approve"]
    subprocess.run(sign, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    asked = [*gate, "--deployment", "deployment.yaml"]
    subprocess.run(asked, check=True, cwd=demo_sign_off.WORKSPACE, stdout=subprocess.DEVNULL)  # it is approved
    signed = best_of(5, lambda: cpu(asked, cwd=demo_sign_off.WORKSPACE)[0])
    print(f"  evalharness gate:   {goal('signed gate', signed, 0.5, 's CPU')}, a run with lock, result, 4 decisions, 2 pieces of advice\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make-table"]:
        make_table(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        main()
