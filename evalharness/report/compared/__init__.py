"""A comparison as pages and as JSON. Draws what was compared; computes no number."""

from evalharness.records.comparison import Comparison
from evalharness.report.compared.document import comparison_document, document_bytes
from evalharness.report.compared.page import build_page
from evalharness.report.html import html_page
from evalharness.report.markdown import markdown_page

__all__ = ["compared_faces", "comparison_document"]

_PACKAGE = "evalharness.report.compared"
_STYLE = ".annex > section.part:first-child { margin-top: 0; padding-top: 0; border-top: 0; }\n"


def compared_faces(comparison: Comparison) -> dict[str, bytes]:
    """compare.html, compare.md and compare.json by name. The same comparison gives the same bytes."""
    page = build_page(comparison)
    return {
        "compare.html": html_page("compare.html.j2", view=page, package=_PACKAGE, more_style=_STYLE),
        "compare.json": document_bytes(comparison),
        "compare.md": markdown_page("compare.md.j2", view=page, package=_PACKAGE),
    }
