"""What is wrong with the request itself: actual files that are not what they are said to be, a moment in the past, a card that hides who
made the model."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.admission.case import Asked, Case
from evalharness.admission.decision import Reason
from evalharness.admission.wording import moment
from evalharness.errors import shown


def request_reasons(case: Case) -> Iterator[Reason]:
    """Reasons that stand whatever was run or signed."""
    asked = case.asked
    yield from artefact(asked)
    yield from benchmark(asked)
    yield from clock(asked)
    yield from card(asked)
    yield from bad_policy(asked)


def artefact(asked: Asked) -> Iterator[Reason]:
    """The artefact on disk is the one that its card names."""
    if asked.card_states is not None and asked.card_states != asked.artefact_digest:
        told = f"{asked.artefact_digest}, card {asked.card_states}"
        yield Reason(code=13, text=f"the artefact {shown(asked.artefact)} is not the one its card names: {told}")


def benchmark(asked: Asked) -> Iterator[Reason]:
    """The benchmark is the policy's, and its manifest is in order."""
    if asked.benchmark != asked.policy_benchmark:
        yield Reason(code=13, text=f"the policy is about the benchmark '{asked.policy_benchmark}', not '{shown(asked.benchmark)}'")
    for problem in asked.benchmark_problems:
        yield Reason(code=13, text=problem)


def clock(asked: Asked) -> Iterator[Reason]:
    """Nothing is approved for a moment that has passed."""
    if asked.at < asked.clock:
        yield Reason(code=12, text=f"--at {moment(asked.at)} is earlier than the clock: the past cannot be approved")


def bad_policy(asked: Asked) -> Iterator[Reason]:
    """A policy that warns of itself approves nothing."""
    if asked.bad_policy:
        yield Reason(code=12, text=f"the policy is an example of a bad policy, by its own words: {shown(asked.bad_policy, 300)}")


def card(asked: Asked) -> Iterator[Reason]:
    """There is a card, and it says whose model it is."""
    if not asked.has_card:
        yield Reason(code=12, text="the model has no card: without a card nothing can be approved")
        return
    if not asked.supplier:
        yield Reason(code=12, text="the card names no supplier: nobody can tell whether the supplier votes, or count its attempts")
    if asked.sign_off.developers_may_not_sign and not asked.team:
        yield Reason(code=12, text="the card names no team, and the policy does not let developers sign: nobody can tell who they are")
