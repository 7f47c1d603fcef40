"""Review logs of leads and of pairs of records, from files to judgement: counted by hand, verified, not altered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rfc8785
import yaml_text
from command import evalharness
from leads_and_pairs import Space, linkage, ranking
from review_logs import Study
from reviewers import PLAIN

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

MAKERS = {"ranking": ranking, "linkage": linkage}


@pytest.fixture(scope="module", params=list(MAKERS))
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Space, pd.DataFrame, pd.DataFrame]:
    space = MAKERS[request.param](tmp_path_factory.mktemp(request.param)).write()
    log, assigned = space.log(Study(readings=1_200, seeded=0.05, unread=0.02))
    if space.task == "linkage":  # whichever record stands first
        log.iloc[::3, [0, 1]] = log.iloc[::3, [1, 0]].to_numpy()
    answer = space.reviewed(log, assigned)
    assert answer.code == 0, answer.out + answer.err
    return space, log, assigned


Judged = tuple[Space, pd.DataFrame, pd.DataFrame]


def shares_by_hand(space: Space, log: pd.DataFrame, assigned: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """What was not read is wrong."""
    key = ["reviewer", "reading"]
    both = assigned.rename_axis("item").reset_index().merge(
        log.rename_axis("item").reset_index()[["item", *key, "label"]], on=["item", *key], how="left"
    )  # fmt: skip
    first = both[both["reading"].astype(str) == "1"]
    truth, decision = space.truth[first["item"]], space.decision[first["item"]]
    says = first["label"].eq(space.words["1"]).to_numpy()
    wrong = first["label"].isna().to_numpy() | (says != (truth == 1))
    seeded = first["seeded"].eq("true").to_numpy()
    shown = first["shown_or_blind"].ne("blind").to_numpy() & ~seeded
    blind = ~shown & ~seeded
    of = {
        "reader_recall": (shown & (truth == 1), says),
        "reader_specificity": (shown & (truth == 0), ~wrong),
        "blind_reader_recall": (blind & (truth == 1), says),
        "wrong_when_model_wrong": (shown & (truth != decision), wrong),
        "commission_rate": (shown & (truth == 0) & (decision == 1), wrong),
        "omission_rate": (shown & (truth == 1) & (decision == 0), wrong),
        "seeded_detection": (seeded, ~wrong),
    }
    return {name: (int((some & which).sum()), int(some.sum())) for name, (some, which) in of.items()}


def test_what_readers_did_is_counted_as_by_hand(judged: Judged) -> None:
    space, log, assigned = judged
    rows = {row["metric"]: (row["part"], row["total"]) for row in space.evidence()["tallies"]["shares"] if not row["group"]}
    wanted = shares_by_hand(space, log, assigned)
    assert {name: rows[name] for name in wanted} == wanted
    assert all(total > 20 for _, total in wanted.values())


def test_it_is_judged_and_verifies(judged: Judged) -> None:
    space, _, _ = judged
    outcomes = {finding["requirement"]: finding["outcome"] for finding in space.evidence()["findings"]}
    assert outcomes == {"readers": "met", "leaning": "met", "seeds": "met"}
    told = evalharness("verify", space.root / "run", "--workspace", space.root)
    assert told.code == 0, told.out + told.err
    limits = " ".join(space.evidence()["limits"])
    assert ("within or beyond the day's budget" in limits) is (space.task == "ranking")
    assert ("that no candidate pair holds are in no figure" in limits) is (space.task == "linkage")


def test_no_number_of_it_can_be_altered(judged: Judged, tmp_path: Path) -> None:
    space, _, _ = judged
    document = space.evidence()
    next(row for row in document["tallies"]["shares"] if row["metric"] == "reader_recall")["part"] += 1
    data = rfc8785.dumps(document)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (tmp_path / name).write_bytes(content)
    assert evalharness("verify", tmp_path, "--workspace", space.root).code == 13


def test_items_of_one_case_hang_together(judged: Judged) -> None:
    """Leads of a case, pairs of one chain of records."""
    space, _, _ = judged
    row = next(row for row in space.evidence()["tallies"]["shares"] if row["metric"] == "reader_specificity" and not row["group"])
    cases = row["ways"]["case"][0]
    assert cases <= 300 if space.task == "ranking" else cases < row["total"]


def test_a_log_in_other_words_or_of_other_items_is_refused(judged: Judged) -> None:
    space, log, assigned = judged
    other = log.assign(shown=log["shown"].replace({space.told["1"]: "selected"}))
    told = space.reviewed(other, assigned, "other")
    assert (told.code, "shown is no decision" in told.err) == (2, True)
    turned = {space.told["0"]: space.told["1"], space.told["1"]: space.told["0"]}
    told = space.reviewed(log.assign(shown=log["shown"].replace(turned)), assigned, "turned")
    assert (told.code, "shown is not what this classifier decides on the item" in told.err) == (2, True)
    named = list(space.names.columns)
    told = space.reviewed(log.assign(**{named[-1]: "nobody"}), assigned, "unknown")
    assert (told.code, "in the judged split" in told.err, "Traceback" in told.err) == (2, True, False)
    wrong = log.rename(columns={named[0]: "left_id" if space.task == "ranking" else "item_id"})
    told = space.reviewed(wrong, assigned, "columns")
    assert (told.code, f"the column {named[0]} is missing" in told.err) == (2, True)


def test_parquet_says_what_csv_says(judged: Judged) -> None:
    space, log, assigned = judged
    files = [space.root / f"{name}.parquet" for name in ("log", "assigned")]
    for file, table in zip(files, (log, assigned), strict=True):
        table.to_parquet(file, index=False)
    told = space.run("--reviews", files[0], "--assigned", files[1], name="parquet")
    assert told.code == 0, told.out + told.err
    assert space.evidence("parquet")["tallies"] == space.evidence()["tallies"]


def test_the_page_for_a_board_says_what_a_wrong_answer_is(judged: Judged) -> None:
    space, _, _ = judged
    page = (space.root / "run" / "report.md").read_text()
    assert ("What is shown of a lead is its place" in page) is (space.task == "ranking")


def test_a_true_link_that_no_pair_holds_cannot_be_read(tmp_path: Path) -> None:
    space = linkage(tmp_path).write()
    log, assigned = space.log(Study(readings=600))
    left = space.names["left_id"].iloc[0]
    never = next(one for one in space.items["item_id"] if one != left and not ((space.names == [left, one]).all(axis=1).any()
                 or (space.names == [one, left]).all(axis=1).any()))  # fmt: skip
    log.iloc[0, [0, 1]] = [left, never]
    told = space.reviewed(log, assigned)
    assert (told.code, "no candidate pair of the judged split" in told.err) == (2, True)


@pytest.mark.parametrize("task", list(MAKERS))
def test_made_up_reviewers_read_leads_and_pairs(tmp_path: Path, task: str) -> None:
    space = MAKERS[task](tmp_path).write()
    dials = {**PLAIN, "benchmark": "small", "reviewers": 60, "seeded_share": 0.05, "twice_share": 0.2, "unread_share": 0.02}
    (space.root / "datasets_synthetic" / "small" / "reviewers.yaml").write_text(yaml_text.dump(dials))
    told = space.run("--synthetic-reviewers")
    assert told.code == 0, told.out + told.err
    found = next(e for e in space.evidence()["estimates"] if e["metric"] == "blind_reader_specificity" and not e["group"])
    assert found["lower"] < 0.88 < found["upper"]
    assert found["rests_on"] == ["synthetic reviewers"]
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 0
    columns = list(space.items.columns)
    again = MAKERS[task](tmp_path / "again").write()
    again.items = again.items.iloc[np.random.default_rng(2).permutation(len(again.items))][columns]
    if task == "ranking":
        again.items = again.items.sort_values("day", kind="stable")
    (again.write().root / "datasets_synthetic" / "small" / "reviewers.yaml").write_text(yaml_text.dump(dials))
    assert again.run("--synthetic-reviewers").code == 0
    wanted, rows = ([readings_of(row) for row in each.evidence()["tallies"]["shares"] if "rests_on" in row] for each in (space, again))
    assert rows == wanted, "whichever order the rows of the table come in"


def readings_of(row: dict[str, Any]) -> tuple[Any, ...]:
    """A pair that is no link is in the case, and the group, of its record that comes first."""
    group = row["group"] if row["metric"] == "reader_recall" else {}
    return (row["metric"], group, row["part"], row["total"], row["ways"]["reviewer"]) if row["group"] == group else ()


def test_views_of_relevant_leads_are_counted_as_logged(tmp_path: Path) -> None:
    space = ranking(tmp_path)
    space.human = {**space.human, "exposure": {"severe": "relevant", "views_per_shift_at_most": 400}}
    space.asked = [{"id": "cap", "metric": "shift_over_cap_rate", "at_most": 0.5, "why": "w"}]
    log, assigned = space.write().log(Study(readings=800))
    told = space.reviewed(log, assigned)
    assert told.code == 0, told.out + told.err
    part = space.evidence()["oversight"]["exposure"]
    assert {one["level"]: one["views"] for one in part["levels"] if one["level"]} == {
        word: int((space.truth[log.index] == label).sum()) for label, word in enumerate(("0", "1"))
    }
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 0


WORK = {"officers": 4, "minutes_per_shift": 300, "shifts_per_week": 5}
BANDS = {"ranking": {"within_budget": True}, "linkage": {"from": "operating_point"}}


def with_work(task: str, root: Path, **work: Any) -> Space:
    space = MAKERS[task](root)
    bands = [{"name": "read", "readers": 1, **BANDS[task]}, {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 30}]
    space.human = {**space.human, "bands": bands, "work": {**WORK, **work}}
    space.asked = [{"id": "minutes", "metric": "weekly_minutes", "at_most": 400, "why": "w"}]
    return space.write()


def test_work_of_leads_is_judged_on_declared_minutes(tmp_path: Path) -> None:
    space = with_work("ranking", tmp_path)
    told = space.run()
    assert told.code == 0, told.out + told.err
    (found,) = space.evidence()["findings"]
    assert (found["outcome"], found["rests_on"]) == ("met", ["declared: minutes"])
    assert found["value"] == pytest.approx(100 * 3), "a week of 100 leads, each of them read or opened within days"
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 0
    document = space.evidence()
    next(row for row in document["tallies"]["shares"] if row["metric"] == "reading_load")["part"] -= 1
    data = rfc8785.dumps(document)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (space.root / "run" / name).write_bytes(content)
    assert evalharness("verify", space.root / "run", "--workspace", space.root).code == 13


@pytest.mark.parametrize(
    ("task", "work", "told"),
    [
        ("ranking", {"minutes": "measured"}, "how many come in on a day"),
        ("linkage", {}, "true links that no candidate pair holds are counted with the last band"),
    ],
)
def test_work_that_cannot_be_reckoned_is_refused(tmp_path: Path, task: str, work: dict[str, Any], told: str) -> None:
    found = with_work(task, tmp_path, **work).run()
    assert (found.code, told in found.err, "Traceback" in found.err) == (2, True, False)
