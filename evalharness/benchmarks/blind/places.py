"""Where a key may be written: nowhere that a vendor sees."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from evalharness.benchmarks.blind.key import read_key_file, table_path
from evalharness.errors import BadInput, bad_input
from evalharness.files.once import NotPlain, read_once

EXPORT_SCHEMA = "evalharness/blind-export/v1"
_LARGEST = 1 << 20
_LEAVE_OUT = "leave --key out: the key is then written to sign-off/blind/"


def check_apart(folder: Path, key: Path, sign_off: Path) -> None:
    """Raises BadInput where `folder`, which goes to the vendor, would hold keys or lie among them, or the key would lie in a folder
    that goes to a vendor. Links are followed.
    """
    vendor, kept = folder.resolve(), key.resolve()
    if sign_off.resolve().is_relative_to(vendor):
        raise bad_input(
            "the folder for the vendor would hold sign-off/, where keys and secrets are", where="--out", got=str(folder),
            expected="a new folder", hint=f"name one for the vendor alone, outside of {sign_off.resolve().parent}",
        )  # fmt: skip
    if kept.is_relative_to(vendor):
        raise bad_input(
            "the key would lie in the folder that goes to the vendor", where="--key", got=str(key), expected=f"a path outside of {folder}",
            hint=_LEAVE_OUT,
        )  # fmt: skip
    if (held := next((parent for parent in kept.parents if export_at(parent) is not None), None)) is not None:
        raise bad_input(
            "the key would lie in a blind export, which goes to a vendor", where="--key", got=str(key),
            expected=f"a path outside of {held}",
            hint="work in a workspace outside of it" if kept.is_relative_to(sign_off.resolve()) else _LEAVE_OUT,
        )  # fmt: skip
    if vendor.is_relative_to(sign_off.resolve()):
        raise bad_input(
            "the folder for the vendor would lie in sign-off/, where keys and secrets are", where="--out", got=str(folder),
            hint="name a folder outside of the workspace",
        )  # fmt: skip


def export_at(folder: Path) -> str | None:
    """The number of the blind export that the folder holds; null where it holds none."""
    with suppress(OSError, NotPlain, ValueError, RecursionError):
        manifest = json.loads(read_once(folder / "manifest.json", _LARGEST))
        if isinstance(manifest, dict) and str(manifest.get("schema")).startswith(EXPORT_SCHEMA.rsplit("/", 1)[0]):
            return str(manifest.get("export"))
    return None


def check_no_key(key: Path) -> None:
    """Raises BadInput where `key`, or the table beside it, is there already."""
    for path in (key, table_path(key)):
        if path.exists() or path.is_symlink():
            raise key_taken(path)


def key_taken(path: Path) -> BadInput:
    """Says which export the key is of, where that can be read."""
    got = "a file that is no key"
    with suppress(BadInput):
        file = read_key_file(path.with_suffix(".json"))
        got = f"the key of export {file.export} of {file.benchmark}"
    hint = "name another folder with --out, after which the key is called, or another place for the key with --key"
    return bad_input("there is a key already; nothing is overwritten", where=path, got=got, expected="a path that is free", hint=hint)
