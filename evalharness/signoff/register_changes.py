"""The next version of the register, for each thing that can happen to it. Pure: nothing is read, signed or written here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evalharness.errors import BadInput, Problem, Problems, bad_input, shown
from evalharness.signoff.organisations import name_problem
from evalharness.signoff.predicates import (
    Authority,
    KeyPredicate,
    KeyRevocation,
    Root,
    RootKey,
    SignerEntry,
    SignersPredicate,
)
from evalharness.signoff.register import Register
from evalharness.signoff.register_checks import LONGEST_ORGANISATION, change_problems, is_plain_line, version_problems

FIRST_AUTHORITY = Authority(
    lock=("independent_evaluator", "senior_responsible_owner"),
    test_result=("independent_evaluator",),
    status=("senior_responsible_owner", "independent_evaluator", "data_protection", "safeguarding"),
)
"""What a new register starts with; `signers authority` changes it."""
MOST_ROOT_KEYS = 100
SHORTEST_KEY_PREFIX = 12
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KEY_PREFIX = re.compile(rf"[0-9a-f]{{{SHORTEST_KEY_PREFIX},64}}")
_LONGEST_WHY = 1000


def first_version(roots: Sequence[KeyPredicate], quorum: int, now: str) -> SignersPredicate:
    """Version 1: root keys, the usual authority, nobody in it yet. Raises BadInput for a root that cannot be."""
    first = SignersPredicate(
        schema="evalharness/signers/v1", version=1, issued=now, previous=None, root=root_of(roots, quorum),
        authority=FIRST_AUTHORITY, signers=(),
    )  # fmt: skip
    _check(version_problems(first))
    return first


def root_of(keys: Sequence[KeyPredicate], quorum: int) -> Root:
    """A root of these keys. Raises BadInput when the quorum is not from 1 to their number."""
    if not 1 <= quorum <= len(keys) or len(keys) > MOST_ROOT_KEYS:
        raise bad_input(
            "the quorum is not possible", where="--quorum", got=quorum, expected=f"from 1 to the number of root keys ({len(keys)} given)",
            hint="name every root key with --root PERSON.pub.json",
        )  # fmt: skip
    made = [RootKey(key=k.key, public=k.public, person=k.person, rehearsal=k.rehearsal) for k in keys]
    return Root(quorum=quorum, keys=tuple(sorted(made, key=lambda k: (k.person, k.key))))


def with_signer(
    register: Register, key: KeyPredicate, *, roles: Sequence[str], organisation: str, valid_from: str, valid_until: str, now: str
) -> SignersPredicate:
    """One more key of one person. Raises BadInput for roles, organisation or dates that cannot be, and for a key that is there already."""
    _check_new(register, key)
    if problem := name_problem(organisation):
        raise bad_input(f"not the name of an organisation: {problem}", where="--organisation", got=organisation)
    if not is_plain_line(organisation, LONGEST_ORGANISATION):
        raise bad_input(
            "not the name of an organisation", where="--organisation", got=organisation, expected="one line, up to 200 characters"
        )
    if valid_from < now or valid_until <= valid_from:
        raise bad_input(
            "the key would not begin now or later, and end after that", where="--from, --until", got=f"{valid_from} to {valid_until}",
            expected=f"a beginning not before {now} (nobody signs for the past), and an end after it",
        )  # fmt: skip
    entry = SignerEntry(
        key=key.key, public=key.public, person=key.person, organisation=organisation, roles=checked_roles(roles, "--roles"),
        valid_from=valid_from, valid_until=valid_until, rehearsal=key.rehearsal,
    )  # fmt: skip
    return _next(register, now, signers=(*register.entries, entry))


def with_rotation(register: Register, key: KeyPredicate, *, valid_until: str | None, now: str) -> SignersPredicate:
    """A new key in place of all that its person holds: those end now, roles and organisation go over to it.

    valid_until: default the end of the old keys. Raises BadInput when the person holds none, or the end would lie in the past.
    """
    _check_new(register, key)
    held = register.person(key.person)
    if not held:
        raise bad_input("this person is not in the register", where="NEW_PUB.json", got=key.person, hint="evalharness signers add …")
    living = [e for e in held if e.revoked is None and e.valid_until > now] or [max(held, key=lambda e: (e.valid_from, e.key))]
    until = valid_until or max(e.valid_until for e in living)
    if until <= now:
        raise bad_input(
            "the old keys have ended, so the new one needs an end of its own", where="--until", got=until, hint="say --until DAY"
        )
    entry = SignerEntry(
        key=key.key, public=key.public, person=key.person, organisation=held[0].organisation,
        roles=tuple(sorted({role for e in living for role in e.roles})), valid_from=now, valid_until=until, rehearsal=key.rehearsal,
    )  # fmt: skip
    kept = [_ended(e, now) if e.person == key.person else e for e in register.entries]
    return _next(register, now, signers=(*kept, entry))


def with_revocation(register: Register, target: str, *, why: str, now: str) -> SignersPredicate:
    """Every key of a person, or one key by its id (12 hexadecimal digits of it are enough), revoked: all that it ever signed is void.

    Raises BadInput when there is no such key, or it is revoked already, and without a reason.
    """
    check_why(why)
    found = [e for e in register.entries if e.person == target or (_KEY_PREFIX.fullmatch(target) and e.key.startswith(target))]
    if len({e.person for e in found}) > 1:
        raise bad_input("several keys begin so", where="KEYID|PERSON", got=target, hint="give more of the key id")
    open_ = {e.key for e in found if e.revoked is None}
    if not open_:
        raise bad_input(
            "revoked already" if found else "no such key or person in the register", where="KEYID|PERSON", got=target,
            expected="a person, or the beginning of a key id (12 digits or more), that `evalharness signers show` lists",
        )  # fmt: skip
    revoked = KeyRevocation(on=now, why=why)
    return _next(register, now, signers=[e.model_copy(update={"revoked": revoked}) if e.key in open_ else e for e in register.entries])


def with_authority(register: Register, changes: Mapping[str, Sequence[str]], *, now: str) -> SignersPredicate:
    """Other roles for locks, test results or the status list. `changes`: `lock`, `test_result`, `status` -> roles; the rest stays."""
    values = {name: checked_roles(roles, "--" + name.replace("_", "-")) for name, roles in changes.items()}
    if not values:
        raise bad_input("nothing was given to change", where="signers authority", expected="--lock, --test-result or --status")
    return _next(register, now, authority=register.authority.model_copy(update=values))


def with_root(register: Register, roots: Sequence[KeyPredicate], quorum: int, *, now: str) -> SignersPredicate:
    """Another root. The pinned fingerprint stays that of the first: old and new root both sign this version."""
    return _next(register, now, root=root_of(roots, quorum))


def checked_roles(roles: Sequence[str], where: str) -> tuple[str, ...]:
    """Roles, each once, in the order given. Raises BadInput for one that is no role name, or none at all."""
    problems = Problems()
    for role in roles:
        if _ROLE.fullmatch(role) is None:
            problems.add("not the name of a role", where=where, got=role, expected="a-z, 0-9 and '_', such as independent_evaluator")
    if not roles or len(set(roles)) < len(roles):
        problems.add(
            "no role, or one role twice", where=where, got=", ".join(roles) or "nothing", expected="role names, with commas between"
        )
    problems.raise_if_any()
    return tuple(roles)


def check_why(why: str) -> None:
    """Raises BadInput unless the reason is one plain line."""
    if not is_plain_line(why, _LONGEST_WHY):
        raise bad_input("the reason is missing or not plain", where="--why", got=why, expected=f"one line, up to {_LONGEST_WHY} characters")


def _check_new(register: Register, key: KeyPredicate) -> None:
    entry = register.entry(key.key)
    if entry is not None:
        raise bad_input(
            f"the key is in the register already, as {entry.person}'s", where="PUB.json", got=key.key,
            expected="a key that nobody holds yet", hint="one key belongs to one person, for ever; `evalharness key new` makes another",
        )  # fmt: skip


def _ended(entry: SignerEntry, now: str) -> SignerEntry:
    """The entry, ending now. One that begins in this second or later is revoked by hand instead: it has no time to end in."""
    if entry.revoked is not None or entry.valid_until <= now:
        return entry
    if entry.valid_from >= now:
        raise bad_input(
            f"the key {entry.key[:16]}… of {entry.person} has only begun, or not yet", where="signers rotate", got=entry.valid_from,
            hint=f"evalharness signers revoke {entry.key[:16]} --why … first",
        )  # fmt: skip
    return entry.model_copy(update={"valid_until": now})


def _next(register: Register, now: str, **changes: Any) -> SignersPredicate:
    if now < register.issued:
        raise bad_input(
            "the clock is before the register's last change", where="clock", got=now, expected=f"{register.issued} or later",
            hint="set the clock of this machine",
        )  # fmt: skip
    before = register.predicate
    entries: Iterable[SignerEntry] = changes.pop("signers", before.signers)
    values = {"version": before.version + 1, "issued": now, "previous": register.digest, **changes}
    values["signers"] = tuple(sorted(entries, key=lambda e: (e.person, e.valid_from, e.key)))
    after = before.model_copy(update=values)
    _check((*version_problems(after), *change_problems(before, after)))
    if after.model_copy(update={"version": 1, "issued": "", "previous": None}) == before.model_copy(
        update={"version": 1, "issued": "", "previous": None}
    ):
        raise bad_input("the register says so already", where="signers", hint="nothing to do")
    return after


def _check(problems: Sequence[str]) -> None:
    if problems:
        raise BadInput([Problem(what=f"the register would not hold: {shown(p, 500)}", where="sign-off/signers.yaml") for p in problems])
