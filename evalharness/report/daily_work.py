"""Page one: what the figures mean in daily work, and what is assumed of the people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.by_task import Figure, TaskWords
from evalharness.report.fitting import SHEET, Paper, cut
from evalharness.report.oversight.measured import assumed_of_people, measured_together
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Practice

_REASON, _GROUP = 80, 40


def unanswered(evidence: Evidence) -> float:
    """The recorded share of items without an answer."""
    found = (e.value for e in evidence.unconditional if e.metric == "no_answer_rate" and not e.group and not e.between)
    return next(found, None) or 0.0


def practice_intro(evidence: Evidence, policy: PolicyText, task: TaskWords) -> str:
    """Under which assumptions the table holds."""
    week = f" ({policy.items_per_week} a week)" if policy.items_per_week else ""
    judged = numbers.count(evidence.benchmark.rows_judged)
    like = (
        f"If real {task.arriving} were like these made-up ones{week}."
        if evidence.benchmark.synthetic
        else f"If the {task.arriving} that arrive were like these {judged} test {task.many}{week}."
    )
    share = unanswered(evidence)
    work = task.work_refused.replace("{}", numbers.per_thousand(share)) if share else task.work
    return f"{like} {work}".rstrip()


def practice(evidence: Evidence, task: TaskWords, *, groups: bool = True, paper: Paper = SHEET) -> Iterator[Practice]:
    """The figures for 1,000 items and, where a volume is declared, for a week; and of `groups`, where the policy asks for each."""
    by_name = {e.metric: e for e in evidence.translation if not e.group}
    some = unanswered(evidence) > 0
    for figure in task.figures:
        thousand, week = by_name.get(f"{figure.stem}_per_1000"), by_name.get(f"{figure.stem}_per_week")
        if thousand is None:
            continue
        worst = _worst_off(evidence, figure, task, paper) if groups else ""
        beside = figure.without if some else "" if figure.own and worst else _among(evidence, figure, task)
        yield Practice(
            name=task.named(figure.name) + beside,
            per_thousand=_value(thousand),
            per_thousand_bound=_upper(thousand),
            per_week=_value(week),
            per_week_bound=_upper(week),
            worst="" if figure.own else worst,
        )
        if figure.own and worst:
            yield from _own(evidence, figure, task, worst)


def _own(evidence: Evidence, figure: Figure, task: TaskWords, worst: str) -> Iterator[Practice]:
    """The same among those that it can happen to, with the group that is worst off."""
    everyone = next((e for e in evidence.unconditional if e.metric == figure.among and not e.group and not e.between), None)
    if everyone is None or everyone.value is None:
        return
    share, bound = _bad(everyone, figure, task)
    yield Practice(
        name=task.named(figure.own) + (", or without an answer" if unanswered(evidence) else ""),
        per_thousand=numbers.in_thousand(share),
        per_thousand_bound=numbers.ABSENT if bound is None else numbers.in_thousand(bound, "up"),
        per_week=numbers.ABSENT,
        per_week_bound=numbers.ABSENT,
        worst=worst,
    )


def _worst_off(evidence: Evidence, figure: Figure, task: TaskWords, paper: Paper) -> str:
    """`sex F: 61 (at most 80)`: of the groups that the policy asks about, the one in which it was found most often."""
    groups = [f.group for f in evidence.findings if f.metric in figure.asked and f.group and not f.between and not f.condition]
    told = [e for e in evidence.unconditional if e.metric == figure.among and not e.between and e.value is not None and e.group in groups]
    if not told:
        return ""
    worst = max(told, key=lambda e: (_bad(e, figure, task)[0], _bad(e, figure, task)[1] or 1.0))
    share, bound = _bad(worst, figure, task)
    limit = "no bound" if bound is None else f"at most {numbers.in_thousand(bound, 'up')}"
    return f"{cut(words.group_words(worst.group), paper.most(_GROUP))}: {numbers.in_thousand(share)} ({limit})"


def _bad(estimate: EstimatePart, figure: Figure, task: TaskWords) -> tuple[float, float | None]:
    """The share of what goes wrong, and the most that it can be; of a metric of what goes right, the rest to 1."""
    value, (lower, upper) = estimate.value or 0.0, estimate.bounds
    if task.metrics[figure.among].better == "lower":
        return value, upper
    return numbers.rest(value), None if lower is None else numbers.rest(lower)


def worst_head(evidence: Evidence, task: TaskWords, figures: Sequence[Practice]) -> str:
    """Head of the column of groups that are worst off; empty where there is none."""
    if not any(figure.worst for figure in figures):
        return ""
    return "Worst-off group" + (", no answer counted as wrong" if task.task == "ordinal" and unanswered(evidence) else "")


def control_figure(evidence: Evidence, task: TaskWords) -> EstimatePart | None:
    """The first figure of daily work: what a signer is asked for before signing. Null where the evidence has none."""
    name = f"{task.figures[0].stem}_per_1000"
    return next((e for e in evidence.translation if e.metric == name and not e.group), None)


def _among(evidence: Evidence, figure: Figure, task: TaskWords) -> str:
    """The same figure among the relevant ones alone, where all got an answer: only then both count the same."""
    found = next((e for e in evidence.unconditional if e.metric == figure.among and not e.group and not e.between), None)
    if not figure.among_name or found is None or found.value is None:
        return ""
    missed = found.value if task.metrics[figure.among].better == "lower" else numbers.rest(found.value)
    return f" ({numbers.in_thousand(missed)} of every 1,000 {task.named(figure.among_name)})"


def people(evidence: Evidence, task: TaskWords, paper: Paper = SHEET) -> Iterator[str]:
    """What is assumed of them, and what is found if reviewers catch 7, or 9, in 10."""
    yield assumed_of_people(evidence, task)
    by_name = {e.metric: e for e in evidence.translation if not e.group}
    relevant = task.denominator_of("recall")
    for ten in ("7", "9") if task.caught else ():
        estimate = by_name.get(f"system_recall_if_reviewers_catch_{ten}_in_10")
        if estimate is None:
            yield f"If reviewers catch {ten} in 10, nobody can say from this evidence what share of the {relevant} is found."
        elif estimate.value is None:
            yield f"If reviewers catch {ten} in 10, the share found cannot be computed: {cut(estimate.reason, paper.most(_REASON))}."
        else:
            least, _ = estimate.bounds
            bound = "" if least is None else f" ({words.sure(estimate.level)}: at least {numbers.percent(least, 'down')})"
            yield (
                f"If reviewers catch {ten} in 10, classifier and reviewers together find {numbers.percent(estimate.value)} "
                f"of the {relevant}{bound}."
            )
    yield from measured_together(evidence, relevant)


def _value(estimate: EstimatePart | None) -> str:
    return numbers.plain(estimate.value) if estimate is not None else numbers.ABSENT


def _upper(estimate: EstimatePart | None) -> str:
    return numbers.ABSENT if estimate is None else numbers.plain(estimate.bounds[1], "up")
