"""The classifier beside each model that the policy refers to, item by item."""

from __future__ import annotations

from dataclasses import replace

from evalharness.records.progress import Progress
from evalharness.records.reference import HUMAN
from evalharness.tally.paired import PairedTally
from evalharness.workflows.beside import asked_of
from evalharness.workflows.compare_counting import count_together
from evalharness.workflows.counting_people import count_person
from evalharness.workflows.inputs import Inputs


def count_beside(inputs: Inputs, progress: Progress) -> dict[str, PairedTally]:
    """By condition, what requirements ask. Both models answer the same items in one pass: so the classifier answers once more.

    Raises BadInput for anything wrong with the answers of either, and for files that change meanwhile.
    """
    found: dict[str, PairedTally] = {}
    for reference in inputs.references:
        other = replace(inputs, card=reference.card, model_digest=reference.digest, references=())
        together = count_together((other, replace(inputs, references=())), progress)
        condition, paired = asked_of(inputs.policy, reference.name, together.paired[0])
        found[condition] = paired
    if any(requirement.on.relative_to == HUMAN for requirement in inputs.policy.requirements):
        person = count_person(replace(inputs, references=()), progress)
        if person is not None:
            condition, paired = asked_of(inputs.policy, HUMAN, person)
            found[condition] = paired
    return dict(sorted(found.items()))
