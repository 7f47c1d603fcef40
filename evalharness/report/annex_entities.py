"""The annex on whole entities: what a linking makes of them, over everything and inside the candidate pairs alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from evalharness.catalogue import described_metrics
from evalharness.catalogue.linkage_described import INSIDE
from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.bars import BarChart, bar_chart
from evalharness.report.describing import DESCRIBES, with_limits
from evalharness.report.view import Section, Table

_READ = (
    "In brackets: at least, at most; each holds on its own with the confidence of this report. They come from drawing entities again and "
    "again, each with all of its records; there are none below 20 entities, and none where the draws do not differ. "
    "Records that a chain of made links joins count as one made entity."
)
_PAIRS = (
    ("True links found", "pairwise_recall"),
    ("Links made that are true", "pairwise_precision"),
    ("Wholeness: a record has its own with it", "bcubed_recall"),
    ("Purity: a record has only its own with it", "bcubed_precision"),
)
_SHORT = (
    ("True links missed", "pairwise_recall"),
    ("Links made that are wrong", "pairwise_precision"),
    ("Own records that are apart", "bcubed_recall"),
    ("Others' records mixed in", "bcubed_precision"),
)
"""What the same measures lack: the drawing begins at 0."""
_MORE = (("Links, both in one number (F1)", "pairwise_f1"), ("Wholeness and purity in one number (F1)", "bcubed_f1"))
_LOST = ": the difference is lost before the classifier sees it, and no threshold brings it back."
_STEPS = ("splits", "merges", "merge_distance")

Found = Mapping[str, EstimatePart]


def entities_section(evidence: Evidence) -> tuple[Section, ...]:
    """In words, a drawing, everything beside the candidates alone, splits and merges, and groups; nothing where nothing was measured."""
    known = described_metrics("linkage")
    overall = {e.metric: e for e in evidence.described if not e.group and e.metric in known}
    if not overall:
        return ()
    everything = {e.metric: e for e in evidence.estimates if not e.group and not e.between} | overall
    return (
        Section(
            anchor="entities",
            title="Whole entities, and what was put forward",
            paragraphs=(*_said(everything, scored=evidence.operating_point.threshold is not None), DESCRIBES),
            bars=tuple(chart for phone in (False, True) if (chart := _chart(everything, phone=phone)) is not None),
            tables=(_table(everything), _steps(overall), *_groups(evidence)),
            terms=tuple((known[name].title, known[name].definition) for name in overall),
        ),
    )


def _said(found: Found, *, scored: bool) -> Iterator[str]:
    everything, inside = (_value(found, "pairwise_recall" + end) for end in ("", INSIDE))
    if everything is not None and inside is not None:
        yield (
            f"Of all true links {numbers.percent(everything)} are found. Of those that somebody put forward as a possible pair it is "
            f"{numbers.percent(inside)}{_LOST if scored else '. This classifier may also join records that nobody put forward as a pair.'}"
        )
    splits, merges = (_value(found, name) for name in _STEPS[:2])
    if splits is not None and merges is not None:
        yield (
            f"To set the {numbers.count(found['splits'].n)} cases of this test right, people would have to cut off "
            f"{numbers.count(round(splits))} pieces that were mixed into other cases, and join {numbers.count(round(merges))} pieces "
            "of cases that were left in parts."
        )


def _value(found: Found, metric: str) -> float | None:
    return found[metric].value if metric in found else None


def _chart(found: Found, *, phone: bool) -> BarChart | None:
    rows = [
        (f"{title}, {where}", round(1 - value, 10), numbers.fine(round(1 - value, 10)), not end)
        for title, metric in _SHORT
        for end, where in (("", "in everything"), (INSIDE, "in what was put forward"))
        if (value := _value(found, metric + end)) is not None
    ]
    title = "What goes wrong, in everything and inside what was put forward"
    text = "; ".join(f"{name}: {shown}" for name, _, shown, _ in rows)
    return bar_chart("entities", (title, f"{text}. The table below has the same figures, counted the other way round."), rows, phone=phone)


def _table(found: Found) -> Table:
    return Table(
        caption="Over everything, and inside the pairs put forward",
        columns=("Measure", "Over everything", "Inside the pairs put forward"),
        rows=tuple((title, with_limits(found.get(metric)), with_limits(found.get(metric + INSIDE))) for title, metric in (*_PAIRS, *_MORE)),
        note=f"{_READ} For the links over everything, which the policy may ask for, the bounds are those that decide.",
    )


def _steps(overall: Found) -> Table:
    known = described_metrics("linkage")
    return Table(
        caption="What would set the entities right",
        columns=("Steps", "Found", "Entities"),
        rows=tuple(
            (known[name].title, with_limits(overall[name], _whole), numbers.count(overall[name].n)) for name in _STEPS if name in overall
        ),
    )


def _groups(evidence: Evidence) -> Iterator[Table]:
    """By group of the entity: that of its first record."""
    found = {(e.metric, tuple(sorted(e.group.items()))): e for e in evidence.described if len(e.group) == 1}
    names = ("pairwise_recall" + INSIDE, "bcubed_recall", "bcubed_precision", "bcubed_f1")
    groups = list(dict.fromkeys(group for _, group in found))
    for attributes, cells in groupby(groups, key=lambda group: tuple(name for name, _ in group)):
        yield Table(
            caption=f"By {words.attributes_words(attributes)} of the entity",
            columns=("Group", "Entities", "True links found, of those put forward", "Wholeness", "Purity", "Both in one number (F1)"),
            rows=tuple(
                (
                    words.group_words(dict(group)),
                    numbers.count(found["bcubed_recall", group].n) if ("bcubed_recall", group) in found else numbers.ABSENT,
                    *(with_limits(found.get((name, group))) for name in names),
                )
                for group in cells
            ),
            folded=True,
        )


def _whole(value: float | None, rounding: numbers.Rounding) -> str:
    """Steps are counted; their limits are not whole."""
    return numbers.count(round(value)) if value is not None and rounding == "near" else numbers.plain(value, rounding)
