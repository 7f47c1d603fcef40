"""The one document that is signed: assembled, written canonically, read strictly, stored whole, derived again from its own parts."""

from evalharness.evidence.assemble import assemble
from evalharness.evidence.document import (
    estimates_of,
    evidence_as_written,
    evidence_bytes,
    evidence_json_schema,
    findings_of,
    read_evidence,
    translation_of,
)
from evalharness.evidence.never_signed import bars_under_lock, never_signed
from evalharness.evidence.schema import SCHEMA, Evidence

__all__ = [
    "SCHEMA",
    "Evidence",
    "assemble",
    "bars_under_lock",
    "estimates_of",
    "evidence_as_written",
    "evidence_bytes",
    "evidence_json_schema",
    "findings_of",
    "never_signed",
    "read_evidence",
    "translation_of",
]
