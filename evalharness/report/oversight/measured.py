"""What page one says of people once somebody has measured them."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.records.share import DECLARED, SYNTHETIC
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.rubber_stamp import of_everybody

_NOBODY = "nobody has measured that"
_SOMEBODY = "what people did with them in a study stands under “What people do with it”"


def assumed_of_people(evidence: Evidence, task: TaskWords) -> str:
    """What the figures of page one assume; that nobody has measured it only where that is so. Made-up reviewers measure nothing."""
    part = None if evidence.oversight is None else evidence.oversight.reviews
    return task.people if part is None or part.synthetic else task.people.replace(_NOBODY, _SOMEBODY)


def measured_together(evidence: Evidence, relevant: str) -> Iterator[str]:
    """What both find together, as measured on people; where nobody measured them no figure, and by whom the checks go."""
    team = of_everybody(evidence).get("team_recall")
    if team is None or team.value is None:
        return
    if unmeasured := [name for name in team.rests_on if name == SYNTHETIC or name.startswith(DECLARED)]:
        if any(finding.metric == "team_recall" for finding in evidence.findings):
            by = "reviewers that were made up" if SYNTHETIC in unmeasured else "what the policy declares of reviewers"
            yield f"What the checks say of classifier and people together goes by {by}, and not by 7 or 9 in 10: nobody has measured it."
        return
    least = team.bounds[0]
    bound = "" if least is None else f" ({words.sure(team.level)}: at least {numbers.percent(least, 'down')})"
    yield f"As measured on reviewers, classifier and people together find {numbers.percent(team.value)} of the {relevant}{bound}."
