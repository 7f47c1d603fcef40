"""Another model that a requirement holds the classifier against, on the same items."""

from __future__ import annotations

from dataclasses import dataclass

HUMAN = "human"
"""A person who labelled the benchmark's items; no model, so the policy names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the policy names."""

    name: str
    """`incumbent` or `baseline`."""
    model: str
    """Name of its card in the workspace."""
    digest: str = ""
    """sha256 of its artefact, where the policy fixes it; empty: whatever the card names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredReference:
    """What it was, in a run."""

    name: str
    model: str
    version: str
    digest: str
    """sha256 of its artefact."""
    card: str
    """sha256 of its card; empty for a person."""
