"""Requirement by requirement: what was asked, why, what was found, drawn and in figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart, FindingPart
from evalharness.evidence.second_pair import Narrower
from evalharness.report import numbers, words
from evalharness.report.annex_gap_context import context_of, could_see
from evalharness.report.by_size import IF_ALIKE, hinges, if_alike
from evalharness.report.by_task import TaskWords
from evalharness.report.charts import Drawn, group_chart, one_chart, sort_by_bound
from evalharness.report.deciders import Asked, whom
from evalharness.report.marks import mark_text, worst_mark
from evalharness.report.methods import in_words
from evalharness.report.oversight.resting import rests
from evalharness.report.policy_text import PolicyText
from evalharness.report.reachable import beats, best_words
from evalharness.report.under import assumed, beside
from evalharness.report.view import RequirementSection, Table

ROWS_LISTED = 200
WORSE = "If items without an answer all count the worse way"
REFUSED = "only because of the items without an answer"
_COLUMNS = (
    "“Worth (independent)”: how many separate ones would tell as much as those counted, which partly belong together in clusters. "
    "“Could this size show it?”: whether so many without a single error would be enough to say “met”. "
    "“New sample needed”: how many a new test would have to count to show it 8 times in 10, if what was found here is right."
)
_Key = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What every section leans on."""

    evidence: Evidence
    task: TaskWords
    whys: Mapping[str, str]
    worse: Mapping[_Key, EstimatePart]
    """Estimates with a worst case for the items without an answer."""
    narrower: Narrower

    @property
    def drawn(self) -> Drawn:
        """What a drawing needs."""
        return Drawn(task=self.task, narrower=self.narrower)


def by_requirement(evidence: Evidence) -> tuple[Asked, ...]:
    """Findings by requirement, in the order of the evidence (the policy's)."""
    found: dict[str, list[FindingPart]] = {}
    for finding in evidence.findings:
        found.setdefault(finding.requirement, []).append(finding)
    return tuple(found.items())


def requirement_sections(evidence: Evidence, policy: PolicyText, task: TaskWords, asked: Sequence[Asked]) -> tuple[RequirementSection, ...]:
    """One section a requirement."""
    told = _Told(
        evidence=evidence,
        task=task,
        whys={line.id: line.why for line in policy.requirements},
        worse={_key(e): e for e in evidence.estimates if e.worst_case is not None},
        narrower=Narrower(evidence),
    )
    return tuple(_section(number, one, told) for number, one in enumerate(asked, 1))


def _section(number: int, asked: Asked, told: _Told) -> RequirementSection:
    name, findings = asked
    task, worse = told.task, told.worse
    ordered = sort_by_bound(findings)
    first = ordered[0]
    single = len(findings) == 1
    anchor = f"requirement-{number}"
    return RequirementSection(
        anchor=anchor,
        number=number,
        id=name,
        mark=worst_mark(f.outcome for f in findings),
        asked=words.asks(first, task, whom(findings)),
        why=told.whys.get(name, ""),
        found=words.found(first, task) if single else _summary(findings),
        facts=(*_facts(first, told), *could_see(context_of(told.evidence, first)), *_best(first, told), *_worst_case(first, worse))
        if single
        else (*_best(first, told), *_method(first)),
        chart=one_chart(first, number, told.drawn) if single else group_chart(findings, number, told.drawn),
        phone_chart=one_chart(first, number, told.drawn, phone=True) if single else group_chart(findings, number, told.drawn, phone=True),
        table=None if single else _table(name, ordered, told),
        not_judged=tuple(
            f"{words.group_words(cell.group)}: not judged until {cell.until}, because {cell.why}"
            for cell in told.evidence.not_judged
            if cell.requirement == name
        ),
    )


def _summary(findings: Sequence[FindingPart]) -> str:
    counts = [f"{sum(f.outcome == o for f in findings)} {words.MARKS[o][1]}" for o in words.OUTCOMES_WORST_FIRST]
    return f"{len(findings)} groups: {', '.join(c for c in counts if not c.startswith('0 '))}."


def _facts(finding: FindingPart, told: _Told) -> Iterator[tuple[str, str]]:
    name, unit, task = finding.metric, finding.unit, told.task
    yield "Found", words.amount(name, finding.value, unit=unit, beside=finding.bound)
    sampled = finding.comparison != "equals"
    if sampled:
        sure = words.sure(finding.level).capitalize()
        yield f"{sure}: at least", words.amount(name, finding.lower, "down", unit=unit, beside=finding.bound)
        yield f"{sure}: at most", words.amount(name, finding.upper, "up", unit=unit, beside=finding.bound)
    if text := if_alike(finding, told.narrower.of(finding)):
        yield IF_ALIKE, text
    yield "Counted", counted(finding, task)
    if finding.pair is not None:
        yield "Pair that decides", f"{words.group_words(finding.pair[0])} against {words.group_words(finding.pair[1])}"
    if sampled:
        yield "Could this size show it?", "yes" if finding.attainable else "no: even without a single error it could not"
    if finding.outcome != "met" and finding.needed is not None:
        yield "Needed", needed(finding, finding.needed, task)
    yield "Measure", f"{words.title(name, task)} ({name}{f', {finding.condition}' if finding.condition else ''})"
    yield from _method(finding)
    if finding.rests_on:
        yield "Rests on", rests(finding.rests_on)
    if finding.reason:
        yield "Note", finding.reason


