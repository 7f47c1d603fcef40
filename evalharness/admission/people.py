"""Who is not independent of a model."""

from __future__ import annotations

from functools import lru_cache

from evalharness.admission.case import Asked, Author
from evalharness.signoff.organisations import same_organisation
from evalharness.signoff.skeleton import skeleton


def of_supplier(organisation: str, asked: Asked) -> bool:
    """Whether an organisation is the model's supplier, by whatever spelling."""
    return bool(asked.supplier) and _alike(organisation, asked.supplier, asked.supplier_name)


@lru_cache(maxsize=1024)
def _alike(organisation: str, supplier: str, supplier_name: str) -> bool:
    """Kept, because it is asked of every signature."""
    return skeleton(organisation) == supplier or same_organisation(organisation, supplier_name)


def dependence(author: Author, asked: Asked) -> str:
    """How an author depends on the model: of its team, or of its supplier; empty: not at all."""
    if author.person_likeness in asked.team:
        return "who belongs to the team that made the model"
    return "who belongs to the supplier of the model" if of_supplier(author.organisation, asked) else ""
