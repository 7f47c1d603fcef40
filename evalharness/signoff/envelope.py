"""DSSE envelopes around in-toto Statements: one byte form each, so that a changed byte is always seen."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, ValidationError

from evalharness.digests import canonical_json, read_canonical, sha256_bytes
from evalharness.errors import Altered, Fault, shown
from evalharness.evidence.part import Part
from evalharness.signoff.ed25519 import key_id, weakness
from evalharness.signoff.predicates import PREDICATES, KeyId, Resource

if TYPE_CHECKING:
    from securesystemslib.signer import Signer  # makes signatures; who only reads them need not load it

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
LARGEST_STATEMENT = 1 << 20
_ED25519_SIGNATURE = 64


class _SignaturePart(Part):
    keyid: KeyId
    sig: str


class _EnvelopePart(Part):
    payload: str
    payloadType: Literal["application/vnd.in-toto+json"]  # noqa: N815  DSSE's name
    signatures: tuple[_SignaturePart, ...] = Field(min_length=1, max_length=100)


class StatementPart(Part):
    """in-toto Statement v1. `predicate` is checked by the model of its type."""

    type_: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[Resource, ...] = Field(min_length=1, max_length=100)
    predicateType: str  # noqa: N815  in-toto's name
    predicate: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement file, read and checked for form. Its signatures are believed only through `verified_by`."""

    name: str
    """File name, for messages."""
    data: bytes
    digest: str
    """sha256 of `data`: how other statements name this one."""
    predicate_type: str
    subject: tuple[Resource, ...]
    predicate: Any
    """One of `predicates.Predicate`, of the model that belongs to `predicate_type`."""
    signatures: tuple[tuple[str, str], ...]
    """(key id, signature in hex), sorted by key id, each key once."""
    payload: bytes

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key, _ in self.signatures)


def statement(predicate_type: str, subject: Mapping[str, str], predicate: Part) -> bytes:
    """Canonical payload bytes of a statement. `subject`: names and their digests (`sha256:…`)."""
    document = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest.removeprefix("sha256:")}} for name, digest in subject.items()],
        "predicateType": predicate_type,
        "predicate": predicate.model_dump(mode="json", by_alias=True),
    }
    return canonical_json(document)


def sign(payload: bytes, signers: Iterable[Signer]) -> bytes:
    """The file of a new envelope: `payload` signed by each of `signers`."""
    return _written(payload, [_signature(payload, signer) for signer in signers])


def cosign(signed: Signed, signer: Signer) -> bytes:
    """The file of the same statement with one more signature; one by the same key takes the place of its earlier one."""
    ours = _signature(signed.payload, signer)
    return _written(signed.payload, [*((k, s) for k, s in signed.signatures if k != ours[0]), ours])


def read_statement(data: bytes, name: str, expected: str | None = None) -> Signed:
    """The statement in the bytes of a file; `name` stands for the file in messages, `expected` is the predicate type that belongs there.

    Raises Altered unless the bytes are exactly what `sign` would have written: strict base64, canonical JSON in and out, known types,
    every field there and known, each key once, each subject once.
    """
    if len(data) > LARGEST_STATEMENT:
        raise Altered([f"{shown(name)}: it is longer than {LARGEST_STATEMENT} bytes"])
    envelope = _parsed(_EnvelopePart, _canonical(data, name, "the envelope"), name)
    payload = _unbase64(envelope.payload, name)
    body = _parsed(StatementPart, _canonical(payload, name, "the statement"), name)
    signatures = tuple((s.keyid, _unbase64(s.sig, name).hex()) for s in envelope.signatures)
    keys = [key for key, _ in signatures]
    if keys != sorted(set(keys)):
        raise Altered([f"{shown(name)}: its signatures are not in order, or a key signed twice"])
    if any(len(sig) != 2 * _ED25519_SIGNATURE for _, sig in signatures):
        raise Altered([f"{shown(name)}: a signature is not one of Ed25519"])
    model = PREDICATES.get(body.predicateType)
    if model is None:
        raise Altered([f"{shown(name)}: the statement type {shown(body.predicateType)} is not one this version knows"])
    if expected is not None and body.predicateType != expected:
        raise Altered([f"{shown(name)}: it is a statement of the type {shown(body.predicateType)}, and {expected} belongs here"])
    subject = {resource.name: f"sha256:{resource.digest.sha256}" for resource in body.subject}
    predicate = _parsed(model, json.dumps(body.predicate).encode(), name)
    if statement(body.predicateType, subject, predicate) != payload:
        raise Altered([f"{shown(name)}: a field is missing, or a subject stands twice: this program would not have written it so"])
    return Signed(
        name=name,
        data=data,
        digest=sha256_bytes(data),
        predicate_type=body.predicateType,
        subject=body.subject,
        predicate=predicate,
        signatures=signatures,
        payload=payload,
    )


def verified_by(signed: Signed, publics: Iterable[str]) -> tuple[str, ...]:
    """Ids of those of the public keys (hex) whose signature on the statement is there and right; every other signature counts for nothing.

    Ed25519 only, whatever an envelope may say; keys of small order are never right.
    """
    found = []
    present = dict(signed.signatures)
    encoded = pae(signed.payload)
    for public in sorted(set(publics)):
        key = key_id(public)
        if key in present and not weakness(public) and _verifies(public, present[key], encoded):
            found.append(key)
    return tuple(found)


def pae(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: the bytes that are signed. As `securesystemslib.dsse.Envelope.pae` gives them."""
    return b"DSSEv1 %d %b %d %b" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def _verifies(public: str, signature: str, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except InvalidSignature:
        return False
    return True


def _signature(payload: bytes, signer: Signer) -> tuple[str, str]:
    public = signer.public_key
    if (public.keytype, public.scheme) != ("ed25519", "ed25519"):
        raise Fault("a statement is signed with Ed25519 and nothing else")
    made = signer.sign(pae(payload))
    return key_id(public.keyval["public"]), made.signature


def _written(payload: bytes, signatures: Iterable[tuple[str, str]]) -> bytes:
    document = {
        "payload": base64.b64encode(payload).decode("ascii"),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [
            {"keyid": key, "sig": base64.b64encode(bytes.fromhex(signature)).decode("ascii")} for key, signature in sorted(signatures)
        ],
    }
    return canonical_json(document)


def _canonical(data: bytes, name: str, what: str) -> bytes:
    """`data`, if it is canonical JSON."""
    try:
        read_canonical(data)
    except (ValueError, RecursionError) as error:
        raise Altered(
            [f"{shown(name)}: {what} is not canonical JSON ({error}): its bytes were changed, or written by something else"]
        ) from error
    return data


def _parsed(model: type[Any], data: bytes, name: str) -> Any:
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[:5]
        raise Altered([f"{shown(name)}: {shown('.'.join(map(str, e['loc'])))}: {e['msg']}" for e in found]) from error


def _unbase64(text: str, name: str) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise Altered([f"{shown(name)}: it holds text that is not base64"]) from error
    if base64.b64encode(data).decode("ascii") != text:
        raise Altered([f"{shown(name)}: its base64 is not the one form that is written"])
    return data