def _method(finding: FindingPart) -> Iterator[tuple[str, str]]:
    """As the evidence names it, and in a plain sentence."""
    yield "Method of the bounds", finding.method
    if text := in_words(finding.method):
        yield "That is", text


def _best(finding: FindingPart, told: _Told) -> Iterator[tuple[str, str]]:
    """What a condition takes for granted; what anybody could be expected to reach, where that is known."""
    if text := assumed(finding.condition, told.task):
        yield "What is assumed", text
    if text := beside(finding, told.evidence, told.task):
        yield "Beside the other model", text
    if text := best_words(finding, told.evidence, told.task):
        luck = (
            " This is an average over many such tests; the figure found is better than it by chance."
            if beats(finding, told.evidence)
            else ""
        )
        yield "Best possible", (f"For {words.group_words(finding.group)}: " if finding.group else "") + text + luck


def _key(record: FindingPart | EstimatePart) -> _Key:
    return record.metric, tuple(sorted(record.group.items())), record.between, record.unit, record.condition


def _worst_case(finding: FindingPart, worse: Mapping[_Key, EstimatePart]) -> Iterator[tuple[str, str]]:
    """Both bounds if every item without an answer had turned out the worse way, where that is recorded."""
    if text := _worse(finding, worse):
        yield WORSE, text


def _worse(finding: FindingPart, worse: Mapping[_Key, EstimatePart]) -> str:
    estimate = worse.get(_key(finding))
    if estimate is None or estimate.worst_case is None:
        return ""
    low = words.amount(finding.metric, estimate.worst_case[0], "down", unit=finding.unit, beside=finding.bound)
    high = words.amount(finding.metric, estimate.worst_case[1], "up", unit=finding.unit, beside=finding.bound)
    return f"at least {low}, at most {high}"


def _refused(finding: FindingPart, worse: Mapping[_Key, EstimatePart]) -> bool:
    """Whether only the items without an answer keep it from being met."""
    return finding.outcome == "not_demonstrated" and words.clears(finding) and _key(finding) in worse


def counted(finding: FindingPart, task: TaskWords) -> str:
    """n, clusters and n_eff in words."""
    name = words.denominator(finding, task)
    if finding.clusters == finding.n:
        return f"{numbers.count(finding.n)} {name}"
    return (
        f"{numbers.count(finding.n)} {name} in {numbers.count(finding.clusters)} clusters; "
        f"they tell as much as {numbers.size(finding.n_eff)} independent ones"
    )


def needed(finding: FindingPart, size: int, task: TaskWords) -> str:
    """What a new sample would have to be."""
    what = words.denominator(finding, task) + (" of all compared groups together" if finding.between else "")
    return f"a new test on {numbers.count(size)} {what} (8 such tests in 10 would show it, if what was found here is right)"


def _table(name: str, ordered: Sequence[FindingPart], told: _Told) -> Table:
    level, worse = ordered[0].level, told.worse
    refused = any(_key(f) in worse for f in ordered)
    sized = any(hinges(f, told.narrower.of(f)) for f in ordered)
    return Table(
        caption=f"{name}: every group, nearest to failing first",
        columns=(
            "Group",
            "Result",
            "Found",
            f"{words.sure(level)}: at least",
            f"{words.sure(level)}: at most",
            "Counted",
            "Clusters",
            "Worth (independent)",
            "Could this size show it?",
            "New sample needed",
            *((IF_ALIKE,) if sized else ()),
            *((WORSE,) if refused else ()),
        ),
        rows=tuple(_cells(f, told, refused=refused, sized=sized) for f in ordered[:ROWS_LISTED]),
        note=_COLUMNS,
        left_out=max(0, len(ordered) - ROWS_LISTED),
        numeric_from=2,
        folded=True,
    )


def _cells(finding: FindingPart, told: _Told, *, refused: bool, sized: bool) -> tuple[str, ...]:
    name, unit, goal, worse = finding.metric, finding.unit, finding.bound, told.worse
    narrower = told.narrower.of(finding)
    alike = f"; {does} the goal, if large clusters came out like small ones" if (does := hinges(finding, narrower)) else ""
    return (
        words.group_words(finding.group),
        mark_text(finding.outcome) + (f": {REFUSED}" if _refused(finding, worse) else "") + alike,
        _value(finding),
        words.amount(name, finding.lower, "down", unit=unit, beside=goal),
        words.amount(name, finding.upper, "up", unit=unit, beside=goal),
        numbers.count(finding.n),
        numbers.count(finding.clusters),
        numbers.size(finding.n_eff),
        "yes" if finding.attainable else "no",
        numbers.count(finding.needed) if finding.outcome != "met" else "",
        *((if_alike(finding, narrower) or "the same",) if sized else ()),
        *((_worse(finding, worse) or "changes nothing",) if refused else ()),
    )


def _value(finding: FindingPart) -> str:
    if finding.value is None:
        return f"{numbers.ABSENT} {finding.reason}"
    return words.amount(finding.metric, finding.value, unit=finding.unit, beside=finding.bound)
