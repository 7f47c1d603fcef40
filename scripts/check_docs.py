"""Checks the documentation: links and anchors lead somewhere, pictures exist, commands and options shown are real."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^(```|~~~)(\w*)")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
_MAKE_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def pages() -> list[Path]:
    """Every Markdown page that git knows of, runs and model output excepted."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.md"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(ROOT / name for name in names if name and (ROOT / name).is_file() and not _is_output(name))


def _is_output(name: str) -> bool:
    return name.startswith("tests/") or (name.startswith("reports/examples/") and name.count("/") > 2)


def prose_and_code(page: Path) -> Iterator[tuple[int, str, str | None]]:
    """(line number, line, language of the code block it is in, or None in prose)."""
    language: str | None = None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if found := _FENCE.match(line.strip()):
            language = None if language is not None else found[2]
        else:
            yield number, line, language


def anchors(page: Path) -> set[str]:
    """Anchors that a page's headings make, as GitHub makes them."""
    headings = [found[1] for _, line, language in prose_and_code(page) if language is None and (found := _HEADING.match(line))]
    return {re.sub(r"[^\w\- ]", "", re.sub(r"`|\]\([^)]*\)|\[|\*", "", text).lower()).replace(" ", "-") for text in headings}


def broken_links(page: Path) -> Iterator[str]:
    """A sentence for each relative link that leads nowhere."""
    for number, line, language in prose_and_code(page):
        if language is not None:
            continue
        for target in _LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if not re.match(r"[a-z]+:", target) and (problem := _broken(page, target)):
                yield f"{page.relative_to(ROOT)}:{number}: {problem}"


def _broken(page: Path, target: str) -> str:
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.is_relative_to(ROOT) or not file.exists():
        return f"the link {target} leads to no file"
    if anchor and (file.suffix != ".md" or anchor not in anchors(file)):
        return f"the link {target} leads to no heading"
    return ""


def shown_commands(page: Path) -> Iterator[tuple[int, str]]:
    """(line number, command) of each `$ ` line in a console block; lines that end in a backslash are joined."""
    waiting, since = "", 0
    for number, line, language in prose_and_code(page):
        if language != "console" or not (waiting or line.startswith("$ ")):
            continue
        text, since = (waiting + " " + line.strip(), since) if waiting else (line[2:], number)
        waiting = text[:-1].strip() if text.endswith("\\") else ""
        if not waiting:
            yield since, text


def unreal_commands(page: Path) -> Iterator[str]:
    """A sentence for each command or option that does not exist."""
    for number, command in shown_commands(page):
        words = command.split("#")[0].split()
        problem = ""
        if words[:1] == ["make"]:
            problem = "" if set(words[1:2]) <= make_targets() else f"the Makefile has no target {words[1]}"
        elif words[:1] == ["evalharness"]:
            problem = _unreal(words[1:])
        if problem:
            yield f"{page.relative_to(ROOT)}:{number}: {problem}"


def _unreal(words: list[str]) -> str:
    text, used = help_text(()), 0
    while used < len(words) and words[used] in commands_of(text):
        used += 1
        text = help_text(tuple(words[:used]))
    if commands_of(text):
        return f"evalharness has no command {' '.join(words[: used + 1])!r}"
    unknown = [option for option in _OPTION.findall(" ".join(words[used:])) if option not in text]
    return f"evalharness {' '.join(words[:used])} has no option {', '.join(unknown)}" if unknown else ""


@functools.cache
def make_targets() -> set[str]:
    return set(_MAKE_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


@functools.cache
def help_text(words: tuple[str, ...]) -> str:
    from write_cli_docs import help_of  # noqa: PLC0415  (links are checked without starting the command line)

    return help_of(words)


def commands_of(text: str) -> list[str]:
    from write_cli_docs import commands_in  # noqa: PLC0415

    return commands_in(text)


def main() -> int:
    problems = [problem for page in pages() for check in (broken_links, unreal_commands) for problem in check(page)]
    print("\n".join(problems) if problems else f"documentation: {len(pages())} pages, every link and command is real")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
