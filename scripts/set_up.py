"""Makes the virtual environment: exactly the locked packages, every one checked against its hash, then evalharness itself.

    python scripts/set_up.py .venv requirements-dev.lock

Needs the network only for packages that are not there yet. Prints little; when pip fails, prints what pip said.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==")
_STARTED = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")
SOURCE_ONLY = "jsonpath-rw"
"""Published without a wheel: pip builds it, from the source whose digest is locked. Only mlcroissant, which only tests use, needs it."""


def main(folder: str, lock: str) -> int:
    environment, started = ROOT / folder, time.monotonic()
    python = make_environment(environment)
    packages = ["--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCE_ONLY, "--no-compile", "-r", str(ROOT / lock)]
    itself = ["--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    if not pip(python, packages, expected=len(locked(ROOT / lock))) or not pip(python, itself, expected=0):
        return 1
    say("compiling")
    # Some packages ship files that are examples of broken syntax: what does not compile is compiled when, and if, it is imported.
    subprocess.run([python, "-m", "compileall", "-q", "-j", "0", environment / "lib"], check=False, capture_output=True)
    say(f"ready: {folder} ({time.monotonic() - started:.0f} s)", end="\n")
    return 0


def make_environment(folder: Path) -> Path:
    """The environment's interpreter; made anew when there is none that runs this Python's version."""
    python = folder / "bin" / "python"
    version = [str(python), "-c", "import sys; print(*sys.version_info[:2])"]
    if python.exists() and subprocess.run(version, check=False, capture_output=True, text=True).stdout.split() == [
        str(part) for part in sys.version_info[:2]
    ]:
        return python
    say(f"making {folder.name} with Python {sys.version_info.major}.{sys.version_info.minor}", end="\n")
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    return python


def locked(lock: Path) -> set[str]:
    """Names of the packages pinned in `lock`."""
    return {found[1] for line in lock.read_text(encoding="utf-8").splitlines() if (found := _REQUIREMENT.match(line))}


def pip(python: Path, arguments: list[str], *, expected: int) -> bool:
    """Runs `pip install`, showing how far it is. False, and pip's own words, when it fails."""
    command = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        said = list(shown(process.stdout or iter(()), expected))
    if process.returncode:
        say("pip could not install the locked packages; it said:", end="\n")
        print("".join(said[-25:]), flush=True)
    return process.returncode == 0


def shown(lines: Iterator[str], expected: int) -> Iterator[str]:
    """Passes pip's lines on, showing progress on the way."""
    seen = 0
    for line in lines:
        if found := _STARTED.match(line):
            seen = min(seen + 1, expected)
            progress(f"package {seen} of about {expected}: {found[1]}", seen)
        elif line.startswith("Installing collected packages"):
            say(f"installing {line.count(',') + 1} package(s)", end="\n")
        yield line


def progress(text: str, seen: int) -> None:
    """A line that overwrites itself on a terminal; elsewhere one line in forty."""
    if sys.stdout.isatty():
        say(text)
    elif seen % 40 == 1:
        say(text, end="\n")


def say(text: str, end: str = "") -> None:
    """Prints over the current line on a terminal."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text[:100]}", end=end, flush=True)
    else:
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
