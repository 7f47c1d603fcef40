"""Write docs/schemas/: JSON Schemas of policy, evidence, deployment, stress run, comparison, made-up reviewers and every statement.

With --check, only say what is out of date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from evalharness.admission.deployment import deployment_json_schema
from evalharness.evidence import evidence_json_schema
from evalharness.oversight.synthetic.dials import reviewers_json_schema
from evalharness.report.compared.schema import comparison_json_schema
from evalharness.report.stressed import stress_json_schema
from evalharness.requirements import policy_json_schema
from evalharness.signoff.schemas import statement_json_schemas

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def schemas() -> dict[str, dict[str, Any]]:
    """Path under docs/schemas/ -> schema."""
    statements = {f"statements/{name}.json": schema for name, schema in statement_json_schemas().items()}
    files = {
        "policy-v1.json": policy_json_schema(),
        "evidence-v1.json": evidence_json_schema(),
        "deployment-v1.json": deployment_json_schema(),
        "comparison-v1.json": comparison_json_schema(),
        "stress-v1.json": stress_json_schema(),
        "reviewers-v1.json": reviewers_json_schema(),
    }
    return {**files, **statements}


def main() -> int:
    code = 0
    for name, schema in schemas().items():
        path, text = FOLDER / name, json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(FOLDER.parents[1])} is out of date: run `make docs`", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
