"""Write docs/schemas/: JSON Schemas of the policy (for editors) and of the evidence. With --check, only say what is out of date."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evalharness.evidence import evidence_json_schema
from evalharness.requirements import policy_json_schema

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def main() -> int:
    code = 0
    for name, schema in (("policy-v1.json", policy_json_schema()), ("evidence-v1.json", evidence_json_schema())):
        path, text = FOLDER / name, json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(FOLDER.parents[1])} is out of date: run `make docs`", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
