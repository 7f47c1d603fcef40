"""Page one: for a board member who is not technical. Short sentences, no code names, capped so that it prints on one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.errors import shown
from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart, FindingPart
from evalharness.report import numbers, words
from evalharness.report.charts import sort_by_bound
from evalharness.report.marks import mark, worst_mark
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Decider, Mark, PageOne, Practice

Asked = tuple[str, Sequence[FindingPart]]
_ROLES = 5
_SHORT, _TITLE, _LINE, _LONG = 46, 90, 170, 260
"""Characters of a name, of a title, of a sentence, and of two."""
_WIDTH = 90
"""Characters of a printed line."""
_DECIDER_LINES, _NOTICE_LINES, _UNKNOWN_LINES = 18, 4, 6
"""Printed lines that each part may take, so that the page stays one page."""

MEANS_LITTLE = "But this policy is marked as a bad one: meeting it says next to nothing."


def page_one(evidence: Evidence, policy: PolicyText, asked: Sequence[Asked]) -> PageOne:
    """Everything a signer sees first. `asked` is the findings by requirement, in the policy's order."""
    verdict = mark(evidence.verdict.outcome)
    claim, sentence = words.CLAIMS[evidence.claim]
    practice = tuple(_practice(evidence))
    notices = _capped([_line(text) for text in evidence.notices], _NOTICE_LINES, "warnings")
    taken = sum(_lines(text, _WIDTH) for text in (_cut(policy.warning, _LONG), *notices))
    deciders = _deciders(asked, _DECIDER_LINES - taken)
    return PageOne(
        title=f"Does “{_short(evidence.model.name)}” do what the policy asks?",
        subtitle=f"{_cut(policy.title, _TITLE)} · {evidence.created[:10]}",
        claim=claim,
        claim_sentence=sentence,
        policy_warning=_cut(policy.warning, _LONG),
        question=_question(evidence, policy, asked),
        verdict=verdict,
        headline=headline(evidence),
        headline_note=MEANS_LITTLE if policy.warning and evidence.verdict.outcome == "met" else "",
        scores=tuple(scores(evidence.findings)),
        deciders=deciders,
        deciders_more=_deciders_more(asked, len(deciders)),
        confidence=_confidence(evidence),
        sure=_sure(evidence),
        practice_intro=_practice_intro(evidence, policy),
        practice=practice,
        weekly=any(row.per_week != numbers.ABSENT for row in practice),
        people=(words.PEOPLE_WARNING, *_people(evidence)),
        notices=notices,
        unknown=_capped(list(unknown(evidence, policy)), _UNKNOWN_LINES, "points"),
        signing=tuple(_signing(evidence, policy, claim)),
    )


def headline(evidence: Evidence) -> str:
    """The verdict in one sentence."""
    total = len(evidence.findings)
    counted = sum(f.outcome == evidence.verdict.outcome for f in evidence.findings)
    if total == 0:
        return "NOT EVALUABLE — nothing was judged, so nothing is shown."
    checks = f"{counted} of {total} checks" if total > 1 else "the only check"
    return {
        "met": f"MET — every one of {total} checks was demonstrated." if total > 1 else "MET — the only check was demonstrated.",
        "not_met": f"NOT MET — {checks} failed.",
        "not_demonstrated": f"NOT DEMONSTRATED — the data do not settle {checks}. None failed.",
        "not_evaluable": f"NOT EVALUABLE — {checks} could not be computed.",
    }[evidence.verdict.outcome]


def scores(findings: Sequence[FindingPart]) -> Iterator[tuple[Mark, int]]:
    """How many findings have each outcome, best first."""
    for outcome in reversed(words.OUTCOMES_WORST_FIRST):
        yield mark(outcome), sum(f.outcome == outcome for f in findings)


def whom(findings: Sequence[FindingPart]) -> str:
    """`, in each group of sex, and of sex and ethnicity together`; empty for a question about everybody."""
    seen: list[tuple[str, ...]] = []
    for finding in findings:
        attributes = tuple(sorted(finding.group))
        if attributes and attributes not in seen:
            seen.append(attributes)
    parts = ["of " + words.attributes_words(a) for a in seen]
    return ", in each group " + _listed(parts) if parts else ""


