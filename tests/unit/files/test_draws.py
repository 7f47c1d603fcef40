"""The chain of draws: nothing is taken out of it or changed without being seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import Altered
from evalharness.files.draws import Draw, Look, draws_bytes, looks_at, read_chain, read_draws

DIGESTS = [f"sha256:{i:064x}" for i in range(9)]


def chain(names: list[str]) -> tuple[Draw, ...]:
    draws: tuple[Draw, ...] = ()
    for at, name in enumerate(names):
        number = 1 + names[:at].count(name)
        previous = draws[-1].digest if draws else None
        about = {"policy_digest": DIGESTS[0], "model_digest": DIGESTS[1], "register_digest": DIGESTS[2], "key": DIGESTS[at % 9]}
        draws = (*draws, Draw(number=number, policy=name, previous=previous, **about))
    return draws


@given(st.lists(st.sampled_from(["a", "b"]), max_size=6))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, names: list[str]):
    path = tmp_path_factory.mktemp("chain") / "draws.json"
    path.write_bytes(draws_bytes(chain(names)))
    assert read_draws(path) == chain(names)


def test_no_file_is_no_draw(tmp_path: Path):
    assert read_draws(tmp_path / "draws.json") == ()


@pytest.mark.parametrize("gone", [0, 1])
def test_a_line_that_is_taken_out_breaks_the_chain(tmp_path: Path, gone: int):
    draws = chain(["a", "b", "a"])
    path = tmp_path / "draws.json"
    path.write_bytes(draws_bytes((*draws[:gone], *draws[gone + 1 :])))
    with pytest.raises(Altered, match="broken"):
        read_draws(path)


@pytest.mark.parametrize("change", [(b'"number":1', b'"number":3'), (b"sha256:00", b"sha256:10"), (b'"a"', b'"a" ')])
def test_a_line_that_is_changed_breaks_it_too(tmp_path: Path, change: tuple[bytes, bytes]):
    path = tmp_path / "draws.json"
    path.write_bytes(draws_bytes(chain(["a", "a"])).replace(*change, 1))
    with pytest.raises(Altered):
        read_draws(path)


def looked(*lines: tuple[int, int]) -> tuple[Draw | Look, ...]:
    """Two draws of `a`, and looks at (draw, lines)."""
    found: tuple[Draw | Look, ...] = chain(["a", "a"])
    for number, look in lines:
        line = Look(policy="a", number=number, look=look, sheet=DIGESTS[4], coded=DIGESTS[5], counts=DIGESTS[5], previous=found[-1].digest)
        found = (*found, line)
    return found


def test_looks_stand_in_the_chain_in_rising_order(tmp_path: Path):
    path = tmp_path / "draws.json"
    path.write_bytes(draws_bytes(looked((1, 500), (2, 500), (1, 900))))
    assert [look.look for look in looks_at(read_chain(path), "a", 1)] == [500, 900]
    assert len(read_draws(path)) == 2
    for wrong in (looked((3, 500)), looked((1, 500), (1, 500)), looked((1, 900), (1, 500))):
        path.write_bytes(draws_bytes(wrong))
        with pytest.raises(Altered, match="broken"):
            read_chain(path)
    whole = looked((1, 500), (1, 900))
    path.write_bytes(draws_bytes((*whole[:2], whole[3])))
    with pytest.raises(Altered, match="broken"):
        read_chain(path)
