"""Views of severe items, from a review log: judged, verified, tampered with, and what a log leaves out counts against it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import Answer, evalharness
from review_logs import Study, log_of
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

LIMITS = {"severe": "relevant", "views_per_shift_at_most": 12}
REQUIREMENTS = [
    {"id": "cap", "metric": "shift_over_cap_rate", "at_most": 0.5, "why": "w"},
    {"id": "again", "metric": "repeat_view_rate", "equals": 0, "why": "w"},
    {"id": "price", "metric": "severe_views_per_find", "at_most": 3.0, "why": "w"},
]
PER_SHIFT = 25


def workday(log: pd.DataFrame) -> pd.DataFrame:
    """Each reviewer reads 25 items a day, a minute apart, from eight o'clock on."""
    place = log.groupby("reviewer").cumcount().to_numpy()
    day, minute = np.divmod(place, PER_SHIFT)
    start = np.datetime64("2026-10-01T08:00:00")
    time = [f"{start + np.timedelta64(int(d), 'D') + np.timedelta64(int(m), 'm')}Z" for d, m in zip(day, minute, strict=True)]
    return log.assign(time=time, shift=[f"day-{d}" for d in day])


class Place:
    """A workspace, a log with one view for each reading, and the list of what was assigned."""

    def __init__(self, root: Path, limits: dict[str, Any] | None = None, **changes: Any) -> None:
        self.root = root
        human = {
            "minutes_per_review": 3, "items_per_week": 1_000, "exposure": LIMITS if limits is None else limits,
            "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}, **changes.pop("human", {}),
        }  # fmt: skip
        self.rows = table(1_500, recall=0.9)
        document = policy(**{"human_in_the_loop": human, "requirements": REQUIREMENTS, **changes})
        SmallWorkspace(root, rows=self.rows, document=document).write().write_card()
        log, self.assigned = log_of(self.rows, Study(readings=1_500, twice=0.2))
        self.log = workday(log).assign(views="1")

    @property
    def severe(self) -> pd.Series:
        """Whether each row of the log is about a relevant item."""
        truth = self.rows.set_index("item_id")["y_true"]
        return self.log["item_id"].map(truth) == "1"

    def evaluate(self, name: str = "run") -> Answer:
        self.log.to_csv(self.root / "log.csv", index=False, lineterminator="\n")
        self.assigned.to_csv(self.root / "assigned.csv", index=False, lineterminator="\n")
        return evalharness(
            "evaluate", "--policy", "small", "--model", "vendor", "--workspace", self.root, "--out", self.root / name,
            "--reviews", self.root / "log.csv", "--assigned", self.root / "assigned.csv",
        )  # fmt: skip

    def run(self, name: str = "run") -> dict[str, Any]:
        answer = self.evaluate(name)
        assert answer.code == 0, answer.out + answer.err
        return json.loads((self.root / name / "evidence.json").read_bytes())


def finding(evidence: dict[str, Any], name: str) -> dict[str, Any]:
    return next(f for f in evidence["findings"] if f["requirement"] == name)


def share(evidence: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(r for r in evidence["tallies"]["shares"] if r["metric"] == metric)


def forge(run: Path, evidence: dict[str, Any]) -> None:
    data = evidence_bytes(evidence)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("exposure"))


@pytest.fixture(scope="module")
def judged(place: Place) -> dict[str, Any]:
    return place.run()


def test_views_are_counted_as_by_hand(place: Place, judged: dict[str, Any]):
    log, severe = place.log, place.severe
    by_shift = severe.groupby([log["reviewer"], log["shift"]]).sum()
    cap, price = finding(judged, "cap"), finding(judged, "price")
    assert cap["value"] == pytest.approx((by_shift > 12).mean())
    assert cap["n"] == len(by_shift)
    assert "ways=day+reviewer+shift" in cap["method"]
    plain = log[(log["seeded"] == "false") & severe & (log["label"] == "1")]
    assert price["value"] == pytest.approx(severe.sum() / plain["item_id"].nunique())
    assert (finding(judged, "again")["value"], finding(judged, "again")["outcome"]) == (0, "met")
    part = judged["oversight"]["exposure"]
    assert (part["highest"], part["percentile"]) == (by_shift.max(), int(np.sort(by_shift)[int(np.ceil(0.95 * len(by_shift))) - 1]))
    assert part["views"]["second"]["all"] == (log["reading"] == "2").sum()
    assert part["views"]["again"] == {"all": 0, "severe": 0}


