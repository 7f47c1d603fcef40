"""Find, read and check everything an evaluation needs before any model runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from evalharness.adapters import load_adapter
from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.benchmarks.blind import Blinded
from evalharness.benchmarks.declaration import read_declaration
from evalharness.cards import card_for, check_artifact
from evalharness.digests import sha256_file
from evalharness.errors import bad_input
from evalharness.files.seal import SEAL_FILE
from evalharness.files.unchanged import FileState, state_of
from evalharness.files.workspace import Workspace
from evalharness.metrics.custom import Custom, load_customs
from evalharness.records import BenchmarkInfo, Card, Curve, Exemption, Policy, Question, SealFacts
from evalharness.records.oversight_certify import Certificate
from evalharness.records.progress import Notice, Progress
from evalharness.requirements import check_fit, expand, policy_for, policy_places, read_policy
from evalharness.workflows.asked_certify import refuse_certify
from evalharness.workflows.asked_practice import check_copies, on_split
from evalharness.workflows.asked_reviewers import MadeUp, made_up_reviewers
from evalharness.workflows.beside import OpenedReference, open_references
from evalharness.workflows.blind_answers import Blind, fitting_key, read_blind
from evalharness.workflows.sample_files import SampleGiven, open_sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the caller asked for, as given."""

    policy: str
    model: str
    benchmark: str | None = None
    """Null: the policy's benchmark."""
    rows: int | None = None
    seed: int | None = None
    split: str | None = None
    """Other than the policy's, for practice."""
    locked: bool = False
    """Under a lock: where the policy asks for sealed items, those of the opened seal."""
    seal: SealFacts | None = None
    """The opened seal of a run that is made again; null: as the workspace has it."""
    anew: bool = False
    """Whether the items of a recipe are made anew, whatever lies in its data folder. Sealed ones always are."""
    blind_key: Path | None = None
    """Key of the blind export that the predictions answer."""
    reviews: Path | None = None
    """Log of what reviewers said."""
    assigned: Path | None = None
    """With it: the list of what they were to read."""
    synthetic_reviewers: bool = False
    """Whether the made-up reviewers of the benchmark read its items."""
    write_reviews: Path | None = None
    """Where their log is written too."""
    sample: Path | None = None
    """Folder of a coded sample of every pile."""
    people: Path | None = None
    """Table of the people in the items."""
    fault_log: Path | None = None
    """Log of faults that were injected into the system in use."""
    copies: bool = True
    """Whether copies of items with something changed are answered too, where the benchmark has any; False is for practice."""
    certifies: bool = False
    """Whether the caller finds and certifies a threshold where the policy asks for that; otherwise such a policy is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A threshold that was looked for on items of its own."""

    record: Certificate
    curves: tuple[Curve, ...]
    """Tables that describe the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything checked and opened."""

    policy: Policy
    card: Card
    model_digest: str
    benchmark: Benchmark
    manifest: str | None
    """Digest of the benchmark's manifest.json (of sealed items: of seal.json) as it lies there; null where there is none."""
    states: tuple[FileState, ...]
    """Of the artefact and of the benchmark's files, before they were looked at."""
    questions: tuple[Question, ...]
    """What is judged now."""
    every_question: tuple[Question, ...]
    """What is judged now or will be when an exemption runs out: their estimates are in the evidence."""
    exemptions: tuple[Exemption, ...]
    customs: tuple[Custom, ...] = ()
    """Metrics of other packages that the policy wants to see."""
    blind: Blind | None = None
    """Where the predictions came back under the fresh ids of a blind export."""
    permitted: tuple[str, ...] = ()
    """Protected attributes that a model may be told of, beside what the benchmark gives it."""
    sealed_as: BenchmarkInfo | None = None
    """What a lock says of a benchmark whose items do not exist yet; null otherwise."""
    copies: bool = True
    """As in the request."""
    reviews: Path | None = None
    """As in the request."""
    assigned: Path | None = None
    """As in the request."""
    made_up: MadeUp | None = None
    """Made-up reviewers, where they were asked for."""
    sample: SampleGiven | None = None
    """A coded sample of every pile."""
    people: Path | None = None
    """As in the request."""
    fault_log: Path | None = None
    """As in the request."""
    references: tuple[OpenedReference, ...] = ()
    """Models that requirements are relative to."""
    certified: Certified | None = None
    """Where the policy has its threshold certified, once that was done; `policy` then has the threshold."""


