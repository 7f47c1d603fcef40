"""Where the time in the evidence comes from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evalharness.errors import BadInput
from evalharness.workflows.clock import clock_now, parse_time, resolve_time, time_text


def test_a_given_time_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert resolve_time("2026-11-22T09:30:00Z") == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert resolve_time(None) == datetime(1970, 1, 1, tzinfo=UTC)


def test_without_both_the_clock_counts_in_whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs((resolve_time(None) - clock_now()).total_seconds()) <= 2
    assert resolve_time(None).microsecond == 0


def test_text_and_time_are_inverse() -> None:
    assert time_text(parse_time("2024-02-29T23:59:59Z")) == "2024-02-29T23:59:59Z"


@pytest.mark.parametrize("text", ["", "now", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22", "2026-11-22T09:30:00+01:00"])
def test_anything_else_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="not a time"):
        parse_time(text)


def test_a_bad_epoch_and_a_naive_time_are_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(BadInput, match="SOURCE_DATE_EPOCH"):
        resolve_time(None)
    with pytest.raises(BadInput, match="zone"):
        resolve_time(datetime(2026, 1, 1))
