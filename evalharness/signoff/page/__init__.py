"""The decision page of a run: who decided what, in which role, until when, under which conditions, and who disagrees."""

from __future__ import annotations

from importlib import resources

from evalharness.report.html import html_page
from evalharness.report.markdown import markdown_page
from evalharness.signoff.page.document import document_bytes
from evalharness.signoff.page.facts import Marks, PageFacts, Seat, State
from evalharness.signoff.page.first import build_view

__all__ = ["Marks", "PageFacts", "Seat", "State", "draw_pages"]


def draw_pages(facts: PageFacts) -> dict[str, bytes]:
    """decision.html, decision.json and decision.md. The same facts give the same bytes."""
    view = build_view(facts)
    style = resources.files(__name__).joinpath("templates", "decision.css").read_text("utf-8")
    return {
        "decision.html": html_page("decision.html.j2", view=view, package=__name__, more_style=style),
        "decision.json": document_bytes(facts),
        "decision.md": markdown_page("decision.md.j2", view=view, package=__name__),
    }
