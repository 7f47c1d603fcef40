"""What a signer reads in the terminal before signing: page one of the report, what others said, what would be agreed to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from evalharness.digests import sha256_bytes
from evalharness.errors import shown
from evalharness.evidence.store import StoredRun
from evalharness.report.by_task import task_words
from evalharness.signoff.conditions_text import condition_words
from evalharness.signoff.page import PageFacts
from evalharness.signoff.page.against import carriers, disagreement
from evalharness.signoff.page.sections import in_force
from evalharness.signoff.page.stop import stop_lines
from evalharness.signoff.page.words import minute, names, replaced, said, uncounted_note, who
from evalharness.signoff.predicates import DecisionPredicate
from evalharness.signoff.roles import acting, role_words

REPORT = "report.md"
_END_OF_PAGE_ONE = "\n---\n"
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]|~#!$^=+.)-])")
_BOLD = re.compile(r"(?<!\\)\*\*")
_LONGEST = 4000


def board_page(run: StoredRun) -> Iterator[str]:
    """Page one of report.md in lines, without its markup; then where it lies and its digest."""
    data = run.files[REPORT]
    page = data.decode("utf-8").partition(_END_OF_PAGE_ONE)[0].rstrip()
    yield from (_plain(line) for line in page.split("\n"))
    yield ""
    yield f"This was page one of {shown(str(run.folder / REPORT), 400)}; for reading it in a browser: report.html beside it."
    yield f"Digest of report.md {sha256_bytes(data)}"
    yield f"Digest of report.html {sha256_bytes(run.files['report.html'])}"


def said_so_far(facts: PageFacts) -> Iterator[str]:
    """Every decision and every advice in the run, as its signers put it."""
    if not facts.read.decisions:
        yield "Nobody has decided anything about this run yet."
        return
    yield "What was said about this run so far:"
    for read in facts.read.decisions:
        decision = read.predicate
        words = decision.advice.text if decision.advice is not None else decision.why
        yield f"  - {minute(decision.author.created)} {who(decision)} {said(decision)}" + (f": {shown(words, _LONGEST)}" if words else "")
        if note := replaced(facts, read) or uncounted_note(facts, read):
            yield f"      {shown(note, _LONGEST)}"
    yield from _conditions(facts)
    if told := disagreement(facts):
        yield f"  ! {told}"


def _conditions(facts: PageFacts) -> Iterator[str]:
    """Every condition that applies, once, with all who ask for it."""
    asked: dict[str, set[str]] = {}
    for read in in_force(facts):
        for condition in read.predicate.conditions:
            asked.setdefault(condition_words(condition), set()).add(read.predicate.author.person)
    if asked:
        yield "Conditions so far; all of them apply together:"
    yield from (f"  - {shown(words, _LONGEST)} ({names(sorted(people))})" for words, people in asked.items())


def to_agree(decision: DecisionPredicate, facts: PageFacts) -> Iterator[str]:
    """The decision as it would be signed: everything that it carries, the exact sentence, and how to take it back."""
    yield f"You, {decision.author.person}, {acting(decision.author.role)}: {decision.decision}"
    for name, text in _parts(decision, task_words(facts.evidence).answered):
        yield f"  {name}: {shown(text, _LONGEST)}"
    for condition in decision.conditions:
        yield f"  condition {condition.id}: {shown(condition_words(condition), _LONGEST)}"
    yield "You put your name to exactly this:"
    yield f"  “{shown(decision.sentence, _LONGEST)}”"
    if decision.control is not None:
        others = sorted(set(carriers(facts)) - {decision.control.risk_carried_by})
        if others:
            yield f"! Others who approve it name {names(others)}: the signers would not agree who carries the risk."
        yield from stop_lines(facts, "You")


def _parts(decision: DecisionPredicate, asked: str) -> Iterator[tuple[str, str]]:
    if decision.valid_from and decision.valid_until:
        yield "holds", f"from {decision.valid_from} until {decision.valid_until}"
    if decision.control is not None:
        yield asked[:1].lower() + asked[1:], decision.control.missed_per_1000
        yield "not tested", decision.control.not_tested
        yield "carries the risk", decision.control.risk_carried_by
    if decision.residual_risk:
        yield "the risk that remains", decision.residual_risk
    for cell in decision.accepts_not_judged:
        yield "accepted without judgement", cell
    if decision.advice is not None:
        yield f"advice ({decision.advice.stance})", decision.advice.text
    for words in decision.departures:
        yield f"departs from the advice of {role_words(words.role)}", words.why
    for words in decision.absences:
        yield f"does not wait for the advice of {role_words(words.role)}", words.why
    if decision.why:
        yield "why", decision.why
    if decision.conflicts:
        yield "conflict of interest", decision.conflicts


def _plain(line: str) -> str:
    """A line of our Markdown as text; what was hidden in foreign text stays written out."""
    return shown(html.unescape(_ESCAPED.sub(r"\1", _BOLD.sub("", line))), _LONGEST)
