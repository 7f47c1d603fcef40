"""The JSON Schema that is committed."""

import json
from pathlib import Path

from evalharness.evidence import evidence_json_schema

COMMITTED = Path(__file__).parents[3] / "docs" / "schemas" / "evidence-v1.json"


def test_the_committed_schema_is_the_one_the_code_reads_by() -> None:
    assert json.loads(COMMITTED.read_text("utf-8")) == evidence_json_schema()
