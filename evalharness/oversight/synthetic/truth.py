"""What is true of made-up reviewers: the chance of everything they may say, over all reviewers, shifts and items that there could be.

Whoever estimates from their log can be held against it. Skill and shifts are even distributions, taken at the middles of equal steps.
"""

from __future__ import annotations

import numpy as np

from evalharness.oversight.synthetic.chances import (
    NOTHING,
    Bytes,
    Flags,
    Floats,
    chance_right,
    prevalence_drop,
    skill_at,
    wrong_reading,
)  # fmt: skip
from evalharness.oversight.synthetic.dials import Dials

_STEPS = 50


def own_right(dials: Dials, *, above: bool, hard: bool, prevalence: float) -> float:
    """Chance that a reviewer's own reading of such an item is right."""
    return float(_every_chance(dials, above=above, hard=hard, prevalence=prevalence).mean())


def _every_chance(dials: Dials, *, above: bool, hard: bool, prevalence: float) -> Floats:
    """That chance for each reviewer, shift and place in it, all equally likely."""
    skill = dials.sensitivity if above else dials.specificity
    middles = (np.arange(_STEPS) + 0.5) / _STEPS
    position = np.arange(dials.shifts.readings)[:, None, None]
    drop = np.array(prevalence_drop(dials, prevalence) if above else 0.0)
    return chance_right(dials, skill_at(skill, middles)[:, None], hard=np.array(hard), position=position, shift=middles, drop=drop)


def said_chances(dials: Dials, label: int, shown: int, *, blind: bool, wrong: bool, prevalence: float, outcomes: int = 2) -> Floats:
    """[outcomes + 1] chance of each thing said in a first reading; the last: nothing, because nobody read it.

    label, shown: places among the outcomes; shown -1: no answer. wrong: whether the classifier decides the item wrongly (an item that is
    seeded is shown an error all the same).
    """
    own = np.zeros(outcomes)
    share = dials.hard.share_of_wrong if wrong else dials.hard.share
    above = label > 0
    right = sum(
        weight * own_right(dials, above=above, hard=hard, prevalence=prevalence) for hard, weight in ((True, share), (False, 1 - share))
    )
    own[label] = right
    for low, weight in ((True, dials.too_low), (False, 1 - dials.too_low)):
        own[_wrong(label, outcomes, low)] += (1 - right) * weight
    if not blind and shown != NOTHING:
        lean = _lean(dials, right=shown == label)
        own *= 1 - lean
        own[shown] += lean
    return np.append(own * (1 - dials.unread_share), dials.unread_share)


def both_wrong(dials: Dials, label: int, shown: int, *, blind: bool, wrong: bool, prevalence: float) -> float:
    """Chance that two people who both read an item of two outcomes are both wrong; the rest as for `said_chances`.

    They read it with the same luck with the chance `same_errors`; then the less able one is right only if the other is.
    """
    share = dials.hard.share_of_wrong if wrong else dials.hard.share
    seen = not blind and shown != NOTHING
    lost = _lean(dials, right=False) if seen and shown != label else 0.0
    mended = _lean(dials, right=True) if seen and shown == label else 0.0
    found = 0.0
    for hard, weight in ((True, share), (False, 1 - share)):
        each = np.sort(_every_chance(dials, above=label > 0, hard=hard, prevalence=prevalence).ravel())
        many = len(each)
        less_able = float(each @ (2 * (many - np.arange(many)) - 1)) / many**2
        right = float(each.mean())
        both = dials.same_errors * less_able + (1 - dials.same_errors) * right**2
        one, neither = 2 * (right - both), 1 - 2 * right + both
        found += weight * (both * lost**2 + one * lost * (1 - mended) + neither * (1 - mended) ** 2)
    return found


def _lean(dials: Dials, *, right: bool) -> float:
    return dials.lean.of_reviewers * (dials.lean.to_right if right else dials.lean.to_wrong)


def _wrong(label: int, outcomes: int, low: bool) -> int:
    given: Bytes = np.array([label], dtype=np.int8)
    flag: Flags = np.array([low])
    return int(wrong_reading(given, outcomes, flag)[0])
