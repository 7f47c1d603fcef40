"""Words of the task `ranking`: leads that wait in a day's queue, of which a fixed number is looked at."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.report import numbers
from evalharness.report.by_task.record import BestWords, CellWords, Figure, TaskWords
from evalharness.report.phrases import Phrase

RANKING_PHRASES: dict[str, Phrase] = {
    "recall_at_budget": Phrase(
        of="{} of the relevant leads are among the ‹budget› that are looked at each day",
        must="{} of the relevant leads must be among the ‹budget› that are looked at each day",
        share="the share of relevant leads that are looked at within the daily budget",
        was="were within the daily budget",
    ),
    "precision_at_budget": Phrase(
        of="{} of the leads that are looked at are relevant",
        must="{} of the leads that are looked at must be relevant",
        share="the share of leads looked at that are relevant",
        was="were relevant",
    ),
    "no_answer_rate": Phrase(
        of="{} of all leads get no answer",
        must="{} of all leads may be left without an answer",
        share="the share of leads without an answer",
        was="got no answer",
    ),
}


def ranking_words(evidence: Evidence) -> TaskWords:
    """Of this evidence."""
    budget = numbers.count(evidence.operating_point.budget_per_day)
    day = _a_day(evidence) or f"Each day {budget} leads are looked at."
    return TaskWords(
        task="ranking",
        metrics=evidence.benchmark.task_metrics.metrics,
        title="Does “{}” put the right leads first, as the policy asks?",
        key=(
            f"Lead: one thing that waits in a day's queue. Relevant: a person should see it that day. Daily budget: the {budget} leads "
            "with the highest scores of the day are looked at; nobody looks at the others."
        ),
        decides=f"Each day the {budget} leads with the highest scores are looked at; of equal scores the earlier arrival.",
        bound_to="classifier, daily budget, test data and policy",
        people=(
            "These figures assume that every lead within the budget is looked at on its day and judged correctly; "
            "nobody has measured that. If reviewers catch 7 in 10, then 3 in 10 of the relevant leads put before them are lost again; "
            "if 9 in 10, then 1 in 10."
        ),
        caught=False,
        per="In 1,000 of them",
        figures=(
            Figure(
                stem="missed_of_relevant_leads",
                name="Relevant leads: nobody looks at them on their day",
                among="recall_at_budget",
                asked=("recall_at_budget",),
            ),
            Figure(
                stem="reviews_without_find",
                name="Leads looked at: not relevant",
                among="precision_at_budget",
                asked=("precision_at_budget",),
            ),
        ),
        control="How many of 1,000 relevant leads does nobody look at on their day?",
        answered="Relevant leads that nobody looks at on their day, of 1,000",
        work=day,
        work_refused=f"{day} The {{}} in 1,000 that got no answer are never among them.",
        refused="They count as errors: nobody looks at them.",
        nothing="every lead is looked at: the classifier puts none of them first",
        reversed="the scores put irrelevant leads before relevant ones: drawing lots would do better",
        phrases=RANKING_PHRASES,
        titles={
            "recall_at_budget": "Relevant leads looked at within the daily budget",
            "precision_at_budget": "Leads looked at that are relevant",
        },
        denominators={"leads selected": "leads looked at"},
        cells=CellWords(
            heading="The lead is",
            positive="relevant",
            negative="irrelevant",
            selected="looked at",
            set_aside="not looked at",
            refused="A lead without an answer takes no place in the queue of its day: a relevant one counts as missed.",
        ),
        best=BestWords(
            reaches={"recall_at_budget": "Within the same budget, ‹it› would find {} of them."},
            intro=(
                "The leads are made, so it is known how likely each is to be relevant. The best possible classifier with the same inputs "
                "and the same daily budget would find this share on average over many such tests. "
                "In one test a classifier can be above it by luck."
            ),
            caption="What the best possible classifier would find within the same daily budget",
            columns=("Relevant leads looked at", "Best to be expected"),
        ),
        group_counts=(("Leads", "no_answer_rate"), ("Relevant leads", "recall_at_budget")),
        group_metrics=("recall_at_budget", "precision_at_budget", "no_answer_rate"),
        terms=(
            ("Relevant lead", "A lead that a person should see on its day. Which leads are relevant is known from their labels."),
            ("Daily budget", f"How many leads people can look at in a day: {budget}. It is part of what is judged."),
            ("Queue", "The leads that wait on one day. The classifier only says in which order."),
            (
                "First in, first out",
                "Leads are looked at in the order in which they arrived that day: what happens when nobody ranks them.",
            ),
        ),
        cluster="Leads that belong together, for example those of one case. They tell less than as many separate leads.",
        large="large clusters (such as cases with many leads)",
        nobody="relevant lead",
        reversed_scores="irrelevant leads tend to score higher",
        definitions={
            "recall_at_budget": "Share of the relevant leads that are looked at on their day; a lead without an answer is missed.",
            "precision_at_budget": "Share of the leads looked at that are relevant; leads without an answer are left out.",
        },
        names={"budget": budget},
    )


def _a_day(evidence: Evidence) -> str:
    """What a day of the test was like; empty where the evidence does not say how many days there were."""
    days = evidence.tallies.queues
    everyone = next((row for row in evidence.tallies.confusion if not row.group), None)
    if days is None or everyone is None:
        return ""
    relevant, missed = everyone.tp + everyone.fn + everyone.no_answer_positive, everyone.fn + everyone.no_answer_positive
    looked = everyone.tp + everyone.fp
    waits, of_them, seen, useless = (numbers.plain(count / days) for count in (sum(everyone.counts), relevant, looked, everyone.fp))
    if looked == days * (evidence.operating_point.budget_per_day or 0):
        seen = numbers.count(evidence.operating_point.budget_per_day)
    text = f"On a day of this test {waits} leads wait, {of_them} of them relevant. {seen} are looked at; {useless} of these find nobody."
    if not missed:
        return f"{text} In {numbers.count(days)} days no relevant one was missed."
    if missed >= days:
        return f"{text} {numbers.plain(missed / days)} relevant ones are missed every day."
    return f"{text} A relevant one is missed every {numbers.plain(days / missed)} days."
