"""One pytest session with `--evalharness`: the model is judged once, every finding is a test, and the end says what that is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalharness.errors import shown
from evalharness.evidence.store import StoredRun
from evalharness.pytest_plugin.items import OUTCOME_PROPERTY, items_of, named_items
from evalharness.pytest_plugin.judging import judged, names_asked, read_again, run_of
from evalharness.pytest_plugin.options import Asked
from evalharness.pytest_plugin.summary import Summary

if TYPE_CHECKING:
    from evalharness.workflows.evaluate import Run

_HANDED_OVER = "evalharness_run"


class FindingsSession:
    """Registered only when `--evalharness` was given.

    Under pytest-xdist the controller judges before the workers start and hands the run folder's path to them; they read it. Without
    pytest-xdist the one process does both.
    """

    def __init__(self, config: pytest.Config, request: Asked) -> None:
        self._config, self._request = config, request
        self._run: StoredRun | None = None
        self._names: tuple[str, ...] = ()
        self._outcomes: dict[str, str] = {}

    def pytest_sessionstart(self) -> None:
        """Before any worker starts: pytest-xdist starts them last."""
        handed_over = getattr(self._config, "workerinput", {}).get(_HANDED_OVER)
        if handed_over is not None:
            self._run = read_again(Path(handed_over))
        elif self._lists_only:
            self._names = names_asked(self._request, self._say)
        else:
            self._say(f"judging {self._request.model} against {self._request.policy}")
            self._run = judged(self._request, self._folder(), self._say)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """pytest-xdist: what a worker is told."""
        if self._run is not None:
            node.workerinput[_HANDED_OVER] = str(self._run.folder)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """First, so that `-k`, `-m` and `--lf` choose among findings as among tests."""
        findings = named_items(session, self._request.policy, self._names) if self._run is None else items_of(session, self._run)
        items[:0] = findings
        if findings and findings[0].parent is not None:  # what counts collected tests hears of these too
            where = findings[0].parent.nodeid
            session.config.hook.pytest_collectreport(
                report=pytest.CollectReport(nodeid=where, outcome="passed", longrepr=None, result=list(findings))
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and (outcome := dict(report.user_properties).get(OUTCOME_PROPERTY)) is not None:
            self._outcomes[str(report.nodeid)] = str(outcome)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """What was to be judged and was not, or is not met in spite of a mark that excuses it, is never a success."""
        if not self._is_worker and not self._lists_only and session.exitstatus == pytest.ExitCode.OK and self._failure():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._is_worker:
            return
        terminalreporter.section("evalharness", sep="=")
        for line in self._summary_lines():
            terminalreporter.write_line(line)

    def finished(self) -> Run:
        """The run, for the fixture."""
        if self._run is None:
            pytest.fail("nothing was judged: pytest only lists tests", pytrace=False)
        return run_of(self._run)

    @property
    def _is_worker(self) -> bool:
        return hasattr(self._config, "workerinput")

    @property
    def _lists_only(self) -> bool:
        return bool(self._config.getoption("collectonly", default=False))

    def _failure(self) -> str:
        if not self._outcomes:
            return "no finding was run"
        return "a finding is not met" if set(self._outcomes.values()) != {"met"} else ""

    def _summary_lines(self) -> Sequence[str]:
        if self._run is None:
            return [f"findings listed: {len(self._names)}; no model was run"]
        return Summary(run=self._run, outcomes=tuple(self._outcomes.values()), kept=self._request.out is not None).lines()

    def _folder(self) -> Path:
        if self._request.out is not None:
            return self._request.out
        factory: pytest.TempPathFactory | None = getattr(self._config, "_tmp_path_factory", None)
        if factory is None:
            raise pytest.UsageError("without pytest's plug-in tmpdir, --evalharness needs --evalharness-out DIR")
        return factory.mktemp("evalharness") / "run"

    def _say(self, text: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and not self._is_worker and self._config.get_verbosity() >= 0:
            reporter.write_line(f"evalharness: {shown(text, 600)}")
