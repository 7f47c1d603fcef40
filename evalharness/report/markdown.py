"""The Markdown face: the same content in the same order, page one as long as it must be, and foreign text that cannot become markup."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evalharness.errors import shown
from evalharness.evidence import Evidence
from evalharness.report.build import build_view
from evalharness.report.fitting import ENDLESS

_LONGEST = 100_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]|~#!$^=])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})
_LINK = re.compile(r"://|\bwww\.|\b(?:mailto|xmpp|javascript|data):", re.IGNORECASE)
_START = re.compile(r"^(?:(\d+)([.)])(?=\s|$)|([-+]))")


def render_markdown(evidence: Evidence) -> bytes:
    """The report as CommonMark with tables; nothing in it is shortened. The same evidence gives the same bytes."""
    return markdown_page("report.md.j2", view=build_view(evidence, ENDLESS))


def markdown_page(name: str, *, view: Any, package: str = "evalharness.report") -> bytes:
    """A template of `package`, with every text in it escaped."""
    return _environment(package).get_template(name).render(view=view).encode()


def escaped(text: str) -> str:
    """`text` on one line, with nothing left that Markdown, HTML or automatic links could act on."""
    plain = shown(text, _LONGEST).strip()
    plain = _SPECIAL.sub(r"\\\1", plain).translate(_ENTITIES)
    plain = _LINK.sub(lambda m: m[0].replace(":", "&#58;").replace(".", "&#46;"), plain)
    return _START.sub(lambda m: f"\\{m[3]}" if m[3] else f"{m[1]}\\{m[2]}", plain)


@cache
def _environment(package: str) -> Environment:
    # autoescape stays off: `finalize` escapes for Markdown, which HTML escaping would spoil
    return Environment(
        loader=PackageLoader(package),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _visible(value: Any) -> Any:
    return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value
