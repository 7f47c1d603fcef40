"""A gate that leaves out one of its checks is noticed by the same enumeration: each rule, one at a time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from gate_families import FAMILIES

from evalharness.admission import RunSeen, conditions, decide, votes


def nothing(*_: Any, **__: Any) -> Iterator[Any]:
    return iter(())


def always(*_: Any) -> tuple[bool, str]:
    return True, "holds"


def none(*_: Any) -> tuple[Any, ...]:
    return ()


def no_text(*_: Any) -> str:
    return ""


def nobody_is_missing(*_: Any, **__: Any) -> dict[str, int]:
    return {}


def everything_stands(decisions: Any) -> frozenset[str]:
    return frozenset(decision.digest for decision in decisions)


SKIPPED = (
    ("request.artefact", nothing, "request"),
    ("request.benchmark", nothing, "request"),
    ("request.clock", nothing, "request"),
    ("request.card", nothing, "request"),
    ("decide.absence_reasons", nothing, "request"),
    ("decide.register_reasons", nothing, "request"),
    ("findings.finding_reasons", nothing, "request"),
    ("findings.claim_reasons", nothing, "request"),
    ("decide.standing_reasons", nothing, "evidence"),
    ("decide.deployment_reasons", nothing, "evidence"),
    ("decide.locks_reasons", nothing, "evidence"),
    ("locks.without_result", nothing, "evidence"),
    ("locks.shared", nothing, "one_lock"),
    ("locks.mismatch", nothing, "locked"),
    ("locks.unfit", nothing, "locked"),
    ("decide.lock_reasons", nothing, "locked"),
    ("decide.result_reasons", nothing, "locked"),
    ("results.forged", nothing, "locked"),
    ("results.unfit", nothing, "locked"),
    ("decide.status_reasons", nothing, "trust"),
    ("decide.anchor_reasons", nothing, "trust"),
    ("trust.freshness", nothing, "trust"),
    ("trust.rollback", nothing, "trust"),
    ("trust.author_against", lambda *_: (), "trust"),
    ("decide.statement_reasons", nothing, "evidence"),
    ("approval.lifted", lambda *_: (), "made_by"),
    ("approval.other_things", nothing, "flawed"),
    ("approval.gone", nothing, "flawed"),
    ("approval.copies", nothing, "flawed"),
    ("decide.vote_reasons", nothing, "seated"),
    ("approval.vetoes", none, "seated"),
    ("approval.missing", nothing, "seated"),
    ("approval.unowned", nothing, "owned"),
    ("approval.empty_seats", nobody_is_missing, "seated"),
    ("votes.latest", everything_stands, "changed"),
    ("votes.stops", lambda _: False, "advised"),
    ("votes.taken_back", nothing, "changed"),
    ("votes.believed", lambda decision: not decision.author.problems, "changed"),
    ("approval.in_force", lambda votes, *_: tuple(vote for vote in votes if vote.approves), "relied"),
    ("approval.not_only_its_makers", nothing, "made_by"),
    ("approval.rests_on", lambda run: (("this run", run.evidence),), "made_by"),
    ("request.bad_policy", nothing, "made_by"),
    ("locks.dependence", no_text, "made_by"),
    ("results.dependence", no_text, "made_by"),
    ("trust.dependence", no_text, "made_by"),
    ("votes.of_supplier", lambda *_: False, "flawed"),
    ("decide._weigh_older", lambda run, found, case, _: decide._weigh(run, found, case), "attempted"),
    ("decide._weigh", lambda run, *_: ([], RunSeen(run=run.name, used=True, note=""), []), "attempted"),
    ("decide.vetoes", none, "attempted"),
    ("decide.condition_reasons", nothing, "used"),
    ("conditions.not_heard", no_text, "used"),
)


@pytest.mark.parametrize(("rule", "broken", "family"), SKIPPED, ids=[rule for rule, _, _ in SKIPPED])
def test_a_gate_that_skips_a_rule_is_noticed(monkeypatch: pytest.MonkeyPatch, rule: str, broken: Any, family: str) -> None:
    module, _, name = rule.partition(".")
    monkeypatch.setattr(importlib.import_module(f"evalharness.admission.{module}"), name, broken)
    assert FAMILIES[family].notices()


@pytest.mark.parametrize("name", ["author", "form", "team", "supplier", "conflict", "time", "status"])
def test_a_gate_that_skips_a_rule_for_everybody_is_noticed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    kept = tuple(rule for rule in votes.OF_EVERYBODY if rule.__name__ != name)
    assert len(kept) == len(votes.OF_EVERYBODY) - 1
    monkeypatch.setattr(votes, "OF_EVERYBODY", kept)
    assert FAMILIES["dated" if name == "time" else "flawed"].notices()


@pytest.mark.parametrize("name", [rule.__name__ for rule in votes.OF_APPROVALS])
def test_a_gate_that_skips_a_rule_for_approvals_is_noticed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(votes, "OF_APPROVALS", tuple(rule for rule in votes.OF_APPROVALS if rule.__name__ != name))
    assert FAMILIES[{"validity": "dated", "role": "owned", "residual_risk": "owned"}.get(name, "flawed")].notices()


@pytest.mark.parametrize("table", ["OF_USE", "OF_DAYS"])
def test_a_gate_that_takes_a_condition_for_held_is_noticed(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    for name in getattr(conditions, table):
        with monkeypatch.context() as patch:
            patch.setitem(getattr(conditions, table), name, always)
            assert FAMILIES["used" if table == "OF_DAYS" else "used_whole"].notices(), name
