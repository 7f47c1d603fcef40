"""A sample of every pile: drawn, coded, judged, verified; and what no honest sample can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from command import evalharness
from sampled_period import ELUSION, PRECISION, RECALL, Period, finding, forge, sheet_of, stated
from small_workspace import SmallWorkspace, policy, table

from evalharness.digests import sha256_bytes


def taken_back(period: Period, skip: Callable[[str], bool] = lambda _: False) -> Path:
    sample = period.draw()
    answer = evalharness("sample", "take-back", sample, "--coded", period.code(sample, skip), "--json")
    assert answer.code == 0, answer.out + answer.err
    return sample


def test_a_sample_of_every_pile_is_drawn_coded_judged_and_verified(tmp_path: Path):
    period = Period(tmp_path, ELUSION, RECALL, PRECISION)
    sample = taken_back(period)
    assert set((sample / "sheet.csv").read_text().splitlines()[0].split(",")) == {"item_id", "label", "coder"}
    run, evidence = period.judged(sample)
    truth = {"set-aside": 2 / 4_000, "found": 360 / 368, "kept": 360 / 400}
    for name, true in truth.items():
        told = finding(evidence, name)
        assert told["outcome"] == "met", told
        assert told["lower"] <= true <= told["upper"]
        assert ("declared: reviewers' accuracy" in told.get("rests_on", [])) == (name != "kept")
    assert evidence["oversight"]["sample"]["draw"] == 1
    assert not evidence["oversight"]["sample"].keys() & {"items", "labels"}
    assert period.run("verify", run).code == 0
    assert period.run("verify", run, "--replay").code == 0
    page = (run / "report.md").read_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert "At least 70 % of the period's relevant items must be found, by a drawn sample of every pile." in page
    (row,) = (pile for pile in evidence["oversight"]["sample"]["piles"] if pile["name"] == "reviewed_negative")
    assert f"| opened and dismissed | 600 | {row['drawn']} | {row['relevant']} | {row['not_relevant']} | 0 |" in page
    for part in ("live-", "zeta"):
        assert all(part.encode() not in path.read_bytes() for path in run.iterdir() if path.is_file())


def fewer_drawn_before(evidence: dict[str, Any]) -> None:
    evidence["oversight"]["sample"]["draw"] = 2


def found_in_the_pile(evidence: dict[str, Any]) -> None:
    pile = evidence["oversight"]["sample"]["piles"][-1]
    pile["relevant"], pile["not_relevant"] = pile["relevant"] + 1, pile["not_relevant"] - 1


def otherwise(pile: dict[str, Any]) -> dict[str, Any]:
    """As if one relevant item fewer had been found, or where none was, one more."""
    step = 1 if pile["relevant"] else -1 if pile["not_relevant"] else 0
    return {**pile, "relevant": pile["relevant"] - step, "not_relevant": pile["not_relevant"] + step}


def coded_otherwise(evidence: dict[str, Any]) -> None:
    sample = evidence["oversight"]["sample"]
    sample["piles"] = [otherwise(pile) for pile in sample["piles"]]


def larger_piles(evidence: dict[str, Any]) -> None:
    sample = evidence["oversight"]["sample"]
    sample["piles"] = [{**pile, "population": pile["population"] + 1} for pile in sample["piles"]]


def surer(evidence: dict[str, Any]) -> None:
    estimate = next(e for e in evidence["estimates"] if e["metric"] == "sampled_recall")
    estimate["lower"] = finding(evidence, "found")["lower"] = round(estimate["lower"] + 0.001, 10)


def better_coders(evidence: dict[str, Any]) -> None:
    evidence["oversight"]["sample"]["sensitivity"] = 1.0


def sample_taken_out(evidence: dict[str, Any]) -> None:
    del evidence["oversight"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Period, Path]:
    period = Period(tmp_path_factory.mktemp("period"), ELUSION, RECALL)
    return period, period.judged(taken_back(period))[0]


@pytest.mark.parametrize("change", [fewer_drawn_before, found_in_the_pile, surer, better_coders, sample_taken_out])
def test_one_altered_number_is_found(judged: tuple[Period, Path], change: Callable[[dict[str, Any]], None]):
    period, run = judged
    kept = {path: path.read_bytes() for path in run.iterdir() if path.is_file()}
    forge(run, change)
    assert period.run("verify", run).code == 13
    for path, data in kept.items():
        path.write_bytes(data)
    assert period.run("verify", run).code == 0


def test_the_chain_of_draws_belongs_to_the_run(judged: tuple[Period, Path]):
    period, run = judged
    chain = period.root / "samples" / "draws.json"
    data = chain.read_bytes()
    chain.unlink()
    assert period.run("verify", run).code == 13
    chain.write_bytes(data.replace(b'"number":1', b'"number":2'))
    assert period.run("verify", run).code == 13
    chain.write_bytes(data)
    assert period.run("verify", run).code == 0


def test_every_further_draw_is_judged_more_strictly_and_no_sample_is_drawn_twice_the_same(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    first = taken_back(period)
    second = taken_back(period)
    assert (first.name, second.name) == ("small-draw-1", "small-draw-2")
    methods = []
    for sample in (first, second):
        _, evidence = period.judged(sample)
        methods.append(finding(evidence, "set-aside")["method"])
    assert "alpha=0.03039635" in methods[0]
    assert "alpha=0.00759908" in methods[1]
    drawn = [{row["item_id"] for row in sheet_of(sample)} for sample in (first, second)]
    assert len(drawn[1]) > len(drawn[0])
    assert drawn[0] != drawn[1] & drawn[0]


def test_where_only_the_pile_set_aside_is_sampled_recall_is_not_told(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    sample = taken_back(period)
    run, evidence = period.judged(sample)
    assert finding(evidence, "set-aside")["outcome"] == "met"
    told = next(e for e in evidence["estimates"] if e["metric"] == "sampled_recall")
    assert (told["value"], told["lower"], told["upper"]) == (None, None, None)
    assert "an elusion-only sample can overestimate recall" in told["reason"]
    assert [n for n in evidence["notices"] if n["kind"] == "elusion_only"]
    assert "Only the pile set aside was sampled" in (run / "report.md").read_text()


def test_that_only_one_pile_was_sampled_cannot_be_left_out(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    run, _ = period.judged(taken_back(period))

    def untold(evidence: dict[str, Any]) -> None:
        evidence["notices"] = [notice for notice in evidence["notices"] if notice["kind"] != "elusion_only"]

    forge(run, untold)
    assert "elusion_only: it stands there where" in period.run("verify", run).out


def test_items_that_nobody_coded_count_the_worse_way(tmp_path: Path):
    period = Period(tmp_path, ELUSION, RECALL)
    sample = taken_back(period, skip=lambda item: "live-a-" <= item < "live-a-01000")
    _, evidence = period.judged(sample)
    assert finding(evidence, "set-aside")["outcome"] == "not_demonstrated"
    assert finding(evidence, "found")["outcome"] == "not_demonstrated"


def test_above_a_rehearsal_declared_coders_show_nothing_but_precision(tmp_path: Path):
    period = Period(tmp_path, ELUSION, PRECISION, claim="local")
    manifest = tmp_path / "datasets_synthetic" / "small" / "benchmark.yaml"
    if "sampling:" not in manifest.read_text():
        manifest.write_text(manifest.read_text() + "\nsampling: every item of a period\n")
    _, evidence = period.judged(taken_back(period))
    assert evidence["claim"] == "local"
    assert finding(evidence, "set-aside")["outcome"] == "not_evaluable"
    assert "declared: reviewers' accuracy" in finding(evidence, "set-aside")["reason"]
    assert finding(evidence, "kept")["outcome"] == "met"


def test_without_a_sample_nothing_is_evaluable(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    answer = period.run("evaluate", "--policy", "small", "--model", "vendor")
    evidence = json.loads((Path(json.loads(answer.out)["run"]) / "evidence.json").read_bytes())
    told = finding(evidence, "set-aside")
    assert (told["outcome"], "this run was given no coded sample" in told["reason"]) == ("not_evaluable", True)
    assert "oversight" not in evidence


def test_a_sample_belongs_to_one_policy_and_is_coded_once(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    sample = taken_back(period)
    again = evalharness("sample", "take-back", sample, "--coded", period.code(sample))
    assert again.code == 2
    assert "taken back before" in again.out + again.err
    stated_in = tmp_path / "policies" / "small.yaml"
    stated_in.write_text(stated_in.read_text() + "\n# another policy\n")
    answer = period.run("evaluate", "--policy", "small", "--model", "vendor", "--sample", sample)
    assert answer.code == 2
    assert "drawn for another policy" in answer.out + answer.err
    (sample / "result.json").write_bytes((sample / "result.json").read_bytes().replace(b'"drawn":', b'"drawn" :'))
    assert period.run("evaluate", "--policy", "small", "--model", "vendor", "--sample", sample).code == 13


def test_a_result_that_displeases_cannot_be_thrown_away_and_coded_again(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    sample = taken_back(period)
    run, _ = period.judged(sample)
    told = (sample / "result.json").read_bytes()
    (sample / "result.json").unlink()
    other = period.code(sample, skip=lambda item: item.endswith("1"))
    answer = evalharness("sample", "take-back", sample, "--coded", other)
    assert (answer.code, "taken back before were changed" in answer.out + answer.err) == (2, True)
    assert evalharness("sample", "take-back", sample, "--coded", period.code(sample)).code == 0  # the same labels: the same counts
    assert (sample / "result.json").read_bytes() == told
    assert period.run("verify", run).code == 0
    result = json.loads(told)
    for nicer in ({**result, "sheet": "sha256:" + "2" * 64}, {**result, "piles": [otherwise(pile) for pile in result["piles"]]}):
        (sample / "result.json").write_bytes(rfc8785.dumps(nicer))
        assert period.run("evaluate", "--policy", "small", "--model", "vendor", "--sample", sample).code == 13
    for change in (coded_otherwise, larger_piles):
        forge(run, change)
        assert "tells of other counts" in period.run("verify", run).out


def test_every_mistake_of_a_register_and_of_a_sheet_is_told_at_once(tmp_path: Path):
    period = Period(tmp_path, ELUSION)
    period.register.write_text("item_id,selected,reviewed\na,yes,\nb,true,\nb,false,\n,false,\nc,false,perhaps\nd,false\n")
    answer = period.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register)
    assert answer.code == 2
    for words in ("neither true nor false", "has not been reviewed", "there twice", "has no id", "no known word", "number of fields"):
        assert words in answer.out + answer.err, words
    assert not (tmp_path / "samples").exists()
    period = Period(tmp_path / "more", ELUSION)
    sample = period.draw()
    coded = period.code(sample)
    item = coded.read_text().splitlines()[1].split(",")[0]
    coded.write_text(f"item_id,label,coder\n{item},relevant,\n{item},relevant,c\nnobody,relevant,c\n")
    answer = evalharness("sample", "take-back", sample, "--coded", coded)
    assert answer.code == 2
    for words in ("has no coder", "stands there twice", "was not drawn", "that of another draw?"):
        assert words in answer.out + answer.err, words
    ids = [line.split(",")[0] for line in (sample / "sheet.csv").read_text().splitlines()[1:]]
    coded.write_text("item_id,label,coder\n" + "".join(f"{one},relevant,\n" for one in ids))
    answer = evalharness("sample", "take-back", sample, "--coded", coded)
    assert answer.code == 2
    told = answer.out + answer.err
    assert told.count("has no coder") == 1, "one cause is told once"
    assert f"{len(ids)} labels without one" in told
    assert not (sample / "result.json").exists()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (stated({**ELUSION, "for_each": ["sex"]}), "drawn of all items together"),
        (policy(requirements=[ELUSION]), "needs human_in_the_loop.sampling"),
        (stated(), "asks nothing of a sample"),
        (stated({**ELUSION, "at_most": 0.0001}), "no sample is likely to show"),
    ],
)
def test_a_policy_that_no_sample_answers_is_refused(tmp_path: Path, document: dict[str, Any], words: str):
    period = Period(tmp_path, ELUSION)
    space = SmallWorkspace(tmp_path, rows=table(60), document=document)
    space.write_policy(document)
    answer = period.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", period.register)
    assert answer.code == 2
    assert words in answer.out + answer.err


def test_whoever_has_the_register_can_draw_the_sample_again(tmp_path: Path):
    period = Period(tmp_path, ELUSION, RECALL)
    sample = period.draw()
    answer = evalharness("sample", "check", sample, "--register", period.register, "--json")
    assert answer.code == 0, answer.out + answer.err
    assert json.loads(answer.out)["drawn"] == len(sheet_of(sample))
    rows = period.register.read_text().splitlines(keepends=True)
    period.register.write_text("".join([rows[0], *reversed(rows[1:])]))
    assert evalharness("sample", "check", sample, "--register", period.register).code == 0  # the order of lines says nothing
    period.register.write_text("".join(rows[:-1]))
    answer = evalharness("sample", "check", sample, "--register", period.register)
    assert (answer.code, "is not the one that the sample was drawn from" in answer.out + answer.err) == (13, True)
    period.register.write_text("".join(rows))
    kept = {path: path.read_bytes() for path in (sample / "key.json", sample / "key.csv")}
    key = json.loads(kept[sample / "key.json"])
    swapped = kept[sample / "key.csv"].replace(sheet_of(sample)[0]["item_id"].encode(), b"live-a-99999")
    key |= {"items": sha256_bytes(swapped), "seed": "sha256:" + "1" * 64}  # another choice, and a key that fits it
    (sample / "key.csv").write_bytes(swapped)
    (sample / "key.json").write_bytes(rfc8785.dumps(key))
    answer = evalharness("sample", "check", sample, "--register", period.register)
    assert answer.code == 13
    for words in ("the seed does not follow", "other items were drawn", "does not tell of this sample"):
        assert words in answer.out + answer.err, words
    (sample / "key.csv").write_bytes(kept[sample / "key.csv"])
    assert evalharness("sample", "check", sample, "--register", period.register).code == 13
