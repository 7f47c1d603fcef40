"""Whether reviewers overrule the classifier far less often than it is wrong: a flag, never a quota."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.judged import EstimatePart
from evalharness.report import numbers, words

WRONG_OFTEN = 0.05
"""How often shown answers must be wrong before seldom being overruled says anything."""
HALF = 0.5


def of_everybody(evidence: Evidence) -> dict[str, EstimatePart]:
    """Estimates about everybody, as the run stands, by metric."""
    every = (*evidence.unconditional, *evidence.described)
    return {e.metric: e for e in every if not e.group and not e.between and not e.condition}


def rubber_stamp(evidence: Evidence) -> Iterator[str]:
    """One sentence, or nothing. Shown answers are wrong in at least one of twenty, and the upper bound of overruling is below half that."""
    known = of_everybody(evidence)
    right, wrong, overruled = (known.get(name) for name in ("wrong_when_model_right", "wrong_when_model_wrong", "override_rate"))
    if right is None or wrong is None or overruled is None or not wrong.n:
        return
    error, most = wrong.n / (wrong.n + right.n), overruled.bounds[1]
    if error >= WRONG_OFTEN and most is not None and most < HALF * error:
        yield (
            f"People may be a rubber stamp: what they were shown was wrong in {numbers.percent(error)} of readings, and they overrule it "
            f"in at most {numbers.percent(most, 'up')} ({words.sure(overruled.level)})."
        )
