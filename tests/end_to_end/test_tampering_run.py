"""One changed byte anywhere in a signed run: the gate never answers 0 and never breaks. tampering.py says what is kept between calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from signed_workspace import FACES, SignedWorkspace, signed
from tampering import remembering, wrong_answers


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedWorkspace]:
    made = signed(tmp_path_factory.mktemp("run") / "workspace")
    with remembering(made.root):
        yield made


@pytest.mark.parametrize("name", [*FACES, "ada", "ben", "cy", "eve", "test-result"])
def test_a_run_with_one_changed_byte_is_altered(space: SignedWorkspace, name: str) -> None:
    assert wrong_answers(space, name) == []
