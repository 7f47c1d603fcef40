"""A benchmark in plain values, for people and for JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from evalharness.benchmarks.agreement import NOBODY, Agreement, agreement_of_raters
from evalharness.benchmarks.attainable import best_attainable
from evalharness.benchmarks.bands import HOW_TO_MEND, nothing_to_judge
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.family import Truth
from evalharness.benchmarks.generating import MANIFEST_FILE, data_folder
from evalharness.benchmarks.opened import declared, open_benchmark
from evalharness.benchmarks.stored_data import usable_manifest
from evalharness.errors import Altered
from evalharness.files.manifest import read_manifest
from evalharness.files.shape import Shape
from evalharness.records import CopyKind, SealFacts
from evalharness.records.progress import Notice, Progress, silent, unheard

_FIRST = (
    "name",
    "version",
    "title",
    "task",
    "kind",
    "synthetic",
    "data",
    "made_by",
    "rows",
    "splits",
    "not_evaluable",
    "digest",
    "committed_digest",
    "seal",
)
_LAST = ("columns", "dials", "harms", "copies", "tables", "groups", "best_attainable")
_TESTS = ("test", "shifted")
"""Splits for which the best attainable is told."""


def describe_benchmark(
    folder: Path,
    *,
    rows: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
    seal: SealFacts | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> dict[str, Any]:
    """What a benchmark is: declaration, and splits, groups, clusters and attainable results where its data is here.

    Generates nothing, and leaves data that another recipe made as it is. seal: of an opened seal, whose items are described.
    Raises BadInput as `open_benchmark` does.
    """
    declaration = declared(folder, rows=rows, seed=seed, seal=seal)
    named = {"committed_digest": _committed_digest(declaration)} if seal is None else {"seal": seal.digest}
    described = {**_declared(declaration), **named}
    data = (data_dir or data_folder(declaration)) if declaration.family is not None else None
    if data is not None and usable_manifest(declaration, data) is None:
        dials = declaration.dials
        assert dials is not None  # noqa: S101 - a recipe has dials
        where = "of another recipe, or incomplete" if data.is_dir() and any(data.iterdir()) else "not generated here"
        splits = [{"name": name, "rows": n} for name, n in dials.split_rows().items()]
        made_by = f"evalharness benchmark generate {declaration.name}"
        return _ordered({**described, "splits": splits, "data": where, "made_by": made_by})
    benchmark = open_benchmark(folder, rows=rows, seed=seed, data_dir=data_dir, seal=seal, progress=progress, notice=notice)
    if unjudged := nothing_to_judge(declaration):
        described["not_evaluable"] = f"{unjudged}; {HOW_TO_MEND}"
    return _ordered({**described, **_found(benchmark), "data": "here"})


def _ordered(described: dict[str, Any]) -> dict[str, Any]:
    """The short first, the long tables last."""
    first = {name: described[name] for name in _FIRST if name in described}
    last = {name: described[name] for name in _LAST if name in described}
    return {**first, **{name: value for name, value in described.items() if name not in {*first, *last}}, **last}


def _declared(declaration: Declaration) -> dict[str, Any]:
    columns = declaration.columns
    roles = {role: name for role, name in columns.by_role() if role not in {"feature", "group"}}
    described: dict[str, Any] = {
        "name": declaration.name,
        "version": declaration.version,
        "title": declaration.title,
        "task": declaration.task,
        "kind": "supplied table" if declaration.family is None else "generated",
        "synthetic": declaration.synthetic,
        "columns": {**roles, "features": list(columns.features), "groups": list(columns.groups)},
        **({"positive": declaration.positive} if declaration.positive else {}),
        **({"levels": list(declaration.levels)} if declaration.levels else {}),
        "declaration_digest": declaration.digest,
    }
    if declaration.family is None or declaration.dials is None:
        table = "" if declaration.table is None else declaration.table.name
        pairs = {} if declaration.pairs is None else {"pairs": declaration.pairs.name}
        return {**described, "table": table, **pairs, "sampling": declaration.sampling or "not stated: evidence is a rehearsal"}
    dials = cast(Shape, declaration.dials).model_dump(mode="json")
    harms = dials.pop("harms", {})
    copies = declaration.family.copies(declaration.dials)
    return {
        **described,
        "dials": dials,
        **({"permitted": list(declaration.permitted)} if declaration.permitted else {}),
        "harms": [_harm(name, harm) for name, harm in harms.items()],
        "implied_by_dials": declaration.family.facts(declaration.dials),
        **({"copies": {kind.name: _copy(kind) for kind in copies}} if copies else {}),
        "truth": _truth(declaration.family.truth(declaration.dials)),
        "tables": {table.name: table.about for table in declaration.family.tables(declaration.dials)},
    }


def _harm(name: str, harm: dict[str, Any]) -> dict[str, Any]:
    """One harm: whether it is on, how much, of whom, and which sizes are plausible."""
    low, high = harm["range"]
    whom = " and ".join(f"{attribute}={level}" for attribute, level in harm.get("of", {}).items())
    found: dict[str, Any] = {"harm": name, "size": harm["size"] or "off", "plausible": f"{low:g} to {high:g}"}
    return {**found, **({"of": whom} if whom else {})}


def _copy(kind: CopyKind) -> str:
    """What is changed in one kind of copy; a policy names the kind as `under`."""
    return f"{'twin for ' + ' and '.join(kind.of) + ', ' if kind.twin else ''}with {kind.changed}"


def _truth(truth: Truth) -> dict[str, Any]:
    return {
        "given": list(truth.given),
        "columns": [*truth.chances, *truth.texts],
        "rounded_to": truth.grid,
        "error": truth.error or "none: closed form",
    }


def _committed_digest(declaration: Declaration) -> str | None:
    path = declaration.folder / MANIFEST_FILE
    if not path.is_file():
        return None
    try:
        return read_manifest(path).digest
    except Altered:
        return "altered: see `evalharness benchmark verify`"


def _found(benchmark: Benchmark) -> dict[str, Any]:
    info = benchmark.info
    found: dict[str, Any] = {
        "digest": info.digest,
        "rows": info.rows,
        **({"negative": info.negative} if info.positive else {}),
        "splits": [_split(benchmark, name) for name in benchmark.splits],
        "groups": {name: _levels(benchmark, name) for name in benchmark.splits},
    }
    if benchmark.has_truth:
        found["best_attainable"] = {name: best_attainable(benchmark, name) for name in benchmark.splits if name in _TESTS}
    agreed = {name: raters for name in benchmark.splits if (raters := agreement_of_raters(benchmark, name)) is not None}
    if told := {name: _agreement(raters) for name, raters in agreed.items() if raters.reason != NOBODY}:
        found["agreement_of_raters"] = told
    return found


def _agreement(found: Agreement) -> dict[str, Any]:
    """Krippendorff's alpha of the people who labelled a split; or why there is none."""
    if found.alpha is None:
        return {"krippendorff_alpha": None, "reason": found.reason}
    return {"krippendorff_alpha": round(found.alpha, 4), "scale": found.scale, "raters": found.raters, "items": found.items}


def _split(benchmark: Benchmark, name: str) -> dict[str, Any]:
    facts, info = benchmark.facts(name), benchmark.info
    labelled = facts.labelled
    if info.positive:
        prevalence = round(facts.positives / labelled, 6) if labelled else None
        labels: dict[str, Any] = {"labelled": labelled, "positives": facts.positives, "prevalence": prevalence}
    elif info.levels:
        labels = {"labelled": labelled, **{level: facts.labels.get(level, 0) for level in info.levels}}
    else:
        labels = {}
    return {"name": name, "rows": facts.rows, **labels, "clusters": facts.clusters if info.clustered else None}


def _levels(benchmark: Benchmark, split: str) -> dict[str, dict[str, int]]:
    """Attribute -> level -> rows."""
    facts = benchmark.facts(split)
    return {attribute: {level: facts.levels[attribute][level] for level in levels} for attribute, levels in benchmark.levels(split).items()}
