"""Where the register of signers lies, and its files as read once: no links, no strange names, nothing missing in between."""

from __future__ import annotations

import re
from pathlib import Path

from evalharness.errors import Altered, MissingSignOff, shown
from evalharness.files.once import NotPlain, read_once

YAML_FILE = "signers.yaml"
ROOT_FILE = "root.txt"
VERSIONS = "signers"
MOST_VERSIONS = 1000
LARGEST = 1 << 20
_VERSION = re.compile(r"(?P<number>[0-9]{4,9})\.dsse\.json")
_PROPOSAL = re.compile(r"[0-9]{4,9}\.proposed\.dsse\.json")
_ROOT_LINE = re.compile(rb"(sha256:[0-9a-f]{64})\n")
_INIT = "`evalharness signers init` makes one"


def version_path(folder: Path, version: int) -> Path:
    """The file of one version; `folder` is the workspace's `sign-off/`."""
    return folder / VERSIONS / f"{version:04d}.dsse.json"


def proposal_path(folder: Path, version: int) -> Path:
    """Where a version waits until enough root keys have signed it."""
    return folder / VERSIONS / f"{version:04d}.proposed.dsse.json"


def proposals(folder: Path) -> tuple[Path, ...]:
    """Versions that wait for signatures, sorted by name."""
    return tuple(sorted(p for p in (folder / VERSIONS).glob("*.proposed.dsse.json") if _PROPOSAL.fullmatch(p.name)))


def version_files(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """(name, bytes) of every version, from 1 on without a gap. Raises MissingSignOff where there is none, Altered for anything strange."""
    numbers = _numbers(folder / VERSIONS)
    if not numbers:
        raise MissingSignOff([f"there is no register of signers in {shown(str(folder), 400)}; {_INIT}"])
    if numbers != list(range(1, len(numbers) + 1)):
        missing = sorted(set(range(1, numbers[-1] + 1)) - set(numbers))
        raise Altered([f"{VERSIONS}/{number:04d}.dsse.json is missing: the register is a chain without gaps" for number in missing[:5]])
    return tuple((f"{VERSIONS}/{number:04d}.dsse.json", read_plain(version_path(folder, number))) for number in numbers)


def root_line(folder: Path) -> str:
    """The fingerprint in root.txt. Raises MissingSignOff where it is absent, Altered where it is not one line `sha256:…`."""
    match = _ROOT_LINE.fullmatch(read_plain(folder / ROOT_FILE))
    if match is None:
        raise Altered([f"{ROOT_FILE} is not one line 'sha256:' and 64 hexadecimal digits"])
    return match[1].decode()


def read_plain(path: Path) -> bytes:
    """The bytes of a plain file of sign-off/. Raises MissingSignOff where it is absent, Altered for a link, a folder or too many bytes."""
    name = shown(path.name)
    try:
        return read_once(path, LARGEST)
    except NotPlain as error:
        raise Altered([f"{name}: {error}"]) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingSignOff([f"sign-off/{name} is absent"]) from error
    except OSError as error:
        raise Altered([f"{name}: it cannot be read ({error.strerror or error})"]) from error


def _numbers(folder: Path) -> list[int]:
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Altered(["sign-off/ or the folder of the register is a link"])
    try:
        names = sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise Altered([f"{VERSIONS}/: it cannot be read ({error.strerror or error})"]) from error
    if len(names) > 2 * MOST_VERSIONS:
        raise Altered([f"{VERSIONS}/: {len(names)} files; at most {MOST_VERSIONS} versions are read"])
    kept = [name for name in names if not name.startswith(".") and not _PROPOSAL.fullmatch(name)]  # hidden: an unfinished write
    strange = [name for name in kept if not _is_version(name)]
    if strange:
        raise Altered([f"{VERSIONS}/{shown(name)}: not the name of a version of the register" for name in strange[:5]])
    return sorted(int(name.partition(".")[0]) for name in kept)


def _is_version(name: str) -> bool:
    match = _VERSION.fullmatch(name)
    return match is not None and f"{int(match['number']):04d}" == match["number"]
