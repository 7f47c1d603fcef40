"""Strict YAML 1.2: one document, plain values, the place of every key; everything that could mislead a reader is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from evalharness.errors import Problems, bad_input
from evalharness.files.builder import Builder
from evalharness.files.document import KeyPath, YamlDocument
from evalharness.files.scalars import is_forbidden
from evalharness.files.shape import validate

__all__ = [
    "LARGEST_FILE", "KeyPath", "YamlDocument", "examine_front_matter", "examine_yaml", "front_matter", "parse_yaml", "read_bytes",
    "read_yaml", "validate",
]  # fmt: skip

LARGEST_FILE = 1 << 20
_BOM = b"\xef\xbb\xbf"


def read_yaml(path: Path) -> YamlDocument:
    """Reads a file. Raises BadInput with every problem found (see `examine_yaml`)."""
    return parse_yaml(read_bytes(path), str(path))


def parse_yaml(text: bytes, name: str) -> YamlDocument:
    """Reads bytes; `name` stands for the file in messages. Raises BadInput with every problem found (see `examine_yaml`)."""
    problems = Problems()
    document = examine_yaml(text, name, problems)
    problems.raise_if_any()
    return document


def examine_yaml(text: bytes, name: str, problems: Problems) -> YamlDocument:
    """Reads as far as it can and adds to `problems`: so that later checks of the same file can be reported together.

    Refused: not UTF-8, empty, larger than 1 MiB, several documents, top level not a mapping, duplicate keys, anchors, aliases, merge keys,
    tags, directives, nesting deeper than 20, keys that are not text, NaN, infinities, integers beyond 2**53, control characters.
    """
    data, places, spoiled = _events(_decoded(text, name), name, problems)
    return YamlDocument(path_text=name, raw=text, data=data, places=places, spoiled=spoiled)


def front_matter(path: Path) -> tuple[YamlDocument, str]:
    """The YAML between the `---` lines that open a Markdown file, and the Markdown after it. Lines count from the top of the file.

    Raises BadInput as `read_yaml` does, and when the file does not open with front matter. `raw` holds the whole file.
    """
    problems = Problems()
    found = examine_front_matter(path, problems)
    problems.raise_if_any()
    return found


def examine_front_matter(path: Path, problems: Problems) -> tuple[YamlDocument, str]:
    """As `front_matter`, but reads as far as it can and adds to `problems`."""
    raw = read_bytes(path)
    lines = _decoded(raw, str(path)).split("\n")
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        raise bad_input(
            "the file has no front matter",
            where=f"{path}:1:1",
            got=lines[0][:80],
            expected="'---' on the first line, YAML, '---' on a line of its own, then Markdown",
        )
    matter = "\n".join(["", *lines[1:end], ""])  # an empty first line keeps the line numbers
    document = examine_yaml(matter.encode(), str(path), problems)
    return replace(document, raw=raw), "\n".join(lines[end + 1 :])


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most 1 MiB. Raises BadInput otherwise."""
    try:
        if not path.is_file():
            raise bad_input("there is no such file", where=path, expected="a file that exists")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise bad_input("the file cannot be read", where=path, got=str(error)) from error
    if len(raw) > LARGEST_FILE:
        raise bad_input("the file is too large", where=path, expected="at most 1 MiB")
    return raw


def _decoded(raw: bytes, name: str) -> str:
    body = raw.removeprefix(_BOM)
    if len(body) > LARGEST_FILE:
        raise bad_input("the file is too large", where=name, expected="at most 1 MiB")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - (body.rfind(b"\n", 0, error.start) + 1) + 1
        raise bad_input(
            "the file is not UTF-8", where=f"{name}:{line}:{column}", got=f"byte 0x{body[error.start]:02x}", hint="save it as UTF-8"
        ) from error
    if not text.strip():
        raise bad_input("the file is empty", where=name, expected="a YAML mapping")
    return text.replace("\r\n", "\n")


def _events(text: str, name: str, problems: Problems) -> tuple[Any, dict[KeyPath, tuple[int, int]], frozenset[KeyPath]]:
    reader = YAML(typ="safe", pure=True)
    builder = Builder(name, problems)
    try:
        builder.build(reader.parse(_without_forbidden(text, name, problems)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problems.add("this is not YAML", where=where, got=" ".join(filter(None, (error.context, error.problem))))
        problems.raise_if_any()
    except (YAMLError, ValueError, OverflowError) as error:  # the scanner converts escapes such as \UFFFFFFFF itself
        problems.add("this is not YAML", where=name, got=" ".join(str(error).split()))
        problems.raise_if_any()
    return builder.data, builder.places, frozenset(builder.spoiled)


def _without_forbidden(text: str, name: str, problems: Problems) -> str:
    """`text` with each forbidden character reported and replaced, so that reading can go on."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    kept = []
    line, column = 1, 1
    for character in text:
        bad = is_forbidden(character)
        if bad:
            problems.add("a control character is not allowed", where=f"{name}:{line}:{column}", got=character, hint="remove it")
        kept.append("?" if bad else character)
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    return "".join(kept)
