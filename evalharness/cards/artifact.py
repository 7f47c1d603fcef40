"""The artefact itself: what is on disk, against what the card says of it."""

from __future__ import annotations

from pathlib import Path

from evalharness.digests import sha256_file
from evalharness.errors import bad_input
from evalharness.records import Card


def actual_digest(card: Card) -> str:
    """sha256 of the bytes of the artefact on disk. Raises BadInput when there is no such file."""
    if not _is_file(card.artifact):
        raise bad_input(
            "the model's artefact is not there",
            where=card.path or card.artifact,
            got=str(card.artifact),
            expected="a file",
            hint="put the artefact where the card says, or correct `evalharness.artifact`" if card.path else "correct the path",
        )
    return sha256_file(card.artifact)


def check_artifact(card: Card) -> str:
    """The artefact's digest. Raises BadInput when it is absent, or when its digest is not the one that the card states."""
    digest = actual_digest(card)
    if card.sha256 is not None and digest != card.sha256:
        raise bad_input(
            "the artefact is not the one that the card describes",
            where=card.path or card.artifact,
            got=f"{digest} ({card.artifact.name})",
            expected=card.sha256,
            hint="find the artefact that the card was written for; a new artefact needs a new version of its card",
        )
    return digest


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system takes, a loop of links: no such file
        return False
