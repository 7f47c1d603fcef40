"""Finished settings: taken as they lie there, or made again."""

from __future__ import annotations

import json

import pytest

from evalharness.errors import BadInput
from evalharness.records import Outcome
from evalharness.records.stress import StressFinding, StressRun, StressSetting
from evalharness.workflows.stress_store import KEY_FILE, WORK, Store, run_as_json, run_from_json

SETTING = StressSetting(name="setting-0001", sizes=(("a", 0.0), ("b", 0.25)), seed=2**47)
RUN = StressRun(
    setting=SETTING,
    items=1_000,
    counts="sha256:" + "0" * 64,
    outcome=Outcome.NOT_MET,
    findings=(
        StressFinding(
            requirement="r", outcome=Outcome.NOT_MET, group=(("sex", "F"),), value=1.0, decides=None, margin=None, n=9, findings=2, met=1,
            reason="w",
        ),
    ),
)  # fmt: skip


def test_a_run_survives_the_file_with_every_type():
    again = run_from_json(json.loads(json.dumps(run_as_json(RUN))))
    assert again == RUN
    assert repr(again) == repr(RUN)


def test_a_finished_setting_is_not_made_twice_and_an_altered_one_is(tmp_path):
    made, heard = [], []

    def make(setting: StressSetting) -> StressRun:
        made.append(setting.name)
        return RUN

    def go() -> Store:
        store = Store(tmp_path / "s", {"k": 1}, heard.append)
        assert store.run(SETTING, make) == RUN
        return store

    assert (go().used, go().used) == (0, 1)
    assert made == ["setting-0001"]
    path = tmp_path / "s" / WORK / "setting-0001.json"
    good = path.read_bytes()
    for bad in (good.replace(b'"n":9', b'"n":8'), good[:-1], b"", b"[]", b"\xff", good.replace(b"not_met", b"met    "), good + b"\n"):
        path.write_bytes(bad)
        assert go().used == 0
        assert path.read_bytes() == good
    assert len(heard) == 7
    assert len(made) == 8


def test_a_setting_of_other_sizes_is_not_taken_for_this_one(tmp_path):
    store = Store(tmp_path / "s", {"k": 1}, lambda _: None)
    store.run(SETTING, lambda _: RUN)
    other = StressSetting(name=SETTING.name, sizes=(("a", 0.0), ("b", 0.5)), seed=SETTING.seed)
    made = StressRun(setting=other, items=1, counts=RUN.counts, outcome=Outcome.MET, findings=())
    assert store.run(other, lambda _: made) == made


def test_a_folder_of_another_run_or_of_something_else_is_refused_and_left_alone(tmp_path):
    Store(tmp_path / "s", {"k": 1}, lambda _: None).run(SETTING, lambda _: RUN)
    with pytest.raises(BadInput, match="something else"):
        Store(tmp_path / "s", {"k": 2}, lambda _: None)
    assert (tmp_path / "s" / KEY_FILE).read_bytes() == b'{"k":1}\n'
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("x")
    with pytest.raises(BadInput, match="something else"):
        Store(tmp_path / "other", {"k": 1}, lambda _: None)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="something else"):
        Store(tmp_path / "file", {"k": 1}, lambda _: None)
