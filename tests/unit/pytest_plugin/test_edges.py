"""What a run seldom meets: a verdict that no finding explains, words that would move the cursor, a broken harness, a full disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evidence_fixture import HOSTILE, build, hostile
from uneven_evidence import uneven

from evalharness.digests import sha256_bytes
from evalharness.errors import Fault, bad_input
from evalharness.evidence import evidence_as_written, evidence_bytes
from evalharness.evidence.store import StoredRun
from evalharness.pytest_plugin.failure import failure_text, unexplained_text
from evalharness.pytest_plugin.items import count_items
from evalharness.pytest_plugin.judging import judged
from evalharness.pytest_plugin.options import Asked
from evalharness.pytest_plugin.summary import Summary

ASKED = Asked(policy="p", model="m", benchmark=None, rows=None, workspace=None, out=None)


def stored(**changes: Any) -> StoredRun:
    options = {name: changes.pop(name) for name in ("kind", "word", "corrected") if name in changes}
    data = evidence_bytes({**build(**options), **changes})
    return StoredRun(
        folder=Path("run"), evidence=evidence_as_written(data), evidence_bytes=data, digest=sha256_bytes(data), files={}, problems=()
    )


def test_a_verdict_that_no_finding_explains_is_one_more_item_that_fails():
    run = stored(kind="met", verdict={"outcome": "not_evaluable", "reasons": ["recall: nothing was found about it"]})
    assert count_items(run.evidence) == len(run.evidence.findings) + 1
    assert unexplained_text(run).splitlines()[:2] == ["verdict: NOT EVALUABLE", "  because:   recall: nothing was found about it"]
    assert f"of {count_items(run.evidence)} run" in Summary(run=run, outcomes=("met",), kept=True).lines()[0]


def test_no_finding_at_all_is_an_item_that_fails():
    run = stored(kind="met", findings=[])
    assert count_items(run.evidence) == 1
    assert "verdict: " in unexplained_text(run)


def test_a_verdict_that_its_findings_explain_is_no_item():
    for kind in ("met", "mixed", "empty"):
        run = stored(kind=kind)
        assert count_items(run.evidence) == len(run.evidence.findings)


def test_a_failure_that_may_be_chance_says_so():
    run = stored(corrected=False)
    (finding, *_) = [f for f in run.evidence.findings if f.outcome == "not_met"]
    assert "with so many checks some fail by chance" in failure_text(finding, run)


def test_related_items_are_counted_as_what_they_are_worth():
    run = stored()
    text = failure_text(next(f for f in run.evidence.findings if f.outcome == "not_met"), run)
    assert " clusters, worth " in text
    assert " independent ones" in text


def test_a_finding_that_only_the_allowance_for_large_clusters_leaves_open_says_so():
    data = evidence_bytes(uneven())
    run = StoredRun(
        folder=Path("run"), evidence=evidence_as_written(data), evidence_bytes=data, digest=sha256_bytes(data), files={}, problems=()
    )
    finding = run.evidence.findings[0]
    text = failure_text(finding, run)
    assert finding.lower is not None
    assert f"at least {finding.lower * 1000 // 1 / 10:.1f}" in text
    assert "if large clusters were sure to come out like small ones the lower bound would be 0.96" in text


def test_words_of_policy_and_data_stay_in_their_line():
    run = stored(word=hostile)
    for finding in run.evidence.findings:
        text = failure_text(finding, run)
        labels = ("asked:", "found:", "n:", "outcome:", "more data:", "why asked:", "report:")
        assert all(line.strip().startswith(labels) for line in text.splitlines()[1:])
        assert not set(text) & {c for c in HOSTILE if not c.isprintable() and c != "\n"}


@pytest.mark.parametrize(
    ("error", "expected", "words"),
    [
        (bad_input("no such thing", where="x.yaml:1:2"), pytest.UsageError, "--evalharness: x.yaml:1:2: no such thing"),
        (PermissionError(13, "Permission denied", "x.csv"), pytest.UsageError, "x.csv: it cannot be read or written: Permission denied"),
        (Fault("the promise"), pytest.exit.Exception, "fault in the harness: the promise"),
        (OSError("nobody knows where"), OSError, "nobody knows where"),
    ],
)
def test_what_goes_wrong_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, expected: type[BaseException], words: str
):
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("evalharness.workflows.evaluate.evaluate", fails)
    with pytest.raises(expected, match=words.replace("(", r"\(")):
        judged(ASKED, tmp_path / "run", print)
