"""Before a seal is made: can every set of dials that its opening may draw be generated?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from evalharness.benchmarks.declaration import Declaration, with_sizes
from evalharness.errors import Problems
from evalharness.files.seal import SECRET_BYTES, dials_of

DRAWS = 200
"""Sets of dials drawn as an opening draws them."""


def check_ranges(declaration: Declaration, harms: Mapping[str, Any]) -> None:
    """Raises BadInput, naming the dials that cannot be so together, where a set of sizes within the plausible ranges cannot be generated.

    Each dial at its least and at its greatest alone, every combination of such ends (2048 for the eleven harms that a family has at most),
    and draws in between: what no larger or smaller size can mend is found at an end.
    """
    for sizes in _trials(declaration, harms):
        problems = Problems()
        if with_sizes(declaration, sizes, problems) is None:
            cause = _cause(declaration, harms, sizes)
            ends = ", ".join(f"{name} {sizes[name]:g} of {_range(harms[name])}" for name in cause)
            what = "the plausible ranges contradict one another" if len(cause) > 1 else "the plausible range of a dial cannot be"
            hint = f"narrow the range{'s' if len(cause) > 1 else ''} of {', '.join(cause)}"
            problems.add(what, where=declaration.path, got=ends, hint=hint)
            problems.raise_if_any()


def _trials(declaration: Declaration, harms: Mapping[str, Any]) -> Iterator[dict[str, float]]:
    ends = {name: tuple(dict.fromkeys(float(end) for end in harm["range"])) for name, harm in sorted(harms.items())}
    practised = {name: min(max(float(harms[name]["size"]), both[0]), both[-1]) for name, both in ends.items()}
    for name, both in ends.items():
        yield from ({**practised, name: end} for end in both)
    yield from (dict(zip(ends, chosen, strict=True)) for chosen in product(*ends.values()))
    for draw in range(DRAWS):
        yield dials_of(draw.to_bytes(SECRET_BYTES, "big"), ["sha256:" + "0" * 64], [], declaration.version, harms)


def _cause(declaration: Declaration, harms: Mapping[str, Any], sizes: Mapping[str, float]) -> list[str]:
    """Dials without one of which the others could be: with the sizes of the recipe, which can be generated, in place of the rest."""
    left = dict(sizes)
    for name in sizes:
        tried = {**left, name: float(harms[name]["size"])}
        if with_sizes(declaration, tried, Problems()) is None:
            left = tried
    return [name for name in left if left[name] != float(harms[name]["size"])] or list(sizes)


def _range(harm: Mapping[str, Any]) -> str:
    low, high = harm["range"]
    return f"[{low:g}, {high:g}]"
