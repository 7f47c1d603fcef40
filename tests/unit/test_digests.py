"""Canonical JSON is read in its one spelling."""

from __future__ import annotations

import pytest

from evalharness.digests import canonical_json, read_canonical


@pytest.mark.parametrize("value", [{"b": [1, 0.5, 1e-05, 1e21], "a": None}, {"é": "\x7f/\\ 𝔘", "\ue000": ""}, [], "x", 0])
def test_what_was_written_is_read_back(value: object):
    assert read_canonical(canonical_json(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("1.0", "-0", "-0.0", "1e5", "1E400", "1e-05", "0.10", "NaN", "Infinity", "9007199254740993", "1e16", ""),
        *('{"a":1,"a":1}', '{"b":1,"a":1}', " 1", "1\n", r'"\u0041"', r'"\ud800"', "1e-7x", "﻿1"),
    ],
)
def test_any_other_spelling_is_refused(text: str):
    with pytest.raises(ValueError, match=r".*"):
        read_canonical(text.encode())


def test_bytes_that_are_not_utf_8_are_refused():
    with pytest.raises(ValueError, match="utf-8"):
        read_canonical(b'"\xff"')
