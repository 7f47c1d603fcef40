"""Page one: what is not known, the most important first, and what it warns of."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.limits import NO_CARD, NOT_MEASURED, SUPPLIED
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import cut, visible
from evalharness.report.policy_text import PolicyText

_FIRST = (SUPPLIED, NO_CARD)
"""Beginnings of sentences that come before all others, whatever else the page has to hold."""
_LAST = ("Every ", "The policy declares no ", "The policy states no ")
"""And of those that the band, or the missing columns, say already."""
_FEW = 0.001
"""Share of the items at the threshold from which on they are a matter for page one."""


def unknown(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[str]:
    """What was not, or could not be, measured; who was left out by name stands above. In the same order for every classifier."""
    if task.untold:
        yield task.untold
    told = evidence.predictions
    refused = told.missing + told.duplicate + told.invalid
    if refused:
        yield (f"{numbers.count(refused)} of {numbers.count(told.items)} {task.many} got no usable answer. {task.refused}")
    limits = [visible(text) for text in evidence.limits]
    yield from (text for text in limits if text.startswith(_FIRST))
    yield from not_tested(evidence, task)
    yield from (text for text in limits if text.startswith(NOT_MEASURED))
    yield from (text for text in limits if not text.startswith((*_FIRST, NOT_MEASURED, *_LAST)))
    if policy.reviewer_sensitivity and policy.sensitivity_source == "declared":
        those = f"recognise {task.denominator_of('recall')}" if "recall" in task.metrics else "judge rightly"
        yield f"How often reviewers {those} is declared by the policy. Nobody has measured it."
    yield from (text for text in limits if text.startswith(_LAST))


def not_tested(evidence: Evidence, task: TaskWords) -> Iterator[str]:
    """What a benchmark made by a recipe has beside the items that are judged, and this version does not count."""
    if evidence.benchmark.seed is None and evidence.benchmark.seal is None:
        return
    copied = evidence.tallies.copies or any(text.startswith(NOT_MEASURED) for text in evidence.limits)  # told, or said that it is not
    parts = (
        "change over time" if evidence.benchmark.split != "shifted" else "",
        "" if copied else "copies in which only the marker of a group is changed",
        "" if copied else f"{task.arriving} that were edited so as not to be found",
        "" if task.task == "ranking" else "how far people who label agree",
    )
    *several, last = [part for part in parts if part] or [""]
    if last:
        yield f"Not tested: {', '.join(several)}{',' if len(several) > 1 and last is parts[3] else ''}{' and ' if several else ''}{last}."


def notices(evidence: Evidence, most: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Warnings, loud ones first. What is only about scores at the threshold is the quieter kind, and told only where it matters."""
    loud, quiet = (
        tuple(cut(visible(notice.text), most) for notice in evidence.notices if (notice.kind == "tied_scores") is ties)
        for ties in (False, True)
    )
    return loud, quiet if _ties_matter(evidence) else ()


def _ties_matter(evidence: Evidence) -> bool:
    """Whether scores at the threshold are more than a few, or would change a verdict if all of them went the other way."""
    summary = evidence.score_summary or {}
    tied, rows = summary.get("tied_at_threshold"), summary.get("rows")
    if not isinstance(tied, int) or not isinstance(rows, int) or tied > _FEW * rows:
        return True
    for finding in evidence.findings:
        _, bound = words.deciding(finding)
        if bound is None or finding.between or not words.is_share(finding.metric):
            continue
        share = tied / rows if finding.group else tied / max(finding.n, 1)  # of a group only its part of them
        if abs(bound - finding.bound) <= share:
            return True
    return False
