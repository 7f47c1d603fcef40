"""Pairs of records that two models decided: every true link, every candidate pair that is none, and what only the second links beyond them.

True links are fixed by the benchmark, and so are its candidate pairs. A false link beyond the candidates, which only a model that names
entities can make, counts against the second model where it alone makes it. Those of the first are left out: they would make the pairs more,
and so the share of the second's errors among them smaller, however many these are.

All records that hang together by true links, or by links of either model, make one cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.answers import ANSWERED
from evalharness.predictions.components import Components
from evalharness.predictions.decide import NO_ANSWER, NOT_SELECTED, SELECTED
from evalharness.predictions.link_sums import Entities, Integers, found_links, later_alike, pairs_among
from evalharness.predictions.links import CandidatePairs, Links
from evalharness.predictions.pair_answers import LinkAnswers

_ROWS = 2**16

Decisions = NDArray[np.int8]


class PairsTogether(NamedTuple):
    """Some pairs that two models decided."""

    labels: NDArray[np.int8]
    """1 where the two records truly belong to one entity, else 0."""
    first: Decisions
    """1 linked, 0 not, -1 no answer."""
    second: Decisions
    records: Integers
    """The record whose groups are the pair's: the entity's first one for a true link, else the one that comes first in the split."""
    clusters: Integers
    """Number of the cluster: the first record in it."""


class LinksTogether:
    """The pairs of a split that two models are compared on. What comes pair by pair is streamed; some 100 bytes a record beside."""

    def __init__(
        self, links: tuple[Links, Links], answers: tuple[LinkAnswers, LinkAnswers], *, entities: Integers, clusters: Integers | None = None
    ) -> None:
        """links: what decides the candidate pairs of each model; entities, clusters: of the records, as for `Links`.

        Raises Fault where one model scores pairs and the other names entities.
        """
        if (answers[0].entities is None) != (answers[1].entities is None):
            raise Fault("a model that scores pairs and one that names entities cannot be compared under one operating point")
        self._links, self._answers, self._entities = links, answers, Entities(entities)
        joined = Components(len(entities))
        for names in (entities, clusters, answers[0].entities, answers[1].entities):
            if names is not None:
                joined.join_alike(names)
        for some in (each for own in links if self._scored for each in own.candidates()):
            linked = some.decisions == SELECTED
            joined.join(some.lower[linked], some.higher[linked])
        self._clusters = joined.numbers()

    @property
    def _scored(self) -> bool:
        return self._answers[0].entities is None

    def rows(self) -> Iterator[PairsTogether]:
        """Every pair once."""
        beyond: dict[int, Integers] = {}
        if not self._scored:
            beyond = self._linked_by_the_second()
        for one, two in zip(self._links[0].candidates(), self._links[1].candidates(), strict=True):
            kept = np.ones(len(one.labels), dtype=bool) if self._scored else one.labels == 0
            records = np.where(one.labels == 1, self._entities.first[self._entities.of[one.lower]], one.lower)[kept]
            yield PairsTogether(one.labels[kept], one.decisions[kept], two.decisions[kept], records, self._clusters[records])
            _without(beyond, one, two)
        if self._scored:
            yield from self._repeated(1, (NOT_SELECTED, NOT_SELECTED), *self._links[0].outside())
            return
        for decisions, pairs in self._true_links():
            yield from self._repeated(1, decisions, self._entities.first, pairs)
        for decision, pairs in beyond.items():
            yield from self._repeated(0, (decision, SELECTED), np.arange(len(pairs)), pairs)

    def _true_links(self) -> Iterator[tuple[tuple[int, int], Integers]]:
        """[entities] true links by what each model said of them, where records were put into entities."""
        (one, told), (two, heard), (both, names) = self._named()
        size = len(self._entities.sizes)

        def among(rows: Integers) -> Integers:
            return pairs_among(np.bincount(self._entities.of[rows], minlength=size))

        def found(by: Integers, rows: Integers) -> Integers:
            return found_links(self._entities, by, rows)

        every, by_both = pairs_among(self._entities.sizes), found(names, both)
        first, second = found(told, both), found(heard, both)
        first_alone, second_alone = found(told, one) - first, found(heard, two) - second
        of_both = among(both)
        of_one, of_two = among(one) - of_both, among(two) - of_both
        yield (SELECTED, SELECTED), by_both
        yield (SELECTED, NOT_SELECTED), first - by_both
        yield (NOT_SELECTED, SELECTED), second - by_both
        yield (NOT_SELECTED, NOT_SELECTED), of_both - first - second + by_both
        yield (SELECTED, NO_ANSWER), first_alone
        yield (NOT_SELECTED, NO_ANSWER), of_one - first_alone
        yield (NO_ANSWER, SELECTED), second_alone
        yield (NO_ANSWER, NOT_SELECTED), of_two - second_alone
        yield (NO_ANSWER, NO_ANSWER), every - of_both - of_one - of_two

    def _linked_by_the_second(self) -> dict[int, Integers]:
        """[records] false links of the second model that the first does not make: by what the first says, and by the first record."""
        _, (two, heard), (both, names) = self._named()

        def false_links(by: Integers, rows: Integers) -> Integers:
            found = np.zeros(len(self._entities.of), dtype=np.int64)
            found[rows] = later_alike(by[rows], np.zeros(len(rows), dtype=np.int64)) - later_alike(by[rows], self._entities.of[rows])
            return found

        answered = false_links(heard, both)
        return {NOT_SELECTED: answered - false_links(names, both), NO_ANSWER: false_links(heard, two) - answered}

    def _named(self) -> tuple[tuple[Integers, Integers], tuple[Integers, Integers], tuple[Integers, Integers]]:
        """(rows that are answered, name of every row) of each model and of both together."""
        own = []
        for answers in self._answers:
            if answers.entities is None:
                raise Fault("answers without entities")
            own.append((answers.status == ANSWERED, answers.entities))
        (one, told), (two, heard) = own
        together = told * (int(heard.max(initial=0)) + 2) + heard  # -1 is no name, and no such row is asked for
        return (np.flatnonzero(one), told), (np.flatnonzero(two), heard), (np.flatnonzero(one & two), together)

    def _repeated(self, label: int, decisions: tuple[int, int], of: Integers, pairs: Integers) -> Iterator[PairsTogether]:
        """Each record as often as it stands for pairs, some at a time."""
        some = np.flatnonzero(pairs > 0)
        ends = np.cumsum(pairs[some])
        for start in range(0, int(ends[-1]) if len(ends) else 0, _ROWS):
            stop = min(start + _ROWS, int(ends[-1]))
            records = of[some[np.searchsorted(ends, np.arange(start, stop), side="right")]]
            labels, first, second = (np.full(len(records), value, dtype=np.int8) for value in (label, *decisions))
            yield PairsTogether(labels, first, second, records, self._clusters[records])


def _without(beyond: dict[int, Integers], one: CandidatePairs, two: CandidatePairs) -> None:
    """Takes the candidate pairs, which are given out by themselves, from those that only the second links."""
    for decision, pairs in beyond.items():
        here = (one.labels == 0) & (two.decisions == SELECTED) & (one.decisions == decision)
        np.subtract.at(pairs, one.lower[here], 1)
