"""A table of clusters of unequal size, of which a few are missed whole: what clears the goal by the narrower bounds alone is open."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy
from uneven_evidence import FEW

from evalharness.digests import canonical_json

AT = "2026-11-24T09:00:00Z"
COLUMNS = {"id": "item_id", "label": "y_true", "features": [], "groups": ["sex", "race"], "cluster": "case_id"}
REQUIREMENTS = [
    {"id": "recall", "metric": "recall", "at_least": 0.95, "why": "w"},
    {"id": "everyone", "metric": "recall", "at_least": 0.8, "for_each": ["sex"], "why": "w"},
]


def uneven_table() -> pd.DataFrame:
    """300 cases of 1 to 19 relevant items, eleven of them larger by 40; the cases FEW are missed."""
    rows = []
    for case in range(300):
        size = 1 + case * 7 % 19 + (40 if case % 29 == 0 else 0)
        for number in range(2 * size):
            relevant = number < size
            rows.append((f"{case:03d}-{number:03d}", str(int(relevant)), "FM"[case % 2], "ABC"[case % 3], f"case-{case:03d}",
                         0.9 if relevant and case not in FEW else 0.1))  # fmt: skip
    return pd.DataFrame(rows, columns=["item_id", "y_true", "sex", "race", "case_id", "score"])


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SmallWorkspace:
    made = SmallWorkspace(tmp_path_factory.mktemp("uneven"), rows=uneven_table(), document=policy(requirements=REQUIREMENTS)).write()
    made.write_benchmark(columns=COLUMNS)
    made.write_card()
    return made


def test_the_terminal_says_why_the_finding_is_open_and_verify_agrees(space: SmallWorkspace, tmp_path: Path):
    where = ("--workspace", space.root)
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", *where, "--out", tmp_path / "run", "--at", AT)
    assert answer.code == 0, answer.err
    (line,) = [line for line in answer.out.splitlines() if line.startswith("? recall: ")]
    assert " is below 0.95; " in line
    assert "; if large clusters were sure to come out like small ones the lower bound would be 0.96" in line
    assert line.endswith("which meets the goal")
    found = {f["requirement"]: f for f in json.loads((tmp_path / "run" / "evidence.json").read_bytes())["findings"]}
    assert found["recall"]["outcome"] == "not_demonstrated"
    assert found["everyone"]["outcome"] == "met"
    assert evalharness("verify", tmp_path / "run", *where).code == 0


@pytest.mark.parametrize("change", ["taken out", "narrower"])
def test_a_pair_that_was_altered_is_found_by_verify(space: SmallWorkspace, tmp_path: Path, change: str):
    where = ("--workspace", space.root)
    out = tmp_path / "run"
    assert evalharness("evaluate", "--policy", "small", "--model", "vendor", *where, "--out", out, "--at", AT).code == 0
    document = json.loads((out / "evidence.json").read_bytes())
    estimate = next(e for e in document["estimates"] if e["metric"] == "recall" and not e["group"])
    if change == "taken out":
        del estimate["by_size"]
    else:
        estimate["by_size"][0] += 0.005
    (out / "evidence.json").write_bytes(canonical_json(document))
    answer = evalharness("verify", out, *where)
    assert answer.code == 13
    assert "recall for overall does not follow from the tallies" in answer.out + answer.err
