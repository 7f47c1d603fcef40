"""Page one: for a board member who is not technical. Short sentences, no code names, measured so that it prints on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.annex_copies import unasked
from evalharness.report.by_task import TaskWords
from evalharness.report.daily_work import people, practice, practice_intro, worst_head
from evalharness.report.deciders import Asked, decider_lines, deciders, deciders_more, left_out, left_out_lines
from evalharness.report.fitting import ENDLESS, SHEET, Paper, all_lines, cut, lines, whole
from evalharness.report.oversight.bands import bands_lines
from evalharness.report.oversight.resting import people_lines
from evalharness.report.policy_text import PolicyText
from evalharness.report.reachable import beside_the_best, beyond_reach
from evalharness.report.signing import signing
from evalharness.report.standing import standing
from evalharness.report.under import models_beside
from evalharness.report.unknown import notices, unknown
from evalharness.report.verdict_box import verdict_box
from evalharness.report.view import PageOne, Practice, VerdictBox

_NAME, _TITLE, _NOTICE, _WARNING, _PURPOSE, _REACH = 46, 90, 400, 200, 280, 420
_HEADLINE = 68
"""Characters of a line of the headline."""
_QUESTION = 56
"""Characters of a line of the title."""
_FIGURE = 44
"""Characters of a line of the names in the table."""
_NARROW, _NAMES, _GROUP = 28, 36, 22
"""The same beside a column of groups: with figures for a week and without; and of a line of that column."""
_UNKNOWN, _LEAST, _TIGHTEST = 5, 4, 3
"""Lines that are kept for what is not known, and the fewest that it gets, also where the page is tight."""
_PURPOSE_LINES = 7
_USES = 480
"""Characters of what it is meant for and not, where lines are enough."""


_DECIDER, _SHORT = 6, 3
"""Lines that should be left for what decided; where they are not, the page is made tight, and once more where even fewer are left."""
_TIGHT = 2

_RESERVE, _BREAKS, _WORD = 2, 3, 30
"""Lines of a tight page that nothing gets, more where words are so long: they break worse than is reckoned."""


def page_one(
    evidence: Evidence, policy: PolicyText, task: TaskWords, asked: Sequence[Asked], *, paper: Paper = SHEET, tight: int = 0
) -> PageOne:
    """Everything a signer sees first. `asked` is the findings by requirement, in the policy's order.

    paper: where it is endless nothing is shortened or left out.
    tight: from 1 on warnings get half of their usual length, and what is not known fewer lines; at 2 the groups that are worst off and the
    best possible classifier are left to the annex. All of it stands there.
    """
    share, least = (2, _TIGHTEST) if tight else (1, _LEAST)
    claim, sentence = words.CLAIMS[evidence.claim]
    band = f"{claim} · DO NOT USE THIS POLICY" if policy.warning else claim
    unsigned = standing(evidence)
    banner, edge = ("", band) if unsigned is None else (unsigned.banner, f"{band} · {unsigned.edge}")
    box = verdict_box(evidence, policy, task)
    alarms, quiet = notices(evidence, paper.most(_NOTICE // share))
    quiet += (copied,) if (copied := unasked(evidence, task)) else ()
    quiet += (*bands_lines(evidence, task), *people_lines(evidence))
    unreachable = tuple(cut(text, paper.most(_REACH)) for text in beyond_reach(asked, evidence, task))
    intro, figures = practice_intro(evidence, policy, task), tuple(practice(evidence, task, groups=tight < _TIGHT, paper=paper))
    warned = tuple(people(evidence, task, paper))
    title = task.title.replace("{}", cut(evidence.model.name, paper.most(_NAME)), 1)
    warning, question, purpose = (
        cut(policy.warning, paper.most(_WARNING // share)),
        _question(evidence, policy, task, asked, paper),
        _purpose(policy, task, paper),
    )
    exempt, signed = left_out(evidence, asked, paper), tuple(signing(evidence, policy, task, paper))
    fixed = [
        f"{band}  {sentence}",
        banner,
        warning,
        question,
        f"{purpose} {task.key}",
        *unreachable,
        *alarms,
        *quiet,
        intro if figures else "",
    ]
    fixed += [" ".join(warned), " ".join(signed)]
    room: float = paper.lines - all_lines(fixed) - left_out_lines(exempt) - _box_lines(box) - 2 * (lines(title, _QUESTION) - 1)
    room -= sum(bool(part) for part in (unreachable, alarms, quiet, warning, banner))
    worst, best = worst_head(evidence, task, figures), "" if tight == _TIGHT else beside_the_best(asked, evidence, task)
    best = " ".join(filter(None, (models_beside(evidence), best)))
    room -= _table_lines(figures, worst) + lines(best)
    room -= _BREAKS * any(len(word) > _WORD for text in (title, *fixed) for word in text.split())
    if tight < _TIGHT and room < least + (_SHORT if tight else _DECIDER):
        return page_one(evidence, policy, task, asked, tight=tight + 1)
    room -= _RESERVE if tight else 0
    told = deciders(asked, evidence, task, room - least, _UNKNOWN - least, paper)
    room -= sum(decider_lines(d) for d in told)
    return PageOne(
        title=title,
        subtitle=f"{cut(policy.title, paper.most(_TITLE))} · {evidence.created[:10]}",
        claim=claim,
        claim_sentence=sentence,
        band=band,
        edge=edge,
        banner=banner,
        policy_warning=warning,
        question=question,
        purpose=purpose,
        key=task.key,
        box=box,
        left_out=exempt,
        deciders=told,
        deciders_more=deciders_more(asked, evidence, len(told)),
        best=best,
        confidence=_confidence(evidence),
        sure=_sure(evidence),
        beyond_reach=unreachable,
        practice_intro=intro,
        practice=figures,
        per=task.per,
        weekly=_weekly(figures),
        worst=worst,
        people=warned,
        alarms=alarms,
        notices=quiet,
        unknown=whole(list(unknown(evidence, policy, task)), max(room, least), "points", "Limits"),
        signing=signed,
    )


def _question(evidence: Evidence, policy: PolicyText, task: TaskWords, asked: Sequence[Asked], paper: Paper) -> str:
    count, checks = len(asked), len(evidence.findings)
    things = f"{count} things" if count != 1 else "one thing"
    they, again = ("They were", "Some are asked") if count != 1 else ("It was", "It is asked")
    each = f" {again} again for each group of people." if any(f.group for f in evidence.findings) else ""
    made = f" That makes {checks} checks." if checks != count else ""
    kind = "made-up" if evidence.benchmark.synthetic else "labelled"
    seal = evidence.benchmark.seal
    sealed = ", made after the classifier was fixed" if seal is not None and evidence.model.digest in seal.models else ""
    return (
        f"The policy “{cut(policy.title, paper.most(_TITLE))}” asks {things} of this classifier.{each}{made} "
        f"{they} checked on {numbers.count(evidence.benchmark.rows_judged)} {kind} {task.many}{sealed}."
    )


def _purpose(policy: PolicyText, task: TaskWords, paper: Paper) -> str:
    """What the classifier is meant for, and what not, in the policy's words: whole where it fits, and cut where it fills the page."""
    if paper == ENDLESS:
        return _uses(policy, paper.most(_USES))
    for most in (_USES, _PURPOSE):
        if lines(f"{(text := _uses(policy, most))} {task.key}") <= _PURPOSE_LINES:
            return text
    return cut(text, _PURPOSE // 2)


def _uses(policy: PolicyText, most: int) -> str:
    meant = f"Meant for: {words.sentence(cut(policy.intended_use, most))} " if policy.intended_use else ""
    room = most - len(meant)
    kept: list[str] = []
    for use in policy.prohibited_uses:
        room -= len(use)
        if kept and room < 0:
            break
        kept.append(cut(use, most).rstrip("."))
    left = len(policy.prohibited_uses) - len(kept)
    more = f"; and {left} more, see “What exactly was judged”" if left else ""
    return f"{meant}Never for: {'; '.join(kept)}{more}." if kept else meant.rstrip()


def _table_lines(figures: Sequence[Practice], worst: str) -> int:
    """Lines of the figures of daily work and of their head; names are narrower beside a column of groups."""
    if not figures:
        return 0
    if not worst:
        return sum(lines(f.name, _FIGURE) for f in figures) + 2
    wide = _NARROW if _weekly(figures) else _NAMES
    return sum(max(lines(f.name, wide), lines(f.worst, _GROUP)) for f in figures) + (
        3 if _weekly(figures) else max(2, lines(worst, _GROUP))
    )


def _weekly(figures: Sequence[Practice]) -> bool:
    return any(row.per_week != numbers.ABSENT for row in figures)


def _box_lines(box: VerdictBox) -> int:
    """Lines of the verdict, which are half as high again."""
    return -(-3 * lines(" ".join((box.headline, *box.notes)), _HEADLINE) // 2)


def _confidence(evidence: Evidence) -> str:
    levels = sorted({f.level for f in evidence.findings})
    if not levels:
        return ""
    return f"“{words.sure(levels[0])}”: a method that is wrong in at most {numbers.doubt(levels[0])} of such tests."


def _sure(evidence: Evidence) -> str:
    levels = sorted({e.level for e in evidence.translation})
    return words.sure(levels[0]) if levels else ""