def unknown(evidence: Evidence, policy: PolicyText) -> Iterator[str]:
    """What was not, or could not be, measured."""
    for cell in evidence.not_judged:
        who = _short(words.group_words(cell.group))
        yield _line(f"Not judged, because the policy exempts it until {cell.until}: {who}. Reason given: {cell.why}")
    told = evidence.predictions
    refused = told.missing + told.duplicate + told.invalid
    if refused:
        yield f"{numbers.count(refused)} of {numbers.count(told.items)} items got no usable answer. They count against the classifier."
    for text in evidence.limits:
        yield _line(text)
    if policy.reviewer_sensitivity and policy.sensitivity_source == "declared":
        yield "How often reviewers recognise a relevant item is declared by the policy. Nobody has measured it."


def _question(evidence: Evidence, policy: PolicyText, asked: Sequence[Asked]) -> str:
    lines, checks = len(asked), len(evidence.findings)
    each = " Some are asked again for each group of people." if any(f.group for f in evidence.findings) else ""
    things = f"{lines} things" if lines != 1 else "one thing"
    made = f" That makes {checks} checks." if checks != lines else ""
    return (
        f"The policy “{_cut(policy.title, _TITLE)}” asks {things} of this classifier.{each}{made} "
        f"They were checked on {numbers.count(evidence.benchmark.rows_judged)} "
        f"{'made-up' if evidence.benchmark.synthetic else 'labelled'} items."
    )


def _deciders(asked: Sequence[Asked], room: int) -> tuple[Decider, ...]:
    """The worst first, as many as the page has room for; once something failed, what is met is only named."""
    ordered = _worst_first(asked)
    all_met = all(f.outcome == "met" for _, (_, findings) in ordered for f in findings)
    found: list[Decider] = []
    for number, (_, findings) in ordered:
        decider = _decider(number, findings, named_only=not all_met and all(f.outcome == "met" for f in findings))
        room -= _lines(f"{decider.asked} {decider.found} {decider.more}", _WIDTH - 16)
        if room < 0 and found:
            break
        found.append(decider)
    return tuple(found)


def _decider(number: int, findings: Sequence[FindingPart], *, named_only: bool) -> Decider:
    ordered = sort_by_bound(findings)
    first = ordered[0]
    found = "" if named_only else (_among(ordered) if len(findings) > 1 else "") + words.brief(first)
    return Decider(
        mark=worst_mark(f.outcome for f in findings),
        asked=_cut(words.asks(first, whom(findings)), _LONG),
        found=_cut(found, _LONG),
        more=_cut(words.more_data(first), _LONG),
        link=f"requirement-{number}",
    )


def _among(ordered: Sequence[FindingPart]) -> str:
    first = ordered[0]
    same = sum(f.outcome == first.outcome for f in ordered)
    if first.outcome == "met":
        return f"All {len(ordered)} groups meet it. The closest to the limit: "
    words_for = {"not_met": "fail it", "not_demonstrated": "are not settled", "not_evaluable": "cannot be computed"}[first.outcome]
    return f"{same} of {len(ordered)} groups {words_for}. The worst: "


def _worst_first(asked: Sequence[Asked]) -> list[tuple[int, Asked]]:
    numbered = list(enumerate(asked, 1))
    return sorted(numbered, key=lambda item: words.OUTCOMES_WORST_FIRST.index(worst_mark(f.outcome for f in item[1][1]).outcome))


def _deciders_more(asked: Sequence[Asked], told: int) -> str:
    rest = [worst_mark(f.outcome for f in findings) for _, (_, findings) in _worst_first(asked)[told:]]
    if not rest:
        return ""
    counts = [
        f"{sum(m.outcome == o for m in rest)} {words.MARKS[o][1]}" for o in words.OUTCOMES_WORST_FIRST if any(m.outcome == o for m in rest)
    ]
    return f"{len(rest)} more on the next pages: {', '.join(counts)}."


def _confidence(evidence: Evidence) -> str:
    levels = sorted({f.level for f in evidence.findings})
    if not levels:
        return ""
    return f"“{words.sure(levels[0])}”: a method that is wrong in at most {numbers.exact_percent(_wrong(levels[0]))} of such tests."


