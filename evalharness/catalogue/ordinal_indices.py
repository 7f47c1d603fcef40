"""Kappas and absolute errors of the task `ordinal`: each one number for all levels, so none of them may decide."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric

_INDEX = (
    "no admissible bound is known for it: its usual intervals approve wrongly too often, and one number for all levels hides a grave error "
    "among many small ones; require shares (exact_agreement, under_grading_1, critical_miss, the recall of a level) instead"
)
_AT_WORST = "an item without an answer counts as given the level that makes kappa least"
_FARTHEST = "an item without an answer counts as given the level farthest from its true one"


def ordinal_indices(size: int) -> tuple[Metric, ...]:
    """Those of `size` levels, in the order of their composites."""
    return (
        _kappa(
            size,
            "quadratic_weighted_kappa",
            "Quadratic weighted kappa (QWK)",
            "Agreement beyond that of the shares of the levels alone, an error weighing as the square of the levels it is off",
            "cohen_kappa_score(weights='quadratic')",
        ),
        _kappa(
            size,
            "linear_weighted_kappa",
            "Linear weighted kappa",
            "Agreement beyond that of the shares of the levels alone, an error weighing as the levels it is off",
            "cohen_kappa_score(weights='linear')",
        ),
        _kappa(
            size,
            "cohen_kappa",
            "Cohen's kappa",
            "Agreement beyond that of the shares of the levels alone, every error weighing the same",
            "cohen_kappa_score",
        ),
        _error(
            size,
            "mean_absolute_error",
            "Levels off, on average (MAE)",
            f"Mean number of levels between the predicted and the true one; {_FARTHEST}.",
            "mean_absolute_error",
        ),
        _error(
            size,
            "macro_averaged_mean_absolute_error",
            "Levels off, averaged over the true levels (macro MAE)",
            "Mean over the true levels that have items of the mean number of levels between the predicted and the true one, "
            f"so that a rare level counts as much as a common one; {_FARTHEST}.",
            "macro_averaged_mean_absolute_error",
        ),
    )


def _kappa(size: int, name: str, title: str, definition: str, elsewhere: str) -> Metric:
    nothing = (0,) * (size * size + size)
    return Metric(
        name=name,
        title=title,
        kind="composite",
        better="higher",
        unit="index",
        decides=False,
        why_not=_INDEX,
        definition=f"{definition}: 1 for full agreement, 0 for none beyond it; {_AT_WORST}.",
        numerator=nothing,
        denominator=nothing,
        fairlearn=elsewhere,
    )


def _error(size: int, name: str, title: str, definition: str, elsewhere: str) -> Metric:
    nothing = (0,) * (size * size + size)
    return Metric(
        name=name,
        title=title,
        kind="composite",
        better="lower",
        unit="levels",
        decides=False,
        why_not=_INDEX,
        definition=definition,
        numerator=nothing,
        denominator=nothing,
        fairlearn=elsewhere,
    )
