"""Finished settings of a stress run, kept so that a second run goes on where the first one stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from evalharness.digests import canonical_json, read_canonical, sha256_bytes, sha256_json
from evalharness.errors import bad_input
from evalharness.files.atomic import write_bytes
from evalharness.files.once import NotPlain, read_once
from evalharness.records import Outcome, group_as_json, group_from_json
from evalharness.records.progress import Notice
from evalharness.records.stress import StressFinding, StressRun, StressSetting

SCHEMA = "evalharness/stress-setting/v1"
WORK = "settings"
"""Folder of the finished settings, in the folder of the stress run."""
KEY_FILE = "design.json"
_LARGEST = 4_000_000


class Store:
    """The folder of one stress run; what lies there under another key is never used."""

    def __init__(self, folder: Path, key: dict[str, Any], notice: Notice) -> None:
        """Raises BadInput where the folder holds the work of another stress run, or anything else."""
        self.folder = folder
        self.key = sha256_json(key)
        self._notice = notice
        self.used = 0
        """Settings that were taken as they lay there."""
        self._text = canonical_json(key) + b"\n"
        found = _read(folder / KEY_FILE)
        self._begun = found == self._text
        if self._begun:
            return
        if found is not None or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise bad_input(
                "the folder holds something else than this stress run", where="--out", got=str(folder),
                expected="a folder that does not exist or is empty, or one in which the same command was stopped",
                hint="policy, model, recipe, items and day's exemptions must be the same to go on; name another folder otherwise",
            )  # fmt: skip

    def run(self, setting: StressSetting, make: Callable[[StressSetting], StressRun]) -> StressRun:
        """The finished run of a setting: as it lies there, or made now and stored, synced before it gets its name.

        One that was altered, or is of other sizes, is made again.
        """
        path = self.folder / WORK / f"{setting.name}.json"
        raw = _read(path)
        if raw is not None:
            found = self._stored(raw, setting)
            if found is not None:
                self.used += 1
                return found
            self._notice(f"{path.name} is not what was stored there; the setting is made again")
        if not self._begun:  # before anything else is there: whatever a killed process leaves beside it can be gone on with
            write_bytes(self.folder / KEY_FILE, self._text)
            self._begun = True
        run = make(setting)
        body = {"schema": SCHEMA, "key": self.key, "run": run_as_json(run)}
        write_bytes(path, canonical_json({**body, "digest": sha256_json(body)}))
        return run

    def leave_nothing(self) -> None:
        """Where nothing was finished and no data is kept, neither key nor folder stays."""
        with suppress(OSError):  # it was never made, or it is somebody else's by now
            if [path.name for path in self.folder.iterdir()] == [KEY_FILE]:
                (self.folder / KEY_FILE).unlink()
            self.folder.rmdir()

    def _stored(self, raw: bytes, setting: StressSetting) -> StressRun | None:
        """Null where it is not exactly what this key and setting were stored with. Whoever can write here can also write the digest: it
        tells accidents, and a stress run is never evidence."""
        try:
            document = read_canonical(raw)
            digest = document.pop("digest")
            if digest != sha256_json(document) or (document["schema"], document["key"]) != (SCHEMA, self.key):
                return None
            run = run_from_json(document["run"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return run if run.setting == setting else None


def _read(path: Path) -> bytes | None:
    try:
        return read_once(path, _LARGEST)
    except FileNotFoundError:
        return None
    except (NotPlain, OSError):
        return b""


def run_as_json(run: StressRun) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "setting": {"name": run.setting.name, "sizes": dict(run.setting.sizes), "seed": run.setting.seed},
        "items": run.items,
        "counts": run.counts,
        "outcome": str(run.outcome),
        "findings": [
            {
                **{name: getattr(f, name) for name in ("requirement", "value", "decides", "margin", "n", "findings", "met", "reason")},
                "outcome": str(f.outcome),
                "group": group_as_json(f.group),
            }
            for f in run.findings
        ],
    }


def run_from_json(found: dict[str, Any]) -> StressRun:
    """The reverse. Raises KeyError, TypeError or ValueError for what is no run."""
    setting = found["setting"]
    return StressRun(
        setting=StressSetting(
            name=setting["name"], sizes=tuple(sorted((n, float(s)) for n, s in setting["sizes"].items())), seed=setting["seed"]
        ),
        items=found["items"],
        counts=found["counts"],
        outcome=Outcome(found["outcome"]),
        findings=tuple(_finding(each) for each in found["findings"]),
    )


def _finding(found: dict[str, Any]) -> StressFinding:
    numbers = {name: None if found[name] is None else float(found[name]) for name in ("value", "decides", "margin")}
    return StressFinding(**{**found, **numbers, "outcome": Outcome(found["outcome"]), "group": group_from_json(found["group"])})


def digest_of_counts(counts: Any) -> str:
    """Of everything that was counted at a setting."""
    return sha256_bytes(canonical_json(counts))
