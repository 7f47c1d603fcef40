"""`pytest --evalharness POLICY --model MODEL`, run as a team would run it: in this process, in another, and under pytest-xdist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET  # what pytest and the harness have just written

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

pytest_plugins = ["pytester"]

HEAVY = {"numpy", "scipy", "pandas", "pyarrow", "sklearn", "pydantic", "ruamel", "jinja2", "rich", "typer", "rfc8785", "cryptography"}
NAMES = ["recall", "everyone[sex=F]", "everyone[sex=M]", *(f"everyone[race={r},sex={s}]" for r in "ABC" for s in "FM"), "no-answer"]
NOT_A_SIGN_OFF = "this is not a sign-off; the gate decides"


@pytest.fixture(scope="module", autouse=True)
def _libraries_are_loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """pytester forgets what was imported during a test, and compiled libraries cannot be loaded twice: so all are loaded before."""
    root = tmp_path_factory.mktemp("warm")
    SmallWorkspace(root).write().write_card()
    assert evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", root).code == 0


@pytest.fixture
def space(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> SmallWorkspace:
    for name in ("CI", "BUILD_NUMBER"):  # pytest repeats every failure in full at the end where one of them is set
        monkeypatch.delenv(name, raising=False)
    made = SmallWorkspace(pytester.path).write()
    made.write_card()
    return made


def failing(space: SmallWorkspace) -> None:
    """One finding each that is not met, not demonstrated and not evaluable; the others are met."""
    requirements = [
        {"id": "recall", "metric": "recall", "at_least": 0.9, "why": "w"},
        {"id": "alarms", "metric": "false_positive_rate", "at_most": 0.05, "why": "Each opens a private message."},
        {"id": "nearly", "metric": "recall", "at_least": 0.97, "why": "w"},
        {"id": "together", "metric": "system_recall", "at_least": 0.5, "why": "w"},
        {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01},
        {"id": "reviews", "metric": "review_rate", "at_most": 0.9},
    ]
    people = {"minutes_per_review": 3, "items_per_week": 9, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
    space.write_policy(policy(requirements=requirements, human_in_the_loop=people, claim="local", stream="s"))
    space.write_benchmark(sampling="every tenth")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("--evalharness", "small", "--model", "vendor", *arguments)


def text(result: pytest.RunResult) -> str:
    return result.stdout.str() + result.stderr.str()


def test_every_finding_is_a_test_and_green_is_no_sign_off(pytester: pytest.Pytester, space: SmallWorkspace):
    result = run(pytester, "-v")
    result.assert_outcomes(passed=len(NAMES))
    assert result.ret == 0
    for name in NAMES:
        assert f"evalharness::small::{name} PASSED" in text(result)
    assert f"findings {len(NAMES)} of {len(NAMES)} run: {len(NAMES)} met; {NOT_A_SIGN_OFF}" in text(result)
    assert "verdict of all findings MET, claim REHEARSAL" in text(result)
    assert not space.reports.exists()
    assert "(temporary; --evalharness-out DIR keeps it)" in text(result)


def test_whatever_is_not_met_fails_in_words(pytester: pytest.Pytester, space: SmallWorkspace):
    failing(space)
    result = run(pytester)
    assert result.ret == 1
    result.assert_outcomes(passed=3, failed=3)
    said = text(result)
    for line in (
        "alarms: NOT MET",
        "  asked:     At most 5 % of the irrelevant items may be wrongly flagged.",
        "  why asked: Each opens a private message.",
        "nearly: NOT DEMONSTRATED",
        "together: NOT EVALUABLE",
        "  outcome:   not evaluable (the reviewers' sensitivity is only declared, which decides rehearsals and not a claim of local)",
    ):
        assert line.replace("5 %", "5\u00a0%") in said, line
    assert "We are 95\u00a0% sure that at least" in said
    assert "relevant items" in said
    assert "more data: More data of this kind would not help" in said
    assert "more data: A new test on about" in said
    assert said.count("report.html") == 4
    for word in ("Traceback", "def runtest", "raise ", ".py:", "skipped", "xfailed"):
        assert word not in said, word
    assert f"1 not met, 1 not evaluable, 1 not demonstrated, 3 met; {NOT_A_SIGN_OFF}" in said


def test_a_failure_of_a_group_names_it(pytester: pytest.Pytester, space: SmallWorkspace):
    space.write_policy(policy(requirements=[{"id": "all", "metric": "recall", "at_least": 0.99, "for_each": [["sex", "race"]]}]))
    result = run(pytester)
    assert result.ret == 1
    assert "all[race=C,sex=F]: NOT " in text(result)
    assert "(here: race C and sex F)" in text(result)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--evalharness", "small"], "--evalharness POLICY needs --model MODEL"),
        (["--evalharness", "none", "--model", "vendor"], "no such policy"),
        (["--evalharness", "small", "--model", "none"], "no such model"),
        (["--evalharness", "small", "--model", "predictions:none.csv"], "the model's artefact is not there"),
        (["--evalharness", "small", "--model", "vendor", "--evalharness-benchmark", "none"], "no such benchmark"),
        (["--evalharness", "small", "--model", "vendor", "--evalharness-workspace", "none"], "the workspace is not a folder"),
        (["--evalharness", "small", "--model", "vendor", "--evalharness-out", "policies"], "not empty"),
        (["--evalharness", "small", "--model", "vendor", "--evalharness-rows", "many"], "invalid int value"),
        (["--evalharness", "small", "--model", "vendor", "-p", "no:evalharness-findings"], "cannot work with"),
        (["--evalharness", "small", "--model", "none", "--collect-only"], "no such model"),
        (["--evalharness-out", "x"], "--evalharness-out says nothing without --evalharness POLICY"),
        (["--model", "vendor"], "unrecognized arguments"),
        (["-p", "no:evalharness", "--evalharness", "small", "--model", "vendor"], "unrecognized arguments"),
    ],
)
def test_a_wrong_question_is_a_usage_error(pytester: pytest.Pytester, space: SmallWorkspace, arguments: list[str], words: str):
    result = pytester.runpytest_inprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in text(result)
    assert "Traceback" not in text(result)
    assert not space.reports.exists()


def test_a_broken_policy_lists_every_problem_with_its_place(pytester: pytest.Pytester, space: SmallWorkspace):
    space.write_policy(policy(confidence=2, nonsense=1))
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "small.yaml:" in text(result)
    assert "nonsense" in text(result)
    assert "confidence" in text(result)


def test_choosing_findings_says_how_many_were_left_out(pytester: pytest.Pytester, space: SmallWorkspace):
    result = run(pytester, "-k", "recall or no-answer")
    assert result.ret == 0
    assert f"findings 2 of {len(NAMES)} run: 2 met; {NOT_A_SIGN_OFF}" in text(result)
    assert f"! {len(NAMES) - 2} of the findings were not run: what is green says nothing of them" in text(result)


def test_running_no_finding_at_all_fails_although_other_tests_pass(pytester: pytest.Pytester, space: SmallWorkspace):
    pytester.makepyfile(test_own="def test_own(): pass")
    result = run(pytester, "-m", "not evalharness")
    result.assert_outcomes(passed=1, deselected=len(NAMES))
    assert result.ret == 1
    assert f"findings 0 of {len(NAMES)} run; {NOT_A_SIGN_OFF}" in text(result)
    assert "! not one finding was run, so this run fails" in text(result)


def test_the_marker_chooses_findings_alone_and_is_known_to_strict_markers(pytester: pytest.Pytester, space: SmallWorkspace):
    pytester.makepyfile(test_own="def test_own(): assert False")
    result = run(pytester, "-m", "evalharness", "--strict-markers")
    result.assert_outcomes(passed=len(NAMES), deselected=1)
    assert result.ret == 0


def test_stopping_at_the_first_failure_says_what_was_not_reached(pytester: pytest.Pytester, space: SmallWorkspace):
    failing(space)
    result = run(pytester, "-x")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == 1
    assert "findings 2 of 6 run: 1 not met, 1 met" in text(result)


def test_the_last_failures_can_be_run_again(pytester: pytest.Pytester, space: SmallWorkspace):
    failing(space)
    run(pytester)
    result = run(pytester, "--lf")
    result.assert_outcomes(failed=3, deselected=3)


@pytest.mark.parametrize("mark", ["xfail", "skip"])
def test_no_mark_excuses_a_finding(pytester: pytest.Pytester, space: SmallWorkspace, mark: str):
    failing(space)
    pytester.makeconftest(f"""
        import pytest
        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.{mark})
    """)
    assert run(pytester).ret == 1


def test_listing_tests_lists_findings_and_runs_no_model(pytester: pytest.Pytester, space: SmallWorkspace, monkeypatch: pytest.MonkeyPatch):
    def no_model(*_: object, **__: object) -> None:
        raise AssertionError("a model was run")

    monkeypatch.setattr("evalharness.workflows.evaluate.evaluate", no_model)
    result = run(pytester, "--collect-only", "-q")
    assert result.ret == 0
    lines = text(result).splitlines()
    assert [line for line in lines if line.startswith("evalharness::")] == [f"evalharness::small::{name}" for name in NAMES]
    assert f"findings listed: {len(NAMES)}; no model was run" in lines
    assert any(line.startswith(f"{len(NAMES)} tests collected") for line in lines)


def test_a_run_that_is_to_be_kept_can_be_verified(pytester: pytest.Pytester, space: SmallWorkspace):
    result = run(pytester, "--evalharness-out", "kept/run")
    assert result.ret == 0
    assert "(temporary" not in text(result)
    assert evalharness("verify", pytester.path / "kept" / "run").code == 0


def test_junit_xml_names_findings_as_the_report_does(pytester: pytest.Pytester, space: SmallWorkspace):
    failing(space)
    run(pytester, "--junitxml", "out.xml", "--evalharness-out", "kept")
    cases = {case.get("name"): case for case in ET.parse(pytester.path / "out.xml").iter("testcase")}  # noqa: S314
    ours = {case.get("name"): case for case in ET.parse(pytester.path / "kept" / "junit.xml").iter("testcase")}  # noqa: S314
    assert set(cases) == set(ours)
    assert {name for name, case in cases.items() if case.find("failure") is not None} == {"alarms", "nearly", "together"}
    failure = cases["alarms"].find("failure")
    assert failure is not None
    assert str(failure.get("message")).startswith("alarms: NOT MET")
    assert {case.get("classname") for case in cases.values()} == {"evalharness.small"}


OWN_TESTS = f"""
    import pytest

    def test_the_run(evalharness_run):
        assert evalharness_run.verdict.outcome == "met"
        assert len(evalharness_run.findings) == {len(NAMES)}
        assert evalharness_run.evidence["model"]["name"] == "vendor"
        assert (evalharness_run.folder / "report.html").is_file()

    @pytest.mark.parametrize("benchmark", ["small", None])
    def test_another_run(evaluate_model, tmp_path, benchmark):
        run, again = (evaluate_model("small", "vendor", benchmark=benchmark, workspace=WORKSPACE) for _ in range(2))
        assert run.folder.parent == again.folder.parent == tmp_path
        assert run.folder != again.folder
        assert run.findings[0].outcome == "met"
