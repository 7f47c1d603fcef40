"""Runs on disk: a folder of files and a SHA256SUMS over all of them, made whole or not at all."""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, Fault, NoEvidence, shown
from evalharness.evidence.document import LARGEST, read_evidence
from evalharness.evidence.schema import TIME_FORMAT, Evidence
from evalharness.files.atomic import new_folder
from evalharness.files.once import NotPlain, read_once

EVIDENCE_FILE = "evidence.json"
SUMS_FILE = "SHA256SUMS"
STATEMENTS = "statements"
"""The folder of signed statements in a run. They come after SHA256SUMS was written, so it does not list them: each proves itself."""
PAGES = ("decision.html", "decision.json", "decision.md")
"""Pages drawn from the statements, drawn anew after each: not listed in SHA256SUMS either, and never believed."""
MOST_FILES = 100
MOST_BYTES = 1 << 27
"""Of one run folder altogether, statements apart."""
MOST_STATEMENTS = 200
LARGEST_STATEMENT = 1 << 20
"""Bytes; a decision is about 4 KiB."""
_STATEMENT_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,199}\.dsse\.json")
_UNFINISHED = re.compile(r"\.(?P<name>[a-z0-9][a-z0-9.-]*)\.tmp-[0-9]+-[0-9a-f]{8}")
"""What an interrupted write leaves behind (`files.atomic`). Nobody reads it."""
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (" + _FILE_NAME.pattern + ")")
_RUN_ID = re.compile(r"\d{8}T\d{6}Z-(?P<names>[a-z0-9][a-z0-9-]*)-[0-9a-f]{12}")
EXAMPLES = "examples"
"""The folder of committed examples beside runs; it is never evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run folder as read once."""

    folder: Path
    evidence: Evidence
    evidence_bytes: bytes
    digest: str
    """sha256 of `evidence_bytes`."""
    files: Mapping[str, bytes]
    """Every file of the folder by name, evidence and SHA256SUMS included; neither statements nor decision pages."""
    problems: tuple[str, ...]
    """Where the folder does not agree with its SHA256SUMS, or holds what no run holds; empty when all is well."""
    statements: Mapping[str, bytes] = field(default_factory=dict)
    """Every file of `statements/` by name, sorted; read once, not checked."""
    pages: Mapping[str, bytes] = field(default_factory=dict)
    """The decision pages that are there, by name."""


def run_id(created: datetime | str, model: str, benchmark: str, evidence_digest: str) -> str:
    """`YYYYMMDDTHHMMSSZ-MODEL-BENCHMARK-` and 12 hex of the evidence digest."""
    moment = datetime.strptime(created, TIME_FORMAT).replace(tzinfo=UTC) if isinstance(created, str) else created.astimezone(UTC)
    return f"{moment.strftime('%Y%m%dT%H%M%SZ')}-{model}-{benchmark}-{evidence_digest.removeprefix('sha256:')[:12]}"


def may_be_of_model(folder_name: str, model: str) -> bool:
    """Whether a run folder may hold evidence of `model`, by its name alone: for evidence that can no longer be read.

    A name that is no RUN_ID (`--out`) says nothing, so it may.
    """
    match = _RUN_ID.fullmatch(folder_name)
    return match is None or match["names"].startswith(model + "-")


def write_run(folder: Path, files: Mapping[str, bytes], statements: Mapping[str, bytes] | None = None) -> None:
    """Write `files`, a SHA256SUMS over them, and `statements` beside into `folder`, in one step.

    Raises BadInput when the folder is there and not empty, Fault for a name that no run may hold.
    """
    for name in files:
        if not _FILE_NAME.fullmatch(name) or name in (SUMS_FILE, STATEMENTS, *PAGES):
            raise Fault(f"{shown(name)} cannot be the name of a file in a run")
    for name, data in (statements or {}).items():
        if not is_statement_name(name) or len(data) > LARGEST_STATEMENT:
            raise Fault(f"{shown(name)} cannot be a statement of a run")
    with new_folder(folder) as temporary:
        for name in sorted(files):
            (temporary / name).write_bytes(files[name])
        (temporary / SUMS_FILE).write_bytes(sums(files))
        if statements:
            (temporary / STATEMENTS).mkdir()
        for name in sorted(statements or {}):
            (temporary / STATEMENTS / name).write_bytes((statements or {})[name])


def is_statement_name(name: str) -> bool:
    """Whether a file of `statements/` may be called so."""
    return _STATEMENT_NAME.fullmatch(name) is not None


