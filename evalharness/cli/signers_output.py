"""The register of signers as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalharness.cli.output import print_notice, print_table, print_text
from evalharness.errors import shown as safe
from evalharness.records.progress import Notice, unheard

if TYPE_CHECKING:
    from evalharness.signoff.predicates import SignerEntry
    from evalharness.signoff.register import Register
    from evalharness.workflows.register_signing import Change
    from evalharness.workflows.signers import Shown

_SHORT = 16
_SIGNED = {"lock": "A policy lock is", "test_result": "A test result is", "status": "The status list is"}


def silent_or_told(json_output: bool) -> Notice:
    """What is about to be signed, told before a passphrase is asked; with --json it is in the document."""
    return unheard if json_output else print_notice


def print_change(change: Change) -> None:
    """What became of a change of the register."""
    if change.missing:
        print_text(f"Version {change.version} of the register waits: {'; and '.join(change.missing)}")
        print_text(f"    signed by {', '.join(change.signed_by)}; it is in {change.path}")
        print_text(f"    digest of what is signed: {change.payload}")
        print_text("    each of the others: evalharness signers show, then evalharness signers cosign --key THEIR.key.pem")
        return
    print_text(f"✓ version {change.version} of the register is in force, signed by {', '.join(change.signed_by)}")
    print_text(f"Root: {change.root}")
    if change.version > 1:
        print_text("The status list is to be issued under this version before anybody signs under it: evalharness status refresh --key KEY")
    if change.version == 1:
        print_text("Keep this fingerprint apart from the workspace, and give it to the gate: evalharness gate --root … or EVALHARNESS_ROOT")


def waiting_lines(change: Change) -> tuple[str, ...]:
    """A version that waits: all that it changes, uncut, who has signed and who has not, and the digest of what is signed."""
    return (
        f"Version {change.version} of the register, issued {change.issued}, waits for signatures",
        f"    what it changes ({len(change.changes)}):",
        *(f"    {number}. {line}" for number, line in enumerate(change.changes, 1)),
        f"    signed by: {', '.join(change.signed_by)}",
        f"    missing:   {'; and '.join(change.missing) or 'nobody'}",
        f"    digest of what is signed: {change.payload}",
    )


def change_as_json(change: Change) -> dict[str, Any]:
    """The same for a script."""
    return {
        "version": change.version,
        "issued": change.issued,
        "payload": change.payload,
        "in_force": not change.missing,
        "path": str(change.path),
        "changes": list(change.changes),
        "signed_by": list(change.signed_by),
        "missing": list(change.missing),
        "root": change.root,
    }


def print_register(shown: Shown, now: str) -> None:
    """The register as a table, as it stands at `now`, and every version that waits."""
    if shown.register is not None:
        _print_in_force(shown.register, now)
    for change in shown.waiting:
        print_text("\n" + "\n".join(waiting_lines(change)))


def _print_in_force(register: Register, now: str) -> None:
    from evalharness.signoff.register_words import root_words  # noqa: PLC0415

    print_text(f"Register of signers, version {register.version} of {register.issued}" + (", REHEARSAL" if register.rehearsal else ""))
    print_text(f"Root:      {register.root}")
    print_text(f"Changed by {root_words(register.predicate.root)}")
    print_table(("who", "roles", "organisation", "from", "until", "key", "state"), [_row(entry, now) for entry in register.entries])
    for name, roles in _authority(register).items():
        print_text(f"{_SIGNED[name]} signed by: {', '.join(roles)}")
    if register.rehearsal:
        print_text("REHEARSAL: a root key was made for rehearsals, so nothing signed under this register counts for any other claim")


def register_as_json(shown: Shown, now: str) -> dict[str, Any]:
    """The same for a script."""
    from evalharness.signoff.register_words import state_of  # noqa: PLC0415

    register, waiting = shown.register, [change_as_json(change) for change in shown.waiting]
    if register is None:
        return {"version": None, "waiting": waiting}
    return {
        "version": register.version,
        "digest": register.digest,
        "issued": register.issued,
        "root": register.root,
        "rehearsal": register.rehearsal,
        "quorum": register.quorum,
        "root_keys": [key.model_dump(mode="json") for key in register.root_keys],
        "authority": {name: list(roles) for name, roles in _authority(register).items()},
        "signers": [{**entry.model_dump(mode="json"), "state": state_of(entry, now)} for entry in register.entries],
        "waiting": waiting,
    }


def _row(entry: SignerEntry, now: str) -> tuple[str, ...]:
    from evalharness.signoff.register_words import state_of  # noqa: PLC0415

    state = state_of(entry, now) + (", REHEARSAL" if entry.rehearsal else "")
    if entry.revoked is not None:
        state += f" ({safe(entry.revoked.why, 60)})"
    return (
        entry.person,
        "\n".join(entry.roles),
        safe(entry.organisation),
        entry.valid_from[:10],
        entry.valid_until[:10],
        entry.key[:_SHORT],
        state,
    )


def _authority(register: Register) -> dict[str, tuple[str, ...]]:
    authority = register.authority
    return {"lock": authority.lock, "test_result": authority.test_result, "status": authority.status}
