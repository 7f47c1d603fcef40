"""From answers about links to judged pairs: every true link, every predicted link that is false, and every other candidate pair.

Pairs grow with the square of the records, so they are never listed as a whole: candidate pairs are streamed, and the true links and false
links that no candidate holds are counted by entity and by record (`link_sums`), then given out as that many equal rows.

All records that hang together by true or predicted links make one cluster: an error about one of them shows in all of its pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault, bad_input
from evalharness.predictions.answers import ANSWERED, STATUSES
from evalharness.predictions.candidates import ordered_pairs
from evalharness.predictions.components import Components
from evalharness.predictions.decide import NO_ANSWER, SELECTED
from evalharness.predictions.link_sums import Entities, Integers, Sum, links_by_entity, links_not_held, pairs_among
from evalharness.predictions.pair_answers import LinkAnswers

if TYPE_CHECKING:
    from evalharness.benchmarks.benchmark import Benchmark

MOST_PAIRS = 10**8
"""More judged pairs than this are refused: a classifier that puts everybody into one entity would make the square of the records."""
_ROWS = 2**16


class JudgedPairs(NamedTuple):
    """Some judged pairs."""

    labels: NDArray[np.int8]
    """1 where the two records truly belong to one entity, else 0."""
    decisions: NDArray[np.int8]
    """1 linked, 0 not, -1 no answer."""
    records: Integers
    """The record whose groups are the pair's: the entity's first one for a true link, else the one that comes first in the split."""
    clusters: Integers
    """Number of the cluster: the first record in it."""
    scores: NDArray[np.float64] | None
    """Where candidate pairs are scored; NaN for none."""


@dataclass(slots=True, kw_only=True)
class LinkCounts:
    """What the pairs of a split are, for the account and for limits."""

    candidates: int = 0
    candidates_false: int = 0
    """Candidate pairs that are no true link."""
    true_links: int = 0
    true_links_outside: int = 0
    """True links that no candidate pair holds."""
    predicted: int = 0
    """Predicted links."""
    predicted_outside: int = 0
    """Predicted links that no candidate pair holds; none where candidate pairs are scored."""
    clusters: int = 0
    """Clusters of more than one record."""
    largest_cluster: int = 0
    """Records of the largest one."""
    by_status: NDArray[np.int64]
    """[status codes] judged pairs; the graver status where those of the two records differ. Where candidate pairs are scored, true links
    outside of them count as answered: what is not proposed is not linked."""

    @property
    def judged(self) -> int:
        """Pairs in the tally."""
        return int(self.by_status.sum())


class CandidatePairs(NamedTuple):
    """Some candidate pairs, in the benchmark's order, with what was said of them."""

    lower: Integers
    """The record that comes first in the split."""
    higher: Integers
    labels: NDArray[np.int8]
    """1 where the two records truly belong to one entity, else 0."""
    decisions: NDArray[np.int8]
    """1 linked, 0 not, -1 no answer."""
    status: NDArray[np.uint8]
    scores: NDArray[np.float64] | None


