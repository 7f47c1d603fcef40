"""Words for measures of single levels, and of errors of so many levels; `‹level 2›` stands for the name of the second level."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.catalogue import MOST_LEVELS
from evalharness.report.phrases import Phrase

_FAR = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


def _graded(how: str) -> Phrase:
    return Phrase(
        of=f"{{}} of all items are graded {how}",
        must=f"{{}} of all items may be graded {how}",
        share=f"the share of items that are graded {how}",
        was=f"were graded {how}",
    )


def _found(rank: int) -> Phrase:
    return Phrase(
        of=f"{{}} of the items of level ‹level {rank}› are given that level",
        must=f"{{}} of the items of level ‹level {rank}› must be given that level",
        share=f"the share of items of level ‹level {rank}› that are given it",
        was="were given that level",
    )


def _true(rank: int) -> Phrase:
    return Phrase(
        of=f"{{}} of the items given level ‹level {rank}› are of that level",
        must=f"{{}} of the items given level ‹level {rank}› must be of that level",
        share=f"the share of items given level ‹level {rank}› that are of it",
        was="were of that level",
    )


_RANKS = range(1, MOST_LEVELS + 1)
LEVEL_PHRASES: Mapping[str, Phrase] = {
    "adjacent_agreement": Phrase(
        of="{} of all items are given their true level or one beside it",
        must="{} of all items must be given their true level or one beside it",
        share="the share of items that are given their true level or one beside it",
        was="were given their true level or one beside it",
    ),
    "gross_error": _graded("two or more levels too low or too high"),
    **{f"under_grading_{step}": _graded(f"{number} or more levels too low") for step, number in _FAR.items()},
    **{f"over_grading_{step}": _graded(f"{number} or more levels too high") for step, number in _FAR.items()},
    **{f"recall_level_{rank}": _found(rank) for rank in _RANKS},
    **{f"precision_level_{rank}": _true(rank) for rank in _RANKS},
}
LEVEL_TITLES: Mapping[str, str] = {
    **{f"recall_level_{rank}": f"Items of level ‹level {rank}› given that level" for rank in _RANKS},
    **{f"precision_level_{rank}": f"Items given level ‹level {rank}› that are of it" for rank in _RANKS},
}
LEVEL_DENOMINATORS: Mapping[str, str] = {
    **{f"items of level {rank}": f"items of level ‹level {rank}›" for rank in _RANKS},
    **{f"items given level {rank}": f"items given level ‹level {rank}›" for rank in _RANKS},
}
_COUNTS = "no answer counts where it could be"
LEVEL_DEFINITIONS: Mapping[str, str] = {
    "adjacent_agreement": "Share of all items that are given their true level or one beside it; an item without an answer counts as wrong.",
    "gross_error": f"Share of all items that are graded two or more levels too low or too high; {_COUNTS}.",
    **{
        f"{way}_grading_{step}": f"Share of all items that are graded {number} or more levels too {end}; {_COUNTS}."
        for way, end in (("under", "low"), ("over", "high"))
        for step, number in _FAR.items()
    },
    **{
        f"recall_level_{rank}": f"Share of the items of level ‹level {rank}› that are given it; an item without an answer is missed."
        for rank in _RANKS
    },
    **{
        f"precision_level_{rank}": f"Share of the items given level ‹level {rank}› that are of it; items without an answer are left out."
        for rank in _RANKS
    },
    "quadratic_weighted_kappa": (
        "How well given and true levels agree, beyond what drawing lots with the same shares would reach: 1 for fully, 0 for no more. "
        "Two levels off weighs four times as much as one. An item without an answer counts in the worst way."
    ),
    "linear_weighted_kappa": "The same, where two levels off weighs twice as much as one.",
    "cohen_kappa": "The same, where every wrong level weighs the same.",
    "mean_absolute_error": "Average number of levels an item is off; an item without an answer counts as far off as it could be.",
    "macro_averaged_mean_absolute_error": "The same, averaged over the true levels, so that a rare level counts as much as a common one.",
}
