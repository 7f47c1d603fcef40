"""Words of the task `risk`: reports with a probability and a band, of which the top band is acted on first."""

from __future__ import annotations

from evalharness.catalogue import task_metrics
from evalharness.evidence import Evidence
from evalharness.report import numbers
from evalharness.report.by_task.record import BestWords, CellWords, Figure, TaskWords
from evalharness.report.by_task.risk_definitions import RISK_DEFINITIONS
from evalharness.report.fitting import cut
from evalharness.report.phrases import Phrase

_BAND, _BANDS = 24, 60
"""Characters of one band, and of all of them, on page one."""

RISK_PHRASES: dict[str, Phrase] = {
    "recall": Phrase(
        of="{} of the reports that are truly “‹top›” are placed there",
        must="{} of the reports that are truly “‹top›” must be placed there",
        share="the share of truly “‹top›” reports that are placed there",
        was="were placed there",
    ),
    "false_negative_rate": Phrase(
        of="{} of the reports that are truly “‹top›” are placed lower",
        must="{} of the reports that are truly “‹top›” may be placed lower",
        share="the share of truly “‹top›” reports that are placed lower",
        was="were placed lower",
    ),
    "specificity": Phrase(
        of="{} of the other reports are kept out of “‹top›”",
        must="{} of the other reports must be kept out of “‹top›”",
        share="the share of other reports that are kept out of “‹top›”",
        was="were kept out of “‹top›”",
    ),
    "false_positive_rate": Phrase(
        of="{} of the other reports are wrongly placed in “‹top›”",
        must="{} of the other reports may be wrongly placed in “‹top›”",
        share="the share of other reports that are wrongly placed in “‹top›”",
        was="were wrongly placed in “‹top›”",
    ),
    "precision": Phrase(
        of="{} of the reports placed in “‹top›” belong there",
        must="{} of the reports placed in “‹top›” must belong there",
        share="the share of reports placed in “‹top›” that belong there",
        was="belong there",
    ),
    "false_discovery_rate": Phrase(
        of="{} of the reports placed in “‹top›” do not belong there",
        must="{} of the reports placed in “‹top›” may be there wrongly",
        share="the share of reports placed in “‹top›” that do not belong there",
        was="do not belong there",
    ),
    "negative_predictive_value": Phrase(
        of="{} of the reports placed lower belong there",
        must="{} of the reports placed lower must belong there",
        share="the share of reports placed lower that belong there",
        was="belong there",
    ),
    "selection_rate": Phrase(
        of="{} of all reports are placed in “‹top›”",
        must="{} of all reports must be placed in “‹top›”",
        share="the share of reports placed in “‹top›”",
        was="were placed in “‹top›”",
    ),
    "accuracy": Phrase(
        of="{} of all reports are rightly placed in “‹top›” or below it",
        must="{} of all reports must be rightly placed in “‹top›” or below it",
        share="the share of reports rightly placed in “‹top›” or below it",
        was="were rightly placed",
    ),
    "review_rate": Phrase(
        of="{} of all reports are acted on first",
        must="{} of all reports may be among those acted on first",
        share="the share of reports that are acted on first",
        was="are acted on first",
    ),
    "set_aside_rate": Phrase(
        of="{} of all reports are placed lower than “‹top›”",
        must="{} of all reports must be placed lower than “‹top›”",
        share="the share of reports placed lower than “‹top›”",
        was="were placed lower",
    ),
    "elusion": Phrase(
        of="{} of the reports placed lower are truly “‹top›”",
        must="{} of the reports placed lower may be truly “‹top›”",
        share="the share of reports placed lower that are truly “‹top›”",
        was="are truly “‹top›”",
    ),
    "no_answer_rate": Phrase(
        of="{} of all reports get no answer",
        must="{} of all reports may be left without an answer",
        share="the share of reports without an answer",
        was="got no answer",
    ),
    "routed_recall": Phrase(
        of="{} of the truly “‹top›” reports are acted on first",
        must="{} of the truly “‹top›” reports must be among those acted on first",
        share="the share of truly “‹top›” reports that are acted on first",
        was="are acted on first",
    ),
    "system_recall": Phrase(
        of="{} of the truly “‹top›” reports are recognised by model and reviewers together",
        must="{} of the truly “‹top›” reports must be recognised by model and reviewers together",
        share="the share of truly “‹top›” reports recognised by model and reviewers together",
    ),
    "review_minutes_per_1000": Phrase(
        of="1,000 reports take {} of review", must="1,000 reports may take {} of review", share="the review time for 1,000 reports"
    ),
    "reviews_per_find": Phrase(
        of="{} are needed for each truly “‹top›” report found",
        must="{} may be needed for each truly “‹top›” report found",
        share="the number of reviews for each truly “‹top›” report found",
    ),
    "expected_cost": Phrase(
        of="a report costs {} on average", must="a report may cost {} on average", share="the average cost of a report"
    ),
    "recall_of_answered": Phrase(
        of="{} of the truly “‹top›” reports that got an answer are placed there",
        must="{} of the truly “‹top›” reports that got an answer must be placed there",
        share="the share placed there among truly “‹top›” reports with an answer",
    ),
}
_TITLES = {
    "recall": "Truly “‹top›” reports that are placed there",
    "false_negative_rate": "Truly “‹top›” reports placed lower",
    "specificity": "Other reports kept out of “‹top›”",
    "false_positive_rate": "Other reports wrongly placed in “‹top›”",
    "precision": "Reports in “‹top›” that belong there",
    "false_discovery_rate": "Reports in “‹top›” that do not belong there",
    "negative_predictive_value": "Reports placed lower that belong there",
    "selection_rate": "Reports placed in “‹top›”",
    "accuracy": "Reports on the right side of “‹top›”",
    "review_rate": "Reports that are acted on first",
    "set_aside_rate": "Reports placed lower",
    "elusion": "Reports placed lower that are truly “‹top›”",
    "no_answer_rate": "Reports without an answer",
    "routed_recall": "Truly “‹top›” reports that are acted on first",
    "system_recall": "Truly “‹top›” reports recognised by model and reviewers together",
    "review_minutes_per_1000": "Review minutes per 1,000 reports",
    "reviews_per_find": "Reviews per truly “‹top›” report found",
    "expected_cost": "Expected cost per report",
    "recall_of_answered": "Truly “‹top›” reports placed there, among those answered",
}
_DENOMINATORS = {
    "relevant items": "truly “‹top›” reports",
    "irrelevant items": "other reports",
    "items selected": "reports placed in “‹top›”",
    "items set aside": "reports placed lower",
    "items": "reports",
    "items reviewed": "reports acted on first",
    "relevant items answered": "truly “‹top›” reports with an answer",
}


