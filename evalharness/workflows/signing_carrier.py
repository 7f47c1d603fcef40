"""Who can carry the risk that remains: what the gate asks of that person, in words."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.errors import Problem
from evalharness.signoff.organisations import same_organisation
from evalharness.signoff.predicates import SignerEntry
from evalharness.signoff.roles import role_words
from evalharness.signoff.skeleton import skeleton
from evalharness.workflows.signing_case import SigningCase


def carrier_problems(case: SigningCase, person: str) -> Iterator[Problem]:
    """Why that person cannot; nothing: they can."""
    entries = case.register.person(person)
    against = [_against(case, entry) for entry in entries]
    if not entries or all(against):
        what = against[0] if against else "the register knows nobody of that id"
        able = sorted({entry.person for entry in case.register.entries if not _against(case, entry)})
        yield Problem(what=what, where="--risk-carried-by", got=person, expected=" | ".join(able) or "there is nobody who can")


def _against(case: SigningCase, entry: SignerEntry) -> str:
    owner, person = case.policy.sign_off.risk_owner, entry.person
    if entry.revoked is not None:
        return f"the key of {person} was revoked, so {person} cannot carry the risk"
    if owner and owner not in entry.roles:
        return f"the policy wants the {role_words(owner)} to carry the risk, and {person} does not hold that role"
    if skeleton(person) in {skeleton(member) for member in case.card.team}:
        return f"{person} belongs to the team that built the classifier, and cannot carry the risk"
    if same_organisation(entry.organisation, case.card.supplier):
        return f"{person} belongs to the supplier of the classifier, and cannot carry the risk"
    return ""
