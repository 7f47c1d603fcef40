"""Writes docs/cli.md from the commands' own `--help`. `--check` writes nothing and fails when the page is not what it would write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from write_metrics_docs import write_or_check

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
_COMMANDS = re.compile(r"^.*\bCommands\b.*\n((?:.*\S.*\n?)*)", re.MULTILINE)  # the section's lines, up to an empty one
_COMMAND = re.compile(r"^(?:[│|] |  )([a-z][a-z-]*)(?:\s|$)", re.MULTILINE)

_OPENING = """\
# The command line

<!-- Written by scripts/write_cli_docs.py from the commands' own help. Do not edit. -->

The words of every command. What they are for: [for data scientists](data-scientist.md), [in CI](ci.md).
Exit codes are in the [README](../README.md#exit-codes).
"""


def page() -> str:
    """The whole page: a section for the program and for each command."""
    sections = [f"\n## {' '.join(('evalharness', *words))}\n\n```text\n{text}\n```\n" for words, text in every_help(())]
    return _OPENING + "".join(sections)


def every_help(words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(command words, help text) of a command and of all below it."""
    text = help_of(words)
    yield words, text
    for name in commands_in(text):
        yield from every_help((*words, name))


def help_of(words: tuple[str, ...]) -> str:
    """What `evalharness WORDS --help` prints, 100 columns wide and without colour.

    Raises CalledProcessError when there is no such command.
    """
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    plain = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "TERM": "dumb", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "evalharness", *words, "--help"]
    done = subprocess.run(command, env=environment | plain, check=True, capture_output=True, text=True, encoding="utf-8")
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines()).replace("python -m evalharness", "evalharness")


def commands_in(text: str) -> list[str]:
    """Names listed under `Commands` in a help text."""
    section = _COMMANDS.search(text)
    return _COMMAND.findall(section[1]) if section else []


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), check="--check" in sys.argv[1:]))
