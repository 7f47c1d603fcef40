"""Whoever holds a key, before and after it signs: the register says as whom, and what was signed is read back before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from securesystemslib.signer import Signer

from evalharness.errors import Fault, Problems
from evalharness.records import Card, Policy
from evalharness.signoff.authors import author_for, author_problem
from evalharness.signoff.envelope import read_statement, sign
from evalharness.signoff.keys import load_signer
from evalharness.signoff.organisations import same_organisation
from evalharness.signoff.predicates import Author
from evalharness.signoff.register import Register
from evalharness.signoff.skeleton import skeleton

Passphrases = Callable[[str], bytes]
"""Called with a key's path or URI; gives its passphrase, from wherever the caller has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGiven:
    """A key as the caller names it."""

    uri: str
    """Path of a key file, or `PUB.json=URI`."""
    passphrases: Passphrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """An opened key, and what the register allows its holder."""

    signer: Signer
    public: str
    """Hex."""
    register: Register
    role: str | None
    """The role that was wished."""
    roles: Collection[str]
    """Roles that may sign such a statement."""

    def author(self, created: str, claim: str) -> Author:
        """As whom its holder signs. Raises BadInput, with every reason, when the holder may not sign this."""
        return author_for(self.register, self.public, role=self.role, roles=self.roles, created=created, claim=claim)

    def signed(self, payload: bytes, author: Author, claim: str, name: str) -> bytes:
        """The file of the statement. Raises Fault when a reader would not believe it."""
        data = sign(payload, [self.signer])
        problems = author_problem(self.register, read_statement(data, name), author, self.roles, claim)
        if problems:
            raise Fault(f"{name} was signed and would not be believed: {'; '.join(problems)}")
        return data


def check_independent(policy: Policy, card: Card, author: Author, register: Register) -> None:
    """Raises BadInput when the author belongs to the team that made the model (and the policy minds), or to its supplier."""
    problems = Problems()
    if policy.sign_off.developers_may_not_sign and skeleton(author.person) in {skeleton(person) for person in card.team}:
        problems.add(
            f"{author.person} belongs to the team that made the model, and the policy says that developers may not sign",
            where="--key", got=author.person, expected=f"somebody other than {', '.join(card.team)}",
        )  # fmt: skip
    for organisation in sorted({entry.organisation for entry in register.person(author.person)}):
        if same_organisation(organisation, card.supplier):
            problems.add(
                f"{author.person} works for the supplier of the model", where="--key", got=organisation,
                expected=f"somebody who does not work for {card.supplier}",
            )  # fmt: skip
    problems.raise_if_any()


def open_pen(key: KeyGiven, register: Register, *, role: str | None, roles: Collection[str], created: str) -> Pen:
    """Opens the key (the passphrase is asked now) and checks that its holder may sign. Raises BadInput otherwise."""
    signer, found = load_signer(key.uri, None, lambda: key.passphrases(key.uri))
    pen = Pen(signer=signer, public=found, register=register, role=role, roles=roles)
    pen.author(created, "rehearsal")
    return pen
