"""What a person reads where a traceback would stand."""

from __future__ import annotations

from evalharness.errors import shown
from evalharness.evidence.schema import FindingPart
from evalharness.evidence.store import StoredRun
from evalharness.records import group_from_json
from evalharness.report import numbers, words
from evalharness.report.briefly import more_data
from evalharness.report.by_task import TaskWords, task_words
from evalharness.report.policy_text import policy_text
from evalharness.requirements.names import finding_name

REPORT = "report.html"


def failure_text(finding: FindingPart, run: StoredRun) -> str:
    """Requirement, what was asked, what was found with its bound, n, what more data would do, and where the report is."""
    name = finding_name(finding.requirement, group_from_json(finding.group), finding.condition)
    task = task_words(run.evidence)
    lines = [
        ("asked", words.asks(finding, task, f" (here: {words.group_words(finding.group)})" if finding.group else "")),
        ("found", words.found(finding, task)),
        ("n", _size(finding, task)),
        ("outcome", _outcome(finding)),
        ("more data", _more(finding, task)),
        ("why asked", _why(finding.requirement, run)),
        ("report", str(run.folder / REPORT)),
    ]
    return _block(f"{name}: {words.MARKS[finding.outcome][1].upper()}", lines)


def unexplained_text(run: StoredRun) -> str:
    """Where the findings alone do not say why the verdict is not *met*."""
    verdict = run.evidence.verdict
    reasons = "; ".join(verdict.reasons) or "nothing was judged"
    return _block(f"verdict: {words.MARKS[verdict.outcome][1].upper()}", [("because", reasons), ("report", str(run.folder / REPORT))])


def _size(finding: FindingPart, task: TaskWords) -> str:
    text = f"{numbers.count(finding.n)} {words.denominator(finding, task)}"
    if finding.clusters == finding.n:
        return text
    return f"{text} in {numbers.count(finding.clusters)} clusters, worth {numbers.size(finding.n_eff)} independent ones"


def _outcome(finding: FindingPart) -> str:
    text = words.MARKS[finding.outcome][1]
    if finding.outcome == "not_met" and not words.failed(finding):
        text += f", {words.UNCORRECTED} of this run: with so many checks some fail by chance"
    return f"{text} ({finding.reason})" if finding.reason else text


def _more(finding: FindingPart, task: TaskWords) -> str:
    if finding.outcome == "not_met":
        return "More data of this kind would not help: the opposite bound is beyond the goal."
    return more_data(finding, task)


def _why(requirement: str, run: StoredRun) -> str:
    return next((line.why for line in policy_text(run.evidence).requirements if line.id == requirement), "")


def _block(head: str, lines: list[tuple[str, str]]) -> str:
    """Whatever policy or data say, nothing here can move the cursor or look like another line."""
    return "\n".join([shown(head, 4_000), *(f"  {label + ':':<11}{shown(text, 1_000)}" for label, text in lines if text)])
