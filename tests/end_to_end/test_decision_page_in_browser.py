"""The decision page in a real browser: axe-core finds nothing, it fits a phone, and it runs and fetches nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from signing_desk import Desk

from evalharness.workflows.signing_answers import Answers

CHROMIUM = os.environ.get("EVALHARNESS_CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SPITE = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) https://example.invalid " + "longword" * 30
CONDITIONS = (f"action={SPITE}@2026-12-10@ben", "maximum_volume=50000", f"unit={SPITE}")


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
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Approved by all; and with every part filled with spiteful words, rejected."""
    made = Desk.open(tmp_path_factory.mktemp("desk") / "w")
    approved, spiteful = (made.copy(tmp_path_factory.mktemp(name) / "w") for name in ("approved", "spiteful"))
    approved.approve_all()
    spiteful.sign("eve", "advice", Answers(advice="against", why=SPITE))
    for person in ("ada", "ben"):
        answers = spiteful.answers(conditions=CONDITIONS, departures={"victims_advocate": SPITE}, not_tested=SPITE, accept_risk=SPITE)
        spiteful.sign(person, "approve-with-conditions", answers)
    spiteful.sign("fay", "dissent", Answers(why=SPITE, conflict=SPITE))
    spiteful.sign("cy", "reject", Answers(why=SPITE))
    return {"approved": approved.run / "decision.html", "spiteful": spiteful.run / "decision.html"}


def opened(browser: Any, path: Path, width: int, *, bypass_csp: bool = False) -> tuple[Any, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=bypass_csp).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url == path.as_uri() else complaints.append(asked.url))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page, complaints


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("name", ["approved", "spiteful"])
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    page, _ = opened(browser, pages[name], width, bypass_csp=True)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: false}}})")
    told = [(v["id"], v["help"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found["violations"]]
    page.context.close()
    assert told == []


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("name", ["approved", "spiteful"])
def test_it_fits_the_screen_and_neither_runs_nor_fetches_anything(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    page, complaints = opened(browser, pages[name], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
    assert complaints == []
