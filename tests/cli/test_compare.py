"""`evalharness compare`: several models on the same items; never evidence; every problem at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import Answer, evalharness
from small_workspace import SmallWorkspace, policy, table

PEOPLE = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
COSTS = {"officer_minutes": {"true_relevant": {"review": 3}}, "elicited": {"stated_by": "a test", "on": "2026-11-01"}}


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SmallWorkspace:
    """Models `old`; `better`, that finds everything `old` finds and more; `worse`, that misses all relevant items of race C."""
    document = policy(human_in_the_loop=PEOPLE, costs=COSTS)
    made = SmallWorkspace(tmp_path_factory.mktemp("compare"), rows=table(6_000, recall=0.9), document=document).write()
    rows = made.rows
    better, worse = rows.copy(), rows.copy()
    better.loc[(rows.y_true == "1") & (np.arange(len(rows)) % 2 == 0), "score"] = 0.9
    better.loc[(rows.y_true == "0") & (np.arange(len(rows)) % 2 == 0), "score"] = 0.1
    worse.loc[(rows.y_true == "1") & (rows.race == "C"), "score"] = 0.1
    for name, scored in (("old", rows), ("better", better), ("worse", worse)):
        scored[["item_id", "score"]].to_csv(made.root / "model_cards" / f"{name}.csv", index=False)
        digest_card(made, name)
    (made.root / "model_cards" / "copy.csv").write_bytes((made.root / "model_cards" / "old.csv").read_bytes())
    digest_card(made, "copy")
    return made


def digest_card(space: SmallWorkspace, name: str) -> None:
    import hashlib

    digest = "sha256:" + hashlib.sha256((space.root / "model_cards" / f"{name}.csv").read_bytes()).hexdigest()
    space.write_card(name, artifact=f"{name}.csv", sha256=digest)


def compare(space: SmallWorkspace, *arguments: object) -> Answer:
    return evalharness("compare", "--policy", "small", "--workspace", space.root, *arguments)


def models(*names: str) -> Iterator[str]:
    for name in names:
        yield from ("--model", name)


def document(space: SmallWorkspace, *arguments: object) -> dict[str, Any]:
    answer = compare(space, *arguments, "--json")
    assert answer.code == 0, answer.out
    return json.loads(answer.out)


def by_hand(space: SmallWorkspace, challenger: str) -> pd.DataFrame:
    """Who is right where, row by row."""
    other = pd.read_csv(space.root / "model_cards" / f"{challenger}.csv").score.to_numpy()
    truth = space.rows.y_true == "1"
    old, new = (space.rows.score >= 0.5) == truth, (other >= 0.5) == truth
    return pd.DataFrame({"relevant": truth, "race": space.rows.race, "lost": old & ~new, "gained": ~old & new})


def test_outcomes_are_those_of_the_rows(space: SmallWorkspace):
    found = document(space, *models("old", "better", "worse"), "--margin", "0.02")
    for finding in found["paired"]:
        rows = by_hand(space, finding["challenger"])
        chosen = {"recall": rows.relevant, "false_positive_rate": ~rows.relevant, "accuracy": rows.relevant | True}[finding["metric"]]
        assert finding["counts"]["only_incumbent"] == int(rows.lost[chosen].sum())
        assert finding["counts"]["only_challenger"] == int(rows.gained[chosen].sum())
    outcomes = {both["challenger"]: both["outcome"] for both in found["together"]["findings"]}
    assert outcomes == {"better": "demonstrated", "worse": "worse"}
    assert (found["incumbent"], found["margin"]) == ("old", {"value": 0.02, "stated": True})
    losses = {d["group"].get("race", ""): d["counts"]["only_incumbent"] for d in found["disagreements"] if d["challenger"] == "worse"
              and d["metric"] == "recall" and set(d["group"]) <= {"race"}}  # fmt: skip
    assert losses["A"] == losses["B"] == 0 < losses["C"] == losses[""]


def test_each_model_is_judged_as_evaluate_does(space: SmallWorkspace, tmp_path: Path):
    found = document(space, *models("old", "worse"))
    for model in found["models"]:
        answer = evalharness("evaluate", "--policy", "small", "--model", model["name"], "--workspace", space.root, "--json", "--out",
                             tmp_path / model["name"])  # fmt: skip
        run = json.loads(answer.out)
        assert model["verdict"] == run["verdict"]["outcome"]
        assert [f["outcome"] for f in model["findings"]] == [f["outcome"] for f in run["findings"]]


def test_a_dominated_model_is_marked_on_the_point(space: SmallWorkspace):
    found = {model["name"]: model for model in document(space, *models("old", "better"))["models"]}
    values = {name: {e["metric"]: e["value"] for e in model["estimates"]} for name, model in found.items()}
    assert values["better"]["recall"] > values["old"]["recall"]
    fewer = values["better"]["review_rate"] <= values["old"]["review_rate"]
    assert found["old"]["dominated_by"] == (["better"] if fewer else [])
    assert fewer
    assert found["better"]["dominated_by"] == []
    assert {"review_minutes_per_1000", "expected_cost"} <= set(values["old"])


def test_the_baseline_is_the_incumbent_wherever_it_is_named(space: SmallWorkspace):
    found = document(space, *models("better", "old"), "--baseline", "old")
    assert found["incumbent"] == "old"
    assert [f["challenger"] for f in found["paired"]] == ["better"] * 3
    assert not found["margin"]["stated"]


def test_with_an_attempt_every_model_is_judged_as_its_own_attempt(space: SmallWorkspace):
    practice, third = (document(space, *models("old", "better", "worse"), *more) for more in ((), ("--attempt", "3")))
    assert (practice["practice"], practice["attempt"], practice["attempts_spent"]) == (True, None, [])
    assert {model["level"] for model in practice["models"]} == {0.95}
    spent = [(each["model"], each["attempt"]) for each in third["attempts_spent"]]
    assert spent == [("better", 3), ("worse", 4), ("old", 5)]
    levels = {each["model"]: each["level"] for each in third["attempts_spent"]}
    assert levels["worse"] == pytest.approx(1 - 6 * 0.05 / (np.pi**2 * 16), abs=1e-9)
    assert {model["name"]: model["level"] for model in third["models"]} == levels
    for finding in third["paired"]:
        assert finding["level"] == finding["opposite_level"] == levels[finding["challenger"]]
    assert all(b["upper"] > a["upper"] for a, b in zip(practice["paired"], third["paired"], strict=True))


def test_what_evaluate_would_warn_of_is_told_of_the_model_that_it_is_about(space: SmallWorkspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(space.root)
    ids = space.rows.item_id
    pd.DataFrame({"item_id": ids, "score": 0.7}).to_csv(space.root / "alike.csv", index=False)
    pd.DataFrame({"item_id": ids, "score": 7}).to_csv(space.root / "unusable.csv", index=False)
    found = document(space, *models("old", "predictions:alike.csv", "predictions:unusable.csv"))
    kinds = {model["name"]: [caution["kind"] for caution in model["cautions"]] for model in found["models"]}
    assert kinds["old"] == []
    assert "constant_scores" in kinds["alike"]
    assert "unusable_answers" in kinds["unusable"]
    assert any(text.startswith("alike: Every score is the same") for text in found["notices"])


def test_pages_are_written_together_and_say_that_they_are_no_evidence(space: SmallWorkspace, tmp_path: Path):
    answers = [compare(space, *models("old", "better", "worse"), "--at", "2026-11-22T09:30:00Z", "--out", tmp_path / name) for name in "ab"]
    assert [answer.code for answer in answers] == [0, 0], answers[0].err
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["compare.html", "compare.json", "compare.md"]
    for name in ("compare.html", "compare.json", "compare.md"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        text = (tmp_path / "a" / name).read_text()
        assert "never evidence" in text
        assert "no difference" not in text.lower()
    html = (tmp_path / "a" / "compare.html").read_text()
    assert "<script" not in html
    assert "spends 3 attempts" in html
    assert html.count("<svg") == 2  # for a wide screen and for a phone
    assert "NOT EVIDENCE" in html
    assert "never evidence" in answers[0].out
    assert json.loads((tmp_path / "a" / "compare.json").read_text())["evidence"] is False


def test_a_folder_of_pages_is_no_run(space: SmallWorkspace, tmp_path: Path):
    assert compare(space, *models("old", "better"), "--out", tmp_path / "a").code == 0
    assert evalharness("verify", tmp_path / "a", "--workspace", space.root).code != 0
    assert evalharness("sign", tmp_path / "a", "--workspace", space.root).code != 0


def problems(answer: Answer) -> list[str]:
    assert answer.code == 2, answer.out
    return [problem["what"] for problem in json.loads(answer.out)["problems"]]


def test_every_problem_is_told_at_once(space: SmallWorkspace, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    told = problems(
        compare(space, *models("old", "old", "nobody"), "--margin", "1.5", "--attempt", "0", "--out", tmp_path / "full", "--json")
    )  # fmt: skip
    for words in ("named twice", "not a margin", "not an attempt", "exists and is not empty", "no such model"):
        assert any(words in what for what in told), (words, told)
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--model", "old"), "two models or more"),
        (("--model", "old", "--model", "better", "--baseline", "worse"), "baseline is none of the models"),
        (("--model", "old", "--model", "predictions:model_cards/old.csv"), "same name"),
        (("--model", "old", "--model", "copy"), "the same model under two names"),
        (("--model", "old", "--model", "better", "--margin", "0"), "not a margin"),
        (("--model", "old", "--model", "better", "--margin", "nan"), "not a margin"),
        (("--model", "old", "--model", "better", "--benchmark", "absent"), "no such benchmark"),
    ],
)
def test_bad_input_is_refused(space: SmallWorkspace, arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(space.root)
    assert any(words in what for what in problems(compare(space, *arguments, "--json")))


def test_predictions_of_other_items_are_refused_for_every_model_at_once(space: SmallWorkspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(space.root)
    for name in ("far", "away"):
        rows = pd.DataFrame({"item_id": [f"{name}-1", f"{name}-2"], "score": [0.1, 0.9]})
        rows.to_csv(space.root / f"{name}.csv", index=False)
    told = problems(compare(space, *models("old", "predictions:far.csv", "predictions:away.csv"), "--json"))
    assert len([what for what in told if "not one id" in what]) == 2
