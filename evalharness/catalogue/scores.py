"""What describes the scores of items that are relevant or not (binary, risk), and the bands of the task risk."""

from __future__ import annotations

from typing import Literal

from evalharness.catalogue.metric import Metric

Better = Literal["higher", "lower", "either"]
Unit = Literal["proportion", "index", "log odds", "ratio"]

_ORDER = (
    "no admissible bound is known for it, and it averages over every threshold, though only one is in use; require recall and "
    "false_positive_rate at the threshold instead"
)
_CALIBRATION = (
    "no admissible bound is known for it; it says whether scores can be read as chances, not whether anybody is missed: require recall and "
    "false_positive_rate instead"
)
_BANDS = "of a task risk only the top band is judged; for every band to count, use a benchmark of the task ordinal"
_SCORED = "Items without a score are left out."


def _described(  # noqa: PLR0917  one line of a table
    name: str, title: str, definition: str, better: Better, unit: Unit, why_not: str, elsewhere: str = ""
) -> Metric:
    return Metric(
        name=name, title=title, definition=definition, kind="described", better=better, unit=unit, decides=False, why_not=why_not,
        fairlearn=elsewhere,
    )  # fmt: skip


SCORE_METRICS: tuple[Metric, ...] = (
    _described(
        "roc_auc", "Chance that a relevant item scores above an irrelevant one (AUC)",
        f"Area under the ROC curve: of all pairs of a relevant and an irrelevant item, the share in which the relevant one scores higher, "
        f"ties counting half. 0.5 is no better than drawing lots. {_SCORED}",
        "higher", "index", _ORDER, "roc_auc_score",
    ),
    _described(
        "average_precision", "Precision, averaged over all relevant items found (AP)",
        f"Sum over thresholds of the rise in recall times the precision there. Scores without any order have about the share of relevant "
        f"items, so it cannot be compared between samples of different shares. {_SCORED}",
        "higher", "index", _ORDER, "average_precision_score",
    ),
    _described(
        "brier_score", "Squared error of the scores (Brier score)",
        f"Mean squared difference between the score, read as a chance, and what is true (1 or 0). {_SCORED}",
        "lower", "index", _CALIBRATION, "brier_score_loss",
    ),
    _described(
        "miscalibration", "Part of the squared error that better-set scores would take away",
        "What the Brier score would lose if each score were replaced by the share of relevant items at that place of the order (isotonic "
        "regression; CORP): 0 where scores are chances.",
        "lower", "index", _CALIBRATION,
    ),
    _described(
        "discrimination", "Part of the squared error that the order of the scores takes away",
        "What scores set right would gain over giving everybody the share of relevant items (CORP).",
        "higher", "index", _CALIBRATION,
    ),
    _described(
        "uncertainty", "Squared error of giving everybody the same chance",
        "Share of relevant items times share of irrelevant ones: a property of the items, not of the classifier (CORP). Brier score = "
        "miscalibration - discrimination + uncertainty.",
        "either", "index", _CALIBRATION,
    ),
    _described(
        "calibration_in_the_large", "Whether scores are too high or too low altogether",
        "What must be added to the log odds of every score so that as many items are relevant as the scores say: 0 is right, above 0 the "
        "scores are too low (intercept of a logistic recalibration whose slope is 1).",
        "either", "log odds", _CALIBRATION,
    ),
    _described(
        "calibration_slope", "Whether scores are too extreme or too timid",
        "Slope of a logistic recalibration of the log odds of the scores: 1 is right, below 1 high scores are too "
        "high and low ones too low.",
        "either", "ratio", _CALIBRATION,
    ),
    _described(
        "expected_calibration_error", "Gap between scores and shares, averaged over bins (ECE)",
        "Mean over items of the difference between the mean score and the share of relevant items in the bin of the item: 15 bins of equal "
        "width. It is above 0 by chance alone: compare it with expected_calibration_error_if_calibrated.",
        "lower", "index", _CALIBRATION,
    ),
    _described(
        "expected_calibration_error_if_calibrated", "The same gap, were every score exactly right (ECE by chance)",
        "Mean of the expected calibration error if every item were relevant with exactly its score as chance: how much of it is chance.",
        "either", "index", _CALIBRATION,
    ),
)  # fmt: skip

BAND_METRICS: tuple[Metric, ...] = (
    _described(
        "exact_agreement", "Items given their true band",
        "Share of items whose predicted band is the true one; an item without an answer is wrong.", "higher", "proportion", _BANDS,
        "accuracy_score",
    ),
    _described(
        "under_grading_1", "Items placed at least one band too low",
        "Share of all items that are placed one band or more too low; an item without an answer counts where its true band has one below.",
        "lower", "proportion", _BANDS,
    ),
    _described(
        "under_grading_2", "Items placed at least two bands too low",
        "Share of all items that are placed two bands or more too low; an item without an answer counts where its true band has two below.",
        "lower", "proportion", _BANDS,
    ),
    _described(
        "over_grading_1", "Items placed at least one band too high",
        "Share of all items that are placed one band or more too high; an item without an answer counts where its true band has one above.",
        "lower", "proportion", _BANDS,
    ),
    _described(
        "quadratic_weighted_kappa", "Agreement of the bands beyond chance (QWK)",
        "Agreement beyond that of the shares of the bands alone, an error weighing as the square of the bands it is off: 1 for full "
        "agreement, 0 for none beyond it; an item without an answer counts as given the band that makes kappa least.",
        "higher", "index", _BANDS, "cohen_kappa_score(weights='quadratic')",
    ),
)  # fmt: skip
"""Of the task risk, beside the scores: how predicted and true bands agree."""
