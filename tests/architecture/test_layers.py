"""The import contracts of pyproject.toml hold, and the picture of the layers in the documentation is theirs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def contracts() -> dict[str, dict[str, object]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in document["tool"]["importlinter"]["contracts"]}


def test_every_import_contract_is_kept():
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts())} kept, 0 broken" in done.stdout


def test_every_part_of_the_trust_core_is_under_the_trust_contract():
    named = {str(name).removeprefix("evalharness.") for name in contracts()["trust-core"]["source_modules"]}  # type: ignore[attr-defined]
    ground = {"errors", "records", "digests", "files", "cards", "catalogue"}
    assert named == ground | {"requirements", "evidence", "report", "signoff", "admission"}


def test_every_concrete_adapter_is_protected():
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    concrete = {target.split(":")[0] for target in document["project"]["entry-points"]["evalharness.adapters"].values()}
    assert set(contracts()["adapters-through-entry-points"]["protected_modules"]) == concrete  # type: ignore[call-overload]


def test_the_documented_layers_are_the_contract_s():
    contract = [layer.strip(" ()") for line in contracts()["flow"]["layers"] for layer in str(line).split("|")]  # type: ignore[attr-defined]
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.split("<!-- layers -->")[1]
    assert re.findall(r"^\| `([a-z_]+)`", table, re.MULTILINE) == contract
    picture = (ROOT / "docs/images/layers.svg").read_text(encoding="utf-8")
    built = [name for name in contract if (ROOT / "evalharness" / name).is_dir() or (ROOT / "evalharness" / f"{name}.py").is_file()]
    assert re.findall(r'class="layer"[^>]*>([a-z_]+)<', picture) == built
