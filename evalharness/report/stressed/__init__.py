"""The faces of a stress run: a page, the same in Markdown, and every number as JSON."""

from evalharness.report.stressed.document import SCHEMA, document_bytes, stress_document, stress_json_schema
from evalharness.report.stressed.faces import stress_faces
from evalharness.report.stressed.view import StressView, stress_view

__all__ = ["SCHEMA", "StressView", "document_bytes", "stress_document", "stress_faces", "stress_json_schema", "stress_view"]
