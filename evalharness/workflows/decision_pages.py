"""The decision pages of a run: written after each decision, revocation or suspension, and held against what they are drawn from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from evalharness.errors import Altered, BadInput, MissingSignOff
from evalharness.evidence.store import PAGES, StoredRun, read_run, runs_in
from evalharness.files.atomic import write_bytes
from evalharness.files.names import NAME
from evalharness.files.workspace import Workspace
from evalharness.signoff.decisions import read_decisions
from evalharness.signoff.page import draw_pages
from evalharness.signoff.references import references
from evalharness.signoff.register import Register, read_register
from evalharness.signoff.results import RESULT_FILE
from evalharness.workflows.decision_facts import facts_of, read_test_result
from evalharness.workflows.environment import package_version

FORM = "every statement is in form and about exactly this run"
SIGNATURES = "every statement is signed by whom it names, by the register of signers"
DRAWN = "decision.html, decision.json and decision.md follow from the statements, the register and the status list"
UNSIGNED = f"{FORM} (signatures were not checked: there is no register of signers here)"


def write_decision_pages(folder: Path, place: Workspace) -> tuple[Path, ...]:
    """Draws the pages of a run anew from what lies there now. A run without statements has none; then nothing is written.

    Raises NoEvidence and Altered as `read_run` does, MissingSignOff without a register, Altered for an altered register or status list.
    """
    run = read_run(folder)
    if not run.statements:
        return ()
    pages = draw_pages(facts_of(run, place, read_register(place.sign_off), _recorded_team(run)))
    for name, data in pages.items():
        if run.pages.get(name) != data:
            write_bytes(folder / name, data)
    return tuple(folder / name for name in pages)


def redraw_all(place: Workspace) -> tuple[Path, ...]:
    """Draws anew the pages of every run in reports/ that has some, for when register or status list changed. Unreadable runs are left."""
    written: list[Path] = []
    for folder in runs_in(place.reports):
        try:
            if read_run(folder).pages:
                written += write_decision_pages(folder, place)
        except Altered:
            continue
    return tuple(written)


def statement_checks(run: StoredRun, place: Workspace) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(what was checked, what does not hold) of the statements and decision pages of a run; nothing for a run that has none."""
    if not run.statements and not run.pages:
        return ()
    try:
        register = read_register(place.sign_off)
    except MissingSignOff:
        return ((UNSIGNED, tuple(_altered(run, None))),)
    except Altered as error:
        return ((SIGNATURES, tuple(f"register of signers: {reason}" for reason in error.reasons)),)
    altered = tuple(_altered(run, register))
    checks = ((FORM, altered), (SIGNATURES, altered)) if not altered else ((SIGNATURES, altered),)
    return (*checks, _drawn(run, place, register))


def _drawn(run: StoredRun, place: Workspace, register: Register) -> tuple[str, tuple[str, ...]]:
    """The pages, byte for byte where this version drew them. Nothing rests on them: whoever wants today's has them drawn anew."""
    made_by = run.evidence.environment.get("evalharness", "unknown")
    if made_by == package_version("evalharness"):
        return DRAWN, tuple(_pages(run, place, register))
    return f"the decision pages are of a run by version {made_by}, and not compared: only the statements count", ()


def _altered(run: StoredRun, register: Register | None) -> Iterator[str]:
    if run.statements and RESULT_FILE not in run.statements:
        yield f"statements/{RESULT_FILE} is missing, and there are decisions"
    yield from (f"statements/{text}" for text in read_test_result(run, register).altered)
    yield from (f"statements/{text}" for text in read_decisions(run.statements, references(run), register).altered)


def _pages(run: StoredRun, place: Workspace, register: Register) -> Iterator[str]:
    decided = set(run.statements) - {RESULT_FILE}
    if not run.statements:
        yield from (f"{name}: there are no statements that it could be drawn from" for name in run.pages)
        return
    if not run.pages and not decided:
        return
    try:
        drawn = draw_pages(facts_of(run, place, register, _recorded_team(run)))
    except Altered as error:
        yield from (f"status list: {reason}" for reason in error.reasons)
        return
    except BadInput as error:
        yield from (f"the decision pages cannot be drawn: {problem.what}" for problem in error.problems)
        return
    for name in PAGES:
        if run.pages.get(name) != drawn[name]:
            unlike = "not what this version makes of the statements, the register and the status list"
            yield f"{name}: {unlike if name in run.pages else 'missing'}"


def _recorded_team(run: StoredRun) -> tuple[str, ...] | None:
    """Who built the classifier, as decision.json has it: for when the card was changed after the run."""
    try:
        team = json.loads(run.pages.get("decision.json", b"null"))["team"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if isinstance(team, list) and all(isinstance(person, str) and NAME.fullmatch(person) for person in team):
        return tuple(sorted(set(team)))
    return None