"""


def own_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_own=OWN_TESTS.replace("WORKSPACE", f"__import__('pathlib').Path({str(pytester.path)!r})"))


def test_fixtures_give_teams_the_run_and_a_way_to_make_others(pytester: pytest.Pytester, space: SmallWorkspace):
    own_tests(pytester)
    result = run(pytester, "test_own.py")
    result.assert_outcomes(passed=len(NAMES) + 3)
    assert not space.reports.exists()


def test_without_the_option_the_factory_works_and_the_run_is_an_error_in_a_line(pytester: pytest.Pytester, space: SmallWorkspace):
    own_tests(pytester)
    result = pytester.runpytest_inprocess("test_own.py")
    result.assert_outcomes(passed=2, errors=1)
    assert "the fixture evalharness_run needs `pytest --evalharness POLICY --model MODEL`" in text(result)
    assert "not a sign-off" not in text(result)


def test_a_team_s_own_option_model_stays_theirs(pytester: pytest.Pytester, space: SmallWorkspace):
    pytester.makeconftest('def pytest_addoption(parser): parser.addoption("--model", choices=["a", "b"])')
    pytester.makepyfile(test_own='def test_own(pytestconfig): assert pytestconfig.getoption("model") == "a"')
    pytester.runpytest_inprocess("--model", "a").assert_outcomes(passed=1)
    refused = pytester.runpytest_inprocess("--model", "a", "--evalharness", "small")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    assert "needs --evalharness-model MODEL (the option --model belongs to another plug-in or conftest.py here)" in text(refused)
    both = pytester.runpytest_inprocess("--model", "a", "--evalharness", "small", "--evalharness-model", "vendor")
    both.assert_outcomes(passed=len(NAMES) + 1)


def in_another_process(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*arguments, timeout=300)


def test_under_xdist_the_model_is_judged_once_and_workers_read_the_run(pytester: pytest.Pytester, space: SmallWorkspace):
    own_tests(pytester)
    asked = ["--evalharness", "small", "--model", "vendor"]
    result = in_another_process(pytester, *asked, "-n", "2", "--evalharness-out", "kept")  # a second evaluation would find the folder taken
    result.assert_outcomes(passed=len(NAMES) + 3)
    assert result.ret == 0
    assert text(result).count("evalharness: judging vendor against small") == 1
    assert f"findings {len(NAMES)} of {len(NAMES)} run: {len(NAMES)} met; {NOT_A_SIGN_OFF}" in text(result)


def test_under_xdist_failures_keep_their_words_and_deselecting_is_told(pytester: pytest.Pytester, space: SmallWorkspace):
    failing(space)
    result = in_another_process(pytester, "--evalharness", "small", "--model", "vendor", "-n", "2", "-k", "alarms or recall")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == 1
    assert "alarms: NOT MET" in text(result)
    assert "Traceback" not in text(result)
    assert f"findings 2 of 6 run: 1 not met, 1 met; {NOT_A_SIGN_OFF}" in text(result)


def test_under_xdist_a_wrong_question_is_a_usage_error_before_a_worker_starts(pytester: pytest.Pytester, space: SmallWorkspace):
    result = in_another_process(pytester, "--evalharness", "small", "--model", "none", "-n", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "no such model" in text(result)
    assert "Traceback" not in text(result)


def test_a_pytest_run_that_asks_for_nothing_loads_nothing(pytester: pytest.Pytester):
    """The plug-in is loaded wherever evalharness is installed, and must cost nobody anything."""
    pytester.makepyfile("""
        import json, sys
        def test_own(pytestconfig):
            assert pytestconfig.pluginmanager.hasplugin("evalharness")
            print("LOADED", json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
            print("OURS", json.dumps(sorted(name for name in sys.modules if name.startswith("evalharness"))))
    """)
    result = in_another_process(pytester, "-s", "-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:pytest_cov")
    found = {what: json.loads(names) for what, names in re.findall(r"(LOADED|OURS) (\[.*\])", text(result))}
    plain = [sys.executable, "-c", "import json, pytest, sys; print(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"]
    pytest_s_own = set(json.loads(subprocess.run(plain, capture_output=True, text=True, check=True).stdout))
    assert (set(found["LOADED"]) - pytest_s_own) & HEAVY == set()
    assert found["OURS"] == ["evalharness", "evalharness.pytest_plugin", "evalharness.pytest_plugin.options"]


def test_the_plug_in_is_found_by_its_entry_point():
    from importlib.metadata import entry_points

    (point,) = entry_points(group="pytest11", name="evalharness")
    assert point.value == "evalharness.pytest_plugin"


def test_few_items_leave_groups_undemonstrated_and_red(pytester: pytest.Pytester, space: SmallWorkspace):
    few = SmallWorkspace(Path(pytester.path), rows=table(120)).write()
    few.write_card()
    result = run(pytester)
    assert result.ret == 1
    assert "NOT DEMONSTRATED" in text(result)
    assert "n:         " in text(result)
