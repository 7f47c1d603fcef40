"""The documentation cannot rot: links lead somewhere, commands are real, generated pages are up to date."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts that write and check the documentation, as `python scripts/NAME.py` would find them."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import check_docs
        import write_cli_docs
        import write_metrics_docs

        yield {"check": check_docs, "cli": write_cli_docs, "metrics": write_metrics_docs}
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def test_every_relative_link_and_anchor_leads_somewhere(scripts: dict[str, ModuleType]):
    check = scripts["check"]
    assert len(check.pages()) > 15
    assert [problem for page in check.pages() for problem in check.broken_links(page)] == []


def test_every_command_and_option_shown_is_real(scripts: dict[str, ModuleType]):
    check = scripts["check"]
    assert sum(len(list(check.shown_commands(page))) for page in check.pages()) > 15
    assert [problem for page in check.pages() for problem in check.unreal_commands(page)] == []


def test_the_page_of_metrics_is_the_catalogue_s(scripts: dict[str, ModuleType]):
    assert (ROOT / "docs/metrics.md").read_text(encoding="utf-8") == scripts["metrics"].page()


def test_the_page_of_commands_is_their_own_help(scripts: dict[str, ModuleType]):
    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == scripts["cli"].page()


def test_every_command_of_the_design_is_on_the_page_of_commands():
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    for words in ("init", "benchmark list", "benchmark describe", "benchmark generate", "benchmark verify", "evaluate", "report", "verify"):
        assert f"\n## evalharness {words}\n" in text
    assert "\n## evalharness gate\n" in text
    assert "\n## evalharness doctor\n" in text


def test_the_readme_s_table_names_every_command():
    rows = re.findall(r"^\| (`.+?) \|", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = {words.split()[0] for row in rows for words in re.findall(r"`([^`]+)`", row)}
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    commands = re.findall(r"^  ([a-z]+) {2,}\S", page.partition("Commands:")[2].partition("```")[0], flags=re.MULTILINE)
    assert len(commands) > 15
    assert set(commands) <= named


def test_each_benchmark_comes_with_made_up_reviewers_and_the_readme_says_so():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    recipes = sorted(path.parent for path in (ROOT / "datasets_synthetic").glob("*/benchmark.yaml"))
    assert len(recipes) == 5
    assert all((folder / "reviewers.yaml").is_file() and f"| [`{folder.name}`]" in text for folder in recipes)
    assert "`evaluate --synthetic-reviewers`" in text


def test_a_broken_link_a_lost_anchor_and_a_false_command_are_found(scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch):
    check = scripts["check"]
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "make_targets", lambda: {"demo"})
    page = tmp_path / "page.md"
    page.write_text(
        "# One heading\n[a](#one-heading) [b](#another) [c](gone.md) [d](../outside.md)\n```console\n$ make demo\n$ make nothing\n```\n",
        encoding="utf-8",
    )
    assert list(check.broken_links(page)) == [
        "page.md:2: the link #another leads to no heading",
        "page.md:2: the link gone.md leads to no file",
        "page.md:2: the link ../outside.md leads to no file",
    ]
    assert list(check.unreal_commands(page)) == ["page.md:5: the Makefile has no target nothing"]
