"""Metrics made of several proportions or of distances between levels, with an asymptotic interval. They describe and never decide."""

from evalharness.metrics.composites.binary import balanced_accuracy, cohen_kappa, f1, fbeta, matthews_corrcoef, youden
from evalharness.metrics.composites.composite import Composite
from evalharness.metrics.composites.estimates import composite_estimates
from evalharness.metrics.composites.ordinal import kappa, macro_averaged_mean_absolute_error, mean_absolute_error

__all__ = [
    "Composite",
    "balanced_accuracy",
    "cohen_kappa",
    "composite_estimates",
    "f1",
    "fbeta",
    "kappa",
    "macro_averaged_mean_absolute_error",
    "matthews_corrcoef",
    "mean_absolute_error",
    "youden",
]
