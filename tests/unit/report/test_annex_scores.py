"""The annex on scores: what its drawings and sentences say, and where they stay away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import Evidence, read_evidence
from evalharness.report.annex_scores import described_scores
from evalharness.report.by_task import task_words
from evalharness.report.curve_charts import HEIGHT, WIDTH, curve_chart

HUMAN = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    document = policy(human_in_the_loop=HUMAN, planning={"prevalence": 0.02})
    SmallWorkspace(folder, rows=table(1_500), document=document).write().write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", folder, "--json")
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


@pytest.fixture(scope="module")
def evidence(run: Path) -> Evidence:
    return read_evidence((run / "evidence.json").read_bytes())


def test_the_run_verifies_and_its_replay_gives_the_same_bytes(run: Path) -> None:
    for more in ((), ("--replay",)):
        answer = evalharness("verify", run, *more, "--workspace", run.parent.parent)
        assert answer.code == 0, answer.err


def test_each_drawing_says_in_a_sentence_what_it_shows_and_has_its_table(evidence: Evidence) -> None:
    sections = {s.anchor: s for s in described_scores(evidence, task_words(evidence))}
    assert list(sections) == ["reliability", "thresholds", "benefit", "deployment"]
    for name in ("reliability", "thresholds", "benefit"):
        (chart,) = sections[name].curves
        assert chart.description.split(".")[0] in sections[name].paragraphs[0]
        assert sections[name].tables
    tables = {table.caption: table.rows for table in sections["thresholds"].tables}
    assert sum("(in use)" in row[0] for row in tables["Other thresholds in plain numbers"]) == 1
    used = [row for row in tables["Thresholds"] if "(in use)" in row[0]]
    assert len(used) == 1
    marked = sections["thresholds"].curves[0].marked
    assert marked is not None
    assert "in use" in sections["thresholds"].curves[0].marked_text
    assert [row[0] for row in sections["deployment"].tables[0].rows][1].endswith("(stated by the policy)")
    note = sections["deployment"].tables[0].note
    assert "only the share of relevant items differs in use" in note
    assert not any(name in note.lower() for name in ("mover", "clopper", "kish", "alpha")), "names of methods are for the evidence"


def test_the_area_under_the_curve_stands_once(run: Path) -> None:
    markdown = (run / "report.md").read_text("utf-8")
    assert "scores above an irrelevant one (AUC)" in markdown
    assert "Area under the ROC curve, at least" not in markdown, "other bounds of the same area, beside those of the measure"
    assert "stands among the measures that only describe" in markdown


def test_every_face_has_them(run: Path) -> None:
    html, markdown = ((run / name).read_text("utf-8") for name in ("report.html", "report.md"))
    assert html.count('<figure class="curve">') == 3
    assert "Misses against workload, at every threshold" in markdown
    assert "**Chart (Misses against workload):**" in markdown
    assert len(html) < 1_000_000
    points = re.findall(r'points="([^"]+)"', html)
    assert points
    for pair in " ".join(points).split():
        x, y = map(float, pair.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_labels_only_draw_nothing_and_the_report_says_why(tmp_path: Path) -> None:
    rows = table(300)
    space = SmallWorkspace(tmp_path, rows=rows, document=policy(operating_point={"rule": "label"})).write()
    rows.assign(label=(rows.score >= 0.5).astype(int))[["item_id", "label"]].to_csv(space.root / "said.csv", index=False)
    model = f"predictions:{space.root / 'said.csv'}"
    answer = evalharness("evaluate", "--policy", "small", "--model", model, "--workspace", tmp_path, "--json")
    assert answer.code == 0, answer.err
    folder = Path(json.loads(answer.out)["run"])
    assert "described" not in json.loads((folder / "evidence.json").read_bytes())
    assert "gives no scores" in (folder / "report.html").read_text("utf-8")


def test_a_drawing_keeps_its_points_inside_and_its_ticks_round() -> None:
    chart = curve_chart("x", ("t", "d"), ("x", "y"), [("main", "one", [(0.0, -5.0), (0.037, 0.9)])], marked=(0.02, 0.5, "in use"))
    assert [t.text for t in chart.x_ticks] == ["0\u00a0%", "1\u00a0%", "2\u00a0%", "3\u00a0%", "4\u00a0%"]
    assert chart.lines[0].points.split()[0] == f"{chart.left},{chart.bottom}", "a point below the drawing is drawn at its edge"
    assert chart.marked is not None
    assert chart.left < chart.marked.x < chart.right
