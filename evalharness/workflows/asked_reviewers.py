"""Whether made-up reviewers can be asked for: the benchmark has some, and nobody else reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalharness.errors import bad_input

if TYPE_CHECKING:
    from evalharness.oversight.synthetic.dials import Dials

OPTION = "--synthetic-reviewers"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """The made-up reviewers of a benchmark."""

    dials: Dials
    digest: str
    """sha256 of their file."""


def made_up_reviewers(folder: Path, benchmark: str, beside: Mapping[str, Path | None]) -> MadeUp:
    """Those of the benchmark in `folder`. Raises BadInput where it has none, with every problem of their file, and where `beside` is."""
    from evalharness.oversight.synthetic.dials import read_dials  # noqa: PLC0415  few runs have them

    if both := [option for option, given in beside.items() if given is not None]:
        raise bad_input(
            "made-up reviewers read the benchmark's own items, and nobody beside them", where=OPTION, got=f"{', '.join(both)} too",
            hint="leave one of the two out",
        )  # fmt: skip
    dials, digest = read_dials(folder, benchmark)
    return MadeUp(dials=dials, digest=digest)
