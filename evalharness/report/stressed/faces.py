"""Files of a stress run."""

from __future__ import annotations

from evalharness.records.stress import Stress
from evalharness.report.html import html_page
from evalharness.report.markdown import markdown_page
from evalharness.report.stressed.document import document_bytes
from evalharness.report.stressed.view import stress_view

_PACKAGE = "evalharness.report.stressed"
_STYLE = """
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem 1.4rem; margin-top: .8rem; }
.panels figure { margin: 0; break-inside: avoid; } .panels figcaption { font-size: .92rem; font-weight: 600; line-height: 1.3; }
.panels figcaption span { display: block; font-weight: 400; color: var(--soft); }
.requirement > p { margin-top: .3rem; }
"""


def stress_faces(stress: Stress) -> dict[str, bytes]:
    """File name -> bytes. The same stress run gives the same bytes."""
    view = stress_view(stress)
    return {
        "stress.html": html_page("stress.html.j2", view=view, package=_PACKAGE, more_style=_STYLE),
        "stress.md": markdown_page("stress.md.j2", view=view, package=_PACKAGE),
        "stress.json": document_bytes(stress),
    }
