"""What the command line of pytest may ask of the plug-in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

MODEL_TAKEN = pytest.StashKey[bool]()
"""Whether `--model` belongs to somebody else in this run."""
_MODEL_HELP = "Model card: a name in model_cards/, a path, or ADAPTER:LOCATION."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be judged, as given."""

    policy: str
    model: str
    benchmark: str | None
    """Null: the policy's."""
    rows: int | None
    workspace: Path | None
    out: Path | None
    """The run folder that is to be kept; null: a temporary one."""


def add_options(parser: pytest.Parser) -> None:
    """The options of the plug-in, all under its own name."""
    group = parser.getgroup("evalharness", "evalharness: judge a model against a policy, every finding a test")
    group.addoption(
        "--evalharness", dest="evalharness_policy", metavar="POLICY", help="Policy: a name in policies/, or a path. Needs --model."
    )
    group.addoption(
        "--evalharness-model", dest="evalharness_model", metavar="MODEL",
        help=f"{_MODEL_HELP} With --evalharness, --model says the same, unless another plug-in or a conftest.py has that option.",
    )  # fmt: skip
    group.addoption("--evalharness-benchmark", metavar="BENCHMARK", help="Benchmark name or folder; default: the policy's.")
    group.addoption(
        "--evalharness-rows", type=int, metavar="N",
        help="Generated benchmarks: rows other than the recipe's, for quick work (the gate wants the recipe's).",
    )  # fmt: skip
    group.addoption(
        "--evalharness-workspace", type=Path, metavar="DIR", help="Workspace; default: the nearest folder upward with policies/."
    )
    group.addoption(
        "--evalharness-out", type=Path, metavar="DIR",
        help="Keep the run: the folder to make. Default: a temporary folder, so that a test run does not become evidence by accident.",
    )  # fmt: skip


def add_short_model_option(parser: pytest.Parser) -> bool:
    """Adds `--model`, and says whether it could: false where the name is taken."""
    probe = "--model=probe"
    try:
        _, unknown = parser.parse_known_and_unknown_args([probe])
    except pytest.UsageError:  # somebody's option of that name, which takes other values
        return False
    if probe not in unknown:
        return False
    group = parser.getgroup("evalharness")
    group.addoption("--model", dest="evalharness_model", metavar="MODEL", help=_MODEL_HELP)
    return True


def asked(config: pytest.Config) -> Asked | None:
    """What `--evalharness` asks, or None without it. Raises UsageError where the options do not go together."""
    values = {name: config.getoption(f"evalharness_{name}") for name in ("policy", "model", "benchmark", "rows", "workspace", "out")}
    if values["policy"] is None:
        given = sorted(f"--evalharness-{name}" for name, value in values.items() if value is not None)
        if given:
            raise pytest.UsageError(f"{', '.join(given)} says nothing without --evalharness POLICY")
        return None
    if values["model"] is None:
        taken = config.stash.get(MODEL_TAKEN, False)
        hint = "--evalharness-model MODEL (the option --model belongs to another plug-in or conftest.py here)" if taken else "--model MODEL"
        raise pytest.UsageError(f"--evalharness POLICY needs {hint}: which model is to be judged?")
    return Asked(**values)
