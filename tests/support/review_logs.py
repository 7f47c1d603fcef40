"""Review logs made up for a test: who reads what, what they are shown, what they say. Everything is drawn from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Study:
    """Chances of what readers do."""

    readers: int = 20
    readings: int = 4_000
    blind: float = 0.5
    seeded: float = 0.02
    twice: float = 0.1
    wrong: float = 0.05
    """Chance that a reader by themselves is wrong."""
    lean: float = 0.3
    """Added chance to follow a wrong answer that is shown."""
    unread: float = 0.0
    seed: int = 7


def log_of(items: pd.DataFrame, study: Study, *, threshold: float = 0.5) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A log and the list of what was assigned, of items with item_id, y_true (0 or 1) and score."""
    rng = np.random.default_rng(study.seed)
    chosen = rng.choice(len(items), min(study.readings, len(items)), replace=False)
    truth = items["y_true"].to_numpy().astype(int)[chosen]
    model = (items["score"].to_numpy() >= threshold).astype(int)[chosen]
    seeded = rng.random(len(chosen)) < study.seeded
    blind = (rng.random(len(chosen)) < study.blind) & ~seeded
    shown = np.where(seeded, 1 - truth, model)
    first = rng.integers(0, study.readers, len(chosen))
    frames = [_rows(items, chosen, first, 1, truth, shown, blind, seeded, study, rng)]
    second = np.flatnonzero((rng.random(len(chosen)) < study.twice) & ~seeded)
    other = (first[second] + 1 + rng.integers(0, study.readers - 1, len(second))) % study.readers
    frames.append(_rows(items, chosen[second], other, 2, truth[second], shown[second], blind[second], seeded[second], study, rng))
    log = pd.concat(frames, ignore_index=True)
    assigned = log[["item_id", "reviewer", "reading", "shown", "seeded"]].copy()
    assigned["shown"] = np.where(assigned["shown"] == "blind", "blind", "shown")
    assigned = assigned.rename(columns={"shown": "shown_or_blind"})
    kept = rng.random(len(log)) >= study.unread
    return log[kept].reset_index(drop=True), assigned


def _rows(  # noqa: PLR0917
    items: pd.DataFrame, chosen: np.ndarray, reader: np.ndarray, reading: int, truth: np.ndarray, shown: np.ndarray, blind: np.ndarray,
    seeded: np.ndarray, study: Study, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    chance = study.wrong + np.where(~blind & (shown != truth), study.lean, 0.0)
    said = np.where(rng.random(len(chosen)) < chance, 1 - truth, truth)
    minute = rng.integers(0, 50_000, len(chosen))
    return pd.DataFrame(
        {
            "item_id": items["item_id"].to_numpy()[chosen],
            "reviewer": [f"person-{code:02d}" for code in reader],
            "reading": str(reading),
            "shown": np.where(blind, "blind", shown.astype(str)),
            "label": said.astype(str),
            "seconds": (20 + 10 * rng.random(len(chosen))).round(1).astype(str),
            "time": [str(np.datetime64("2026-10-01T08:00:00") + np.timedelta64(int(m), "m")) + "Z" for m in minute],
            "seeded": np.where(seeded, "true", "false"),
            "adjudicated": "false",
            "shift": [f"s{m // 480}" for m in minute],
        }
    )