def risk_words(evidence: Evidence) -> TaskWords:
    """Of this evidence."""
    top = cut(evidence.operating_point.top_band or "top", _BAND)
    bands = cut(", ".join(cut(level, _BAND) for level in evidence.benchmark.levels) or top, _BANDS)
    return TaskWords(
        task="risk",
        metrics=task_metrics("risk").metrics,
        title="Does “{}” place reports as the policy asks?",
        key=(
            f"Report: one thing to judge. Bands, lowest first: {bands}. Those in “{top}” are acted on first. "
            f"Truly “{top}”: where a report belongs. Placed lower: in any other band."
        ),
        decides=f"A report is acted on first when the classifier places it in the band “{top}”.",
        bound_to="classifier, top band, test data and policy",
        people=f"These figures assume that every report in “{top}” is acted on in time and judged correctly; nobody has measured that.",
        caught=True,
        per=f"In 1,000 reports of any{numbers.SPACE}kind",
        figures=(
            Figure(
                stem="missed",
                name="Truly “‹top›” reports placed lower",
                among="false_negative_rate",
                among_name="truly “‹top›” ones",
                asked=("recall", "false_negative_rate"),
                own="The same in 1,000 truly “‹top›” ones",
            ),
            Figure(
                stem="wrongly_flagged",
                name="Other reports acted on first: wrongly placed",
                without=", or without an answer",
                among="false_positive_rate",
                asked=("false_positive_rate", "specificity"),
                own="The same in 1,000 other reports",
            ),
            Figure(stem="reviewed", name="Reports that are acted on first"),
        ),
        control=f"How many reports that are truly “{top}” are placed lower, in 1,000 reports of any kind?",
        answered=f"Truly “{top}” reports placed lower, in 1,000 reports of any kind",
        untold=_untold(evidence, top),
        work=f"A person opens the reports in “{top}” first; the rest wait.",
        work_refused=f"A person opens the reports in “{top}” first, and the {{}} in 1,000 that got no answer; the rest wait.",
        refused="In the checks above they count as errors; in the table they go to a person.",
        nothing=f"the classifier places every report that it answers in “{top}”: it tells none apart",
        reversed="the scores put other reports before the gravest: drawing lots would do better",
        phrases=RISK_PHRASES,
        titles=_TITLES,
        denominators=_DENOMINATORS,
        cells=CellWords(
            heading="The report is",
            positive="truly “‹top›”",
            negative="not “‹top›”",
            selected="placed in “‹top›”",
            set_aside="placed lower",
            refused=(
                "A report without an answer counts against the classifier: a truly “‹top›” one as placed lower, another one as wrongly "
                "placed in “‹top›”."
            ),
        ),
        best=BestWords(
            reaches={
                "recall": "With as many wrongly placed in “‹top›”, ‹it› would place {} there.",
                "false_positive_rate": "To find as many, ‹it› would place {} there wrongly.",
            },
            intro=(
                "The reports are made, so it is known how likely each is to belong in “‹top›”. The best possible classifier with the same "
                "inputs would find this share on average over many such tests. In one test a classifier can be above it by luck."
            ),
            caption="What the best possible classifier would find with as many wrongly placed",
            columns=("Other reports wrongly placed in “‹top›”", "Truly “‹top›” reports found", "Best to be expected"),
        ),
        group_counts=(("Reports", "selection_rate"), ("Truly “‹top›” reports", "recall")),
        group_metrics=("recall", "false_positive_rate", "precision", "selection_rate"),
        terms=(
            ("Band", f"How grave the classifier takes a report to be. Lowest first: {bands}."),
            ("Top band", f"“{top}”: what is acted on first. It is part of what is judged."),
        ),
        cluster="Reports that belong together, for example about one case. They tell less than as many separate reports.",
        large="large clusters (such as cases with many reports)",
        nobody="report that is truly “‹top›”",
        reversed_scores="other reports tend to score higher",
        definitions=RISK_DEFINITIONS,
        no_scores="The classifier gives each report a band and no probability.",
        names={"top": top},
    )


def _untold(evidence: Evidence, top: str) -> str:
    """That the lower bands are one to every check, and that nobody asks whether the chances are right."""
    levels = evidence.benchmark.levels
    alike = ""
    if len(levels) > 2:
        near, low = cut(levels[-2], _BAND), cut(levels[0], _BAND)
        alike = f": a truly “{top}” report placed in “{near}” or in “{low}” counts alike"
    return f"Only “{top}” is judged{alike}. Whether the stated chance is right is not judged."
