"""How long things wait: simulated with a run and by its own command, verified, replayed, tampered with."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.errors import BadInput
from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces
from evalharness.requirements import read_policy
from evalharness.workflows.oversight.queue import Wished, check_simulated

DEADLINES = {"first": 70, "read": 72}
WORK = {"officers": 4, "minutes_per_shift": 300, "shifts_per_week": 5, "arrivals": "office_hours", "deadline_hours": DEADLINES}
BANDS = [
    {"name": "first", "from": 0.9, "readers": 2, "third_reader": "disagreement"},
    {"name": "read", "from": "operating_point", "readers": 1},
    {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30},
]
REQUIREMENTS = [{"id": "recall", "metric": "recall", "at_least": 0.8, "why": "w"}]
Evidence = dict[str, Any]


def stated(**changes: Any) -> Evidence:
    human = {
        "minutes_per_review": 3, "items_per_week": 2000, "bands": BANDS, "work": WORK,
        "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}, **changes,
    }  # fmt: skip
    return {key: value for key, value in human.items() if value is not None}


def place(root: Path, human: Evidence) -> SmallWorkspace:
    space = SmallWorkspace(root, rows=table(1500), document=policy(human_in_the_loop=human, requirements=REQUIREMENTS))
    space.write().write_card()
    return space


def asked(root: Path, command: str, *more: object) -> Any:
    return evalharness(command, "--policy", "small", "--model", "vendor", "--workspace", root, "--json", *more)


def evidence_of(answer: Any) -> tuple[Path, Evidence]:
    assert answer.code == 0, answer.out + answer.err
    run = Path(json.loads(answer.out)["run"])
    return run, json.loads((run / "evidence.json").read_bytes())


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Evidence]:
    root = tmp_path_factory.mktemp("queue")
    place(root, stated())
    return root, *evidence_of(asked(root, "evaluate"))


def waits(queue: Evidence, what: str, *, band: bool = False) -> Evidence:
    return next(one for one in queue["waits"] if one["what"] == what and one["band"] is band)


def test_a_run_tells_how_long_things_wait(judged: tuple[Path, Path, Evidence]):
    _, run, evidence = judged
    queue = evidence["oversight"]["queue"]
    assert (queue["days"], queue["followed_days"], len(queue["arrived"])) == (28, 21, 3)
    assert all(7_600 < arrived < 8_400 for arrived in queue["arrived"])
    assert waits(queue, "first", band=True)["by_bands"]["p95"][2] < waits(queue, "first", band=True)["by_arrival"]["p95"][0]
    low = waits(queue, "relevant_ranked_low")
    assert low["by_bands"]["median"][0] > waits(queue, "relevant")["by_bands"]["median"][2]
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "How long things wait" in page
    assert f"takes {queue['least_officers']} officers" in page
    assert any("It describes, and decides nothing" in text for text in evidence["limits"])


def test_the_least_number_of_officers_keeps_the_deadlines_and_one_fewer_does_not(judged: tuple[Path, Path, Evidence]):
    root, _, evidence = judged
    queue = evidence["oversight"]["queue"]
    least = queue["least_officers"]
    for officers, kept in ((least, True), (least - 1, False)):
        if officers:
            again = json.loads(asked(root, "queue", "--days", 28, "--repeats", 3, "--officers", officers).out)["queue"]
            row = next(row for row in again["capacity"] if row["officers"] == officers)
            assert row["keeps"] is kept
            late = {band: row["bands"][band][2] for band in DEADLINES}
            assert kept == all(hours is not None and hours <= DEADLINES[band] for band, hours in late.items())


def test_the_command_gives_what_the_run_gives_with_either_engine(judged: tuple[Path, Path, Evidence], tmp_path: Path):
    root, _, evidence = judged
    for engine in ("fast", "simpy"):
        answer = asked(root, "queue", "--days", 28, "--repeats", 3, "--engine", engine, "--out", tmp_path / engine)
        assert answer.code == 0, answer.err
        told = json.loads((tmp_path / engine / "queue.json").read_bytes())
        assert told == json.loads(answer.out)
        assert told["queue"] == {**evidence["oversight"]["queue"], "engine": engine}


def test_the_table_for_people(judged: tuple[Path, Path, Evidence]):
    root, _, _ = judged
    answer = evalharness("queue", "--policy", "small", "--model", "vendor", "--workspace", root, "--days", 7, "--repeats", 2)
    assert answer.code == 0, answer.err
    for text in ("relevant items", "4 (declared)", "decides nothing", "First find of a shift"):
        assert text in answer.out


def test_verify_and_replay_make_it_again_and_a_changed_number_is_noticed(judged: tuple[Path, Path, Evidence]):
    root, run, _ = judged
    assert evalharness("verify", run, "--workspace", root).code == 0
    replayed = evalharness("verify", run, "--replay", "--workspace", root)
    assert replayed.code == 0, replayed.out
    before = (run / "evidence.json").read_bytes()

    def more_items(queue: Evidence) -> None:
        waits(queue, "first", band=True)["items"][0] += 1

    def reached(queue: Evidence) -> None:
        waits(queue, "aside", band=True)["by_arrival"]["not_reached"][0] += 1

    def shorter(queue: Evidence) -> None:
        waits(queue, "relevant")["by_bands"]["p95"] = [0.5, 0.5, 0.5]

    def other_minutes(queue: Evidence) -> None:
        queue["minutes_per_review"] = 2.0

    def fewer_officers(queue: Evidence) -> None:
        queue["least_officers"] = queue["capacity"][0]["officers"] - 1 or 99

    def other_deadline(queue: Evidence) -> None:
        queue["deadlines"]["first"] = 30.0

    def other_seed(queue: Evidence) -> None:
        queue["seed"] = 7

    def falling(queue: Evidence) -> None:
        queue["backlog"][0]["minutes"] = [9.0, 8.0, 7.0]

    def fewer_readings(queue: Evidence) -> None:
        queue["begun"][1] = queue["readings"][1] + 1

    def gone(_: Evidence) -> None:
        """All of it."""

    changes: tuple[Callable[[Evidence], None], ...] = (
        more_items, reached, shorter, other_minutes, fewer_officers, other_deadline, falling, fewer_readings, other_seed, gone,
    )  # fmt: skip
    for change in changes:
        evidence = json.loads(before)
        if change is gone:
            del evidence["oversight"]["queue"]
        else:
            change(evidence["oversight"]["queue"])
        data = rfc8785.dumps(evidence)
        files = {"evidence.json": data}
        if change is not falling:  # evidence of another shape has no faces
            files |= faces(read_evidence(data))
        for name, content in {**files, "SHA256SUMS": sums(files)}.items():
            (run / name).write_bytes(content)
        assert evalharness("verify", run, "--workspace", root).code == 13, change.__name__
    files = {"evidence.json": before, **faces(read_evidence(before))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)


def test_a_backlog_that_a_replay_does_not_find_is_noticed(judged: tuple[Path, Path, Evidence], tmp_path: Path):
    root, _, evidence = judged
    changed = json.loads(json.dumps(evidence))
    changed["oversight"]["queue"]["first_find_by_arrival"] = [500.0, 600.0, 700.0]
    data = rfc8785.dumps(changed)
    other = tmp_path / "run"
    other.mkdir()
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (other / name).write_bytes(content)
    answer = evalharness("verify", other, "--replay", "--workspace", root)
    assert answer.code == 13
    assert "oversight" in answer.out


def test_too_many_items_for_a_run_are_said_to_be(tmp_path: Path):
    place(tmp_path, stated(items_per_week=2_000_000))
    _, evidence = evidence_of(asked(tmp_path, "evaluate"))
    assert "queue" not in evidence["oversight"]
    assert any("2,000,000 items a week are more than a run has time for" in text for text in evidence["limits"])


def test_hours_that_do_not_fit_into_a_day_are_said_not_to(tmp_path: Path):
    place(tmp_path, stated(work={**WORK, "minutes_per_shift": 800, "shifts_per_week": 10}))
    run, evidence = evidence_of(asked(tmp_path, "evaluate"))
    assert "queue" not in evidence["oversight"]
    assert any("do not fit into the day" in text for text in evidence["limits"])
    assert evalharness("verify", run, "--workspace", tmp_path).code == 0
    answer = asked(tmp_path, "queue")
    assert answer.code == 2
    assert "do not fit into the day" in answer.out + answer.err


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ({"deadline_hours": {"aside": 3}}, "the band 'aside' has no readers"),
        ({"deadline_hours": {"frist": 3}}, "did you mean 'first'?"),
        ({"deadline_hours": {"first": 0}}, "first"),
        ({"deadline_hours": {}}, "deadline_hours"),
        ({"arrivals": "at_night"}, "'even' or 'office_hours'"),
    ],
)
def test_what_the_policy_may_say_of_it(tmp_path: Path, work: Evidence, said: str):
    place(tmp_path, stated(work={**WORK, **work}))
    answer = asked(tmp_path, "evaluate")
    assert answer.code == 2
    assert said in answer.out + answer.err


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({"work": None}, (), "a queue needs bands, and people who read"),
        ({}, ("--days", 0, "--repeats", 0, "--engine", "slow", "--seed", -1, "--officers", 0), "there is no such engine"),
        ({}, ("--days", 366, "--items-per-week", 10**9), "more items would arrive than can be simulated"),
    ],
)
def test_what_the_command_refuses(tmp_path: Path, changes: Evidence, options: tuple[object, ...], said: str):
    place(tmp_path, stated(**changes))
    answer = asked(tmp_path, "queue", *options, "--out", tmp_path / "out")
    assert answer.code == 2
    assert said in answer.out + answer.err
    assert not (tmp_path / "out").exists()


def test_leads_are_not_told_to_declare_officers_for_a_queue_that_they_do_not_have():
    leads = read_policy(Path(__file__).resolve().parents[2] / "policies" / "lead-priority.yaml")
    with pytest.raises(BadInput, match="no queue can be simulated"):
        check_simulated(leads, Wished(days=7, repeats=1, seed=1), 10**9)


def test_without_simpy_nothing_runs(judged: tuple[Path, Path, Evidence], monkeypatch: pytest.MonkeyPatch):
    root, _, _ = judged
    monkeypatch.setitem(sys.modules, "simpy", None)
    answer = asked(root, "queue", "--engine", "simpy")
    assert answer.code == 2
    assert "pip install 'evalharness[queues]'" in answer.out + answer.err


def test_a_deadline_that_nobody_can_keep_is_said_to_be_one(tmp_path: Path):
    place(tmp_path, stated(work={**WORK, "deadline_hours": {"first": 24}}))
    run, evidence = evidence_of(asked(tmp_path, "evaluate"))
    queue = evidence["oversight"]["queue"]
    assert queue["least_officers"] is None
    assert "however many officers" in queue["least_reason"]
    assert queue["least_reason"] in (run / "report.html").read_text(encoding="utf-8")
    assert evalharness("verify", run, "--workspace", tmp_path).code == 0
