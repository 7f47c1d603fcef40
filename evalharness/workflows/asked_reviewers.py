"""Whether made-up reviewers can be asked for: the benchmark has some, and nobody else reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from evalharness.errors import Problems, bad_input

if TYPE_CHECKING:
    from evalharness.oversight.synthetic.dials import Dials

OPTION = "--synthetic-reviewers"
WRITE = "--write-reviews"
SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """The made-up reviewers of a benchmark."""

    dials: Dials
    digest: str
    """sha256 of their file."""
    write: Path | None = None
    """Where their log is written too."""


class Asked(Protocol):
    """What the caller asked for, as far as it is about who reads."""

    @property
    def synthetic_reviewers(self) -> bool: ...

    @property
    def write_reviews(self) -> Path | None: ...

    @property
    def reviews(self) -> Path | None: ...

    @property
    def blind_key(self) -> Path | None: ...


def made_up_reviewers(request: Asked, folder: Path, benchmark: str) -> MadeUp | None:
    """Those of the benchmark in `folder`; None where nobody asked for them.

    Raises BadInput where it has none, with every problem of their file, and where others are to read too.
    """
    if not request.synthetic_reviewers:
        return None
    from evalharness.oversight.synthetic.dials import read_dials  # noqa: PLC0415  few runs have them

    others = {"--reviews": request.reviews, "--blind-key": request.blind_key}
    if both := [option for option, given in others.items() if given is not None]:
        raise bad_input(
            "made-up reviewers read the benchmark's own items, and nobody beside them", where=OPTION, got=f"{', '.join(both)} too",
            hint="leave one of the two out",
        )  # fmt: skip
    dials, digest = read_dials(folder, benchmark)
    return MadeUp(dials=dials, digest=digest, write=request.write_reviews)


def listed_beside(path: Path) -> Path:
    """The file of what was assigned: `reviews.csv` has `reviews-assigned.csv`."""
    return path.with_name(f"{path.stem}-assigned{path.suffix}")


def check_written(path: Path | None, *, made_up: bool) -> None:
    """Raises BadInput, before anything is run, for a file that could not be written, or without made-up reviewers."""
    if path is None:
        return
    if not made_up:
        raise bad_input("only the log of made-up reviewers is written", where=WRITE, got=str(path), hint=f"add {OPTION}")
    problems = Problems()
    if path.suffix not in SUFFIXES:
        problems.add("the file would be neither CSV nor Parquet", where=WRITE, got=path.name, expected=" or ".join(SUFFIXES))
    if not path.parent.is_dir():
        problems.add("there is no such folder", where=WRITE, got=str(path.parent))
    for file in (path, listed_beside(path)):
        if file.exists():
            problems.add("the file is there already", where=WRITE, got=str(file), hint="name another one")
    problems.raise_if_any()
