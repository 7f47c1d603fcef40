"""The metrics of people on docs/metrics.md: each has an example, and plain Python makes the same of the items shown."""

from __future__ import annotations

import metrics_docs_data as data
import metrics_docs_oversight as page
import pytest
from documented_page import section, shown
from scipy.stats import beta

TITLE = "What people do with the answers"


def test_no_metric_of_people_lacks_an_example():
    assert page.without_example() == ()


def cells(title: str) -> dict[str, str]:
    """What the page shows under `here`, by metric, of one source."""
    text = section(TITLE)
    return shown(text.split(f"\n### {title}\n", 1)[1].split("\n### ", 1)[0])


def by_hand() -> dict[str, tuple[int, int]]:
    """Every share of bands, from the items of the binary example one by one."""
    example = data.examples()["binary"]
    answers: dict[str, list[float]] = {}
    for row in example.answers:
        answers.setdefault(row["id"], []).append(float(row["score"]))
    found: dict[str, list[bool]] = {}
    for item in example.items:
        scores, relevant = answers.get(item["id"], []), item["truth"] == "relevant"
        person = len(scores) != 1 or abs(scores[0] - 0.5) < 0.11
        selected = not person and scores[0] >= 0.5
        readers = 1 if person else 2 if scores[0] >= 0.9 else int(selected)
        for name, inside, counts in (
            ("closed_by_machine_rate", True, False),
            ("unread_double_rate", selected, readers < 2),
            ("top_class_unread_rate", relevant, readers == 0),
            ("opened_rate_relevant", relevant, readers > 0),
            ("deferral_rate", True, person),
            ("deferral_rate_relevant", relevant, person),
            ("deferral_rate_irrelevant", not relevant, person),
            ("selective_risk", not person, selected != relevant),
        ):
            found.setdefault(name, []).extend([counts] if inside else [])
    return {name: (sum(counts), len(counts)) for name, counts in found.items()}


def test_shares_of_bands_are_those_of_the_items():
    found, told = by_hand(), cells("Bands")
    assert found.keys() == told.keys()
    for name, (part, total) in found.items():
        assert told[name].replace("\u00a0", " ").startswith(f"{part} / {total} = "), name


@pytest.mark.parametrize(
    "name", [name for name, (part, _) in by_hand().items() if name not in ("closed_by_machine_rate", "unread_double_rate")]
)
def test_bounds_of_bands_are_exact_ones(name: str):
    part, total = by_hand()[name]
    _, line = page.of_evidence("binary")[name]
    assert line["lower"] == pytest.approx(beta.ppf(0.05, part, total - part + 1), rel=1e-6)
    assert line["upper"] == pytest.approx(beta.ppf(0.95, part + 1, total - part), rel=1e-6)


def test_the_share_of_faults_is_that_of_the_log_that_the_page_tells_of():
    """Two of five: one set aside, one of which nobody knows."""
    assert cells("Faults")["unrouted_fault_rate"].replace("\u00a0", " ").startswith("2 / 5 = 40.0 %")
    _, line = page.SOURCES[[source.title for source in page.SOURCES].index("Faults")].measured()["unrouted_fault_rate"]
    assert (line["value"], line["lower"], line["upper"]) == (0.4, 0.4, 0.4)


def test_figures_of_people_are_those_that_the_page_tells_of():
    """One bystander in a find, and two in three wrongly selected items, for four finds; see the words of the example."""
    told = {name: text.replace("\u00a0", " ") for name, text in cells("People in the items").items()}
    expected = {
        "uninvolved_opened_share": "3 / 7 =", "repeat_wrong_flag_rate": "1 / 3 =", "kept_too_long_rate": "1 / 3 =",
        "second_look_rate": "1 / 2 =", "contact_in_time_rate": "1 / 2 =", "views_after_identification_rate": "1 / 3 =",
        "late_rate": "1 / 6 =", "late_rate_relevant": "0 / 3 =", "late_rate_low_ranked": "1 / 1 =",
        "uninvolved_opened_per_find": "3 / 4 = 0.75",
    }  # fmt: skip
    assert told.keys() == expected.keys()
    for name, start in expected.items():
        assert told[name].startswith(start), (name, told[name])


def test_a_week_is_the_one_that_the_page_tells_of():
    """14 readings for 20 items, 2,000 items a week, 3 minutes each: 4,200 minutes; two officers have 3,000."""
    told = {name: text.replace("\u00a0", " ") for name, text in cells("Work").items()}
    starts = {"reading_load": " = 35.0 %", "weekly_minutes": "4,200", "weekly_backlog": "1,200", "officers_needed": "3"}
    assert told.keys() == starts.keys()
    assert starts.pop("reading_load") in told["reading_load"]
    for name, start in starts.items():
        assert told[name].startswith(start), (name, told[name])