def read_inputs(place: Workspace, request: Request, created: datetime, progress: Progress, notice: Notice) -> Inputs:
    """Raises BadInput, with every problem of the file at fault, before anything is computed."""
    path = policy_for(request.policy, place.root)
    stated = read_policy(path)
    policy = on_split(stated, request)
    if not request.certifies:
        refuse_certify(policy, "this command")
    check_copies(request)
    card = card_for(request.model, place.root)
    load_adapter(card.adapter)
    customs = load_customs(policy.describe, policy.task)
    state = state_of(card.artifact) if card.artifact.exists() else None
    digest = check_artifact(card)
    references = open_references(policy, place, locked=request.locked)
    if references and request.blind_key is not None:
        raise bad_input(
            "answers to a blind export are held against no other model: those items have ids of their own",
            where=f"policy {policy.name}: references",
            got=", ".join(reference.name for reference in references), hint="leave out what is relative_to a model, or --blind-key",
        )  # fmt: skip
    folder = place.benchmark_of(policy, request.benchmark)
    key = fitting_key(request.blind_key, folder, policy.split, card, rows=request.rows, seed=request.seed)
    exported = key is not None and not key.practice
    seal = request.seal or (_opened_seal(place, folder) if exported or (policy.sealed and request.locked) else None)
    public = policy.sealed and seal is None
    counted = not public and request.blind_key is None
    benchmark = open_benchmark(
        folder, rows=request.rows, seed=request.seed, seal=seal, counted=counted, anew=request.anew or seal is not None,
        progress=progress, notice=notice,
    )  # fmt: skip
    if request.split is None and policy.split not in benchmark.splits:
        raise bad_input(
            "the benchmark has no row in this split", where=f"policy {policy.name}: split", got=policy.split,
            expected=", ".join(benchmark.splits), hint="name one of them as `split` in the policy",
        )  # fmt: skip
    if public:
        benchmark.practice = "the policy asks for sealed items, and these are the public ones"
    if policy.split != stated.split and not benchmark.practice:
        benchmark.practice = f"judged on the split '{policy.split}' instead of the policy's '{stated.split}'"
    if not request.copies and benchmark.info.copies and not benchmark.practice:
        benchmark.practice = "the copies that show what changes a decision were left out"
    blind = None
    if request.blind_key is not None:
        blind = read_blind(request.blind_key, benchmark, policy.split, card, policy.operating_point)
        benchmark = Blinded(benchmark, blind.key)
        benchmark.practice = _practice(blind)  # whatever else is there, this stays
    check_fit(policy, benchmark.info, policy_places(path))
    levels = benchmark.levels(policy.split)
    questions, exemptions = expand(policy, levels, created.date(), policy_places(path))
    return Inputs(
        policy=policy,
        card=card,
        model_digest=digest,
        benchmark=benchmark,
        manifest=_manifest_digest(folder / ("manifest.json" if seal is None else SEAL_FILE)),
        states=(
            *benchmark.states,
            *((state,) if state is not None else ()),
            *(s for r in references for s in r.states),
            *_states_of_logs(request),
        ),
        questions=questions,
        every_question=questions_for_ever(policy, levels, created.date()),
        exemptions=exemptions,
        customs=customs,
        blind=blind,
        permitted=read_declaration(folder).permitted,
        copies=request.copies,
        reviews=request.reviews,
        assigned=request.assigned,
        made_up=made_up_reviewers(request, folder, benchmark.info.name),
        people=request.people,
        fault_log=request.fault_log,
        references=references,
        sample=None if request.sample is None else open_sample(place, request.sample, policy, digest),
    )


def _opened_seal(place: Workspace, folder: Path) -> SealFacts:
    from evalharness.workflows.sealing_files import opened_seal  # noqa: PLC0415 - imports signatures, which few runs need

    return opened_seal(place, folder)


def _states_of_logs(request: Request) -> tuple[FileState, ...]:
    """Of the files about people that were given and are there. Raises BadInput for a list of what was assigned without a log."""
    if request.reviews is None and request.assigned is not None:
        raise bad_input(
            "what was assigned goes with a review log", where="--assigned", got=str(request.assigned), hint="add --reviews FILE"
        )  # fmt: skip
    given = (request.reviews, request.assigned, request.people, request.fault_log)
    return tuple(state_of(path) for path in given if path is not None and path.exists())


def _practice(blind: Blind) -> str:
    """Why answers that came back under fresh ids are never signed."""
    if blind.key.file.practice:
        return "the export was made of a public recipe and seed, so its labels could be found out"
    return "the answers were made after the items, so no lock can have named them"


def _manifest_digest(path: Path) -> str | None:
    return sha256_file(path) if path.is_file() else None


def questions_for_ever(policy: Policy, levels: Mapping[str, tuple[str, ...]], today: date) -> tuple[Question, ...]:
    """The questions of today and of the day after each exemption runs out, each once."""
    ends = {
        exempted.until for requirement in policy.requirements for exempted in requirement.not_judged if today <= exempted.until < date.max
    }
    days = [today, *(end + timedelta(days=1) for end in sorted(ends))]
    return tuple(dict.fromkeys(question for day in days for question in expand(policy, levels, day)[0]))
