"""Why somebody cannot sign such a decision of this run at all, whatever they answer."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.errors import Problem
from evalharness.report.marks import mark
from evalharness.signoff.decisions import OBJECTING
from evalharness.signoff.organisations import same_organisation
from evalharness.signoff.page.details import target_words
from evalharness.signoff.predicates import APPROVING
from evalharness.signoff.skeleton import skeleton
from evalharness.workflows.signing_case import SigningCase


def refusals(case: SigningCase) -> tuple[Problem, ...]:
    """Everything that stands against this person signing this decision; empty: nothing. Anybody in the register may disagree."""
    found = [] if case.kind in OBJECTING else list(_about_person(case))
    return (*found, *(_about_run(case) if case.kind in APPROVING else ()), *_about_time(case))


def _about_person(case: SigningCase) -> Iterator[Problem]:
    person, hint = case.author.person, "whoever disagrees can always say so: --decision dissent"
    team = {skeleton(member) for member in case.card.team}
    if case.policy.sign_off.developers_may_not_sign and skeleton(person) in team:
        yield Problem(what=f"{person} belongs to the team that built the classifier, and may not sign for it", where="--key", hint=hint)
    for organisation in sorted({entry.organisation for entry in case.register.person(person)}):
        if same_organisation(organisation, case.card.supplier):
            what = f"{person} belongs to the supplier of the classifier, which has neither vote nor advice"
            yield Problem(what=what, where="--key", got=organisation, hint=hint)


def _about_run(case: SigningCase) -> Iterator[Problem]:
    outcome = case.run.evidence.verdict.outcome
    if outcome != "met":
        yield Problem(
            what="the verdict is not MET: this cannot be approved; no signature turns this verdict into MET", where="--decision",
            got=mark(outcome).word.upper(), expected="defer, reject, dissent or advice",
        )  # fmt: skip
    decisions = {read.signed.digest for read in case.facts.read.decisions}
    for word, marks in (("revoked", case.facts.marks.revoked), ("suspended", case.facts.marks.suspended)):
        for found in marks:
            if found.target not in decisions:
                what = f"{target_words(found.target, case.facts)} was {word} on {found.on} by {found.by}: {found.why}"
                yield Problem(what=what, where="--decision", got=case.kind)


def _about_time(case: SigningCase) -> Iterator[Problem]:
    result = case.facts.result
    if result is not None and case.author.created < result.predicate.evalharness.author.created:
        yield Problem(
            what="the clock is behind the test result of this run", where="clock", got=case.author.created,
            expected=f"{result.predicate.evalharness.author.created} or later",
        )  # fmt: skip
    later = [read.predicate.author.created for read in case.facts.read.decisions if read.predicate.author.created > case.author.created]
    if later:
        yield Problem(
            what="the clock is behind a decision that was signed already", where="clock", got=case.author.created, expected=max(later)
        )