def sums(files: Mapping[str, bytes]) -> bytes:
    """The text of SHA256SUMS, as `sha256sum` writes and checks it."""
    return "".join(f"{_hex(files[name])}  {name}\n" for name in sorted(files)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFiles:
    """The bytes of a run folder, before anything is believed."""

    folder: Path
    files: Mapping[str, bytes]
    statements: Mapping[str, bytes]
    pages: Mapping[str, bytes]
    problems: tuple[str, ...]
    """Files that could not be read, or lie where no run has any."""


def read_run(folder: Path) -> StoredRun:
    """A run folder, each file read once, links refused.

    Raises NoEvidence when there is no folder or nothing in it; Altered when the evidence is missing or cannot be read.
    What else disagrees with SHA256SUMS is listed in `problems`.
    """
    return checked_run(read_files(folder))


def read_files(folder: Path) -> RunFiles:
    """What lies in a run folder. Raises NoEvidence when there is none or nothing in it, Altered when it is a link."""
    if folder.is_symlink():
        raise Altered([f"{shown(str(folder), 400)} is a link, not a run folder"])
    if not folder.is_dir():
        raise NoEvidence(f"there is no run at {shown(str(folder), 400)}")
    files, problems = _read_files(folder)
    statements, against = _read_statements(folder / STATEMENTS)
    problems += against
    pages = {name: files.pop(name) for name in PAGES if name in files}
    if not (files or statements or pages or problems) and not (folder / STATEMENTS).exists():
        raise NoEvidence(f"{shown(str(folder), 400)} is empty")
    return RunFiles(folder=folder, files=files, statements=statements, pages=pages, problems=tuple(problems))


def checked_run(found: RunFiles) -> StoredRun:
    """The run in these files. Raises Altered when the evidence is missing or cannot be read."""
    problems = [*found.problems, *_disagreements(found.files)]
    data = found.files.get(EVIDENCE_FILE)
    if data is None:
        raise Altered([*problems, f"{EVIDENCE_FILE} is missing from {shown(str(found.folder), 400)}"])
    try:
        evidence = read_evidence(data)
    except Altered as error:
        raise Altered([*problems, *error.reasons]) from error
    return StoredRun(
        folder=found.folder,
        evidence=evidence,
        evidence_bytes=data,
        digest=sha256_bytes(data),
        files=found.files,
        problems=tuple(problems),
        statements=found.statements,
        pages=found.pages,
    )


def runs_in(reports: Path) -> tuple[Path, ...]:
    """Folders in `reports` that may be runs, sorted: not `examples`, and not hidden ones (unfinished writes)."""
    if not reports.is_dir():
        return ()
    found = [p for p in reports.iterdir() if (p.is_dir() or p.is_symlink()) and p.name != EXAMPLES and not p.name.startswith(".")]
    return tuple(sorted(found, key=lambda p: p.name))


def _read_files(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    names = sorted(path.name for path in folder.iterdir() if path.name != STATEMENTS and not _unfinished(path.name, PAGES))
    if len(names) > MOST_FILES:
        return {}, [f"{len(names)} files in one run folder; at most {MOST_FILES} are read"]
    return _read_each(folder, names, LARGEST, MOST_BYTES)


def _read_statements(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """What lies in `statements/`, where there is such a folder. Anything that is no plain file of the right name is a problem, unfinished
    writes apart."""
    try:
        kind = folder.lstat().st_mode
    except FileNotFoundError:
        return {}, []
    if not stat.S_ISDIR(kind):
        return {}, [f"{STATEMENTS}: it is a link, a file or a device, not a folder"]
    try:
        names = sorted(path.name for path in folder.iterdir() if not _unfinished(path.name))
    except OSError as error:
        return {}, [f"{STATEMENTS}: it cannot be read ({error.strerror or error})"]
    if len(names) > MOST_STATEMENTS:
        return {}, [f"{STATEMENTS}: {len(names)} files; at most {MOST_STATEMENTS} are read"]
    strange = [f"{STATEMENTS}/{shown(name)}: not the name of a statement" for name in names if not is_statement_name(name)]
    named = [name for name in names if is_statement_name(name)]
    found, problems = _read_each(folder, named, LARGEST_STATEMENT, LARGEST_STATEMENT * MOST_STATEMENTS)
    return found, [*strange, *(f"{STATEMENTS}/{problem}" for problem in problems)]


def _unfinished(name: str, of: Collection[str] | None = None) -> bool:
    match = _UNFINISHED.fullmatch(name)
    return match is not None and (of is None or match["name"] in of)


def _read_each(folder: Path, names: Iterable[str], largest: int, altogether: int) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    problems: list[str] = []
    left = altogether
    for name in names:
        try:
            files[name] = read_once(folder / name, min(largest, left))
            left -= len(files[name])
        except NotPlain as error:
            problems.append(f"{shown(name)}: {error}")
        except OSError as error:
            problems.append(f"{shown(name)}: it cannot be read ({error.strerror or error})")
    return files, problems


def _disagreements(files: Mapping[str, bytes]) -> list[str]:
    if SUMS_FILE not in files:
        return [f"{SUMS_FILE} is missing"]
    listed: dict[str, str] = {}
    problems = []
    text = files[SUMS_FILE].decode("utf-8", "replace")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = _SUM_LINE.fullmatch(line)
        if match is None or match[2] in listed:
            problems.append(f"{SUMS_FILE}:{number}: not a line that sha256sum writes, or a name repeated")
        else:
            listed[match[2]] = match[1]
    present = set(files) - {SUMS_FILE}
    problems += [f"{name}: listed in {SUMS_FILE} and missing" for name in sorted(set(listed) - present)]
    problems += [f"{shown(name)}: not listed in {SUMS_FILE}" for name in sorted(present - set(listed))]
    problems += [f"{name}: changed since it was written" for name in sorted(present & set(listed)) if _hex(files[name]) != listed[name]]
    return problems


def _hex(data: bytes) -> str:
    return sha256_bytes(data).removeprefix("sha256:")
