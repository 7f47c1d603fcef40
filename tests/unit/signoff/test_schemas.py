"""The published schemas accept what is signed, and refuse what readers refuse."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import every_statement
import jsonschema
import pytest
import signing

from evalharness.signoff.predicates import PREDICATES
from evalharness.signoff.schemas import NAMES, statement_json_schemas

SCHEMAS = statement_json_schemas()
FOLDER = Path(__file__).resolve().parents[3] / "docs" / "schemas" / "statements"
FILES = {kind: data for kind, (_, data) in every_statement.every_statement().items()}


def payload(kind: str) -> Any:
    return json.loads(base64.b64decode(json.loads(FILES[kind])["payload"]))


def valid(document: Any) -> bool:
    return jsonschema.Draft202012Validator(SCHEMAS[NAMES[document["predicateType"]]]).is_valid(document)


def test_every_predicate_has_a_schema_and_every_schema_is_one() -> None:
    assert set(NAMES) == set(PREDICATES)
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_published_files_are_these_and_no_others() -> None:
    assert {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")} == SCHEMAS


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_real_statement_of_every_kind_validates(kind: str) -> None:
    jsonschema.validate(json.loads(FILES[kind]), SCHEMAS["envelope-v1"], jsonschema.Draft202012Validator)
    document = payload(kind)
    jsonschema.validate(document, SCHEMAS[NAMES[document["predicateType"]]], jsonschema.Draft202012Validator)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_field_more_or_less_does_not_validate(kind: str) -> None:
    document = payload(kind)
    assert not valid({**document, "more": 1})
    assert not valid({**document, "predicate": {**document["predicate"], "more": 1}})
    for name in document["predicate"]:
        assert not valid({**document, "predicate": {k: v for k, v in document["predicate"].items() if k != name}}), name


def test_one_kind_does_not_validate_as_another() -> None:
    kinds = {kind: payload(kind)["predicateType"] for kind in FILES}
    for kind in FILES:
        for other in set(kinds.values()) - {kinds[kind]}:
            assert not valid({**payload(kind), "predicateType": other})


def test_an_envelope_with_two_payload_types_or_a_short_signature_does_not_validate() -> None:
    envelope = json.loads(FILES["key"])
    check = jsonschema.Draft202012Validator(SCHEMAS["envelope-v1"]).is_valid
    assert check(envelope)
    assert not check({**envelope, "payloadType": "text/plain"})
    assert not check({**envelope, "signatures": []})
    assert not check({**envelope, "signatures": [{**envelope["signatures"][0], "sig": "AAAA"}]})
    assert not check({**envelope, "signatures": [{**envelope["signatures"][0], "alg": "none"}]})


def test_a_register_as_it_is_written_validates(tmp_path: Path) -> None:
    office = signing.Office(tmp_path)
    for path in (office.folder / "signers" / "0001.dsse.json", office.public_path("ada")):
        document = json.loads(base64.b64decode(json.loads(path.read_bytes())["payload"]))
        assert valid(document)
