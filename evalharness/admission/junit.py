"""The gate's answer as JUnit XML: one test case for the answer and one for each code that can block."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from evalharness.admission.decision import CODES, MEANING, Decision
from evalharness.errors import shown


def junit_text(decision: Decision) -> str:
    """The case `approved` fails unless the gate answers 0; each other case fails with its reasons."""
    cases = [_case(f"approved for {decision.claim}", [] if decision.approved else [f"blocked ({decision.code})"], decision)]
    for code in CODES:
        texts = [f"{r.text} [{r.run}]" if r.run else r.text for r in decision.reasons if r.code == code]
        cases.append(_case(f"{code} {MEANING[code]}", texts, decision))
    failed = sum("<failure" in case for case in cases)
    head = f'<testsuite name="evalharness gate" tests="{len(cases)}" failures="{failed}" errors="0" skipped="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"]) + "\n"


def _case(name: str, texts: list[str], decision: Decision) -> str:
    opened = f"  <testcase classname={_attribute(f'gate.{decision.policy}.{decision.model}')} name={_attribute(name)}"
    if not texts:
        return f"{opened}/>"
    lines = "\n".join(escape(shown(text, 1000)) for text in texts)
    return f"{opened}>\n    <failure message={_attribute(texts[0])}>{lines}</failure>\n  </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(shown(text, 1000))
