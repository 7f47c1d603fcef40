"""What the gate must answer, said a second time: from the rules alone, about abstract worlds, without a line of the package.

A world is a dict; times are days, `True` is as it should be, people and roles are letters. `answer` gives the exit code.
"""

from itertools import permutations

NO, YES = ("reject", "defer", "dissent"), ("approve", "conditional")
WORSE = {"reject": 6, "defer": 5, "dissent": 4, "advice": 3, "conditional": 2, "approve": 1}
OPINION = {"against": 3, "neutral": 2, "for": 1, "": 0}
VERDICT = {"met": [], "not_met": [10], "not_evaluable": [11], "not_demonstrated": [11], "none": [11], "lenient": [13]}
VOID = {"supplier", "conflict", "form"}
VOID_APPROVAL = {"unanswered", "wrong answer", "no carrier", "other claim", "not accepted", "conditions differ", "no start", "no end"}
FOREIGN = {"other evidence", "other report", "other lock", "other result", "other subject", "inexact", "gone", "copied"}


def answer(w):
    codes = {*of_all(w), *(c for run in w["runs"] for c in of_run(w, run))}
    return next((code for code in (13, 3, 10, 11, 12) if code in codes), 0)


def top(w):
    return max([w["asked"], *(run["claim"] for run in w["runs"] if run["state"] == "match")])


def of_all(w):
    s, use, runs = w["status"], w["use"] or {}, [run for run in w["runs"] if run["state"] == "match"]
    yield from [13] * (not (w["artefact"] and w["benchmark"] and w["manifest"]))
    yield from [12] * (not w["card"] or w["at"] < w["clock"] or not w["supplier"] or (w["devs"] and not w["team"]))
    yield 3 if not w["runs"] else 13 if not runs else 12 if all(run["practice"] for run in runs) else None
    yield from [11] * (use.get("claim", 0) > w["asked"])
    yield from [12] * (not use.get("policy's stream", True) or not use.get("policy's threshold", True))
    yield from {"ok": [], "altered": [13]}.get(w["register"], [12]) + [12] * (w["rehearsal"] and top(w) > 0)
    yield from [13] * w["bad lock file"] + [10] * (w["orphan"] == "matching")
    under = {run["evidence"] for run in w["runs"] if run["state"] != "altered" and not run["practice"]}
    yield from [13] * (w["one lock"] and len(under) > 1)
    yield from {"ok": [], "altered": [13]}.get(s["state"], [12])
    if s["state"] == "ok":
        yield from [12] * (not s["author"] or (s["rehearsal"] and top(w) > 0) or max(s["issued"], s["signed"]) > w["at"])
        yield from [12] * (w["at"] > min(s["next"], s["issued"] + w["status days"]) or s["version"] < max(s["highest"], s["least"]))
        votes = [v for run in runs if not run["practice"] for v in run["votes"] if v["believed"]]
        yield from [12] * any(v["register"] > s["register"] or v["saw"] > s["version"] for v in votes)
        yield from [13] * (not s["anchors"] or any("other list" in v["defects"] for v in votes))


def of_run(w, run):
    if run["state"] != "match":
        kept = run["state"] == "other card" and not run["practice"] and run["lock"]["there"]
        yield from [13] * (run["state"] == "altered") + (VERDICT[run["verdict"]] + [13] * (run["lock"]["same"] is not True)) * kept
        return
    yield from VERDICT[run["verdict"]] + [11] * (run["created"] > w["at"] or run["claim"] < w["asked"])
    if run["practice"]:
        return
    lock, result = run["lock"], run["result"]
    yield from [12] * bool(run["marked"]) + [13] * run["altered statement"] + [12] * (not lock["there"] or not result["there"])
    if lock["there"]:
        late = lock["created"] > run["created"]
        yield from [13] * (not lock["whole"] or lock["same"] is not True)
        yield from [12] * bool(not (lock["author"] and lock["order"]) or lock["team"] or lock["marked"] or late)
    if result["there"]:
        fit = result["author"] and not result["team"] and run["created"] <= result["created"] <= w["at"] and not result["marked"]
        yield from [13] * (result["exact"] is not True) + [12] * (not fit)
    yield from [13] * any(v["defects"] & FOREIGN or not result["there"] for v in run["votes"])
    good = [v for v in run["votes"] if v["kind"] in YES and counts(w, run, v)]
    yield from [12] * (not quorum(w, good) or not all(holds for v in good for holds in v["conditions"]))
    yield from [12] * any(v["kind"] in NO[:2] and v["role"] in w["veto"] and counts(w, run, v) for v in run["votes"])


def quorum(w, good):
    seats, people = [role for role, n in w["roles"] for _ in range(n)], sorted({v["person"] for v in good})
    said = {(v["person"], v["role"]) for v in good}
    if w["several"]:
        filled = all(sum((p, role) in said for p in people) >= n for role, n in w["roles"])
    else:
        filled = any(all(pair in said for pair in zip(order, seats, strict=True)) for order in permutations(people, len(seats)))
    owned = any(v["accepts risk"] and w["owner"] in ("", v["role"]) for v in good)
    return bool(seats) and all(n for _, n in w["roles"]) and filled and len(people) >= max(1, w["minimum"]) and owned


def counts(w, run, v):
    stops, advises = v["kind"] in NO or v["stance"] == "against", v["kind"] == "advice"
    rivals = [o for o in run["votes"] if (o["person"], o["role"]) == (v["person"], v["role"]) and (o["believed"] or not stops)]
    if not v["believed"] or any(rank(o) > rank(v) for o in rivals) or v["kind"] in NO:
        return v["believed"] and v["kind"] in NO and not any(rank(o) > rank(v) for o in rivals)
    if v["defects"] & VOID or (w["devs"] and "team" in v["defects"]) or (v["rehearsal"] and top(w) > 0):
        return False
    if not stops and (v["defects"] & {"revoked", "suspended"} or not run["result"]["created"] <= v["time"] <= w["at"]):
        return False
    if advises or v["role"] not in dict(w["roles"]) or v["defects"] & VOID_APPROVAL or (v["role"] == w["owner"] and not v["accepts risk"]):
        return advises and v["role"] in w["advice"]
    heard = [o for o in run["votes"] if o["kind"] == "advice" and counts(w, run, o)]
    present, opposed = {o["role"] for o in heard}, {o["role"] for o in heard if o["stance"] == "against"}
    explained = all((r in present or r in v["absences"]) and (r not in opposed or r in v["departures"]) for r in w["advice"])
    kept = not any(o["kind"] in NO and o["person"] == v["person"] and o["time"] >= v["time"] for o in run["votes"])
    return kept and explained and v["start"] <= w["at"] <= v["end"] and v["end"] - v["time"] <= w["valid days"]


def rank(v):
    return v["time"], WORSE[v["kind"]], OPINION[v["stance"]]
