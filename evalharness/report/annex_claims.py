"""The annex on what the supplier claims: whether it can be true, and what was measured here."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.evidence.schema import SupplierClaimPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.view import Section, Table

_INTRO = (
    "The card of the classifier states figures of tests made elsewhere. Each figure is taken as every number that rounds to it, and is "
    "looked at twice: can these figures belong to one test at all, and are they better than the bound of what was measured here? A figure "
    "from other items can honestly differ from this run; figures that exclude one another cannot be true."
)


def supplier_claims(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """One table for each claim; nothing where the card claims nothing."""
    if not evidence.claims:
        return ()
    paragraphs = [task.named(_INTRO)]
    for claim in evidence.claims:
        for reason in claim.impossible:
            paragraphs.append(f"“{claim.source}” cannot be true: {reason}.")
        if claim.unchecked:
            paragraphs.append(f"“{claim.source}”: {claim.unchecked}.")
    tables = tuple(_table(claim, task) for claim in evidence.claims)
    return (Section(anchor="claims", title="What the supplier claims", paragraphs=tuple(paragraphs), tables=tables),)


def _table(claim: SupplierClaimPart, task: TaskWords) -> Table:
    measured = {part.metric: part for part in claim.measured}
    rows = []
    for figure in claim.figures:
        found = measured.get(figure.metric)
        rows.append(
            (
                words.title(figure.metric, task) if figure.metric in task.metrics else words.capital(figure.metric.replace("_", " ")),
                f"{figure.value:.{figure.decimals}f}",
                numbers.ABSENT if found is None or found.value is None else numbers.four(found.value),
                numbers.ABSENT if found is None or found.lower is None else numbers.four(found.lower, "down"),
                numbers.ABSENT if found is None or found.upper is None else numbers.four(found.upper, "up"),
                "not measured"
                if found is None
                else "better than measured here"
                if found.better_than_measured
                else "not above the bound measured here",
            )
        )
    of = "" if claim.items is None else f" ({numbers.count(claim.items)} {task.many}"
    of += "" if not of else ")" if claim.relevant is None else f", {numbers.count(claim.relevant)} of them relevant)"
    outcome = "these figures cannot belong together" if claim.impossible else "arithmetic allows these figures"
    return Table(
        caption=f"{claim.source}{of}: {outcome}",
        columns=("Measure", "Claimed", "Measured here", "At least", "At most", "Comparison"),
        rows=tuple(rows),
    )
