"""One changed byte in whatever a signed run stands on: the gate never answers 0 and never breaks. See tampering.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from signed_workspace import REGISTER, SignedWorkspace, signed
from tampering import remembering, wrong_answers


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedWorkspace]:
    made = signed(tmp_path_factory.mktemp("workspace") / "workspace")
    with remembering(made.root):
        yield made


@pytest.mark.parametrize("name", [*REGISTER, "lock", "policy", "card", "model", "manifest"])
def test_a_workspace_with_one_changed_byte_is_refused(space: SignedWorkspace, name: str) -> None:
    assert wrong_answers(space, name) == []
