"""Envelopes: one byte form, one algorithm, one type; signatures that are right and no others."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import every_statement
import pytest
import signing
from securesystemslib.signer import CryptoSigner

from evalharness.digests import canonical_json
from evalharness.errors import Altered, Fault
from evalharness.signoff.ed25519 import key_id, weakness
from evalharness.signoff.envelope import LARGEST_STATEMENT, cosign, read_statement, sign, verified_by

STATEMENTS = every_statement.every_statement()
PUBLIC, FILE = STATEMENTS["decision"]
ENVELOPE = json.loads(FILE)


def payload() -> dict[str, Any]:
    return json.loads(base64.b64decode(ENVELOPE["payload"]))


def resigned(document: Any, *names: str) -> bytes:
    return sign(canonical_json(document), [signing.signer(name) for name in names or ("ada",)])


def refused(data: bytes, expected: str | None = None) -> str:
    with pytest.raises(Altered) as caught:
        read_statement(data, "file", expected)
    return str(caught.value)


@pytest.mark.parametrize("kind", sorted(STATEMENTS))
def test_what_was_signed_reads_back_and_verifies(kind: str) -> None:
    public, data = STATEMENTS[kind]
    signed = read_statement(data, kind)
    assert signed.data == data
    assert verified_by(signed, [public]) == signed.keys == (key_id(public),)


def test_every_flipped_deleted_or_inserted_byte_is_altered_or_unsigned() -> None:
    random_ = random.Random(3)
    for position in random_.sample(range(len(FILE)), 300):
        for changed in (
            FILE[:position] + bytes([FILE[position] ^ random_.randrange(1, 256)]) + FILE[position + 1 :],
            FILE[:position] + FILE[position + 1 :],
            FILE[:position] + bytes([random_.randrange(32, 127)]) + FILE[position:],
        ):
            try:
                signed = read_statement(changed, "file")
            except Altered:
                continue
            assert changed == FILE or verified_by(signed, [PUBLIC]) == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b"NaN", b"\xff", b"[" * 5000, FILE + b"\n", FILE + FILE, b"x" * (LARGEST_STATEMENT + 1)],
    ids=["empty", "object", "list", "null", "NaN", "no UTF-8", "deep", "newline after", "twice", "long"],
)
def test_what_is_no_envelope_is_altered(data: bytes) -> None:
    refused(data)


@pytest.mark.parametrize(
    "change",
    [
        {"payloadType": "text/plain"},
        {"payload": ENVELOPE["payload"] + "="},
        {"payload": ENVELOPE["payload"].rstrip("=") + "\n"},
        {"signatures": []},
        {"signatures": ENVELOPE["signatures"] * 2},
        {"signatures": [{**ENVELOPE["signatures"][0], "sig": "AAAA"}]},
        {"signatures": [{**ENVELOPE["signatures"][0], "keyid": "0" * 63}]},
        {"signatures": [{**ENVELOPE["signatures"][0], "alg": "none"}]},
        {"signatures": [{"sig": ENVELOPE["signatures"][0]["sig"]}]},
        {"more": 1},
    ],
    ids=["type", "base64 padding", "base64 newline", "stripped", "duplicated", "short", "key id", "algorithm", "no key id", "unknown"],
)
def test_an_envelope_that_is_not_as_written_is_altered(change: dict[str, Any]) -> None:
    refused(canonical_json({**ENVELOPE, **change}))


def test_a_key_that_stands_twice_in_json_is_altered() -> None:
    refused(FILE.replace(b'{"payload"', b'{"payload":"","payload"', 1))


@pytest.mark.parametrize(
    "change",
    [
        {"predicateType": "urn:evalharness:decision:v2"},
        {"predicateType": "urn:evalharness:key:v1"},
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"subject": []},
        {"subject": payload()["subject"] + payload()["subject"][:1]},
        {"more": 1},
        {"predicate": {**payload()["predicate"], "more": 1}},
        {"predicate": {k: v for k, v in payload()["predicate"].items() if k != "conditions"}},
        {"predicate": {**payload()["predicate"], "conditions": {}}},
    ],
    ids=[
        "newer version",
        "type confusion",
        "in-toto",
        "no subject",
        "subject twice",
        "unknown",
        "unknown inside",
        "default left out",
        "kind",
    ],
)
def test_a_statement_that_is_not_as_written_is_altered_though_it_is_signed(change: dict[str, Any]) -> None:
    refused(resigned({**payload(), **change}))


def test_a_statement_of_another_type_than_belongs_there_is_altered() -> None:
    assert "belongs here" in refused(FILE, "urn:evalharness:key:v1")


def test_a_signature_of_another_statement_is_not_right() -> None:
    other = json.loads(STATEMENTS["key"][1])
    moved = read_statement(canonical_json({**ENVELOPE, "signatures": other["signatures"]}), "moved")
    assert verified_by(moved, [PUBLIC, STATEMENTS["key"][0]]) == ()


def test_a_signature_over_the_bare_payload_is_not_right() -> None:
    """Only the pre-authentication encoding is signed: bytes that mean something elsewhere mean nothing here."""
    raw = signing.private_key("ada").sign(base64.b64decode(ENVELOPE["payload"]))
    public = signing.public_hex("ada")
    data = canonical_json({**ENVELOPE, "signatures": [{"keyid": key_id(public), "sig": base64.b64encode(raw).decode()}]})
    assert verified_by(read_statement(data, "bare"), [public]) == ()


def test_signatures_stand_sorted_whoever_signed_first() -> None:
    one = cosign(read_statement(resigned(payload(), "ada"), "x"), signing.signer("ben"))
    other = cosign(read_statement(resigned(payload(), "ben"), "x"), signing.signer("ada"))
    assert one == other == resigned(payload(), "ben", "ada")
    signed = read_statement(one, "x")
    assert verified_by(signed, [signing.public_hex("ada")]) == (key_id(signing.public_hex("ada")),)
    swapped = json.loads(one)
    swapped["signatures"].reverse()
    assert "not in order" in refused(canonical_json(swapped))


@pytest.mark.parametrize("make", [CryptoSigner.generate_ecdsa, CryptoSigner.generate_rsa])
def test_nothing_is_signed_with_another_algorithm(make) -> None:
    with pytest.raises(Fault, match="Ed25519"):
        sign(b"{}", [make()])


SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


@pytest.mark.parametrize("public", SMALL_ORDER + [k[:-2] + f"{int(k[-2:], 16) | 0x80:02x}" for k in SMALL_ORDER])
def test_keys_of_small_order_are_known_and_never_verify(public: str) -> None:
    assert weakness(public)
    everything = base64.b64encode(bytes.fromhex("01" + "00" * 63)).decode()
    data = canonical_json({**ENVELOPE, "signatures": [{"keyid": key_id(public), "sig": everything}]})
    assert verified_by(read_statement(data, "forged"), [public]) == ()


@pytest.mark.parametrize("public", ["ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f", "ff" * 32])
def test_keys_not_in_canonical_form_are_known(public: str) -> None:
    assert "canonical" in weakness(public)


def test_an_ordinary_key_has_no_weakness() -> None:
    assert weakness(signing.public_hex("ada")) == ""
    assert verified_by(read_statement(FILE, "x"), []) == ()


def test_what_is_signed_is_what_securesystemslib_signs_and_verifies():
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import Signature, SSlibKey

    from evalharness.signoff.envelope import PAYLOAD_TYPE, pae

    data = sign(b"any payload", [signing.signer("ada")])
    theirs = Envelope.from_dict(json.loads(data))
    assert theirs.pae() == pae(b"any payload")
    public = signing.public_hex("ada")
    key = SSlibKey(key_id(public), "ed25519", "ed25519", {"public": public})
    assert set(theirs.verify([key], 1)) == {key_id(public)}
    assert isinstance(theirs.signatures[key_id(public)], Signature)
    assert theirs.payload_type == PAYLOAD_TYPE
