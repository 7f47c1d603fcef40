"""Copies that a benchmark has, against what evidence says of them: none is left out in silence, none is called something else."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.benchmarks.declaration import read_declaration
from evalharness.digests import sha256_file
from evalharness.errors import BadInput, shown
from evalharness.evidence import Evidence
from evalharness.evidence.limits import NOT_MEASURED
from evalharness.files.workspace import Workspace
from evalharness.workflows.counting_copies import UNANSWERED


def untold_copies(evidence: Evidence, place: Workspace, *, whole: bool) -> Iterator[str]:
    """What differs from the recipe in the workspace; nothing where that is not the one that the evidence names.

    whole: a kind may be missing only where `limits` says that copies, or those of this kind, were not measured; older evidence has none.
    """
    folder = place.benchmarks / evidence.benchmark.name
    try:
        if sha256_file(folder / "manifest.json") != evidence.digests.get("manifest"):
            return
        declaration = read_declaration(folder)
    except BadInput:
        return
    family = declaration.family
    known = {} if family is None else {kind.name: kind for kind in family.copies(declaration.dials)}
    told = {part.kind: part for part in evidence.tallies.copies}
    for name, part in told.items():
        kind = known.get(name)
        if kind is None or (kind.of, kind.changed) != (part.of, part.changed):
            yield f"tallies.copies: {shown(name)}: not what the committed recipe says of such copies"
    if not whole or evidence.benchmark.split != "test" or any(text.startswith(NOT_MEASURED) for text in evidence.limits):
        return
    for name in sorted(known.keys() - told.keys()):
        if UNANSWERED.format(name) not in evidence.limits:
            yield f"tallies.copies: {shown(name)}: the benchmark has such copies, and nothing says why they were not counted"
