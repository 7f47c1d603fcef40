"""Settings and their seeds follow from the recipe alone."""

from __future__ import annotations

from evalharness.benchmarks.families.ingredients.dials import MOST_SEED
from evalharness.records.stress import StressDial
from evalharness.workflows.stress_design import derived_seed, design, own_setting, turned

RECIPE = "sha256:" + "a" * 64
DIALS = (
    StressDial(name="a", of=(), low=-1.0, high=2.0, own=0.5),
    StressDial(name="b", of=(("sex", "F"),), low=0.0, high=0.1, own=0.0),
    StressDial(name="c", of=(), low=0.3, high=0.3, own=0.0),
)


def test_settings_fill_the_ranges_and_each_has_a_seed_of_its_own():
    settings = design(DIALS, 16, RECIPE, 1)
    assert len({setting.seed for setting in settings}) == 16
    assert all(0 <= setting.seed <= MOST_SEED for setting in settings)
    for dial in DIALS[:2]:
        parts = sorted(int(16 * (s.size(dial.name) - dial.low) / (dial.high - dial.low)) for s in settings)
        assert parts == list(range(16))
    assert {setting.size("c") for setting in settings} == {0.3}


def test_more_settings_begin_with_the_same_ones_and_another_recipe_or_seed_has_others():
    few = design(DIALS, 5, RECIPE, 1)
    assert design(DIALS, 40, RECIPE, 1)[:5] == few
    for other in (design(DIALS, 5, RECIPE, 2), design(DIALS, 5, "sha256:" + "b" * 64, 1)):
        assert all(a.sizes != b.sizes and a.seed != b.seed for a, b in zip(few, other, strict=True))


def test_a_dial_that_is_turned_keeps_the_seed_and_all_others():
    own = own_setting(DIALS, RECIPE, 1)
    assert dict(own.sizes) == {"a": 0.5, "b": 0.0, "c": 0.0}
    away = turned(own, "b", 0.05)
    assert (away.seed, away.name) == (own.seed, "b=0.05")
    assert dict(away.sizes) == {"a": 0.5, "b": 0.05, "c": 0.0}


def test_a_seed_is_the_beginning_of_a_published_digest():
    import hashlib

    text = b"evalharness/stress/seed/v1\n" + f'{{"name":"own","recipe":"{RECIPE}","seed":9}}'.encode()
    assert derived_seed(RECIPE, 9, "own") == int(hashlib.sha256(text).hexdigest()[:12], 16)
