"""Which code is reported when several hold."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from evalharness.admission import CODES, Reason
from evalharness.admission.decision import MEANING, first_code

SUBSETS = list(chain.from_iterable(combinations(CODES, size) for size in range(len(CODES) + 1)))


@pytest.mark.parametrize("codes", SUBSETS, ids=str)
def test_the_first_of_the_published_order_is_reported_and_zero_needs_no_reason_at_all(codes: tuple[int, ...]) -> None:
    reasons = [Reason(code=code, text="x") for code in reversed(codes)]
    assert first_code(reasons) == (codes[0] if codes else 0)


def test_every_code_has_words() -> None:
    assert set(MEANING) == {0, *CODES}
