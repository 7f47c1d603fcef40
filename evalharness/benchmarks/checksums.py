"""`CHECKSUMS` of a data folder: sha256 of every file in it, in the form that `sha256sum -c` reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evalharness.digests import sha256_file
from evalharness.errors import shown, unreadable
from evalharness.files.atomic import write_bytes

CHECKSUMS_FILE = "CHECKSUMS"
_AT_ONCE = 2
"""Files that are read side by side: hashing lets other threads run."""
_LINE = re.compile(r"([0-9a-f]{64})  ((?:truth/)?[A-Za-z0-9_][A-Za-z0-9_.-]*)")


def write_checksums(folder: Path) -> None:
    """Writes the sums of all files under `folder`, sorted by name."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    listed = [name for name in names if name != CHECKSUMS_FILE]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        digests = list(pool.map(sha256_file, (folder / name for name in listed)))
    lines = [f"{digest.removeprefix('sha256:')}  {name}\n" for name, digest in zip(listed, digests, strict=True)]
    write_bytes(folder / CHECKSUMS_FILE, "".join(lines).encode())


def listed_files(folder: Path) -> dict[str, str]:
    """File -> its sha256 in hex, as CHECKSUMS says; lines of another form are left out. Raises BadInput when it cannot be read."""
    try:
        text = (folder / CHECKSUMS_FILE).read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise unreadable(folder / CHECKSUMS_FILE, error) from error
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {match[2]: match[1] for match in found if match is not None}


def differing_files(folder: Path) -> Iterator[str]:
    """What is wrong with the files that CHECKSUMS lists, by name."""
    for name, digest in listed_files(folder).items():
        path = folder / name
        if not path.is_file():
            yield f"{path} is missing"
        elif sha256_file(path) != f"sha256:{digest}":
            yield f"{path}: its bytes are not those that {CHECKSUMS_FILE} lists"


def unlisted_files(folder: Path, wanted: Iterable[str]) -> Iterator[str]:
    """Files that CHECKSUMS does not list: those `wanted` of it, and whatever else lies in the folder."""
    listed = listed_files(folder)
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    yield from (shown(name) for name in dict.fromkeys((*wanted, *found)) if name not in listed and name != CHECKSUMS_FILE)
