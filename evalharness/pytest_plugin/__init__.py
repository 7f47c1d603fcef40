"""pytest plug-in: every finding of a policy is a test.

    pytest --evalharness POLICY --model MODEL

It is loaded in every pytest run where evalharness is installed, so importing it loads nothing but pytest: all else waits for
`--evalharness` or for a fixture. A green run is not a sign-off; the gate decides.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalharness.pytest_plugin.options import MODEL_TAKEN, add_options, add_short_model_option, asked

if TYPE_CHECKING:
    from evalharness.workflows.evaluate import Run

__all__ = ["evalharness_run", "evaluate_model"]

_SESSION = "evalharness-findings"
_NOT_ASKED = "the fixture evalharness_run needs `pytest --evalharness POLICY --model MODEL`: without it no model was judged"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser) -> Generator[None, Any, Any]:
    """`--model` is a name that many a conftest.py has: it is ours only where it is needed and nobody else took it."""
    result = yield
    known = early_config.known_args_namespace
    if known.evalharness_policy is not None and known.evalharness_model is None:
        early_config.stash[MODEL_TAKEN] = not add_short_model_option(parser)
    return result


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "evalharness: a finding of the policy that --evalharness names (set by the plug-in)")
    request = asked(config)
    if request is None:
        return
    from evalharness.pytest_plugin.session import FindingsSession  # noqa: PLC0415  heavy, and only now asked for

    if config.pluginmanager.register(FindingsSession(config, request), _SESSION) is None:
        raise pytest.UsageError(f"--evalharness cannot work with `-p no:{_SESSION}`")


@pytest.fixture(scope="session")
def evalharness_run(pytestconfig: pytest.Config) -> Run:
    """The finished run of `--evalharness POLICY --model MODEL`: `.evidence`, `.findings`, `.verdict`, `.folder`. Evaluated once."""
    session = pytestconfig.pluginmanager.get_plugin(_SESSION)
    if session is None:
        pytest.fail(_NOT_ASKED, pytrace=False)
    run: Run = session.finished()
    return run


@pytest.fixture
def evaluate_model(tmp_path: Path) -> Callable[..., Run]:
    """`evaluate_model(policy, model, **options)`: `evalharness.evaluate` that writes into the test's `tmp_path`, never into `reports/`."""
    numbers = count(1)

    def evaluate_in_tmp_path(policy: str | Path, model: str | Path, **options: Any) -> Run:
        from evalharness.workflows.evaluate import evaluate  # noqa: PLC0415

        if options.get("out") is None:
            options["out"] = tmp_path / f"evalharness-run-{next(numbers)}"
        return evaluate(policy, model, **options)

    return evaluate_in_tmp_path
