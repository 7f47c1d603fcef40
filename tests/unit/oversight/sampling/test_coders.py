"""Two who code apart: what both say stands, what they contradict each other on does not, unless a third settles it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.oversight.sampling.coders import together
from evalharness.oversight.sampling.sheet import Coded, first_lines
from evalharness.records.oversight_sample import Doubly

WHERE = Path("c.csv")
SAID = st.dictionaries(st.integers(0, 15).map(lambda n: f"i{n:02d}"), st.tuples(*[st.sampled_from([True, False, None])] * 3))


def coded(labels: dict[str, bool], name: str) -> Coded:
    return Coded(labels=labels, done=frozenset(labels), coders=frozenset({name}))


@given(SAID)
def test_what_two_say_is_counted_item_by_item(said: dict[str, tuple[bool | None, bool | None, bool | None]]):
    one, two = ({i: w[at] for i, w in said.items() if w[at] is not None} for at in (0, 1))
    apart = {i for i in one.keys() & two.keys() if one[i] != two[i]}
    third = {i: w[2] for i, w in said.items() if i in apart and w[2] is not None}
    labels, told = together(coded(one, "a"), coded(two, "b"), coded(third, "c"), where=WHERE)  # type: ignore[arg-type]
    for item, (first, second, settled) in said.items():
        expected = first if first == second else settled if item in apart else None
        assert labels.get(item) == expected
    assert told.contradicted == len(apart)
    assert told.items == len(one.keys() & two.keys())
    assert told.both == sum(w[0] is True and w[1] is True for w in said.values())
    assert told.settled == len(third)
    assert told.first == sum(one[i] is True and third.get(i) is not False for i in apart)
    found = {i for i in one.keys() & two.keys() if labels.get(i) is True}
    assert len(found) == told.both + told.settled - told.overruled


def test_a_third_settles_only_what_two_contradict_each_other_on_and_nobody_codes_twice():
    one, two = coded({"i1": True, "i2": True}, "a"), coded({"i1": True, "i2": False}, "b")
    with pytest.raises(BadInput, match="nobody contradicts each other"):
        together(one, two, coded({"i1": False}, "c"), where=WHERE)
    with pytest.raises(BadInput, match="who settles has coded before"):
        together(one, two, coded({"i2": False}, "b"), where=WHERE)
    with pytest.raises(BadInput, match="one person coded in both files"):
        together(one, coded({"i1": True}, "a"), None, where=WHERE)


def test_what_two_recognise_at_most_is_lincoln_and_petersens():
    """30 and 24 found, 20 of them by both: 36 there are, of which 34 were found."""
    told = Doubly(items=100, both=20, first=10, second=4, overruled=0, settled=0)
    assert told.at_most == pytest.approx(34 / 36)
    assert Doubly(items=9, both=0, first=3, second=0, overruled=0, settled=0).at_most is None
    assert Doubly(items=9, both=0, first=3, second=1, overruled=0, settled=0).at_most == 0


@given(st.integers(1, 12), st.sets(st.integers(0, 11)))
def test_only_the_first_lines_without_a_gap_are_a_look(look: int, done: set[int]):
    order = [f"i{n:02d}" for n in range(12)]
    at = frozenset(order[n] for n in done)
    if done == set(range(look)):
        assert first_lines(order, at, (look, 99), where=WHERE) == tuple(order[:look])
    else:
        with pytest.raises(BadInput, match="declares no look" if len(done) != look else "not coded in its order"):
            first_lines(order, at, (look, 99), where=WHERE)


def test_what_was_said_has_a_digest_that_knows_every_label_and_blank():
    order = ["a", "b"]
    kinds = [Coded(labels=labels, done=frozenset(done), coders=frozenset()) for labels, done in (
        ({}, ""), ({}, "a"), ({"a": True}, "a"), ({"a": False}, "a"), ({"a": True, "b": True}, "ab"),
    )]  # fmt: skip
    assert len({each.digest_of(order) for each in kinds}) == len(kinds)
    assert kinds[2].digest_of(order[:1]) == kinds[4].digest_of(order[:1])
