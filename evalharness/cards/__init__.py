"""Model cards: a model's name, artefact and digest, in the words of its supplier."""

from evalharness.cards.artifact import actual_digest, check_artifact
from evalharness.cards.find import card_for
from evalharness.cards.read import read_card

__all__ = ["actual_digest", "card_for", "check_artifact", "read_card"]
