"""What a family of synthetic benchmarks must offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from evalharness.benchmarks.columns import Columns
from evalharness.files.document import KeyPath
from evalharness.files.shape import Shape
from evalharness.records import CopyKind

BLOCK_ROWS = 16_384
"""Items of a block. Part of every recipe: another number makes other data."""

ITEMS = "items"
"""The table of the items themselves; every block has it."""


class Fault(NamedTuple):
    """Dials that do not go together."""

    at: KeyPath
    """Place under `generate`."""
    what: str
    got: str
    expected: str


class Dials(Protocol):
    """Checked dials: a pydantic model with at least these."""

    @property
    def family(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def seed(self) -> int: ...
    def faults(self) -> Iterator[Fault]:
        """What no single dial shows. Of dials of which only parts are valid: what those parts show."""
        ...

    def split_rows(self) -> dict[str, int]:
        """Rows of each split, in stored order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which rows a block makes."""

    split: int
    """Place of the split among those of the dials."""
    name: str
    """Its name."""
    number: int
    """Number of the block within the split, from 0."""
    first: int
    """Number of the block's first item among all items of all splits, from 0: items are numbered by it."""
    rows: int
    """Items to make: BLOCK_ROWS, fewer in the last block of a split. They are the first ones of the whole block."""


Table = Mapping[str, Any]
"""Column -> pyarrow array, in stored order of columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What one call makes: consecutive items of one split, what is known of them, and what belongs to them."""

    items: Table
    """The columns that `Family.columns` names, one row an item, sorted by cluster; no cluster goes on in the next block."""
    truth: Table
    """One row an item, without ids: the columns that `Family.truth` names. Chances are int32 in whole steps of its grid."""
    others: Mapping[str, Table]
    """Further tables by name, as `Family.tables` names them; any number of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is known of every item, apart from what a model receives."""

    given: tuple[str, ...]
    """Columns on which the posterior is conditional: exactly what a model receives."""
    grid: float
    """Chances are rounded to whole multiples of it."""
    chances: tuple[str, ...]
    """Columns of chances. Binary, ranking and risk: `posterior` (of the observed label), `posterior_clean`, and `within_ATTRIBUTE` for each
    of `within`; ordinal: `posterior_LEVEL` and `posterior_clean_LEVEL` for every level, and `within_ATTRIBUTE_LEVEL`."""
    texts: tuple[str, ...]
    """Columns of text, such as `clean`: the label before any noise."""
    within: tuple[str, ...] = ()
    """Attributes whose levels change how features and labels go together: the best inside one level needs the chance given it too."""
    error: str = ""
    """Where the posterior is a numerical approximation: how it is made, and how far off it can be. Empty: closed form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTable:
    """A table beside the items."""

    name: str
    """`twins`, `pairs`, `annotators` …; the file is NAME.parquet."""
    secret: bool
    """Whether it says what a model must not see: then it lies in truth/."""
    columns: tuple[str, ...]
    about: str
    """One sentence for `describe` and the datasheet."""
    gaps: tuple[str, ...] = ()
    """Columns, beside features, in which values may be missing."""


class Family(Protocol):
    """One recipe. Items are sorted by cluster, ids ascend, each split is one run of rows."""

    name: str
    version: int
    """Raised whenever the same dials and seed make other bytes."""
    task: str
    positive: str
    """Label that means `relevant`; empty for ordinal and linkage."""
    negative: str
    levels: tuple[str, ...]
    """Rising levels of ordinal and risk; empty otherwise."""
    anew: tuple[str, ...]
    """Features that an item which repeats another has for itself: copies are known by the others."""

    @property
    def dials(self) -> type[Shape]:
        """The model of its dials; instances are `Dials`."""
        ...

    def columns(self, dials: Any) -> Columns:
        """Roles of the columns of `items`."""
        ...

    def truth(self, dials: Any) -> Truth:
        """What is known of every item."""
        ...

    def tables(self, dials: Any) -> tuple[OtherTable, ...]:
        """The tables beside the items."""
        ...

    def copies(self, dials: Any) -> tuple[CopyKind, ...]:
        """The kinds of copies in its table `twins`, in their order there; none where it makes none."""
        ...

    def prepare(self, dials: Any) -> Any:
        """Lookup tables, made once and shared by all workers, who only read them."""
        ...

    def block(self, dials: Any, prepared: Any, place: Place) -> Block:
        """One block. It depends on nothing but its arguments; the same bytes on every machine, in whatever order blocks are made."""
        ...

    def unattained(self, dials: Any) -> Iterator[Fault]:
        """What dials without a fault lead to and no benchmark can have: it shows only in items that are made."""
        ...

    def facts(self, dials: Any) -> dict[str, Any]:
        """What follows from the dials and is worth telling: plain JSON values."""
        ...


def places(dials: Dials) -> Iterator[Place]:
    """All blocks of all splits, in stored order."""
    first = 0
    for split, (name, rows) in enumerate(dials.split_rows().items()):
        for number, start in enumerate(range(0, rows, BLOCK_ROWS)):
            yield Place(split=split, name=name, number=number, first=first + start, rows=min(BLOCK_ROWS, rows - start))
        first += rows
