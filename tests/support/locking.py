"""A small workspace with people who may sign, and the few words it takes to lock and to evaluate under a lock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import signing
from command import Answer, evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.workflows.evaluate import Run, evaluate
from evalharness.workflows.lock import Locked, lock
from evalharness.workflows.signing import KeyGiven
from evalharness.workflows.under_lock import LockGiven

BEGIN = datetime(2026, 6, 1, 9, tzinfo=UTC)
REQUIREMENTS = [
    {"id": "recall", "metric": "recall", "at_least": 0.8, "why": "w"},
    {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.05, "why": "w"},
]


def passphrase(name: str) -> bytes:
    """The one passphrase of all keys of tests."""
    return signing.PASSPHRASE.encode()


class Space:
    """Where things lie, and what can be done there. Times of the functions are days after `BEGIN`."""

    def __init__(self, root: Path) -> None:
        self.files = SmallWorkspace(root, rows=table(600), document=policy(requirements=REQUIREMENTS)).write()
        self.files.write_card()
        self.office = signing.Office(root)
        self.root = root
        practice = evaluate("small", "vendor", workspace=root, at=BEGIN - timedelta(days=30))  # writes the manifest of the table
        self.practice = practice.folder

    @property
    def locks(self) -> list[Path]:
        return sorted((self.root / "sign-off" / "locks").glob("*.json"))

    def key(self, person: str, asked: Callable[[str], bytes] = passphrase) -> KeyGiven:
        return KeyGiven(uri=str(self.office.key(person)), passphrases=asked)

    def lock(self, day: float = 0, person: str = "ben", **options: Any) -> Locked:
        return lock("small", "vendor", key=self.key(person), workspace=self.root, now=BEGIN + timedelta(days=day), **options)

    def run(self, locked: Path, day: float = 1, person: str = "ben", **options: Any) -> Run:
        moment = BEGIN + timedelta(days=day)
        given = LockGiven(file=locked, key=options.pop("key", None) or self.key(person), role=options.pop("role", None))
        return evaluate("small", "vendor", workspace=self.root, at=options.pop("at", moment), now=moment, lock=given, **options)

    def command(self, *words: object, person: str | None = "ben", json_output: bool = True) -> Answer:
        """A command in this workspace; with the key of `person`, where there is one."""
        key = () if person is None else ("--key", self.office.key(person), "--passphrase-env", self.office.passphrase_env)
        return evalharness(*words, *key, "--workspace", self.root, *(("--json",) if json_output else ()))

    def answer(self, *words: object, person: str | None = "ben") -> dict[str, Any]:
        """What a command that must succeed prints."""
        done = self.command(*words, person=person)
        assert done.code == 0, done.out + done.err
        found: dict[str, Any] = json.loads(done.out)
        return found

    def problems(self, *words: object, person: str | None = "ben") -> tuple[int, str]:
        """Exit code, and everything that a command that must fail says."""
        done = self.command(*words, person=person)
        assert done.code != 0, done.out
        return done.code, "\n".join("\n".join(p.values()) for p in json.loads(done.out)["problems"])
