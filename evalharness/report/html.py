"""The HTML face: one file, no script, no network, a content security policy that allows only its own style sheet."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from evalharness.errors import shown
from evalharness.evidence import Evidence
from evalharness.report.build import build_view

_LONGEST = 4000
"""Characters of any one text."""


def render_html(evidence: Evidence) -> bytes:
    """The report as one UTF-8 page. The same evidence gives the same bytes."""
    return html_page("report.html.j2", view=build_view(evidence))


def html_page(name: str, *, view: Any, package: str = "evalharness.report", more_style: str = "") -> bytes:
    """A template of `package`, beside those of this one, drawn in the report's look: one file, its own style sheet and no other.

    more_style: style rules that follow the report's.
    """
    style = _style() + more_style
    if "</" in more_style:
        raise ValueError("the style sheet must not close its own element")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment(package).get_template(name)
    return template.render(view=view, style=Markup(style), style_digest=Markup(digest)).encode()  # noqa: S704


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, "evalharness.report"))]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["soft"] = _soft
    return environment


def _visible(value: Any) -> Any:
    """Foreign text with control, format and bidirectional characters written out."""
    return shown(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _soft(value: str) -> Markup:
    """Text that may break after an underscore."""
    return escape(_visible(value)).replace("_", Markup("_<wbr>"))


@cache
def _style() -> str:
    text = resources.files("evalharness.report").joinpath("templates", "report.css").read_text("utf-8")
    if "</" in text:
        raise ValueError("the style sheet must not close its own element")
    return "\n" + text
