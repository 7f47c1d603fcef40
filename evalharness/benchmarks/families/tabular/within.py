"""Attributes whose own level tells more of the outcome than the features."""

from __future__ import annotations

from evalharness.benchmarks.families.ingredients.telling import reached
from evalharness.benchmarks.families.tabular.dials import TabularDials

_TELLING = ("base_rate", "separability", "label_noise", "missing")
"""Harms under which the outcome, its label or its signs are otherwise in the group."""


def within(dials: TabularDials) -> tuple[str, ...]:
    """In declared order.

    A feature that leans to a group tells no more than that, unless it tells of the outcome too (it then does so otherwise in the group),
    or its cell shares an attribute with another harm: the group of the one is then a sign of the group of the other. The same holds for a
    cell of several attributes that is rarer in `train`.
    """
    harms = dials.harms
    named = {name for key, harm in harms.by_group().items() if key in _TELLING and not harm.off for name in harm.of}
    if not harms.proxy.off and dials.categorical[harms.proxy.feature].with_outcome is not None:
        named |= set(harms.proxy.of)
    known = reached(named, [set(harm.of) for harm in (harms.proxy, harms.under_representation) if not harm.off])
    return tuple(name for name in dials.groups if name in known)
