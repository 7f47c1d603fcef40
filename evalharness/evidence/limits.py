"""Beginnings of sentences of `limits` by which pages and checks know them again."""

from __future__ import annotations

SUPPLIED = "Predictions were supplied as a file"
NO_CARD = "The model has no card"
NOT_MEASURED = "Not measured: whether something else is decided "
"""Of a sentence that says why the copies of items were not counted."""
