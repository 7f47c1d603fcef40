"""`manifest.json` of a benchmark: digests of its columns, and one digest over them. Read by the gate, so no numerical library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from evalharness.digests import sha256_json
from evalharness.errors import Altered, bad_input, shown
from evalharness.files.fields import Count, Digest, Label, Name
from evalharness.files.shape import Shape
from evalharness.records import BenchmarkFacts, Task

SCHEMA = "evalharness/manifest/v1"
TRUTH_FOLDER = "truth/"
LARGEST_MANIFEST = 4 << 20
Role = Literal["id", "label", "entity", "feature", "group", "cluster", "split", "queue", "arrived", "minutes", "band", "inclusion"]
JUDGED: Mapping[str, tuple[str, ...]] = {"risk": ("band",)}
"""Task -> columns of the truth that decide whether an answer is right. All others only say what is attainable."""


class ManifestColumn(Shape):
    """One column of the content."""

    name: Label
    role: Role
    type: Annotated[str, Field(min_length=1, max_length=32)]
    """`text`, or a numpy type name."""
    digest: Digest
    """Over the values, see evalharness.benchmarks.column_digest."""


class ManifestSplit(Shape):
    """Rows of one split."""

    name: Label
    rows: Count


class ManifestValues(Shape):
    """One column of a further table, or of what is known of the items."""

    name: Label
    type: Annotated[str, Field(min_length=1, max_length=32)]
    """`text`, or a numpy type name."""
    digest: Digest


class ManifestTruth(Shape):
    """What is known of the items, stored apart from what a model receives. Part of the benchmark's digest as far as it is judged."""

    file: Literal["truth/items.parquet"]
    given: Annotated[tuple[Label, ...], Field(min_length=1)]
    """The columns on which the chances are conditional: exactly what a model receives."""
    grid: Annotated[float, Field(gt=0, lt=1)]
    """Chances are rounded to multiples of it."""
    columns: Annotated[tuple[ManifestValues, ...], Field(min_length=1)]
    """Chances, and texts such as the label before any noise."""
    within: tuple[Label, ...]
    """Attributes for whose levels the chances given also the own level are known."""

    def column(self, name: str) -> ManifestValues | None:
        """The column of that name, if there is one."""
        return next((c for c in self.columns if c.name == name), None)


class TableSplit(Shape):
    """Rows of a further table that belong to one split."""

    name: Label
    rows: Annotated[int, Field(ge=0, le=2**53)]


class ManifestTable(Shape):
    """A table beside the items."""

    name: Label
    file: Label
    """Relative to the manifest of the data; those in `truth/` say what no model may see."""
    rows: Annotated[int, Field(ge=0, le=2**53)]
    splits: tuple[TableSplit, ...] = ()
    """In stored order, for generated tables; empty where the rows of a split do not stand together."""
    columns: Annotated[tuple[ManifestValues, ...], Field(min_length=1)]

    @property
    def secret(self) -> bool:
        """Whether it says what no model may see."""
        return self.file.startswith(TRUTH_FOLDER)


class ManifestGenerator(Shape):
    """What made the data."""

    family: Name
    version: Count
    """Raised whenever the same dials and seed make other bytes."""


class Manifest(Shape):
    """The whole file. `digest` is recomputed whenever it is read."""

    schema_: Annotated[Literal["evalharness/manifest/v1"], Field(alias="schema")]
    name: Name
    version: Count
    task: Task
    levels: tuple[Label, ...] = ()
    """Rising levels of an ordinal or risk task."""
    rows: Count
    seed: Annotated[int, Field(ge=0, le=2**53)] | None
    """Null for a supplied table."""
    synthetic: bool
    declaration: Digest
    """Of benchmark.yaml as parsed (canonical JSON)."""
    splits: Annotated[tuple[ManifestSplit, ...], Field(min_length=1)]
    columns: Annotated[tuple[ManifestColumn, ...], Field(min_length=2)]
    truth: ManifestTruth | None
    generator: ManifestGenerator | None
    tables: tuple[ManifestTable, ...] = ()
    """Further tables; those that no model may see lie in truth/."""
    digest: Digest

    def column(self, name: str) -> ManifestColumn | None:
        """The column of that name, if there is one."""
        return next((c for c in self.columns if c.name == name), None)


