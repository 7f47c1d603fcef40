"""What happens to each item by the bands of the policy: one line of page one, and a table of the annex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.bands import BandsPart, stated_bands
from evalharness.records.oversight_bands import TO_A_PERSON
from evalharness.report import numbers
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import visible
from evalharness.report.view import Section, Table

_UNSAID = "This policy does not say what happens to the {which}."
_WAITING = {
    "binary": "items that are set aside",
    "ordinal": "items of each level",
    "ranking": "leads that are not among the first of their day",
    "linkage": "pairs that are not linked",
    "risk": "reports that are placed lower",
}
_WHAT = (
    "The policy says what happens to each {one}. The first band that takes it counts. “To a person”: {many} without an answer, and those "
    "that are deferred because the classifier is unsure; a person decides without its answer."
)
_SPOT = "A spot check opens a few {many} of a band. It says how the band fares, and nothing is decided about those that stay closed."


def bands_lines(evidence: Evidence, task: TaskWords) -> tuple[str, ...]:
    """For page one, where the policy is silent. That the machine closes something is among the warnings of the evidence."""
    return () if stated_bands(evidence.policy.document) else (_UNSAID.replace("{which}", _WAITING[task.task]),)


def fates(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where the policy has no bands."""
    part = evidence.oversight.bands if evidence.oversight is not None else None
    if part is None:
        return
    stated = stated_bands(evidence.policy.document)
    spots = (_SPOT,) if any(band.get("spot_check") for band in stated) else ()
    yield Section(
        anchor="fates",
        title=f"What happens to each {task.one}",
        paragraphs=tuple(text.replace("{many}", task.many).replace("{one}", task.one) for text in (_WHAT, *spots)),
        tables=(
            Table(
                caption="By band",
                columns=("Band", "Takes", "What happens", f"Here of 1,000 {task.many}", f"All {task.many}", "Relevant among them"),
                rows=(*(_row(str(band.get("name")), _takes(band), _happens(band), part) for band in stated), _person(part, evidence)),
                numeric_from=3,
                note="“Relevant among them”: how many of these a person should see, whoever reads them.",
            ),
        ),
    )


def _person(part: BandsPart, evidence: Evidence) -> tuple[str, ...]:
    people = evidence.policy.document.get("human_in_the_loop")
    defer = people.get("defer") if isinstance(people, Mapping) else None
    near = f"no answer, or a score within {numbers.exact(defer['within'])} of the threshold" if isinstance(defer, Mapping) else "no answer"
    return _row(TO_A_PERSON, near, "one person reads it, without the classifier's answer", part)


def _row(name: str, takes: str, happens: str, part: BandsPart) -> tuple[str, ...]:
    items, whole = part.items.get(name, 0), sum(part.items.values())
    return (
        name.replace("_", " "),
        visible(takes),
        happens,
        numbers.in_thousand(items / whole) if whole else numbers.ABSENT,
        numbers.count(items),
        numbers.count(part.relevant.get(name, 0)),
    )


def _takes(band: Mapping[str, Any]) -> str:
    if band.get("rest"):
        return "the rest"
    if band.get("within_budget"):
        return "what is among the first of its day"
    if isinstance(levels := band.get("levels"), list):
        return "given " + " or ".join(map(str, levels))
    cut = band.get("from")
    return "what the classifier selects" if isinstance(cut, str) else f"scores from {numbers.exact(cut)}" if cut is not None else ""


def _happens(band: Mapping[str, Any]) -> str:
    readers, days, spot = band.get("readers"), band.get("opened_within_days"), band.get("spot_check")
    if readers:
        who = "one person reads it" if readers == 1 else "two people read it"
        blind = ", without the classifier's answer" if band.get("shown") is False else ""
        return who + blind + ("; a third where they disagree" if band.get("third_reader") else "")
    told = f"it waits; the policy promises that a person opens it within {days} days" if days else "the machine closes it"
    if isinstance(spot, Mapping):
        told += f"; of these, {numbers.percent(float(spot['share']))} are opened as a check" + (", blind" if spot.get("blind") else "")
    return told
