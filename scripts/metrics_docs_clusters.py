"""The section of docs/metrics.md on clusters: two pairs of bounds, and what they come to where clusters are missed as a whole."""

from __future__ import annotations

import numpy as np

from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.proportion import clopper_pearson_lower
from evalharness.stats.uneven import BEYOND, Uneven, limits_by_size, one_more_of

_ALPHA = 0.05
_CLUSTERS = """\
## Clusters

Where items belong to clusters (`cluster` in `benchmark.yaml`; pairs of records by what hangs together), an estimate has two pairs of
bounds. Items of one cluster are taken to go right or wrong together, in both.

* `lower` and `upper`: Clopper-Pearson at Kish's effective size, n_eff = (Σ P)² / Σ P², P the items of a cluster in the metric's own
  denominator ([why](decisions/0002-kish-effective-number.md)). They take it that large clusters come out like small ones.
* `by_size`: bounds that hold also where large clusters come out worse, or better, than small ones, after Fay and Feuer
  ([why](decisions/0031-bounds-by-size.md)). With y the items that count, v the sum over clusters of the square of those that count, N all
  items, s = Σ P² / Σ P, c the coefficient of variation of the P and w = s (1 + {beyond:g} c), one more cluster: at most
  BetaInv(1 - α; m S, (1 - m) S), m = (y + w) / (N + w), S = (y + w)(N + w) / (v + w²), and never below that of no item at all,
  1 - α^(w / N); at least BetaInv(α; y² / v, (N + w - y) y / v); of what does not count likewise, and of all these and the first pair the
  widest. Where the answers decide what is in the denominator (precision, elusion), w is that of all items where it is larger: a cluster
  that goes wrong may enter it with all it has. Absent where it is the first pair, as for clusters of one size.

`by_size` is never the tighter, so it **decides** wherever it stands: findings and reports carry it, and a reason says where only it
leaves a finding open. Gaps, costs, shares at a prevalence and what may be lost against another model are made from it too. Intervals
that only describe are not: they take it that large clusters come out like small ones.

Here, how sure one can be (95 %) of a recall after a test on {clusters} clusters with {items:,} relevant items, clusters missed as a whole:

{table}

Bounds cannot know of what was not seen. Where a few clusters are far larger than the rest, and fewer than some 30 are seen or fewer than
one in twenty is so large, the test may hold too few of those, and *met* can be wrong more often than 5 % ([the assurance
run](assurance.md) shows these cells).

"""


def clusters() -> str:
    """The section."""
    sizes = np.full(200, 10)
    uneven = np.concatenate([np.full(150, 4), np.full(40, 20), np.full(10, 60)])
    rows = [
        ("200 of 10 items", sizes, ()),
        ("200 of 10 items", sizes, (10, 10)),
        ("150 of 4 items, 40 of 20, 10 of 60", uneven, ()),
        ("the same", uneven, (4, 4, 4, 4, 4)),
        ("the same", uneven, (20,)),
        ("the same", uneven, (60,)),
    ]
    lines = ["| clusters | missed | recall | n_eff | `lower`: at least | `by_size`: at least |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [_row(name, of, missed) for name, of, missed in rows]
    return _CLUSTERS.format(beyond=BEYOND, clusters=len(sizes), items=int(sizes.sum()), table="\n".join(lines))


def _row(name: str, sizes: np.ndarray, missed: tuple[int, ...]) -> str:
    total, squares, lost = int(sizes.sum()), int((sizes**2).sum()), np.array(missed, dtype=np.int64)
    n_eff = float(kish_n_eff(total, squares))
    unit = total / n_eff
    found = (total - lost.sum()) / unit
    of = Uneven(
        hits=np.asarray((squares - (lost**2).sum()) / unit**2),
        misses=np.asarray((lost**2).sum() / unit**2),
        one_more=one_more_of(len(sizes), n_eff),
    )
    narrow, wide = float(clopper_pearson_lower(found, n_eff, _ALPHA)), float(limits_by_size(found, n_eff, of, _ALPHA)[0])
    which = f"{len(missed)} of {missed[0]} items" if missed else "none"
    shares = f"{1 - lost.sum() / total:.1%} | {n_eff:.1f} | {np.floor(narrow * 1000) / 10:.1f}% | {np.floor(wide * 1000) / 10:.1f}%"
    return f"| {name} | {which} | {shares} |".replace("%", " %")
