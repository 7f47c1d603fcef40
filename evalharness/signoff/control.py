"""The first control question: how many are missed of 1,000, or graded too low? Page one has the answer; a signer who read it knows it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from evalharness.errors import bad_input
from evalharness.evidence import Evidence
from evalharness.records.decimals import decimal_text
from evalharness.report import numbers
from evalharness.report.by_task import task_words
from evalharness.report.daily_work import control_figure

_TYPED = re.compile(r"(?:0|[1-9][0-9]{0,5}|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]{1,10})?")


def expected_missed(evidence: Evidence) -> str:
    """The first figure of daily work in 1,000, as page one prints it, as the decimal that a decision carries (`3.2`); empty when page one
    has no figure. A decision says exactly this text."""
    found = control_figure(evidence, task_words(evidence))
    if found is None or found.value is None:
        return ""
    return format(Decimal(numbers.plain(found.value).replace(",", "")).normalize(), "f")


def missed_agrees(evidence: Evidence, answer: str) -> bool:
    """Whether the answer in a decision is page one's figure. Without a figure no answer agrees."""
    expected = expected_missed(evidence)
    return bool(expected) and answer == expected


def typed_agrees(evidence: Evidence, answer: str) -> bool:
    """Whether an answer as somebody types it, rounded as page one rounds, is page one's figure. The decision says the figure itself."""
    expected = expected_missed(evidence)
    if not expected:
        return False
    printed = Decimal(numbers.plain(float(expected)).replace(",", ""))
    try:
        given = Decimal(answer)
        return given.is_finite() and given.quantize(printed) == printed
    except InvalidOperation:  # not a number, or too long to be rounded to so many decimals
        return False


def read_missed(text: str) -> str:
    """An answer as typed (`3.2`, `1,000`) as the decimal that a decision carries. Raises BadInput for anything else."""
    plain = text.strip()
    if _TYPED.fullmatch(plain) is None:
        with_point = plain.replace(",", ".")
        raise bad_input(
            "the answer to the control question is not a number", where="--missed-per-1000", got=text,
            expected="the first figure under “What it means in daily work”, in 1,000, such as 3.2; page one has it",
            hint=f"write {with_point}" if "," in plain and _TYPED.fullmatch(with_point) else "",
        )  # fmt: skip
    return decimal_text(float(plain.replace(",", "")))
