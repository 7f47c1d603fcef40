"""How likely a made-up reviewer reads an item rightly, and what comes of it. One place for what is drawn and for what is true."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.oversight.synthetic.dials import Dials, Skill

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
NOTHING = -1


def skill_at(skill: Skill, place: Floats) -> Floats:
    """Skill of the reviewer at `place` in [0, 1) among all of them, the least able first."""
    return skill.mean + skill.spread * (2 * place - 1)


def chance_right(dials: Dials, skill: Floats, *, hard: Flags, position: npt.NDArray[np.int64], shift: Floats, drop: Floats) -> Floats:
    """Chance that a reviewer's own reading is right; arrays that broadcast.

    position: readings made before in this shift. shift: place of the shift in [0, 1) among all of them. drop: taken off because few
    items are relevant.
    """
    found = skill - dials.hard.penalty * hard - dials.fatigue_per_100 * position / 100 + dials.shifts.spread * (2 * shift - 1) - drop
    return np.asarray(np.clip(found, 0.0, 1.0))


def prevalence_drop(dials: Dials, prevalence: float) -> float:
    """What reviewers lose of their sensitivity at this share of items above the lowest level."""
    return dials.low_prevalence.drop if prevalence < dials.low_prevalence.below else 0.0


def wrong_reading(label: Bytes, outcomes: int, low: Flags) -> Bytes:
    """What is said instead of the label: one level lower where `low`, one higher otherwise, the other where there is none."""
    down = np.where(label == 0, False, low | (label == outcomes - 1))
    return np.where(down, label - 1, label + 1).astype(np.int8)


def seeded_error(label: Bytes, relevant_from: int) -> Bytes:
    """A wrong answer, on the other side than the label: the nearest one."""
    return np.where(label >= relevant_from, relevant_from - 1, relevant_from).astype(np.int8)
