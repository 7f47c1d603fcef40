"""Signing a version of the register: with the root keys that are at hand; the others sign later, and until then it waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from securesystemslib.signer import Signer

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, BadInput, MissingSignOff, bad_input
from evalharness.files.atomic import Taken, new_file, write_bytes
from evalharness.files.workspace import Workspace
from evalharness.records.progress import Notice, unheard
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import Signed, cosign, read_statement, sign, statement
from evalharness.signoff.keys import load_signer
from evalharness.signoff.predicates import SIGNERS, Root, SignersPredicate
from evalharness.signoff.register import (
    form_problems,
    link_problems,
    missing_signatures,
    read_chain,
    root_fingerprint,
    roots_of,
    subject_of,
    wrong_signatures,
)
from evalharness.signoff.register_files import (
    ROOT_FILE,
    VERSIONS,
    YAML_FILE,
    proposal_path,
    proposals,
    read_plain,
    root_line,
    version_files,
    version_path,
)
from evalharness.signoff.register_words import changes as in_words
from evalharness.signoff.register_yaml import signers_yaml
from evalharness.workflows.decision_pages import redraw_all

Ask = Callable[[str], bytes]
"""Name of a key -> its passphrase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The root keys at hand, and how to talk with who holds them."""

    keys: Sequence[str]
    """Key files, or `PUB.json=URI`."""
    ask: Ask
    notice: Notice = unheard
    """Told what is about to be signed, before any passphrase is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A version on its way to be signed."""

    payload: bytes
    predicate: SignersPredicate
    data: bytes = b""
    """Its file so far; empty: nobody has signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A version of the register, in place or waiting for signatures."""

    version: int
    issued: str
    payload: str
    """Digest of what is signed: the statement without its signatures, so it is the same for everybody who signs."""
    path: Path
    changes: tuple[str, ...]
    """What it changes, a sentence each."""
    signed_by: tuple[str, ...]
    """People whose root keys have signed it; a root key that this version itself brings is named."""
    missing: tuple[str, ...]
    """Whose signatures are missing, in words; empty: the version is in place."""
    root: str
    """Fingerprint of the first root: what to pin."""


Agree = Callable[[Change], None]
"""Shown a version that waits, before any passphrase is asked. Raises BadInput unless who cosigns agrees to it."""


def signed_chain(folder: Path) -> tuple[Signed, ...]:
    """The signed versions; empty where there are none. Finishes a change that was interrupted before the readable file was written."""
    try:
        chain = read_chain(version_files(folder))
    except MissingSignOff:
        return ()
    last = signers_yaml(chain[-1].predicate)
    if len(chain) > 1 and read_plain(folder / YAML_FILE) == signers_yaml(chain[-2].predicate):
        write_bytes(folder / YAML_FILE, last)
    return chain


def issue(folder: Path, before: Signed | None, predicate: SignersPredicate, held: Held) -> Change:
    """Signs a new version with the keys at hand and puts it into place, or lays it aside until others sign. Raises BadInput."""
    if before is None and (waiting := proposals(folder)):
        raise bad_input("a first version waits for signatures", where=waiting[0], hint="evalharness signers cosign, or delete the file")
    for line in in_words(_predicate(before), predicate):
        held.notice(line)
    return _sign(folder, before, _Draft(payload=statement(SIGNERS, subject_of(predicate), predicate), predicate=predicate), held)


def cosign_waiting(folder: Path, before: Signed | None, held: Held, agree: Agree) -> Change:
    """Adds signatures to the one version that waits, as it was agreed to. Raises BadInput when none waits, several do, or nobody agrees."""
    waiting = proposals(folder)
    if len(waiting) != 1:
        what = "no version of the register waits for signatures" if not waiting else "several versions wait: delete all but one"
        raise bad_input(what, where=folder / VERSIONS, got=", ".join(path.name for path in waiting) or "nothing")
    signed = waiting_version(waiting[0], before)
    agree(change_of(folder, before, signed))
    return _sign(folder, before, _Draft(payload=signed.payload, predicate=signed.predicate, data=signed.data), held)


def _sign(folder: Path, before: Signed | None, draft: _Draft, held: Held) -> Change:
    people = {key.key: key.person for root in roots_of(before, draft.predicate) for key in root.keys}
    data, name = draft.data, version_path(folder, draft.predicate.version).name
    for uri in held.keys:
        signer = _root_signer(uri, people, held.ask)
        data = cosign(read_statement(data, name), signer) if data else sign(draft.payload, [signer])
    if not held.keys:
        raise bad_input("no key was given to sign with", where="--key", expected=_one_of(people))
    change = _put(folder, before, read_statement(data, name))
    if not change.missing:
        _redraw(folder, held.notice)
    return change


def _redraw(folder: Path, notice: Notice) -> None:
    """A key that is revoked takes its decisions with it, and their pages say so. The register is in place, whatever becomes of them."""
    try:
        redraw_all(Workspace(folder.parent))
    except (Altered, BadInput) as error:
        notice(f"the decision pages could not be drawn anew: {error}")


def _root_signer(uri: str, people: dict[str, str], ask: Ask) -> Signer:
    signer, public = load_signer(uri, None, partial(ask, uri))
    if key_id(public) not in people:
        raise bad_input("this is not a root key", where="--key", got=f"{uri} ({key_id(public)[:16]}…)", expected=_one_of(people))
    return signer


def _one_of(people: dict[str, str]) -> str:
    return "a root key of " + " or ".join(sorted(set(people.values())))


def _predicate(signed: Signed | None) -> SignersPredicate | None:
    return None if signed is None else signed.predicate


def _put(folder: Path, before: Signed | None, signed: Signed) -> Change:
    """Writes the version into its place, or beside it to wait."""
    result = change_of(folder, before, signed)
    if result.missing:
        write_bytes(result.path, signed.data)
        return result
    problems = link_problems(before, signed)
    if problems:
        raise bad_input("the register would not hold: " + "; ".join(problems), where=result.path)
    if before is None:
        write_bytes(folder / ROOT_FILE, (root_fingerprint(signed.predicate.root) + "\n").encode())
    try:
        new_file(result.path, signed.data)
    except Taken as error:
        raise bad_input("somebody else changed the register just now", where=result.path, hint="look at it, then try again") from error
    write_bytes(folder / YAML_FILE, signers_yaml(signed.predicate))
    proposal_path(folder, signed.predicate.version).unlink(missing_ok=True)
    return result


def change_of(folder: Path, before: Signed | None, signed: Signed) -> Change:
    """What may be told of a version that is being signed."""
    missing = missing_signatures(before, signed)
    version = signed.predicate.version
    names = _names(before, signed.predicate)
    return Change(
        version=version,
        issued=signed.predicate.issued,
        payload=sha256_bytes(signed.payload),
        path=proposal_path(folder, version) if missing else version_path(folder, version),
        changes=in_words(_predicate(before), signed.predicate),
        signed_by=tuple(sorted(names[key] for key in signed.keys)),
        missing=tuple(dict.fromkeys(_missing_words(root, count, signed, names) for root, count in missing)),
        root=root_fingerprint(signed.predicate.root) if before is None else root_line(folder),
    )


def _names(before: Signed | None, after: SignersPredicate) -> dict[str, str]:
    """Root key -> its person. Of a key that only this version makes a root key, nobody has agreed yet whose it is: it is told apart."""
    known = after.root if before is None else before.predicate.root
    new = {key.key: f"{key.person} (new root key {key.key[:16]}…)" for key in after.root.keys}
    return new | {key.key: key.person for key in known.keys}


def _missing_words(root: Root, count: int, signed: Signed, names: dict[str, str]) -> str:
    open_ = [names[key.key] for key in root.keys if key.key not in signed.keys]
    return f"{count} more of: {', '.join(open_)}"


def waiting_version(path: Path, before: Signed | None) -> Signed:
    """A version that waits. Raises BadInput when it no longer follows the register, Altered when a signature on it is wrong."""
    signed = read_statement(read_plain(path), path.name, SIGNERS)
    if problems := form_problems(before, signed):
        raise bad_input(
            "the waiting version does not fit the register: " + "; ".join(problems), where=path, hint="delete it, and make the change anew"
        )
    wrong = wrong_signatures(before, signed)
    if wrong:
        raise Altered([f"{path.name}: {problem}" for problem in wrong])
    return signed
