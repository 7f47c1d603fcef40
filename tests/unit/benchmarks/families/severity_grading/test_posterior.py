"""The posterior of severity-grading against Bayes' rule written out over every group, hardness and grade."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from severity_recipe import ON, dials, recipe

from evalharness.benchmarks.families.family import Place
from evalharness.benchmarks.families.ingredients.bell import REACH, bell
from evalharness.benchmarks.families.severity_grading import SeverityGrading, raters
from evalharness.benchmarks.families.severity_grading.coordinates import FLIPPED, MARKER, MOVED, NUMBERS, OWN, SHARED
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, SeverityGradingDials

FAMILY = SeverityGrading()
ITEMS = 12
ALL_ON = {**ON, "raters.people": [{"easy": 0.1, "hard": 0.3}, {"easy": 0.05, "hard": 0.2}]}


def mixture() -> Any:
    found = np.array([[(-1) ** (i & j).bit_count() if 63 not in {i, j} else 0 for j in range(64)] for i in range(64)])
    found[:, list(FLIPPED)] *= -1
    found[63, 63] = 8
    return found


def coordinates(table: Any) -> Any:
    """[64, items] in steps, from the numbers that a model receives."""
    shown = np.stack([np.asarray(table[name], dtype=np.float64) for name in NUMBERS])
    return np.rint(np.linalg.solve(mixture(), shown * 16)).astype(int)


def steps(value: float) -> int:
    return int(np.floor(value + 0.5 + 1e-9))


class ByHand:
    """Every combination of groups, hardness and grade with its weight, from the recipe as it is written."""

    def __init__(self, asked: SeverityGradingDials, raw: dict[str, Any], split: str) -> None:
        self.asked, self.raw, self.split = asked, raw, split
        self.quiet = [float(share) for share in asked.quiet_levels]
        self.grave = [raw["cases"]["grave_levels"][level] for level in LEVELS]
        self.every = list(self._all())

    def size(self, harm: str) -> float:
        return float(self.raw["harms"][harm]["size"])

    def concerns(self, harm: str, people: dict[str, str]) -> bool:
        return all(people[attribute] == level for attribute, level in self.raw["harms"][harm]["of"].items())

    def _all(self) -> Any:
        groups = self.raw["groups"]
        of = self.raw["harms"]["under_representation"]["of"]
        share = np.prod([groups[a][level] for a, level in of.items()])
        for levels in product(*groups.values()):
            people = dict(zip(groups, levels, strict=True))
            weight = np.prod([groups[a][level] for a, level in people.items()])
            if self.split == "train":
                lost = self.size("under_representation")
                weight *= (1 - lost if self.concerns("under_representation", people) else 1) + share * lost
            for hard, grade in product((False, True), range(4)):
                part = self.raw["signal"]["hard_share"]
                yield people, hard, grade, weight * (part if hard else 1 - part) * self.share_of(grade, people)

    def share_of(self, grade: int, people: dict[str, str]) -> float:
        factor = 1 + self.size("base_rate") if self.concerns("base_rate", people) else 1.0
        factor *= 1 + self.size("prevalence_shift") if self.split == "shifted" else 1.0
        total = 0.0
        for shares, part in ((self.quiet, 0.75), (self.grave, 0.25)):
            graver = [factor * share for share in shares[1:]]
            total += part * [1 - sum(graver), *graver][grade]
        return total

    def shifts(self, people: dict[str, str], hard: bool, grade: int) -> dict[int, int]:
        """Coordinate -> steps."""
        signal, level = self.raw["signal"], LEVELS[grade]
        kept = (signal["hard_signal"] if hard else 1.0) * (1 - self.size("separability") if self.concerns("separability", people) else 1.0)
        drift = self.size("drift") if self.split == "shifted" else 0.0
        shared = signal["shared"].get(level, 0) * kept
        found = {row: steps(shared * (1 - drift)) for row in SHARED} | {row: steps(shared * drift) for row in MOVED}
        own = list(self.raw["groups"]["ethnicity"]).index(people["ethnicity"])
        found[OWN[own]] = steps(signal["own"].get(level, 0) * kept)
        found[MARKER] = steps(16 * self.size("proxy")) if self.concerns("proxy", people) else 0
        return found

    def labels(self, people: dict[str, str], hard: bool, grade: int) -> Any:
        noisy, biased = self.concerns("label_noise", people), self.concerns("annotator_bias", people)
        rows = [raters.confusion(person, self.asked, hard=hard, noisy=noisy, biased=biased)[grade] for person in self.asked.raters.people]
        return np.array(raters.label_chances(rows))

    def chances(self, values: Any, among: dict[str, str], but: tuple[int, ...] = (), *, crossed: int = 0) -> tuple[Any, Any]:
        """(of the label, of the clean grade) of one item.

        `among`: known levels; `but`: coordinates that say nothing; `crossed`: how far the proxy's group moves the marker, in a copy where
        everybody is on the other side.
        """
        label, clean = np.zeros(4), np.zeros(4)
        for people, hard, grade, weight in self.every:
            if any(people[a] != level for a, level in among.items()):
                continue
            likelihood = weight
            moved = self.shifts(people, hard, grade)
            if crossed:
                moved[MARKER] = crossed - moved[MARKER]
            for row in (*SHARED, *MOVED, *OWN[:5], MARKER):
                if row not in but:
                    draw = values[row] - moved.get(row, 0)
                    likelihood *= bell().weights[draw + REACH] / 1000 if abs(draw) <= REACH else 0
            clean[grade] += likelihood
            label += likelihood * self.labels(people, hard, grade)
        return label / label.sum(), clean / clean.sum()


def made(split: str, rows: int = ITEMS, **changes: Any) -> tuple[ByHand, Any]:
    asked = dials(**changes)
    place = Place(split=list(asked.split_rows()).index(split), name=split, number=0, first=0, rows=rows)
    return ByHand(asked, recipe(**changes), split), FAMILY.block(asked, FAMILY.prepare(asked), place)


@pytest.mark.parametrize("split", ["train", "test", "shifted"])
def test_the_posterior_is_bayes_rule_over_groups_hardness_and_grades(split: str) -> None:
    hand, found = made(split, **ALL_ON)
    values = coordinates(found.items)
    for item in range(ITEMS):
        label, clean = hand.chances(values[:, item], {})
        assert [found.truth[f"posterior_{level}"][item] for level in LEVELS] == pytest.approx(label * 1e6, abs=0.6)
        assert [found.truth[f"posterior_clean_{level}"][item] for level in LEVELS] == pytest.approx(clean * 1e6, abs=0.6)


@pytest.mark.parametrize("attribute", ["ethnicity", "age_band"])
def test_the_posterior_within_a_level_is_bayes_rule_among_people_of_that_level(attribute: str) -> None:
    hand, found = made("train", 40, **ALL_ON)
    values = coordinates(found.items)
    for item in (0, 7, 20, 39):
        label, _ = hand.chances(values[:, item], {attribute: found.items[attribute][item].as_py()})
        assert [found.truth[f"within_{attribute}_{level}"][item] for level in LEVELS] == pytest.approx(label * 1e6, abs=0.6)


def test_copies_whose_marker_or_signal_is_changed_have_the_posterior_of_what_is_left() -> None:
    hand, found = made("test", 3, **ALL_ON, **{"copies.share": 1.0})
    twins, known = found.others["twins"], found.others["twin_truth"]
    values, kinds = coordinates(twins), twins["kind"].to_pylist()
    for row, kind in enumerate(kinds):
        if kind != "noise":
            crossed = steps(16 * hand.size("proxy")) if kind == "marker" else 0
            label, clean = hand.chances(values[:, row], {}, SHARED[:4] if kind == "lost" else (), crossed=crossed)
            assert [known[f"posterior_{level}"][row].as_py() for level in LEVELS] == pytest.approx(label, abs=6e-7)
            assert [known[f"posterior_clean_{level}"][row].as_py() for level in LEVELS] == pytest.approx(clean, abs=6e-7)


def test_the_posterior_of_an_item_does_not_depend_on_its_neighbours() -> None:
    few, many = made("test", 50, **ALL_ON)[1], made("test", 9_000, **ALL_ON)[1]
    for name in FAMILY.truth(dials(**ALL_ON)).chances:
        assert few.truth[name].tolist() == many.truth[name][:50].tolist()
