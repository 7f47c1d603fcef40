"""Words of the task `binary`: items that are relevant or not, and flagged or set aside."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.catalogue import task_metrics
from evalharness.evidence import Evidence
from evalharness.evidence.oversight.bands import stated_bands
from evalharness.report import numbers
from evalharness.report.by_task.record import BestWords, CellWords, Figure, TaskWords
from evalharness.report.phrases import PHRASES

KEY = (
    "Item: one thing to sort, whatever the policy calls it. Relevant: a person should see it. Flagged: it goes to a person. "
    "Set aside: nobody opens it."
)
PEOPLE = "These figures assume that every flagged item is opened in time and judged correctly; nobody has measured that."
"""Fixed, word for word, until people are measured."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What becomes of the items set aside, in words."""

    means: str = "nobody opens it"
    never: str = ", never opened"
    asked: str = "never opened"
    work: str = "nobody opens the rest."


def _rest(evidence: Evidence) -> _Rest:
    """By the bands of the policy: a promise to open every one of them within days is told as a promise."""
    unread = [band for band in stated_bands(evidence.policy.document) if band.get("readers") == 0]
    promised = [band.get("opened_within_days") for band in unread]
    if not promised or not all(isinstance(days, int) for days in promised):
        return _Rest()
    within = f"within {max(days for days in promised if isinstance(days, int))} days"
    return _Rest(
        means=f"it waits; the policy promises that a person opens it {within}",
        never="",
        asked="set aside",
        work=f"the rest is set aside. The policy promises that a person opens it {within}; no test can see whether that is kept.",
    )


def binary_words(evidence: Evidence) -> TaskWords:
    """Of this evidence."""
    point = evidence.operating_point
    decides = "An item is flagged when the classifier's own label says that it is relevant."
    if point.threshold is not None:
        decides = f"An item is flagged when its score is at least {numbers.exact(point.threshold)}."
        if point.chosen == "certified":
            decides += " That threshold was certified on other items before this test."
    elif point.chosen == "certified":
        decides = (
            "No item is flagged: no threshold could be certified. The figures are those where the search began, and nothing is judged."
        )
    rest = _rest(evidence)
    return TaskWords(
        task="binary",
        metrics=task_metrics("binary").metrics,
        title="Does “{}” do what the policy asks?",
        key=KEY.replace(_Rest().means, rest.means),
        decides=decides,
        bound_to="classifier, threshold, test data and policy",
        people=PEOPLE,
        caught=True,
        per=f"In 1,000 items of any{numbers.SPACE}kind",
        figures=(
            Figure(
                stem="missed",
                name=f"Relevant items set aside{rest.never}",
                among="false_negative_rate",
                among_name="relevant ones",
                asked=("recall", "false_negative_rate"),
                own="The same in 1,000 relevant items",
            ),
            Figure(
                stem="wrongly_flagged",
                name="Irrelevant items opened: wrongly flagged",
                without=", or without an answer",
                among="false_positive_rate",
                asked=("false_positive_rate", "specificity"),
                own="The same in 1,000 irrelevant items",
            ),
            Figure(stem="reviewed", name="Items that a person opens"),
        ),
        control=f"How many relevant items are {rest.asked}, in 1,000 items of any kind?",
        answered=f"Relevant items {rest.asked}, in 1,000 items of any kind",
        work=f"A person opens the flagged items; {rest.work}",
        work_refused=f"A person opens the flagged items and the {{}} in 1,000 that got no answer; {rest.work}",
        refused="In the checks above they count as errors; in the table they go to a person.",
        nothing="the classifier flags every item that it answers: it sorts nothing",
        reversed="the scores put irrelevant items before relevant ones: drawing lots would do better",
        phrases=PHRASES,
        denominators={"items selected": "flagged items"},
        cells=CellWords(
            heading="The item is",
            positive="relevant",
            negative="irrelevant",
            selected="flagged",
            set_aside="set aside",
            refused=(
                "An item without an answer counts against the classifier: a relevant one as missed, an irrelevant one as a false alarm."
            ),
        ),
        best=BestWords(
            reaches={
                "recall": "With as many false alarms, ‹it› would find {}.",
                "false_positive_rate": "To find as many, ‹it› would wrongly flag {}.",
            },
            intro=(
                "The items are made, so it is known how likely each is to be relevant. The best possible classifier with the same inputs "
                "would find this share on average over many such tests. In one test a classifier can be above it by luck."
            ),
            caption="What the best possible classifier would find with as many false alarms",
            columns=("Irrelevant items wrongly flagged", "Relevant items found", "Best to be expected"),
        ),
        group_counts=(("Items", "selection_rate"), ("Relevant items", "recall")),
        group_metrics=("recall", "false_positive_rate", "precision", "selection_rate"),
        terms=(
            ("Relevant item", "An item that a person should see. Which items are relevant is known from their labels."),
            ("Flagged, set aside", f"A flagged item goes to a person. An item set aside: {rest.means}."),
            ("Threshold", "An item is flagged when its score reaches it. It is part of what is judged."),
            ("Selected", "The same as flagged."),
        ),
        cluster="Items that belong together, for example one conversation. They tell less than as many separate items.",
        large="large clusters (such as long conversations)",
        nobody="relevant item",
        reversed_scores="irrelevant items tend to score higher",
        definitions={
            "f1": (
                "Twice the relevant items found, divided by the same and the wrongly flagged and the missed ones; "
                "an item without an answer counts as wrong, so as one of these two."
            ),
            "fbeta_0_5": (
                "One number for how many of the flagged items are relevant and how many of the relevant ones are found; the first counts "
                "for more. An item without an answer counts as wrong."
            ),
            "fbeta_2": (
                "One number for how many of the relevant items are found and how many of the flagged ones are relevant; the first counts "
                "for more. An item without an answer counts as wrong."
            ),
            "youden": "The relevant items found and the irrelevant items left alone, as shares, added up, less 1. Drawing lots reaches 0.",
            "system_recall": (
                "The share of relevant items that reach a person, times the share that reviewers are declared to recognise at the least."
            ),
            "review_minutes_per_1000": "The share of items that a person must review, times 1,000, times the declared minutes per review.",
            "balanced_accuracy": "Average of the relevant items found and the irrelevant items left alone.",
        },
    )
