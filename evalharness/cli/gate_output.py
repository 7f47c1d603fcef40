"""How the gate's answer is printed."""

from __future__ import annotations

from typing import Any

from evalharness.admission import Decision
from evalharness.admission.decision import MEANING
from evalharness.cli.output import print_text
from evalharness.errors import shown


def print_decision(decision: Decision) -> None:
    """The answer, every reason grouped by code, and what happened to each run."""
    if decision.approved:
        print_text(f"APPROVED for: {decision.claim}. Model {decision.model}, policy {decision.policy}, benchmark {decision.benchmark}.")
    else:
        print_text(f"BLOCKED ({decision.code}): model {decision.model}, policy {decision.policy}, for {decision.claim}")
    code = None
    for reason in decision.reasons:
        if reason.code != code:
            code = reason.code
            print_text(f"  {code}  {MEANING[code]}")
        print_text(f"      - {shown(reason.text, 600)}" + (f"   [{shown(reason.run)}]" if reason.run else ""))
    if decision.runs:
        print_text("  runs under this model's name:")
    for run in decision.runs:
        print_text(f"      - {shown(run.run)}: {'counts' if run.used else 'does not match, ignored'}: {shown(run.note, 400)}")


def decision_as_json(decision: Decision) -> dict[str, Any]:
    """The whole decision."""
    return {
        "exit_code": decision.code,
        "meaning": MEANING[decision.code],
        "approved": decision.approved,
        "for": decision.claim,
        "model": decision.model,
        "policy": decision.policy,
        "benchmark": decision.benchmark,
        "reasons": [{"code": r.code, "text": r.text, "run": r.run} for r in decision.reasons],
        "runs": [{"run": r.run, "used": r.used, "note": r.note} for r in decision.runs],
    }
