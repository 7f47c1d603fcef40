"""Whether reviewers overrule the classifier far less often than it is wrong: a flag, never a quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.judged import EstimatePart
from evalharness.evidence.oversight.reviews import ReaderPart
from evalharness.records.oversight_reviews import HALF, WRONG_OFTEN, hardly_overrules
from evalharness.report import numbers, words


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


def flagged(readers: Sequence[ReaderPart]) -> tuple[bool, ...]:
    """Of each reviewer who is told of alone: whether they hardly overrule for how often what they are shown is wrong."""
    alone = sum(one.reviewers == 1 for one in readers)
    return tuple(
        one.reviewers == 1
        and hardly_overrules(shown=one.shown, override=one.override, right=one.model_right, wrong=one.model_wrong, reviewers=alone)
        for one in readers
    )


def stamping_readers(readers: Sequence[ReaderPart]) -> Iterator[str]:
    """One sentence about them, or nothing."""
    some = [str(place) for place, flag in enumerate(flagged(readers), 1) if flag]
    if some:
        who, they = ("One reviewer", "overrules") if len(some) == 1 else (f"{numbers.count(len(some))} reviewers", "overrule")
        yield (
            f"{who} of {numbers.count(sum(one.reviewers for one in readers))} hardly ever {they} the classifier, for how often it was "
            "wrong before them: the table below marks them. That is a reason to look, and no proof: nobody is asked to overrule more."
        )
