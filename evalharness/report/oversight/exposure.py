"""The page for a board on what reading does to those who read: views of severe items, shift by shift."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.exposure import ExposurePart, LevelPart
from evalharness.evidence.oversight.sample import SamplePart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.rubber_stamp import of_everybody
from evalharness.report.oversight.shares_table import of_source, table_of
from evalharness.report.oversight.small_cells import FEWEST, HIDDEN
from evalharness.report.view import Section, Table

_KINDS = {
    "first": "First readings, with or without the classifier's answer",
    "second": "Second readings of the same item",
    "third": "Third readings",
    "seeded": "Readings with a wrong answer put there on purpose",
    "again": "Looked at again by the same reader in any of these",
}
_BLUR = "Every view counts, however the item is shown. There is no place here for blur or greyscale, so they earn no credit."
_SHIFT = (
    "A shift is that of one reviewer. Readings of one person with less than eight hours between them are of one shift, whatever its name; "
    "with the same name, with less than a day."
)
_UNLABELLED = "nobody labelled them"


def exposure(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where the policy does not say which items are severe, or there was no log."""
    part = None if evidence.oversight is None else evidence.oversight.exposure
    less = tuple(_less(evidence, task))
    if part is None and not less:
        return
    logged = () if part is None else (_by_shift(part), _by_kind(part, evidence), _by_level(part))
    yield Section(
        anchor="exposure",
        title="What it does to those who read",
        paragraphs=(*(() if part is None else _paragraphs(part, task)), *less),
        tables=(*table_of("How much of it there is", of_source("exposure"), evidence, task), *logged),
    )


def _less(evidence: Evidence, task: TaskWords) -> Iterator[str]:
    """Seeing less, beside what is found: no credit unless as much is shown to be found as by reading everything."""
    known = of_everybody(evidence)
    saved = known.get("exposure_reduction")
    if saved is None or saved.value is None:
        return
    low, high = saved.bounds
    sure = "" if low is None or high is None else f" ({words.sure(saved.level)}: {_between(low, high)})"
    often = "less" if saved.value >= 0 else "more"
    yield (
        f"By the bands of the policy, severe {task.many} are read {numbers.percent(abs(saved.value))} {often} often "
        f"than if everything were read once{sure}. Double readings and piles to be opened are counted as they are planned."
    )
    together, team = known.get("team_recall"), None if evidence.oversight is None else evidence.oversight.team
    alone = next((one for one in team.readers if one.rate == "found"), None) if team is not None else None
    if together is None or together.value is None or alone is None:
        yield "What classifier and people find together was neither measured nor declared. So seeing less earns no credit here."
        return
    least = together.bounds[0]
    found = f"Together they find {numbers.percent(together.value)} (at least {numbers.percent(least or 0.0, 'down')})"
    everything = f"people who read everything would find {numbers.percent(alone.value)} (at most {numbers.percent(alone.high, 'up')})"
    if saved.value < 0:
        yield f"{found}; {everything}, as {alone.source}. People see more of it here, not less."
    elif low is None or low <= 0:
        yield f"{found}; {everything}, as {alone.source}. It is not shown that less is seen. So there is nothing to credit."
    elif least is not None and least >= alone.high:
        yield f"{found}; {everything}, as {alone.source}. As much is found, and less is seen."
    else:
        yield f"{found}; {everything}, as {alone.source}. It is not shown that as much is found. So seeing less earns no credit here."


def _between(low: float, high: float) -> str:
    """The ends of a reduction in words: what is below 0 is more, and the smaller number comes first."""
    if high < 0:
        return f"between {numbers.percent(-high, 'down')} and {numbers.percent(-low, 'up')} more"
    if low < 0:
        return f"between {numbers.percent(-low, 'up')} more and {numbers.percent(high, 'up')} less"
    return f"between {numbers.percent(low, 'down')} and {numbers.percent(high, 'up')} less"


def _paragraphs(part: ExposurePart, task: TaskWords) -> Iterator[str]:
    named = [level.level for level in part.levels if level.severe and level.level is not None]
    yield f"Severe {task.many} are those that truly are “{'”, “'.join(name.replace('_', ' ') for name in named)}”. {_BLUR}"
    yield _SHIFT
    if not part.views_logged:
        yield "The log does not say how often a reader looked at the same again: one view is taken for each reading."
    if part.unmade:
        yield (
            f"{numbers.count(part.unmade)} readings of severe {task.many} were assigned and are not in the log. They count as views, in "
            "the shifts that they push over the cap."
        )


def _by_shift(part: ExposurePart) -> Table:
    few = part.shifts < FEWEST
    severe = sum(level.mean or 0.0 for level in part.levels if level.severe)
    rows = (
        ("Shifts of a reviewer", HIDDEN if few else numbers.count(part.shifts)),
        ("Mean", numbers.ABSENT if few else numbers.plain(severe)),
        ("In 95 of 100 shifts at most", numbers.ABSENT if few else numbers.count(part.percentile)),
        ("In the worst shift", numbers.ABSENT if few else numbers.count(part.highest)),
    )
    return Table(
        caption="Views of severe items in one shift of one reviewer",
        columns=("", "Views"),
        rows=rows,
        note="As logged. These describe; the share of shifts over the cap is what is judged.",
    )


def _by_kind(part: ExposurePart, evidence: Evidence) -> Table:
    rows = [
        (name, numbers.count(getattr(part.views, kind).all), numbers.count(getattr(part.views, kind).severe))
        for kind, name in _KINDS.items()
    ]
    sample = None if evidence.oversight is None else evidence.oversight.sample
    if sample is not None:
        rows += _sampled(sample)
    return Table(
        caption="What the views were for",
        columns=("Views", "All", "Of severe items"),
        rows=tuple(rows),
        note="Second readings, seeded ones and samples protect people from errors, and somebody sees what is in each of them.",
    )


def _sampled(part: SamplePart) -> Iterator[tuple[str, str, str]]:
    """What coders saw; which of it is relevant they say themselves."""
    coded = sum(pile.relevant + pile.not_relevant for pile in part.piles)
    found = sum(pile.relevant for pile in part.piles)
    yield "Drawn sample: coded without the classifier's answer", numbers.count(coded), f"{numbers.count(found)} coded relevant"
    if part.doubly is not None:
        both = part.doubly
        found = both.both + both.first + both.second
        yield "Drawn sample: coded by a second person", numbers.count(both.items), f"{numbers.count(found)} coded relevant"
        yield "Drawn sample: settled where two coders differ", numbers.count(both.settled), numbers.ABSENT
    if part.seeded is not None:
        seeds = numbers.count(part.seeded.drawn)
        yield "Drawn sample: known to be relevant, and put among it", seeds, f"{seeds} known to be relevant"


def _by_level(part: ExposurePart) -> Table:
    return Table(
        caption="Views by what an item truly is",
        columns=("It is", "Severe", "Views", "Mean in one shift of one reviewer"),
        rows=tuple(_level(level, few=part.shifts < FEWEST) for level in part.levels if level.level is not None or level.views),
        numeric_from=2,
    )


def _level(level: LevelPart, *, few: bool) -> tuple[str, ...]:
    name = _UNLABELLED if level.level is None else level.level.replace("_", " ")
    mean = numbers.ABSENT if few or level.mean is None else numbers.plain(level.mean)
    return name, "yes" if level.severe else "no", numbers.count(level.views), mean
