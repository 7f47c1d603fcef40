"""benchmark.yaml: a recipe with dials, or a supplied table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from evalharness.benchmarks.benchmark_file import RecipeFile, TableFile, check_permitted, check_roles, check_task_of_table
from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families import FAMILIES, Family
from evalharness.benchmarks.families.family import Dials
from evalharness.benchmarks.families.ingredients.dials import FEWEST_ROWS, MOST_ROWS, MOST_SEED
from evalharness.digests import sha256_json
from evalharness.errors import BadInput, Problems, bad_input
from evalharness.files.document import KeyPath
from evalharness.files.names import resolve_inside
from evalharness.files.shape import Shape, check, suggestion
from evalharness.files.valid_parts import valid_parts
from evalharness.files.yaml import YamlDocument, examine_yaml, read_bytes
from evalharness.records import SealFacts, Task

FILE_NAME = "benchmark.yaml"
TEST = "test"
"""The split of all rows of a table without a split column."""


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
    """Empty for ordinal and linkage."""
    table: Path | None
    """The supplied table; null for a recipe."""
    family: Family | None
    """Null for a supplied table."""
    dials: Dials | None
    levels: tuple[str, ...] = ()
    """Rising levels of ordinal and risk; empty otherwise."""
    pairs: Path | None = None
    """Candidate pairs of a supplied table for linkage; null otherwise."""
    sampling: str = ""
    synthetic: bool = True
    contains_content: bool = False
    score_range: str = "unit"
    permitted: tuple[str, ...] = ()
    """Protected attributes of a recipe that a blind export holds."""
    seal: SealFacts | None = None
    """Where seed and dials come from an opened seal."""

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
    check_permitted(document, problems)
    family = _family(document, problems)
    if family is None:
        return None
    task = document.data.get("task")
    if task in get_args(Task) and task != family.task:
        where = document.where(("task",))
        problems.add(f"the family {family.name} is not for this task", where=where, got=task, expected=family.task)
    dials = _dials(document, family, problems, at=("generate",))
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
        levels=family.levels,
        table=None,
        family=family,
        dials=dials,
        permitted=file.permitted,
    )


def _dials(document: YamlDocument, family: Family, problems: Problems, at: KeyPath = ()) -> Dials | None:
    """The checked dials; null, with every problem added, those between the dials that are valid by themselves too, where they are not."""
    known = len(problems)
    dials = check(document, family.dials, problems, at=at)
    part = document.data[at[0]] if at else document.data
    faults = list(cast("Dials", dials or valid_parts(family.dials, part)).faults())
    if dials is not None and not faults and at:
        faults = list(family.unattained(cast("Dials", dials)))  # of the recipe as it stands; other sizes of harms are not tried anew
    for fault in faults:
        if not document.is_spoiled((*at, *fault.at)):
            problems.add(fault.what, where=document.where((*at, *fault.at)), got=fault.got, expected=fault.expected)
    return None if len(problems) > known else cast("Dials", dials)


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
    check_task_of_table(document, file, problems)
    check_roles(document, file.columns, problems)
    table = _table_path(path, document, ("table",), file.table, problems)
    pairs = None if file.pairs is None else _table_path(path, document, ("pairs",), file.pairs, problems)
    if problems or table is None:
        return None
    return Declaration(
        path=path,
        digest=sha256_json(document.data),
        name=file.name,
        version=file.version,
        task=file.task,
        title=file.title or "",
        columns=Columns(**file.columns.model_dump()),
        positive=file.positive or "",
        levels=file.levels or (),
        table=table,
        pairs=pairs,
        family=None,
        dials=None,
        sampling=file.sampling or "",
        synthetic=file.synthetic,
        contains_content=file.contains_content,
        score_range=file.score_range,
    )


def _table_path(path: Path, document: YamlDocument, at: KeyPath, name: str, problems: Problems) -> Path | None:
    where = document.where(at)
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


def with_overrides(declaration: Declaration, *, rows: int | None, seed: int | None) -> Declaration:
    """The recipe at another number of rows or another seed. Raises BadInput for a supplied table and for numbers out of range."""
    if rows is None and seed is None:
        return declaration
    if declaration.family is None or declaration.dials is None:
        raise bad_input("a supplied table has no rows or seed to choose", where=declaration.path, hint="leave --rows and --seed out")
    problems = Problems()
    for option, given, least, greatest in (("--rows", rows, FEWEST_ROWS, MOST_ROWS), ("--seed", seed, 0, MOST_SEED)):
        if given is not None and not least <= given <= greatest:
            expected = f"a whole number of at least {least} and at most {greatest}"
            problems.add("the number is out of range", where=option, got=str(given), expected=expected)
    problems.raise_if_any()
    changed: dict[str, Any] = {**({} if rows is None else {"rows": rows}), **({} if seed is None else {"seed": seed})}
    model = cast(Shape, declaration.dials)
    data = {**model.model_dump(mode="json", exclude_unset=True), **changed}
    dials = _dials(YamlDocument(path_text="--rows", raw=b"", data=data, places={}), declaration.family, problems)
    problems.raise_if_any()
    return replace(declaration, dials=dials)


def under_seal(declaration: Declaration, seal: SealFacts, seed: int) -> Declaration:
    """The recipe with the seed (up to 128 bits) and the dials of an opened seal.

    Raises BadInput for a supplied table, and where dials drawn from the recipe's own ranges do not go together.
    """
    if declaration.family is None or declaration.dials is None:
        raise bad_input("a supplied table cannot be sealed", where=declaration.path, expected="a recipe")
    problems = Problems()
    dials = with_sizes(declaration, dict(seal.dials), problems)
    problems.raise_if_any()
    assert dials is not None  # noqa: S101 - without a problem there are dials
    return replace(declaration, dials=cast("Dials", cast(Shape, dials).model_copy(update={"seed": seed})), seal=seal)


def with_sizes(declaration: Declaration, sizes: Mapping[str, float], problems: Problems) -> Dials | None:
    """The dials of a recipe with other sizes of its harms; null, with what does not go together added to `problems`."""
    assert declaration.family is not None  # noqa: S101 - asked for recipes only
    data = cast(Shape, declaration.dials).model_dump(mode="json", exclude_unset=True)
    harms = {name: {**harm, "size": sizes.get(name, harm["size"])} for name, harm in data.get("harms", {}).items()}
    document = YamlDocument(path_text=str(declaration.path), raw=b"", data={**data, **({"harms": harms} if harms else {})}, places={})
    return _dials(document, declaration.family, problems)
