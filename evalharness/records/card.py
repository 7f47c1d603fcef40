"""What a model card says, after its front matter has been checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalharness.records.claimed import SupplierClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A checked model card, or the little that `ADAPTER:LOCATION` says in its place."""

    name: str
    """Model name; the card file's stem."""
    path: Path | None
    """Where the card lies; null when there is no card."""
    digest: str | None
    """sha256 of the card file's bytes; null when there is no card."""
    adapter: str
    """Name in the entry-point group `evalharness.adapters`."""
    artifact: Path
    """The artefact on disk, resolved beside the card."""
    sha256: str | None
    """Digest that the card states for the artefact; null without a card."""
    version: str
    family: str = ""
    supplier: str = ""
    team: tuple[str, ...] = ()
    """Person ids of the developers; they may not sign."""
    classes: tuple[str, ...] = ()
    """Labels in the order of the model's outputs."""
    score: str = ""
    """What the score means, in the supplier's words."""
    score_range: str = "unit"
    """`unit` ([0, 1]) or `any`."""
    bands: tuple[tuple[str, float], ...] = ()
    """For risk: (band, where it begins on the model's own score), rising; empty: the answers state the bands."""
    inputs: tuple[str, ...] = ()
    """Feature columns the model takes; empty: all that the benchmark declares."""
    vendor_artifact_sha256: str | None = None
    """For predictions: digest of the vendor's own artefact, as stated by the vendor."""
    claims: tuple[SupplierClaim, ...] = ()
    """What the supplier says the model reaches."""
    front_matter: dict[str, Any] | None = None
    """All of the front matter: plain JSON values."""
