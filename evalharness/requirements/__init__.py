"""Policy file -> requirements; estimate against bound -> finding -> verdict. Compares, computes nothing."""

from evalharness.requirements.expand import attributes_used, expand
from evalharness.requirements.fits import check_fit
from evalharness.requirements.judge import judge, verdict
from evalharness.requirements.names import finding_name
from evalharness.requirements.policy_file import policy_for, policy_from_document, policy_json_schema, policy_places, read_policy

__all__ = [
    "attributes_used",
    "check_fit",
    "expand",
    "finding_name",
    "judge",
    "policy_for",
    "policy_from_document",
    "policy_json_schema",
    "policy_places",
    "read_policy",
    "verdict",
]
