"""What changed between two policies or two runs, and whether the old policy's change plan foresaw it. Runs nothing, approves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalharness.errors import Altered, BadInput, NoEvidence, bad_input, shown
from evalharness.evidence import Evidence, read_evidence
from evalharness.evidence.compare import FindingChange, compare_circumstances, compare_findings, compare_subjects
from evalharness.evidence.rederive import rederive
from evalharness.evidence.store import EVIDENCE_FILE, SUMS_FILE, read_run
from evalharness.files.names import NAME
from evalharness.files.workspace import find_workspace
from evalharness.records import AllowedChange, Policy
from evalharness.records.change import Change
from evalharness.requirements import policy_for, policy_from_document, read_policy
from evalharness.requirements.compare import agreed, compare_policies

_EXPECTED = "a run folder, an evidence.json, or a policy: a .yaml file or a name in policies/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two things compared."""

    given: str
    """As the caller named it."""
    policy: Policy
    """The policy, or the copy that the evidence carries."""
    evidence: Evidence | None
    """None for a policy file."""

    @property
    def digest(self) -> str:
        return self.policy.digest if self.evidence is None else self.evidence.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Classed:
    """A change, and the line of the old policy's plan that foresaw it."""

    change: Change
    plan: AllowedChange | None
    """None: it is outside the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that differs. Each change alone makes an approval of the old stop matching at the gate."""

    old: Side
    new: Side
    changes: tuple[Classed, ...]
    findings: tuple[FindingChange, ...]
    """Empty unless two runs were compared."""
    remarks: tuple[str, ...]
    """What differs and is no part of what is approved, and what a reader should know."""

    @property
    def inside(self) -> tuple[Classed, ...]:
        return tuple(c for c in self.changes if c.plan is not None)

    @property
    def outside(self) -> tuple[Classed, ...]:
        return tuple(c for c in self.changes if c.plan is None)

    @property
    def weaker(self) -> int:
        """How many changes ask less than before."""
        return sum(c.change.direction == "weaker" for c in self.changes)

    @property
    def summary(self) -> str:
        """The first line."""
        if self.changes:
            number = len(self.changes)
            return (
                f"{number} {'change' if number == 1 else 'changes'}: {len(self.inside)} inside the agreed plan, "
                f"{len(self.outside)} outside it; the approval is void"
            )
        runs = self.old.evidence is not None and self.new.evidence is not None
        if runs and self.old.digest != self.new.digest:
            return "no difference in what is approved, but these are two runs: an approval of one is none of the other"
        return "no difference"


def diff(old: str | Path, new: str | Path, *, workspace: Path | None = None) -> Difference:
    """Compares two policies, two runs, or a run's policy with a policy.

    old, new: a run folder, the path of an `evidence.json`, or a policy (`.yaml` path, or name in the workspace).
    Raises BadInput where either cannot be found or read, Altered where evidence is not what the harness wrote.
    """
    root = find_workspace(workspace).root
    before, after = _side(str(old), "OLD", root), _side(str(new), "NEW", root)
    _check_same_text(before.policy, after.policy)
    subjects: tuple[Change, ...] = ()
    findings: tuple[FindingChange, ...] = ()
    if before.evidence is not None and after.evidence is not None:
        subjects = compare_subjects(before.evidence, after.evidence)
        findings = compare_findings(before.evidence, after.evidence)
    changes = (*subjects, *compare_policies(before.policy, after.policy))
    plan = before.policy.change_plan
    return Difference(
        old=before,
        new=after,
        changes=tuple(Classed(change=change, plan=agreed(change, plan)) for change in changes),
        findings=findings,
        remarks=tuple(_remarks(before, after, changes, findings)),
    )


def _side(given: str, where: str, root: Path) -> Side:
    """A name of a policy in the workspace goes first, so that no folder of that name can take its place."""
    path = Path(given)
    named = NAME.fullmatch(given) and (root / "policies" / f"{given}.yaml").is_file()
    if named or path.suffix in {".yaml", ".yml"}:
        return Side(given=given, policy=read_policy(policy_for(given, root)), evidence=None)
    if not given or not _may_be_run(path):
        raise bad_input("there is nothing to compare", where=where, got=given, expected=_EXPECTED)
    try:
        evidence, problems = _evidence(path)
        problems = (*problems, *rederive(evidence))
    except NoEvidence as error:
        raise bad_input("there is no run", where=where, got=str(error), expected=_EXPECTED) from error
    except Altered as error:
        problems = error.reasons
    if problems:
        raise Altered([f"{where} {shown(given, 400)}: {problem}" for problem in problems])
    return Side(given=given, policy=_embedded(evidence), evidence=evidence)


def _may_be_run(path: Path) -> bool:
    """A file, or a folder with any trace of a run: a run that lost its evidence is an altered one."""
    return path.is_file() or any((path / name).exists() for name in (EVIDENCE_FILE, SUMS_FILE))


def _evidence(path: Path) -> tuple[Evidence, tuple[str, ...]]:
    if path.is_dir():
        run = read_run(path)
        return run.evidence, run.problems
    return read_evidence(path), ()


def _embedded(evidence: Evidence) -> Policy:
    try:
        return policy_from_document(evidence.policy.document, evidence.policy.digest)
    except BadInput as error:  # rederive has told it already; kept for a version that reads less than it wrote
        raise Altered([str(problem) for problem in error.problems]) from error


def _check_same_text(old: Policy, new: Policy) -> None:
    if old.digest == new.digest and old.document != new.document:
        raise Altered([f"both name the policy file {old.digest} and say different things: one of the two is not what the harness wrote"])


def _remarks(old: Side, new: Side, changes: tuple[Change, ...], findings: tuple[FindingChange, ...]) -> Iterator[str]:
    if (old.evidence is None) != (new.evidence is None):
        run, file = (old, new) if new.evidence is None else (new, old)
        yield f"only policies were compared: the one that {shown(run.given, 200)} was judged by, and {shown(file.given, 200)}"
    rewritten = any(change.part not in ("model", "version") for change in changes) and old.policy.digest != new.policy.digest
    if rewritten and (old.policy.name, old.policy.version) == (new.policy.name, new.policy.version):
        yield f"both texts of the policy call themselves version {new.policy.version}: give the new one a new number"
    if not old.policy.change_plan and changes:
        yield "the old policy agreed no change beforehand (it has no change_plan)"
    if old.evidence is not None and new.evidence is not None:
        if findings and not changes:
            yield "findings differ although nothing that is approved does: exemptions that ran out, or another attempt's level, do that"
        yield from compare_circumstances(old.evidence, new.evidence)
