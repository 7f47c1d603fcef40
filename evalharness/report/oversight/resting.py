"""What figures about people rest on, in words: for page one, for a requirement, and for the pages about people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalharness.evidence import Evidence
from evalharness.records.share import AS_HERE, AS_LOGGED, DECLARED, ENRICHED, ONE_VIEW, SYNTHETIC, THESE
from evalharness.report import numbers
from evalharness.report.oversight.rubber_stamp import rubber_stamp

_SAID = {
    "declared: reviewers' accuracy": "how well reviewers judge (declared, not measured)",
    "declared: opening of the rest": "the promise that what is set aside is opened in time (not measured)",
    "declared: minutes": "minutes of work (declared, not measured)",
    "declared: joint misses": "how often two reviewers miss the same (declared, not measured)",
    "declared: what was assigned": "the assumption that the log is whole (nobody listed what was assigned)",
    AS_HERE: "the assumption that the system in use handles failures as this program does (not measured)",
    ONE_VIEW: "the assumption that nobody looked at an item again (the log does not say)",
    AS_LOGGED: "the assumption that what is read at work takes as long as what the log has (other items may take longer)",
    SYNTHETIC: "reviewers that were made up",
    ENRICHED: "people who were shown more relevant items than there are at work",
    THESE: "these reviewers, and no others",
}

_SAMPLE = {
    "this_pile": "The drawn sample is about the period that it was drawn from, and about no other.",
    "the_stream": "The drawn sample is about the stream that its period is a part of, as far as other periods are like it.",
}


def rests(names: Iterable[str]) -> str:
    """`declared minutes; reviewers that were made up`; empty: it rests on nothing."""
    return "; ".join(_SAID.get(name, name.removeprefix(DECLARED) + " (declared, not measured)") for name in names)


def people_lines(evidence: Evidence) -> Iterator[str]:
    """For page one: which findings rest on what nobody has measured, about whom they are, and whether people seem to take part at all."""
    resting = [f for f in evidence.findings if any(name.startswith(DECLARED) or name in (SYNTHETIC, ENRICHED) for name in f.rests_on)]
    if resting:
        names = dict.fromkeys(name for f in resting for name in f.rests_on if name != THESE)
        ids = list(dict.fromkeys(f.requirement for f in resting))
        told = "One requirement rests" if len(ids) == 1 else f"{numbers.count(len(ids))} requirements rest"
        yield f"{told} on what nobody has measured: {rests(names)}. That decides a rehearsal, and nothing else."
    part = None if evidence.oversight is None else evidence.oversight.reviews
    if part is not None and part.synthetic and part.dials is None and not any(SYNTHETIC in f.rests_on for f in resting):
        yield "The review log is of made-up reviewers, or of made-up items: it supports a rehearsal only."
    if part is not None and any(THESE in f.rests_on for f in evidence.findings):
        yield f"What is said of reviewers is about these {numbers.count(part.reviewers)} and no others."
    if evidence.oversight is not None and evidence.oversight.sample is not None:
        yield _SAMPLE[evidence.oversight.sample.about]
    yield from rubber_stamp(evidence)
