"""docs/oversight.md answers for every kind of requirement, with names that the catalogue has, or with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from evalharness.catalogue import COPY_METRICS, task_metrics
from evalharness.catalogue.oversight import OVERSIGHT_METRICS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "oversight.md"
LEVELS = ("none", "C", "B", "A")
_ROW = re.compile(r"^\| (H\d+) \|([^|]+)\|([^|]+)\|([^|]*)\|$", re.MULTILINE)
_NOT_METRICS = {"max_difference", "min_ratio", "for_each", "relative_to", "under", "detectable", "least_p", "margin"}
"""Words of a policy, and of what stands beside gaps."""


def rows() -> dict[str, tuple[str, str]]:
    """By id: what states it, and from what or why not."""
    found = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len({row[0] for row in found}) == len(found), "a kind of requirement stands there twice"
    return {name: (stated.strip(), why.strip()) for name, _, stated, why in found}


def anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def sections() -> dict[str, str]:
    """By anchor: each section of the page, without the sections below it."""
    parts = re.split(r"^#{2,3} (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {anchor(heading): text for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def explained() -> dict[str, str]:
    """By id of a row: the anchor that what is asked leads to."""
    asked = {name: text.strip() for name, text, _, _ in _ROW.findall(PAGE.read_text(encoding="utf-8"))}
    links = {name: re.fullmatch(r"\[[^\]]+\]\(#([\w-]+)\)", text) for name, text in asked.items()}
    return {name: found[1] for name, found in links.items() if found}


def known() -> dict[str, bool]:
    """Every metric of every task, and whether a policy may require it."""
    tasks = [
        task_metrics("binary"),
        task_metrics("ordinal", LEVELS),
        task_metrics("ranking"),
        task_metrics("linkage"),
        task_metrics("risk"),
    ]
    every = [metric for task in tasks for metric in task.metrics.values()]
    return {**dict.fromkeys(COPY_METRICS, True), **{metric.name: metric.decides for metric in every}}


def test_every_kind_of_requirement_is_answered():
    assert list(rows()) == [f"H{number}" for number in range(1, 37)]


@pytest.mark.parametrize("name", [f"H{number}" for number in range(1, 37)])
def test_it_names_metrics_that_a_policy_may_require_or_says_why_not(name: str):
    stated, why = rows()[name]
    metrics = [word for word in re.findall(r"`([a-z0-9_]+)`", stated) if word not in _NOT_METRICS]
    assert set(metrics) <= known().keys(), "names that no task has"
    if re.match(r"not (required|judged|a metric)", stated):
        assert not any(known()[metric] for metric in metrics), "a policy may require it after all"
        assert ":" in stated or why, "no reason is given"
    else:
        assert metrics or "`for_each`" in stated
        assert all(known()[metric] for metric in metrics), "a policy that requires it is refused"


@pytest.mark.parametrize("name", [f"H{number}" for number in range(1, 37)])
def test_every_row_leads_to_a_paragraph_for_a_board_a_formula_and_an_example(name: str):
    """Those of what is not judged, too: their reason stands in the table, and its section says what is told instead."""
    text = sections()[explained()[name]]
    own = re.match(r"(h\d+-)+", explained()[name])
    assert own is None or name.lower() in own[0].split("-"), "the section of another row"
    board, _, rest = text.partition("**For a statistician.**")
    assert "**For a board.**" in board
    spans = re.findall(r"`([^`]+)`", re.split(r"\*\*An example|```", rest)[0])
    assert any(re.search("[=≤≥/]", span) for span in spans), "no formula"
    assert "```sh\nevalharness " in rest, "no example"
    metrics = set(re.findall(r"`([a-z0-9_]+)`", rows()[name][0])) & known().keys()
    assert not metrics or any(re.search(rf"\b{metric}\b", text) for metric in metrics), "it explains none of its metrics"


def test_every_metric_of_people_is_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    assert [metric.name for metric in OVERSIGHT_METRICS if f"`{metric.name}`" not in text] == []


CLASSIFIER = PAGE.read_text(encoding="utf-8").partition("## What the classifier itself must show")[2]


def test_every_row_about_the_classifier_has_a_paragraph_a_formula_and_an_example():
    parts = re.split(r"^### ", CLASSIFIER, flags=re.MULTILINE)[1:]
    told = [name for part in parts for name in re.findall(r"H\d+", part.partition(":")[0])]
    assert told == ["H1", "H2", "H3", "H4", "H5", "H22", "H23", "H24", "H25", "H28", "H29", "H30", "H31"]
    for part in parts:
        assert part.count("**For a board.**") == part.count("**For a statistician.**") == part.count("```sh") == 1


def test_each_example_stands_in_the_policy_of_the_command_below_it():
    found = re.findall(r"```yaml\n(.*?)```\n\n```sh\nevalharness \w+ --policy (\S+) --model (\S+)", CLASSIFIER, flags=re.DOTALL)
    assert len(found) == CLASSIFIER.count("```yaml") > 6
    for text, policy, model in found:
        document = yaml.safe_load((PAGE.parents[1] / "policies" / f"{policy}.yaml").read_text(encoding="utf-8"))
        shown = yaml.safe_load(text)
        assert (PAGE.parents[1] / "model_cards" / f"{model}.md").is_file()
        if isinstance(shown, dict):
            assert shown["sign_off"].items() <= document["sign_off"].items()
            continue
        asked = [{name: value for name, value in one.items() if name != "why"} for one in document["requirements"]]
        assert all({name: value for name, value in one.items() if name != "why"} in asked for one in shown), text
