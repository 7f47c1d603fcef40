"""The items behind the examples of docs/metrics.md: a handful for each task, as the page shows them and as files that `evaluate` reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The items of one task, the answers to them, and what else the policy says."""

    words: str
    """What the page says of the items."""
    table: str
    """The items as the page shows them."""
    items: tuple[Row, ...]
    answers: tuple[Row, ...]
    benchmark: Mapping[str, Any]
    """Keys of benchmark.yaml."""
    policy: Mapping[str, Any]
    """Keys of the policy."""
    pairs: tuple[Row, ...] = field(default=())
    """Linkage: the candidate pairs."""


_CLASSES = ("relevant, a", "relevant, b", "irrelevant, a", "irrelevant, b")
_SCORED: dict[str, tuple[int, int, int, int]] = {
    "0.95": (6, 3, 0, 0),
    "0.8": (4, 3, 1, 0),
    "0.6": (2, 1, 2, 1),
    "0.4": (1, 2, 3, 3),
    "0.2": (1, 1, 6, 5),
    "0.05": (0, 0, 8, 5),
    "no answer": (0, 1, 1, 0),
}
BANDS = ("low", "medium", "high")
_BANDED = ((14, 3, 1, 0), (2, 9, 2, 1), (1, 1, 7, 0))
"""True band by placed band; last, no answer."""
_SCORE_OF_BAND = {"low": "0.1", "medium": "0.4", "high": "0.8"}
_LEVELS = ("none", "C", "B", "A")
_GRADED = ((16, 2, 1, 0, 0), (3, 10, 1, 0, 1), (1, 2, 8, 1, 0), (1, 0, 2, 6, 1))
_DAYS = (
    (("0.2", 10, False), ("0.9", 20, True), ("0.5", 10, True), ("0.7", 30, True), ("0.1", 15, False)),
    (("0.6", 20, True), ("0.8", 10, False), ("0.3", 10, True), ("0.3", 30, False), ("0.4", 25, False)),
    (("0.9", 10, True), ("0.4", 20, False), ("none", 30, True), ("0.7", 10, False), ("0.2", 15, False)),
)
"""Leads of a day as they arrive: score, minutes, whether relevant."""
_TIMES = 10
_ENTITIES = {"P": ("p1", "p2", "p3", "p4"), "Q": ("q1", "q2", "q3"), "R": ("r1", "r2")}
_PAIRS = (
    ("p1", "p2", "0.9"),
    ("p2", "p3", "0.7"),
    ("q1", "q2", "0.8"),
    ("q2", "q3", "0.2"),
    ("r1", "r2", "0.9"),
    ("q1", "r1", "0.5"),
    ("q2", "r1", "0.6"),
    ("p4", "r1", "0.1"),
    ("p1", "q1", "none"),
)
_BLOCKS = 10
PAIRED = {
    "relevant": {"selected, selected": 15, "selected, set aside": 3, "set aside, selected": 1, "set aside, set aside": 5, "no answer": 1},
    "irrelevant": {"selected, selected": 2, "selected, set aside": 1, "set aside, selected": 4, "set aside, set aside": 28, "no answer": 0},
}
"""Pairs of an item and its copy: how each was decided, by the item's truth."""
REGRADED = ((12, 2, 0, 0), (3, 9, 1, 1), (0, 1, 6, 0))
"""Level given to the item by level given to its copy; last, one of them has no answer."""
PAIR_LEVELS = ("low", "middle", "high")


