"""The first control question: how many relevant items are missed of 1,000? Page one has the answer; a signer who read it knows it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from evalharness.errors import bad_input
from evalharness.evidence import Evidence
from evalharness.records.decimals import decimal_text
from evalharness.report import numbers

_FIGURE = "missed_per_1000"
_TYPED = re.compile(r"(?:0|[1-9][0-9]{0,5}|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]{1,10})?")


def expected_missed(evidence: Evidence) -> str:
    """Relevant items set aside of 1,000, as page one prints them, without separators (`3.2`); empty when page one has no figure."""
    found = next((e for e in evidence.translation if e.metric == _FIGURE and not e.group), None)
    if found is None or found.value is None:
        return ""
    return numbers.plain(found.value).replace(",", "")


def missed_agrees(evidence: Evidence, answer: str) -> bool:
    """Whether an answer, rounded as page one rounds, is page one's figure. Without a figure no answer agrees."""
    expected = expected_missed(evidence)
    if not expected:
        return False
    figure = Decimal(expected)
    try:
        given = Decimal(answer)
        return given.is_finite() and given.quantize(figure) == figure
    except InvalidOperation:  # not a number, or too long to be rounded to so many decimals
        return False


def read_missed(text: str) -> str:
    """An answer as typed (`3.2`, `1,000`) as the decimal that a decision carries. Raises BadInput for anything else."""
    plain = text.strip()
    if _TYPED.fullmatch(plain) is None:
        with_point = plain.replace(",", ".")
        raise bad_input(
            "the answer to the control question is not a number", where="--missed-per-1000", got=text,
            expected="how many relevant items are never opened, in 1,000 items of any kind, such as 3.2; page one has it",
            hint=f"write {with_point}" if "," in plain and _TYPED.fullmatch(with_point) else "",
        )  # fmt: skip
    return decimal_text(float(plain.replace(",", "")))
