"""Numbers as text. Bounds are rounded outward, so that the text never says more than the evidence; no number is computed here."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Literal

Rounding = Literal["down", "up", "near"]

SPACE = "\u00a0"
"""Between a number and its unit: no line breaks there."""
ABSENT = "—"
_ROUNDING = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "near": ROUND_HALF_EVEN}
_MOST = 6
ALL = 0.0005
"""What an average over many tests may be short of all, or above none, and reads as if it were."""
_HUNDREDTH = 0.0001
_TENTH_OF_A_MILLIONTH = 1e-7
_READABLE = 4
"""Decimals of a percentage that a person still reads."""


def percent(value: float | None, rounding: Rounding = "near", *, decimals: int | None = None) -> str:
    """`91.2 %`, with one decimal, or as many as the goal beside it has. What is not quite all, or none, is never rounded to it."""
    if value is None:
        return ABSENT
    text = _plain(_hundredfold(value), rounding, decimals, share=True)
    if rounding == "near" and 0 < value < 1 and float(text) in (0, 100):
        return almost(value)
    return text + SPACE + "%"


def fine(value: float | None, rounding: Rounding = "near") -> str:
    """A share in a table of the annex: `91.2 %`; below one in a hundred with two decimals, `0.14 %`."""
    return percent(value, rounding, decimals=2 if value is not None and _HUNDREDTH <= value < 0.01 else None)


def four(value: float, rounding: Rounding = "near") -> str:
    """A number with four significant digits: `0.9972`, `7.804e-21`. What is short of 1 never reads as 1."""
    rounded = Context(prec=4, rounding=_ROUNDING[rounding]).create_decimal(repr(float(value)))
    if rounding == "near" and 0 < value < 1 and rounded == 1:
        return "more than 0.9999"
    rounded = rounded.normalize() if rounding == "near" else rounded
    return f"{rounded:f}" if value == 0 or abs(value) >= _HUNDREDTH else f"{rounded:.3e}"


def written_out(value: float, rounding: Rounding = "near") -> str:
    """As `four`, without a power of ten where a person can still read the zeros: `0.00008343`, `−0.5`."""
    text = four(value, rounding)
    text = f"{Decimal(text):f}" if "e-" in text and abs(value) >= _TENTH_OF_A_MILLIONTH else text
    return "−" + text[1:] if text.startswith("-") else text


def almost(share: float) -> str:
    """`more than 99.9 %`, `less than 0.1 %`: what would read as all, or as none, and is not."""
    return f"more than 99.9{SPACE}%" if share > 0.5 else f"less than 0.1{SPACE}%"


def expected(share: float | None) -> str:
    """A share that is an average over many tests: never quite all or none."""
    if share is not None and not ALL < share < 1 - ALL:
        return almost(share)
    return fine(share)


def points(value: float | None, rounding: Rounding = "near", *, decimals: int | None = None) -> str:
    """A difference of two shares: `4.1 percentage points`."""
    if value is None:
        return ABSENT
    return _plain(_hundredfold(value), rounding, decimals, share=False) + SPACE + "percentage points"


def plain(value: float | None, rounding: Rounding = "near", *, decimals: int | None = None) -> str:
    """A number with thousands separators and at least two significant digits."""
    return ABSENT if value is None else _plain(Decimal(repr(float(value))), rounding, decimals, share=False)


def exact(value: float) -> str:
    """The number as the policy wrote it."""
    return _grouped(Decimal(repr(float(value))).normalize())


def exact_percent(value: float) -> str:
    """A goal as the policy wrote it: `95 %`, `0.3 %`."""
    return _grouped(_hundredfold(value).normalize()) + SPACE + "%"


def confidence(level: float) -> str:
    """How sure a bound is: as the policy wrote it, `95 %`; the long number of a later attempt rounded down, `96.96 %`."""
    return exact_percent(level) if _short(level) else percent(level, "down", decimals=_telling(1 - level))


def doubt(level: float) -> str:
    """The rest to 100 %, rounded the other way: `5 %`, `3.04 %`."""
    rest = round(1 - level, 10)
    return exact_percent(rest) if _short(rest) else percent(rest, "up", decimals=_telling(rest))


def _telling(rest: float) -> int:
    """Decimals that show two digits of what is missing to 100 %."""
    return min(_MOST, max(2, 1 - _hundredfold(rest).adjusted()))


def _short(share: float) -> bool:
    return decimals_of(share, percentage=True) <= _READABLE


def exact_points(value: float) -> str:
    """The goal of a difference as the policy wrote it."""
    return _grouped(_hundredfold(value).normalize()) + SPACE + "percentage points"


def decimals_of(value: float, *, percentage: bool) -> int:
    """Decimals that the exact text of a goal has: a bound beside it is shown with at least as many."""
    number = (_hundredfold(value) if percentage else Decimal(repr(float(value)))).normalize()
    return max(0, -_exponent(number))


def count(value: int | None) -> str:
    """`12,345`."""
    return ABSENT if value is None else f"{value:,}"


def about(value: int) -> str:
    """A size for a sentence, rounded up to two digits: `29`, `about 89,000`."""
    places = max(0, len(str(abs(value))) - 2)
    rounded = int(Decimal(value).scaleb(-places).to_integral_value(ROUND_CEILING).scaleb(places))
    return count(value) if rounded == value else f"about {count(rounded)}"


def per_thousand(value: float) -> str:
    """A share as a number in 1,000."""
    return _plain(Decimal(repr(float(value))).scaleb(3), "near", 0, share=False).removesuffix(".0")


def in_thousand(value: float, rounding: Rounding = "near") -> str:
    """A share as a number in 1,000, with at least two significant digits: `3.9`."""
    return _plain(Decimal(repr(float(value))).scaleb(3), rounding, None, share=False)


def rest(share: float) -> float:
    """What is missing to 1, without binary noise: .07 for .93."""
    return float(Decimal(1) - Decimal(repr(float(share))))


def size(value: float) -> str:
    """An effective number of items: whole above 100, one decimal below, rounded down."""
    return _plain(Decimal(repr(float(value))), "down", 0 if value >= 100 else 1, share=False)


def _hundredfold(value: float) -> Decimal:
    return Decimal(repr(float(value))).scaleb(2)


def _plain(number: Decimal, rounding: Rounding, decimals: int | None, *, share: bool) -> str:
    places = max(_places(number, share=share), decimals or 0)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=_ROUNDING[rounding])
    if rounded == 0:
        return f"{0:.{max(1, decimals or 0) if rounding != 'near' else places}f}"
    return _grouped(rounded)


def _places(number: Decimal, *, share: bool) -> int:
    """One decimal; of what is no share more for what is small, and none for what is large."""
    small = abs(number)
    if share or small == 0 or small >= 1:
        return 0 if small >= 100 and not share else 1
    return min(_MOST, 1 - small.adjusted())


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _grouped(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.replace("-", "−")
