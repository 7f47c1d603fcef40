"""The register of signers, changed: each change is a new version that enough holders of root keys sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from evalharness.errors import BadInput, MissingSignOff, bad_input, shown
from evalharness.files.shape import suggestion
from evalharness.files.workspace import find_workspace
from evalharness.requirements import read_policy
from evalharness.signoff import register_changes as change
from evalharness.signoff.envelope import Signed
from evalharness.signoff.keys import read_public
from evalharness.signoff.register import Register, read_chain, read_register
from evalharness.signoff.register_files import ROOT_FILE, YAML_FILE, proposals, version_files, version_path
from evalharness.workflows.clock import clock_now, time_text
from evalharness.workflows.register_signing import Agree, Change, Held, change_of, cosign_waiting, issue, signed_chain, waiting_version

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
USUAL_DAYS = 365
"""How long a key lasts where nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The register as it stands, and what waits."""

    register: Register | None
    """Null while the first version waits."""
    waiting: tuple[Change, ...]


def init_register(
    roots: Sequence[Path], quorum: int, held: Held, *, workspace: Path | None = None, now: datetime | None = None,
) -> Change:  # fmt: skip
    """Version 1 of the register: who holds the root keys, how many of them it takes, and the pinned fingerprint in root.txt.

    roots: public files; keys: private keys of at least `quorum` of them, or the version waits (`cosign_register`).
    Raises BadInput when there is a register, or the root cannot be.
    """
    folder = find_workspace(workspace).sign_off
    for name in (YAML_FILE, ROOT_FILE, version_path(folder, 1).relative_to(folder)):
        if (folder / name).exists():
            raise bad_input(
                "there is a register here", where=folder / name, hint="change it: evalharness signers add | rotate | revoke | root"
            )
    first = change.first_version([read_public(path) for path in roots], quorum, _text(now))
    return issue(folder, None, first, held)


def add_signer(
    public: Path, *, roles: Sequence[str], organisation: str, first_day: str | None = None,
    last_day: str | None = None, held: Held,
    workspace: Path | None = None, now: datetime | None = None,
) -> Change:  # fmt: skip
    """Adds a key (its public file) with its person's roles and organisation, in force from `first_day` (null: now) until `last_day` ends
    (null: USUAL_DAYS later).

    Raises BadInput for anything that cannot be, with every problem of the register that would come of it.
    """
    moment = _text(now)
    start = moment if first_day is None else max(moment, _day(first_day, "--from", time(0, 0, 0)))
    if first_day is not None and first_day < moment[:10]:
        raise bad_input("the key would be in force in the past", where="--from", got=first_day, expected=f"{moment[:10]} or later")
    last = last_day or (date.fromisoformat(start[:10]) + timedelta(days=USUAL_DAYS)).isoformat()
    key, end = read_public(public), _day(last, "--until", time(23, 59, 59))
    folder, chain, register = _current(workspace)
    _tell_unknown_roles(folder.parent, roles, register, held)
    after = change.with_signer(register, key, roles=roles, organisation=organisation, valid_from=start, valid_until=end, now=moment)
    return issue(folder, chain[-1], after, held)


def _tell_unknown_roles(workspace: Path, roles: Sequence[str], register: Register, held: Held) -> None:
    """A notice for each role that nothing here gives a meaning to: somebody may believe in a vote or a veto that they do not have."""
    authority = register.authority
    known = {*authority.lock, *authority.test_result, *authority.status}
    for path in sorted((workspace / "policies").glob("*.yaml")):
        with suppress(BadInput):  # a policy with mistakes is for other commands to tell
            asked = read_policy(path).sign_off
            known |= {*(role for role, _ in asked.roles), *asked.veto, *asked.advice}
    for role in dict.fromkeys(roles):
        if role not in known:
            hint = suggestion(role, known)
            held.notice(
                f"no policy here names the role {shown(role)}: it gives no vote, no veto and no voice" + (f"; {hint}" if hint else "")
            )


def rotate_signer(
    public: Path, *, last_day: str | None = None, held: Held, workspace: Path | None = None, now: datetime | None = None,
) -> Change:  # fmt: skip
    """A person's new key: the old ones end now, roles and organisation go over. Raises BadInput as `add_signer` does."""
    key, end = read_public(public), last_day and _day(last_day, "--until", time(23, 59, 59))
    folder, chain, register = _current(workspace)
    after = change.with_rotation(register, key, valid_until=end or None, now=_text(now))
    return issue(folder, chain[-1], after, held)


