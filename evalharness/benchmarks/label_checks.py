"""Are the labels of a table those that its task knows?"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evalharness.benchmarks.declaration import Declaration
from evalharness.errors import Problems, shown

_SHOWN = 5


def check_labels(declaration: Declaration, path: Path, labels: Collection[str], problems: Problems) -> None:
    """Labels of all rows: at least one; of an ordinal task each among its levels, else the positive one and one other."""
    column = f"column '{declaration.columns.label}'"
    if not labels:
        problems.add("no row has a label", where=path, got=column, expected="labels to measure against")
    elif not declaration.positive:
        _check_levels("labels", labels, declaration, f"{path}: {column}", problems)
    elif len(others := [label for label in labels if label != declaration.positive]) > 1:
        problems.add(
            "there are more than two labels",
            where=f"{path}: {column}",
            got=_listed(others),
            expected=f"'{declaration.positive}' (positive) and one other, or nothing where there is no label",
            hint="leave unlabelled rows empty; write `positive` as the table writes it",
        )


def check_bands(declaration: Declaration, path: Path, bands: Collection[str], problems: Problems) -> None:
    """Bands of a risk task: each among its levels."""
    _check_levels("bands", bands, declaration, f"{path}: column '{declaration.columns.band}'", problems)


def _check_levels(what: str, found: Collection[str], declaration: Declaration, where: str, problems: Problems) -> None:
    others = [level for level in found if level not in declaration.levels]
    if others:
        problems.add(
            f"there are {what} that are not among the levels",
            where=where,
            got=_listed(others),
            expected=", ".join(declaration.levels) + ", or nothing where it is not known",
            hint="write `levels` as the table writes them, from the lowest to the highest",
        )


def _listed(levels: list[str]) -> str:
    return ", ".join(shown(level, 40) for level in sorted(levels)[:_SHOWN]) + (" …" if len(levels) > _SHOWN else "")