def test_the_run_verifies_names_nobody_and_has_a_page(place: Place, judged: dict[str, Any]):
    answer = evalharness("verify", place.root / "run", "--workspace", place.root)
    assert answer.code == 0, answer.out + answer.err
    assert all(b"person-" not in path.read_bytes() for path in (place.root / "run").rglob("*") if path.is_file())
    page = (place.root / "run" / "report.html").read_text(encoding="utf-8")
    assert "What it does to those who read" in page


def less(level: dict[str, Any], shifts: int) -> None:
    """One view fewer, and its mean."""
    level.update(views=level["views"] - 1, mean=(level["views"] - 1) / shifts)


def changes(evidence: dict[str, Any]) -> list[tuple[str, Any]]:
    part = evidence["oversight"]["exposure"]
    return [
        ("highest", lambda: part.update(highest=part["highest"] + 500)),
        ("percentile", lambda: part.update(percentile=0)),
        ("over", lambda: part.update(over=part["over"] - 1)),
        ("shifts", lambda: part.update(shifts=part["shifts"] + 1)),
        ("finds", lambda: part.update(finds=part["finds"] + 1)),
        ("views", lambda: part["views"]["second"].update(all=part["views"]["second"]["all"] - 1)),
        ("level", lambda: part["levels"][0].update(severe=True)),
        ("mean", lambda: part["levels"][1].update(mean=0.5)),
        ("logged", lambda: part.update(views_logged=False)),
        ("unmade", lambda: share(evidence, "shift_over_cap_rate").update(part=0)),
        ("rows", lambda: (part["views"]["first"].update(all=part["views"]["first"]["all"] - 1), less(part["levels"][0], part["shifts"]))),
        ("gone", lambda: evidence["oversight"].pop("exposure")),
        ("row gone", lambda: evidence["tallies"]["shares"].remove(share(evidence, "repeat_view_rate"))),
        ("way", lambda: share(evidence, "severe_views_share")["ways"]["reviewer"].__setitem__(1, 10)),
        ("bound", lambda: next(e for e in evidence["estimates"] if e["metric"] == "severe_views_per_find").update(upper=2.0)),
    ]


@pytest.mark.parametrize("at", range(15))
def test_a_number_that_was_changed_is_noticed(place: Place, judged: dict[str, Any], at: int):
    evidence = json.loads(json.dumps(judged))
    name, change = changes(evidence)[at]
    change()
    forge(place.root / "run", evidence)
    answer = evalharness("verify", place.root / "run", "--workspace", place.root)
    forge(place.root / "run", judged)
    assert answer.code == 13, (name, answer.out)


def test_a_log_that_does_not_say_how_often_an_item_was_viewed_shows_nothing_above_a_rehearsal(tmp_path: Path):
    study = {"allocation": "random", "prevalence_within": [0.2, 0.4]}
    place = Place(tmp_path, claim="shadow", human={"review_study": study})
    SmallWorkspace(tmp_path).write_benchmark(sampling="All rows of a month.")
    place.log = place.log.drop(columns="views")
    place.assigned.to_csv(tmp_path / "assigned.csv", index=False, lineterminator="\n")
    study["assigned"] = "sha256:" + hashlib.sha256((tmp_path / "assigned.csv").read_bytes()).hexdigest()
    SmallWorkspace(tmp_path).write_policy(
        policy(
            claim="shadow", requirements=REQUIREMENTS,
            human_in_the_loop={
                "minutes_per_review": 3, "items_per_week": 1_000, "exposure": LIMITS, "review_study": study,
                "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
            },
        )
    )  # fmt: skip
    evidence = place.run()
    assert {f["outcome"] for f in evidence["findings"]} == {"not_evaluable"}
    assert {tuple(f["rests_on"]) for f in evidence["findings"]} == {("declared: one view for each reading",)}
    place.log["views"] = "1"
    assert finding(place.run("logged"), "again")["outcome"] == "met"


