"""Who is not independent of a model."""

from __future__ import annotations

from evalharness.admission.case import Asked, Author
from evalharness.signoff.organisations import same_organisation
from evalharness.signoff.skeleton import skeleton


def of_supplier(organisation: str, asked: Asked) -> bool:
    """Whether an organisation is the model's supplier, by whatever spelling."""
    if not asked.supplier:
        return False
    return skeleton(organisation) == asked.supplier or same_organisation(organisation, asked.supplier_name)


def dependence(author: Author, asked: Asked) -> str:
    """How an author depends on the model: of its team, or of its supplier; empty: not at all."""
    if author.person_likeness in asked.team:
        return "who belongs to the team that made the model"
    return "who belongs to the supplier of the model" if of_supplier(author.organisation, asked) else ""
