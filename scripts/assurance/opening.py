"""The first page of docs/assurance.md: for a member of an oversight board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assurance.limits import Rate, alone_above
from assurance.scene import ALPHA, Cell
from assurance.words import FEW, GROWING, UNSEEN, percent, where

_HEAD = """\
# How often is this tool itself wrong?

<!-- Written by scripts/assure.py. Do not edit. -->

For a member of an oversight board: this page is about the measuring tool, not about a model. A scale is tested before it is trusted.
"""
_TRIED = """\
**What was tried.** On made-up data the truth is known. We made data on which a model is *exactly as good as a requirement allows, and no
better*, let the tool judge it, and did this again and again with new data. Such a model should hardly ever be called *met*: where it is,
the tool was lucky, not the model good. We did this for {cells:,} different requirements and kinds of data, {generated:,} of them drawn from
what the shipped benchmarks themselves generate, {runs:,} times each. Where every possible outcome could be listed, the rates are exact.
"""
_WRONG = """\
**How often the tool wrongly said *met*.** The promise is: at most 1 time in 20, on every kind of data. The worst kind came to {worst}
({where}); the average over all kinds is {mean}.
"""
_KEPT = """\
On no kind of data is the promise broken beyond the doubt of a simulation. The same holds for wrongly saying *not met*.
"""
_BROKEN = """\
**On {above:,} of the {cells:,} kinds of data the promise is broken** beyond the doubt of a simulation. They are listed
[below](#cells-above-the-target), with what is known of them. On all the others the rate came to {rest} at most.
"""
_GROWING = """\
**All of these have one thing in common**: whole cases or conversations are missed, and large ones more often than small ones. Where that
may be so, *met* is weaker than it looks, and the sizes of cases should be looked at beside the report.
"""
_SIZES = """\
**Large cases that are missed more often.** A sample may by luck hold few of the large cases, and then looks better than the truth. The
usual bound does not allow for that: alone, it would have broken the promise on {alone:,} of the {clustered:,} kinds of data with cases or
conversations, with up to {worst} wrongly *met*. So the tool asks a second bound too, which does; nothing is *met*, and nothing *not met*,
unless both say so. [What that gains, and what it costs](#what-the-second-pair-gains-and-costs).
"""
_UNKNOWN = """\
**What no bound can know.** If a few cases are far larger than all others, a test may hold none of them: where one case in ten is large,
that happens easily with fewer than some 30 cases. What the model does with such cases is then nowhere in the data, and neither this tool
nor any other can tell: a model that misses the largest cases was called *met* in up to {worst} of such tries. [These kinds of
data](#what-no-bound-can-know) are not among those of the promise. Look how many cases a report rests on, and ask whether the largest that
occur were among them.
"""
_FEW_LARGE = """\
**A limit of this version.** Where very few cases, say one in forty, are several times as large as all others, and just those are missed, a
model was called *met* in up to {worst} of the tries, with hundreds of cases too. These kinds of data are [shown](#limits), and not among
those of the promise.
"""
_OTHERS = """\
**What others would have said.** A gate that compares the plain figure with the requirement, as most tools do, said *met* in {point} of the
same tries on average. A bootstrap interval of items, as the library fairlearn draws it, said so in {boot} on average, and in up to {most}.
"""
_MEANS = """\
**What that means.** Where the promise holds and a report says *met*, at most 1 in 20 models that are only just not good enough would have
got the same answer, and models that are clearly worse get it far more rarely. It does not mean that 19 of 20 approved models are good: that
depends on how many bad ones are brought to the test. It says nothing of whether the benchmark is like the work that the model will do. And
it has a price: a model that is good enough is often told *not demonstrated* until there is more data ([how much](#power)).

![For each family of cells, how many cells have which rate of wrongful findings, beside a bootstrap and a point estimate](assurance.svg)
"""


def opening(cells: Sequence[Cell], rates: Sequence[Rate], runs: int) -> Iterator[str]:
    """Paragraphs."""
    met = [rate for rate in rates if rate.what == "met"]
    worst = max(met, key=lambda rate: rate.rate)
    broken = {id(rate.cell): rate.cell for rate in rates if rate.above}
    point, boot = (_beside(cells, name) for name in ("point estimate", "bootstrap of items"))
    yield _HEAD
    yield _TRIED.format(cells=len(cells), generated=sum(cell.source == "benchmark" for cell in cells), runs=runs)
    mean = percent(float(np.mean([rate.rate for rate in met])))
    yield _WRONG.format(worst=percent(worst.rate), where=where(worst.cell), mean=mean) + ("" if broken else _KEPT)
    if broken:
        rest = max((rate.rate for rate in met if id(rate.cell) not in broken), default=0.0)
        yield _BROKEN.format(above=len(broken), cells=len(cells), rest=percent(rest))
        if all(GROWING in cell.dependence for cell in broken.values()):
            yield _GROWING
    yield from _sizes(cells)
    yield _OTHERS.format(point=percent(float(np.mean(point))), boot=percent(float(np.mean(boot))), most=percent(max(boot)))
    yield _MEANS


def _sizes(cells: Sequence[Cell]) -> Iterator[str]:
    """What the second pair of bounds is for, and what it cannot do."""
    above, unseen = alone_above(cells), [cell for cell in cells if cell.stated == UNSEEN]
    if above:
        clustered = sum(bool(cell.alone) and not cell.stated for cell in cells)
        worst = max((cell.alone["met"] for cell in above if "met" in cell.alone), default=0.0)
        yield _SIZES.format(alone=len(above), clustered=clustered, worst=percent(worst))
    if unseen:
        yield _UNKNOWN.format(worst=percent(max(cell.met or 0.0 for cell in unseen)))
    few = max((cell.met or 0.0 for cell in cells if cell.stated == FEW), default=0.0)
    if few > ALPHA:
        yield _FEW_LARGE.format(worst=percent(few))


def _beside(cells: Sequence[Cell], name: str) -> list[float]:
    return [cell.beside[name] for cell in cells if name in cell.beside]
