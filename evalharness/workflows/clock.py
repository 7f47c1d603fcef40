"""The time that is written into evidence: passed in, or SOURCE_DATE_EPOCH, or the clock. Always UTC, whole seconds."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from evalharness.errors import bad_input

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_EXPECTED = "UTC time since 1970, such as 2026-11-22T09:30:00Z"
_FIRST_YEAR = 1970


def clock_now() -> datetime:
    """The machine's clock, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def parse_time(text: str, where: str = "--at") -> datetime:
    """`YYYY-MM-DDTHH:MM:SSZ`. Raises BadInput for anything else."""
    if _FORM.fullmatch(text):
        try:
            moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            if moment.year >= _FIRST_YEAR:
                return moment
        except ValueError:
            pass
    raise bad_input("not a time", where=where, got=text, expected=_EXPECTED)


def time_text(moment: datetime) -> str:
    """Inverse of `parse_time`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def resolve_time(at: str | datetime | None) -> datetime:
    """`at` when given, else SOURCE_DATE_EPOCH, else the clock."""
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise bad_input("a time without a zone", where="at", got=str(at), expected="a datetime with a time zone")
        return parse_time(time_text(at))
    if at is not None:
        return parse_time(at)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return clock_now()
    try:
        if (seconds := int(epoch)) >= 0:
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise bad_input("not a time", where="SOURCE_DATE_EPOCH", got=epoch, expected="whole seconds since 1970")
