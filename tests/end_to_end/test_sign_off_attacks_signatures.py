"""Attacks on signatures and on the form of statements: stripped, doubled, bent, of another kind, of another algorithm, too new."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import signing
from attacker import ORDER, Scene, as_head, envelope_of, payload_of, refused, resign, write_envelope
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evalharness.digests import canonical_json, sha256_bytes
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import PAYLOAD_TYPE, cosign, read_statement, sign

KINDS = ("decision", "advice", "test result", "lock", "status list", "register")
SIGNERS = {
    "decision": ("ada",),
    "advice": ("eve",),
    "test result": ("ben",),
    "lock": ("ben",),
    "status list": ("ben",),
    "register": signing.ROOT_PEOPLE,
}


def place(scene: Scene, kind: str) -> Path:
    """A statement of that kind."""
    return {
        "decision": scene.statement("ada"),
        "advice": scene.statement("eve"),
        "test result": scene.result,
        "lock": scene.lock,
        "status list": scene.sign_off / "status" / "0002.dsse.json",
        "register": scene.sign_off / "signers" / "0001.dsse.json",
    }[kind]


def changed(scene: Scene, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the envelope of a statement."""
    path = place(scene, kind)
    envelope = envelope_of(path)
    change(envelope)
    write_envelope(path, envelope)
    if kind == "status list":
        as_head(scene, path)


