"""What of a recipe can be stressed, and the recipe at another setting of its dials."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.ingredients.dials import LEAST
from evalharness.errors import bad_input
from evalharness.files.seal import DIGITS, harms_of
from evalharness.files.yaml import read_bytes, read_yaml
from evalharness.records.stress import StressDial

JUDGED = "shifted"
"""The split that is made and judged at each setting: the only one in which every dial acts."""
STRESSED_SPLITS = ("test", JUDGED)
"""What a policy may judge. Made with drift and prevalence shift off, the changed set is drawn as the test set is."""
_CHANGED_ONLY = frozenset({"drift", "prevalence_shift"})
"""Harms of the changed set alone."""
_OTHERS = 0.05
"""Share of each split that nobody judges; the families want some items in each."""
_SHARE = 0.85
FEWEST_ITEMS, MOST_ITEMS = 2_000, 1_000_000


def stress_dials(declaration: Declaration, split: str) -> tuple[StressDial, ...]:
    """Every harm of the recipe that has a plausible range, by name; those whose range is one size too.

    split: the one that a policy judges. For `test`, what acts on the changed set alone is off in the recipe's own setting.
    Raises BadInput for a supplied table, a recipe that declares no range, and a split other than test and shifted.
    """
    if declaration.family is None or declaration.dials is None:
        raise bad_input(
            "a supplied table cannot be stressed: it has no dials, and no further items can be made", where=declaration.path,
            expected="a recipe with plausible ranges under `harms`",
        )  # fmt: skip
    if split not in STRESSED_SPLITS:
        raise bad_input("only these splits are stressed", where="--split", got=split, expected=" or ".join(STRESSED_SPLITS))
    found = [_dial(declaration, name, harm, split) for name, harm in sorted(harms_of(read_yaml(declaration.path).data).items())]
    if not any(dial.low < dial.high for dial in found):
        raise bad_input(
            "the recipe declares no plausible range", where=declaration.path, expected="`range: [least, greatest]` of harms",
            hint="declare what is plausible for at least one harm",
        )  # fmt: skip
    return tuple(found)


def _dial(declaration: Declaration, name: str, harm: Mapping[str, Any], split: str) -> StressDial:
    low, high = (float(end) for end in harm["range"])
    prevalence = getattr(declaration.dials, "prevalence", None) if name == "prevalence_shift" else None
    return StressDial(
        name=name,
        of=tuple(sorted(harm.get("of", {}).items())),
        low=low,
        high=high,
        own=0.0 if name in _CHANGED_ONLY and split != JUDGED else float(harm["size"]),
        prevalence=None if prevalence is None else float(prevalence),
    )


def size_within(dial: StressDial, part: float) -> float:
    """The size at `part` (0 to 1) of the range, with as many digits as an opened seal draws; rounding never takes it out of the range."""
    size = min(max(float(f"{dial.low + (dial.high - dial.low) * part:.{DIGITS}g}"), dial.low), dial.high)
    return 0.0 if abs(size) < LEAST and dial.low <= 0 <= dial.high else size


def items_judged(declaration: Declaration, split: str) -> int:
    """Items of the split in the recipe as it stands."""
    if declaration.dials is None:
        raise bad_input("a supplied table cannot be stressed", where=declaration.path)
    return declaration.dials.split_rows().get(split, 0)


def recipe_at(declaration: Declaration, sizes: Mapping[str, float], *, items: int, seed: int) -> bytes:
    """benchmark.yaml of the same recipe with these sizes and this seed, and `items` items, to the next whole one, to be judged."""
    yaml = YAML()
    yaml.width = 4096
    document = yaml.load(read_bytes(declaration.path))
    made = document["generate"]
    made["rows"], made["seed"] = math.ceil(items / _SHARE), seed
    made["splits"] = {**dict.fromkeys(("train", "calibration", "test"), _OTHERS), JUDGED: _SHARE}
    for name, size in sizes.items():
        made["harms"][name]["size"] = size
    text = io.BytesIO()
    yaml.dump(document, text)
    return text.getvalue()


def declared_levels(declaration: Declaration) -> dict[str, tuple[str, ...]]:
    """Attribute -> the levels that the recipe declares, sorted, whether or not an item of each was made."""
    groups: Mapping[str, Mapping[str, float]] = getattr(declaration.dials, "groups", {})
    return {attribute: tuple(sorted(levels)) for attribute, levels in groups.items()}
