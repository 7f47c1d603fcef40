"""A run on sealed items is held to the locks on its seal, to its own among them, and to one opening."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gate_worlds import WORLD, case_of, day

from evalharness.admission.case import Case, LockCase, LocksCase, NamedLock, RunCase
from evalharness.admission.gather import not_of_its_locks, opened_again
from evalharness.files.seal import unlike_locks
from evalharness.records import SealFacts

SEAL = SealFacts(digest="benchmark", secret="", models=("model",), locks=("lock 0",), dials=())
CASE: Case = case_of(WORLD)
RUN: RunCase = replace(CASE.runs[0], seal=SEAL)
LOCK: LockCase = CASE.locks.locks[0]
ANOTHER = "the lock that it names is not among those for which its seal was opened"


def told(run: RunCase, *locks: LockCase) -> str:
    return "; ".join(not_of_its_locks(run, LocksCase(locks=locks)))


def later(lock: LockCase) -> LockCase:
    return replace(lock, author=replace(lock.author, created=day(3)))


def test_what_was_locked_is_what_the_opening_counts() -> None:
    assert RUN.seal is not None
    assert (LOCK.digest, LOCK.subject.benchmark[1], LOCK.subject.model[1]) == ("lock 0", SEAL.digest, "model")
    assert told(RUN, LOCK) == ""
    assert told(RUN, LOCK, later(replace(LOCK, digest="another"))) == ""  # younger than the run
    assert told(replace(RUN, seal=None)) == ""


@pytest.mark.parametrize(
    ("locks", "words"),
    [
        ((), "opened for what is not in sign-off/locks"),
        ((later(LOCK),), "or is younger"),
        ((LOCK, replace(LOCK, digest="another")), "opened without all of the locks on it (no lock can follow an opening): another"),
        ((replace(LOCK, subject=replace(LOCK.subject, model=("m", "another model", "c"))),), "opened for other models"),
        ((replace(LOCK, subject=replace(LOCK.subject, benchmark=("b", "another seal", 1, None, "test"))),), "not in sign-off/locks"),
    ],
)
def test_any_other_lock_on_the_seal_and_any_that_is_gone_is_told(locks: tuple[LockCase, ...], words: str) -> None:
    assert words in told(RUN, *locks)


def test_a_lock_for_another_split_is_on_the_same_seal() -> None:
    other = replace(LOCK, digest="another", subject=replace(LOCK.subject, benchmark=("small", SEAL.digest, 7000, None, "shifted")))
    assert "opened without all of the locks on it" in told(RUN, LOCK, other)


def test_a_run_under_a_lock_that_the_opening_does_not_count_is_told() -> None:
    """Whatever else fits: its lock may be younger than the run says."""
    assert told(replace(RUN, lock=NamedLock(digest="another", campaign="c", attempt=2, level=0.9)), LOCK) == ANOTHER
    assert told(replace(RUN, lock=None), LOCK) == ""


def test_models_and_locks_are_sets_of_what_is_there() -> None:
    assert unlike_locks(SEAL, {"lock 0": "model"}) == ()
    two = replace(SEAL, locks=("lock 0", "lock 1"))
    assert unlike_locks(two, {"lock 0": "model", "lock 1": "model"}) == ()
    assert unlike_locks(replace(SEAL, models=("a", "model")), {"lock 0": "model"}) == (
        "its seal was opened for other models than those that were locked on it",
    )


def test_an_opening_that_was_written_anew_is_told_of_the_later_run_alone() -> None:
    again = replace(RUN, name="again", created=day(4), seal=replace(SEAL, locks=("lock 0", "lock 1")))
    other_seal = replace(again, seal=replace(SEAL, digest="another", locks=("lock 1",)))
    assert opened_again(RUN, (RUN, again)) == ()
    assert opened_again(again, (RUN, again)) == (f"its seal was opened more than once: {RUN.name} tells of another opening",)
    assert opened_again(replace(again, seal=SEAL), (RUN,)) == ()
    assert opened_again(other_seal, (RUN, other_seal)) == ()
    assert opened_again(again, (replace(RUN, lock=None), again)) == ()  # practice binds nobody
    assert opened_again(replace(again, lock=None), (RUN, again)) == ()