def _sure(evidence: Evidence) -> str:
    levels = sorted({e.level for e in evidence.translation})
    return words.sure(levels[0]) if levels else ""


def _wrong(level: float) -> float:
    return round(1 - level, 10)


def _practice_intro(evidence: Evidence, policy: PolicyText) -> str:
    week = f" ({policy.items_per_week} a week)" if policy.items_per_week else ""
    like = f"If real items were like these made-up ones{week}." if evidence.claim == "rehearsal" else f"For items like these{week}."
    return f"{like} A person opens the flagged items; nobody opens the others."


def _practice(evidence: Evidence) -> Iterator[Practice]:
    by_name = {e.metric: e for e in evidence.translation if not e.group}
    for stem, name in (
        ("missed", "Relevant items missed"),
        ("wrongly_flagged", "Items wrongly flagged"),
        ("reviewed", "Items a person reviews"),
    ):
        thousand, week = by_name.get(f"{stem}_per_1000"), by_name.get(f"{stem}_per_week")
        if thousand is not None:
            yield Practice(
                name=name,
                per_thousand=_value(thousand),
                per_thousand_bound=_at_most(thousand),
                per_week=_value(week),
                per_week_bound=_at_most(week),
            )


def _value(estimate: EstimatePart | None) -> str:
    return numbers.plain(estimate.value) if estimate is not None else numbers.ABSENT


def _at_most(estimate: EstimatePart | None) -> str:
    return numbers.ABSENT if estimate is None or estimate.upper is None else f"at most {numbers.plain(estimate.upper, 'up')}"


def _people(evidence: Evidence) -> Iterator[str]:
    by_name = {e.metric: e for e in evidence.translation if not e.group}
    for ten in ("7", "9"):
        estimate = by_name.get(f"system_recall_if_reviewers_catch_{ten}_in_10")
        if estimate is None:
            yield f"If reviewers catch {ten} in 10, nobody can say from this evidence what share of the relevant items is found."
        elif estimate.value is None:
            yield f"If reviewers catch {ten} in 10, the share found cannot be computed: {_short(estimate.reason)}."
        else:
            bound = "" if estimate.lower is None else f" ({words.sure(estimate.level)}: at least {numbers.percent(estimate.lower, 'down')})"
            yield (
                f"If reviewers catch {ten} in 10, classifier and reviewers together find {numbers.percent(estimate.value)} "
                f"of the relevant items{bound}."
            )


def _signing(evidence: Evidence, policy: PolicyText, claim: str) -> Iterator[str]:
    verdict = mark(evidence.verdict.outcome).word.upper()
    kind = f"It is a {claim.lower()}, and no more than that."
    yield f"You would put your name to this: “I have read this report. Its verdict is {verdict}. {kind}”"
    if evidence.claim == "rehearsal":
        yield "It would not permit any use on real items or real people."
    if evidence.verdict.outcome != "met":
        yield "No signature turns this verdict into MET."
    days = f" It ends after {policy.valid_for_days} days." if policy.valid_for_days else ""
    yield f"It holds for exactly this classifier, threshold, test data and policy. Change one of them and it is void.{days}"
    if policy.roles:
        told = [f"{_short(role.replace('_', ' '))} ({number})" for role, number in policy.roles[:_ROLES]]
        yield f"The policy wants these signatures: {', '.join(told)}."


def _capped(texts: Sequence[str], lines: int, what: str) -> tuple[str, ...]:
    """As many as fit; the last line then says how many do not, and where they are."""
    kept: list[str] = []
    for position, text in enumerate(texts):
        last = position == len(texts) - 1
        lines -= _lines(text, _WIDTH)
        if lines < (0 if last else 1) and kept:
            return (*kept, f"And {len(texts) - len(kept)} more {what}: see “Limits”.")
        kept.append(text)
    return tuple(kept)


def _lines(text: str, width: int) -> int:
    return -(-len(text) // width)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + ", and " + parts[-1]


def _cut(text: str, most: int) -> str:
    """At most that many characters, hidden ones written out first."""
    visible = shown(text, 10 * most)
    return visible if len(visible) <= most else visible[: most - 1] + "…"


def _short(text: str) -> str:
    return _cut(text, _SHORT)


def _line(text: str) -> str:
    return _cut(text, _LINE)
