"""Derive everything in a run again, from its own parts; on request, by running the model again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from evalharness.catalogue import came_later
from evalharness.errors import BadInput, bad_input
from evalharness.evidence import Evidence, estimates_of, findings_of, translation_of
from evalharness.evidence.certified import at_recorded_point
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.rederive import level_of, rederive
from evalharness.evidence.store import StoredRun, read_run
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.metrics import check_claim, cost_ranges, group_context, measure, prospects, translation
from evalharness.metrics.rules import TODAY, Rules, rules_of
from evalharness.records import Claim, CostRange, Estimate, Policy, Question, group_text
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.report.faces import FILE_NAMES, faces
from evalharness.requirements import expand, judge, policy_from_document
from evalharness.tally import ConfusionTally
from evalharness.workflows.clock import parse_time
from evalharness.workflows.committed import has_benchmark_of, untrue_of_benchmark, untrue_of_cards
from evalharness.workflows.decision_pages import statement_checks
from evalharness.workflows.environment import package_version
from evalharness.workflows.inputs import questions_for_ever
from evalharness.workflows.lax import untold
from evalharness.workflows.oversight.certify import certificate_differs
from evalharness.workflows.oversight.raters import raters_differ
from evalharness.workflows.oversight.team import team_follows
from evalharness.workflows.replay import Again, check_again, replayed
from evalharness.workflows.sample_verified import sample_checks
from evalharness.workflows.tallies import tally_from_evidence
from evalharness.workflows.untold_copies import untold_copies

NOTHING_MORE = Again()
_MOST = 20
_OF_BENCHMARK = "what the evidence says of the benchmark is what its committed files say"
_NO_BENCHMARK = "the benchmark of this run is not the one in this workspace: what the evidence says of it was compared with nothing"
_RULES_SINCE = date(2026, 11, 24)
"""Evidence made before may be bounded by the earliest rules; a lock ties what is signed to its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was checked, and what does not hold."""

    digest: str
    checked: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def code(self) -> int:
        """0, or 13 when anything differs."""
        return 13 if self.problems else 0


def verify_run(
    folder: Path,
    *,
    replay: bool = False,
    again: Again = NOTHING_MORE,
    workspace: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Verification:
    """Digests, schema, counts, estimates and bounds from the tallies, findings, verdict, every face; with `replay` the model's answers too.

    again: what a replay needs beside the workspace: the key of a blind export, and the logs that the run was given.
    Raises NoEvidence when there is no run, Altered when the evidence cannot be read, BadInput when a replay lacks its inputs.
    """
    place = find_workspace(workspace)
    return verify_stored(read_run(folder), replay=replay, again=again, place=place, progress=progress, notice=notice)


def verify_stored(
    run: StoredRun,
    *,
    place: Workspace,
    replay: bool = False,
    again: Again = NOTHING_MORE,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Verification:
    """As `verify_run`, for a run that was read already: nothing can change between the check and the use."""
    if replay and run.evidence.model.card is None:
        raise bad_input(
            "a run of a model without a card cannot be replayed: where the model lies is not recorded", where=run.folder,
            got=f"adapter {run.evidence.model.adapter}", hint="write a card and evaluate by it, or verify without --replay",
        )  # fmt: skip
    check_again(run, again, replay=replay)
    checks: list[tuple[str, Sequence[str]]] = [
        ("every file is the one listed in SHA256SUMS", run.problems),
        ("evidence.json is canonical and fits its schema", ()),
        ("findings, verdict and totals follow from the estimates and the policy", rederive(run.evidence)),
        (
            "estimates, bounds and what more data could show follow from the tallies",
            _without_crashing(lambda: _measured_again(run.evidence)),
        ),
        _drawn(run),
        (
            _OF_BENCHMARK if has_benchmark_of(run.evidence, place) else _NO_BENCHMARK,
            (*untrue_of_benchmark(run.evidence, place), *untold_copies(run.evidence, place, whole=_of_today(run.evidence))),
        ),
        *sample_checks(run.evidence, place),
        ("what the evidence says of models is what their cards say", untrue_of_cards(run.evidence, place)),
        *statement_checks(run, place),
    ]
    if replay:
        checks.append(("running the model again gives the same evidence", tuple(replayed(run, place, again, progress, notice))))
    problems = [problem for _, found in checks for problem in found]
    if len(problems) > _MOST:
        problems = [*problems[:_MOST], f"and {len(problems) - _MOST} more differences"]
    return Verification(digest=run.digest, checked=tuple(name for name, found in checks if not found), problems=tuple(problems))


def _measured_again(evidence: Evidence) -> Iterator[str]:
    policy = at_recorded_point(policy_from_document(evidence.policy.document, evidence.policy.digest), evidence)
    yield from certificate_differs(evidence, policy.operating_point.certify)
    try:
        tally = tally_from_evidence(evidence, policy.intersections)
    except (KeyError, ValueError) as error:
        yield f"tallies: a group or a count is missing ({error})"
        return
    created = parse_time(evidence.created).date()
    questions, _ = expand(policy, levels_of(evidence), created)
    level = level_of(evidence, policy)
    every = questions_for_ever(policy, levels_of(evidence), created)
    recorded = estimates_of(evidence)
    rules = rules_of(estimate.method for estimate in recorded)  # what is older was judged by others
    whole = _of_today(evidence)
    if whole and rules != TODAY:
        yield f"estimates: bounded by a rule that was given up on {_RULES_SINCE}, in an evidence of {created}"
    again = measure(tally, policy, level, every, rules=rules)
    known = {estimate.metric for estimate in recorded}
    expected = tuple(e for e in again if whole or e.metric in known or not came_later(tally.of, e.metric))  # older evidence may lack these
    yield from _different("estimates", recorded, expected)
    yield from _different("translation", translation_of(evidence), translation(tally, policy, level, rules))
    known_metrics = tally.of.metrics
    if any(check_claim(part.claim, recorded, known_metrics) != part.checked for part in evidence.claims):
        yield "claims: what the card claims is not checked as it is recorded"
    yield from _beside(evidence, tally, (policy, level, rules), (questions, every), whole=whole)
    if not team_follows(evidence, tally, policy, level):
        yield "oversight.team: what stands there does not follow from the tallies"
    yield from raters_differ(evidence)
    more = prospects(tally, questions, policy, level, rules=rules)
    yield from untold(evidence, policy, tally, whole=whole)
    judged, found = partial(judge, questions, again, policy=policy, claim=Claim(evidence.claim), level=level), findings_of(evidence)
    earlier = None if whole else replace(rules, by_chance=False)  # nothing recorded tells how `needed` was planned
    if found != judged(more) and (earlier is None or found != judged(prospects(tally, questions, policy, level, rules=earlier))):
        yield "findings: what the tallies give is not what is recorded"


def _beside(
    evidence: Evidence,
    tally: ConfusionTally,
    by: tuple[Policy, float, Rules],
    asked: tuple[Sequence[Question], Sequence[Question]],
    *,
    whole: bool,
) -> Iterator[str]:
    """What stands beside the estimates and follows from the same tallies; `whole`: it may not be missing, as it is from older evidence."""
    policy, level, rules = by
    context, found = group_context(tally, level, asked[1]), evidence.group_context
    if (found is not None or whole) and (None if found is None else found.record) != context:
        yield "group_context: what stands beside the gaps between groups does not follow from the tallies"
    ranges = tuple(CostRange(**part.model_dump()) for part in evidence.cost_ranges)
    if (ranges or whole) and ranges != tuple(cost_ranges(tally, asked[0], policy, level, rules)):
        yield "cost_ranges: what the tallies give is not what is recorded"


def _of_today(evidence: Evidence) -> bool:
    """Whether it was made since the rules and parts in force are."""
    return parse_time(evidence.created).date() >= _RULES_SINCE


def _without_crashing(derive: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    """The differences found, or that nothing could be derived: altered numbers must not stop the check."""
    try:
        return tuple(derive())
    except BadInput as error:
        return tuple(f"it cannot be derived again: {problem.what}" for problem in error.problems)
    except (ArithmeticError, KeyError, ValueError, TypeError, IndexError) as error:
        return (f"it cannot be derived again from what is recorded ({type(error).__name__}: {error})",)


def _different(what: str, recorded: tuple[Estimate, ...], again: tuple[Estimate, ...]) -> Iterator[str]:
    if len(recorded) != len(again):
        yield f"{what}: {len(recorded)} are recorded and the tallies give {len(again)}"
        return
    for old, new in zip(recorded, again, strict=True):
        if old != new:
            yield f"{what}: {old.metric} for {group_text(old.group)} does not follow from the tallies"


def _drawn(run: StoredRun) -> tuple[str, tuple[str, ...]]:
    """The faces, byte for byte where this version drew them. Another version draws otherwise: then SHA256SUMS carries them."""
    made_by = run.evidence.environment.get("evalharness", "unknown")
    if made_by == package_version("evalharness"):
        return "report.html, report.md and junit.xml follow from the evidence", _without_crashing(lambda: _faces(run))
    carried = f"report.html, report.md and junit.xml were drawn by version {made_by}: they are carried by SHA256SUMS, and not drawn again"
    return carried, tuple(f"{name}: missing" for name in FILE_NAMES.values() if name not in run.files)


def _faces(run: StoredRun) -> Iterator[str]:
    for name, data in faces(run.evidence).items():
        if run.files.get(name) != data:
            yield f"{name}: not what this version makes of the evidence" if name in run.files else f"{name}: missing"
