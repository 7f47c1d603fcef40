"""Counts of what was coded: all that leaves the folder of a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from evalharness.records.oversight_sample import Cases, SampledPile, Seeded
from evalharness.records.share import Way

WAY = "case"
CaseOf = Mapping[str, int]
"""By item, the number of its case."""


def way_of(cases: Sequence[int], part: Sequence[bool]) -> Way:
    """Sums over cases of units, of which some are `part`."""
    total, hits = Counter(cases), Counter(case for case, is_part in zip(cases, part, strict=True) if is_part)
    squares = [sum(n * n for n in each) for each in (total.values(), hits.values(), (n - hits[case] for case, n in total.items()))]
    return Way(name=WAY, clusters=len(total), total2=squares[0], part2=squares[1], rest2=squares[2])


def held_in(piles: Mapping[str, Sequence[str]], cases: Mapping[str, str]) -> dict[str, Way]:
    """By pile: of all items, those that lie in it, by case."""
    every = {name: Counter(cases[item] for item in ids) for name, ids in piles.items()}
    whole: Counter[str] = sum(every.values(), Counter())
    total2 = sum(n * n for n in whole.values())
    return {
        name: Way(
            name=WAY,
            clusters=len(whole),
            total2=total2,
            part2=sum(n * n for n in inside.values()),
            rest2=sum((n - inside[case]) ** 2 for case, n in whole.items()),
        )
        for name, inside in every.items()
    }


def of_one_case(piles: Mapping[str, Sequence[str]], cases: Mapping[str, str]) -> dict[str, float]:
    """By pile, and for all items under `""`: the chance that two different items are of one case."""
    every = {name: Counter(cases[item] for item in ids) for name, ids in piles.items()}
    whole: Counter[str] = sum(every.values(), Counter())
    return {name: _pairs(counts) for name, counts in {**every, "": whole}.items()}


def _pairs(counts: Counter[str]) -> float:
    n = counts.total()
    return sum(c * (c - 1) for c in counts.values()) / (n * (n - 1)) if n > 1 else 0.0


def counted(
    populations: Mapping[str, int],
    drawn: Mapping[str, Sequence[str]],
    coded: Mapping[str, bool],
    held: Mapping[str, Way] | None = None,
    case_of: CaseOf | None = None,
) -> tuple[SampledPile, ...]:
    """Counts of each pile. What was drawn and is not in the sheet any more is not coded. held, case_of: for what is about the stream."""
    return tuple(
        SampledPile(
            name=name,
            population=population,
            drawn=len(drawn[name]),
            relevant=sum(coded.get(item) is True for item in drawn[name]),
            not_relevant=sum(coded.get(item) is False for item in drawn[name]),
            cases=None if held is None or case_of is None else _cases(held[name], drawn[name], coded, case_of),
        )
        for name, population in populations.items()
    )


def seeds_counted(missed: int, seeds: Sequence[str], coded: Mapping[str, bool], case_of: CaseOf) -> Seeded:
    """Of seeds that came into the sheet, those that were recognised."""
    told = [coded.get(item) is True for item in seeds]
    return Seeded(missed=missed, drawn=len(seeds), recognised=sum(told), cases=way_of([case_of[item] for item in seeds], told))


def _cases(held: Way, items: Sequence[str], coded: Mapping[str, bool], case_of: CaseOf) -> Cases:
    codes = [case_of[item] for item in items]
    least = [coded.get(item) is True for item in items]
    most = [coded.get(item) is not False for item in items]
    return Cases(held=held, least=way_of(codes, least), most=way_of(codes, most))
