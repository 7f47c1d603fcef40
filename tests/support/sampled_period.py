"""A workspace with the register of a period whose truth is known, and samples of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rfc8785
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import read_evidence
from evalharness.evidence.store import sums
from evalharness.report.faces import faces

RELEVANT = {"set_aside": 2, "reviewed_negative": 6, "reviewed_positive": 360}
"""Relevant items in each pile of the register: 4,000, 600 and 400 items."""
SIZES = {"set_aside": 4_000, "reviewed_negative": 600, "reviewed_positive": 400}
PLACES = {"set_aside": "a", "reviewed_negative": "n", "reviewed_positive": "p"}
SAID = {"set_aside": ("false", ""), "reviewed_negative": ("true", "not_relevant"), "reviewed_positive": ("true", "relevant")}
ELUSION = {"id": "set-aside", "metric": "sampled_elusion", "at_most": 0.02, "why": "w"}
RECALL = {"id": "found", "metric": "sampled_recall", "at_least": 0.7, "why": "w"}
PRECISION = {"id": "kept", "metric": "sampled_precision", "at_least": 0.7, "why": "w"}


def stated(*requirements: dict[str, Any], **changes: Any) -> dict[str, Any]:
    sampling = {
        "coder_sensitivity": {"low": 0.9, "source": "declared"}, "power": 0.8,
        "expected": {"set_aside": 0.002, "reviewed_negative": 0.01, "reviewed_positive": 0.9, "selected": 0.4},
    }  # fmt: skip
    sensitivity = {"low": 0.7, "high": 1.0, "source": "declared"}
    human = {"minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": sensitivity, "sampling": sampling}
    plain = {"id": "recall", "metric": "recall", "at_least": 0.8, "why": "w"}
    return policy(human_in_the_loop=human, requirements=[plain, *requirements], **changes)


def sheet_of(sample: Path) -> list[dict[str, str]]:
    with (sample / "sheet.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


class Period:
    """A workspace with the register of a period whose truth is known."""

    def __init__(self, root: Path, *requirements: dict[str, Any], reviewed: bool = True, **changes: Any) -> None:
        self.root, self.register = root, root / "register.csv"
        self.space = SmallWorkspace(root, rows=table(60), document=stated(*requirements, **changes)).write()
        self.space.write_card()
        self.relevant: set[str] = set()
        with self.register.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["item_id", "selected", *(["reviewed"] if reviewed else [])])
            for pile, size in SIZES.items():
                ids = [f"live-{PLACES[pile]}-{i:05d}" for i in range(size)]
                self.relevant |= set(ids[: RELEVANT[pile]])
                chosen, said = SAID[pile]
                writer.writerows([item, chosen, *([said] if reviewed else [])] for item in ids)

    def run(self, *args: object) -> Any:
        return evalharness(*args, "--workspace", self.root, "--json")

    def draw(self) -> Path:
        answer = self.run("sample", "draw", "--policy", "small", "--model", "vendor", "--register", self.register)
        assert answer.code == 0, answer.out + answer.err
        return Path(json.loads(answer.out)["sample"])

    def code(self, sample: Path, skip: Callable[[str], bool] = lambda _: False) -> Path:
        coded = self.root / "coded.csv"
        rows = sheet_of(sample)
        with coded.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["item_id", "label", "coder"])
            for row in rows:
                item = row["item_id"]
                label = "" if skip(item) else "relevant" if item in self.relevant else "not_relevant"
                writer.writerow([item, label, "zeta" if label else ""])
        return coded

    def judged(self, sample: Path) -> tuple[Path, dict[str, Any]]:
        answer = self.run("evaluate", "--policy", "small", "--model", "vendor", "--sample", sample)
        assert answer.code == 0, answer.out + answer.err
        run = Path(json.loads(answer.out)["run"])
        return run, json.loads((run / "evidence.json").read_bytes())


def finding(evidence: dict[str, Any], name: str) -> dict[str, Any]:
    return next(f for f in evidence["findings"] if f["requirement"] == name)


def forge(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    evidence = json.loads((run / "evidence.json").read_bytes())
    change(evidence)
    data = rfc8785.dumps(evidence)
    files = {"evidence.json": data, **faces(read_evidence(data))}
    for name, content in {**files, "SHA256SUMS": sums(files)}.items():
        (run / name).write_bytes(content)
