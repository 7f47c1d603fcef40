"""Samples that are coded by two, that carry seeds, that are about the stream, or are looked at early: drawn, coded, judged, verified."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from sampled_period import ELUSION, RECALL, RELEVANT, SIZES, Period, finding, forge, sheet_of, stated
from small_workspace import table

Change = Callable[[dict[str, Any]], None]
LOOKS = {"stopping": {"looks": [700, 1400, 2100]}}
RECOGNISED = {"id": "seeds", "metric": "coder_recognition", "at_least": 0.7, "why": "w"}
SEEDED = {"coder_sensitivity": {"low": 0.9, "source": "seeded", "seeds": 60}, "about": "the_stream"}
TWO = {"coder_sensitivity": {"low": 0.9, "source": "double_coded"}}


class Designed(Period):
    """A period whose policy states more of its sample."""

    def __init__(self, root: Path, sampling: dict[str, Any], *requirements: dict[str, Any], **changes: Any) -> None:
        super().__init__(root, *requirements, **changes)
        document = stated(*requirements, **{k: v for k, v in changes.items() if k != "reviewed"})
        document["human_in_the_loop"]["sampling"].update(sampling)
        self.space.write_policy(document)

    def write(self, rows: list[tuple[str, str, str]], name: str = "coded.csv") -> Path:
        path = self.root / name
        with path.open("w", newline="") as stream:
            csv.writer(stream).writerows([("item_id", "label", "coder"), *rows])
        return path

    def rows(self, sample: Path, coder: str = "zeta", upto: int | None = None) -> list[tuple[str, str, str]]:
        """The sheet in its order, coded truly, as far as `upto`."""
        items = [row["item_id"] for row in sheet_of(sample)]
        return [
            (item, self.word(item), coder) if upto is None or at < upto else (item, "", "") for at, item in enumerate(items)
        ]  # fmt: skip

    def word(self, item: str) -> str:
        return "relevant" if item in self.relevant or item.startswith("live-s-") else "not_relevant"

    def back(self, sample: Path, *args: object) -> Any:
        return evalharness("sample", "take-back", sample, *args, "--json")


def held(period: Designed, run: Path, change: Change) -> None:
    """What was altered is found, and what is put back is not."""
    kept = {path: path.read_bytes() for path in run.iterdir() if path.is_file()}
    forge(run, change)
    assert period.run("verify", run).code == 13
    for path, data in kept.items():
        path.write_bytes(data)
    assert period.run("verify", run).code == 0


def part_of(evidence: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = evidence["oversight"]["sample"]
    return part


def test_two_who_code_apart_are_held_against_each_other_and_what_nobody_settles_counts_the_worse_way(tmp_path: Path):
    period = Designed(tmp_path, TWO, ELUSION)
    sample = period.draw()
    first = period.rows(sample, "ada")
    at = [n for n, row in enumerate(first) if row[1] == "not_relevant"][:3]
    second = [(item, "relevant" if n in at else word, "bo") for n, (item, word, _) in enumerate(first)]
    files = ["--coded", period.write(first, "a.csv"), "--coded", period.write(second, "b.csv")]
    third = [(first[at[0]][0], "not_relevant", "cy"), (first[at[1]][0], "relevant", "cy")]
    answer = period.back(sample, *files, "--settled", period.write(third, "c.csv"))
    assert answer.code == 0, answer.out + answer.err
    run, evidence = period.judged(sample)
    part = part_of(evidence)
    relevant = sum(row[1] == "relevant" for row in first)
    n = len(first)
    assert part["doubly"] == {"items": n, "both": relevant, "first": 0, "second": 2, "overruled": 1, "settled": 2}
    (pile,) = [pile for pile in part["piles"] if pile["drawn"]]
    assert (pile["relevant"], pile["relevant"] + pile["not_relevant"]) == (relevant + 1, n - 1)
    assert part["coders"] == 3
    assert "declared: reviewers' accuracy" in finding(evidence, "set-aside")["rests_on"]
    assert period.run("verify", run).code == 0
    assert period.run("verify", run, "--replay").code == 0

    def agreed(evidence: dict[str, Any]) -> None:
        part_of(evidence)["doubly"]["second"] = 1

    held(period, run, agreed)


def test_what_two_who_code_can_get_wrong_is_told(tmp_path: Path):
    period = Designed(tmp_path, TWO, ELUSION)
    sample = period.draw()
    rows = period.rows(sample, "ada")
    one, other = period.write(rows, "a.csv"), period.write([(i, w, "bo") for i, w, _ in rows], "b.csv")
    for args, words in (
        (["--coded", one], "by another number of people"),
        (["--coded", one, "--coded", one], "one person coded in both files"),
        (["--coded", one, "--coded", other, "--settled", period.write(rows[:1], "c.csv")], "who settles has coded before"),
        (["--coded", one, "--coded", other, "--settled", period.write([(rows[0][0], "relevant", "cy")], "d.csv")], "nobody contradicts"),
        (["--coded", one, "--coded", other, "--partial"], "declares no look"),
    ):
        answer = period.back(sample, *args)
        assert (answer.code, words in answer.out + answer.err) == (2, True), answer.out + answer.err
    assert not (sample / "result.json").exists()
    single = Designed(tmp_path / "single", {}, ELUSION)
    sample = single.draw()
    coded = single.write(single.rows(sample))
    for args, words in ((["--coded", coded, "--coded", coded], "one file"), (["--coded", coded, "--settled", coded], "nothing to settle")):
        answer = single.back(sample, *args)
        assert (answer.code, words in answer.out + answer.err) == (2, True), answer.out + answer.err


def test_a_sample_is_looked_at_early_only_where_that_was_declared_and_each_look_is_paid_for(tmp_path: Path):
    period = Designed(tmp_path, LOOKS, ELUSION, RECALL)
    sample = period.draw()
    assert len(sheet_of(sample)) == 2100
    early = period.write(period.rows(sample, upto=700))
    assert period.back(sample, "--coded", early, "--partial").code == 0
    first, evidence = period.judged(sample)
    part = part_of(evidence)
    assert part["look"] == {"lines": 700, "of": 3}
    assert sum(pile["drawn"] for pile in part["piles"]) == 700
    assert "alpha=0.030396355/3, draw=1, looks=3" in finding(evidence, "set-aside")["method"]
    assert period.run("verify", first).code == 0

    rows = period.rows(sample, upto=1400)
    changed = [(i, "not_relevant" if n < 700 else w, c) for n, (i, w, c) in enumerate(rows)]
    gap = [rows[0], (rows[1][0], "", ""), *rows[2:1400], (period.rows(sample)[1400]), *rows[1401:]]
    for wrong, words in (
        (changed, "labels that were taken back before were changed"),
        (gap, "not coded in its order"),
        (period.rows(sample, upto=1000), "declares no look at so many lines"),
    ):
        answer = period.back(sample, "--coded", period.write(wrong), "--partial")
        assert (answer.code, words in answer.out + answer.err) == (2, True), answer.out + answer.err
    assert period.back(sample, "--coded", period.write(rows), "--partial").code == 0
    assert "taken back before" in period.back(sample, "--coded", early, "--partial").out
    second, evidence = period.judged(sample)
    assert part_of(evidence)["look"]["lines"] == 1400
    assert period.back(sample, "--coded", period.write(period.rows(sample))).code == 0
    for run in (first, second):  # what was told at a look stays true
        assert period.run("verify", run).code == 0
        assert period.run("verify", run, "--replay").code == 0

    def fewer(evidence: dict[str, Any]) -> None:
        part_of(evidence)["look"]["of"] = 2

    held(period, second, fewer)
    chain = tmp_path / "samples" / "draws.json"
    lines = json.loads(chain.read_bytes())
    lines["draws"] = lines["draws"][:1]
    chain.write_text(json.dumps(lines, separators=(",", ":"), sort_keys=True))
    assert period.run("verify", first).code == 13
    assert period.run("evaluate", "--policy", "small", "--model", "vendor", "--sample", sample / "result-700.json").code == 13


@pytest.mark.parametrize(
    ("looks", "words"),
    [([60, 120], "too small"), ([700, 700], "numbers that rise"), ([5_000, 9_000], "hold fewer items"), ([700], "at least 2")],
)
def test_looks_that_cannot_be_are_refused(tmp_path: Path, looks: list[int], words: str):
    period = Designed(tmp_path, {"stopping": {"looks": looks}}, ELUSION, RECALL)
    answer = period.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register)
    assert (answer.code, words in answer.out + answer.err) == (2, True), answer.out + answer.err


def with_cases(register: Path, size: int) -> None:
    rows = list(csv.reader(register.read_text().splitlines()))
    with register.open("w", newline="") as stream:
        csv.writer(stream).writerows([[*rows[0], "cluster"], *([*row, f"case-{n // size}"] for n, row in enumerate(rows[1:]))])


def test_what_is_said_of_the_stream_counts_cases_and_is_wider(tmp_path: Path):
    few = {**RECALL, "at_least": 0.4}
    stream = Designed(tmp_path / "stream", {"about": "the_stream"}, ELUSION, few)
    answer = stream.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", stream.register)
    assert (answer.code, "cases must be known" in answer.out + answer.err) == (2, True)
    with_cases(stream.register, 4)
    pile = Designed(tmp_path / "pile", {}, ELUSION, few)
    upper = {}
    for period in (stream, pile):
        sample = period.draw()
        assert period.back(sample, "--coded", period.write(period.rows(sample))).code == 0
        run, evidence = period.judged(sample)
        told = finding(evidence, "found")
        assert told["lower"] <= 360 / 368 <= told["upper"]
        upper[period] = told["lower"], told["n"]
        assert period.run("verify", run).code == 0
        assert period.run("verify", run, "--replay").code == 0
        assert ("about" in part_of(evidence)) == (period is stream)
        first = (run / "report.md").read_text().partition("## Requirement by requirement")[0]
        assert ("about the stream that its period is a part of" in first) == (period is stream)
        assert ("about the period that it was drawn from, and about no other" in first) == (period is pile)
        if period is stream:
            assert "clopper-pearson" in told["method"]
            assert told["clusters"] < told["n"]
            assert any("about the stream" in limit for limit in evidence["limits"])

            def fewer_in_one_case(evidence: dict[str, Any]) -> None:
                cases = part_of(evidence)["piles"][0]["cases"]
                for name in ("least", "most"):
                    cases[name][1] -= 2
                    cases[name][3] -= 2

            held(period, run, fewer_in_one_case)
    assert upper[stream][1] > upper[pile][1]  # more is drawn for it
    with_cases(pile.register, 4)
    answer = pile.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", pile.register)
    assert (answer.code, "about: the_stream" in answer.out + answer.err) == (2, True)


def seeded(root: Path, *requirements: dict[str, Any], **changes: Any) -> Designed:
    period = Designed(root, SEEDED, *requirements, **changes)
    period.space.rows = table(3_000, recall=0.8)
    period.space.write()
    document = stated(*requirements, **{k: v for k, v in changes.items() if k != "reviewed"})
    document["human_in_the_loop"]["sampling"].update(SEEDED)
    period.space.write_policy(document)
    period.space.write_card()
    with_cases(period.register, 2)
    return period


def ids_for(period: Designed) -> Path:
    path = period.root / "ids.csv"
    with path.open("w", newline="") as stream:
        names = period.space.rows["item_id"]
        csv.writer(stream).writerows([("item_id", "shown_as"), *((item, f"live-s-{n:05d}") for n, item in enumerate(names))])
    return path


def test_seeds_measure_coders_so_that_nothing_declared_is_left_in_the_elusion(tmp_path: Path):
    period = seeded(tmp_path, ELUSION, RECOGNISED, claim="local")
    manifest = tmp_path / "datasets_synthetic" / "small" / "benchmark.yaml"
    manifest.write_text(manifest.read_text() + "\nsampling: every item of a period\n")
    draw = ["sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register]
    answer = period.run(*draw)
    assert (answer.code, "coders would know it" in answer.out + answer.err) == (2, True), answer.out + answer.err
    answer = period.run(*draw, "--seed-ids", ids_for(period))
    assert answer.code == 0, answer.out + answer.err
    sample = Path(json.loads(answer.out)["sample"])
    rows = period.rows(sample)
    seeds = [n for n, row in enumerate(rows) if row[0].startswith("live-s-")]
    assert len(seeds) == 60
    assert max(seeds) > len(rows) / 2 > min(seeds)  # they lie among the others
    overlooked = set(seeds[:3])
    coded = [(i, "not_relevant" if n in overlooked else w, c) for n, (i, w, c) in enumerate(rows)]
    assert period.back(sample, "--coded", period.write(coded)).code == 0
    run, evidence = period.judged(sample)
    assert evidence["claim"] == "local"
    told = finding(evidence, "set-aside")
    assert (told["outcome"], told.get("rests_on", [])) == ("met", []), told
    assert told["upper"] >= 2 / 4_000
    assert finding(evidence, "seeds")["value"] == pytest.approx(57 / 60)
    part = part_of(evidence)
    assert part["seeded"]["missed"] == next(r["fn"] for r in evidence["tallies"]["confusion"] if not r["group"])
    assert sum(pile["drawn"] for pile in part["piles"]) == len(rows) - 60
    assert period.run("verify", run).code == 0
    assert period.run("verify", run, "--replay").code == 0
    other = period.run(
        "evaluate", "--policy", "small", "--model", "vendor", "--sample", sample, "--split", "test", "--out", tmp_path / "own"
    )
    assert other.code == 0, other.out  # its own split
    period.space.write_table(period.space.rows.drop(columns="score").iloc[:2_000])
    period.space.write_predictions(period.space.rows[["item_id", "score"]])
    other = period.run("evaluate", "--policy", "small", "--model", "vendor", "--sample", sample)
    assert (other.code, "another benchmark" in other.out + other.err) == (2, True), other.out
    period.space.write_table(period.space.rows.drop(columns="score"))
    for name in ("live-s-", "item-0"):
        assert all(name.encode() not in path.read_bytes() for path in run.iterdir() if path.is_file())

    def easier(evidence: dict[str, Any]) -> None:
        part_of(evidence)["seeded"]["missed"] += 1

    def all_recognised(evidence: dict[str, Any]) -> None:
        part_of(evidence)["seeded"]["recognised"] = 60

    held(period, run, easier)
    held(period, run, all_recognised)


def test_seeds_say_nothing_of_what_reviewers_dismissed(tmp_path: Path):
    period = seeded(tmp_path, ELUSION, {**RECALL, "at_least": 0.3})
    answer = period.run(
        "sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register, "--seed-ids", ids_for(period)
    )
    assert answer.code == 0, answer.out + answer.err
    sample = Path(json.loads(answer.out)["sample"])
    assert period.back(sample, "--coded", period.write(period.rows(sample))).code == 0
    _, evidence = period.judged(sample)
    assert "rests_on" not in finding(evidence, "set-aside")
    assert finding(evidence, "found")["rests_on"] == ["declared: reviewers' accuracy"]
    assert finding(evidence, "found")["outcome"] == "met"


@pytest.mark.parametrize(
    ("sampling", "requirement", "words"),
    [
        ({"coder_sensitivity": {"low": 0.9, "source": "seeded"}}, ELUSION, "seeded coders meet seeds"),
        ({"coder_sensitivity": {"low": 0.9, "source": "declared", "seeds": 60}}, ELUSION, "seeds are for coders that are seeded"),
        ({}, RECOGNISED, "needs seeds in the sheet"),
        ({**SEEDED, "stopping": {"looks": [60, 2_000]}}, ELUSION, "no larger than the seeds"),
        ({"about": "the_world"}, ELUSION, "not what is expected here"),
    ],
)
def test_what_a_policy_states_of_its_sample_goes_together(
    tmp_path: Path, sampling: dict[str, Any], requirement: dict[str, Any], words: str
):
    period = Designed(tmp_path, sampling, ELUSION, requirement if requirement is not ELUSION else RECALL)
    answer = period.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register)
    assert (answer.code, words in answer.out + answer.err) == (2, True), answer.out + answer.err


def test_ids_of_seeds_are_checked(tmp_path: Path):
    period = seeded(tmp_path, ELUSION)
    draw = ["sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register, "--seed-ids"]
    few = tmp_path / "few.csv"
    for text, words in (
        ("item_id,shown\na,b\n", "not the columns"),
        ("item_id,shown_as\na,b\na,c\nd,\n", "stands there twice"),
        ("item_id,shown_as\na,live-a-00001\n", "have no id to show"),
    ):
        few.write_text(text)
        answer = period.run(*draw, few)
        assert (answer.code, words in answer.out + answer.err) == (2, True), answer.out + answer.err
    ids = ids_for(period)
    ids.write_text(ids.read_text().replace("live-s-", "live-a-"))
    assert "id of an item of the register" in period.run(*draw, ids).out
    assert not (tmp_path / "samples").exists()
    assert sum(RELEVANT.values()) < sum(SIZES.values())
