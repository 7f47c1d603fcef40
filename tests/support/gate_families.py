"""Families of abstract worlds: each goes through every combination of one theme and leaves the rest as it should be.

No two worlds of a part of a family stand for the same case: where one thing takes the meaning from another (without a status list, it has
no day of issue), there is one world and not one for each of what nobody could tell apart. `Family.check` sees to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from math import gcd, prod
from typing import Any

from gate_specification import answer
from gate_worlds import (
    LOCK,
    LOCK_DIFFERS,
    RESTS_ON,
    RESULT,
    RESULT_DIFFERS,
    RUN,
    START,
    STATUS,
    VOTES,
    WORLD,
    Condition,
    World,
    case_of,
    disagreements,
    no_search_for_cycles,
    vote,
)

from evalharness.admission import decide

BOTH = (True, False)
DEPENDENT = ("", "team", "supplier")
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Family:
    """A theme: dimensions by name, and the world that a combination stands for."""

    dimensions: Mapping[str, tuple[Any, ...]]
    world: Any
    """A function of one combination."""
    shards: str = ""
    """The dimension by which it is split into tests."""

    @property
    def size(self) -> int:
        return prod(len(values) for values in self.dimensions.values())

    @property
    def parts(self) -> tuple[Any, ...]:
        return self.dimensions[self.shards] if self.shards else (None,)

    def worlds(self, part: Any = None) -> Iterator[World]:
        dimensions = {**self.dimensions, **({self.shards: (part,)} if self.shards else {})}
        for values in product(*dimensions.values()):
            yield self.world(**dict(zip(dimensions, values, strict=True)))

    def number(self, index: int) -> World:
        """The world of that number."""
        chosen = {}
        for name, values in self.dimensions.items():
            index, place = divmod(index, len(values))
            chosen[name] = values[place]
        return self.world(**chosen)

    def notices(self) -> bool:
        """Whether the gate, as it is now, anywhere answers something else than it must."""
        step = next(n for n in range(int(self.size * 0.618034), self.size * 2) if gcd(n, self.size) == 1)  # a walk all over the place
        walk = (self.number(step * i % self.size) for i in range(self.size))
        with no_search_for_cycles():
            return any(answer(world) != decide.decide(case_of(world)).code for world in walk)

    def check(self, part: Any = None) -> int:
        """Asserts that the gate answers what it must in every world, no two of which are the same case; returns in how many that is 0."""
        different, approved, wrong = disagreements(self.worlds(part))
        assert not wrong, "\n".join(wrong)
        assert different == self.size // len(self.parts)
        return approved


def _request(times: tuple[int, int], found: tuple[str, str, int], trust: tuple[str, bool], **changes: Any) -> World:
    state, verdict, claim = found
    run = {**RUN, "state": state, "verdict": verdict, "claim": claim}
    register, rehearsal = trust
    at, clock = times
    return {
        **WORLD, **changes, "at": at, "clock": clock, "register": register, "rehearsal": rehearsal,
        "runs": () if state == "none" else (run,),
    }  # fmt: skip


REQUEST = Family(
    {
        "card": BOTH, "artefact": (True, False, "not stated"), "benchmark": BOTH, "manifest": BOTH, "supplier": BOTH,
        "team": BOTH, "devs": BOTH,
        "times": ((5, 6), (6, 6), (7, 6)), "asked": (0, 1, 3),
        "found": (*product(("match", "unlike"), ("met", "not_met"), (0, 2)), ("altered", "met", 0), ("none", "met", 0)),
        "trust": (("ok", False), ("ok", True), *((state, False) for state in ("missing", "altered", "nothing"))),
    },
    _request, "found",
)  # fmt: skip


def _evidence(  # noqa: PLR0917  called by name
    trust: tuple[str, bool], asked: int, use: World | None, orphan: str, bad: bool, run: tuple[Any, ...]
) -> World:
    verdict, claim, created, practice, marked, altered = run
    changed = {**RUN, "verdict": verdict, "claim": claim, "created": created, "practice": practice, "marked": marked}
    changed |= {"altered statement": altered, "lock": {**LOCK, "created": min(1, created)}}
    return {
        **WORLD, "runs": (changed,), "register": trust[0], "rehearsal": trust[1], "asked": asked, "use": use, "orphan": orphan,
        "bad lock file": bad,
    }  # fmt: skip


EVIDENCE = Family(
    {
        "trust": (("ok", False), ("ok", True), ("missing", False), ("altered", True)),
        "asked": (0, 1, 2, 3), "use": (None, {}, {"claim": 1}, {"claim": 3}), "orphan": ("none", "matching", "other"),
        "bad": BOTH,
        "run": tuple(
            product(
                ("met", "not_met", "not_evaluable", "not_demonstrated", "none", "lenient"), (0, 1, 3), (2, 7), BOTH,
                ("", "suspended"), (False, True),
            )
        ),
    },
    _evidence, "asked",
)  # fmt: skip


def _trust(  # noqa: PLR0917  called by name
    register: int, had: tuple[int, int], issued: int, list_: tuple[int, int, int, str], asked: int, days: int, **changes: Any
) -> World:
    (version, highest, least, seen), (named, saw) = list_, had
    status = {**STATUS, "signed": issued, **changes, "version": version, "highest": highest, "register": register, "issued": issued}
    status |= {"least": least, "seen": seen}
    votes = ({**VOTES[0], "register": named}, {**VOTES[1], "saw": saw}, {**VOTES[2], "register": 3, "saw": 3, "believed": False})
    run = {**RUN, "claim": asked, "votes": (*votes, vote("s", "c", "advice", stance="for"))}
    return {**WORLD, "status": status, "asked": asked, "status days": days, "runs": (run,)}


TRUST = Family(
    {
        "state": ("ok", "altered"), "author": BOTH, "rehearsal": BOTH, "anchors": (True, False, "all there"),
        "list_": (
            (1, 1, 0, ""), (1, 1, 1, ""), (1, 1, 2, ""), (1, 2, 0, ""), (2, 1, 2, ""), (2, 2, 0, ""), (2, 2, 1, ""),
            (1, 1, 1, "this one"), (1, 1, 1, "another"), (2, 2, 1, "this one"), (2, 2, 1, "another"), (2, 2, 2, "another"),
        ),
        "register": (1, 2),
        "had": ((1, 0), (1, 2), (2, 1)), "issued": (-2, -1, 5, 6, 7), "next": (5, 6, 7), "days": (1, 7), "asked": (0, 1),
    },
    _trust, "issued",
)  # fmt: skip


def _no_list(seen: tuple[int, str], **changes: Any) -> World:
    return _trust(register=1, issued=5, list_=(1, 1, *seen), **changes)


NO_LIST = Family(
    {
        "state": ("absent", "nothing"), "seen": ((0, ""), (1, ""), (2, ""), (1, "this one"), (1, "another"), (2, "another")),
        "had": ((1, 0), (1, 2), (2, 1)), "days": (1, 7), "asked": (0, 1),
    },
    _no_list,
)  # fmt: skip


def _made_by(  # noqa: PLR0917  called by name
    lock: tuple[str, str], result: tuple[str, str], list_by: str, bad: bool, who: tuple[bool, ...], marked: str, seats: int
) -> World:
    votes = [vote(p, r, **{"accepts risk": True}) for (p, r), there in zip((("p", "a"), ("q", "b"), ("r", "a")), who, strict=True) if there]
    run = {**RUN, "votes": tuple(votes), "marked": marked}
    run |= {"lock": {**LOCK, "by": lock[0], "dependent": lock[1]}, "result": {**RESULT, "by": result[0], "dependent": result[1]}}
    roles = (("a", 1), ("b", 1)) if seats == 2 else (("a", 1),)
    policy = {"roles": roles, "minimum": 1, "advice": (), "veto": (), "bad policy": bad}
    return {**WORLD, **policy, "runs": (run,), "status": {**STATUS, "dependent": list_by}}


MADE_BY = Family(
    {
        "lock": (("l", ""), ("p", ""), ("q", ""), ("l", "team"), ("l", "supplier")),
        "result": (("m", ""), ("p", ""), ("q", ""), ("m", "team"), ("m", "supplier")),
        "list_by": DEPENDENT, "bad": BOTH, "who": tuple(product(BOTH, repeat=3)), "marked": ("", *RESTS_ON), "seats": (1, 2),
    },
    _made_by,
)  # fmt: skip


def _moments(  # noqa: PLR0917  called by name
    lock: int, run: int, result: int, vote_at: int, issued: int, signed: int, at: int, other_list: Any
) -> World:
    votes = [vote(who, role, time=vote_at, start=vote_at, end=at, defects=other_list) for who, role in (("p", "a"), ("q", "b"))]
    found = {**RUN, "created": run, "lock": {**LOCK, "created": lock}, "result": {**RESULT, "created": result}, "votes": tuple(votes)}
    return {**WORLD, "runs": (found,), "status": {**STATUS, "issued": issued, "signed": signed, "next": at}, "at": at, "advice": ()}


_WHEN = (5, 6, 7)
MOMENTS = Family(
    {
        "lock": _WHEN, "run": _WHEN, "result": _WHEN, "vote_at": _WHEN, "issued": _WHEN, "signed": _WHEN, "at": _WHEN,
        "other_list": (NONE, frozenset({"other list"})),
    },
    _moments,
)  # fmt: skip


def _locked(lock: tuple[Any, ...], result: tuple[Any, ...], orphan: str) -> World:
    locked = dict(zip(("there", "whole", "same", "author", "order", "dependent", "marked", "created"), lock, strict=True))
    found = dict(zip(("there", "exact", "author", "dependent", "marked", "created"), result, strict=True))
    return {**WORLD, "runs": ({**RUN, "lock": {**LOCK, **locked}, "result": {**RESULT, **found}},), "orphan": orphan}


MARKS = ("", "revoked", "suspended")
LOCKED = Family(
    {
        "lock": (
            *product((True,), BOTH, (True, "attempt"), BOTH, BOTH, ("", "team"), MARKS[:2], (1, 2, 3)),
            *product((False,), (True,), (True,), (True,), (True,), ("",), MARKS[:2], (1,)),
        ),
        "result": (
            *product((True,), (True, "evidence"), BOTH, ("", "supplier"), MARKS, (1, 2, 3, 6, 7)),
            *product((False,), (True,), (True,), ("",), MARKS, (3,)),
        ),
        "orphan": ("none",),
    },
    _locked,
)  # fmt: skip


MISFIT = Family(
    {
        "lock": tuple(product((True,), BOTH, (True, *LOCK_DIFFERS), (True,), (True,), ("", "supplier"), ("", "suspended"), (1,))),
        "result": tuple(product((True,), (True, *RESULT_DIFFERS), BOTH, ("", "team"), ("",), (3,))),
        "orphan": ("none", "matching"),
    },
    _locked,
)  # fmt: skip


def _dated(  # noqa: PLR0917  called by name
    lock: int, result: int, vote_at: int, start: int, end: int, issued: int, update: int, at: int, clock: int, valid: int
) -> World:
    votes = (vote("p", "a", time=vote_at, start=start, end=end), vote("q", "b", time=3, start=3, end=5))
    run = {**RUN, "lock": {**LOCK, "created": lock}, "result": {**RESULT, "created": result}, "votes": votes}
    status = {**STATUS, "issued": issued, "signed": issued, "next": update}
    return {**WORLD, "runs": (run,), "status": status, "at": at, "clock": clock, "valid days": valid, "status days": 2, "advice": ()}


DATED = Family(
    {
        "lock": (2,), "result": (1, 2, 3, 4), "vote_at": (1, 2, 3, 4, 5), "start": (2, 4, 5), "end": (3, 4, 5, 8),
        "issued": (1, 2, 4, 5), "update": (3, 4, 5), "at": (3, 4, 5), "clock": (3, 4, 5), "valid": (1, 4),
    },
    _dated, "at",
)  # fmt: skip

PEOPLE, ROLES = ("p", "q", "r"), ("a", "b", "c")
CELLS = tuple(product(PEOPLE, ROLES))


def _seated(cells: tuple[tuple[str, ...], ...], policy: tuple[Any, ...]) -> World:
    said = [kind for of_person in cells for kind in of_person]
    votes = tuple(vote(p, r, kind) for (p, r), kind in zip(CELLS, said, strict=True) if kind)
    roles, minimum, several, veto, owner = policy
    return {
        **WORLD, "runs": ({**RUN, "votes": votes},), "roles": roles, "several": several, "minimum": minimum, "veto": veto,
        "owner": owner, "advice": (),
    }  # fmt: skip


_ROWS = tuple(product(("", "approve", "reject"), repeat=3))
_ALL: tuple[tuple[str, int], ...] = (("a", 1), ("b", 1), ("c", 1))
_POLICIES = (
    *product((_ALL,), (1, 3), BOTH, ((), ("b",)), ("a",)),
    ((("a", 1), ("b", 2)), 1, False, (), "a"),
    ((("a", 0),), 1, False, (), "a"),
    ((("a", 1), ("b", 0)), 1, True, (), "a"),
    ((), 0, False, (), ""),
    ((), 1, True, (), ""),
    ((("a", 1),), 2, True, ("a", "c"), ""),
    ((("c", 3),), 1, False, ("a",), ""),
)
"""Seats, least number of people, whether one may fill several seats, vetoes, owner of the risk."""
_YES_ROWS = tuple(product(("", "approve"), repeat=3))
SEATED = Family({"cells": tuple(product(_ROWS, _ROWS, _YES_ROWS)), "policy": _POLICIES}, _seated, "policy")

_OFFERS: tuple[tuple[str, bool] | None, ...] = (None, *product(("a", "b", "d"), BOTH))


def _owned(
    p: tuple[str, bool] | None, q: tuple[str, bool] | None, r: tuple[str, bool] | None, s: tuple[str, bool] | None, **policy: Any
) -> World:  # fmt: skip
    votes = [vote(who, offer[0], **{"accepts risk": offer[1]}) for who, offer in zip("pqrs", (p, q, r, s), strict=True) if offer]
    return {**WORLD, **policy, "runs": ({**RUN, "votes": tuple(votes)},), "advice": ()}


OWNED = Family(
    {
        "p": _OFFERS, "q": _OFFERS, "r": _OFFERS, "s": _OFFERS, "roles": ((("a", 1), ("b", 1)), (("a", 2),)), "minimum": (2, 3),
        "several": BOTH, "owner": ("", "a", "b", "d"),
    },
    _owned,
)  # fmt: skip

_DEFECTS = (
    NONE, *(frozenset({name}) for name in (
        "team", "supplier", "conflict", "form", "revoked", "suspended", "unanswered", "wrong answer", "no carrier", "other claim",
        "not accepted", "conditions differ", "other evidence", "other report", "other lock", "other result", "other subject", "inexact",
        "gone", "copied", "no start", "no end",
    )),
)  # fmt: skip
_FLAWS = ("revoked", "suspended", "team", "supplier", "conflict")
_ADVICE: tuple[World | None, ...] = (
    None,
    *({"stance": stance} for stance in ("for", "neutral", "against")),
    *({"stance": stance, "defects": frozenset({flaw})} for stance in ("for", "against") for flaw in _FLAWS),
    *({"stance": stance, "believed": False} for stance in ("for", "against")),
    *({"stance": stance, "time": time} for stance in ("for", "against") for time in (2, 7)),
    *({"stance": stance, "role": "d"} for stance in ("for", "against")),
)


def _flawed(  # noqa: PLR0917  called by name
    first: Any, second: Any, adviser: World | None, excuses: tuple[Any, Any], devs: bool, third: bool, asked: tuple[int, bool, bool]
) -> World:
    claim, rehearsal, accepted = asked
    absences, departures = excuses
    excused = {"absences": absences, "departures": departures}
    votes = [vote("p", "a", defects=first, rehearsal=rehearsal, **{**excused, "accepts risk": accepted})]
    votes += [vote("q", "b", defects=second, **excused)] + [vote("s", "b", **excused)] * third
    votes += [] if adviser is None else [vote("r", **{"role": "c", "kind": "advice", **adviser})]
    run = {**RUN, "claim": max(claim, 1 if {"other claim"} & (first | second) else 0), "votes": tuple(votes)}
    return {**WORLD, "runs": (run,), "devs": devs, "asked": claim}


FLAWED = Family(
    {
        "first": _DEFECTS, "second": _DEFECTS[:17:4], "adviser": _ADVICE, "devs": BOTH, "third": BOTH,
        "excuses": tuple(product((NONE, frozenset({"c"})), (NONE, frozenset({"c"})))),
        "asked": ((0, False, True), (0, True, False), (1, True, True)),
    },
    _flawed, "excuses",
)  # fmt: skip

_TRUST = ({"believed": True}, {"believed": False, "heard": True}, {"believed": False, "heard": False})
_SAID = tuple(product(("approve", "conflicted", "reject", "dissent"), ("a", "b"), (4, 5), _TRUST))


def _changed(said: tuple[Any, ...], second: tuple[Any, ...], last: tuple[Any, ...], veto: tuple[str, ...]) -> World:
    votes = []
    for kind, role, time, trust in (said, second, last):
        defects = frozenset({"conflict"}) if kind == "conflicted" else NONE
        votes.append(vote("p", role, "approve" if kind == "conflicted" else kind, time=time, defects=defects, **trust))
    return {**WORLD, "runs": ({**RUN, "votes": (*votes, *VOTES[1:])},), "veto": veto}


CHANGED = Family({"said": _SAID, "second": _SAID, "last": _SAID[::2], "veto": ((), ("a", "b"))}, _changed, "veto")


_UNTIL = {held: Condition(held, type="until", due=date(2027 if held else 2025, 1, 1)) for held in BOTH}


def _relied(held: bool, flaw: tuple[World, str], again: tuple[World, ...], q_sees: tuple[int, ...], others: bool) -> World:
    trust, name = flaw
    defects = frozenset({name}) if name and name != "ended" else NONE
    first = vote("p", "a", "conditional", conditions=(_UNTIL[held],), defects=defects, end=5 if name == "ended" else 9, **trust)
    votes = [first, vote("q", "b", sees=q_sees), *again, *([vote("s", "a")] if others else [])]
    return {**WORLD, "runs": ({**RUN, "votes": tuple(votes)},), "advice": ()}


_AGAIN = tuple((vote("p", role, kind, time=6, sees=sees),) for role, kind, sees in product("ab", ("approve", "reject"), ((), (0,))))
RELIED = Family(
    {
        "held": BOTH, "flaw": tuple(product(_TRUST, ("", "ended", "revoked", "suspended", "supplier", "conflict", "unanswered"))),
        "again": ((), *_AGAIN), "q_sees": ((), (0,)), "others": BOTH,
    },
    _relied,
)  # fmt: skip

_ATTEMPTS: tuple[World, ...] = (
    {}, {"votes": ()}, {"verdict": "not_met"}, {"claim": 1}, {"marked": "revoked"}, {"altered statement": True}, {"practice": True},
    {"lock": {**LOCK, "there": False}}, {"lock": {**LOCK, "author": False}}, {"lock": {**LOCK, "same": "model"}},
    {"result": {**RESULT, "there": False}}, {"result": {**RESULT, "exact": "sums"}}, {"result": {**RESULT, "created": 7}},
    {"votes": (*VOTES, vote("q", "b", "reject", time=6))}, {"votes": (*VOTES, vote("s", "b", "defer"))}, {"state": "unlike"},
    {"votes": (VOTES[0], {**VOTES[1], "defects": frozenset({"other report"})}, VOTES[2])}, {"created": 7},
    {"votes": (*VOTES, vote("s", "b", "reject", **_TRUST[1]))}, {"votes": (*VOTES, vote("s", "b"))}, {"verdict": "lenient"},
)  # fmt: skip


def _attempted(first: World, second: World, third: World | None, numbers: tuple[int, ...], claim: int) -> World:
    runs = [
        {**RUN, **run, "attempt": n, "evidence": f"e{place}"}
        for place, (run, n) in enumerate(zip((first, second, third), numbers, strict=True))
        if run is not None
    ]
    return {**WORLD, "runs": tuple(runs), "asked": claim}


ATTEMPTED = Family(
    {
        "first": _ATTEMPTS, "second": _ATTEMPTS,
        "third": (None, {}, {"votes": ()}, {"votes": (*VOTES, vote("s", "b"))}, {"verdict": "not_met"}),
        "numbers": ((1, 2, 3), (2, 1, 3), (2, 2, 1), (1, 1, 1)), "claim": (0, 1),
    },
    _attempted,
)  # fmt: skip

_ADVISED = tuple(product(("for", "against", "neutral", "dissent"), ("c", "d"), (4, 5), BOTH))


def _advised(said: tuple[Any, ...], second: tuple[Any, ...], excuses: tuple[Any, Any], advice: tuple[str, ...], other: bool) -> World:
    absences, departures = excuses
    votes = [vote("p", "a", absences=absences, departures=departures), vote("q", "b", absences=absences, departures=departures)]
    for stance, role, time, believed in (said, second):
        kind = "dissent" if stance == "dissent" else "advice"
        votes.append(vote("r", role, kind, stance="" if kind == "dissent" else stance, time=time, believed=believed))
    votes += [vote("s", "d", "advice", stance="for")] * other
    return {**WORLD, "runs": ({**RUN, "votes": tuple(votes)},), "advice": advice}


_EXCUSES = tuple(product((NONE, frozenset("c"), frozenset("cd")), repeat=2))
ADVISED = Family({"said": _ADVISED, "second": _ADVISED, "excuses": _EXCUSES, "advice": (("c",), ("c", "d")), "other": BOTH}, _advised)

_TODAY = (START + timedelta(days=WORLD["at"])).date()
_PAST = _TODAY - timedelta(days=1)
_DATED: dict[str, Condition | None] = {
    "none": None,
    "until today": Condition(True, type="until", due=_TODAY),
    "until yesterday": Condition(False, type="until", due=_PAST),
    "action open": Condition(True, type="action", value="call", owner="p", due=_TODAY),
    "action overdue": Condition(False, type="action", value="call", owner="p", due=_PAST),
    "action done": Condition(True, "discharged", type="action", value="call", owner="p", due=_PAST),
    **{
        f"action {who}": Condition(False, who, type="action", value="call", owner="p", due=_PAST)
        for who in ("discharged by nobody", "discharged by the team", "discharged by the supplier")
    },
    "requirement open": Condition(True, type="further_requirement", value="other/unmet", due=_TODAY),
    "requirement overdue": Condition(False, type="further_requirement", value="other/unmet", due=_PAST),
    "requirement met": Condition(True, type="further_requirement", value="other/met", due=_PAST),
    "without a day": Condition(False, type="until"),
    "malformed": Condition(False, type="until", due=date(2030, 1, 1), problems=("due is no day",)),
    "unknown": Condition(False, type="weather", value="fine", due=date(2030, 1, 1)),
    "no claim": Condition(False, type="claim", value="everything"),
    "other stream": Condition(False, type="stream", value="elsewhere"),
    "other threshold": Condition(False, type="threshold", value="0.4"),
    "no volume": Condition(False, type="maximum_volume"),
    "no number": Condition(False, type="threshold", value="high"),
}
_UNSAID = object()
_USES: dict[str, tuple[Any, ...]] = {
    "claim": (_UNSAID, 0, 1),
    "policy's stream": (_UNSAID, True, False),
    "policy's threshold": (_UNSAID, True, False),
    "volume": (_UNSAID, 15, 16),
    "unit": (_UNSAID, "north", "south"),
    "dual review": (_UNSAID, ("x", "y"), ("y",)),
}
_RIGHT = {"claim": 0, "policy's stream": True, "policy's threshold": True, "volume": 15, "unit": "north", "dual review": ("x", "y")}
_FIELDS: dict[str, World] = {
    "claim": {"type": "claim", "value": "rehearsal"},
    "policy's stream": {"type": "stream", "value": "here"},
    "policy's threshold": {"type": "threshold", "value": "0.5"},
    "volume": {"type": "maximum_volume", "per_week": 15},
    "unit": {"type": "unit", "value": "north"},
    "dual review": {"type": "dual_review", "value": "x"},
}


@cache
def _condition(name: str, holds: bool) -> Condition:
    return Condition(holds, **_FIELDS[name])


def _used(use: tuple[Any, ...] | None, asked: tuple[bool, ...], dated: str, claim: int) -> World:
    said = None if use is None else {name: value for name, value in zip(_USES, use, strict=True) if value is not _UNSAID}
    wanted = tuple(name for name, wanted in zip(_USES, asked, strict=True) if wanted)
    held = {name: said is not None and said.get(name, _UNSAID) == _RIGHT[name] for name in wanted}
    held |= {"claim": held["claim"] and claim == 0} if "claim" in held else {}
    made = tuple(_condition(name, held[name]) for name in wanted)
    first = vote("p", "a", "conditional" if made else "approve", conditions=made)
    later = _DATED[dated]
    second = vote("q", "b") if later is None else vote("q", "b", "conditional", conditions=(later,))
    return {**WORLD, "use": said, "asked": claim, "runs": ({**RUN, "claim": claim, "votes": (first, second, VOTES[2])},)}


_CHOICES = tuple(product(BOTH, repeat=6))
_ALL_USES = (None, *product(*_USES.values()))
USED = Family({"dated": tuple(_DATED)[1:], "use": _ALL_USES, "asked": _CHOICES[::21], "claim": (0,)}, _used, "dated")
USED_WHOLE = Family({"dated": ("none",), "use": _ALL_USES, "asked": _CHOICES, "claim": (0, 1)}, _used, "claim")


def _one_of_two(state: str, practice: bool, verdict: str, votes: int, claim: int) -> World:
    return {**RUN, "state": state, "practice": practice, "verdict": verdict, "claim": claim, "votes": VOTES[:votes],
            "evidence": f"{state} {practice} {verdict} {claim}"}  # fmt: skip


_RUNS = tuple(
    _one_of_two(*values)
    for values in product(("match", "unlike", "other card"), BOTH, ("met", "not_met", "not_demonstrated"), (2, 3), (0, 1))
)
_BROKEN = _one_of_two("altered", False, "met", 2, 0)


def _two(pair: tuple[World, World], one_lock: bool, asked: int, orphan: str) -> World:
    return {**WORLD, "runs": pair, "one lock": one_lock, "asked": asked, "orphan": orphan}


TWO = Family(
    {
        "pair": (*product(_RUNS, (*_RUNS, _BROKEN)), (_BROKEN, _BROKEN)),
        "one_lock": (False,), "asked": (0, 1), "orphan": ("none", "matching", "other"),
    },
    _two, "orphan",
)  # fmt: skip
ONE_LOCK = Family(
    {
        "pair": tuple(
            product(
                (run for run in _RUNS if run["state"] == "match" and not run["practice"]), (run for run in _RUNS if run["state"] == "match")
            )
        ),
        "one_lock": (True,), "asked": (0, 1), "orphan": ("none", "other"),
    },
    _two,
)  # fmt: skip
FAMILIES = {
    "request": REQUEST,
    "evidence": EVIDENCE,
    "trust": TRUST,
    "no_list": NO_LIST,
    "moments": MOMENTS,
    "locked": LOCKED,
    "misfit": MISFIT,
    "dated": DATED,
    "seated": SEATED,
    "owned": OWNED,
    "flawed": FLAWED,
    "changed": CHANGED,
    "relied": RELIED,
    "attempted": ATTEMPTED,
    "made_by": MADE_BY,
    "advised": ADVISED,
    "used": USED,
    "used_whole": USED_WHOLE,
    "two": TWO,
    "one_lock": ONE_LOCK,
}
