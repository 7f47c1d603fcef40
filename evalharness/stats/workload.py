"""Minutes of reading in closed form: rising functions of the share q of readings, of the most that there could be."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week holds."""

    most: float
    """Minutes if every item were read most often; above 0."""
    capacity: float
    """Minutes of all officers."""
    each: float
    """Minutes of one officer; above 0."""

    def minutes(self, q: float) -> float:
        """Of reading."""
        return self.most * q

    def backlog(self, q: float) -> float:
        """Minutes that are left over."""
        return max(0.0, self.most * q - self.capacity)

    def officers(self, q: float) -> float:
        """Whole officers; a trillionth of one too much is rounding and no officer."""
        return float(math.ceil(self.most * q / self.each * (1 - 1e-12)))

    def share_for_minutes(self, goal: float) -> float:
        """The largest q with so many minutes, at most 1; likewise below."""
        return min(goal / self.most, 1.0)

    def share_for_backlog(self, goal: float) -> float:
        """Of a backlog of at most `goal` minutes."""
        return min((goal + self.capacity) / self.most, 1.0)

    def share_for_officers(self, goal: float) -> float:
        """Of at most `goal` officers."""
        return min(math.floor(goal) * self.each / self.most, 1.0)