def signed_anew(scene: Scene, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes what a statement says; its own signer signs that."""
    resign(place(scene, kind), change, *SIGNERS[kind])
    if kind == "status list":
        as_head(scene, place(scene, kind))


def pae(payload_type: str, payload: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def with_signature(envelope: dict[str, Any], keyid: str, signature: bytes) -> None:
    envelope["signatures"] = [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}]


def first(envelope: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = envelope["signatures"][0]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_stripped_signature_leaves_no_statement(scene: Scene, kind: str) -> None:
    changed(scene, kind, lambda envelope: envelope.update(signatures=[]))
    refused(scene.ask(), 13, "signatures", "at least 1 item")


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_that_stands_twice_is_not_two(scene: Scene, kind: str) -> None:
    changed(scene, kind, lambda envelope: envelope["signatures"].append(first(envelope)))
    refused(scene.ask(), 13, "a key signed twice")


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_bent_by_the_order_of_the_group_is_wrong(scene: Scene, kind: str) -> None:
    def bend(envelope: dict[str, Any]) -> None:
        old = base64.b64decode(first(envelope)["sig"])
        more = (int.from_bytes(old[32:], "little") + ORDER).to_bytes(32, "little")
        first(envelope)["sig"] = base64.b64encode(old[:32] + more).decode()

    changed(scene, kind, bend)
    refused(scene.ask(), 13, "the signature" if kind != "status list" else "sign")


@pytest.mark.parametrize("kind", KINDS)
def test_base64_that_means_the_same_is_not_the_same(scene: Scene, kind: str) -> None:
    def loosen(envelope: dict[str, Any]) -> None:
        old = first(envelope)["sig"]
        assert old.endswith("==")
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        first(envelope)["sig"] = old[:-3] + letters[letters.index(old[-3]) + 1] + "=="  # bits that no byte holds
        assert base64.b64decode(first(envelope)["sig"]) == base64.b64decode(old)

    changed(scene, kind, loosen)
    refused(scene.ask(), 13, "base64")


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_of_the_same_person_on_something_else_is_wrong(scene: Scene, kind: str) -> None:
    def borrow(envelope: dict[str, Any]) -> None:
        other = envelope_of(place(scene, {"test result": "lock", "lock": "test result", "status list": "lock"}.get(kind, kind)))
        if kind in ("decision", "advice", "register"):
            said = signing.private_key(SIGNERS[kind][0]).sign(b"the minutes of the last meeting")
            envelope["signatures"] = [{"keyid": signing.entry(SIGNERS[kind][0], "x").key, "sig": base64.b64encode(said).decode()}]
        else:
            envelope["signatures"] = other["signatures"]

    changed(scene, kind, borrow)
    refused(scene.ask(), 13, "sign")


@pytest.mark.parametrize("kind", ["decision", "advice", "test result", "lock", "status list"])
def test_somebody_who_signs_along_makes_it_nobody_s_statement(scene: Scene, kind: str) -> None:
    path = place(scene, kind)
    path.write_bytes(cosign(read_statement(path.read_bytes(), path.name), signing.signer("dee")))
    if kind == "status list":
        as_head(scene, path)
    said = {"advice": "there is no advice", "lock": "the lock that it names is not in sign-off/locks"}.get(kind, "2 signatures")
    refused(scene.ask(), 12 if kind == "status list" else 13, said)


@pytest.mark.parametrize("kind", KINDS)
def test_a_payload_of_another_type_is_refused_even_when_signed_as_that_type(scene: Scene, kind: str) -> None:
    def retype(envelope: dict[str, Any]) -> None:
        payload = base64.b64decode(envelope["payload"])
        envelope["payloadType"] = "application/json"
        who = SIGNERS[kind][0]
        with_signature(envelope, signing.entry(who, "x").key, signing.private_key(who).sign(pae("application/json", payload)))

    changed(scene, kind, retype)
    refused(scene.ask(), 13, "payloadType")


@pytest.mark.parametrize("kind", ["decision", "test result", "lock"])
def test_a_signature_over_the_bare_payload_is_none(scene: Scene, kind: str) -> None:
    def bare(envelope: dict[str, Any]) -> None:
        who = SIGNERS[kind][0]
        with_signature(envelope, signing.entry(who, "x").key, signing.private_key(who).sign(base64.b64decode(envelope["payload"])))

    changed(scene, kind, bare)
    refused(scene.ask(), 13, "the signature is not that of")


@pytest.mark.parametrize("kind", ["decision", "lock", "test result"])
@pytest.mark.parametrize("algorithm", ["ecdsa", "rsa", "ml-dsa"])
def test_a_signature_of_another_algorithm_is_refused(scene: Scene, kind: str, algorithm: str) -> None:
    def resigned(envelope: dict[str, Any]) -> None:
        message = pae(PAYLOAD_TYPE, base64.b64decode(envelope["payload"]))
        made = {
            "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()).sign(message, ec.ECDSA(hashes.SHA256())),
            "rsa": lambda: rsa.generate_private_key(65537, 2048).sign(message, padding.PKCS1v15(), hashes.SHA256()),
            "ml-dsa": lambda: bytes(2420),
        }[algorithm]()
        with_signature(envelope, first(envelope)["keyid"], made)

    changed(scene, kind, resigned)
    refused(scene.ask(), 13, "a signature is not one of Ed25519")


@pytest.mark.parametrize(("algorithm", "length"), [("ECDSA", 33), ("RSA", 270), ("ML-DSA", 1312)])
def test_a_key_of_another_algorithm_cannot_stand_in_the_register(scene: Scene, algorithm: str, length: int) -> None:
    def enrol(document: dict[str, Any]) -> None:
        signer = {**document["predicate"]["signers"][0], "public": "02" * length, "key": sha256_bytes(algorithm.encode())[7:]}
        document["predicate"]["signers"].append({**signer, "person": "mal"})

    next_register(scene, enrol)
    refused(scene.ask(), 13, "signers", "public")


@pytest.mark.parametrize("field", ["keytype", "scheme", "alg"])
def test_nobody_can_say_which_algorithm_is_to_be_used(scene: Scene, field: str) -> None:
    changed(scene, "decision", lambda envelope: first(envelope).update({field: "none"}))
    refused(scene.ask(), 13, field, "Extra inputs are not permitted")


def next_register(scene: Scene, change: Callable[[dict[str, Any]], None]) -> None:
    """A version of the register that its root signed, whatever it says."""
    folder = scene.sign_off / "signers"
    document = payload_of(folder / "0001.dsse.json")
    document["predicate"].update(version=2, previous=sha256_bytes((folder / "0001.dsse.json").read_bytes()))
    change(document)
    (folder / "0002.dsse.json").write_bytes(sign(canonical_json(document), [signing.signer(name) for name in signing.ROOT_PEOPLE]))


SMALL_ORDER = {
    "one": "01" + "00" * 31,
    "zero": "00" * 32,
    "minus one": (2**255 - 20).to_bytes(32, "little").hex(),
    "order eight": (55188659117513257062467267217118295137698188065244968500265048394206261417927).to_bytes(32, "little").hex(),
}


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_under_which_anybody_can_sign_is_refused(scene: Scene, point: str) -> None:
    public = SMALL_ORDER[point]
    if point == "one":  # R = the neutral element, S = 0: right for every message, where nobody looks at the key
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(SMALL_ORDER["one"]) + bytes(32), b"anything")
    weak = signing.entry("mal", "data_protection").model_copy(update={"public": public, "key": key_id(public)})
    scene.register(signers=(*scene.office.register().entries, weak))
    refused(scene.ask(), 13, "small order")


def test_a_key_in_a_second_notation_is_refused(scene: Scene) -> None:
    public = (2**255 - 19 + 5).to_bytes(32, "little").hex()
    odd = signing.entry("mal", "data_protection").model_copy(update={"public": public, "key": key_id(public)})
    scene.register(signers=(*scene.office.register().entries, odd))
    refused(scene.ask(), 13, "not in canonical form")


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_this_version_does_not_know_is_refused(scene: Scene, kind: str) -> None:
    signed_anew(scene, kind, lambda document: document["predicate"].update(overrides="all findings are met"))
    refused(scene.ask(), 13, "overrides", "Extra inputs are not permitted")


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_beside_the_envelope_is_refused(scene: Scene, kind: str) -> None:
    changed(scene, kind, lambda envelope: envelope.update(trusted=True))
    refused(scene.ask(), 13, "trusted", "Extra inputs are not permitted")


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_stands_twice_is_refused(scene: Scene, kind: str) -> None:
    path = place(scene, kind)
    payload = base64.b64decode(envelope_of(path)["payload"])
    twice = payload.replace(b'"predicateType":', b'"predicateType":"urn:evalharness:key:v1","predicateType":', 1)
    path.write_bytes(sign(twice, [signing.signer(name) for name in SIGNERS[kind]]))
    if kind == "status list":
        as_head(scene, path)
    refused(scene.ask(), 13, "not canonical JSON")


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_that_stands_twice_is_refused(scene: Scene, kind: str) -> None:
    signed_anew(scene, kind, lambda document: document["subject"].append(document["subject"][0]))
    refused(scene.ask(), 13, "a subject stands twice")


@pytest.mark.parametrize("kind", ["decision", "test result", "lock", "status list", "register"])
def test_a_subject_more_is_about_something_else(scene: Scene, kind: str) -> None:
    signed_anew(scene, kind, lambda document: document["subject"].append({"name": "more", "digest": {"sha256": "a" * 64}}))
    refused(scene.ask(), 13, "subject")


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_of_a_type_that_is_newer_than_this_version_is_refused(scene: Scene, kind: str) -> None:
    def newer(document: dict[str, Any]) -> None:
        old = document["predicateType"]
        document["predicateType"] = old.replace(":v1", ":v2").replace("v0.1", "v0.2")
        assert document["predicateType"] != old

    signed_anew(scene, kind, newer)
    refused(scene.ask(), 13, "is not one this version knows")


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_of_a_schema_that_is_newer_than_this_version_is_refused(scene: Scene, kind: str) -> None:
    def newer(document: dict[str, Any]) -> None:
        part = document["predicate"].get("evalharness", document["predicate"])
        part["schema"] = part["schema"].replace("/v1", "/v2")

    signed_anew(scene, kind, newer)
    refused(scene.ask(), 13, "schema")


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_of_a_newer_in_toto_is_refused(scene: Scene, kind: str) -> None:
    signed_anew(scene, kind, lambda document: document.update(_type="https://in-toto.io/Statement/v2"))
    refused(scene.ask(), 13, "_type")


@pytest.mark.parametrize(
    ("here", "there"), [("decision", "lock"), ("test result", "decision"), ("lock", "decision"), ("status list", "lock")]
)
def test_a_right_statement_of_another_kind_does_not_belong_there(scene: Scene, here: str, there: str) -> None:
    place(scene, here).write_bytes(place(scene, there).read_bytes())
    if here == "status list":
        as_head(scene, place(scene, here))
    refused(scene.ask(), 13, "belongs here")


@pytest.mark.parametrize("kind", ["decision", "test result", "lock"])
def test_a_statement_that_calls_itself_another_kind_is_refused(scene: Scene, kind: str) -> None:
    signed_anew(scene, kind, lambda document: document.update(predicateType="urn:evalharness:key:v1"))
    refused(scene.ask(), 13, "belongs here" if kind == "test result" else "")


def test_a_status_list_in_place_of_the_register_is_refused(scene: Scene) -> None:
    path = place(scene, "register")
    path.write_bytes(place(scene, "status list").read_bytes())
    refused(scene.ask(), 13, "belongs here")


def test_a_register_for_another_readable_file_is_refused(scene: Scene) -> None:
    def other(document: dict[str, Any]) -> None:
        document["subject"][0]["digest"]["sha256"] = "a" * 64

    next_register(scene, other)
    refused(scene.ask(), 13, "its subject is not signers.yaml")
