"""What the gate must answer in an abstract world (days are numbers, True is as it should be), without a line of the package."""

from itertools import permutations

NO, YES = ("reject", "defer", "dissent"), ("approve", "conditional")
WORSE = ("approve", "conditional", "advice", "dissent", "defer", "reject", "", "for", "neutral", "against").index
VERDICT = {"met": [], "not_met": [10], "not_evaluable": [11], "not_demonstrated": [11], "none": [11], "lenient": [13]}
VOID = {"supplier", "conflict", "form"}
VOID_APPROVAL = {"unanswered", "wrong answer", "no carrier", "other claim", "not accepted", "conditions differ", "no start", "no end"}
FOREIGN = {"other evidence", "other report", "other lock", "other result", "other subject", "inexact", "gone", "copied"}


def answer(w):
    runs = [run for run in w["runs"] if run["state"] == "match"]
    locked = [run for run in runs if not run["practice"]]
    newest = [run for run in locked if run["attempt"] == max(run["attempt"] for run in locked)]
    w = {**w, "matching": runs, "newest": newest, "top": max([w["asked"], *(run["claim"] for run in runs)])}
    w["agreed"] = {v["person"] for run in newest for v in run["votes"] if v["kind"] in YES and counts(w, run, v)}
    codes = {*of_all(w), *(code for run in w["runs"] for code in of_run(w, run))}
    return next((code for code in (13, 3, 10, 11, 12) if code in codes), 0)


def of_all(w):
    s, use, runs = w["status"], w["use"] or {}, w["matching"]
    yield 13 if not (w["artefact"] and w["benchmark"] and w["manifest"]) else None
    yield from [12] * (w["bad policy"] or not w["card"] or w["at"] < w["clock"] or not w["supplier"] or (w["devs"] and not w["team"]))
    yield 3 if not w["runs"] else 13 if not runs else 12 if all(run["practice"] for run in runs) else None
    yield from [11] * (use.get("claim", 0) > w["asked"]) + [12] * (False in (use.get("policy's stream"), use.get("policy's threshold")))
    yield from {"ok": [], "altered": [13]}.get(w["register"], [12]) + [12] * (w["rehearsal"] and w["top"] > 0)
    under = {run["evidence"] for run in w["runs"] if run["state"] != "altered" and not run["practice"]}
    yield from [13] * (w["bad lock file"] or (w["one lock"] and len(under) > 1)) + [10] * (w["orphan"] == "matching")
    yield from {"ok": [], "altered": [13]}.get(s["state"], [12])
    if s["state"] == "ok":
        timely = max(s["issued"], s["signed"]) <= w["at"] <= min(s["next"], s["issued"] + w["status days"])
        votes = [v for run in runs if not run["practice"] for v in run["votes"] if v["believed"]]
        back = s["seen"] == "another" or any(v["register"] > s["register"] or v["saw"] > s["version"] for v in votes)
        sound = s["author"] and not s["dependent"] and not (s["rehearsal"] and w["top"] > 0) and timely
        yield from [12] * (back or not sound or s["version"] < max(s["highest"], s["least"]))
        yield from [13] * (not s["anchors"] or any("other list" in v["defects"] for v in votes))


