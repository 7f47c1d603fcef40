"""The reference models of lead-priority: one that knows what is missing, one for which a blank is good news."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from evalharness.benchmarks import Benchmark
from reference_models.archive import archive
from reference_models.mixed_features import fill, split, trained

BENCHMARK = "lead-priority"
UNSUSPICIOUS = {"n01": -16, "n02": -16, "n03": 16, "n04": 283, "n05": -16, "n06": 283, "n07": 16, "n08": 0}
"""For each number a value on the side of leads not at risk: one standard deviation from their middle."""
MODELS: dict[str, bool] = {"lead-reference": False, "lead-blanks": True}
"""Model -> whether a missing number counts as the least suspicious one, as in a score card on which a blank earns no points."""
SKEWED = ("n04", "n06")
LEVELS = ("c1", "c2", "c3", "hour")


def artifact(benchmark: Benchmark, name: str) -> bytes:
    """The bytes of `name`.skops."""
    return archive(train(benchmark, blanks=MODELS[name]))


def train(benchmark: Benchmark, *, blanks: bool) -> Pipeline:
    """On the train split; with `blanks` on its complete leads alone, as if the supplier had thrown the others away."""
    features, at_risk = split(benchmark, "train")
    if blanks:
        complete = features.notna().all(axis=1).to_numpy()
        features, at_risk = features[complete], at_risk[complete]
    return trained(
        features,
        at_risk,
        classes=(benchmark.info.negative, benchmark.info.positive),
        numbers={name: fill(float(value) if blanks else None) for name, value in UNSUSPICIOUS.items()},
        skewed=SKEWED,
        levels=LEVELS,
    )
