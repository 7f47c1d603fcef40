"""Blind exports for vendors."""

from __future__ import annotations

from pathlib import Path

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.blind import BlindExport, check_apart, check_no_key, export_blind
from evalharness.benchmarks.declaration import Declaration, read_declaration
from evalharness.benchmarks.opened import declared
from evalharness.errors import BadInput, Problems, bad_input
from evalharness.files.atomic import check_free
from evalharness.files.workspace import POSITIONAL, Workspace, find_workspace
from evalharness.records import Policy, SealFacts
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.requirements import policy_for, read_policy
from evalharness.workflows.asked_certify import refuse_certify
from evalharness.workflows.blind_answers import KEYS
from evalharness.workflows.sealing_files import opened_seal


def export(
    name: str,
    out: Path,
    *,
    split: str = "test",
    practice: bool = False,
    rows: int | None = None,
    seed: int | None = None,
    key: Path | None = None,
    policy: str | None = None,
    workspace: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> BlindExport:
    """Writes the folder `out` for a vendor, and its key: by default sign-off/blind/OUT.key.json.

    practice: of the public recipe and seed, which anybody can generate and join; else the items of the opened seal.
    policy: by whose rule the answers will be judged; the export then says so.
    Raises BadInput for a supplied table (the model goes to the data), a seal that was not opened, a key that the vendor would see, and
    anything that is there already.
    """
    place = find_workspace(workspace)
    folder = place.benchmark_folder(name, POSITIONAL)
    declaration = read_declaration(folder)
    if declaration.dials is None:
        raise bad_input(
            "a supplied table is never exported: the model goes to the data", where=declaration.path,
            hint="evaluate the model here, with an adapter for it",
        )  # fmt: skip
    if not practice and (rows is not None or seed is not None):
        raise bad_input(
            "rows and seed of sealed items are those of the seal", where="--rows, --seed", hint="leave them out, or add --practice"
        )
    kept = place.sign_off / KEYS / f"{out.absolute().name}.key.json" if key is None else key
    if kept.suffix != ".json":
        raise bad_input("a key is a .json file, with a .parquet file beside it", where="--key", got=str(kept))
    check_apart(out, kept, place.sign_off)
    check_free(out)
    check_no_key(kept)
    judged = None if policy is None else _policy(policy, place, declaration, split)
    seal = None if practice else _seal(place, folder)
    benchmark = open_benchmark(
        folder, rows=rows, seed=seed, seal=seal, counted=False, anew=seal is not None, progress=progress, notice=notice
    )
    recipe = declared(folder, rows=rows, seed=seed, seal=seal)
    return export_blind(benchmark, recipe, split, out, kept, practice=practice, policy=judged)


def _policy(name: str, place: Workspace, declaration: Declaration, split: str) -> Policy:
    """The policy. Raises BadInput where it is about other items."""
    policy = read_policy(policy_for(name, place.root))
    refuse_certify(policy, "a blind export")
    problems = Problems()
    for what, got, expected in (
        ("the policy is about another benchmark", policy.benchmark, declaration.name),
        ("the policy is for another task", policy.task, declaration.task),
        ("the policy judges another split", policy.split, split),
    ):
        if got != expected:
            problems.add(what, where=f"--policy {policy.name}", got=got, expected=expected)
    problems.raise_if_any()
    return policy


def _seal(place: Workspace, folder: Path) -> SealFacts:
    try:
        return opened_seal(place, folder)
    except BadInput as error:
        raise bad_input(
            "only sealed items are exported: whoever has a public recipe and seed can make the items with their labels and join them",
            where=folder, got="; ".join(problem.what for problem in error.problems),
            hint="seal, lock and open first (docs/benchmarks.md); or --practice, for an export that proves nothing",
        ) from error  # fmt: skip