def revoke_signer(
    target: str, *, why: str, held: Held, workspace: Path | None = None, now: datetime | None = None,
) -> Change:  # fmt: skip
    """Revokes a key, or every key of a person: all that it ever signed is void. Raises BadInput when there is none such."""
    folder, chain, register = _current(workspace)
    after = change.with_revocation(register, target, why=why, now=_text(now))
    return issue(folder, chain[-1], after, held)


def set_authority(
    *, lock: Sequence[str] | None = None, test_result: Sequence[str] | None = None, status: Sequence[str] | None = None,
    held: Held, workspace: Path | None = None, now: datetime | None = None,
) -> Change:  # fmt: skip
    """Which roles may lock a policy, sign a test result, sign the status list; null leaves one as it is."""
    given = {name: roles for name, roles in (("lock", lock), ("test_result", test_result), ("status", status)) if roles is not None}
    folder, chain, register = _current(workspace)
    return issue(folder, chain[-1], change.with_authority(register, given, now=_text(now)), held)


def set_root(
    roots: Sequence[Path], quorum: int, held: Held, *, workspace: Path | None = None, now: datetime | None = None,
) -> Change:  # fmt: skip
    """Another root, signed by the quorum of the old one and by its own. The pinned fingerprint stays."""
    folder, chain, register = _current(workspace)
    after = change.with_root(register, [read_public(path) for path in roots], quorum, now=_text(now))
    return issue(folder, chain[-1], after, held)


def cosign_register(held: Held, agree: Agree, *, workspace: Path | None = None) -> Change:
    """Adds signatures to the version that waits; with enough of them it goes into place.

    agree: is shown what would be signed, before any passphrase is asked, and raises BadInput unless it is agreed to. What it was shown is
    what is signed: the file is read once. Raises BadInput when nothing waits, or the register has changed since; Altered when the waiting
    file was changed.
    """
    folder = find_workspace(workspace).sign_off
    chain = signed_chain(folder)
    if chain:
        read_register(folder)
    return cosign_waiting(folder, chain[-1] if chain else None, held, agree)


def show_register(*, workspace: Path | None = None) -> Shown:
    """The register and what waits. Raises MissingSignOff where there is neither, Altered when it is not what its root signed."""
    folder = find_workspace(workspace).sign_off
    try:
        chain = read_chain(version_files(folder))
    except MissingSignOff:
        if not proposals(folder):
            raise
        chain = ()
    before = chain[-1] if chain else None
    return Shown(
        register=read_register(folder) if chain else None,
        waiting=tuple(change_of(folder, before, waiting_version(path, before)) for path in proposals(folder)),
    )


def _current(workspace: Path | None) -> tuple[Path, tuple[Signed, ...], Register]:
    folder = find_workspace(workspace).sign_off
    chain = signed_chain(folder)
    register = read_register(folder)
    if (waiting := proposals(folder)) and chain:
        raise bad_input(
            "another change waits for signatures",
            where=waiting[0],
            hint="evalharness signers cosign, or delete the file to give it up",
        )
    return folder, chain, register


def _day(text: str, where: str, at: time) -> str:
    try:
        if _DAY.fullmatch(text):
            return time_text(datetime.combine(date.fromisoformat(text), at, UTC))
    except ValueError:
        pass
    raise bad_input("not a day", where=where, got=text, expected="YYYY-MM-DD")


def _text(now: datetime | None) -> str:
    return time_text(now or clock_now())
