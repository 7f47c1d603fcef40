"""Roles in running text. Some are named like a person (victims advocate), some like a field of work (data protection)."""

from __future__ import annotations

_PERSONS = ("advocate", "architect", "assistant", "chair", "er", "head", "ian", "ist", "lead", "or", "representative")
"""How the last word of a role ends that is named like a person."""


def role_words(role: str) -> str:
    """`senior responsible owner`."""
    return role.replace("_", " ")


def acting(role: str) -> str:
    """`as senior responsible owner`, `for data protection`."""
    return f"{'as' if _is_person(role) else 'for'} {role_words(role)}"


def the_role(role: str) -> str:
    """`the victims advocate`, `officer wellbeing`."""
    return f"the {role_words(role)}" if _is_person(role) else role_words(role)


def _is_person(role: str) -> bool:
    return role.endswith(_PERSONS)