class Links:
    """The judged pairs of a split, given the answers. Some 60 bytes a record; what comes pair by pair is streamed."""

    def __init__(
        self,
        benchmark: Benchmark,
        split: str,
        answers: LinkAnswers,
        *,
        threshold: float | None,
        entities: Integers,
        clusters: Integers | None = None,
    ) -> None:
        """entities: [records] to whom each truly belongs, numbered from 0; clusters: [records] the declared cluster, where there is one.

        Raises BadInput when more than MOST_PAIRS pairs would have to be judged, Fault for answers that the threshold does not fit.
        """
        if (answers.entities is None) != (threshold is not None):
            raise Fault("a threshold decides on scores of pairs, and on nothing else")
        self._benchmark, self._split, self._answers, self._threshold = benchmark, split, answers, threshold
        self._entities = Entities(entities)
        self.counts = LinkCounts(true_links=self._entities.links, by_status=np.zeros(len(STATUSES), dtype=np.int64))
        joined = Components(len(entities))
        for names in (entities, clusters, answers.entities):
            if names is not None:
                joined.join_alike(names)
        self._held = self._look_through(joined)
        self._sums = tuple(self._summed())
        self._add_up()
        self._clusters = joined.numbers()
        sizes = np.bincount(self._clusters, minlength=1)
        self.counts.clusters, self.counts.largest_cluster = int(np.count_nonzero(sizes > 1)), int(sizes.max())

    def rows(self) -> Iterator[JudgedPairs]:
        """Every judged pair once."""
        for some in self.candidates():
            kept = self._streamed(some)
            records, clusters = (column[kept] for column in self.place_of(some))
            scores = None if some.scores is None else some.scores[kept]
            yield JudgedPairs(some.labels[kept], some.decisions[kept], records, clusters, scores)
        for alike in self._sums:
            yield from self._repeated(alike)

    def place_of(self, some: CandidatePairs) -> tuple[Integers, Integers]:
        """[pairs] the record whose groups are the pair's, and its cluster, as in `JudgedPairs`."""
        records = np.where(some.labels == 1, self._entities.first[self._entities.of[some.lower]], some.lower)
        return records, self._clusters[records]

    def outside(self) -> tuple[Integers, Integers]:
        """True links that no candidate pair holds: (the entity's first record, how many)."""
        return self._entities.first, pairs_among(self._entities.sizes) - self._held

    def candidates(self) -> Iterator[CandidatePairs]:
        """Every candidate pair, cut as the benchmark's `pairs`."""
        of, answers, start = self._entities.of, self._answers, 0
        for lower, higher in ordered_pairs(self._benchmark, self._split):
            labels = (of[lower] == of[higher]).astype(np.int8)
            stop = start + len(lower)
            if answers.entities is not None:
                status, scores = np.maximum(answers.status[lower], answers.status[higher]), None
                linked = answers.entities[lower] == answers.entities[higher]
            elif answers.scores is not None and self._threshold is not None:
                status, scores = answers.status[start:stop], answers.scores[start:stop]
                linked = scores >= np.float64(self._threshold)
            decisions = np.where(status == ANSWERED, linked.astype(np.int8), np.int8(NO_ANSWER))
            yield CandidatePairs(lower, higher, labels, decisions, status, scores)
            start = stop

    def _streamed(self, some: CandidatePairs) -> NDArray[np.bool_]:
        """[pairs] those that are given out one by one; where records were put into entities, the others are among the sums."""
        if self._answers.entities is None:
            return np.ones(len(some.labels), dtype=bool)
        streamed: NDArray[np.bool_] = (some.labels == 0) & (some.decisions != SELECTED)
        return streamed

    def _look_through(self, joined: Components) -> Integers:
        """[entities] true links that candidate pairs hold. Counts the candidates, and joins those that are linked by their scores."""
        held = np.zeros(len(self._entities.sizes), dtype=np.int64)
        counts = self.counts
        for some in self.candidates():
            linked = some.decisions == SELECTED
            if some.scores is not None:
                joined.join(some.lower[linked], some.higher[linked])
            np.add.at(held, self._entities.of[some.lower[some.labels == 1]], 1)
            counts.candidates += len(some.labels)
            counts.candidates_false += int(np.count_nonzero(some.labels == 0))
            counts.predicted += int(np.count_nonzero(linked))
            counts.by_status += np.bincount(some.status[self._streamed(some)], minlength=len(STATUSES))
        counts.true_links_outside = counts.true_links - int(held.sum())
        return held

    def _summed(self) -> Iterator[Sum]:
        if self._answers.entities is None:
            return links_not_held(self._entities, self._held)
        return links_by_entity(self._entities, self._answers.entities, self._answers.status)

    def _add_up(self) -> None:
        counts = self.counts
        for alike in self._sums:
            counts.by_status[alike.status] += alike.pairs.sum()
        if self._answers.entities is not None:
            predicted = sum(int(alike.pairs.sum()) for alike in self._sums if alike.decision == SELECTED)
            counts.predicted, counts.predicted_outside = predicted, predicted - counts.predicted
        if counts.judged > MOST_PAIRS:
            raise bad_input(
                f"{counts.judged:,} pairs would have to be judged: {counts.true_links:,} true links, {counts.predicted:,} predicted ones",
                where=f"benchmark {self._benchmark.info.name}, split {self._split}",
                got=f"{counts.judged:,} pairs",
                expected=f"at most {MOST_PAIRS:,}",
                hint="entities that hold thousands of records make millions of links: look at the largest predicted ones",
            )

    def _repeated(self, alike: Sum) -> Iterator[JudgedPairs]:
        """Each record as often as it stands for pairs."""
        ends = np.cumsum(alike.pairs)
        for start in range(0, int(ends[-1]), _ROWS):
            stop = min(start + _ROWS, int(ends[-1]))
            first, last = np.searchsorted(ends, [start, stop - 1], side="right")
            times = alike.pairs[first : last + 1].copy()
            times[-1] -= ends[last] - stop
            times[0] -= start - (ends[first] - alike.pairs[first])
            records = np.repeat(alike.records[first : last + 1], times)
            labels, decisions = (np.full(len(records), value, dtype=np.int8) for value in (alike.label, alike.decision))
            scores = None if self._threshold is None else np.full(len(records), np.nan)
            yield JudgedPairs(labels, decisions, records, self._clusters[records], scores)