def benchmark_digest_of_manifest(manifest: dict[str, Any]) -> str:
    """Digest of a benchmark: over schema, name, version, task, rows, declaration and the columns; where there are any also over the
    levels, over further tables that a model may see and over what is judged of the truth. Not over its other columns, splits or generator.
    """
    parts = ("schema", "name", "version", "task", "rows", "declaration", "columns")
    covered = {part: manifest[part] for part in parts}
    if manifest.get("levels"):
        covered["levels"] = manifest["levels"]
    if tables := [table for table in manifest.get("tables", ()) if not table["file"].startswith(TRUTH_FOLDER)]:
        covered["tables"] = tables
    known = (manifest.get("truth") or {}).get("columns", ())
    if judged := [column for column in known if column["name"] in JUDGED.get(manifest["task"], ())]:
        covered["truth"] = judged
    return sha256_json(covered)


def facts_of(manifest: Manifest, declaration: Mapping[str, Any]) -> BenchmarkFacts:
    """What a manifest and the benchmark.yaml that it was made from (as parsed) say. Made up is what either calls so."""
    return BenchmarkFacts(
        version=manifest.version,
        rows=manifest.rows,
        seed=manifest.seed,
        synthetic=manifest.synthetic or "generate" in declaration or declaration.get("synthetic") is True,
        sampling=str(declaration.get("sampling") or "").strip(),
        attributes=tuple(column.name for column in manifest.columns if column.role == "group"),
        clustered=any(column.role == "cluster" for column in manifest.columns),
        weighted=any(column.role == "inclusion" for column in manifest.columns),
        levels=tuple(manifest.levels),
    )


def _plain(manifest: Manifest) -> dict[str, Any]:
    """As JSON values; what only some benchmarks have is left out of the others."""
    document: dict[str, Any] = manifest.model_dump(mode="json", by_alias=True)
    return {key: value for key, value in document.items() if value or key not in {"levels", "tables"}}


def sealed(document: dict[str, Any]) -> Manifest:
    """A manifest from its parts without `digest`, which is computed."""
    return _as_manifest({**document, "digest": benchmark_digest_of_manifest(document)})


def _as_manifest(document: dict[str, Any]) -> Manifest:
    return Manifest.model_validate_json(json.dumps(document), strict=True)


def manifest_bytes(manifest: Manifest) -> bytes:
    """The file's bytes: indented JSON, keys in the order of the model."""
    return (json.dumps(_plain(manifest), indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(path: Path) -> Manifest:
    """Reads and checks a manifest.

    Raises BadInput when the file cannot be read or is no manifest, Altered when its digest is not that of its content.
    """
    return manifest_in(manifest_file(path), path)


def manifest_file(path: Path) -> bytes:
    """The bytes of a manifest, for a caller that needs their digest too. Raises BadInput when the file cannot be read."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_MANIFEST + 1)
    except OSError as error:
        raise bad_input("the manifest cannot be read", where=path, got=error.strerror or str(error)) from error
    if len(raw) > LARGEST_MANIFEST:
        raise bad_input("the manifest is too large", where=path, expected=f"at most {LARGEST_MANIFEST >> 20} MiB")
    return raw


def manifest_in(raw: bytes, path: Path) -> Manifest:
    """The manifest in the bytes of the file at `path`. Raises as `read_manifest` does."""
    document = _document(raw, path)
    try:
        manifest = _as_manifest(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise bad_input(
            "this is not a manifest of a benchmark",
            where=f"{path}: {shown(place)}" if place else path,
            got=shown(first["input"]),
            expected=first["msg"],
            hint="restore the committed file, or move it away: it is written again",
        ) from error
    recomputed = benchmark_digest_of_manifest(_plain(manifest))
    if recomputed != manifest.digest:
        raise Altered([f"{path}: the manifest's digest is {manifest.digest}, its content has {recomputed}"])
    return manifest


def _document(raw: bytes, path: Path) -> dict[str, Any]:
    try:
        document = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise bad_input("the manifest is not JSON", where=path, got=str(error), hint="restore the committed file") from error
    if not isinstance(document, dict):
        raise bad_input("the manifest is not a JSON object", where=path, hint="restore the committed file")
    return document


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
