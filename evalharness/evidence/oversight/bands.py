"""What became of the items of a run, by the bands of its policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evalharness.evidence.part import Count, Part
from evalharness.records.oversight_bands import TO_A_PERSON

Counted = tuple[int, int, tuple[str, ...]]
OPENING = ("declared: opening of the rest",)


class BandsPart(Part):
    """Items with a label by fate: the name of their band, or `to_a_person`."""

    items: dict[str, Count]
    relevant: dict[str, Count]
    """Those of them that are relevant."""


def bands_inconsistencies(
    part: BandsPart | None, policy: Mapping[str, Any], items: int, shares: Mapping[str, Counted]
) -> Iterator[str]:  # fmt: skip
    """What cannot be so, in words.

    policy: the document that the evidence carries. items: how many were counted. shares: of everybody, by metric: part, total, and what it
    rests on.
    """
    stated = stated_bands(policy)
    if part is None:
        if stated:
            yield "oversight.bands: the policy has bands, and nobody counted what becomes of the items"
        return
    names = [*(str(band.get("name")) for band in stated), TO_A_PERSON]
    if not stated or sorted(part.items) != sorted(names) or sorted(part.relevant) != sorted(names):
        yield "oversight.bands: not the bands of the policy"
        return
    if sum(part.items.values()) != items:
        yield f"oversight.bands: {sum(part.items.values())} items have a fate, and {items} are counted"
    if any(part.relevant[name] > part.items[name] for name in names):
        yield "oversight.bands: more relevant items than there are"
    yield from _shares(part, stated, shares)


def _shares(part: BandsPart, stated: Sequence[Mapping[str, Any]], shares: Mapping[str, Counted]) -> Iterator[str]:
    """Shares of everybody that are sums over fates."""
    closed = [str(band["name"]) for band in stated if band.get("readers") == 0 and band.get("opened_within_days") is None]
    read = [str(band["name"]) for band in stated if band.get("readers") != 0] + [TO_A_PERSON]
    items, relevant = part.items, part.relevant
    whole, found = sum(items.values()), sum(relevant.values())
    follow = {
        "closed_by_machine_rate": (sum(items[name] for name in closed), whole),
        "opened_rate_relevant": (sum(relevant[name] for name in read), found),
        "deferral_rate": (items[TO_A_PERSON], whole),
        "deferral_rate_relevant": (relevant[TO_A_PERSON], found),
        "deferral_rate_irrelevant": (items[TO_A_PERSON] - relevant[TO_A_PERSON], whole - found),
    }
    for metric, (some, of) in follow.items():
        told = shares.get(metric)
        if told is None and metric == "deferral_rate_irrelevant":  # not every task counts it
            continue
        if told is None or told[:2] != (some, of):
            yield f"tallies.shares: {metric}: the bands make it {some} of {of}"
    promised = OPENING if any(band.get("opened_within_days") is not None for band in stated) else ()
    if (told := shares.get("closed_by_machine_rate")) is not None and told[2] != promised:
        yield "tallies.shares: closed_by_machine_rate: it does not rest on what the policy promises"
    if (told := shares.get("selective_risk")) is not None and told[1] != whole - items[TO_A_PERSON]:
        yield "tallies.shares: selective_risk: not of the items that are not deferred"


def stated_bands(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """As the policy's document has them; none where it says nothing."""
    people = policy.get("human_in_the_loop")
    bands = people.get("bands") if isinstance(people, Mapping) else None
    return [band for band in bands if isinstance(band, Mapping)] if isinstance(bands, list) else []


def closing_untold(policy: Mapping[str, Any], *, told: bool) -> Iterator[str]:
    """That the machine closes items stands among the warnings, or nowhere."""
    people = policy.get("human_in_the_loop")
    stated = isinstance(people, Mapping) and people.get("machine_closes") is not None
    if stated != told:
        yield "notices: the policy says that the machine closes items" + (
            ", and no warning does" if stated else " nowhere, and a warning does"
        )
