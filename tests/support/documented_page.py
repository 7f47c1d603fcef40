"""docs/metrics.md as a reader has it: the items of every example, and the numbers that stand under `here`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
TEXT = PAGE.read_text(encoding="utf-8").replace("\u00a0", " ")
_NUMBER = r"−?[\d,]*\.?\d+(?:e-\d+)?(?: %)?"
_MEASURED = re.compile(rf"(?:(\d[\d,]*) / (\d[\d,]*)(?: x ([\d,.]+))? = )?({_NUMBER})(?: \(({_NUMBER}) to ({_NUMBER})\))?$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the page, and how much its last digit is worth."""

    value: float
    unit: float


@dataclass(frozen=True, slots=True)
class Here:
    """What stands under `here` for one metric."""

    above: float | None
    """Of `19 / 24 x 3 = …`: 19; null where there is no fraction. Then `below` and `times`."""
    below: float | None
    times: float
    value: Number
    lower: Number | None
    upper: Number | None


def section(*titles: str) -> str:
    """The text below a heading, and a heading inside it, down to the next of its kind."""
    text = "\n" + TEXT
    for level, title in enumerate(titles, start=2):
        mark = f"\n{'#' * level} "
        (text,) = (part for part in text.split(mark)[1:] if part.startswith(title + "\n"))
    return text


def tables(text: str) -> Iterator[list[dict[str, str]]]:
    """Every table, as rows by heading."""
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        heads, _, *lines = ([cell.strip() for cell in line.strip()[1:-1].split(" | ")] for line in block.splitlines())
        yield [dict(zip(heads, line, strict=False)) for line in lines]


def example(text: str) -> list[dict[str, str]]:
    """The first table after `The example.`"""
    return next(tables(text.split("**The example.**")[1]))


def shown(text: str) -> dict[str, str]:
    """What stands under `here`, by metric (or whatever the first column names)."""
    rows = (list(row.items()) for found in tables(text) for row in found)
    return {row[0][1].strip("`"): cell for row in rows for head, cell in row if head.startswith("here")}


def read(cell: str) -> Here:
    """The numbers of one cell. Raises ValueError for a cell that holds anything else."""
    found = _MEASURED.fullmatch(cell)
    if found is None:
        raise ValueError(f"no number under `here`: {cell!r}")
    above, below, times, value, lower, upper = found.groups()
    return Here(
        above=None if above is None else _number(above).value,
        below=None if below is None else _number(below).value,
        times=1.0 if times is None else _number(times).value,
        value=_number(value),
        lower=None if lower is None else _number(lower),
        upper=None if upper is None else _number(upper),
    )


def _number(text: str) -> Number:
    share = text.endswith(" %")
    plain = text.removesuffix(" %").replace(",", "").replace("−", "-")
    unit = 10.0 ** -len(plain.partition(".")[2])
    return Number(float(plain) / 100, unit / 100) if share else Number(float(plain), unit)


@cache
def items_shown() -> tuple[list[int], list[float | None], list[str]]:
    """Of the binary example: what is true, the score, the group."""
    truth, scores, groups = [], [], []
    for row in example(section("Binary and risk")):
        for kind, count in list(row.items())[1:]:
            relevant, group = kind.split(", ")
            truth += [int(relevant == "relevant")] * int(count)
            scores += [None if row["score"] == "no answer" else float(row["score"])] * int(count)
            groups += [group] * int(count)
    return truth, scores, groups


def selected(scores: list[float | None]) -> list[int | None]:
    """Decisions of the binary example; None where there is no answer."""
    return [None if score is None else int(score >= 0.5) for score in scores]


def agrees(shown: Number | None, value: float | None, rounding: str = "near") -> bool:
    """Whether the page has this number, rounded as it says: a bound outward."""
    if shown is None or value is None:
        return shown is None and value is None
    slack = 1e-8 * max(1.0, abs(value))
    low, high = {"near": (-0.5, 0.5), "down": (0.0, 1.0), "up": (-1.0, 0.0)}[rounding]
    return shown.value + low * shown.unit - slack <= value <= shown.value + high * shown.unit + slack


def ends(line: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The wider pair of bounds; none where there is only one, and none of a complete count."""
    pairs = [pair for pair in ((line["lower"], line["upper"]), line.get("by_size")) if pair is not None]
    if "no sample" in line["method"] or None in pairs[0]:
        return None, None
    return min(low for low, _ in pairs), max(high for _, high in pairs)


def check(cell: Here, line: Mapping[str, Any]) -> None:
    """Fails where the page does not show this estimate: value, bounds, and the fraction behind the value."""
    lower, upper = ends(line)
    assert agrees(cell.value, line["value"])
    assert agrees(cell.lower, lower, "down")
    assert agrees(cell.upper, upper, "up")
    if cell.above is not None and cell.below is not None:
        assert cell.above / cell.below * cell.times == pytest.approx(line["value"])
