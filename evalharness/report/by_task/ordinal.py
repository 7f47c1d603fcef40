"""Words of the task `ordinal`: items that are graded, and may be graded too low."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.report.by_task.ordinal_levels import LEVEL_DEFINITIONS, LEVEL_DENOMINATORS, LEVEL_PHRASES, LEVEL_TITLES
from evalharness.report.by_task.record import BestWords, Figure, TaskWords
from evalharness.report.fitting import cut, listed
from evalharness.report.phrases import PHRASES, Phrase

_LEVEL, _LEVELS = 24, 60
"""Characters of one level, and of all of them, on page one."""

ORDINAL_PHRASES: dict[str, Phrase] = {
    **LEVEL_PHRASES,
    "exact_agreement": Phrase(
        of="{} of all items are given their true level",
        must="{} of all items must be given their true level",
        share="the share of items that are given their true level",
        was="were given their true level",
    ),
    "under_grading_1": Phrase(
        of="{} of all items are graded too low",
        must="{} of all items may be graded too low",
        share="the share of items that are graded too low",
        was="were graded too low",
    ),
    "over_grading_1": Phrase(
        of="{} of all items are graded too high",
        must="{} of all items may be graded too high",
        share="the share of items that are graded too high",
        was="were graded too high",
    ),
    "critical_miss": Phrase(
        of="{} of the items of the highest level (‹top›) are graded as the lowest (‹low›)",
        must="{} of the items of the highest level (‹top›) may be graded as the lowest (‹low›)",
        share="the share of items of level ‹top› that are graded as ‹low›",
        was="were graded as ‹low›",
    ),
    "no_answer_rate": PHRASES["no_answer_rate"],
    "expected_cost": PHRASES["expected_cost"],
}


def ordinal_words(evidence: Evidence) -> TaskWords:
    """Of this evidence."""
    levels = evidence.benchmark.levels
    rising = ", ".join(cut(level, _LEVEL) for level in levels)
    return TaskWords(
        task="ordinal",
        metrics=evidence.benchmark.task_metrics.metrics,
        title="Does “{}” grade as the policy asks?",
        key=(
            f"Item: one thing to grade, whatever the policy calls it. Levels, lowest first: {cut(rising, _LEVELS)}. "
            "Too low: graded below its true level. Too high: graded above it."
        ),
        decides="An item gets the level that the classifier gives it.",
        bound_to="classifier, test data and policy",
        people=(
            "These figures are about the grades alone. What people do with a grade, and whether they put a wrong one right, "
            "nobody has measured."
        ),
        caught=False,
        per="In 1,000 of them",
        figures=(
            Figure(stem="graded_too_low", name="All items: graded too low", among="under_grading_1", asked=("under_grading_1",)),
            Figure(stem="raised_graded_too_low", name="Items truly above ‹low›: graded too low"),
            Figure(
                stem="graded_far_too_low",
                name="All items: two or more levels too low",
                among="under_grading_2",
                asked=("under_grading_2",),
            ),
            Figure(stem="top_level_graded_lower", name="Items of level ‹top›: graded lower"),
            Figure(
                stem="top_level_graded_lowest",
                name="Items of level ‹top›: graded as ‹low›",
                among="critical_miss",
                asked=("critical_miss",),
            ),
            Figure(stem="graded_too_high", name="All items: graded too high", among="over_grading_1", asked=("over_grading_1",)),
        ),
        control="How many items are graded too low, in 1,000 items of any kind?",
        answered="Items graded too low, in 1,000 items of any kind",
        work="",
        work_refused="The {} in 1,000 that got no answer are graded by a person; they are not in the table.",
        refused="In the checks above they count as errors; they are not in the table: a person must grade them.",
        nothing="the classifier gives every item that it answers the same level: it grades nothing",
        reversed="",
        phrases=ORDINAL_PHRASES,
        besides={"under_grading_1": ("raised_graded_too_low", "Only items truly above ‹low› can be: of 1,000 of these, {} were.")},
        titles={"critical_miss": "Items of level ‹top› graded as ‹low›", **LEVEL_TITLES},
        denominators={"top-level items": "items of level ‹top›", **LEVEL_DENOMINATORS},
        best=BestWords(
            reaches={"exact_agreement": "With the same inputs, ‹it› would give {} of the items their true level."},
            intro=(
                "The items are made, so it is known how likely each level is for each item. The best possible classifier with the same "
                "inputs would give this share of the items their true level, on average over many such tests. "
                "In one test a classifier can be above it by luck."
            ),
            caption="What the best possible classifier would get right",
            columns=("Items given their true level", "Best to be expected"),
        ),
        group_counts=(("Items", "exact_agreement"), ("Items of level ‹top›", "critical_miss")),
        group_metrics=("exact_agreement", "under_grading_1", "under_grading_2", "over_grading_1", "critical_miss"),
        terms=(
            ("Level", f"How grave an item is. Lowest first: {listed(levels)}. Which level is the true one is known from the labels."),
            ("Graded too low, too high", "Given a level below, or above, the true one."),
        ),
        cluster="Items that belong together, for example those of one case. They tell less than as many separate items.",
        large="large clusters (such as cases with many items)",
        nobody="item of level ‹top›",
        reversed_scores="items of a lower level tend to score higher",
        definitions={
            **LEVEL_DEFINITIONS,
            "expected_cost": "Average cost of an item in one declared unit, by true and given level; no answer costs the dearest grade.",
            "under_grading_1": "Share of all items that are graded below their true level; no answer counts where it could be.",
            "over_grading_1": "Share of all items that are graded above their true level; no answer counts where it could be.",
            "exact_agreement": "Share of all items that are given their true level; an item without an answer counts as wrong.",
            "critical_miss": ("Share of the items of level ‹top› that are graded as ‹low›; an item without an answer counts as graded so."),
        },
        no_scores="The classifier gives each item a level. Its scores, where it has any, decide nothing by themselves.",
        names=_names(levels),
    )


def _names(levels: tuple[str, ...]) -> dict[str, str]:
    """What stands for the highest level, the lowest, and each by its number."""
    if not levels:
        return {}
    numbered = {f"level {rank}": cut(level, _LEVEL) for rank, level in enumerate(levels, start=1)}
    return {**numbered, "top": cut(levels[-1], _LEVEL), "low": cut(levels[0], _LEVEL)}
