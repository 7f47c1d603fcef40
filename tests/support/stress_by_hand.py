"""A stress run written by hand: two requirements, three dials, three settings. Texts of strangers have markup in them."""

from __future__ import annotations

from evalharness.records import Outcome
from evalharness.records.stress import (
    Stress,
    StressDial,
    StressFinding,
    StressRequirement,
    StressRun,
    StressSetting,
    Tip,
    Tipping,
)

MET, LOST, FAILED, NOTHING = Outcome.MET, Outcome.NOT_DEMONSTRATED, Outcome.NOT_MET, Outcome.NOT_EVALUABLE
DIGEST = "sha256:" + "0" * 64
DIALS = (
    StressDial(name="missing", of=(("race", "<b>|x"),), low=0.0, high=0.8, own=0.1),
    StressDial(name="prevalence_shift", of=(), low=-0.8, high=1.0, own=0.0, prevalence=0.05),
    StressDial(name="proxy", of=(("sex", "F"),), low=0.0, high=0.5, own=0.0),
)


def finding(requirement: str, outcome: Outcome, decides: float | None, group: tuple[tuple[str, str], ...] = ()) -> StressFinding:
    goal = 0.9 if requirement == "found" else 0.2
    margin = None if decides is None else decides - goal if requirement == "found" else goal - decides
    return StressFinding(
        requirement=requirement, outcome=outcome, group=group, value=decides, decides=decides, margin=margin, n=100, findings=2, met=1,
        reason="<i>why</i>" if outcome is not MET else "",
    )  # fmt: skip


def run(name: str, found: StressFinding, alarms: StressFinding, *, counts: str = DIGEST, **sizes: float) -> StressRun:
    own = {"missing": 0.1, "prevalence_shift": 0.0, "proxy": 0.0} | sizes
    setting = StressSetting(name=name, sizes=tuple(sorted(own.items())), seed=7)
    worst = min((found.outcome, alarms.outcome), key=tuple(Outcome).index)
    return StressRun(setting=setting, items=2_000, counts=counts, outcome=worst, findings=(found, alarms))


def hold(name: str, **sizes: float) -> StressRun:
    return run(name, finding("found", MET, 0.95), finding("alarms", MET, 0.1), **sizes)


OWN = hold("own")
DESIGN = (
    hold("setting-0001", missing=0.2, prevalence_shift=0.3, proxy=0.4),
    run("setting-0002", finding("found", FAILED, 0.61), finding("alarms", MET, 0.199), missing=0.7, prevalence_shift=-0.7, proxy=0.1),
    run("setting-0003", finding("found", NOTHING, None, DIALS[0].of), finding("alarms", MET, 0.15), missing=0.5, prevalence_shift=0.9),
)
ALONE = (
    hold("missing=0", missing=0.0),
    run("missing=0.8", finding("found", LOST, 0.88), finding("alarms", MET, 0.11), counts="sha256:" + "1" * 64, missing=0.8),
    run("prevalence_shift=-0.8", finding("found", FAILED, 0.7), finding("alarms", MET, 0.1), prevalence_shift=-0.8),
    hold("prevalence_shift=1", prevalence_shift=1.0),
    hold("proxy=0.5", proxy=0.5),
)
HELD = "no tipping point in the range: it is met at every size tried"
TIPPING = (
    Tipping(requirement="found", dial="missing", tips=(Tip(rising=True, last_met=0.6, first_not=0.65, outcome=LOST),)),
    Tipping(requirement="found", dial="prevalence_shift", tips=(Tip(rising=False, last_met=-0.62, first_not=-0.64, outcome=FAILED),)),
    Tipping(requirement="found", dial="proxy", tips=(), reason="the dial changes nothing that is counted here"),
    *(Tipping(requirement="alarms", dial=dial.name, tips=(), reason=HELD) for dial in DIALS),
)


def requirement(name: str, number: int, outcomes: tuple[int, int, int, int], worst: str) -> StressRequirement:
    runs = {run.setting.name: run for run in (OWN, *DESIGN)}
    return StressRequirement(
        id=name,
        metric="recall" if name == "found" else "false_positive_rate",
        comparison="at_least" if name == "found" else "at_most",
        bound=0.9 if name == "found" else 0.2,
        unit="",
        for_each=(("race",),) if name == "found" else (),
        between=(),
        own=OWN.findings[number],
        outcomes=tuple(zip(Outcome, outcomes, strict=True)),
        worst_setting=worst,
        worst=runs[worst].findings[number],
        over_range=runs[worst].findings[number].outcome,
    )


STRESS = Stress(
    key=DIGEST,
    created="2026-11-22T09:30:00Z",
    policy="small",
    policy_title="Small <script>",
    policy_version=1,
    policy_digest=DIGEST,
    model="m",
    model_digest=DIGEST,
    benchmark="b",
    benchmark_title="t",
    recipe_digest=DIGEST,
    family="message-triage 1",
    task="binary",
    split="test",
    seed=1,
    confidence=0.95,
    items=2_000,
    sampler="sampler",
    method="method",
    dials=DIALS,
    fixed=("drift",),
    own=OWN,
    design=DESIGN,
    alone=ALONE,
    requirements=(requirement("found", 0, (1, 1, 0, 1), "setting-0002"), requirement("alarms", 1, (0, 0, 0, 3), "setting-0002")),
    tipping=TIPPING,
    inert=("proxy",),
    verdicts=((FAILED, 1), (NOTHING, 1), (LOST, 0), (MET, 1)),
    outcome=FAILED,
    worst_setting="setting-0002",
    exempted=(("found", (("race", "Z"),)),),
)
