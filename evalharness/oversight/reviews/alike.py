"""Names that look alike: who is counted as two people, or two shifts, makes figures look surer than they are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.named_alike import alike
from evalharness.oversight.reviews.cells import Coded, RowProblems


def check_alike(text: Coded, what: str, problems: RowProblems) -> None:
    """Adds each name that is another but for blanks, capitals, how accents are written, or leading zeros, where it is met first.

    what: `reviewers`, for instance. No name is written.
    """
    same = alike(text.texts).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    _, first = np.unique(same, return_index=True)
    if len(first) == len(same):
        return
    others = np.setdiff1d(np.arange(len(same)), first)
    used = np.zeros(len(same), dtype=np.bool_)
    used[text.codes] = True
    for code in others[used[others]].tolist():
        row = int(np.argmax(text.codes == code))
        problems.add(
            [row], f"two {what} have the same name but for blanks, capitals, accents or leading zeros", hint="write each name one way"
        )


def plain(names: list[str]) -> list[str]:
    """What is left of each name when it is only looked at."""
    told: list[str] = alike(pa.array(names, pa.string())).to_pylist()
    return told
