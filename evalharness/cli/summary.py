"""How an evaluation is summed up in the terminal."""

from __future__ import annotations

from typing import Any

from evalharness.cli.output import MARKS, outcome_text, print_table, print_text
from evalharness.errors import shown
from evalharness.records import Finding, Outcome, group_text
from evalharness.report.words import sure
from evalharness.requirements.bounds import IF_ALIKE
from evalharness.workflows.evaluate import Run

_MOST = 12
_GOAL = {"at_least": "≥", "at_most": "≤", "max_difference": "gap ≤", "min_ratio": "ratio ≥", "equals": "=", "margin": "lost ≤"}


def print_run(run: Run) -> None:
    """Verdict, the requirements that decide it, what stands, and where the report lies."""
    document = run.evidence
    model, policy, benchmark = document["model"]["name"], document["policy"]["name"], document["benchmark"]
    print_text(f"{model} on {benchmark['name']} ({benchmark['rows_judged']} rows judged) against policy {policy}")
    print_text(f"Verdict: {MARKS[run.verdict.outcome].upper()}   Claim: {document['claim'].upper()}")
    if bad := document["policy"]["document"].get("example_of_bad_policy"):
        print_text(f"! This policy is an example of a bad policy; meeting it means nothing: {shown(bad, 300)}")
    deciding = [f for f in run.findings if f.outcome is not Outcome.MET]
    shown_first = sorted(deciding, key=lambda f: tuple(Outcome).index(f.outcome))[:_MOST] or _closest(run.findings)
    title = "Findings that decide" if deciding else "All requirements are met; the closest finding of each"
    print_table(
        ("requirement", "outcome", "asked", "measured", f"{sure(run.findings[0].level)} of", "n"),
        [_row(f) for f in shown_first],
        title,
    )
    for finding in shown_first:
        if IF_ALIKE in finding.reason:
            print_text(f"{MARKS[finding.outcome][0]} {_name(finding)}: {shown(finding.reason, 400)}")
    if len(deciding) > _MOST:
        print_text(f"… and {len(deciding) - _MOST} more; all are in the report")
    counts = {outcome: sum(f.outcome is outcome for f in run.findings) for outcome in Outcome}
    print_text("Findings: " + ", ".join(f"{number} {outcome.value.replace('_', ' ')}" for outcome, number in counts.items() if number))
    for notice in document["notices"]:
        print_text(f"! {notice['text']}")
    _print_lock(run)
    print_text(f"Report:   {run.folder / 'report.html'}")
    print_text(f"Evidence: {run.digest}")


def _print_lock(run: Run) -> None:
    attempt = run.attempt
    if attempt is None and run.evidence["predictions"].get("blind") is not None:
        print_text("Run through a blind key: it serves to choose and can never be signed. For that, lock the model itself and run it here.")
        return
    if attempt is None:
        print_text("Practice run: nothing was locked before it, so it can never be signed. To be signed: evalharness lock, then evaluate.")
        return
    print_text(f"Run under the lock {attempt.lock}: attempt {attempt.number} of {shown(attempt.campaign)},")
    print_text(f"    judged at {attempt.level * 100:.8g} % certainty. The test result is signed: {run.folder / 'statements'}")


def _closest(findings: tuple[Finding, ...]) -> list[Finding]:
    """Of each requirement, the finding whose deciding bound is nearest to the goal."""
    found: dict[str, Finding] = {}
    for finding in sorted(findings, key=_margin):
        found.setdefault(finding.requirement, finding)
    return [found[name] for name in dict.fromkeys(f.requirement for f in findings)]


def _margin(finding: Finding) -> float:
    bound = finding.lower if finding.comparison in ("at_least", "min_ratio") else finding.upper
    return abs(finding.bound - bound) if bound is not None else 0.0


def _name(finding: Finding) -> str:
    return finding.requirement + (f"[{group_text(finding.group)}]" if finding.group else "")


def _row(finding: Finding) -> tuple[Any, ...]:
    name = _name(finding)
    if finding.pair:
        name += f" ({group_text(finding.pair[0])} against {group_text(finding.pair[1])})"
    ends = [f"≥ {finding.lower:.4g}" if finding.lower is not None else "", f"≤ {finding.upper:.4g}" if finding.upper is not None else ""]
    measured = "–" if finding.value is None else f"{finding.value:.4g}"
    return (
        name,
        outcome_text(finding.outcome.value),
        f"{_GOAL[finding.comparison]} {finding.bound:g}",
        measured,
        ", ".join(filter(None, ends)),
        finding.n,
    )


def run_as_json(run: Run) -> dict[str, Any]:
    """What a script needs to know of a run."""
    return {
        "run": str(run.folder),
        "digest": run.digest,
        "claim": run.evidence["claim"],
        "lock": run.evidence.get("lock"),
        "verdict": run.evidence["verdict"],
        "findings": run.evidence["findings"],
    }
