"""Find, read and check everything a comparison needs before any model runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalharness.adapters import load_adapter
from evalharness.cards import card_for, check_artifact
from evalharness.errors import BadInput, Problems
from evalharness.files.atomic import check_free
from evalharness.files.unchanged import state_of
from evalharness.files.workspace import Workspace
from evalharness.records import Card, Policy
from evalharness.records.comparison import DEFAULT_MARGIN
from evalharness.records.progress import Notice, Progress
from evalharness.requirements import policy_for, read_policy
from evalharness.workflows.attempts import check_attempt
from evalharness.workflows.inputs import Inputs, Request, read_inputs
from evalharness.workflows.judged_labels import refuse_weighted
from evalharness.workflows.oversight.certify import check_certifiable

MOST_MODELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """What the caller asked for, as given."""

    policy: str
    models: tuple[str, ...]
    baseline: str | None = None
    """One of `models`, as given there or by its name; null: the first."""
    benchmark: str | None = None
    margin: float | None = None
    """Null: the harness's default."""
    attempt: int | None = None
    """The first attempt of a campaign that the models spend; null: practice."""
    split: str | None = None
    rows: int | None = None
    seed: int | None = None
    out: Path | None = None

    @property
    def judged_margin(self) -> float:
        return DEFAULT_MARGIN if self.margin is None else self.margin


def read_compared(place: Workspace, request: CompareRequest, created: datetime, progress: Progress, notice: Notice) -> tuple[Inputs, ...]:
    """The inputs of every model, the incumbent first; all share one opened benchmark.

    Raises BadInput with every problem of options, policy, models and benchmark at once, before any model runs.
    """
    problems = Problems()
    _check_options(request, problems)
    policy = _policy(place, request, problems)
    cards = _cards(place, request, problems)
    digests = [_digest(card, problems) for card in cards]
    _check_different(request, digests, problems)
    order = _order(request, cards, problems)
    if problems or policy is None:
        _look_at_benchmark(place, policy, request, problems)
        problems.raise_if_any()
    wanted = Request(
        policy=request.policy, model=order[0], benchmark=request.benchmark, rows=request.rows, seed=request.seed, split=request.split,
        certifies=True,
    )  # fmt: skip
    first = read_inputs(place, wanted, created, progress, notice)
    refuse_weighted(first.benchmark.info, "a comparison")
    check_certifiable(first)
    by_given = {given: (card, digest) for given, card, digest in zip(request.models, cards, digests, strict=True) if card is not None}
    return tuple(_inputs(first, *by_given[given]) for given in order)


def _inputs(first: Inputs, card: Card, digest: str) -> Inputs:
    """The same policy, items and questions for another model."""
    state = (state_of(card.artifact),) if card.artifact.exists() else ()
    return replace(first, card=card, model_digest=digest, states=(*first.benchmark.states, *state))


def _check_options(request: CompareRequest, problems: Problems) -> None:
    number = len(request.models)
    if number < 2:
        problems.add("a comparison needs two models or more", where="--model", got=f"{number} given", expected="--model A --model B …")
    if number > MOST_MODELS:
        problems.add("too many models for one comparison", where="--model", got=str(number), expected=f"at most {MOST_MODELS}")
    for given in sorted({g for g in request.models if request.models.count(g) > 1}):
        problems.add("a model is named twice", where="--model", got=given, hint="name each model once")
    if not 0 < request.judged_margin < 1:
        problems.add(
            "not a margin", where="--margin", got=repr(request.margin), expected="a share above 0 and below 1, such as 0.01",
            hint="how many more items in one decided wrongly are still acceptable; state it before looking",
        )  # fmt: skip
    check_attempt(request.attempt, problems, models=number)
    if request.out is not None:
        try:
            check_free(request.out)
        except BadInput as error:
            problems.extend(error)


def _policy(place: Workspace, request: CompareRequest, problems: Problems) -> Policy | None:
    try:
        policy = read_policy(policy_for(request.policy, place.root))
    except BadInput as error:
        problems.extend(error)
        return None
    return policy


def _cards(place: Workspace, request: CompareRequest, problems: Problems) -> list[Card | None]:
    return [_card(place, given, problems) for given in request.models]


def _card(place: Workspace, given: str, problems: Problems) -> Card | None:
    try:
        card = card_for(given, place.root)
        load_adapter(card.adapter)
    except BadInput as error:
        problems.extend(error)
        return None
    return card


def _digest(card: Card | None, problems: Problems) -> str:
    if card is None:
        return ""
    try:
        return check_artifact(card)
    except BadInput as error:
        problems.extend(error)
        return ""


def _check_different(request: CompareRequest, digests: Sequence[str], problems: Problems) -> None:
    """Two cards of one file are one model."""
    first: dict[str, str] = {}
    for given, digest in zip(request.models, digests, strict=True):
        if digest and first.setdefault(digest, given) != given:
            problems.add(
                "the same model under two names", where="--model", got=f"{first[digest]} and {given}: {digest}",
                hint="name it once: held against itself it shows nothing",
            )  # fmt: skip


def _order(request: CompareRequest, cards: Sequence[Card | None], problems: Problems) -> tuple[str, ...]:
    """The models as given, the incumbent first."""
    named: dict[str, str] = {}
    for given, card in zip(request.models, cards, strict=True):
        if card is None or given in named.values():
            continue
        if card.name in named:
            problems.add(
                "two models have the same name", where="--model", got=f"{named[card.name]} and {given}", hint="rename one of the cards"
            )
        named[card.name] = given
    if request.baseline is None:
        return request.models
    chosen = request.baseline if request.baseline in request.models else named.get(request.baseline)
    if chosen is None:
        if all(card is not None for card in cards):
            problems.add(
                "the baseline is none of the models", where="--baseline", got=request.baseline, expected=", ".join(request.models),
                hint="it is the model in use, which the others are held against",
            )  # fmt: skip
        return request.models
    return (chosen, *(given for given in request.models if given != chosen))


def _look_at_benchmark(place: Workspace, policy: Policy | None, request: CompareRequest, problems: Problems) -> None:
    """Whether the benchmark is there, so that this too is told with everything else."""
    if policy is None:
        return
    try:
        place.benchmark_of(policy, request.benchmark)
    except BadInput as error:
        problems.extend(error)
