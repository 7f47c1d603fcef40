"""The page for a board on what people do with the answers: what was measured of them, who catches what, what it costs people."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.faults import FaultsPart
from evalharness.evidence.oversight.reviews import ReviewsPart
from evalharness.evidence.oversight.team import TeamPart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.reading_order import reading_order
from evalharness.report.oversight.rubber_stamp import of_everybody
from evalharness.report.oversight.shares_table import of_source, table_of
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Section, Table

_KINDS = (
    ("found_and_kept", "Relevant, selected by the classifier, and kept by people"),
    ("found_and_dismissed", "Relevant, selected by the classifier, and dismissed by people"),
    ("missed_and_caught", "Relevant, missed by the classifier, and caught by people"),
    ("missed_by_both", "Relevant, and missed by both"),
    ("wrongly_put_before_readers", "Not relevant, and opened all the same"),
    ("wrongly_kept", "Not relevant, and kept by people as if it were"),
    ("read", "Opened in all"),
)
_KIND_WORDS = {
    "exception": "it breaks off with an error",
    "timeout": "no answer in time",
    "not_a_number": "a score that is no number",
    "infinite": "a score without end",
    "out_of_range": "a score outside of its range",
    "unknown_class": "a class that does not exist",
    "negative_code": "a code that does not exist",
    "too_few": "too few answers",
    "too_many": "too many answers",
    "none": "nothing at all",
    "wrong_type": "answers of another type",
    "reordered": "answers in another order",
    "stale_model": "another model than the one approved",
    "all_missing": "an item with nothing in it",
    "absurd_value": "an item with absurd values",
    "unknown_category": "an item with categories never seen",
}
_READING = (
    "reader_recall", "reader_specificity", "dismissal_rate", "double_reading_disagreement", "third_reading_rate", "joint_miss",
    "slow_readings",
)  # fmt: skip
_ADVICE = {
    "victims_advocate": "the victims' advocate is asked about those who are missed, dismissed or contacted late",
    "officer_wellbeing": "officer wellbeing is asked about what is opened, how often and by whom, double readings and drawn samples too",
}


def what_people_do(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[Section]:
    """Nothing where nothing was counted of people beyond the bands of the policy."""
    part, known = evidence.oversight, of_everybody(evidence)
    if part is None or not any(metric.name in known for metric in OVERSIGHT_METRICS if metric.source != "bands"):
        return
    yield Section(
        anchor="people-do",
        title="What people do with it",
        paragraphs=tuple(_paragraphs(evidence, policy, task)),
        tables=(
            *(() if part.team is None else (_caught(part.team, policy, task),)),
            *table_of("Classifier and people together", of_source("team"), evidence, task),
            *table_of("How people read", _READING, evidence, task),
            *reading_order(evidence),
            *table_of("What nobody opened, by a drawn sample", of_source("sample"), evidence, task),
            *table_of("What it does to people", of_source("people"), evidence, task, note="Cells of fewer than ten people are not shown."),
            *table_of("What it asks of those who do the work", of_source("work"), evidence, task),
            *_faults(evidence, task),
        ),
    )


def _paragraphs(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[str]:
    part = evidence.oversight
    yield f"The {task.many} come from this stream: {evidence.operating_point.stream}. Of another stream these figures say nothing."
    if part is not None and part.team is not None:
        yield _opened(part.team, task)
        if part.reviews is None:
            yield "Nobody read anything for this: the policy declares how well people judge, so what follows from it is not measured."
    if part is not None and part.reviews is not None:
        yield _reviewed(part.reviews, task)
    if part is not None and part.sample is not None:
        drawn = numbers.count(sum(pile.drawn for pile in part.sample.piles))
        yield f"{drawn} {task.many} were drawn from every pile and coded without the classifier's answer (draw {part.sample.draw})."
    if part is not None and part.people is not None:
        listed = part.people
        of = f"{numbers.count(listed.people)} people in {numbers.count(listed.items)} {task.many}"
        yield f"A table of people tells of {of}, from {listed.first[:10]} to {listed.last[:10]}. People are counted there, not {task.many}."
    heard = [text for role, text in _ADVICE.items() if role in policy.advice]
    if heard:
        yield f"{words.capital('; '.join(heard))}."


def _opened(part: TeamPart, task: TaskWords) -> str:
    """What is reviewed, and what is not."""
    read, where = part.per_1000["read"], "“What happens to each item” tells which."
    if 1000 - read < 1:
        return f"All {task.many}, or all but fewer than one in 1,000, are put before a reader. {where}"
    return f"Of 1,000 {task.many} {numbers.plain(read)} are put before a reader; the other {numbers.plain(1000 - read)} are not. {where}"


def _reviewed(part: ReviewsPart, task: TaskWords) -> str:
    if part.dials is not None:
        return (
            f"The {numbers.count(part.reviewers)} reviewers were made up, and so were their {numbers.count(part.rows)} readings. "
            "What rests on them shows that the method works, and nothing about people."
        )
    unread = f" {numbers.count(part.unread)} readings were assigned and not made; each counts as wrong." if part.unread else ""
    listed = "" if part.listed else " Nobody listed what was assigned, so what was left out could be every miss."
    made_up = " The reviewers were made up, or what they read was: nothing of this is about people at work." if part.synthetic else ""
    return (
        f"{numbers.count(part.reviewers)} reviewers made {numbers.count(part.rows)} readings of {numbers.count(part.items)} {task.many} in "
        f"{numbers.count(part.shifts)} shifts, from {part.first[:10]} to {part.last[:10]}.{unread}{listed}{made_up}"
    )


def _caught(part: TeamPart, policy: PolicyText, task: TaskWords) -> Table:
    """Of 1,000 items, and where the policy declares a volume, the same figures times that volume."""
    week = policy.items_per_week.replace(",", "")
    scales = [1.0, *([int(week) / 1000] if week.isdigit() else [])]
    low, high = part.draws.low, part.draws.high
    return Table(
        caption=f"Who catches what, in 1,000 {task.many}" + (" and in a week" if len(scales) > 1 else ""),
        columns=("What becomes of them", "In 1,000", "Likely range", *(("In a week", "Likely range in a week") if len(scales) > 1 else ())),
        rows=tuple(
            (name, *(text for scale in scales for text in _scaled(part.per_1000[key], low[key], high[key], scale))) for key, name in _KINDS
        ),
        note=(
            f"The range holds 90 of 100 draws ({numbers.count(part.draws.draws)} were made) of what test and readings leave open. It "
            "describes; the bounds below are the ones that decide."
        )
        + (f" In a week: at the {policy.items_per_week} {task.many} that the policy declares." if len(scales) > 1 else ""),
    )


def _scaled(value: float, low: float, high: float, scale: float) -> tuple[str, str]:
    return numbers.plain(value * scale), f"{numbers.plain(low * scale)} to {numbers.plain(high * scale)}"


def _faults(evidence: Evidence, task: TaskWords) -> Iterator[Table]:
    """Whether failures reach a person, and the fates of each kind."""
    part = None if evidence.oversight is None else evidence.oversight.faults
    if part is None:
        return
    where = (
        "These failures were made inside this program. Whether the system in use does likewise, only a log of failures there can tell."
        if part.log is None
        else "These failures were made in the system in use."
    )
    yield from table_of("When the classifier fails", of_source("faults"), evidence, task, note=where)
    yield Table(
        caption="Every kind of failure, and whom it reached",
        columns=("Failure", "To a person", "To review", "Set aside", "Lost"),
        rows=tuple(
            (
                _KIND_WORDS.get(one.kind, one.kind.replace("_", " ")),
                *(numbers.count(number) for number in (one.to_a_person, one.to_review, one.set_aside, one.lost)),
            )
            for one in part.by_kind
        ),
        folded=True,
        note=_not_tried(part),
    )


def _not_tried(part: FaultsPart) -> str:
    told = (f"{_KIND_WORDS.get(kind, kind.replace('_', ' '))} ({why})" for kind, why in sorted(part.not_tried.items()))
    return "Not tried: " + "; ".join(told) + "." if part.not_tried else ""
