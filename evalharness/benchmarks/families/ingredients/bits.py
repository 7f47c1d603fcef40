"""Random bits of one block: a Philox stream of its own, so blocks can be made in any order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_WORD = (1 << 64) - 1


class Bits:
    """Raw bits are the part of numpy's generators that never changes between versions.

    The key is the seed (up to 128 bits); block, split and stream stand in the counter, so no two blocks, splits or streams ever overlap.
    `stream` tells the parts of one block apart (0 items, 1 annotators, 2 twins …): a dial of one part leaves the others as they are.
    """

    def __init__(self, seed: int, *, split: int, block: int, stream: int = 0) -> None:
        key = np.array([seed & _WORD, seed >> 64], dtype=np.uint64)
        counter = np.array([0, 0, block, (stream << 8) | split], dtype=np.uint64)
        self._philox = np.random.Philox(key=key, counter=counter)

    def draw64(self, n: int) -> npt.NDArray[np.uint64]:
        """n draws of 64 bits."""
        return np.asarray(self._philox.random_raw(n), dtype=np.uint64)

    def draw32(self, n: int) -> npt.NDArray[np.uint32]:
        """n draws of 32 bits."""
        return self._philox.random_raw((n + 1) // 2).astype("<u8", copy=False).view("<u4")[:n]

    def draw16(self, n: int) -> npt.NDArray[np.uint16]:
        """n draws of 16 bits."""
        return self._philox.random_raw((n + 3) // 4).astype("<u8", copy=False).view("<u2")[:n]

    def below(self, n: int, size: int) -> npt.NDArray[np.int64]:
        """n whole numbers from 0 up to, not including, `size` (at most 2**32); each equally likely to within 2**-32."""
        return ((self.draw32(n).astype(np.uint64) * np.uint64(size)) >> np.uint64(32)).astype(np.int64)
