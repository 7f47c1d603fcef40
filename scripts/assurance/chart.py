"""The rates of all cells as one picture, drawn by hand like every chart of this project."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from assurance.limits import Rate
from assurance.scene import ALPHA, Cell

_LEFT, _WIDTH, _ROW, _TOP = 250, 620, 22, 64
_LEAST, _BINS = 0.0005, 62
_WAYS = (("this harness", "#1d4f7c"), ("bootstrap or asymptotic", "#b3641b"), ("point estimate", "#8a8a8a"))


def chart(cells: Sequence[Cell], rates: Sequence[Rate], titles: dict[str, str]) -> str:
    """SVG: for each family of cells how many have which rate of wrongful findings, on a logarithmic scale, beside other ways to decide."""
    rows = [(family, way, colour) for family in titles for way, colour in _WAYS]
    found = {(family, way): list(_found(family, way, cells, rates)) for family, way, _ in rows}
    rows = [row for row in rows if found[row[0], row[1]]]
    height = _TOP + _ROW * len(rows) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 40} {height}" font-family="sans-serif" font-size="12" '
        'role="img" aria-labelledby="t d">',
        '<title id="t">Wrongful findings with the truth exactly at the goal</title>',
        '<desc id="d">Each bar counts cells; its place is their rate of wrongful findings. The line is the target of 5 percent.</desc>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="22" font-weight="bold">Wrongful findings with the truth exactly at the goal, one mark a cell</text>',
        f'<text x="{_LEFT}" y="40" fill="#444">left: rarely wrong; bars are taller where more cells have that rate</text>',
    ]
    bottom = _TOP + _ROW * len(rows)
    for tick, text in ((_LEAST, "0"), (0.001, "0.1 %"), (0.01, "1 %"), (ALPHA, "5 %"), (0.1, "10 %"), (0.5, "50 %"), (1.0, "100 %")):
        x, target = _x(tick), tick == ALPHA
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{bottom + 4}" stroke="{"#a11" if target else "#ddd"}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle" fill="{"#a11" if target else "#444"}">{text}</text>')
    last = ""
    for number, (family, way, colour) in enumerate(rows):
        base = _TOP + _ROW * (number + 1) - 4
        if family != last:
            parts.append(f'<line x1="10" x2="{_LEFT + _WIDTH}" y1="{base - _ROW + 4}" y2="{base - _ROW + 4}" stroke="#bbb"/>')
            parts.append(f'<text x="10" y="{base - 4}" font-weight="bold">{escape(titles[family])}</text>')
            last = family
        parts.append(f'<text x="{_LEFT - 8}" y="{base - 4}" text-anchor="end" fill="{colour}">{way}</text>')
        parts.extend(_bars(found[family, way], base, colour))
    text = "red line: the target; cells of this harness beyond it, and beyond the doubt of a simulation, are listed on the page"
    parts.append(f'<text x="{_LEFT}" y="{bottom + 44}" fill="#a11">{text}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _found(family: str, way: str, cells: Iterable[Cell], rates: Iterable[Rate]) -> Iterator[float]:
    if way == "this harness":
        yield from (rate.rate for rate in rates if rate.cell.family == family)
        return
    for cell in cells:
        if cell.family == family and not cell.stated:
            yield from (rate for name, rate in cell.beside.items() if (name == "point estimate") == (way == "point estimate"))


def _x(rate: float) -> float:
    return _LEFT + _WIDTH * math.log(max(rate, _LEAST) / _LEAST) / math.log(1 / _LEAST)


def _bars(rates: Sequence[float], base: float, colour: str) -> Iterator[str]:
    counts = [0] * (_BINS + 1)
    for rate in rates:
        counts[int((_x(rate) - _LEFT) / _WIDTH * _BINS)] += 1
    most = max(counts)
    for place, count in enumerate(counts):
        if count:
            tall = 3 + (_ROW - 8) * math.sqrt(count / most)
            x = _LEFT + place * _WIDTH / _BINS
            yield (
                f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{_WIDTH / _BINS - 1:.1f}" height="{tall:.1f}" fill="{colour}">'
                f"<title>{count} cells</title></rect>"
            )
