"""Trains the reference models of the shipped benchmarks and writes their artefacts and the digests in their cards.

    python scripts/train_reference_models.py [--check] [BENCHMARK ...]

Same dials, same seed, same model: coefficients are rounded, archives carry no dates and no memory addresses.
`--check` trains again and compares with what is committed; it exits with 1 when they differ.
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.digests import sha256_bytes
from evalharness.files.atomic import write_bytes

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "scripts" / "reference_models"
"""A module for each benchmark, with `MODELS` (names) and `artifact(benchmark, model)`: the bytes of the file that the card names."""
BENCHMARKS = tuple(sorted(path.stem.replace("_", "-") for path in MODULES.glob("[a-z]*_*.py")))


def main() -> int:
    """Trains the models of the benchmarks named, or of all."""
    parser = argparse.ArgumentParser(description="Train the reference models of the shipped benchmarks.")
    parser.add_argument("benchmarks", nargs="*", metavar="BENCHMARK", help=f"some of: {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--check", action="store_true", help="compare with the committed artefacts and write nothing")
    asked = parser.parse_args()
    if unknown := set(asked.benchmarks) - set(BENCHMARKS):
        parser.error(f"no reference models for {', '.join(sorted(unknown))}")
    differing = [name for benchmark in asked.benchmarks or BENCHMARKS for name in _make_all(benchmark, asked.check)]
    for name in differing:
        print(f"{name}: the committed artefact is another one")
    return 1 if differing else 0


def _make_all(name: str, check: bool) -> list[str]:
    """The models whose committed artefact is another one (with `check`)."""
    module = import_module(f"reference_models.{name.replace('-', '_')}")
    benchmark = open_benchmark(ROOT / "datasets_synthetic" / name, notice=print)
    return [model for model in module.MODELS if not _make(module, benchmark, model, check)]


def _make(module: ModuleType, benchmark: Benchmark, model: str, check: bool) -> bool:
    """Whether, with `check`, the committed artefact is the one that training gives."""
    data: bytes = module.artifact(benchmark, model)
    card = ROOT / "model_cards" / f"{model}.md"
    path = card.parent / _artifact_of(card)
    if check:
        return path.is_file() and path.read_bytes() == data
    write_bytes(path, data)
    _state_digest(card, sha256_bytes(data))
    print(f"{model}: {len(data)} bytes, {sha256_bytes(data)}")
    return True


def _artifact_of(card: Path) -> str:
    found = re.search(r"(?m)^  artifact: (\S+)$", card.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"{card}: expected a line '  artifact: FILE'")
    return found[1]


def _state_digest(card: Path, digest: str) -> None:
    text, found = re.subn(r"(?m)^(  sha256: )\S+$", rf"\g<1>{digest}", card.read_text(encoding="utf-8"))
    if found != 1:
        raise SystemExit(f"{card}: expected one line '  sha256: …', found {found}")
    write_bytes(card, text.encode())


if __name__ == "__main__":
    sys.exit(main())
