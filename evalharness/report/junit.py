"""JUnit XML for CI: a suite for the policy, a case for each finding, only *met* passes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from evalharness.evidence import Evidence
from evalharness.evidence.schema import FindingPart
from evalharness.evidence.second_pair import Narrower
from evalharness.records import group_from_json
from evalharness.report import words
from evalharness.report.briefly import more_data
from evalharness.report.by_size import why_open
from evalharness.report.by_task import TaskWords, task_words
from evalharness.report.standing import standing
from evalharness.requirements.names import finding_name

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u0084\u0086-\u009f\ufdd0-\ufdef]")
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def render_junit(evidence: Evidence) -> bytes:
    """The findings as JUnit XML 1.0, UTF-8. A verdict that is not met, or nothing judged, never looks like a pass."""
    failures = sum(f.outcome != "met" for f in evidence.findings)
    unexplained = not failures and (not evidence.findings or evidence.verdict.outcome != "met")
    tests = len(evidence.findings) + int(unexplained)
    counts = {"tests": str(tests), "failures": str(failures), "errors": str(int(unexplained)), "skipped": "0"}
    root = ET.Element("testsuites", {"name": "evalharness", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": clean(evidence.policy.name), "timestamp": evidence.created[:-1], **counts})
    _properties(suite, evidence)
    task, narrower = task_words(evidence), Narrower(evidence)
    for finding in evidence.findings:
        _case(suite, finding, evidence, task=task, why=why_open(finding, narrower.of(finding), task))
    if unexplained:
        case = ET.SubElement(suite, "testcase", {"name": "verdict", "classname": clean(evidence.policy.name), "time": "0"})
        message = "; ".join(evidence.verdict.reasons) or "nothing was judged"
        ET.SubElement(case, "error", {"type": evidence.verdict.outcome, "message": clean(message)})
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def clean(text: str) -> str:
    """`text` as XML 1.0 can carry it: control, format and bidirectional characters written out as escapes."""
    return _HIDDEN.sub(_escaped, _NOT_XML.sub(_escaped, text))


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "backslashreplace").decode("ascii")


def _properties(suite: ET.Element, evidence: Evidence) -> None:
    values = {
        "verdict": evidence.verdict.outcome,
        "claim": evidence.claim,
        "model": evidence.model.name,
        "model.digest": evidence.model.digest,
        "benchmark": evidence.benchmark.name,
        "benchmark.digest": evidence.benchmark.digest,
        "policy": evidence.policy.name,
        "policy.digest": evidence.policy.digest,
        "evidence.digest": evidence.digest,
    }
    if evidence.lock is None:
        values["lock"] = "none: a practice run"
    else:
        lock = evidence.lock
        values |= {"lock": lock.digest, "campaign": lock.campaign, "attempt": str(lock.attempt), "level": f"{lock.level:.10g}"}
    unsigned = standing(evidence)
    if unsigned is not None:
        values["signing"] = unsigned.banner
    properties = ET.SubElement(suite, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", {"name": name, "value": clean(value)})
    for cell in evidence.not_judged:
        value = f"{words.group_words(cell.group)}, until {cell.until}: {cell.why}"
        ET.SubElement(properties, "property", {"name": clean(f"not_judged.{cell.requirement}"), "value": clean(value)})


def _case(suite: ET.Element, finding: FindingPart, evidence: Evidence, *, task: TaskWords, why: str) -> None:
    name = finding_name(finding.requirement, group_from_json(finding.group), finding.condition)
    case = ET.SubElement(suite, "testcase", {"name": clean(name), "classname": clean(evidence.policy.name), "time": "0"})
    if finding.outcome != "met":
        parts = words.asks(finding, task), words.found(finding, task), why, more_data(finding, task)
        text = " ".join(part for part in parts if part)
        failure = ET.SubElement(case, "failure", {"type": finding.outcome, "message": clean(f"{words.MARKS[finding.outcome][1]}: {text}")})
        failure.text = clean(f"{finding.reason or text} (n={finding.n}, clusters={finding.clusters}, method: {finding.method})")