def test_an_item_looked_at_again_is_found(tmp_path: Path):
    place = Place(tmp_path)
    at = int(np.flatnonzero(place.severe)[0])
    place.log.loc[at, "views"] = "3"
    evidence = place.run()
    assert finding(evidence, "again")["outcome"] == "not_met"
    assert share(evidence, "repeat_view_rate")["part"] == 2
    assert evidence["oversight"]["exposure"]["views"]["again"] == {"all": 2, "severe": 2}


def test_leaving_views_out_helps_nobody_and_many_names_for_one_shift_do_not_either(tmp_path: Path, judged: dict[str, Any]):
    place = Place(tmp_path)
    gone = np.flatnonzero(place.severe)[:400]
    left = place.log.drop(index=gone).reset_index(drop=True)
    place.log, whole = left, place.log
    fewer = place.run("fewer")
    assert fewer["oversight"]["exposure"]["unmade"] == 400
    assert share(fewer, "shift_over_cap_rate")["part"] >= share(judged, "shift_over_cap_rate")["part"]
    assert evalharness("verify", tmp_path / "fewer", "--workspace", tmp_path).code == 0
    place.log = whole.assign(shift=[f"s{row}" for row in range(len(whole))])
    named = place.run("named")
    assert share(named, "shift_over_cap_rate")["part"] == share(judged, "shift_over_cap_rate")["part"]
    assert share(named, "shift_over_cap_rate")["total"] == share(judged, "shift_over_cap_rate")["total"]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"views_per_shift_at_most": 10}, "nothing says which items are severe"),
        ({"severe": "relevant", "severe_levels": ["A"], "views_per_shift_at_most": 10}, "severe items are said in two ways"),
        ({"severe_levels": ["A"], "views_per_shift_at_most": 10}, "have no true levels"),
        ({"severe": "relevant"}, "views_per_shift_at_most: NUMBER"),
        ({"severe": "relevant", "views_per_shift_at_most": -1}, "views_per_shift_at_most"),
        ({"severe": "relevant", "views_per_shift_at_most": 10, "blur": True}, "blur"),
    ],
)
def test_a_policy_says_once_what_is_severe(tmp_path: Path, limits: dict[str, Any], said: str):
    answer = Place(tmp_path, limits).evaluate()
    assert answer.code == 2
    assert said in answer.out + answer.err
    assert "Traceback" not in answer.out + answer.err


@pytest.mark.parametrize("name", ["blur", "greyscale"])
def test_there_is_no_column_for_how_an_item_was_shown(tmp_path: Path, name: str):
    place = Place(tmp_path)
    place.log[name] = "true"
    answer = place.evaluate()
    assert answer.code == 2
    assert "views count" in answer.out + answer.err


def test_without_a_log_nothing_is_evaluable(place: Place):
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", place.root, "--out", place.root / "bare")
    assert answer.code == 0
    evidence = json.loads((place.root / "bare" / "evidence.json").read_bytes())
    assert {f["outcome"] for f in evidence["findings"]} == {"not_evaluable"}
    assert "review log" in finding(evidence, "cap")["reason"]
    assert evalharness("verify", place.root / "bare", "--workspace", place.root).code == 0


BANDS = [
    {"name": "first", "from": 0.9, "readers": 2},
    {"name": "review", "from": "operating_point", "readers": 1},
    {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 90},
]
TEAM = {
    "readers": [
        {"shown": "selected", "recall": {"low": 0.85, "high": 0.97}, "specificity": {"low": 0.5, "high": 0.8}},
        {"shown": "blind", "recall": {"low": 0.7, "high": 0.9}, "specificity": {"low": 0.8, "high": 0.95}},
    ]
}


def banded(root: Path, bands: list[dict[str, Any]] | None = None, **human: Any) -> tuple[Place, dict[str, Any], str]:
    """A run without a log, and its page."""
    more = {} if bands is None else {"machine_closes": {"why": "w"}}
    place = Place(root, human={"bands": BANDS if bands is None else bands, **more, **human})
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", root, "--out", root / "run")
    assert answer.code == 0, answer.out + answer.err
    return place, json.loads((root / "run" / "evidence.json").read_bytes()), (root / "run" / "report.html").read_text(encoding="utf-8")


