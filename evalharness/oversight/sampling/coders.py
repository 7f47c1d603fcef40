"""Two who code the same items apart from each other: what both say, what they contradict each other on, and what a third settles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evalharness.errors import Problems, shown
from evalharness.oversight.sampling.sheet import Coded
from evalharness.records.oversight_sample import Doubly


def together(first: Coded, second: Coded, settled: Coded | None, *, where: Path) -> tuple[dict[str, bool], Doubly]:
    """(by item on which both, or a third, decided: whether it is relevant; how they went). An item that one of them left out, and one that
    they contradict each other on and nobody settled, is not coded.

    where: the third one's file. Raises BadInput where one person coded in two of the files, and where something was settled that they agree
    on, or did not both code.
    """
    problems = Problems()
    for name in sorted(first.coders & second.coders):
        problems.add("one person coded in both files", where=where, got=shown(name), hint="two must code, apart from each other")
    if settled is not None:
        for name in sorted(settled.coders & (first.coders | second.coders)):
            problems.add("who settles has coded before", where=where, got=shown(name), hint="a third person must settle")
        for item in settled.labels:
            if item not in first.labels or item not in second.labels or first.labels[item] == second.labels[item]:
                problems.add("nobody contradicts each other on this item", where=where, got=shown(item), hint="leave its label empty")
    problems.raise_if_any()
    return _joined(first.labels, second.labels, {} if settled is None else settled.labels)


def _joined(first: Mapping[str, bool], second: Mapping[str, bool], settled: Mapping[str, bool]) -> tuple[dict[str, bool], Doubly]:
    by_both = [item for item in first if item in second]
    apart = [item for item in by_both if first[item] != second[item]]
    coded = {item: first[item] for item in by_both if first[item] == second[item]}
    both = sum(coded.values())
    standing = [item for item in apart if settled.get(item) is not False]
    coded |= {item: settled[item] for item in apart if item in settled}
    return coded, Doubly(
        items=len(by_both),
        both=both,
        first=sum(first[item] for item in standing),
        second=sum(second[item] for item in standing),
        overruled=len(apart) - len(standing),
        settled=len(settled),
    )
