"""The faces of a plan: a page, the same in Markdown, and every number as JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from evalharness.records import Plan, PlannedRequirement, group_as_json
from evalharness.report.html import html_page
from evalharness.report.markdown import markdown_page
from evalharness.report.planned_view import plan_view

SCHEMA = "evalharness/plan/v1"
_STYLE = """
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem 1.4rem; margin-top: .8rem; }
.curves figure { margin: 0; break-inside: avoid; } .curves figcaption { font-size: .92rem; font-weight: 600; line-height: 1.3; }
.curves figcaption span { display: block; font-weight: 400; color: var(--soft); }
.answer { margin-top: .7rem; border: 3px solid var(--ink); padding: .7rem 1rem; } .answer p + p { margin-top: .45rem; }
.believed p + p { margin-top: .45rem; } .requirement > p { margin-top: .3rem; }
.answer .first { font-size: 1.2rem; font-weight: 700; line-height: 1.35; }
"""


def plan_faces(plan: Plan) -> dict[str, bytes]:
    """File name -> bytes. The same plan gives the same bytes."""
    view = plan_view(plan)
    text = json.dumps(plan_as_json(plan), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
    return {
        "plan.html": html_page("plan.html.j2", view=view, more_style=_STYLE),
        "plan.md": markdown_page("plan.md.j2", view=view),
        "plan.json": text.encode(),
    }


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Every number of the plan, under the names of its record; null with a reason beside it."""
    shared = {
        field.name: getattr(plan, field.name)
        for field in dataclasses.fields(plan)
        if field.name not in {"requirements", "people", "exempted", "assumptions", "benchmark_digest"}
    }
    return {
        **shared,
        "schema": SCHEMA,
        "policy": {"name": plan.policy, "version": plan.version, "digest": plan.digest},
        "benchmark": {"name": plan.benchmark, "digest": plan.benchmark_digest, "split": plan.split},
        "assumptions": list(plan.assumptions),
        "exempted": [{"requirement": name, "group": group_as_json(group)} for name, group in plan.exempted],
        "requirements": [_requirement(r) for r in plan.requirements],
        **({"people": [dataclasses.asdict(p) for p in plan.people]} if plan.people else {}),
    }


def _requirement(planned: PlannedRequirement) -> dict[str, Any]:
    found = dataclasses.asdict(planned)
    found["between"], found["assumptions"] = list(planned.between), list(planned.assumptions)
    found["alternatives"] = [dataclasses.asdict(a) for a in planned.alternatives]
    found["cells"] = [{**dataclasses.asdict(c), "group": group_as_json(c.group)} for c in planned.cells]
    found["curve"] = [{"items": items, "power": power} for items, power in planned.curve]
    return found
