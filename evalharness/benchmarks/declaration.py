"""benchmark.yaml: a recipe with dials, or a supplied table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families import FAMILIES, Family
from evalharness.benchmarks.families.family import Dials
from evalharness.digests import sha256_json
from evalharness.errors import BadInput, Problems, bad_input
from evalharness.files.fields import Count, Label, Name, Text
from evalharness.files.names import resolve_inside
from evalharness.files.shape import Shape, check, suggestion
from evalharness.files.yaml import YamlDocument, examine_yaml, read_bytes

FILE_NAME = "benchmark.yaml"
TEST = "test"
"""The split of all rows of a table without a split column."""


class TableColumns(Shape):
    """Roles of a supplied table's columns."""

    id: Label
    label: Label
    features: tuple[Label, ...] = ()
    groups: tuple[Label, ...] = ()
    cluster: Label | None = None
    split: Label | None = None


class _File(Shape):
    schema_: Annotated[Literal["evalharness/benchmark/v1"], Field(alias="schema")]
    name: Name
    version: Count
    task: Literal["binary"]
    title: Text | None = None


class RecipeFile(_File):
    """`generate:` is checked apart, against the family it names."""

    generate: dict[str, Any]


class TableFile(_File):
    """A table that the organisation labelled, or any other that it has."""

    table: Label
    columns: TableColumns
    positive: Label
    sampling: Text | None = None
    """How the items were drawn; without it evidence is a rehearsal."""
    synthetic: bool = False
    contains_content: bool = False
    score_range: Literal["unit", "any"] = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A checked benchmark.yaml."""

    path: Path
    digest: str
    """Of the parsed file (canonical JSON)."""
    name: str
    version: int
    task: str
    title: str
    columns: Columns
    positive: str
    table: Path | None
    """The supplied table; null for a recipe."""
    family: Family | None
    """Null for a supplied table."""
    dials: Dials | None
    sampling: str = ""
    synthetic: bool = True
    contains_content: bool = False
    score_range: str = "unit"

    @property
    def folder(self) -> Path:
        """Where benchmark.yaml lies."""
        return self.path.parent


def read_declaration(folder: Path) -> Declaration:
    """Reads `folder`/benchmark.yaml. Raises BadInput with every problem found, placed `file:line:col`."""
    path = folder / FILE_NAME
    problems = Problems()
    document = examine_yaml(read_bytes(path), str(path), problems)
    kinds = [key for key in ("generate", "table") if isinstance(document.data, dict) and key in document.data]
    if len(kinds) != 1:
        problems.add(
            "a benchmark is either generated or a supplied table",
            where=document.where(),
            got="both" if kinds else "neither 'generate' nor 'table'",
            expected="'generate:' with a family and its dials, or 'table:' with the name of a file",
        )
        problems.raise_if_any()
    declaration = _recipe(path, document, problems) if kinds == ["generate"] else _table(path, document, problems)
    problems.raise_if_any()
    assert declaration is not None  # noqa: S101 - without a problem there is a declaration
    return declaration


def _recipe(path: Path, document: YamlDocument, problems: Problems) -> Declaration | None:
    file = check(document, RecipeFile, problems)
    family = _family(document, problems)
    if family is None:
        return None
    dials = cast("Dials | None", check(document, family.dials, problems, at=("generate",)))
    if dials is not None:
        for at, fault in dials.faults():
            problems.add(fault, where=document.where(("generate", *at)), hint="change one of the dials")
    if file is None or dials is None or problems:
        return None
    return Declaration(
        path=path,
        digest=sha256_json(document.data),
        name=file.name,
        version=file.version,
        task=file.task,
        title=file.title or "",
        columns=family.columns(dials),
        positive=family.positive,
        table=None,
        family=family,
        dials=dials,
    )


def _family(document: YamlDocument, problems: Problems) -> Family | None:
    generate = document.data["generate"]
    if not isinstance(generate, dict):
        return None  # reported by the shape of the file
    name = generate.get("family")
    if isinstance(name, str) and name in FAMILIES:
        return FAMILIES[name]
    known = ", ".join(sorted(FAMILIES))
    where = document.where(("generate", "family") if "family" in generate else ("generate",))
    what = "there is no such family of benchmarks" if "family" in generate else "the key 'family' is missing"
    problems.add(what, where=where, got=str(name or ""), expected=known, hint=suggestion(str(name), FAMILIES))
    return None


def _table(path: Path, document: YamlDocument, problems: Problems) -> Declaration | None:
    file = check(document, TableFile, problems)
    if file is None:
        return None
    _check_roles(document, file.columns, problems)
    table = _table_path(path, document, file.table, problems)
    if problems or table is None:
        return None
    columns = file.columns
    return Declaration(
        path=path,
        digest=sha256_json(document.data),
        name=file.name,
        version=file.version,
        task=file.task,
        title=file.title or "",
        columns=Columns(
            id=columns.id,
            label=columns.label,
            features=columns.features,
            groups=columns.groups,
            cluster=columns.cluster,
            split=columns.split,
        ),
        positive=file.positive,
        table=table,
        family=None,
        dials=None,
        sampling=file.sampling or "",
        synthetic=file.synthetic,
        contains_content=file.contains_content,
        score_range=file.score_range,
    )


def _table_path(path: Path, document: YamlDocument, name: str, problems: Problems) -> Path | None:
    where = document.where(("table",))
    if Path(name).suffix not in {".csv", ".parquet"}:
        problems.add("the table is of an unknown kind", where=where, got=name, expected="a file that ends in .csv or .parquet")
        return None
    try:
        table = resolve_inside(path.parent, name, where)
    except BadInput as error:
        problems.extend(error)
        return None
    if not table.is_file():
        problems.add("the table does not exist", where=where, got=name, expected=f"a file beside {FILE_NAME}")
        return None
    return table


def _check_roles(document: YamlDocument, columns: TableColumns, problems: Problems) -> None:
    """A column has one role; only a group may also be a feature. Each is named once."""
    for role in ("features", "groups"):
        names = getattr(columns, role)
        for i, name in enumerate(names):
            if name in names[:i]:
                problems.add(f"the column '{name}' is named twice", where=document.where(("columns", role, i)), hint="name it once")
    taken: dict[str, str] = {}
    for role in ("id", "label", "cluster", "split"):
        name = getattr(columns, role)
        if name is not None and name in taken:
            problems.add(f"the column '{name}' has two roles", where=document.where(("columns", role)), got=f"{taken[name]} and {role}")
        elif name is not None:
            taken[name] = role
    for role in ("features", "groups"):
        for i, name in enumerate(getattr(columns, role)):
            if name in taken:
                hint = "a model must not receive it" if role == "features" else ""
                got = f"{taken[name]} and {role}"
                problems.add(f"the column '{name}' has two roles", where=document.where(("columns", role, i)), got=got, hint=hint)


def with_overrides(declaration: Declaration, *, rows: int | None, seed: int | None) -> Declaration:
    """The recipe at another number of rows or another seed. Raises BadInput for a supplied table and for numbers out of range."""
    if rows is None and seed is None:
        return declaration
    if declaration.family is None or declaration.dials is None:
        raise bad_input("a supplied table has no rows or seed to choose", where=declaration.path, hint="leave --rows and --seed out")
    changed: dict[str, Any] = {**({} if rows is None else {"rows": rows}), **({} if seed is None else {"seed": seed})}
    model = cast(Shape, declaration.dials)
    document = YamlDocument(path_text="--rows, --seed", raw=b"", data={**model.model_dump(mode="json"), **changed}, places={})
    problems = Problems()
    dials = cast("Dials | None", check(document, declaration.family.dials, problems))
    for at, fault in dials.faults() if dials is not None else ():
        problems.add(fault, where=document.where(at))
    problems.raise_if_any()
    return replace(declaration, dials=dials)
