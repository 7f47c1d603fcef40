"""`evalharness diff`: how a difference is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json, print_text
from evalharness.errors import shown

if TYPE_CHECKING:
    from evalharness.evidence.compare import FindingChange
    from evalharness.evidence.schema import FindingPart
    from evalharness.workflows.diff import Classed, Difference, Side

_MOST = 20
_VOID = "Each of these alone makes an approval of OLD stop matching at the gate; the plan only says how to test again."
_HELP = "a run folder, an evidence.json, or a policy: a .yaml file or a name in policies/."


@mapped
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=f"What was approved: {_HELP}")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What is to be used instead: likewise.")],
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Say in words what changed between two policies or two runs, and whether the old policy's change plan foresaw it.

    Exit 0 whatever differs; 13 when evidence was altered.
    """
    from evalharness.workflows.diff import diff as workflow  # noqa: PLC0415

    difference = workflow(old, new, workspace=workspace)
    if json_output:
        print_json(difference_as_json(difference))
    else:
        print_difference(difference)


def print_difference(difference: Difference) -> None:
    """The summary, then what is outside the plan, what is inside it, what was found, and what else differs."""
    print_text(difference.summary)
    for label, side in (("OLD", difference.old), ("NEW", difference.new)):
        print_text(f"  {label}  {_side_words(side)}")
    if difference.changes:
        print_text(_VOID)
    if difference.weaker:
        print_text(f"! Asking less than before, and marked WEAKER: {difference.weaker}")
    _print_changes("Outside the plan: voids the approval and needs a new decision", difference.outside)
    _print_changes("Inside the plan: voids the approval too, and how to test again was agreed beforehand", difference.inside)
    _print_findings(difference)
    if difference.remarks:
        print_text("Also")
    for remark in difference.remarks:
        print_text(f"  - {shown(remark, 900)}")


def difference_as_json(difference: Difference) -> dict[str, Any]:
    """The whole difference."""
    return {
        "summary": difference.summary,
        "approval_void": bool(difference.changes),
        "old": _side_as_json(difference.old),
        "new": _side_as_json(difference.new),
        "changes": [_change_as_json(c) for c in difference.changes],
        "inside_plan": len(difference.inside),
        "outside_plan": len(difference.outside),
        "weaker": difference.weaker,
        "verdict": _verdicts(difference),
        "findings": [_finding_as_json(f) for f in difference.findings],
        "remarks": list(difference.remarks),
    }


def _print_changes(title: str, changes: tuple[Classed, ...]) -> None:
    if changes:
        print_text(title)
    for classed in changes:
        print_text(f"  - {'WEAKER: ' if classed.change.direction == 'weaker' else ''}{shown(classed.change.text, 1_200)}")
        if classed.plan is not None:
            print_text(f"      agreed beforehand: re-test by: {shown(classed.plan.retest, 600)}")


def _print_findings(difference: Difference) -> None:
    if (verdicts := _verdicts(difference)) is None:
        return
    from evalharness.report.words import MARKS  # noqa: PLC0415

    before, after = (MARKS[verdicts[key]][1] for key in ("old", "new"))
    print_text("What was found")
    print_text(f"  - verdict: {before} → {after}" if before != after else f"  - verdict: {after}, as before")
    changed = [f for f in difference.findings if f.outcome_changed]
    for finding in changed[:_MOST]:
        print_text(f"  - {'WORSE: ' if finding.worse else ''}{shown(finding.name, 600)}: {_finding_words(finding)}")
    if len(changed) > _MOST:
        print_text(f"  … and {len(changed) - _MOST} more outcomes that changed; --json has all")
    if rest := len(difference.findings) - len(changed):
        print_text(f"  - same outcome with other figures: {rest}; --json has all")


def _finding_words(finding: FindingChange) -> str:
    if finding.before is None:
        return f"not judged before → {_outcome_words(finding.after)}"
    if finding.after is None:
        return f"{_outcome_words(finding.before)} → no longer judged"
    return f"{_outcome_words(finding.before)} → {_outcome_words(finding.after)}"


def _outcome_words(part: FindingPart | None) -> str:
    """`met (at least 93.1 %, asked 90 %; n 1,020)`."""
    from evalharness.report import numbers, words  # noqa: PLC0415

    assert part is not None  # noqa: S101 - one side of a change is always there
    return f"{words.MARKS[part.outcome][1]} ({words.bound_words(part)}, asked {words.goal(part)}; n {numbers.count(part.n)})"


def _verdicts(difference: Difference) -> dict[str, str] | None:
    old, new = difference.old.evidence, difference.new.evidence
    return None if old is None or new is None else {"old": old.verdict.outcome, "new": new.verdict.outcome}


def _side_words(side: Side) -> str:
    policy = f"policy {side.policy.name} version {side.policy.version}"
    if side.evidence is None:
        return f"{policy} ({side.digest})"
    return f"{side.evidence.model.name} on {side.evidence.benchmark.name} against {policy} (evidence {side.digest})"


def _side_as_json(side: Side) -> dict[str, Any]:
    return {
        "given": side.given,
        "kind": "policy" if side.evidence is None else "run",
        "digest": side.digest,
        "policy": {"name": side.policy.name, "version": side.policy.version, "digest": side.policy.digest},
    }


def _change_as_json(classed: Classed) -> dict[str, Any]:
    change, plan = classed.change, classed.plan
    return {
        "part": change.part,
        "text": change.text,
        "direction": change.direction,
        "plan": None if plan is None else {"what": plan.what, "name": plan.name, "retest": plan.retest, "why": plan.why},
    }


def _finding_as_json(finding: FindingChange) -> dict[str, Any]:
    return {
        "finding": finding.name,
        "worse": finding.worse,
        "old": None if finding.before is None else finding.before.model_dump(mode="json"),
        "new": None if finding.after is None else finding.after.model_dump(mode="json"),
    }
