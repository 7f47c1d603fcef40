"""signers.yaml: readable, deterministic, and the same for ever."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import signing

from evalharness.files.yaml import parse_yaml
from evalharness.signoff.predicates import KeyRevocation, SignersPredicate
from evalharness.signoff.register_yaml import signers_yaml


def predicate(tmp_path: Path, **changes: object) -> SignersPredicate:
    return signing.Office(tmp_path, write=False).first(**changes)


def test_it_says_exactly_what_was_signed_to_any_reader_of_yaml(tmp_path: Path) -> None:
    entries = (
        signing.entry("null", "on", "no_vote", organisation='Quote " and \\ and # and : and é – 評価'),
        signing.entry("1e5", "safeguarding", revoked=KeyRevocation(on="2025-02-01T00:00:00Z", why="lost: a laptop")),
        signing.entry("0", "yes"),
    )
    made = predicate(tmp_path, signers=entries, previous="sha256:" + "1" * 64)
    read = parse_yaml(signers_yaml(made), "signers.yaml").data
    assert read == json.loads(made.model_dump_json(by_alias=True))


def test_an_empty_register_reads_back(tmp_path: Path) -> None:
    made = predicate(tmp_path, signers=())
    assert parse_yaml(signers_yaml(made), "signers.yaml").data["signers"] == []


def test_a_lay_reader_finds_names_roles_dates_and_how_to_change_it(tmp_path: Path) -> None:
    text = signers_yaml(predicate(tmp_path)).decode()
    head = text.partition("schema:")[0]
    assert all(line.startswith("# ") for line in head.splitlines())
    assert "evalharness signers add" in head
    assert "Do not edit" in head
    assert "2 of the 2 root keys" in head
    assert (
        '  - person: ada\n    organisation: "Example Force"\n    roles: [senior_responsible_owner]\n    valid_from: 2025-01-01T00:00:00Z\n'
        in text
    )
    assert max(map(len, text.splitlines())) < 110


def test_the_bytes_of_version_1_never_change(tmp_path: Path) -> None:
    """Every register ever signed is rendered again at each reading: another form needs another predicate version."""
    revoked = signing.entry("zed", "a_role", revoked=KeyRevocation(on="2025-02-01T00:00:00Z", why="lost"))
    made = predicate(tmp_path, signers=(*signing.Office(tmp_path, write=False).entries(), revoked))
    assert hashlib.sha256(signers_yaml(made)).hexdigest() == "7ab90109d922a9c7bad98a06dec2ca155d89f03aae4c9bba553946e7a3740bb9"
