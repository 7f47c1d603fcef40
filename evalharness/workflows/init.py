"""Make a workspace from the files that ship with the package."""

from __future__ import annotations

import shutil
from pathlib import Path

from evalharness.errors import Problems, bad_input

_STARTER = Path(__file__).parent / "starter"
_CHECKOUT = Path(__file__).parents[2]
_PATTERNS = (
    "policies/*.yaml",
    "model_cards/*.md",
    "model_cards/*.skops",
    "model_cards/*.parquet",
    "datasets_synthetic/*/benchmark.yaml",
    "datasets_synthetic/*/DATASHEET.md",
    "datasets_synthetic/*/manifest.json",
    "datasets_synthetic/*/croissant.json",
    "datasets_synthetic/*/sample/**/*.*",
    "datasets_synthetic/*/CHECKSUMS",
    "datasets_synthetic/*/reviewers.yaml",
)
_IGNORED = """\
# Generated data comes back from its recipe. Private keys never belong here.
datasets_synthetic/*/data/
*.key.pem
*.secret
sign-off/blind/
.*.tmp-*
# Runs are evidence and the gate reads them: commit those that were locked and signed. Practice runs may stay out.
"""
_HASHED = """\
# Bytes that are hashed or signed: git must never rewrite a line end in them.
policies/** -text
model_cards/** -text
datasets_synthetic/** -text
reports/** -text
sign-off/** -text
"""
_GIT = {".gitignore": _IGNORED, ".gitattributes": _HASHED}


def init_workspace(directory: Path) -> tuple[str, ...]:
    """Copies policies, model cards and benchmarks into `directory`, and makes `reports/`.

    Returns the files made, relative. Raises BadInput when a file that it would make exists already (nothing is written then).
    """
    source = _STARTER if _STARTER.is_dir() else _CHECKOUT
    names = sorted(str(path.relative_to(source)) for pattern in _PATTERNS for path in source.glob(pattern))
    if directory.exists() and not directory.is_dir():
        raise bad_input("not a folder", where="DIR", got=str(directory), expected="a folder that is empty or does not exist yet")
    problems = Problems()
    for name in names:
        if (directory / name).exists():
            problems.add("the file exists already", where=str(directory / name), hint="name another folder; nothing is overwritten")
    for name in sorted({"reports", *(parent for made in names for parent in map(str, Path(made).parents) if parent != ".")}):
        if (directory / name).exists() and not (directory / name).is_dir():
            problems.add("a file stands where a folder is needed", where=str(directory / name), hint="name another folder")
    problems.raise_if_any()
    for name in names:
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    (directory / "reports").mkdir(exist_ok=True)
    for name, text in _GIT.items():
        if not (directory / name).exists():
            (directory / name).write_text(text, encoding="utf-8")
            names.append(name)
    return tuple(names)
