"""Abstract worlds of `gate_specification`, and the `Case` that each stands for. Parts are made once and put together many times."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from operator import attrgetter, itemgetter
from typing import Any

from gate_specification import answer

from evalharness.admission.case import (
    AlteredRun,
    Asked,
    Author,
    Case,
    ConditionCase,
    DecisionCase,
    Deployment,
    FindingCase,
    LockCase,
    LocksCase,
    NamedLock,
    Point,
    RegisterCase,
    ResultCase,
    RunCase,
    StatusCase,
    StatusList,
    Subject,
)
from evalharness.admission.decide import decide
from evalharness.records import Claim, Outcome, SignOff

World = dict[str, Any]
CLAIMS = tuple(Claim)
TEAM = frozenset(f"dev {person}" for person in "lmpqrs")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
SUBJECT = Subject(
    policy=("small", 1, "policy"),
    benchmark=("small", "benchmark", 7000, None, "test"),
    model=("vendor", "model", "card"),
    point=Point("score >= threshold", 0.5, "here"),
)
ELSEWHERE = Subject(policy=SUBJECT.policy, benchmark=SUBJECT.benchmark, model=SUBJECT.model, point=SUBJECT.point._replace(threshold=0.4))
OTHER_CARD = Subject(policy=SUBJECT.policy, benchmark=SUBJECT.benchmark, model=("vendor", "model", "card 2"), point=SUBJECT.point)
OTHER_POLICY = Subject(policy=("small", 2, "policy 2"), benchmark=SUBJECT.benchmark, model=SUBJECT.model, point=SUBJECT.point)


STATED = {True: "model", False: "another", "not stated": None}
SUBJECTS = {"match": SUBJECT, "unlike": ELSEWHERE, "other card": OTHER_CARD}


@cache
def vote(person: str, role: str, kind: str = "approve", **changes: Any) -> World:
    """What somebody signed: as it should be, but for these changes. Whoever is given it never changes it."""
    made: World = {
        "person": person, "role": role, "kind": kind, "time": 5, "start": 5, "end": 9, "believed": True, "rehearsal": False,
        "defects": frozenset(), "conditions": (), "stance": "", "accepts risk": role == "a", "absences": frozenset(),
        "departures": frozenset(), "register": 1, "saw": 1, "heard": changes.get("believed", True), "sees": (),
    }  # fmt: skip
    return {**made, **changes}


VOTES = (vote("p", "a"), vote("q", "b"), vote("r", "c", "advice", stance="for"))
LOCK: World = {
    "there": True, "whole": True, "same": True, "author": True, "order": True, "dependent": "", "marked": "", "created": 1, "by": "l",
}  # fmt: skip
RESULT: World = {"there": True, "exact": True, "author": True, "dependent": "", "marked": "", "created": 3, "by": "m"}
RUN: World = {
    "state": "match", "verdict": "met", "claim": 0, "created": 2, "practice": False, "lock": LOCK, "result": RESULT, "votes": VOTES,
    "altered statement": False, "marked": "", "evidence": "evidence", "attempt": 1,
}  # fmt: skip
STATUS: World = {
    "state": "ok", "author": True, "rehearsal": False, "signed": 5, "issued": 5, "next": 9, "version": 1, "highest": 1, "least": 0,
    "register": 1, "anchors": True, "dependent": "", "seen": "",
}  # fmt: skip
WORLD: World = {
    "card": True, "artefact": True, "benchmark": True, "manifest": True, "supplier": True, "team": True, "devs": True, "at": 6, "clock": 6,
    "asked": 0, "register": "ok", "rehearsal": False, "status": STATUS, "bad lock file": False, "orphan": "none", "one lock": False,
    "runs": (RUN,), "roles": (("a", 1), ("b", 1)), "several": False, "minimum": 2, "veto": ("b",), "advice": ("c",), "owner": "a",
    "valid days": 5, "status days": 7, "use": None, "bad policy": False,
}  # fmt: skip
"""The one intended region: everything as it should be."""


def over(**dimensions: Iterable[Any]) -> Iterator[World]:
    """Every combination of these dimensions, by name."""
    names = tuple(dimensions)
    for values in product(*dimensions.values()):
        yield dict(zip(names, values, strict=True))


def worlds(base: World, part: str, **dimensions: Iterable[Any]) -> Iterator[World]:
    """`base` with one part changed in every way: `part` is a key, or "" for the world itself."""
    for changes in over(**dimensions):
        yield {**base, **changes} if not part else {**base, part: {**base[part], **changes}}


def disagreements(found: Iterable[World]) -> tuple[int, int, list[str]]:
    """How many worlds there were, no two of them the same case, how many answer 0, and the first ten in which the gate does not answer
    what it must."""
    seen, approved, wrong = set(), 0, []
    with no_search_for_cycles():
        for world in found:
            case = case_of(world)
            expected, got = answer(world), decide(case).code
            approved += got == 0
            seen.add(hash(parts_of(case)))
            if got != expected:
                wrong.append(f"expected {expected}, got {got}: {different(world)}")
                if len(wrong) == 10:
                    break
    return len(seen), approved, wrong


@contextlib.contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Worlds and cases hold no cycles; looking for some takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def different(world: World, base: World = WORLD) -> World:
    """What is not as in the intended world."""
    return {key: value for key, value in world.items() if value != base.get(key)}


def parts_of(case: Case) -> tuple[Any, ...]:
    """Equal exactly for equal cases of worlds: the parts are made once, and so are told apart by what they are, not by what they say."""
    whole = (id(case.asked), id(case.register), id(case.status), id(case.deployment), case.locks.altered, len(case.altered_runs))
    runs = [(*_ITSELF(run), *map(id, _MADE(run)), *map(id, run.decisions)) for run in case.runs]
    return *whole, *map(id, case.locks.locks), *runs


_ITSELF = attrgetter("name", "evidence", "created", "claim", "verdict", "altered_statements")
_MADE = attrgetter("subject", "findings", "lock", "result")


def case_of(w: World) -> Case:
    """The case that a world stands for."""
    believed = [run for run in w["runs"] if run["state"] != "altered"]
    return Case(
        asked=_asked(*_REQUEST(w), *_REMEMBERED(w["status"])),
        register=_register(w["register"], w["rehearsal"]),
        status=_status(w),
        locks=_locks(w, believed),
        runs=tuple(_run(number, run, w["one lock"]) for number, run in enumerate(believed)),
        altered_runs=(_ALTERED,) * (len(w["runs"]) - len(believed)),
        deployment=None if w["use"] is None else _use(tuple(sorted(w["use"].items()))),
        requirements_met=_MET,
    )


_ALTERED = AlteredRun(name="x", reasons=("evidence.json: changed",))
_MET = frozenset({"other/met"})
_REQUEST = itemgetter(
    "card", "artefact", "benchmark", "manifest", "supplier", "team", "devs", "at", "clock", "asked", "roles", "several", "minimum", "veto",
    "advice", "owner", "valid days", "status days", "bad policy",
)  # fmt: skip
_REMEMBERED = itemgetter("least", "seen")


@cache
def day(number: int) -> datetime:
    return START + timedelta(days=number)


@cache
def _asked(  # noqa: PLR0917  by position, for the cache
    card: bool, artefact: bool | str, benchmark: bool, manifest: bool, supplier: bool, team: bool, devs: bool, at: int, clock: int,
    asked: int, roles: tuple[tuple[str, int], ...], several: bool, minimum: int, veto: tuple[str, ...], advice: tuple[str, ...], owner: str,
    valid_days: int, status_days: int, bad: bool, least: int, seen: str,
) -> Asked:  # fmt: skip
    return Asked(
        model="vendor", policy="small", benchmark="small" if benchmark else "large", claim=CLAIMS[asked], at=day(at), clock=day(clock),
        has_card=card, artefact="model.bin", artefact_digest="model", card_states=STATED[artefact],
        supplier="maker" if supplier else "", team=TEAM if team else frozenset(), policy_benchmark="small",
        policy_digest="policy", benchmark_digest="benchmark", benchmark_problems=() if manifest else ("the manifest was edited",),
        point=SUBJECT.point, reports="reports", least_status=least,
        status_seen={"": "", "this one": f"list {least}", "another": "another list"}[seen],
        supplier_name="maker" if supplier else "", bad_policy="a coin would meet it" if bad else "",
        sign_off=SignOff(
            roles=roles, developers_may_not_sign=devs, valid_for_days=valid_days, minimum_people=minimum, one_person_several_roles=several,
            veto=veto, advice=advice, risk_owner=owner, status_at_most_days=status_days,
        ),
    )  # fmt: skip


@cache
def _author(  # noqa: PLR0917  by position, for the cache
    person: str, role: str, created: int, believed: bool, register: int, rehearsal: bool, dependent: str = "", heard: bool = True
) -> Author:  # fmt: skip
    likeness, organisation = f"dev {person}" if dependent == "team" else person, "maker" if dependent == "supplier" else "office"
    return Author(
        person=person, role=role, organisation=organisation, person_likeness=likeness, organisation_likeness=organisation,
        created=day(created), register=register, rehearsal=rehearsal, problems=() if believed else ("its key was revoked",),
        heard=believed or heard,
    )  # fmt: skip


@cache
def _register(state: str, rehearsal: bool) -> RegisterCase:
    people = frozenset({"p", "q", "r", "s"})
    if state == "ok":
        return RegisterCase(root="root", rehearsal=rehearsal, people=people)
    told = {"missing": {"missing": ("absent",)}, "altered": {"altered": ("signature",)}, "nothing": {}}[state]
    return RegisterCase(root="root" if rehearsal else "", rehearsal=rehearsal, people=people, **told)


def _status(w: World) -> StatusCase:
    s = w["status"]
    if s["state"] in _NO_STATUS:
        return _NO_STATUS[s["state"]]
    return _read_status(s["state"] == "altered", *_LISTED(s), tuple(sorted(_marks(w))))


_NO_STATUS = {"absent": StatusCase(found=None, problems=("status.json is absent",)), "nothing": StatusCase(found=None)}
_LISTED = itemgetter("issued", "signed", "next", "author", "rehearsal", "version", "highest", "register", "anchors", "dependent")


@cache
def _read_status(  # noqa: PLR0917  by position, for the cache
    altered: bool, issued: int, signed: int, update: int, author: bool, rehearsal: bool, version: int, highest: int, register: int,
    anchors: bool | str, dependent: str, marks: tuple[tuple[str, str], ...],
) -> StatusCase:  # fmt: skip
    found = StatusList(
        version=version,
        highest=highest,
        issued=day(issued),
        next_update=day(update),
        author=_author("s", "a", signed, author, register, rehearsal, dependent),
        revoked={digest: "revoked" for mark, digest in marks if mark == "revoked"},
        suspended={digest: "suspended" for mark, digest in marks if mark == "suspended"},
        discharged={(digest, "done"): _SAID[mark] for mark, digest in marks if mark in _SAID},
        digests={1: "list 1", 2: "list 2"},
        anchors=_ANCHORS[anchors],
    )
    return StatusCase(found=found, altered=("a revocation was taken out",) if altered else ())


_SAID = {
    "discharged": (_author("s", "a", 5, True, 1, False), _author("q", "b", 5, False, 1, False)),
    "discharged by nobody": (_author("q", "b", 5, False, 1, False),),
    "discharged by a rehearsal": (_author("q", "b", 5, True, 1, True),),
    "discharged by the team": (_author("q", "b", 5, True, 1, False, "team"),),
    "discharged by the supplier": (_author("q", "b", 5, True, 1, False, "supplier"),),
}
"""Who says of a condition that it was fulfilled."""
_ANCHORS: dict[bool | str, tuple[tuple[str, str], ...]] = {
    True: (),
    "all there": (("lock", "lock 0"), ("decision", "seen")),
    False: (("lock", "lock 0"), ("decision", "a decision that is gone")),
}


def _marks(w: World) -> Iterator[tuple[str, str]]:
    for number, run in enumerate(run for run in w["runs"] if run["state"] != "altered"):
        if run["marked"] in ("revoked", "suspended"):
            yield run["marked"], run["evidence"]
        elif run["marked"]:
            yield "revoked", run["marked"]
        for name in ("lock", "result"):
            if run[name]["marked"]:
                yield run[name]["marked"], f"{name} {0 if w['one lock'] and name == 'lock' else number}"
        for place, v in enumerate(run["votes"]):
            if v["defects"]:
                yield from ((mark, f"vote {number} {place}") for mark in ("revoked", "suspended") if mark in v["defects"])
            if v["conditions"]:
                yield from ((c.discharged, f"vote {number} {place}") for c in v["conditions"] if getattr(c, "discharged", ""))


RESTS_ON = ("report", "sums", "policy", "model", "benchmark", "card")
"""Digests of what takes a run with it when it is revoked."""


def _locks(w: World, runs: list[World]) -> LocksCase:
    found = [
        _lock(n, *_lock_key(run))
        for n, run in enumerate(runs)
        if not run["practice"] and run["lock"]["there"] and (not n or not w["one lock"])
    ]
    if w["orphan"] != "none":
        found.append(_ORPHANS[w["orphan"]])
    return LocksCase(locks=tuple(found), altered=("x.dsse.json: not a lock",) if w["bad lock file"] else ())


def _lock_key(run: World) -> tuple[Any, ...]:
    return *_LOCKED_RUN(run), *_LOCK(run["lock"])


_LOCKED_RUN = itemgetter("state", "claim", "attempt")
_LOCK = itemgetter("whole", "same", "author", "by", "created", "order", "dependent")


@cache
def _lock(  # noqa: PLR0917  by position, for the cache
    number: int, state: str, claim: int, attempt: int, whole: bool, same: bool | str, author: bool, person: str, created: int, order: bool,
    dependent: str,
) -> LockCase:  # fmt: skip
    altered = () if whole else ("lock: the signature is wrong",)
    made = _make_lock(f"lock {number}", SUBJECTS[state], altered, claim, author, person, created, order, dependent, attempt)
    return made if same is True else replace(made, **LOCK_DIFFERS[str(same)])


def _differing(**changes: Any) -> dict[str, Any]:
    return {"subject": replace(SUBJECT, **changes)}


LOCK_DIFFERS: dict[str, dict[str, Any]] = {
    "attempt": {"attempt": 9},
    "campaign": {"campaign": "small/other"},
    "level": {"level": 0.95},
    "claim": {"claim": "pilot"},
    "supplier": {"supplier": "somebody"},
    "policy": _differing(policy=("small", 2, "policy")),
    "benchmark": _differing(benchmark=("small", "benchmark", 7000, 5, "test")),
    "model": _differing(model=("vendor", "model", "card 3")),
    "point": _differing(point=SUBJECT.point._replace(stream="there")),
    "budget": _differing(point=Point("budget", None, "here", budget_per_day=60)),
    "top band": _differing(point=Point("top_band", None, "here", top_band="high")),
}
"""How a lock can be for something else than its run."""
RESULT_DIFFERS: dict[str, dict[str, Any]] = {
    "evidence": {"evidence": "another"},
    "sums": {"sums": "another"},
    "lock": {"lock": "another"},
    "attempt": {"attempt": 9},
    "campaign": {"campaign": "small/other"},
    "claim": {"claim": "pilot"},
    "verdict": {"verdict": "not_demonstrated", "result": "WARNED"},
    "word": {"result": "WARNED"},
    "passed": {"passed": ()},
    "warned": {"warned": ("recall",)},
    "failed": {"failed": ("recall",)},
    "subject": {"exact": False},
}
"""How a test result can say something else than the evidence."""


def _make_lock(  # noqa: PLR0917  by position, for the cache
    digest: str, subject: Subject, altered: tuple[str, ...], claim: int, author: bool, person: str, created: int, order: bool,
    dependent: str, attempt: int,
) -> LockCase:  # fmt: skip
    return LockCase(
        name=f"{digest}.dsse.json", digest=digest, altered=altered, subject=subject, claim=CLAIMS[claim].value, campaign="small/maker",
        attempt=attempt, level=0.97, supplier="maker", author=_author(person, "a", created, author, 1, False, dependent),
        campaign_problems=() if order else ("the lock of attempt 1 is missing",),
    )  # fmt: skip


_ORPHANS = {
    name: _make_lock("orphan", subject, (), 0, True, "s", 1, True, "", 1)
    for name, subject in (("matching", SUBJECT), ("other", OTHER_POLICY))
}
"""Locks without a run."""


def _run(number: int, run: World, one_lock: bool) -> RunCase:
    result, lock = run["result"], _DIGESTS[0 if one_lock else number]
    of_run = (number, *_SIGNED_RUN(run), lock)
    votes = tuple([_vote(*of_run, place, *_VOTE(v)) for place, v in enumerate(run["votes"])])
    found = _result(number, lock, *_TESTED_RUN(run), *_RESULT(result)) if result["there"] else None
    copies = tuple([_copy(*of_run, place, *_VOTE(v)) for place, v in enumerate(run["votes"]) if "copied" in v["defects"]])
    named = None if run["practice"] else _named(lock, run["attempt"])
    return RunCase(
        name=f"run-{number}",
        unlike=() if run["state"] == "match" else ("another thing",),
        subject=SUBJECTS[run["state"]],
        evidence=run["evidence"],
        report="report",
        sums="sums",
        created=day(run["created"]),
        claim=CLAIMS[run["claim"]],
        verdict=_VERDICTS.get(run["verdict"], run["verdict"]),
        findings=_findings(run["verdict"]),
        level_problems=("recall was judged at a lower level",) if run["verdict"] == "lenient" else (),
        passed=("recall",),
        warned=(),
        failed=(),
        not_judged=frozenset({"recall[sex=X]"}),
        lock=named,
        result=found,
        decisions=votes + copies,
        statements=_SEEN.union(vote.digest for vote in votes),
        altered_statements=("decision-x.dsse.json: not canonical",) if run["altered statement"] else (),
    )


_DIGESTS = tuple(f"lock {number}" for number in range(9))
_SIGNED_RUN = itemgetter("evidence", "claim", "state")
_TESTED_RUN = itemgetter("evidence", "claim", "verdict", "attempt")
_RESULT = itemgetter("exact", "author", "by", "dependent", "created")
_VOTE = itemgetter(
    "person", "role", "kind", "time", "start", "end", "believed", "rehearsal", "defects", "conditions", "stance", "accepts risk",
    "absences", "departures", "register", "saw", "heard", "sees",
)  # fmt: skip
_SEEN = frozenset({"seen"})
_VERDICTS = {"none": "not_evaluable", "lenient": "met"}


@cache
def _named(digest: str, attempt: int) -> NamedLock:
    return NamedLock(digest=digest, campaign="small/maker", attempt=attempt, level=0.97)


@cache
def _findings(verdict: str) -> tuple[FindingCase, ...]:
    if verdict == "none":
        return ()
    met = FindingCase(outcome=Outcome.MET, text="recall: met")
    return (met,) if verdict in ("met", "lenient") else (met, FindingCase(outcome=Outcome(verdict), text=f"recall: {verdict}"))


@cache
def _result(  # noqa: PLR0917  by position, for the cache
    number: int, lock: str, evidence: str, claim: int, verdict: str, attempt: int, exact: bool | str, author: bool, person: str,
    dependent: str, created: int,
) -> ResultCase:  # fmt: skip
    verdict = _VERDICTS.get(verdict, verdict)
    made = ResultCase(
        digest=f"result {number}", exact=True, evidence=evidence, sums="sums", lock=lock, campaign="small/maker", attempt=attempt,
        claim=CLAIMS[claim].value, verdict=verdict, result={"met": "PASSED", "not_demonstrated": "WARNED"}.get(verdict, "FAILED"),
        passed=("recall",), warned=(), failed=(), author=_author(person, "a", created, author, 1, False, dependent),
    )  # fmt: skip
    return made if exact is True else replace(made, **RESULT_DIFFERS[str(exact)])


@cache
def _copy(*vote_key: Any) -> DecisionCase:
    return replace(_vote(*vote_key), name="copy.dsse.json")


@cache
def _vote(  # noqa: PLR0917  by position, for the cache
    number: int, evidence: str, claim: int, state: str, lock: str, place: int, person: str, role: str, kind: str, time: int,
    start: int, end: int, believed: bool, rehearsal: bool, defects: frozenset[str], conditions: tuple[Any, ...], stance: str,
    accepts_risk: bool, absences: frozenset[str], departures: frozenset[str], register: int, saw: int,
    heard: bool, sees: tuple[int, ...],
) -> DecisionCase:  # fmt: skip
    approves = kind in ("approve", "conditional")
    made = tuple(c.made() for c in conditions if isinstance(c, Condition))
    if "conditions differ" in defects:
        made = () if kind == "conditional" else (UNTIL_LATE,)
    elif kind == "conditional" and not made:
        made = (UNTIL_LATE,)
    dependent = next((flaw for flaw in ("team", "supplier") if flaw in defects), "")
    author = _author(person, role, time, believed, register, rehearsal, dependent, heard)
    return DecisionCase(
        name=f"decision-{place}.dsse.json",
        digest=f"vote {number} {place}",
        payload=f"payload {number} {place}",
        author=author,
        kind="approve-with-conditions" if kind == "conditional" else kind,
        exact="inexact" not in defects,
        subject=OTHER_POLICY if "other subject" in defects else SUBJECTS[state],
        evidence="another" if "other evidence" in defects else evidence,
        report="another" if "other report" in defects else "report",
        test_result="another" if "other result" in defects else f"result {number}",
        lock="another" if "other lock" in defects else lock,
        claim=(CLAIMS[claim - 1] if "other claim" in defects else CLAIMS[claim]).value,
        seen=_SEEN.union((f"vote {number} {n}" for n in sees), ("unseen",) if "gone" in defects else ()),
        status=None if saw == 0 else (saw, "another" if "other list" in defects else f"list {saw}"),
        form=("it gives no reason",) if "form" in defects else (),
        conflicts="my brother made it" if "conflict" in defects else "",
        valid_from=day(start) if approves and "no start" not in defects else None,
        valid_until=day(end) if approves and "no end" not in defects else None,
        missed_agrees=(None if "unanswered" in defects else "wrong answer" not in defects) if approves else None,
        risk_carried_by="nobody" if "no carrier" in defects else "p",
        residual_risk=accepts_risk and approves,
        accepts_not_judged=() if "not accepted" in defects else ("recall[sex=X]",),
        conditions=made,
        stance=stance,
        departures=departures,
        absences=absences,
    )


class Condition:
    """A condition that is true in a world exactly when it holds."""

    def __init__(self, holds: bool, discharged: str = "", **fields: Any) -> None:
        self.holds, self.discharged, self.fields = holds, discharged, fields

    def __bool__(self) -> bool:
        return self.holds

    def made(self) -> ConditionCase:
        return ConditionCase(**{"id": "done" if self.discharged else "open", **self.fields})


UNTIL_LATE = ConditionCase(id="until-1", type="until", due=date(2027, 1, 1))


@cache
def _use(said: tuple[tuple[str, Any], ...]) -> Deployment:
    told = dict(said)
    right = {True: "here", False: "elsewhere"}
    stream = told.get("policy's stream")
    threshold = told.get("policy's threshold")
    return Deployment(
        claim=CLAIMS[told["claim"]] if "claim" in told else None,
        stream=None if stream is None else right[stream],
        threshold=None if threshold is None else (0.5 if threshold else 0.4),
        volume_per_week=told.get("volume"),
        unit=told.get("unit"),
        dual_review=told.get("dual review"),
    )
