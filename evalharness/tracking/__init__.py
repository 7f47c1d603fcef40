"""MLflow: one run for one evaluation. Optional, imported lazily, and never able to touch a report."""

from evalharness.tracking.mlflow_run import track_run

__all__ = ["track_run"]
