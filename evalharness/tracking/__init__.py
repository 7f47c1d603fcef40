"""MLflow: one run for one evaluation, and for one comparison a run with one below it for each model. Optional, imported lazily, and never
able to touch a report."""

from evalharness.tracking.mlflow_comparison import track_comparison
from evalharness.tracking.mlflow_run import track_run

__all__ = ["track_comparison", "track_run"]
