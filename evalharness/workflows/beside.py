"""The models that a policy holds the classifier against: found, checked, and counted beside it on the same items."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evalharness.adapters import load_adapter
from evalharness.cards import card_for, check_artifact
from evalharness.errors import BadInput, Problems
from evalharness.files.unchanged import FileState, state_of
from evalharness.files.workspace import Workspace
from evalharness.records import Card, Condition, Policy
from evalharness.records.reference import MeasuredReference
from evalharness.tally import Slices
from evalharness.tally.paired import PairedTally


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedReference:
    """One of them, with its card read and its artefact as the card says."""

    name: str
    card: Card
    digest: str
    states: tuple[FileState, ...]

    @property
    def condition(self) -> str:
        """As in the estimates beside it: `relative to incumbent`."""
        return Condition(relative_to=self.name).text

    @property
    def record(self) -> MeasuredReference:
        """What the evidence says of it."""
        return MeasuredReference(
            name=self.name, model=self.card.name, version=self.card.version, digest=self.digest, card=self.card.digest or ""
        )


def open_references(policy: Policy, place: Workspace, *, locked: bool) -> tuple[OpenedReference, ...]:
    """The references that requirements use, by name. Raises BadInput, with every problem, for what is not there or another artefact, and
    under a lock for one whose artefact the policy does not fix: it could be put in the place of a better one after the lock.
    """
    used = {requirement.on.relative_to for requirement in policy.requirements}
    problems, found = Problems(), []
    for reference in policy.references:
        if reference.name not in used:
            continue
        where = f"policy {policy.name}: references.{reference.name}"
        if locked and not reference.digest:
            what = "a run under a lock needs the digest of the model that it is held against: the lock fixes the policy, not that model"
            problems.add(what, where=where, got=reference.model, hint="add 'digest: sha256:…' of its artefact to the policy, then lock")
        try:
            card = card_for(reference.model, place.root)
            load_adapter(card.adapter)
            digest = check_artifact(card)
        except BadInput as error:
            for problem in error.problems:
                problems.add(problem.what, where=where, got=problem.got, expected=problem.expected, hint=problem.hint)
            continue
        if reference.digest and reference.digest != digest:
            what = "the reference is another artefact than the one that the policy fixes"
            problems.add(what, where=where, got=digest, expected=reference.digest, hint="put the artefact back, or change the policy")
            continue
        states = (state_of(card.artifact),) if card.artifact.exists() else ()
        found.append(OpenedReference(name=reference.name, card=card, digest=digest, states=states))
    problems.raise_if_any()
    return tuple(found)


def asked_of(policy: Policy, name: str, whole: PairedTally) -> tuple[str, PairedTally]:
    """The condition, and what requirements ask of the paired counts: their metrics, and groups no deeper than theirs."""
    condition = Condition(relative_to=name).text
    asking = [requirement for requirement in policy.requirements if requirement.condition == condition]
    wanted = {requirement.metric for requirement in asking}
    depth = max((len(attributes) for requirement in asking for attributes in requirement.for_each), default=0)
    slices = Slices(attributes=whole.slices.attributes, levels=whole.slices.levels, depth=depth)
    places = [place for place, metric in enumerate(whole.metrics) if metric in wanted]
    kept = len(slices)
    return condition, replace(
        whole,
        slices=slices,
        metrics=tuple(whole.metrics[place] for place in places),
        counts=whole.counts[:kept, places],
        second=whole.second[:kept, places],
        clusters=whole.clusters[:kept, places],
    )
