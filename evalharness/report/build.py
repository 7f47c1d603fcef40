"""The whole report as text and positions."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.report.annex import annex
from evalharness.report.by_task import task_words
from evalharness.report.closing import closing
from evalharness.report.contents import arranged, contents
from evalharness.report.fitting import SHEET, Paper
from evalharness.report.page_one import page_one
from evalharness.report.policy_text import policy_text
from evalharness.report.requirement_sections import by_requirement, requirement_sections
from evalharness.report.view import View


def build_view(evidence: Evidence, paper: Paper = SHEET) -> View:
    """What every face shows. A function of the evidence and of nothing else.

    paper: on an endless one page one shortens nothing, and leaves nothing to the annex for want of room.
    """
    policy, task = policy_text(evidence), task_words(evidence)
    asked = by_requirement(evidence)
    sections = arranged((*annex(evidence, policy, task), *closing(evidence, policy, task)), task)
    return View(
        page_one=page_one(evidence, policy, task, asked, paper=paper),
        requirements=requirement_sections(evidence, policy, task, asked),
        sections=sections,
        contents=contents(sections),
        digest=evidence.digest,
        created=evidence.created,
    )
