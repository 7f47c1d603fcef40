"""What the committed files of a benchmark say: its manifest and the declaration that it was made from. Loads no numerical library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalharness.cards import card_for
from evalharness.digests import sha256_bytes, sha256_json
from evalharness.errors import Altered, BadInput, bad_input, shown
from evalharness.evidence import Evidence
from evalharness.files.manifest import facts_of, manifest_file, manifest_in
from evalharness.files.seal import SEAL_FILE, Seal, harms_of, opening_problems, read_seal
from evalharness.files.workspace import Workspace
from evalharness.files.yaml import read_yaml
from evalharness.records import BenchmarkFacts, Card, Policy
from evalharness.signoff.locks import read_locks
from evalharness.workflows.sealing_files import locked_on, not_of_its_locks


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
    seal: Seal | None = None
    """Where the policy asks for sealed items: then it stands in for the manifest."""
    harms: Mapping[str, Any] = field(default_factory=dict)
    """Those of the recipe, as parsed."""


def committed_benchmark(place: Workspace, policy: Policy, benchmark: str | Path | None) -> Committed:
    """The committed manifest; the data itself is never needed."""
    folder = place.benchmark_of(policy, None if benchmark is None else str(benchmark))
    if policy.sealed:
        return _sealed(folder)
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


def _sealed(folder: Path) -> Committed:
    """The committed seal in place of a manifest: the items did not exist when it was committed."""
    path, document = folder / SEAL_FILE, read_yaml(folder / "benchmark.yaml").data
    try:
        seal = read_seal(path)
    except Altered as error:
        return Committed(name=folder.name, digest="", manifest="", problems=tuple(f"benchmark seal: {text}" for text in error.reasons))
    problems = () if sha256_json(document) == seal.declaration else ("benchmark.yaml is not the recipe that the committed seal is for",)
    return Committed(
        name=seal.benchmark,
        digest=seal.digest,
        manifest=seal.digest,
        problems=problems,
        facts=seal.facts,
        seal=seal,
        harms=harms_of(document),
    )


def untrue_of_seal(evidence: Evidence, place: Workspace) -> tuple[str, ...]:
    """Where evidence on sealed items does not follow from the committed seal that it names; nothing where that is not here."""
    told = evidence.benchmark.seal
    folder = place.benchmarks / evidence.benchmark.name
    if told is None:
        return ()
    try:
        seal, document = read_seal(folder / SEAL_FILE), read_yaml(folder / "benchmark.yaml").data
    except (Altered, BadInput):
        return ()
    if seal.digest != told.digest:
        return ()
    unlike = tuple(f"benchmark.{name}: not what the committed seal says" for name in seal.facts.unlike(evidence.benchmark.facts))
    return (*opening_problems(seal, told.facts, harms_of(document)), *unlike, *_unlike_locks(evidence, place))


def _unlike_locks(evidence: Evidence, place: Workspace) -> tuple[str, ...]:
    """Where its opening counts other models or locks than are locked on the seal here; nothing where there are none."""
    told, locks = evidence.benchmark.seal, read_locks(place.sign_off, None)
    if told is None or not locked_on(locks, told.digest):
        return ()
    return tuple(f"benchmark.seal: {text}" for text in not_of_its_locks(evidence, locks))


def untrue_of_benchmark(evidence: Evidence, place: Workspace) -> tuple[str, ...]:
    """Where evidence says something else of its benchmark than the committed files that it names; nothing where they are not here."""
    if evidence.benchmark.seal is not None:
        return untrue_of_seal(evidence, place)
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


def has_benchmark_of(evidence: Evidence, place: Workspace) -> bool:
    """Whether the committed files that the evidence names are here, so that it can be held to them."""
    folder = place.benchmarks / evidence.benchmark.name
    try:
        if evidence.benchmark.seal is not None:
            return read_seal(folder / SEAL_FILE).digest == evidence.benchmark.seal.digest
        return sha256_bytes(manifest_file(folder / "manifest.json")) == evidence.digests.get("manifest")
    except (Altered, BadInput):
        return False


def untrue_of_cards(evidence: Evidence, place: Workspace) -> tuple[str, ...]:
    """Where evidence says something else of its model, or of models beside it, than the cards that it names; nothing where these are gone.

    The claims of a supplier above all: a run from which they were taken would not say that they are impossible.
    """
    found = []
    card = _card_of(evidence.model.name, evidence.model.card, place)
    if card is not None:
        if card.claims != tuple(part.claim for part in evidence.claims):
            found.append("claims: not those of the model card")
        if (card.version, card.adapter) != (evidence.model.version, evidence.model.adapter):
            found.append("model: not the version and adapter of the model card")
    for part in evidence.tallies.beside:
        other = _card_of(part.model, part.card, place)
        if other is not None and (other.version, other.sha256) != (part.version, part.digest):
            found.append(f"tallies.beside: {shown(part.model)}: not the version and artefact of its card")
    return tuple(found)


def _card_of(name: str, digest: str | None, place: Workspace) -> Card | None:
    """The card of that name in the workspace, if it still is the one of that digest."""
    try:
        card = None if digest is None or ":" in name else card_for(name, place.root)
    except BadInput:
        return None
    return card if card is not None and card.digest == digest else None
