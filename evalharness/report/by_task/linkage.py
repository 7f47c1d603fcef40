"""Words of the task `linkage`: records that are said to belong together, or not."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.report import numbers
from evalharness.report.by_task.record import BestWords, CellWords, Figure, TaskWords
from evalharness.report.phrases import Phrase

LINKAGE_PHRASES: dict[str, Phrase] = {
    "pairwise_recall": Phrase(
        of="{} of the true links are found",
        must="{} of the true links must be found",
        share="the share of true links that are found",
        was="were found",
    ),
    "pairwise_precision": Phrase(
        of="{} of the links that are made are true",
        must="{} of the links that are made must be true",
        share="the share of links made that are true",
        was="were true",
    ),
    "no_answer_rate": Phrase(
        of="{} of all pairs get no answer",
        must="{} of all pairs may be left without an answer",
        share="the share of pairs without an answer",
        was="got no answer",
    ),
}


def linkage_words(evidence: Evidence) -> TaskWords:
    """Of this evidence."""
    point = evidence.operating_point
    decides = "Two records are linked when the classifier gives them the same entity."
    if point.threshold is not None:
        decides = f"Two records are linked when the score of their pair is at least {numbers.exact(point.threshold)}."
    return TaskWords(
        task="linkage",
        metrics=evidence.benchmark.task_metrics.metrics,
        title="Does “{}” link records as the policy asks?",
        key=(
            "Record: one entry. Link: two records are said to belong together. True link: they do. "
            "A link that is missed keeps two parts of one case apart; a wrong one mixes up two cases."
        ),
        decides=decides,
        bound_to="classifier, threshold, test data and policy" if point.threshold is not None else "classifier, test data and policy",
        people=(
            "These figures are about the links alone. Whether people notice a wrong link, or look for one that is missing, "
            "nobody has measured."
        ),
        caught=False,
        per="In 1,000 of them",
        figures=(
            Figure(
                stem="true_links_missed",
                name="True links: missed",
                among="pairwise_recall",
                asked=("pairwise_recall",),
            ),
            Figure(
                stem="wrong_links",
                name="Links made: wrong, two cases are mixed up",
                among="pairwise_precision",
                asked=("pairwise_precision",),
            ),
        ),
        control="How many of 1,000 true links are missed?",
        answered="True links that are missed, of 1,000",
        work="",
        work_refused="",
        refused="They count as errors: such a pair is not linked.",
        nothing="the classifier links every pair that it answers: it tells no records apart",
        reversed="the scores put pairs that do not belong together first: drawing lots would do better",
        phrases=LINKAGE_PHRASES,
        titles={"pairwise_precision": "Links made that are true"},
        denominators={"predicted links": "links made"},
        cells=CellWords(
            heading="The pair is",
            positive="a true link",
            negative="no link",
            selected="linked",
            set_aside="not linked",
            refused=(
                "All true links are counted, also those that nobody put forward as a possible pair: these are missed. "
                "A true link without an answer counts as missed too. Pairs that do not belong together are counted only where "
                "somebody put them forward or the classifier linked them. A true link is counted in the group of the one "
                "that it is about, a wrong link in that of the record that stands first."
            ),
        ),
        best=BestWords(
            above="by luck, or because it looks at more than one pair at a time",
            reaches={"pairwise_recall": "With as many wrong links, ‹it› would find {}."},
            intro=(
                "The records are made, so it is known how likely each possible pair is to belong together. The best possible classifier "
                "with the same inputs and as many wrong links would find this share on average over many such tests. "
                "In one test a classifier can be above it by luck."
            ),
            caption="What the best possible classifier would find with as many wrong links",
            columns=("True links found", "Best to be expected"),
        ),
        group_counts=(("Pairs", "no_answer_rate"), ("True links", "pairwise_recall"), ("Links made", "pairwise_precision")),
        group_metrics=("pairwise_recall", "pairwise_precision"),
        terms=(
            ("Record", "One entry of the data, with what is known about it."),
            ("True link, link made", "Two records that do belong together; two that the classifier says belong together."),
            ("Threshold", "Two records are linked when the score of their pair reaches it. It is part of what is judged."),
            ("Entity, made entity", "All records of one case; all records that the links made join, one to the next."),
            ("Put forward", "A pair is put forward when the benchmark asks whether its two records belong together."),
        ),
        cluster="Pairs that hang together through shared records. They tell less than as many separate pairs.",
        large="large clusters (of many records that hang together)",
        nobody="true link",
        reversed_scores="pairs that are not links tend to score higher",
        definitions={
            "pairwise_recall": (
                "Share of all true links that are linked; a true link that nobody put forward, or without an answer, is missed."
            ),
            "pairwise_precision": "Share of the links made whose two records do belong together; pairs without an answer are left out.",
        },
        no_scores="The classifier says which records belong together and gives no scores.",
    )
