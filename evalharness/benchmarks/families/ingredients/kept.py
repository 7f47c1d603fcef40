"""What follows from a recipe's tables alone, worked out once and not for every block."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_MOST = 32
"""Results of one function that are kept: kinds of copies times splits, of a few recipes."""

_Result = TypeVar("_Result")


def kept(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """The function, which gives the same result again for the very same objects (for equal texts and numbers); nobody may change it."""
    results: OrderedDict[tuple[Any, ...], tuple[tuple[Any, ...], _Result]] = OrderedDict()

    @wraps(function)
    def once(*given: Any) -> _Result:
        key = tuple(one if isinstance(one, (str, int)) else id(one) for one in given)
        found = results.get(key)
        if found is None:
            found = results[key] = (given, function(*given))  # what was given stays alive, so that no other object gets its id
            while len(results) > _MOST:
                results.popitem(last=False)
        return found[1]

    return once
