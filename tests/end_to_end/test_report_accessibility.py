"""The report in a real browser: axe-core finds nothing, it fits a phone, and page one prints on one sheet."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evidence_fixture import build, hostile, locked
from task_evidence import build as task_document
from task_evidence import tally_of

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.report.html import render_html

CHROMIUM = os.environ.get("EVALHARNESS_CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CASES: dict[str, dict[str, Any]] = {
    "met": {"kind": "met"},
    "short": {"kind": "short"},
    "hostile": {"kind": "mixed", "bad": True, "word": hostile},
    "uncorrected": {"kind": "mixed", "bad": True, "corrected": False},
    "deep": {"kind": "mixed", "bad": True, "depth": 3},
    "empty": {"kind": "empty"},
    "hostile-met": {"kind": "met", "bad": True, "word": hostile},
    "locked-met": {"kind": "met", "attempt": locked(3), "total": 600_000},
    "locked": {"kind": "mixed", "depth": 3, "attempt": locked(12)},
    "hostile-locked": {"kind": "mixed", "bad": True, "word": hostile, "attempt": locked(100, hostile("c")[:200])},
}
TASK_CASES: dict[str, dict[str, Any]] = {
    "task-ordinal-locked": {"task": "ordinal", "tally": tally_of("ordinal", good=0.97), "attempt": locked()},
    "task-ordinal-hostile": {
        "task": "ordinal",
        "tally": tally_of("ordinal", good=0.3, flawed="E3", refused=5),
        "best": 0.5,
        "word": hostile,
    },
    "task-ranking": {"task": "ranking", "tally": tally_of("ranking", good=0.5), "best": 0.6},
    "task-linkage": {"task": "linkage", "tally": tally_of("linkage", good=0.6), "best": 0.7},
    "task-risk": {"task": "risk", "tally": tally_of("risk", good=0.6, flawed="E3", refused=5), "best": 0.65, "word": hostile},
}
"""The other tasks: met and failing, out of anybody's reach, with hostile names of levels."""
EXAMPLES = Path(__file__).parents[2] / "reports" / "examples"
FONTS = {"usual": "", "wide": 'html { font-family: "DejaVu Sans", sans-serif !important; }'}
"""The style sheet's own choice, and the widest of the usual fonts where there is no other."""


def missing(what: str) -> None:
    """Skips, or fails where a browser is required."""
    if os.environ.get("EVALHARNESS_REQUIRE_BROWSER") == "1":
        pytest.fail(f"EVALHARNESS_REQUIRE_BROWSER=1 and {what}")
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        missing(f"there is no chromium at {CHROMIUM}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=[*sorted(CASES), *TASK_CASES])
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(request.param) / "report.html"
    name = request.param
    document = build(**CASES[name]) if name in CASES else task_document(**TASK_CASES[name])
    path.write_bytes(render_html(read_evidence(evidence_bytes(document))))
    return path


def opened(browser: Any, path: Path, width: int, *, bypass_csp: bool = False) -> tuple[Any, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=bypass_csp).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page, complaints


@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_nothing(browser: Any, page_file: Path, width: int) -> None:
    page, _ = opened(browser, page_file, width, bypass_csp=True)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: false}}})")
    told = [(v["id"], v["help"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found["violations"]]
    page.context.close()
    assert told == []


@pytest.mark.parametrize("width", [1200, 390])
def test_the_page_loads_without_a_complaint_and_never_scrolls_sideways(browser: Any, page_file: Path, width: int) -> None:
    page, complaints = opened(browser, page_file, width)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    needed, given = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    styled = page.evaluate("getComputedStyle(document.querySelector('.band')).borderTopStyle")
    page.context.close()
    assert complaints == []
    assert needed <= given
    assert styled == "solid"


def test_every_region_that_scrolls_can_be_reached_by_keyboard_and_has_a_name(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, 390)
    regions = page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(r => [r.tabIndex, r.getAttribute('role'), r.getAttribute('aria-label')])"
    )
    page.context.close()
    assert regions
    assert all(index == 0 and role == "region" and label for index, role, label in regions)


@pytest.mark.parametrize("width", [1200, 390])
def test_drawings_are_whole_on_the_screen_they_are_made_for(browser: Any, page_file: Path, width: int) -> None:
    page, _ = opened(browser, page_file, width)
    seen = page.evaluate(
        "[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect()).filter(r => r.width).map(r => [r.left, r.right])"
    )
    kinds = page.evaluate("[...document.querySelectorAll('svg')].filter(s => s.checkVisibility()).map(s => s.getAttribute('class'))")
    page.context.close()
    assert seen
    assert all(left >= 0 and right <= width for left, right in seen)
    assert {kind == "phone" for kind in kinds} == {width == 390}


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_page_one_of_a_real_run_is_one_sheet(browser: Any, example: str, font: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render_html(read_evidence(EXAMPLES / example / "evidence.json")))
    assert_one_sheet(printed(browser, path, FONTS[font]), practice=True)


@pytest.mark.parametrize("font", FONTS)
def test_page_one_is_one_sheet_and_the_claim_is_on_every_sheet(browser: Any, page_file: Path, font: str) -> None:
    sheets = printed(browser, page_file, FONTS[font])
    name = page_file.parent.name
    practice = "locked" not in name
    assert_one_sheet(sheets, practice=practice, other_items="hostile-locked" in name)
    assert all("REHEARSAL" in re.sub(r"\s", "", sheet) for sheet in sheets)
    assert [("PRACTICERUN" in re.sub(r"\s", "", sheet)) is practice for sheet in sheets].count(False) == 0
    assert any("Counts by group" in sheet for sheet in sheets), "what is folded on the screen is open on paper"


def printed(browser: Any, path: Path, style: str) -> list[str]:
    """The text of every printed sheet."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext (poppler-utils) is not installed")
    page, _ = opened(browser, path, 1200, bypass_csp=bool(style))
    if style:
        page.add_style_tag(content=style)
    page.pdf(path=str(path.with_suffix(".pdf")), prefer_css_page_size=True, print_background=True)
    page.context.close()
    done = subprocess.run(["pdftotext", "-layout", str(path.with_suffix(".pdf")), "-"], capture_output=True, text=True, check=True)
    return done.stdout.removesuffix("\f").split("\f")


def assert_one_sheet(sheets: list[str], *, practice: bool, other_items: bool = False) -> None:
    first = re.sub(r"\s+", " ", sheets[0])
    assert "What signing would mean" in sheets[0]
    assert sheets[1].strip().startswith("Requirement by requirement") or "Requirement by requirement" in sheets[1][:600]
    assert ("PRACTICE RUN: nothing was fixed beforehand. It can never be signed." in first) is practice
    assert ("NOT FOR SIGNING: these are not the policy's own items. It can never be signed." in first) is other_items
    assert ("then run again" in first) is (practice or other_items)
    assert ("The policy wants these signatures" in first) is not (practice or other_items)
    assert ("carries the risk that remains." in first) is not (practice or other_items)
    assert not re.search(r"\(\d\)[.,]", sheets[1][: sheets[1].index("Requirement by requirement")])
