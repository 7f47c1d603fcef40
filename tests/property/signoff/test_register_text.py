"""Whatever names stand in a register: what people read is what was signed, and look-alikes stay look-alikes."""

from __future__ import annotations

import json

import signing
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evalharness.files.yaml import parse_yaml
from evalharness.signoff.predicates import KeyRevocation, SignersPredicate
from evalharness.signoff.register_checks import is_plain_line
from evalharness.signoff.register_yaml import signers_yaml
from evalharness.signoff.skeleton import skeleton

LINES = st.text(min_size=1, max_size=60).map(str.strip).filter(lambda text: is_plain_line(text, 200))
PERSONS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True) | st.sampled_from(["null", "true", "1e5", "0x1", "no", "0", "1-1"])
ROLES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True) | st.sampled_from(["null", "true", "false", "y", "off"])


@settings(max_examples=150, deadline=None)
@given(persons=st.lists(st.tuples(PERSONS, LINES, st.lists(ROLES, min_size=1, max_size=3), LINES), max_size=3))
def test_signers_yaml_reads_as_the_statement_does(persons: list[tuple[str, str, list[str], str]]) -> None:
    entries = tuple(
        signing.entry(person, *roles, organisation=organisation, revoked=KeyRevocation(on="2025-02-01T00:00:00Z", why=why))
        for person, organisation, roles, why in persons
    )
    made = SignersPredicate(
        schema="evalharness/signers/v1", version=1, issued=signing.ISSUED, previous=None, root=signing.root("root-a", "root-b"),
        authority=signing.AUTHORITY, signers=entries,
    )  # fmt: skip
    assert parse_yaml(signers_yaml(made), "signers.yaml").data == json.loads(made.model_dump_json(by_alias=True))


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=40))
@example(text="\ufc5e")
@example(text="?\x1f\x08")
@example(text="\ufc5e\ufc5e")
def test_case_blanks_and_dashes_never_make_another_name(text: str) -> None:
    if any(c.isalnum() for c in text):
        assert skeleton(f"  {text}- ") == skeleton(text)
    assert skeleton(skeleton(text)) == skeleton(text)
