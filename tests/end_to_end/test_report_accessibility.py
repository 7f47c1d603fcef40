"""The report in a real browser: axe-core finds nothing, it fits a phone, and page one prints on one sheet."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from described_evidence import linkage_document, ranking_document
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
DESCRIBED: dict[str, Callable[[], dict[str, Any]]] = {
    "described-ranking": lambda: ranking_document(strength=0.1),
    "described-linkage": linkage_document,
}
"""With measures that no counts hold, and their drawings."""
PAGES = (*sorted(CASES), *TASK_CASES, *DESCRIBED)
WIDTHS = (1200, 390)
AXE_AT: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("short", "empty", "hostile-locked", "task-ranking", "task-linkage", "task-risk"), WIDTHS),
    **dict.fromkeys(("met", "uncorrected", "deep", "locked-met", "task-ordinal-locked", "described-linkage"), WIDTHS[:1]),
    **dict.fromkeys(("hostile-met", "hostile", "locked", "task-ordinal-hostile", "described-ranking"), WIDTHS[1:]),
}
"""How wide the screen is on which axe looks at a page: it takes seconds. Pages of one kind share the widths between them."""
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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A page of `PAGES`, or of a real run, by its name; each is drawn once."""
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def file(name: str) -> Path:
        path = folder / f"{name}.html"
        written = evidence_bytes(_document(name)) if name in PAGES else EXAMPLES / name / "evidence.json"
        path.write_bytes(render_html(read_evidence(written)))
        return path

    return file


def _document(name: str) -> dict[str, Any]:
    if name in DESCRIBED:
        return DESCRIBED[name]()
    return build(**CASES[name]) if name in CASES else task_document(**TASK_CASES[name])


@dataclass(frozen=True)
class Screen:
    """A page as it was opened, and what it complained of. Tests look at it and leave it as it is, but for what is folded: that is open."""

    name: str
    width: int
    page: Any
    complaints: list[str]


SCREENS = [(name, width) for name in PAGES for width in WIDTHS]


def screen_id(at: tuple[str, int]) -> str:
    return f"{at[0]}-{at[1]}"


@pytest.fixture(scope="module", params=SCREENS, ids=screen_id)
def screen(request: pytest.FixtureRequest, browser: Any, files: Callable[[str], Path]) -> Iterator[Screen]:
    name, width = request.param
    page, complaints = opened(browser, files(name), width)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    yield Screen(name, width, page, complaints)
    page.context.close()


def opened(browser: Any, path: Path, width: int) -> tuple[Any, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page, complaints


def test_the_page_loads_without_a_complaint_and_never_scrolls_sideways(screen: Screen) -> None:
    needed, given = screen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert screen.complaints == []
    assert needed <= given
    assert screen.page.evaluate("getComputedStyle(document.querySelector('.band')).borderTopStyle") == "solid"


@pytest.mark.parametrize("screen", [(name, width) for name, width in SCREENS if width in AXE_AT[name]], indirect=True, ids=screen_id)
def test_axe_finds_nothing(screen: Screen) -> None:
    screen.page.evaluate(AXE.read_text("utf-8"))
    found = screen.page.evaluate("axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: false}}})")
    assert [(v["id"], v["help"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found["violations"]] == []


def test_axe_looks_at_every_page_once_and_at_every_kind_of_page_at_every_width() -> None:
    assert set(AXE_AT) == set(PAGES)
    assert all(AXE_AT.values())
    kinds: dict[tuple[object, ...], set[int]] = {}
    for name, case in {**CASES, **TASK_CASES}.items():
        hard = case.get("kind") == "mixed" and "attempt" in case and "word" in case
        kinds.setdefault((case.get("kind"), case.get("task"), case.get("depth"), hard), set()).update(AXE_AT[name])
    assert all(widths == set(WIDTHS) for widths in kinds.values()), kinds


def test_every_region_that_scrolls_can_be_reached_by_keyboard_and_has_a_name(screen: Screen) -> None:
    regions = screen.page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(r => [r.tabIndex, r.getAttribute('role'), r.getAttribute('aria-label')])"
    )
    assert regions
    assert all(index == 0 and role == "region" and label for index, role, label in regions)


def test_drawings_are_whole_on_the_screen_they_are_made_for(screen: Screen) -> None:
    seen = screen.page.evaluate(
        "[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect()).filter(r => r.width).map(r => [r.left, r.right])"
    )
    kinds = screen.page.evaluate(  # a curve is drawn once, for every screen
        "[...document.querySelectorAll('svg:not(.curve svg)')].filter(s => s.checkVisibility()).map(s => s.getAttribute('class'))"
    )
    assert seen
    assert all(left >= 0 and right <= screen.width for left, right in seen)
    assert {kind == "phone" for kind in kinds} == {screen.width == 390}


@pytest.fixture(scope="module")
def paper(browser: Any, files: Callable[[str], Path]) -> Callable[[str, str], list[str]]:
    """The text of every sheet that a page is printed on, in a font. A page is opened once and printed in both."""

    @cache
    def printed(name: str) -> dict[str, list[str]]:
        if shutil.which("pdftotext") is None:
            missing("pdftotext (poppler-utils) is not installed")
        page, _ = opened(browser, files(name), 1200)
        sheets = {}
        for font, style in FONTS.items():
            page.evaluate("(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }", style)
            path = files(name).with_suffix(f".{font}.pdf")
            page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
            done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
            sheets[font] = done.stdout.removesuffix("\f").split("\f")
        page.context.close()
        return sheets

    return lambda name, font: printed(name)[font]


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_page_one_of_a_real_run_is_one_sheet(paper: Callable[[str, str], list[str]], example: str, font: str) -> None:
    assert_one_sheet(paper(example, font), practice=True)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("name", PAGES)
def test_page_one_is_one_sheet_and_the_claim_is_on_every_sheet(paper: Callable[[str, str], list[str]], name: str, font: str) -> None:
    sheets = paper(name, font)
    practice = "locked" not in name
    assert_one_sheet(sheets, practice=practice, other_items="hostile-locked" in name)
    assert all("REHEARSAL" in re.sub(r"\s", "", sheet) for sheet in sheets)
    assert [("PRACTICERUN" in re.sub(r"\s", "", sheet)) is practice for sheet in sheets].count(False) == 0
    assert any("Counts by group" in sheet for sheet in sheets), "what is folded on the screen is open on paper"


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
