"""`--model MODEL` -> Card: a card's path or name, or ADAPTER:LOCATION."""

from __future__ import annotations

import re
from pathlib import Path

from evalharness.cards.front_matter import ADAPTER
from evalharness.cards.read import read_card
from evalharness.errors import bad_input
from evalharness.files.names import NAME
from evalharness.files.shape import suggestion
from evalharness.records import Card


def card_for(model: str, workspace: Path) -> Card:
    """The card of MODEL. `ADAPTER:LOCATION` gives a Card without path, digest and sha256, named after the file's stem.

    Raises BadInput when there is no such card, or when it is not in order.
    """
    adapter, colon, location = model.partition(":")
    if colon and location and ADAPTER.fullmatch(adapter):
        return _without_card(adapter, location)
    if model.endswith(".md"):
        return read_card(Path(model))
    path = workspace / "model_cards" / f"{model}.md"
    if NAME.fullmatch(model) and path.is_file():
        return read_card(path)
    known = _known(workspace)
    raise bad_input(
        "no such model",
        where="--model",
        got=model,
        expected="the path of a card (.md), the name of one in model_cards/, or ADAPTER:LOCATION",
        hint=suggestion(model, known) or f"known here: {', '.join(known) or 'none'}",
    )


def _known(workspace: Path) -> list[str]:
    return sorted(path.stem for path in (workspace / "model_cards").glob("*.md") if NAME.fullmatch(path.stem))


def _without_card(adapter: str, location: str) -> Card:
    path = Path(location)
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:64]
    if not name:
        raise bad_input("the file's name gives no model name", where="--model", got=location, expected="a file name with letters or digits")
    return Card(name=name, path=None, digest=None, adapter=adapter, artifact=path.absolute(), sha256=None, version="")
