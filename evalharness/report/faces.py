"""All faces of a run, by format and by file name."""

from __future__ import annotations

from collections.abc import Callable

from evalharness.errors import bad_input
from evalharness.evidence import Evidence
from evalharness.report.html import render_html
from evalharness.report.junit import render_junit
from evalharness.report.markdown import render_markdown

_RENDERERS: dict[str, Callable[[Evidence], bytes]] = {"html": render_html, "md": render_markdown, "junit": render_junit}
FORMATS: tuple[str, ...] = tuple(_RENDERERS)
"""Formats that `render` knows."""
FILE_NAMES: dict[str, str] = {"html": "report.html", "md": "report.md", "junit": "junit.xml"}
"""Name in a run folder, by format."""


def render(evidence: Evidence, format_: str) -> bytes:
    """One face of the evidence: html, md or junit. Raises BadInput for another format."""
    if format_ not in _RENDERERS:
        raise bad_input("no such format", where="--format", got=format_, expected=" | ".join(FORMATS))
    return _RENDERERS[format_](evidence)


def faces(evidence: Evidence) -> dict[str, bytes]:
    """Every face by its name in a run folder."""
    return {FILE_NAMES[name]: renderer(evidence) for name, renderer in _RENDERERS.items()}
