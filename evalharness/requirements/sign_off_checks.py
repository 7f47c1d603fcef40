"""What the roles of `sign_off` mean together: seats that can be filled, advice apart from votes, a veto that somebody holds."""

from __future__ import annotations

from typing import Any

from evalharness.errors import Problems
from evalharness.files.shape import suggestion
from evalharness.files.yaml import KeyPath, YamlDocument

_NEAR = 0.8
"""From this likeness on, a role that stands nowhere else is taken for a slip of the pen."""


def check_sign_off(document: YamlDocument, problems: Problems) -> None:
    """Adds every problem. Reads leniently: what has the wrong shape is reported as such."""
    block: Any = document.data.get("sign_off")
    if not isinstance(block, dict):
        return
    checks = _SignOffChecks(document, block, problems)
    checks.check_people()
    checks.check_risk_owner()
    for key in ("veto", "advice"):
        checks.check_repeated(key)
    checks.check_advice()
    checks.check_veto()


class _SignOffChecks:
    """All checks of the block; each adds to the same problems."""

    def __init__(self, document: YamlDocument, block: dict[str, Any], problems: Problems) -> None:
        self._document, self._block, self._problems = document, block, problems
        roles = block.get("roles")
        self._roles: dict[str, Any] = roles if isinstance(roles, dict) else {}

    def check_people(self) -> None:
        """Not more people than seats: nobody could ever approve."""
        people, seats = self._block.get("minimum_people"), list(self._roles.values())
        if type(people) is int and seats and all(type(n) is int and n > 0 for n in seats) and people > sum(seats):
            expected = f"at most {sum(seats)}, the number of seats in roles"
            self._add("more people are asked for than there are seats, so nothing could be approved", "minimum_people", got=people,
                      expected=expected, hint="lower it, or ask for more signatures in roles")  # fmt: skip

    def check_risk_owner(self) -> None:
        """A vote, or nothing could be approved."""
        owner = self._block.get("risk_owner")
        if isinstance(owner, str) and self._roles and owner not in self._roles:
            expected = "one of " + ", ".join(sorted(self._roles))
            hint = suggestion(owner, self._roles) or "name a role that votes, or add it to roles"
            self._add("the risk owner is none of the roles that vote", "risk_owner", got=owner, expected=expected, hint=hint)

    def check_repeated(self, key: str) -> None:
        """Every role once."""
        listed = self._listed(key)
        for position, role in enumerate(listed):
            if role in listed[:position]:
                self._add(f"the role {role} stands twice under {key}", key, position, hint="keep one")

    def check_advice(self) -> None:
        """Those who advise do not vote."""
        for position, role in enumerate(self._listed("advice")):
            if role in self._roles:
                self._add(f"the role {role} votes and advises", "advice", position, hint="take it out of roles or out of advice")

    def check_veto(self) -> None:
        """A veto may be a role's only power; a name that is nearly another's is a mistake, and would silently take that one's veto away."""
        known = {*self._roles, *self._listed("advice")}
        for position, role in enumerate(self._listed("veto")):
            if role not in known and (hint := suggestion(role, known, _NEAR)):
                self._add(f"the role {role} stands nowhere else", "veto", position, got=role, hint=hint)

    def _listed(self, key: str) -> list[str]:
        """The roles under a key; what is no text is left empty, so that positions stay."""
        found = self._block.get(key)
        return [role if isinstance(role, str) else "" for role in found] if isinstance(found, list) else []

    def _add(self, what: str, *path: str | int, got: object = "", expected: str = "", hint: str = "") -> None:
        at: KeyPath = ("sign_off", *path)
        self._problems.add(what, where=self._document.where(at), got=got, expected=expected, hint=hint)
