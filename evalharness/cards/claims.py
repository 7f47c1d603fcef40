"""The figures that a card claims: checked for names and ranges, and how far each of them was rounded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from evalharness.cards.front_matter import ClaimShape
from evalharness.errors import Problems
from evalharness.files.document import KeyPath, YamlDocument
from evalharness.files.shape import suggestion
from evalharness.records import CLAIMED_FIGURES, SupplierClaim

_BELOW_ZERO = frozenset({"matthews_corrcoef", "youden"})
_CLAIMS: KeyPath = ("evalharness", "claims")


def claims_of(shapes: Sequence[ClaimShape]) -> tuple[SupplierClaim, ...]:
    """As records, figures by name."""
    return tuple(
        SupplierClaim(
            source=shape.source,
            values=tuple((name, value, _decimals(value, shape.decimals)) for name, value in sorted(shape.figures.items())),
            items=shape.items,
            relevant=shape.relevant,
        )
        for shape in shapes
    )


def check_claims(document: YamlDocument, shapes: Sequence[ClaimShape], problems: Problems) -> None:
    """Adds a problem for every figure without a known name or out of its range, and for numbers of items that contradict one another."""
    for position, shape in enumerate(shapes):
        for name, value in shape.figures.items():
            where = document.where((*_CLAIMS, position, "figures", name))
            if name not in CLAIMED_FIGURES:
                problems.add(
                    "no such figure can be claimed", where=where, got=name, expected="one of " + ", ".join(CLAIMED_FIGURES),
                    hint=suggestion(name, CLAIMED_FIGURES),
                )  # fmt: skip
            elif value < 0 and name not in _BELOW_ZERO:
                problems.add("the figure is out of range", where=where, got=f"{value:g}", expected="0 to 1")
        if shape.relevant is not None and (shape.items is None or shape.relevant > shape.items):
            where = document.where((*_CLAIMS, position, "relevant"))
            problems.add(
                "more relevant items than items" if shape.items is not None else "relevant items without the number of all items",
                where=where, got=f"{shape.relevant:,}", expected="items: at least as many",
            )  # fmt: skip


def _decimals(value: float, stated: int | None) -> int:
    """As many as the number shows: .9 was rounded to one decimal, for all anybody can tell. One at least: nobody rounds a share to a whole
    number, and a 1 that stood for everything from .5 would never be held against what was measured."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    shown = max(-exponent, 1) if isinstance(exponent, int) else 1
    return shown if stated is None else max(stated, shown)
