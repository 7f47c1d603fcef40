"""What the committed files of a benchmark say: its manifest and the declaration that it was made from. Loads no numerical library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalharness.digests import sha256_bytes, sha256_json
from evalharness.errors import Altered, BadInput, bad_input
from evalharness.evidence import Evidence
from evalharness.files.manifest import facts_of, manifest_file, manifest_in
from evalharness.files.workspace import Workspace
from evalharness.files.yaml import read_yaml
from evalharness.records import BenchmarkFacts, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What the committed manifest says, and what is wrong with it."""

    name: str
    digest: str
    """Of the content that the manifest stands for."""
    manifest: str
    """Of the manifest's own bytes: they hold more than that digest covers."""
    problems: tuple[str, ...] = ()
    facts: BenchmarkFacts | None = None
    """What they say of the items; null when they cannot be read."""


def committed_benchmark(place: Workspace, policy: Policy, benchmark: str | Path | None) -> Committed:
    """The committed manifest; the data itself is never needed."""
    folder = place.benchmark_of(policy, None if benchmark is None else str(benchmark))
    path = folder / "manifest.json"
    if not path.is_file():
        raise bad_input(
            "the benchmark has no manifest",
            where=path,
            expected="manifest.json beside benchmark.yaml",
            hint="`evalharness benchmark generate` (generated data) or `evalharness evaluate` (supplied table) writes it; then commit it",
        )
    try:
        raw = manifest_file(path)
        manifest = manifest_in(raw, path)
    except (Altered, BadInput) as error:  # it is there, and it is not what was committed
        told = error.reasons if isinstance(error, Altered) else tuple(str(problem) for problem in error.problems)
        problems = tuple(f"benchmark manifest {path.name}: {reason}" for reason in told)
        return Committed(name=folder.name, digest="", manifest="", problems=problems)
    declaration = read_yaml(folder / "benchmark.yaml")
    problems = ()
    if sha256_json(declaration.data) != manifest.declaration:
        problems = ("benchmark.yaml is not the one that the committed manifest.json was made from",)
    return Committed(
        name=manifest.name,
        digest=manifest.digest,
        manifest=sha256_bytes(raw),
        problems=problems,
        facts=facts_of(manifest, declaration.data),
    )


def untrue_of_benchmark(evidence: Evidence, place: Workspace) -> tuple[str, ...]:
    """Where evidence says something else of its benchmark than the committed files that it names; nothing where they are not here."""
    path = place.benchmarks / evidence.benchmark.name / "manifest.json"
    try:
        raw = manifest_file(path)
        if sha256_bytes(raw) != evidence.digests.get("manifest"):
            return ()
        manifest = manifest_in(raw, path)
        facts = facts_of(manifest, read_yaml(path.with_name("benchmark.yaml")).data)
    except (Altered, BadInput):
        return ()
    told = evidence.benchmark
    practice = {"rows", "seed"} if told.digest != manifest.digest else set()  # other items on purpose: it says so, and is never signed
    return tuple(f"benchmark.{name}: not what the committed files say" for name in facts.unlike(told.facts) if name not in practice)
