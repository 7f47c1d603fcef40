"""Questions and answers at a terminal, before a decision is signed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from evalharness.cli.output import print_text
from evalharness.errors import BadInput, Problem, Problems, bad_input

if TYPE_CHECKING:
    from evalharness.signoff.predicates import DecisionPredicate
    from evalharness.workflows.signing_answers import Answers, Question
    from evalharness.workflows.signing_case import SigningCase

TRIES = 3
"""How often one question is asked."""
_AGREE = "nobody agreed: there is no terminal to type the person id at"


def interactive() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def role_words_given(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """`ROLE=WHY` forms by role. Raises BadInput with everything that is no such form."""
    problems, found = Problems(), dict[str, str]()
    for text in given or ():
        role, equals, why = (part.strip() for part in text.partition("="))
        if not (equals and role and why) or role in found:
            problems.add("not of the form, or the same role twice", where=option, got=text, expected="ROLE=WHY, once for each role")
        found[role] = why
    problems.raise_if_any()
    return found


def ask_missing(case: SigningCase, answers: Answers) -> Answers:
    """Asks for every answer that is missing, and again where it will not do. Raises BadInput where no answer would, where one of those
    given is wrong, and after three that will not do."""
    from evalharness.workflows.signing_answers import missing, wished  # noqa: PLC0415
    from evalharness.workflows.signing_draft import wrong_so_far  # noqa: PLC0415

    if against := wrong_so_far(case, answers):
        raise BadInput(against)
    questions = (*missing(case, answers), *wished(case, answers))
    if questions:
        print_text("")
    for question in questions:
        answers = _answer(case, answers, question)
    return answers


def _answer(case: SigningCase, answers: Answers, question: Question) -> Answers:
    from evalharness.workflows.signing_answers import answered  # noqa: PLC0415
    from evalharness.workflows.signing_draft import wrong_answer  # noqa: PLC0415

    found: tuple[Problem, ...] = ()
    for _ in range(TRIES):
        for problem in found:
            print_text(f"! {problem}")
        text = _ask(f"{question.text}\n> ").strip()
        found = wrong_answer(case, answers, question, text)
        if not found:
            return answered(answers, question, text) if text else answers
    raise BadInput(found)


def confirm(
    case: SigningCase, answers: Answers, *, asks: bool, agree: bool, show: Callable[[DecisionPredicate], None]
) -> DecisionPredicate:
    """The decision, shown and agreed to. Raises BadInput with everything that is missing or wrong, agreement included."""
    from evalharness.workflows.signing_draft import draft  # noqa: PLC0415

    silent = () if asks or agree else (Problem(what=_AGREE, where="--agree", expected="--agree, or a terminal"),)
    try:
        decision = draft(case, answers)
    except BadInput as error:
        raise BadInput((*error.problems, *silent)) from error
    show(decision)
    if silent:
        raise BadInput(silent)
    person = decision.author.person
    if asks and (typed := _ask("\nType your person id to sign: ").strip()) != person:
        raise bad_input("that is not the signer's person id; nothing was signed", where="person id", got=typed, expected=person)
    return decision


def _ask(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError as error:
        raise bad_input(
            "the answers ended; nothing was signed", where="standard input", hint="answer every question, or use options"
        ) from error
