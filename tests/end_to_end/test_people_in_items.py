"""A table of people: judged, verified, tampered with, and what no honest table can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import rfc8785
from command import evalharness
from leads_and_pairs import Space, linkage, ranking
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

WEEKS = 80
LIMITS = {"delete_within_days": 10, "contact_within_hours": 48, "second_look_days": 20}
REQUIREMENTS = [
    {"id": "recall", "metric": "recall", "at_least": 0.8, "why": "w"},
    {"id": "opened", "metric": "uninvolved_opened_per_find", "at_most": 1.0, "why": "w"},
    {"id": "opened-each", "metric": "uninvolved_opened_per_find", "at_most": 2.0, "for_each": ["sex"], "why": "w"},
    {"id": "again", "metric": "repeat_wrong_flag_rate", "at_most": 0.2, "why": "w"},
    {"id": "kept", "metric": "kept_too_long_rate", "equals": 0, "why": "w"},
    {"id": "second", "metric": "second_look_rate", "at_least": 0.8, "why": "w"},
    {"id": "contact", "metric": "contact_in_time_rate", "at_least": 0.9, "why": "w"},
    {"id": "views", "metric": "views_after_identification_rate", "at_most": 0.1, "why": "w"},
]


def moment(hours: float) -> str:
    return (pd.Timestamp("2026-03-01T00:00:00Z") + pd.Timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def later(people: pd.DataFrame, which: pd.Series, hours: float) -> list[str]:
    """So many hours after their arrival."""
    return [(pd.Timestamp(arrived) + pd.Timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for arrived in people.arrived[which]]


def people_of(rows: pd.DataFrame, weeks: int = WEEKS) -> pd.DataFrame:
    """In each week some items arrive and are opened: the selected an hour later, the others a day later. In a relevant item one person is
    involved, and identified and contacted; in every other selected one a bystander is, and the item deleted."""
    found = []
    for n, (item, label, score) in enumerate(rows[["item_id", "y_true", "score"]].itertuples(index=False)):
        relevant, selected, at = label == "1", score >= 0.5, n % weeks * 7 * 24
        row = {"item_id": item, "person": "", "role": "", "arrived": moment(at), "opened": moment(at + (1 if selected else 24))}
        row |= {"identified": "", "contacted": "", "deleted": ""}
        if relevant:
            row |= {"person": f"p-{item}", "role": "involved", "identified": moment(at + 30), "contacted": moment(at + 40)}
        elif selected:
            row |= {"person": f"b-{item}", "role": "uninvolved", "deleted": moment(at + 100)}
        found.append(row)
    found[0]["deleted"] = moment(24 * (60 + 7 * weeks))  # the end of the table
    return pd.DataFrame(found)


def policy_human() -> dict[str, Any]:
    return {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}


class Place:
    def __init__(self, root: Path, **changes: Any) -> None:
        self.root, self.file = root, root / "people.csv"
        human = {**policy_human(), "people": LIMITS}
        self.rows = table(800)
        SmallWorkspace(
            root, rows=self.rows, document=policy(**{"human_in_the_loop": human, "requirements": REQUIREMENTS, **changes})
        ).write().write_card()
        self.people = people_of(self.rows)

    def evaluate(self, *more: object) -> Any:
        self.people.to_csv(self.file, index=False, lineterminator="\n")
        return evalharness(
            "evaluate", "--policy", "small", "--model", "vendor", "--people", self.file, "--workspace", self.root, "--json", *more
        )

    def run(self) -> tuple[Path, dict[str, Any]]:
        answer = self.evaluate()
        assert answer.code == 0, answer.out + answer.out + answer.err
        folder = Path(json.loads(answer.out)["run"])
        return folder, json.loads((folder / "evidence.json").read_bytes())


def forge(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    evidence = json.loads((run / "evidence.json").read_bytes())
    change(evidence)
    data = rfc8785.dumps(evidence)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)


def finding(evidence: dict[str, Any], name: str) -> dict[str, Any]:
    return next(f for f in evidence["findings"] if f["requirement"] == name)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("people"))


def test_who_has_the_table_can_have_it_counted_again(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder, _ = place.run()
    answer = evalharness("verify", folder, "--workspace", place.root, "--replay")
    assert (answer.code, "--people FILE" in answer.err) == (2, True)
    assert evalharness("verify", folder, "--workspace", place.root, "--replay", "--people", place.file).code == 0
    place.file.write_text("\n".join(place.file.read_text().splitlines()[:-1]) + "\n")
    assert evalharness("verify", folder, "--workspace", place.root, "--replay", "--people", place.file).code == 13


@pytest.fixture(scope="module")
def judged(place: Place) -> tuple[Path, dict[str, Any]]:
    return place.run()


def test_every_requirement_on_people_is_judged_as_the_table_says(place: Place, judged: tuple[Path, dict[str, Any]]):
    _, evidence = judged
    relevant = int((place.rows.y_true == "1").sum())
    bystanders = int(((place.rows.y_true == "0") & (place.rows.score >= 0.5)).sum())
    told = finding(evidence, "opened")
    assert told["value"] == pytest.approx(bystanders / relevant)
    assert told["lower"] < told["value"] < told["upper"]
    assert {f["requirement"]: f["outcome"] for f in evidence["findings"]} == dict.fromkeys((r["id"] for r in REQUIREMENTS), "met")
    assert [finding(evidence, name)["value"] for name in ("again", "kept", "second", "contact", "views")] == [0, 0, 1, 1, 0]
    part = evidence["oversight"]["people"]
    assert (part["uninvolved_opened"], part["finds"], part["unlisted"]) == (bystanders, relevant, 0)


def test_no_person_and_no_item_of_the_table_is_in_the_run(judged: tuple[Path, dict[str, Any]]):
    written = b"".join(path.read_bytes() for path in judged[0].rglob("*") if path.is_file())
    assert b"p-item-" not in written
    assert b"b-item-" not in written


def test_a_number_that_was_changed_is_noticed(judged: tuple[Path, dict[str, Any]], tmp_path: Path):
    run = judged[0]
    assert evalharness("verify", run).code == 0
    before = (run / "evidence.json").read_bytes()

    def finds(evidence: dict[str, Any]) -> None:
        evidence["oversight"]["people"]["finds"] += 1

    def opened(evidence: dict[str, Any]) -> None:
        next(row for row in evidence["tallies"]["shares"] if row["metric"] == "uninvolved_opened_share")["part"] -= 1

    def late(evidence: dict[str, Any]) -> None:
        line = next(e for e in evidence["estimates"] if e["metric"] == "uninvolved_opened_per_find" and not e["group"])
        line["upper"] = line["value"]

    def gone(evidence: dict[str, Any]) -> None:
        del evidence["oversight"]["people"]

    def known(evidence: dict[str, Any]) -> None:
        evidence["oversight"]["people"]["unlisted"] = 1

    def elsewhere(evidence: dict[str, Any]) -> None:
        rows = [row for row in evidence["tallies"]["shares"] if row["metric"] == "uninvolved_opened_share" and "sex" in row["group"]]
        line = next(e for e in evidence["estimates"] if e["metric"] == "uninvolved_opened_share" and e["group"] == rows[0]["group"])
        rows[0]["total"] += 1
        line["n"] += 1

    for change in (finds, opened, late, gone, known, elsewhere):
        forge(run, change)
        answer = evalharness("verify", run)
        assert answer.code == 13, (change.__name__, answer.out)
        (run / "evidence.json").write_bytes(before)
    forge(run, lambda _: None)
    assert evalharness("verify", run).code == 0


def test_what_the_table_leaves_out_decides_no_claim_above_a_rehearsal(tmp_path: Path):
    shadow = Place(tmp_path, claim="shadow")
    SmallWorkspace(tmp_path).write_benchmark(sampling="All rows of a month.")
    shadow.people = shadow.people.drop(index=shadow.rows.index[(shadow.rows.score >= 0.5) & (shadow.rows.y_true == "0")][:1])
    _, evidence = shadow.run()
    told = finding(evidence, "opened")
    assert told["outcome"] == "not_evaluable"
    assert told["rests_on"] == ["declared: who is in the items that the table leaves out"]
    assert any("names no one for 1 items" in limit for limit in evidence["limits"])


def test_without_a_table_nothing_about_people_is_evaluable(place: Place):
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", place.root, "--json")
    evidence = json.loads((Path(json.loads(answer.out)["run"]) / "evidence.json").read_bytes())
    outcomes = {f["requirement"]: f["outcome"] for f in evidence["findings"]}
    assert {outcomes[r["id"]] for r in REQUIREMENTS[1:]} == {"not_evaluable"}
    assert "no table of people" in finding(evidence, "again")["reason"]


def test_late_deletions_and_contacts_are_found(tmp_path: Path):
    late = Place(tmp_path)
    late.people.loc[late.people.role == "uninvolved", "deleted"] = ""
    involved = late.people.role == "involved"
    late.people.loc[involved, "contacted"] = later(late.people, involved, 200)
    _, evidence = late.run()
    assert finding(evidence, "kept")["outcome"] == "not_met"
    assert finding(evidence, "contact")["outcome"] == "not_met"


def test_a_wrong_table_is_refused_with_all_that_is_wrong(tmp_path: Path):
    wrong = Place(tmp_path)
    wrong.people.loc[0, "item_id"] = "elsewhere"
    wrong.people.loc[1, "opened"] = "soon"
    answer = wrong.evaluate()
    assert answer.code == 2
    assert "no such item" in answer.out + answer.err
    assert "opened is no time" in answer.out + answer.err
    assert "Traceback" not in answer.out + answer.err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"delete_within_days": None}, "delete_within_days: NUMBER"),
        ({"contact_within_hours": 0}, "contact_within_hours"),
        ({"contact_within_weeks": 1}, "contact_within_weeks"),
    ],
)
def test_a_policy_states_the_times_that_it_judges_by(tmp_path: Path, changes: dict[str, Any], said: str):
    limits = {key: value for key, value in {**LIMITS, **changes}.items() if value is not None}
    human = {**policy_human(), "people": limits}
    answer = Place(tmp_path, human_in_the_loop=human).evaluate()
    assert answer.code == 2
    assert said in answer.out + answer.err


BANDS = [
    {"name": "first", "from": 0.9, "readers": 1},
    {"name": "review", "from": "operating_point", "readers": 1},
    {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 2},
]
HOURS = {"first": 2, "review": 10}
WAITS = [
    {"id": "late", "metric": "late_rate", "at_most": 0.2, "why": "w"},
    {"id": "late-each", "metric": "late_rate_relevant", "at_most": 0.3, "for_each": ["sex"], "why": "w"},
    {"id": "low", "metric": "late_rate_low_ranked", "at_most": 0.5, "why": "w"},
]


def waiting(root: Path, hours: dict[str, float] | None = None, **changes: Any) -> Place:
    human = {**policy_human(), "bands": BANDS, "people": {"open_within_hours": HOURS if hours is None else hours}}
    return Place(root, **{"human_in_the_loop": human, "requirements": WAITS, **changes})


def test_items_opened_later_than_their_band_allows_are_late(tmp_path: Path):
    place = waiting(tmp_path)
    _, evidence = place.run()
    assert {f["outcome"] for f in evidence["findings"]} == {"met"}
    assert len([f for f in evidence["findings"] if f["requirement"] == "late-each"]) == 2
    read, relevant = place.rows.score >= 0.5, place.rows.y_true == "1"
    assert (finding(evidence, "late")["n"], finding(evidence, "late")["value"]) == (read.sum(), 0)
    assert finding(evidence, "low")["n"] == (~read & relevant).sum()
    at = read & (place.rows.score >= 0.9)
    place.people.loc[at, "opened"] = later(place.people, at, 5)  # in time for `review`, and not for `first`
    place.people.loc[~read & relevant, "opened"] = ""
    _, late = place.run()
    assert finding(late, "late")["value"] == pytest.approx(at.sum() / read.sum())
    assert finding(late, "low")["outcome"] == "not_met"
    place.people.loc[at, "opened"] = later(place.people, at, 1)
    place.people = place.people[~at]  # what the table does not name is late
    _, gone = place.run()
    assert finding(gone, "late")["value"] == finding(late, "late")["value"]


def test_one_week_shows_nothing_of_other_weeks(tmp_path: Path):
    place = waiting(tmp_path)
    place.people = people_of(place.rows, weeks=1)
    _, evidence = place.run()
    told = finding(evidence, "late")
    assert (told["value"], told["outcome"]) == (0, "not_demonstrated")
    assert told["n_eff"] == 1
    assert "weeks" in told["reason"]


def test_a_late_share_that_was_changed_is_noticed(tmp_path: Path):
    run, _ = waiting(tmp_path).run()
    before = (run / "evidence.json").read_bytes()
    for metric, name in (("late_rate", "part"), ("late_rate_low_ranked", "total"), ("late_rate_relevant", "rests_on")):

        def change(evidence: dict[str, Any], metric: str = metric, name: str = name) -> None:
            row = next(row for row in evidence["tallies"]["shares"] if row["metric"] == metric and not row["group"])
            row[name] = ["synthetic reviewers"] if name == "rests_on" else row[name] + 1

        forge(run, change)
        assert evalharness("verify", run).code == 13
        (run / "evidence.json").write_bytes(before)

    def more(evidence: dict[str, Any]) -> None:
        evidence["tallies"]["shares"] = [row for row in evidence["tallies"]["shares"] if row["metric"] != "late_rate"]
        evidence["estimates"] = [line for line in evidence["estimates"] if line["metric"] != "late_rate"]

    forge(run, more)
    assert evalharness("verify", run).code == 13
    forge(run, lambda _: None)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"first": 2}, "the band review has readers"),
        ({**HOURS, "third": 2}, "there is no such band"),
        ({**HOURS, "first": 0}, "greater than 0"),
        ({}, "open_within_hours"),
    ],
)
def test_hours_are_of_every_band_with_readers(tmp_path: Path, hours: dict[str, float], said: str):
    answer = waiting(tmp_path, hours).evaluate()
    assert answer.code == 2
    assert said in answer.out + answer.err
    assert "Traceback" not in answer.out + answer.err


LEADS = {"opened", "second"}


def with_people(space: Space, people: pd.DataFrame) -> Any:
    people.to_csv(space.root / "people.csv", index=False, lineterminator="\n")
    return space.run("--people", space.root / "people.csv")


def test_people_in_leads_are_counted_by_the_budget_of_the_day(tmp_path: Path):
    space = ranking(tmp_path)
    space.human = {**policy_human(), "people": LIMITS}
    space.asked = [asked for asked in REQUIREMENTS if asked["id"] in LEADS]
    space.write()
    people = people_of(space.names.assign(y_true=space.truth.astype(str), score=space.decision * 1.0), weeks=1)
    people.loc[space.decision == 0, "opened"] = [moment(24 if n % 2 else 21 * 24) for n in range(int((space.decision == 0).sum()))]
    told = with_people(space, people)
    assert told.code == 0, told.out + told.err
    evidence = space.evidence()
    bystanders = int(((space.truth == 0) & (space.decision == 1)).sum())
    assert finding(evidence, "opened")["value"] == pytest.approx(bystanders / int((space.truth == 1).sum()))
    beyond = int((space.decision == 0).sum())
    assert (finding(evidence, "second")["n"], finding(evidence, "second")["value"]) == (beyond, pytest.approx((beyond // 2) / beyond))
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 0


def test_a_pair_of_records_is_no_item_that_somebody_is_in(tmp_path: Path):
    space = linkage(tmp_path)
    space.human = {**policy_human(), "people": LIMITS}
    told = with_people(space.write(), people_of(table(5)))
    assert (told.code, "people does not go with the task linkage" in told.err) == (2, True)
    space.human = policy_human()
    space.asked = [{"id": "found", "metric": "pairwise_recall", "at_least": 0.5, "why": "w"}]
    told = with_people(space.write(), people_of(table(5)))
    assert (told.code, "a pair of records is none" in told.err) == (2, True)