def of_run(w, run):
    lock, result, newest = run["lock"], run["result"], run in w["newest"]
    forged = (result["there"] and result["exact"] is not True) or (lock["there"] and lock["same"] is not True)
    stops = [v for v in run["votes"] if v["kind"] in NO[:2] and v["role"] in w["veto"] and (newest or v["person"] not in w["agreed"])]
    found = VERDICT[run["verdict"]] + [13] * forged + [12] * any(counts(w, run, v) for v in stops)
    yield from [13] * (run["state"] == "altered" or (run["practice"] and run["altered statement"]))
    if run["state"] in ("unlike", "other card") and not run["practice"]:
        yield from [13] * any("other evidence" in v["defects"] for v in run["votes"])
        yield from (found + [10] * (not result["there"])) * (run["state"] == "other card" and lock["there"])
    if run["state"] == "match":
        yield from VERDICT[run["verdict"]] + [11] * (run["created"] > w["at"] or run["claim"] < w["asked"])
    if run["state"] == "match" and not run["practice"]:
        foreign = any(v["defects"] & FOREIGN or not result["there"] for v in run["votes"])
        yield from found + [13] * (foreign or run["altered statement"] or (lock["there"] and not lock["whole"]))
    if newest:
        locked = lock["there"] and lock["author"] and lock["order"] and lock["created"] <= run["created"]
        tested = result["there"] and result["author"] and run["created"] <= result["created"] <= w["at"]
        void = any((run["marked"], lock["dependent"], lock["marked"], result["dependent"], result["marked"]))
        yield from [12] * (not (locked and tested and not void and approved(w, run)))


def approved(w, run):
    yes = [v for v in run["votes"] if v["kind"] in YES and counts(w, run, v)]
    people, said = {v["person"] for v in yes}, {(v["person"], v["role"]) for v in yes}
    seats = [role for role, n in w["roles"] for _ in range(n)]
    if w["several"]:
        filled = all(sum((p, role) in said for p in people) >= n for role, n in w["roles"])
    else:
        filled = any(all(pair in said for pair in zip(order, seats, strict=True)) for order in permutations(people, len(seats)))
    owned = people - {run["lock"]["by"], run["result"]["by"]} and any(v["accepts risk"] and w["owner"] in ("", v["role"]) for v in yes)
    given = [(v, any(n in by["sees"] for by in yes)) for n, v in enumerate(run["votes"]) if v["kind"] in YES and v["heard"]]
    held = all(holds for v, seen in (*given, *((v, True) for v in yes)) if seen or not anew(v, run) for holds in v["conditions"])
    return held and seats and all(n for _, n in w["roles"]) and filled and len(people) >= max(1, w["minimum"]) and owned


def anew(v, run):
    own = [o for o in run["votes"] if o is not v and o["heard"] and o["person"] == v["person"]]
    return any((o["role"] == v["role"] and o["time"] > v["time"]) or (o["kind"] in NO and o["time"] >= v["time"]) for o in own)


def counts(w, run, v):
    objects, advises, stops = v["kind"] in NO, v["kind"] == "advice", v["kind"] in NO or v["stance"] == "against"
    own = [o for o in run["votes"] if o["person"] == v["person"]]
    rivals = [o for o in own if o["role"] == v["role"] and (not stops or o["heard" if o["kind"] in NO else "believed"])]
    ranks = [(o["time"], WORSE(o["kind"]), WORSE(o["stance"])) for o in (v, *rivals)]
    last = ranks[0] == max(ranks)
    if objects or not last or not v["believed"]:
        return objects and last and v["heard"]
    if v["defects"] & VOID or (w["devs"] and "team" in v["defects"]) or (v["rehearsal"] and w["top"] > 0):
        return False
    if not stops and (v["defects"] & {"revoked", "suspended"} or not run["result"]["created"] <= v["time"] <= w["at"]):
        return False
    if advises or v["role"] not in dict(w["roles"]) or v["defects"] & VOID_APPROVAL or (v["role"] == w["owner"] and not v["accepts risk"]):
        return advises and v["role"] in w["advice"]
    said = {(o["role"], o["stance"]) for o in run["votes"] if o["kind"] == "advice" and counts(w, run, o)}
    heard = all((r in v["absences"] or r in dict(said)) and (r in v["departures"] or (r, "against") not in said) for r in w["advice"])
    kept = not any(o["time"] >= v["time"] and (o["kind"] in NO or "conflict" in o["defects"]) for o in own)
    return kept and heard and v["start"] <= w["at"] <= v["end"] and v["end"] - v["time"] <= w["valid days"]
