"""A stress run on small settings: a planted weakness is found, stopping changes nothing, and nothing that cannot be stressed is begun."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml_text
from ruamel.yaml import YAML
from small_workspace import SmallWorkspace, table
from stressed_workspace import AT, HARMS, workspace

import evalharness.workflows.stress as module
from evalharness.errors import BadInput
from evalharness.records import Outcome
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.stress import Stressed, stress

ITEMS = 2_000


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return workspace(tmp_path_factory.mktemp("stress") / "w", goal=0.5)


def run(root: Path, out: Path, model: str = "lead-blanks", *, settings: int = 4, rows: int = ITEMS, **more) -> Stressed:
    return stress("stressed", model, settings=settings, rows=rows, workspace=root, out=out, at=AT, **more)


@pytest.fixture(scope="module")
def in_one_go(root, tmp_path_factory) -> Stressed:
    return run(root, tmp_path_factory.mktemp("one") / "s")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_planted_weakness_is_found_where_the_dial_is_turned_up(in_one_go):
    made = in_one_go.stress
    found = {(each.requirement, each.dial): each for each in made.tipping}
    assert made.own.finding("found").outcome is Outcome.MET
    (tip,) = found["found", "missing"].tips
    assert tip.rising
    assert 0 < tip.last_met < tip.first_not < 0.8
    assert tip.first_not - tip.last_met == pytest.approx(0.8 / 32)
    assert found["found", "under_representation"].tips == ()
    assert made.inert == ("under_representation",)
    worst = next(r for r in made.requirements if r.id == "found")
    assert worst.over_range is not Outcome.MET
    sizes = {r.setting.name: r.setting.size("missing") for r in made.design}
    assert sizes[worst.worst_setting] == max(sizes.values())
    assert next(r for r in made.requirements if r.id == "no-answer").over_range is Outcome.MET


def test_the_model_without_the_flaw_holds_over_the_whole_range(root, tmp_path):
    made = run(root, tmp_path / "s", "lead-reference", rows=4_000).stress
    (found,) = [each for each in made.requirements if each.id == "found"]
    assert found.over_range is Outcome.MET
    assert all(each.tips == () for each in made.tipping)
    assert made.outcome is Outcome.MET
    assert (
        "met at the recipe's own setting and at all 4 settings of its plausible ranges that were tried"
        in (tmp_path / "s" / "stress.md").read_text()
    )


def test_a_setting_is_judged_exactly_as_evaluate_judges_the_same_items(root, in_one_go, tmp_path):
    setting = in_one_go.stress.design[1].setting
    done = run(root, tmp_path / "s", settings=2, keep_data=True)
    folder = tmp_path / "s" / "data" / setting.name
    ordinary = evaluate("stressed", "lead-blanks", benchmark=folder, split="shifted", workspace=root, at=AT, out=tmp_path / "run")
    stressed = done.stress.design[1]
    assert stressed == in_one_go.stress.design[1]
    assert stressed.outcome is ordinary.verdict.outcome
    by_name = {f.requirement: f for f in ordinary.findings if not f.group}
    for name in ("found", "no-answer"):
        assert stressed.finding(name).value == by_name[name].value
        assert stressed.finding(name).outcome is by_name[name].outcome
    assert stressed.finding("found").decides == by_name["found"].lower
    assert stressed.finding("no-answer").decides == by_name["no-answer"].upper
    each = [f for f in ordinary.findings if f.requirement == "found-each"]
    assert stressed.finding("found-each").margin == min(f.lower - f.bound for f in each)


def test_stopped_and_gone_on_and_in_another_order_gives_the_same_bytes(root, in_one_go, tmp_path, monkeypatch):
    out, real, made = tmp_path / "s", module.run_setting, []

    def dies(asked, setting):
        if len(made) == 4:
            raise KeyboardInterrupt
        made.append(setting.name)
        return real(asked, setting)

    monkeypatch.setattr(module, "run_setting", dies)
    with pytest.raises(KeyboardInterrupt):
        run(root, out)
    assert not (out / "stress.json").exists()
    assert made == ["own", "setting-0001", "setting-0002", "setting-0003"]
    # what is missing is made in another order: one dial is turned before the fourth setting
    monkeypatch.setattr(module, "run_setting", real)
    first = run(root, out, settings=2)
    assert first.taken == 3
    again = run(root, out)
    assert again.taken == 4 + len(first.stress.alone)
    assert files(out) == files(in_one_go.folder)
    altered = out / "settings" / "setting-0002.json"
    altered.write_bytes(altered.read_bytes().replace(b'"met":1', b'"met":0'))
    heard: list[str] = []
    run(root, out, notice=heard.append)
    assert heard == ["setting-0002.json is not what was stored there; the setting is made again"]
    assert files(out) == files(in_one_go.folder)
    assert sorted(path.name for path in out.iterdir()) == ["design.json", "settings", "stress.html", "stress.json", "stress.md"]


def test_stopped_in_its_first_setting_it_goes_on_where_data_is_kept_and_leaves_nothing_where_none_is(root, tmp_path, monkeypatch):
    real = module.run_setting

    def dies(asked, setting):
        if asked.keep is not None:
            (asked.keep / setting.name).mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run_setting", dies)
    for keep_data in (False, True):
        with pytest.raises(KeyboardInterrupt):
            run(root, tmp_path / "s", settings=1, keep_data=keep_data)
        assert (tmp_path / "s").exists() is keep_data
    monkeypatch.setattr(module, "run_setting", real)
    done = run(root, tmp_path / "s", settings=1, keep_data=True)
    assert done.taken == 0
    assert (tmp_path / "s" / "data" / "own" / "benchmark.yaml").is_file()


def test_another_size_or_model_does_not_go_on_in_the_folder(root, in_one_go):
    before = files(in_one_go.folder)
    for change in ({"rows": ITEMS + 1}, {"model": "lead-reference"}, {"split": "shifted"}):
        with pytest.raises(BadInput, match="something else"):
            run(root, in_one_go.folder, **change)
    assert files(in_one_go.folder) == before


def test_a_policy_that_changes_meanwhile_stops_it(tmp_path, monkeypatch):
    own = workspace(tmp_path / "w")
    policy, real = own / "policies" / "stressed.yaml", module.run_setting

    def changes(asked, setting):
        policy.write_text(policy.read_text() + "\n")
        return real(asked, setting)

    monkeypatch.setattr(module, "run_setting", changes)
    with pytest.raises(BadInput, match="changed while"):
        run(own, tmp_path / "s", rows=2_000)


def test_a_group_without_an_item_is_not_evaluable_and_never_left_out(tmp_path):
    own = workspace(tmp_path / "w")
    recipe = own / "datasets_synthetic" / "lead-priority" / "benchmark.yaml"
    recipe.write_text(recipe.read_text().replace('"sex": {"F": 0.51, "M": 0.49}', '"sex": {"F": 0.51, "M": 0.48999, "X": 0.00001}'))
    made = run(own, tmp_path / "s", rows=2_000, settings=1).stress
    finding = made.own.finding("found-each")
    assert finding.outcome is Outcome.NOT_EVALUABLE
    assert finding.group == (("sex", "X"),)
    assert finding.findings == 3
    assert made.outcome in {Outcome.NOT_MET, Outcome.NOT_EVALUABLE}


def test_a_model_that_does_not_fit_leaves_nothing_behind(tmp_path):
    own = workspace(tmp_path / "w")
    policy = own / "policies" / "stressed.yaml"
    policy.write_text(policy.read_text().replace("recall_at_budget", "recall").replace("ranking", "binary").replace("budget_per_day", "x"))
    with pytest.raises(BadInput):
        run(own, tmp_path / "s")
    fresh = workspace(tmp_path / "fresh")
    recipe = fresh / "datasets_synthetic" / "lead-priority" / "benchmark.yaml"
    recipe.write_text(recipe.read_text().replace('"n01"', '"n99"'))
    with pytest.raises(BadInput):
        run(fresh, tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_what_a_policy_asks_over_the_range_is_judged_here_and_copies_are_left_out_by_name(tmp_path):
    own = workspace(tmp_path / "w")
    policy = own / "policies" / "stressed.yaml"
    document = YAML(typ="safe").load(policy.read_text())
    document["requirements"][0]["over_range"] = True
    document["requirements"].append({"id": "noisy", "metric": "recall_at_budget", "at_least": 0.1, "under": "noise", "why": "w"})
    policy.write_text(yaml_text.dump(document))
    made = run(own, tmp_path / "s", settings=1).stress
    assert [(r.id, r.demanded, r.condition) for r in made.requirements] == [
        ("found", True, ""), ("found-each", False, ""), ("no-answer", False, ""),
    ]  # fmt: skip
    assert made.left_out == ("noisy",)
    assert made.own.finding("found").outcome is Outcome.MET
    document["requirements"] = document["requirements"][-1:]
    policy.write_text(yaml_text.dump(document))
    with pytest.raises(BadInput, match="no requirement of the policy can be stressed"):
        run(own, tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_what_cannot_be_stressed_is_refused_before_anything_is_made(tmp_path):
    space = SmallWorkspace(tmp_path / "w", rows=table(500)).write()
    with pytest.raises(BadInput, match="supplied table cannot be stressed"):
        stress("small", f"predictions:{space.predictions}", workspace=space.root, out=tmp_path / "s")
    own = workspace(tmp_path / "leads")
    predictions = tmp_path / "p.csv"
    predictions.write_text("item_id,score\nx,0.5\n")
    with pytest.raises(BadInput, match="stored predictions cannot be stressed"):
        stress("stressed", f"predictions:{predictions}", workspace=own, out=tmp_path / "s")
    with pytest.raises(BadInput) as caught:
        run(own, tmp_path / "s", settings=0, rows=1)
    assert len(caught.value.problems) == 2
    fixed = workspace(tmp_path / "fixed", harms={"missing": {**HARMS["missing"], "range": [0.0, 0.0]}})
    with pytest.raises(BadInput, match="declares no plausible range"):
        run(fixed, tmp_path / "s")
    harms = {name: {"of": {"sex": "F"}, "size": 0.0, "range": [0.0, 8.0]} for name in ("base_rate",)}
    harms["prevalence_shift"] = {"size": 0.0, "range": [0.0, 8.0]}
    with pytest.raises(BadInput, match="contradict one another"):
        run(workspace(tmp_path / "wild", harms=harms), tmp_path / "s", settings=64)
    assert not (tmp_path / "s").exists()


def test_the_document_is_what_its_schema_says(in_one_go):
    jsonschema = pytest.importorskip("jsonschema")
    from evalharness.report.stressed import stress_json_schema

    document = json.loads((in_one_go.folder / "stress.json").read_bytes())
    jsonschema.Draft202012Validator(stress_json_schema()).validate(document)
    assert document["evidence"] is False
    assert len(document["settings"]) == 4
    assert "evidence.json" not in files(in_one_go.folder)
