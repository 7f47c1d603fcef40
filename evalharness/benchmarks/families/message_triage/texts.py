"""Messages as Arrow text, written as bytes in one go."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.families.ingredients.columns import text

TOKEN_BYTES = 8
"""`tok_0381`."""


def token_texts(counts: npt.NDArray[np.int64], tokens: npt.NDArray[np.integer]) -> pa.Array:
    """`tok_0381 tok_0007 ...`; `counts` [messages] tokens each, `tokens` one message after the other."""
    cells = _token_cells()[tokens].reshape(-1)
    data = np.delete(cells, np.cumsum(counts) * (TOKEN_BYTES + 1) - 1) if len(counts) else cells
    return text(counts * (TOKEN_BYTES + 1) - 1, data)


@cache
def _token_cells() -> npt.NDArray[np.uint8]:
    """[token, 9]: the token and a blank."""
    digits = np.arange(10_000)[:, None] // np.array([1000, 100, 10, 1]) % 10 + 48
    cells = np.empty((10_000, TOKEN_BYTES + 1), dtype=np.uint8)
    cells[:, :4] = np.frombuffer(b"tok_", dtype=np.uint8)
    cells[:, 4:8] = digits
    cells[:, 8] = 32
    return cells
