"""Page one: what decided the verdict, and who was left out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evalharness.evidence import Evidence
from evalharness.evidence.schema import FindingPart, NotJudgedPart
from evalharness.evidence.second_pair import Narrower
from evalharness.report import numbers, words
from evalharness.report.briefly import CHANCE, brief, measured, more_data, unlike
from evalharness.report.by_size import why_open
from evalharness.report.by_task import TaskWords
from evalharness.report.charts import sort_by_bound
from evalharness.report.fitting import LINE, SHEET, Paper, all_lines, cut, lines, listed, visible
from evalharness.report.marks import worst_mark
from evalharness.report.reachable import best_words
from evalharness.report.view import Decider, LeftOut

Asked = tuple[str, Sequence[FindingPart]]
Counts = Mapping[tuple[tuple[str, str], ...], tuple[int, ...]]
BESIDE = LINE - 18
"""Characters of a line beside the marks."""
_LONG, _SHORTER, _NAME, _NAMES, _REASON = 330, 120, 80, 110, 110
_MOST_NAMES = 1400
"""Characters of names that page one has room for: dozens of groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What every line leans on."""

    evidence: Evidence
    task: TaskWords
    counts: Counts
    paper: Paper
    narrower: Narrower


def deciders(  # noqa: PLR0917  what a page has
    asked: Sequence[Asked], evidence: Evidence, task: TaskWords, room: float, spare: int, paper: Paper = SHEET
) -> tuple[Decider, ...]:
    """The worst first, as many as there is room for; once something failed, of what is met only the figure and its bound are told.

    What is met leaves `spare` lines of the room to what is not known.
    """
    ordered = worst_first(asked, evidence)
    all_met = all(f.outcome == "met" for _, (_, findings) in ordered for f in findings)
    counts = {_key(row.group): row.counts for row in evidence.tallies.counted}
    told = _Told(evidence=evidence, task=task, counts=counts, paper=paper, narrower=Narrower(evidence))
    found: list[Decider] = []
    for number, (_, findings) in ordered:
        named_only = not all_met and all(f.outcome == "met" for f in findings)
        decider = _decider(number, findings, told, named_only=named_only)
        if not found and decider_lines(decider) > room:
            decider = _shorter(decider)
        room -= decider_lines(decider)
        if room < (spare if decider.mark.outcome == "met" else -1) and found:
            break
        found.append(decider)
    return tuple(found)


def decider_lines(decider: Decider) -> float:
    """Printed lines that one of them takes, the gap below it among them."""
    return lines(f"{decider.asked} {decider.found} {decider.more}", BESIDE) + 0.3


def deciders_more(asked: Sequence[Asked], evidence: Evidence, told: int) -> str:
    """What the page had no room for."""
    rest = [worst_mark(f.outcome for f in findings) for _, (_, findings) in worst_first(asked, evidence)[told:]]
    counts = [
        f"{sum(m.outcome == o for m in rest)} {words.MARKS[o][1]}" for o in words.OUTCOMES_WORST_FIRST if any(m.outcome == o for m in rest)
    ]
    return f"{len(rest)} more on the next pages: {', '.join(counts)}." if rest else ""


def worst_first(asked: Sequence[Asked], evidence: Evidence) -> list[tuple[int, Asked]]:
    """Requirements with their number in the policy; of equals, those that leave somebody out come first."""
    partial = {cell.requirement for cell in evidence.not_judged}

    def key(item: tuple[int, Asked]) -> tuple[int, bool]:
        name, findings = item[1]
        return words.OUTCOMES_WORST_FIRST.index(worst_mark(f.outcome for f in findings).outcome), name not in partial

    return sorted(enumerate(asked, 1), key=key)


def whom(findings: Sequence[FindingPart]) -> str:
    """`, in each group of sex, and of sex and ethnicity together`; empty for a question about everybody."""
    seen: list[tuple[str, ...]] = []
    for finding in findings:
        attributes = tuple(sorted(finding.group))
        if attributes and attributes not in seen:
            seen.append(attributes)
    parts = ["of " + words.attributes_words(a) for a in seen]
    return ", in each group " + listed(parts) if parts else ""


def left_out(evidence: Evidence, asked: Sequence[Asked], paper: Paper = SHEET) -> tuple[LeftOut, ...]:
    """Groups that the policy exempts, by requirement, date and reason. No name is dropped; reasons are shortened."""
    number = {name: i for i, (name, _) in enumerate(asked, 1)}
    found: dict[tuple[str, str, str], list[str]] = {}
    room = paper.most(_MOST_NAMES)
    dropped = 0
    for cell in evidence.not_judged:
        name = cut(words.group_words(cell.group), paper.most(_NAME))
        room -= len(name)
        if room < 0:
            dropped += 1
            continue
        found.setdefault((cell.requirement, cell.until, cell.why), []).append(name)
    told = [
        LeftOut(
            head=f"Not judged by requirement {number[requirement]}" if requirement in number else "Not judged",
            names="; ".join(names),
            until=until,
            reason=cut(why, paper.most(_REASON)),
        )
        for (requirement, until, why), names in found.items()
    ]
    if dropped:
        told.append(LeftOut(head="Not judged either", names=f"{dropped} more, all named under “Limits”", until="", reason=""))
    return tuple(told)


def left_out_lines(told: Sequence[LeftOut]) -> int:
    """Printed lines of the block."""
    return all_lines([f"{x.head}: {x.names} (until {x.until}). Reason given: {x.reason}" for x in told]) + 2 * bool(told)


def _decider(number: int, findings: Sequence[FindingPart], told: _Told, *, named_only: bool) -> Decider:
    task, longest = told.task, told.paper.most(_LONG)
    cells = [cell for cell in told.evidence.not_judged if cell.requirement == findings[0].requirement]
    ordered = sort_by_bound(findings)
    first = _telling(ordered)
    grouped = bool(first.group)
    best = "" if first.outcome == "met" else best_words(first, told.evidence, task)
    why = why_open(first, told.narrower.of(first), task)
    shown = brief(first, task, _part(first, told.counts, task))
    found = _among(ordered, first, cells) + shown if grouped else words.capital(shown) + _uncorrected(first)
    return Decider(
        mark=worst_mark(f.outcome for f in findings),
        asked=cut(words.asks(first, task, whom(findings)), longest),
        found=measured(first) if named_only else cut(found, longest),
        more=cut(" ".join(filter(None, (_besides(first, told), why, more_data(first, task), best))), longest),
        link=f"requirement-{number}",
    )


def _besides(finding: FindingPart, told: _Told) -> str:
    """What a share of everything hides: how often it happened where it could."""
    stem, sentence = told.task.besides.get(finding.metric, ("", ""))
    figure = next((e for e in told.evidence.translation if stem and e.metric == f"{stem}_per_1000" and not e.group), None)
    narrower = finding.group or finding.between or finding.condition
    if figure is None or figure.value is None or narrower or finding.metric in told.task.or_no_answer:
        return ""
    return told.task.named(sentence).replace("{}", numbers.plain(figure.value))


def _shorter(decider: Decider) -> Decider:
    """For names so long that a single line of the policy would fill the page."""
    return replace(decider, asked=cut(decider.asked, _SHORTER), found=cut(decider.found, _SHORTER), more=cut(decider.more, _SHORTER))


def _telling(ordered: Sequence[FindingPart]) -> FindingPart:
    """The finding to tell: the worst; of those that are not proven, one that is short of the goal where there is one."""
    first = ordered[0]
    if first.outcome != "not_demonstrated":
        return first
    return next((f for f in ordered if f.outcome == first.outcome and words.on_wrong_side(f)), first)


def _among(ordered: Sequence[FindingPart], first: FindingPart, cells: Sequence[NotJudgedPart]) -> str:
    total = len(ordered)
    same = sum(f.outcome == first.outcome for f in ordered)
    unproven = sum(f.outcome == "not_demonstrated" for f in ordered)
    one = total == 1
    if first.outcome == "met":
        judged = " that was judged" if one and cells else " that were judged" if cells else ""
        whole = f"The only group{judged} meets it." if one else f"All {total} groups{judged} meet it."
        return f"{whole} {_not_judged(cells)}Closest to the limit: "
    fail = {
        "not_met": _fail(ordered),
        "not_demonstrated": "is not proven" if same == 1 else "are not proven",
        "not_evaluable": "cannot be computed",
    }[first.outcome]
    further = f"; {unproven} more {'is' if unproven == 1 else 'are'} not proven" if unproven and first.outcome != "not_demonstrated" else ""
    label = "Least evidence: " if first.outcome == "not_demonstrated" and not words.on_wrong_side(first) else "Worst: "
    return f"{same} of {total} groups {fail}{further}. {_not_judged(cells)}{'' if first.outcome == 'not_evaluable' else label}"


def _fail(findings: Sequence[FindingPart]) -> str:
    """`fail it` where all stand even after correction for the number of checks; otherwise which do."""
    failed = sum(words.failed(f) for f in findings)
    alone = sum(f.outcome == "not_met" for f in findings) - failed
    one = failed + alone == 1
    if not alone:
        return "fails it" if one else "fail it"
    return f"{'does' if one else 'do'} not meet it{unlike(failed, alone)}"


def _uncorrected(finding: FindingPart) -> str:
    return f" It {CHANCE}." if finding.outcome == "not_met" and not words.failed(finding) else ""


def _not_judged(cells: Sequence[NotJudgedPart]) -> str:
    if not cells:
        return ""
    names = "; ".join(visible(words.group_words(cell.group)) for cell in cells)
    if len(names) <= _NAMES:
        return f"Not judged: {names}. "
    return f"Not judged: the {len(cells)} groups named above. " if len(cells) > 1 else "Not judged: the group named above. "


def _part(finding: FindingPart, counts: Counts, task: TaskWords) -> int | None:
    """The count above the line of a share, from the recorded tallies; None where they do not say."""
    metric = task.metrics.get(finding.metric)
    row = counts.get(_key(finding.group))
    if metric is None or row is None or metric.kind != "proportion" or finding.between or finding.condition:
        return None
    whole = sum(w * c for w, c in zip(metric.denominator, row, strict=True))
    return sum(w * c for w, c in zip(metric.numerator, row, strict=True)) if whole == finding.n else None


def _key(group: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(group.items()))
