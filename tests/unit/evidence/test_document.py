"""Evidence as bytes: what is written is read back exactly, and nothing else is read at all."""

import json
import random
from typing import Any

import pytest
from evidence_fixture import build, hostile
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.digests import canonical_json, sha256_bytes
from evalharness.errors import Altered, BadInput, Fault, NoEvidence
from evalharness.evidence import Evidence, estimates_of, evidence_bytes, findings_of, read_evidence, translation_of
from evalharness.evidence.assemble import estimate_as_json, finding_as_json


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build(depth=1)


@pytest.fixture(scope="module")
def data(document: dict[str, Any]) -> bytes:
    return evidence_bytes(document)


@pytest.mark.parametrize("kind", ["met", "mixed", "short", "empty"])
def test_what_is_assembled_is_read_back_exactly(kind: str) -> None:
    document = build(kind=kind)
    written = evidence_bytes(document)
    evidence = read_evidence(written)
    assert evidence_bytes(evidence.document()) == written
    assert evidence.digest == sha256_bytes(written)
    assert [estimate_as_json(e) for e in estimates_of(evidence)] == document["estimates"]
    assert [estimate_as_json(e) for e in translation_of(evidence)] == document["translation"]
    assert [finding_as_json(f) for f in findings_of(evidence)] == document["findings"]


def test_hostile_words_are_carried_and_not_acted_on() -> None:
    evidence = read_evidence(evidence_bytes(build(word=hostile, bad=True)))
    assert evidence.model.name.endswith("# x\n")


def test_labels_instead_of_scores_leave_the_threshold_and_the_summary_null() -> None:
    evidence = read_evidence(evidence_bytes(build(labels=True)))
    assert evidence.operating_point.threshold is None
    assert evidence.score_summary is None


def changed(document: dict[str, Any], **parts: Any) -> bytes:
    return canonical_json({**document, **parts})


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"schema": "evalharness/evidence/v2"}, "use the version that wrote it"),
        ({"schema": "something/else"}, "no schema this version knows"),
        ({"schema": None}, "no schema this version knows"),
        ({"extra": 1}, "extra"),
        ({"claim": "certain"}, "claim"),
        ({"created": "2026-02-30T00:00:00Z"}, "created"),
        ({"created": "yesterday"}, "created"),
        ({"limits": "none"}, "limits"),
        ({"findings": [{}]}, "findings.0"),
        ({"verdict": {"outcome": "approved", "reasons": []}}, "verdict.outcome"),
        ({"digests": {"model": "sha256:XYZ"}}, "digests.model"),
        ({"estimates": None}, "estimates"),
    ],
)
def test_another_shape_is_refused_with_its_place(document: dict[str, Any], parts: dict[str, Any], said: str) -> None:
    with pytest.raises(Altered, match=said):
        read_evidence(changed(document, **parts))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"\xff\xfe",
        b"NaN",
        b'{"schema":NaN}',
        b'{"a":1e400}',
        b'{"a":' + b"9" * 6000 + b"}",
        b'{"a":123456789012345678901234567890}',
        b'"\\ud800"',
        b"[" * 200_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
    ids=range(15),
)
def test_bytes_that_are_no_evidence_are_altered_never_a_traceback(text: bytes) -> None:
    with pytest.raises(Altered):
        read_evidence(text)


def test_the_same_values_in_another_layout_are_altered(document: dict[str, Any]) -> None:
    with pytest.raises(Altered, match="canonical form"):
        read_evidence(json.dumps(document).encode())


def test_a_repeated_key_is_altered(data: bytes) -> None:
    with pytest.raises(Altered, match="canonical form"):
        read_evidence(data[:-1] + b',"verdict":{"outcome":"met","reasons":[]}}')


def test_every_truncation_is_altered(data: bytes) -> None:
    for cut in range(0, len(data), max(1, len(data) // 60)):
        with pytest.raises(Altered):
            read_evidence(data[:cut])


def test_flipped_bytes_are_altered_or_other_evidence_with_another_digest(data: bytes) -> None:
    rng = random.Random(7)
    digest = read_evidence(data).digest
    for _ in range(60):
        spoiled = bytearray(data)
        spoiled[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        try:
            assert read_evidence(bytes(spoiled)).digest != digest
        except Altered:
            continue


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_at_all_end_in_a_traceback(text: bytes) -> None:
    with pytest.raises((Altered, BadInput)):
        read_evidence(text)


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(build(depth=1))),
    st.recursive(
        _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8
    ),
)
def test_any_value_in_any_place_is_evidence_or_altered(document: dict[str, Any], name: str, value: Any) -> None:
    try:
        evidence = read_evidence(canonical_json({**document, name: value}))
    except Altered:
        return
    assert isinstance(evidence, Evidence)


def test_an_absent_file_is_no_evidence(tmp_path: Any) -> None:
    with pytest.raises(NoEvidence):
        read_evidence(tmp_path / "evidence.json")


def test_a_number_json_cannot_carry_is_a_fault_of_the_harness(document: dict[str, Any]) -> None:
    for number in (float("nan"), float("inf"), 2**60):
        with pytest.raises(Fault):
            evidence_bytes({**document, "limits": [number]})
