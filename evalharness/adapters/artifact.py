"""The artefact's bytes, checked against the card before anything looks into them."""

from __future__ import annotations

from evalharness.digests import sha256_bytes, sha256_file
from evalharness.errors import BadInput, bad_input
from evalharness.records import Card


def verified_bytes(card: Card) -> bytes:
    """All bytes of the artefact, read once. Raises BadInput when they cannot be read or their digest is not the card's."""
    try:
        data = card.artifact.read_bytes()
    except OSError as error:
        raise bad_input("the artefact cannot be read", where=card.artifact, got=error.strerror or str(error)) from error
    if card.sha256 is not None and sha256_bytes(data) != card.sha256:
        raise _altered(card, sha256_bytes(data))
    return data


def verify_file(card: Card) -> None:
    """For artefacts too large to hold. Raises BadInput when the file cannot be read or its digest is not the card's."""
    found = sha256_file(card.artifact)
    if card.sha256 is not None and found != card.sha256:
        raise _altered(card, found)


def _altered(card: Card, found: str) -> BadInput:
    return bad_input(
        "the artefact is not the one that the card describes",
        where=card.artifact,
        got=found,
        expected=f"{card.sha256}, as {card.path or 'the card'} says",
        hint="restore the artefact; if it was meant to change, review it and state its new sha256 in the card",
    )
