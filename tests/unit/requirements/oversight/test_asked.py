"""Requirements by their metrics, in files that may be wrong in any other way."""

from __future__ import annotations

import pytest

from evalharness.files.yaml import parse_yaml
from evalharness.requirements.oversight.asked import lines_about


def places(text: str) -> list[tuple[int, str]]:
    found = lines_about(parse_yaml(text.encode(), "p.yaml"), ("recall", "precision"))
    return [(place, metric) for place, metric, _ in found]


def test_lines_are_found_with_their_places_among_others():
    text = "requirements:\n- {metric: accuracy}\n- {metric: recall}\n- {metric: precision}\n"
    assert places(text) == [(1, "recall"), (2, "precision")]


@pytest.mark.parametrize(
    "lines", ["recall", "[recall]", "[[recall]]", "[{metric: [recall]}]", "[{metric: {recall: 1}}]", "[{}]", "{metric: recall}"]
)
def test_what_is_no_requirement_is_left_to_the_check_of_the_shape(lines: str):
    assert places(f"requirements: {lines}\n") == []


def test_a_file_without_requirements_asks_for_nothing():
    assert places("name: a\n") == []
