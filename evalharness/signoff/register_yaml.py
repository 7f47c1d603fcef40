"""`sign-off/signers.yaml`: the register as a page that people read. Its bytes are what the root signs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from evalharness.errors import BadInput
from evalharness.signoff.predicates import RootKey, SignerEntry, SignersPredicate

_BARE = re.compile(r"[a-z][a-z0-9_-]*|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|sha256:[0-9a-f]{64}")
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def signers_yaml(predicate: SignersPredicate) -> bytes:
    """The bytes of signers.yaml for one version of the register.

    Readers hold the file against the digest that was signed and against what it says, so a later form does not spoil earlier files.
    """
    return "".join(f"{line}\n" for line in _lines(predicate)).encode()


def says(data: bytes, predicate: SignersPredicate) -> bool:
    """Whether a readable file says exactly what this version of the register does, in whatever form it was written."""
    if data == signers_yaml(predicate):
        return True
    from evalharness.files.yaml import parse_yaml  # noqa: PLC0415  only for files in another form

    try:
        found: object = parse_yaml(data, "signers.yaml").data
    except BadInput:
        return False
    return found == predicate.model_dump(mode="json", by_alias=True)


def _lines(predicate: SignersPredicate) -> Iterator[str]:
    quorum, of = predicate.root.quorum, len(predicate.root.keys)
    yield "# Who may sign, in which role, for which organisation, from when until when (UTC)."
    yield f"# Version {predicate.version} of {predicate.issued}. Changing it takes {quorum} of the {of} root keys below."
    yield f"# Do not edit: these bytes are signed in signers/{predicate.version:04d}.dsse.json, and an edited register is refused."
    yield "# To change it: evalharness signers add | rotate | revoke | authority | root"
    yield "# To read it as a table: evalharness signers show"
    yield f"schema: {predicate.schema_name}"
    yield f"version: {predicate.version}"
    yield f"issued: {predicate.issued}"
    yield f"previous: {predicate.previous or 'null'}"
    yield from ("root:", f"  quorum: {quorum}", "  keys:")
    for key in predicate.root.keys:
        yield from _root_key(key)
    yield "authority:"
    for name in ("lock", "test_result", "status"):
        yield f"  {name}: {_list(getattr(predicate.authority, name))}"
    yield "signers:" if predicate.signers else "signers: []"
    for entry in predicate.signers:
        yield from _entry(entry)


def _root_key(key: RootKey) -> Iterator[str]:
    yield f"    - person: {_text(key.person)}"
    yield f"      rehearsal: {_bool(key.rehearsal)}"
    yield f"      key: {_quoted(key.key)}"
    yield f"      public: {_quoted(key.public)}"


def _entry(entry: SignerEntry) -> Iterator[str]:
    yield f"  - person: {_text(entry.person)}"
    yield f"    organisation: {_quoted(entry.organisation)}"
    yield f"    roles: {_list(entry.roles)}"
    yield f"    valid_from: {entry.valid_from}"
    yield f"    valid_until: {entry.valid_until}"
    yield f"    rehearsal: {_bool(entry.rehearsal)}"
    if entry.revoked is None:
        yield "    revoked: null"
    else:
        yield from ("    revoked:", f"      on: {entry.revoked.on}", f"      why: {_quoted(entry.revoked.why)}")
    yield f"    key: {_quoted(entry.key)}"
    yield f"    public: {_quoted(entry.public)}"


def _list(items: Iterable[str]) -> str:
    return "[" + ", ".join(_text(item) for item in items) + "]"


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _text(text: str) -> str:
    return text if _BARE.fullmatch(text) and text not in _YAML_WORDS else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
