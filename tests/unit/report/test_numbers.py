"""Text of numbers: rounded outward, never saying more than the number does."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.records import attempt_level
from evalharness.report import numbers

NB = numbers.SPACE


@pytest.mark.parametrize(
    ("value", "rounding", "text"),
    [
        (0.95, "near", "95.0"),
        (0.94999, "down", "94.9"),
        (0.94999, "up", "95.0"),
        (0.05001, "up", "5.1"),
        (0.00284, "up", "0.3"),
        (0.9987, "down", "99.8"),
        (1.0, "down", "100.0"),
        (0.0, "up", "0.0"),
        (0.1 + 0.2, "up", "30.1"),
    ],
)
def test_a_share_reads_as_a_percentage_rounded_its_way(value: float, rounding: numbers.Rounding, text: str) -> None:
    assert numbers.percent(value, rounding) == text + NB + "%"


@given(st.floats(0, 1), st.sampled_from(["down", "up"]))
def test_a_bound_is_never_rounded_inward(value: float, rounding: numbers.Rounding) -> None:
    shown = Decimal(numbers.percent(value, rounding).removesuffix(NB + "%")) / 100
    assert shown <= Decimal(repr(value)) if rounding == "down" else shown >= Decimal(repr(value))


@given(st.floats(1e-5, 1 - 1e-5))
def test_what_is_neither_nothing_nor_everything_never_reads_so(value: float) -> None:
    assert numbers.percent(value).removesuffix(NB + "%") not in {"0.0", "100.0"}


@given(st.floats(0.01, 0.99), st.integers(1, 9999))
def test_a_bound_short_of_its_goal_also_reads_short_of_it(value: float, ten_thousandths: int) -> None:
    goal = ten_thousandths / 10_000
    beside = numbers.decimals_of(goal, percentage=True)
    shown = Decimal(numbers.percent(value, "down", decimals=beside).removesuffix(NB + "%"))
    asked = Decimal(numbers.exact_percent(goal).removesuffix(NB + "%"))
    assert (shown >= asked) == (value >= goal)


@pytest.mark.parametrize(("value", "text"), [(0.95, "95"), (0.003, "0.3"), (0.9999, "99.99"), (1.0, "100"), (0.0, "0"), (0.7, "70")])
def test_a_goal_reads_as_the_policy_wrote_it(value: float, text: str) -> None:
    assert numbers.exact_percent(value) == text + NB + "%"


@pytest.mark.parametrize(
    ("level", "sure", "doubt"),
    [(0.95, "95", "5"), (0.999999, "99.9999", "0.0001"), (0.969603645, "96.96", "3.04"), (0.9924009113, "99.24", "0.76")],
)
def test_a_level_reads_as_the_policy_wrote_it_and_that_of_an_attempt_short(level: float, sure: str, doubt: str) -> None:
    assert (numbers.confidence(level), numbers.doubt(level)) == (sure + NB + "%", doubt + NB + "%")


@given(st.floats(0.5, 0.9999), st.integers(1, 1000))
def test_nobody_is_told_to_be_surer_than_the_attempt_allows(confidence: float, attempt: int) -> None:
    level = attempt_level(confidence, attempt)
    sure = Decimal(numbers.confidence(level).removesuffix(NB + "%")) / 100
    doubt = Decimal(numbers.doubt(level).removesuffix(NB + "%")) / 100
    assert sure <= Decimal(repr(level)) <= 1
    assert sure + doubt >= 1 - Decimal("1e-10")


def test_what_is_absent_is_a_dash_and_never_a_number() -> None:
    absent = [numbers.percent(None), numbers.points(None), numbers.plain(None), numbers.count(None)]
    assert absent == [numbers.ABSENT] * 4


def test_large_numbers_have_separators_and_small_ones_keep_two_digits() -> None:
    assert [numbers.plain(x) for x in (5225.6, 104.51, 1.84, 0.0469, -0.02)] == ["5,226", "105", "1.8", "0.047", "−0.020"]
    assert [numbers.size(x) for x in (10002.9, 53.39)] == ["10,002", "53.3"]


def test_what_is_not_quite_all_or_none_never_reads_as_if_it_were() -> None:
    told = [numbers.percent(x).replace(numbers.SPACE, " ") for x in (1.0, 0.9999999999, 0.0, 1e-10, 0.9997)]
    assert told == ["100.0 %", "more than 99.9 %", "0.0 %", "less than 0.1 %", "more than 99.9 %"]


def test_the_annex_tells_small_shares_with_two_decimals_and_all_others_with_one() -> None:
    assert [numbers.fine(x).replace(NB, " ") for x in (0.0014, 0.5, 0.9996, 0.00001)] == [
        "0.14 %",
        "50.0 %",
        "more than 99.9 %",
        "less than 0.1 %",
    ]
    assert [numbers.fine(x, "up").replace(NB, " ") for x in (0.000472, 0.00001, 0.9996)] == ["0.05 %", "0.1 %", "100.0 %"]


def test_what_is_expected_on_average_is_never_quite_all_or_none() -> None:
    assert [numbers.expected(x).replace(NB, " ") for x in (1.0, 0.9998, 0.5, 0.0)] == [
        "more than 99.9 %",
        "more than 99.9 %",
        "50.0 %",
        "less than 0.1 %",
    ]
    assert numbers.expected(None) == numbers.ABSENT


def test_scores_have_four_significant_digits() -> None:
    told = [numbers.four(x) for x in (7.804311651e-21, 0.9999999999999998, 0.001, 0.0, 1.0, -3.14159)]
    assert told == ["7.804e-21", "more than 0.9999", "0.001", "0", "1", "-3.142"]
    assert [numbers.four(0.99894, "up"), numbers.four(0.96857, "down")] == ["0.9990", "0.9685"]


def test_small_numbers_are_written_out_as_long_as_zeros_can_be_read() -> None:
    assert numbers.written_out(8.343e-5) == "0.00008343"
    assert numbers.written_out(-0.009058) == "−0.009058"
    assert numbers.written_out(7.804311651e-21) == "7.804e-21"
    assert numbers.written_out(1 - 2**-52) == "more than 0.9999"


@given(st.floats(-1e6, 1e6), st.sampled_from(["down", "up", "near"]))
def test_any_number_can_be_written_out(value: float, rounding: numbers.Rounding) -> None:
    text = numbers.written_out(value, rounding)
    assert text.lstrip("−") == numbers.four(value, rounding).lstrip("-") or "e" not in text
    if "than" not in text:
        written = float(text.replace("−", "-"))
        assert abs(written - value) <= 0.001 * abs(value)
        assert not (rounding == "down" and written > value)
        assert not (rounding == "up" and written < value)
