"""The versions of the status list: each follows the one before, repeats its revocations, and brings only what its own author says."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, shown
from evalharness.evidence.part import Part
from evalharness.files.once import NotPlain, read_once
from evalharness.signoff.envelope import LARGEST_STATEMENT, Signed, read_statement, statement, verified_by
from evalharness.signoff.predicates import STATUS_LIST, Discharge, Mark, Resource, StatusPredicate
from evalharness.signoff.register import Register

VERSIONS = "status"
MOST_VERSIONS = 10_000
_VERSION = re.compile(r"([0-9]{4,9})\.dsse\.json")


def status_payload(predicate: StatusPredicate) -> bytes:
    """The statement to be signed. Its subject is the version of the register under which it was issued."""
    return statement(STATUS_LIST, _subject(predicate), predicate)


def version_path(sign_off: Path, version: int) -> Path:
    """The file of one version."""
    return sign_off / VERSIONS / f"{version:04d}.dsse.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Every version, checked each against the one before."""

    versions: Mapping[int, Signed | None]
    """By number, from 1; null for one that cannot be read."""
    missing: tuple[str, ...]
    """What a version no longer names although it must: exit 12."""
    altered: tuple[str, ...]
    """What no chain of the harness is: exit 13."""


def read_chain(sign_off: Path, register: Register | None) -> Chain:
    """Every file of status/ in `sign_off`. Nothing is raised for what is in them.

    Who signed the newest is not asked here; of the older ones it is enough that somebody known did, and that the next names their digest.
    """
    altered: list[str] = []
    missing: list[str] = []
    versions = _read_versions(sign_off / VERSIONS, altered)
    for version, signed in versions.items():
        if signed is None:
            continue
        altered += [f"{signed.name}: {text}" for text in _own_problems(signed.predicate, signed, version)]
        if version < max(versions):
            altered += signature_problems(signed, register)
        before = versions.get(version - 1)
        if before is not None:
            altered += [f"{signed.name}: {text}" for text in _link_problems(before, signed)]
            missing += [f"{signed.name}: {text}" for text in _lost_anchors(before.predicate, signed.predicate)]
    gaps = sorted(set(range(1, max(versions, default=0) + 1)) - set(versions))
    altered += [f"{VERSIONS}/{gap:04d}.dsse.json is missing: the status list is a chain without gaps" for gap in gaps[:5]]
    return Chain(versions=versions, missing=tuple(missing), altered=tuple(altered))


def _read_versions(folder: Path, altered: list[str]) -> dict[int, Signed | None]:
    """From the newest down: the bytes that a version names as the one before it need no second check of their form."""
    paths = _version_files(folder, altered)
    found: dict[int, Signed | None] = {}
    named: str | None = None
    for version in sorted(paths, reverse=True):
        name = f"{VERSIONS}/{paths[version].name}"
        data = read_file(paths[version], name, altered)
        signed = None if data is None else _named_version(data, name) if sha256_bytes(data) == named else None
        if signed is None and data is not None:
            signed = read_version(data, name, altered)
        found[version] = signed
        named = None if signed is None else signed.predicate.previous
    return dict(sorted(found.items()))


def signature_problems(signed: Signed, register: Register | None) -> list[str]:
    """Of a version whose author is not judged: is it rightly signed by a key that the register knows, ended or revoked as it may be?"""
    entries = [] if register is None else [entry for key in signed.keys if (entry := register.entry(key)) is not None]
    if register is None or (entries and verified_by(signed, [e.public for e in entries]) == signed.keys):
        return []
    return [f"{signed.name}: it is not rightly signed by a key of the register"]


def _version_files(folder: Path, altered: list[str]) -> dict[int, Path]:
    if folder.is_symlink():
        altered.append(f"{VERSIONS}/ is a link")
        return {}
    if not folder.is_dir():
        return {}
    found: dict[int, Path] = {}
    paths = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    if len(paths) > MOST_VERSIONS:
        altered.append(f"{VERSIONS}/ holds {len(paths)} files; at most {MOST_VERSIONS} are read")
        return {}
    for path in paths:
        match = _VERSION.fullmatch(path.name)
        number = int(match[1]) if match else 0
        if number < 1 or path.name != f"{number:04d}.dsse.json":
            altered.append(f"{VERSIONS}/{shown(path.name)}: not the name of a version of the status list")
        else:
            found[number] = path
    return found


def read_file(path: Path, name: str, altered: list[str]) -> bytes | None:
    """The bytes of a file of the status list; null where it is absent, or where `altered` now says what is wrong with it."""
    try:
        return read_once(path, LARGEST_STATEMENT)
    except NotPlain as error:
        altered.append(f"{name}: {error}")
    except FileNotFoundError:
        return None
    except OSError as error:
        altered.append(f"{name}: it cannot be read ({error.strerror or error})")
    return None


def read_version(data: bytes, name: str, altered: list[str]) -> Signed | None:
    """The status list in the bytes of a file; null where `altered` now says why they are none."""
    try:
        return read_statement(data, name, STATUS_LIST)
    except Altered as error:
        altered += error.reasons
        return None