def estimate(evidence: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(e for e in evidence["estimates"] if e["metric"] == metric and not e["group"])


def test_seeing_less_is_told_by_the_bands_and_earns_no_credit_alone(tmp_path: Path):
    place, evidence, page = banded(tmp_path)
    severe = place.rows[place.rows["y_true"] == "1"]
    readings = 1 + (severe["score"] >= 0.9).sum() / len(severe)  # the rest is opened within days: every item once
    found = estimate(evidence, "exposure_reduction")
    assert found["value"] == pytest.approx(1 - readings)
    assert found["lower"] < found["value"] < found["upper"] <= 0.0
    assert "% more often than if everything were read once" in page
    assert "neither measured nor declared. So seeing less earns no credit" in page
    assert evalharness("verify", tmp_path / "run", "--workspace", tmp_path).code == 0
    share(evidence, "severe_reading_load")["part"] -= 1
    forge(tmp_path / "run", evidence)
    assert evalharness("verify", tmp_path / "run", "--workspace", tmp_path).code == 13


def test_where_less_is_found_seeing_less_earns_no_credit(tmp_path: Path):
    closed = [BANDS[1], {"name": "rest", "rest": True, "readers": 0}]
    place, evidence, page = banded(tmp_path, closed, team=TEAM)
    severe = place.rows[place.rows["y_true"] == "1"]
    assert estimate(evidence, "exposure_reduction")["value"] == pytest.approx((severe["score"] < 0.5).mean())
    assert "% less often than if everything were read once" in page
    assert "It is not shown that as much is found. So seeing less earns no credit here." in page


def test_where_as_much_is_found_it_is_said(tmp_path: Path):
    readers = [{**TEAM["readers"][0], "recall": {"low": 0.97, "high": 0.99}}, {**TEAM["readers"][1], "recall": {"low": 0.3, "high": 0.5}}]
    _, _, page = banded(tmp_path, [BANDS[1], {"name": "rest", "rest": True, "readers": 0}], team={"readers": readers})
    assert "As much is found, and less is seen." in page


def test_few_shifts_are_not_told_apart(tmp_path: Path):
    place = Place(tmp_path)
    log, place.assigned = log_of(place.rows, Study(readings=80, readers=4, twice=0.0))
    place.log = workday(log).assign(views="1")
    evidence = place.run()
    assert evidence["oversight"]["exposure"]["shifts"] < 10
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    section = page[page.index('id="exposure"') :].split("</section>", 1)[0]
    assert section.count("fewer than 10") >= 2
    assert '<th scope="row">In the worst shift</th><td class="n">—</td>' in section


def test_drawn_samples_are_exposure_on_lines_of_their_own(judged: dict[str, Any]):
    evidence = json.loads(json.dumps(judged))
    digest, way = "sha256:" + "0" * 64, [7, 7, 6, 1]
    evidence["oversight"]["sample"] = {
        "draw": 1, "chain": digest, "register": digest, "sheet": digest, "sensitivity": 0.9, "coders": 2,
        "piles": [{"name": "set_aside", "population": 900, "drawn": 70, "relevant": 11, "not_relevant": 52}],
        "seeded": {"missed": 30, "drawn": 7, "recognised": 6, "cases": way},
        "doubly": {"items": 63, "both": 8, "first": 2, "second": 1, "overruled": 3, "settled": 5},
    }  # fmt: skip
    page = faces(read_evidence(evidence_bytes(evidence)))["report.html"].decode()
    section = page[page.index('id="exposure"') :].split("</section>", 1)[0]
    for name, views, severe in (
        ("coded without the classifier&#39;s answer", "63", "11 coded relevant"),
        ("coded by a second person", "63", "11 coded relevant"),
        ("settled where two coders differ", "5", "—"),
        ("known to be relevant, and put among it", "7", "7 known to be relevant"),
    ):
        row = section[section.index(f"Drawn sample: {name}") :].split("</tr>", 1)[0]
        assert f">{views}</td>" in row
        assert f">{severe}</td>" in row
