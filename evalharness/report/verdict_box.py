"""The verdict on page one: one sentence, what takes the shine off it, and how its box looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.schema import FindingPart
from evalharness.report import words
from evalharness.report.briefly import misses, unlike
from evalharness.report.by_task import TaskWords
from evalharness.report.marks import mark
from evalharness.report.policy_text import PolicyText
from evalharness.report.standing import Standing, standing
from evalharness.report.view import Mark, VerdictBox

BAD_POLICY = "BAD POLICY — “met” means nothing here."


def verdict_box(evidence: Evidence, policy: PolicyText, task: TaskWords) -> VerdictBox:
    """Headline and box. Green only where nothing speaks against it and the run can be signed."""
    outcome = evidence.verdict.outcome
    plain = mark(outcome)
    notes = tuple(_notes(evidence, policy, task))
    reserved = outcome == "met" and bool(notes or evidence.not_judged)
    bad = bool(policy.warning)
    unsigned = standing(evidence)
    title = plain.word.upper()
    if outcome == "met" and bad:
        title = "BAD POLICY"
    elif reserved:
        title = "MET, WITH RESERVATIONS"
    if unsigned is not None:
        title = f"{title}, {unsigned.beside}"
    practice = outcome == "met" and unsigned is not None
    return VerdictBox(
        mark=plain,
        tone="bad" if bad else "reserved" if reserved else "practice" if practice else outcome,
        sign="!" if outcome == "met" and (bad or reserved) else plain.symbol,
        title=title,
        headline=BAD_POLICY if outcome == "met" and bad else headline(evidence, unsigned),
        notes=notes,
        scores=tuple(scores(evidence.findings)),
    )


def headline(evidence: Evidence, unsigned: Standing | None = None) -> str:
    """The verdict in one sentence; `unsigned` says why nobody can sign it."""
    total = len(evidence.findings)
    if total == 0:
        return "NOT EVALUABLE — nothing was judged, so nothing is shown."
    count = {o: sum(f.outcome == o for f in evidence.findings) for o in words.OUTCOMES_WORST_FIRST}
    unproven, absent = count["not_demonstrated"], count["not_evaluable"]
    return {
        "met": _met(evidence, total, "MET" if unsigned is None else f"MET, {unsigned.beside}"),
        "not_met": f"NOT MET — {_failed(evidence.findings, total)}{_further(absent, unproven)}.",
        "not_demonstrated": f"NOT DEMONSTRATED — this is not a pass. {_of(unproven, total, capital=True)} {_are(unproven)} unproven."
        + _short_of_goal(evidence.findings),
        "not_evaluable": f"NOT EVALUABLE — this is not a pass. {_of(absent, total, capital=True)} could not be computed"
        f"{_further(0, unproven)}.",
    }[evidence.verdict.outcome]


def left_out_by_name(evidence: Evidence) -> int:
    """How many groups the policy exempts by name from something."""
    return len({tuple(sorted(cell.group.items())) for cell in evidence.not_judged})


def scores(findings: Sequence[FindingPart]) -> Iterator[tuple[Mark, int]]:
    """How many findings have each outcome, best first."""
    for outcome in reversed(words.OUTCOMES_WORST_FIRST):
        yield mark(outcome), sum(f.outcome == outcome for f in findings)


def sorts_nothing(evidence: Evidence, task: TaskWords) -> str:
    """Why the classifier tells nothing apart, as far as the evidence shows; mostly empty."""
    summary = evidence.score_summary or {}
    if summary.get("constant") is True:
        return f"the classifier gives every {task.one} the same score: it sorts nothing"
    if _all_alike(evidence):
        return task.nothing
    if summary.get("worse_than_chance") is True and task.reversed:
        return task.reversed
    return ""


def _all_alike(evidence: Evidence) -> bool:
    """Whether everything that got an answer was selected, or given the same level."""
    everyone = next((row for row in evidence.tallies.confusion if not row.group), None)
    if everyone is not None:
        return bool(everyone.tp + everyone.fp) and not everyone.fn + everyone.tn
    graded = next((row for row in evidence.tallies.ordinal if not row.group), None)
    return graded is not None and sum(any(column) for column in zip(*graded.matrix, strict=True)) == 1


def _failed(findings: Sequence[FindingPart], total: int) -> str:
    """Only what stands after correction for the number of checks is said to have failed; the others are not met, and that is all."""
    failed = sum(words.failed(f) for f in findings)
    alone = sum(f.outcome == "not_met" for f in findings) - failed
    if not alone:
        return f"{_of(failed, total)} failed"
    return f"{_of(failed + alone, total)} {_are(failed + alone)} not met{unlike(failed, alone)}"


def _met(evidence: Evidence, total: int, met: str) -> str:
    if evidence.not_judged:
        left = left_out_by_name(evidence)
        groups, were = ("group", "was") if left == 1 else ("groups", "were")
        comma = "," if "," in met else ""
        return f"{met}{comma} for the groups that were judged — {left} {groups} {were} left out by name and {were} NOT judged."
    return f"{met} — every one of {total} checks was demonstrated." if total > 1 else f"{met} — the only check was demonstrated."


def _notes(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[str]:
    met = evidence.verdict.outcome == "met"
    if policy.warning:
        yield "Its authors say that nobody should use this policy." if met else "And its authors say that nobody should use this policy."
    if lowered(evidence, policy):
        asked, given = words.CLAIMS[policy.claim][0], words.CLAIMS[evidence.claim][0]
        yield f"{'But the' if met else 'The'} policy asks for a {asked} and this is only a {given}: the policy is not fulfilled."
    if met and (why := sorts_nothing(evidence, task)):
        yield f"But {why}."
    if met and any(notice.kind == "better_than_possible" for notice in evidence.notices):
        yield "But it does better than anybody could with what it is given: the answers may have leaked."
    if any(notice.kind == "labels_seen" for notice in evidence.notices):
        yield f"{'But its' if met else 'Its'} answers show that somebody has seen the labels: they are worth nothing."


def lowered(evidence: Evidence, policy: PolicyText) -> bool:
    """Whether the evidence is weaker than what the policy asks for."""
    order = tuple(words.CLAIMS)
    return policy.claim in order and order.index(policy.claim) > order.index(evidence.claim)


def _short_of_goal(findings: Sequence[FindingPart]) -> str:
    wrong = [f for f in findings if f.outcome == "not_demonstrated" and words.on_wrong_side(f)]
    short = len(wrong)
    if not short:
        return ""
    if sum(f.outcome == "not_demonstrated" for f in findings) == short == 1:
        return f" The figure found is itself {misses(wrong[0])}."
    return f" In {short} of them the figure found is itself on the wrong side of the goal."


def _further(absent: int, unproven: int) -> str:
    more = "" if not unproven else f"; {unproven} more {_are(unproven)} not proven"
    return (f"; {absent} more could not be computed" if absent else "") + more


def _of(number: int, total: int, *, capital: bool = False) -> str:
    if total == 1:
        return "The only check" if capital else "the only check"
    return f"{number} of {total} checks"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
