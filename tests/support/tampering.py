"""Thousands of gate calls on a signed workspace in which one byte was changed, in the time that a test may take.

What never changes between two calls is worked out once: the results of some pure functions (a parse, a signature check, a derivation) are
kept from one call of the gate on the untouched workspace, and reused wherever the same function is given the same bytes again. The keys
hold the bytes themselves, or the digest of the bytes that an object was read from; nothing is kept afterwards. So whatever depends on a
byte that was changed takes the full path, in the package's own code, from the file on disk; and every file is read anew in every call.
The package itself knows nothing of this.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from signed_workspace import MODEL, POLICY, SignedWorkspace

from evalharness.cli.exit_codes import mapped
from evalharness.workflows.gate import gate

KINDS = ("flipped", "deleted", "inserted")


def code_of(root: Path, /, **options: Any) -> tuple[int, str]:
    """The exit code of the gate and what it says, mapped as the command line maps it; a fault of the harness is 1."""
    said: list[str] = []

    @mapped
    def command() -> None:
        decision = gate(POLICY, MODEL, workspace=root, **options)
        said.extend(reason.text for reason in decision.reasons)
        raise SystemExit(decision.code)

    heard = io.StringIO()
    with contextlib.redirect_stderr(heard), contextlib.redirect_stdout(heard):
        try:
            command()
        except SystemExit as leave:
            return int(str(leave.code)), "\n".join(said) or heard.getvalue()
    raise AssertionError("the gate left without a code")


def _of_bytes(*arguments: Any) -> object:
    return arguments


def _of_evidence(evidence: Any, *more: Any) -> object:
    return evidence.digest, more


def _of_signatures(signed: Any, publics: Any) -> object:
    return signed.payload, signed.signatures, tuple(sorted(publics))


def _of_predicate(kind: str, subject: Any, predicate: Any) -> object:
    return kind, tuple(subject.items()), id(predicate)  # an object that a kept `read_statement` gave, and so kept alive by it


def _of_policy(path: Path) -> object:
    return path, path.read_bytes()


def _of_card(model: str, root: Path) -> object:
    return model, root, (root / "model_cards" / f"{model}.md").read_bytes()


def _of_yaml(path: Path) -> object:
    return path, path.read_bytes()


PURE: dict[str, Callable[..., object]] = {
    "evalharness.evidence.document.read_evidence": _of_bytes,
    "evalharness.evidence.document.findings_of": _of_evidence,
    "evalharness.evidence.rederive.rederive": _of_evidence,
    "evalharness.evidence.rederive.judged_on": _of_evidence,
    "evalharness.signoff.envelope.read_statement": _of_bytes,
    "evalharness.signoff.envelope.verified_by": _of_signatures,
    "evalharness.signoff.envelope.statement": _of_predicate,
    "evalharness.signoff.register.read_chain": _of_bytes,
    "evalharness.requirements.policy_file.read_policy": _of_policy,
    "evalharness.cards.find.card_for": _of_card,
    "evalharness.files.yaml.read_yaml": _of_yaml,
}
"""Pure functions of bytes, each with what its result depends on."""


@dataclass
class Kept:
    """Results on the untouched workspace. Grows while `open`, never afterwards."""

    results: dict[tuple[str, object], Any] = field(default_factory=dict)
    open: bool = True
    used: int = 0

    def wrap(self, name: str, function: Callable[..., Any], key_of: Callable[..., object]) -> Callable[..., Any]:
        @functools.wraps(function)
        def kept(*arguments: Any) -> Any:
            key = (name, key_of(*arguments))
            if key in self.results:
                self.used += 1
                return self.results[key]
            result = function(*arguments)
            if self.open:
                self.results[key] = result
            return result

        return kept


@contextlib.contextmanager
def remembering(root: Path) -> Iterator[Kept]:
    """Inside, the gate on the workspace at `root` is fast wherever the bytes are those that are there now."""
    kept = Kept()
    with contextlib.ExitStack() as stack:
        for path, key_of in PURE.items():
            module, _, name = path.rpartition(".")
            function = getattr(importlib.import_module(module), name)
            wrapped = kept.wrap(path, function, key_of)
            for user in [m for n, m in sys.modules.items() if n.startswith("evalharness") and vars(m).get(name) is function]:
                stack.enter_context(mock.patch.object(user, name, wrapped))
        for _ in range(2):  # in the second, objects are those that the first has kept
            code, said = code_of(root)
            assert code == 0, said
        kept.open = False
        yield kept


@dataclass(frozen=True)
class Change:
    """One changed byte."""

    file: str
    """Its name in `SignedWorkspace.files`."""
    kind: str
    place: int
    byte: int
    """What stands there, or before it, afterwards."""

    def of(self, data: bytes) -> bytes:
        before, after = data[: self.place], data[self.place :]
        if self.kind == "inserted":
            return before + bytes([self.byte]) + after
        if self.kind == "deleted":
            return before + after[1:]
        return before + bytes([self.byte]) + after[1:]


def changes(data: bytes, name: str, count: int, seed: int = 20261122) -> list[Change]:
    """`count` changes of one file, at different places or of different kinds; every place in every way where that is no more.

    Two in three put a byte there that the file holds elsewhere (a digit for a digit, a quote where none belongs): random bytes are mostly
    refused for not being text at all. The others flip one bit, or insert any byte.
    """
    rng, usual = random.Random(f"{seed} {name}"), sorted(set(data))
    every = [(kind, place) for place in range(len(data)) for kind in KINDS]
    chosen = every if len(every) <= count else rng.sample(every, count)
    return [Change(name, kind, place, _byte(kind, data[place], usual, rng)) for kind, place in chosen]


def _byte(kind: str, there: int, usual: list[int], rng: random.Random) -> int:
    if rng.randrange(3):
        return rng.choice([byte for byte in usual if byte != there])
    return rng.randrange(256) if kind == "inserted" else there ^ (1 << rng.randrange(8))


def answers(space: SignedWorkspace, name: str, wanted: list[Change]) -> Iterator[tuple[Change, int, str]]:
    """What the gate answers after each change; the file is put back after each."""
    path = space.files[name]
    original = path.read_bytes()
    try:
        for change in wanted:
            path.write_bytes(change.of(original))
            yield change, *code_of(space.root)
    finally:
        path.write_bytes(original)


MANY = 960
"""Changes of each file: every place in every way for those of up to 320 bytes."""
ALLOWED = {"policy": {2, 13}, "card": {2, 13}}
"""Exit codes for files that people write: where they no longer parse it is 2. For every other file 13, or 12 where something is absent."""


def wrong_answers(space: SignedWorkspace, name: str) -> list[tuple[Change, int, str]]:
    """Of `MANY` changes of a file those after which the gate does not answer as it must."""
    wanted = changes(space.files[name].read_bytes(), name, MANY)
    found = [(change, code, said) for change, code, said in answers(space, name, wanted)]
    assert len(found) == min(MANY, 3 * space.files[name].stat().st_size)
    return [answer for answer in found if answer[1] not in ALLOWED.get(name, {12, 13})]
