from __future__ import annotations

from evalharness.benchmarks.families.ingredients import kept as module
from evalharness.benchmarks.families.ingredients.kept import kept


class Recipe:
    """Equal to every other, and yet another one."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe)

    def __hash__(self) -> int:
        return 1


def test_it_is_worked_out_once_for_the_very_same_objects() -> None:
    calls: list[str] = []

    @kept
    def double(recipe: Recipe, kind: str) -> list[str]:
        """Says it."""
        calls.append(kind)
        return [kind, kind]

    one, another = Recipe(), Recipe()
    assert double(one, "noise") is double(one, "noise")
    assert double(one, "proxy") == ["proxy", "proxy"]
    double(another, "noise")
    assert calls == ["noise", "proxy", "noise"]
    assert double.__doc__ == "Says it."


def test_only_the_newest_are_kept() -> None:
    calls: list[int] = []

    @kept
    def seen(number: int) -> int:
        calls.append(number)
        return number

    for number in range(module._MOST + 1):
        assert seen(number) == number
    seen(module._MOST)
    assert len(calls) == module._MOST + 1
    seen(0)
    assert len(calls) == module._MOST + 2