class _StatusStatement(Part):
    type_: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[Resource, ...] = Field(min_length=1, max_length=1)
    predicateType: Literal["urn:evalharness:status-list:v1"]  # noqa: N815  in-toto's name
    predicate: StatusPredicate


def _named_version(data: bytes, name: str) -> Signed | None:
    """A version whose digest the next one names: read without writing it again to compare. Null where that does not succeed."""
    try:
        envelope = json.loads(data)
        payload = base64.b64decode(envelope["payload"], validate=True)
        body = _StatusStatement.model_validate_json(payload)
        signatures = tuple((s["keyid"], base64.b64decode(s["sig"], validate=True).hex()) for s in envelope["signatures"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Signed(
        name=name,
        data=data,
        digest=sha256_bytes(data),
        predicate_type=body.predicateType,
        subject=body.subject,
        predicate=body.predicate,
        signatures=signatures,
        payload=payload,
    )


def _own_problems(predicate: StatusPredicate, signed: Signed, version: int) -> Iterator[str]:
    """What a version of the harness never says, whoever signed it."""
    if predicate.version != version:
        yield f"it says that it is version {predicate.version}"
    if {resource.name: f"sha256:{resource.digest.sha256}" for resource in signed.subject} != _subject(predicate):
        yield "its subject is not the register that it names"
    if predicate.author.created != predicate.issued or predicate.next_update <= predicate.issued:
        yield f"it was signed {predicate.author.created} as issued {predicate.issued} and good until {predicate.next_update}"
    if (version == 1) != (predicate.previous is None):
        yield "it does not name the version before it" if version > 1 else "version 1 follows nothing"
    for marks in (predicate.revoked, predicate.suspended):
        targets = [mark.target for mark in marks]
        if len(set(targets)) < len(targets):
            yield "it names the same thing twice"
    anchors = [anchor.digest for anchor in predicate.anchors]
    if anchors != sorted(set(anchors)):
        yield "its anchors are not in order, or one stands twice"
    if version == 1:
        yield from _new_marks(predicate, _brought(None, predicate))
        yield from _lifts(None, predicate)


def _link_problems(before: Signed, after: Signed) -> Iterator[str]:
    old: StatusPredicate = before.predicate
    new: StatusPredicate = after.predicate
    if new.previous != before.digest:
        yield f"it does not follow version {old.version} that is here: `previous` is not that file's digest"
    if new.issued < old.issued:
        yield f"it is dated {new.issued}, before version {old.version} ({old.issued})"
    if new.author.signers.version < old.author.signers.version:
        yield "it was signed under an older register than the version before it"
    lost = [mark.target for mark in old.revoked if mark not in new.revoked]
    if lost:
        yield f"it no longer names {len(lost)} of the revocations of version {old.version}: a revocation is for ever"
    if any(discharge not in new.discharged for discharge in old.discharged):
        yield f"it no longer names a discharge of version {old.version}"
    lifted = sorted({mark.by for mark in old.suspended if mark not in new.suspended} - {new.author.person})
    if lifted:
        yield f"it lifts what {', '.join(lifted)} suspended: only whoever suspends may lift"
    yield from _new_marks(new, _brought(old, new))
    yield from _lifts(old, new)


def _lifts(old: StatusPredicate | None, new: StatusPredicate) -> Iterator[str]:
    """Why something was lifted is said once, by the version that lifts it, and never forgotten."""
    said, suspended = (() if old is None else old.lifted), (() if old is None else old.suspended)
    if new.lifted[: len(said)] != said:
        yield "it no longer says why a version before it lifted something"
    lifts = {mark.target for mark in suspended if mark not in new.suspended}
    if any(mark.target not in lifts for mark in new.lifted[len(said) :]):
        yield "it says why it lifts what it does not lift"


def _brought(old: StatusPredicate | None, new: StatusPredicate) -> tuple[Mark | Discharge, ...]:
    """What a version names that the one before it (null: none) did not."""
    known = _all_marks(old)
    return tuple(mark for mark in _all_marks(new) if mark not in known)


def _all_marks(predicate: StatusPredicate | None) -> list[Mark | Discharge]:
    return [] if predicate is None else [*predicate.revoked, *predicate.suspended, *predicate.discharged, *predicate.lifted]


def _lost_anchors(old: StatusPredicate, new: StatusPredicate) -> Iterator[str]:
    here = {(anchor.digest, anchor.kind, anchor.model) for anchor in new.anchors}
    lost = [anchor for anchor in old.anchors if (anchor.digest, anchor.kind, anchor.model) not in here]
    if lost:
        yield f"it no longer names {len(lost)} of the locks and statements that version {old.version} had seen"


def _new_marks(predicate: StatusPredicate, marks: Sequence[Mark | Discharge]) -> Iterator[str]:
    """A version brings only what its own author says, at its own time."""
    if any((mark.by, mark.on) != (predicate.author.person, predicate.issued) for mark in marks):
        yield "it brings a revocation, suspension, lifting or discharge in the name of somebody else, or of another time"


def _subject(predicate: StatusPredicate) -> dict[str, str]:
    signers = predicate.author.signers
    return {f"signers/{signers.version:04d}.dsse.json": signers.digest}