def markdown(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "".join(f"| {' | '.join(line)} |\n" for line in (heads, ("---",) * len(heads), *rows))


def examples() -> dict[str, Example]:
    """By task."""
    return {"binary": _binary(), "risk": _risk(), "ordinal": _ordinal(), "ranking": _ranking(), "linkage": _linkage()}


def _binary() -> Example:
    items, answers = [], []
    for score, counts in _SCORED.items():
        for kind, count in zip(_CLASSES, counts, strict=True):
            truth, group = kind.split(", ")
            for _ in range(count):
                items.append({"id": f"i{len(items)}", "truth": truth, "group": group})
                if score != "no answer":
                    answers.append({"id": items[-1]["id"], "score": score})
                elif truth == "relevant":
                    answers += [{"id": items[-1]["id"], "score": "0.6"}] * 2
    rows = ((score, *map(str, counts)) for score, counts in _SCORED.items())
    return Example(
        words="Sixty items of two groups, a and b; threshold 0.5. Of the two without an answer, the relevant item is answered twice and "
        "the irrelevant one not at all. A review takes 3 minutes, a reviewer recognises at least 7 in 10, and in the unit `minutes` a "
        "review costs 3 and a relevant item that is set aside 30.",
        table=markdown(("score", *_CLASSES), rows),
        items=tuple(items),
        answers=tuple(answers),
        benchmark={"columns": {"id": "id", "label": "truth", "groups": ["group"]}, "positive": "relevant"},
        policy={
            "operating_point": {"threshold": 0.5},
            "human_in_the_loop": {
                "minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
                "bands": [
                    {"name": "read_twice", "from": 0.9, "readers": 2},
                    {"name": "read", "from": "operating_point", "readers": 1},
                    {"name": "set_aside", "rest": True, "readers": 0, "opened_within_days": 30},
                ],
                "defer": {"within": 0.11},
            },
            "costs": {
                "minutes": {"true_relevant": {"review": 3, "set_aside": 30}, "true_not_relevant": {"review": 3}},
                "elicited": {"stated_by": "nobody", "on": "2026-01-01"},
            },
        },
    )  # fmt: skip


def _risk() -> Example:
    items, answers = [], []
    for band, counts in zip(BANDS, _BANDED, strict=True):
        for placed, count in zip((*BANDS, ""), counts, strict=True):
            for k in range(count):
                items.append({"id": f"i{len(items)}", "outcome": str(int(band == "high" or k == 1)), "band": band})
                if placed:
                    answers.append({"id": items[-1]["id"], "score": _SCORE_OF_BAND[placed], "label": placed})
    rows = ((band, *map(str, counts)) for band, counts in zip(BANDS, _BANDED, strict=True))
    return Example(
        words="Reports by true band and by the band in which they are placed.",
        table=markdown(("true", *(f"placed {band}" for band in BANDS), "no answer"), rows),
        items=tuple(items),
        answers=tuple(answers),
        benchmark={"columns": {"id": "id", "label": "outcome", "band": "band"}, "positive": "1", "levels": list(BANDS)},
        policy={"operating_point": {"top_band": "high"}},
    )


def _ordinal() -> Example:
    items, answers = [], []
    for level, counts in zip(_LEVELS, _GRADED, strict=True):
        for given, count in zip((*_LEVELS, ""), counts, strict=True):
            for _ in range(count):
                items.append({"id": f"i{len(items)}", "level": level})
                if given:
                    answers.append({"id": items[-1]["id"], "label": given})
    answers.append({"id": next(i["id"] for i in items if i["level"] == "A" and i["id"] not in {a["id"] for a in answers}), "label": "?"})
    rows = ((level, *map(str, counts)) for level, counts in zip(_LEVELS, _GRADED, strict=True))
    return Example(
        words="Files by true and by given level, as in `tallies.ordinal` of the evidence. Of the two without an answer, that of the A "
        "cannot be read and that of the C is missing. In the unit `late`, an A that is given none costs 10, an A given C or B 4, and a B "
        "or C given anything lower 1.",
        table=markdown(("true", *(f"given {level}" for level in _LEVELS), "no answer"), rows),
        items=tuple(items),
        answers=tuple(answers),
        benchmark={"columns": {"id": "id", "label": "level"}, "levels": list(_LEVELS)},
        policy={
            "operating_point": {"rule": "label"},
            "costs": {
                "late": {"by_level": {"A": {"none": 10, "C": 4, "B": 4}, "B": {"none": 1, "C": 1}, "C": {"none": 1}}},
                "elicited": {"stated_by": "nobody", "on": "2026-01-01"},
            },
        },
    )


def _ranking() -> Example:
    items, answers = [], []
    for time in range(_TIMES):
        for day, leads in enumerate(_DAYS):
            for place, (score, minutes, relevant) in enumerate(leads):
                name = f"d{time}-{day}-{place}"
                truth = "relevant" if relevant else "irrelevant"
                items.append({"id": name, "truth": truth, "day": f"{time}-{day}", "arrived": str(place), "minutes": str(minutes)})
                if score != "none":
                    answers.append({"id": name, "score": score})
    rows = ((f"day {day + 1}", *map(_lead, leads)) for day, leads in enumerate(_DAYS))
    return Example(
        words="Three days of five leads each, in the order of their arrival: score (minutes of review), the relevant ones in bold. The "
        f"daily budget is 2, the policy asks for 50 % of the relevant leads, and the three days come {_TIMES} times over "
        f"({_TIMES * len(_DAYS)} days), so that there are enough for limits.",
        table=markdown(("arrives", "first", "second", "third", "fourth", "fifth"), rows),
        items=tuple(items),
        answers=tuple(answers),
        benchmark={
            "columns": {"id": "id", "label": "truth", "queue": "day", "arrived": "arrived", "minutes": "minutes"},
            "positive": "relevant",
        },
        policy={
            "operating_point": {"budget_per_day": 2},
            "requirements": [{"id": "found", "metric": "recall_at_budget", "at_least": 0.5, "why": "w"}],
        },
    )


def _lead(lead: tuple[str, int, bool]) -> str:
    score, minutes, relevant = lead
    text = f"{'no answer' if score == 'none' else score} ({minutes})"
    return f"**{text}**" if relevant else text


def _linkage() -> Example:
    blocks = range(_BLOCKS)
    records = tuple(
        {"id": f"{block}-{name}", "entity": f"{block}-{entity}"}
        for block in blocks
        for entity, names in _ENTITIES.items()
        for name in names
    )
    scored = [(f"{block}-{left}", f"{block}-{right}", score) for block in blocks for left, right, score in _PAIRS]
    whole = ", ".join(f"{entity} = {' '.join(names)}" for entity, names in _ENTITIES.items())
    rows = ((f"{left} {right}", "no answer" if score == "none" else score) for left, right, score in _PAIRS)
    return Example(
        words=f"Nine records of three entities, {whole}; candidate pairs with their scores, threshold 0.5. All this comes "
        f"{_BLOCKS} times over, so that there are enough entities for limits.",
        table=markdown(("pair", "score"), rows),
        items=records,
        answers=tuple({"left_id": left, "right_id": right, "score": score} for left, right, score in scored if score != "none"),
        benchmark={"columns": {"id": "id", "entity": "entity"}, "pairs": "pairs.csv"},
        policy={"operating_point": {"threshold": 0.5}},
        pairs=tuple({"left_id": left, "right_id": right} for left, right, _ in scored),
    )
