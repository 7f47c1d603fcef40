"""Names that are safe in paths, identifiers and reports, and paths that stay where they belong."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from evalharness.errors import bad_input

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""What a name of a policy, model, benchmark or requirement looks like."""

NAME_RULE = "1 to 64 of a-z, 0-9 and '-', not starting with '-'"


def check_name(text: str, where: object, what: str) -> str:
    """`text` if it is a name; `what` says whose (`policy name`). Raises BadInput otherwise."""
    if NAME.fullmatch(text) is None:
        raise bad_input(f"the {what} is not a name", where=where, got=text, expected=NAME_RULE)
    return text


def resolve_inside(folder: Path, relative: str, where: object) -> Path:
    """The path `relative` under `folder`, links followed. The file itself may be absent.

    Raises BadInput for an absolute path, for `..`, for an empty or unusable path, and for a link that leads outside `folder`.
    """
    expected = "a path inside the folder of the file that names it, without '..'"
    if _leaves(relative):
        raise bad_input("the path is not one inside its folder", where=where, got=relative, expected=expected)
    try:
        root = folder.resolve()
        target = (root / relative).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a name too long, a null character
        raise bad_input("the path cannot be followed", where=where, got=relative, expected=expected) from error
    if target == root or not target.is_relative_to(root):
        raise bad_input(
            "the path leads outside its folder", where=where, got=relative, expected=expected, hint="replace the link by the file itself"
        )
    return target


def _leaves(relative: str) -> bool:
    """Whether the text alone, under the rules of any platform, is empty, absolute, climbs, or is longer than file systems take."""
    for flavour in (PurePosixPath(relative), PureWindowsPath(relative)):
        if flavour.is_absolute() or flavour.drive or flavour.root or ".." in flavour.parts:
            return True
    too_long = len(relative) > 1000 or any(len(part.encode()) > 255 for part in PurePosixPath(relative).parts)
    return too_long or not relative.strip() or "\0" in relative
