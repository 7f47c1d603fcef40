"""Names reduced to what the eye sees of them: two that look alike are treated as one person, one organisation, one supplier."""

from __future__ import annotations

import unicodedata

_LOOKS_LIKE = str.maketrans(
    {
        "0": "o", "1": "l", "i": "l", "|": "l", "ı": "l",
        # Cyrillic
        "а": "a", "в": "b", "е": "e", "з": "3", "і": "l", "ј": "j", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "ѕ": "s",
        "т": "t", "у": "y", "х": "x", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l",
        # Greek
        "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "l", "κ": "k", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x",
    }
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"))


def skeleton(text: str) -> str:
    """What is left of a name when case, accents, blanks, punctuation and look-alike characters are taken away.

    For comparing, never for showing. It merges too much rather than too little (0 and o; 1, l and i; rn and m; vv and w; Cyrillic and Greek
    letters of Latin shape): wherever it is used, taking two for one is the safe mistake. A text without letter or digit stays as it is.
    """
    folded = _folded(text)
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded).translate(_LOOKS_LIKE) if c.isalnum())
    for seen, meant in _PAIRS:
        plain = plain.replace(seen, meant)
    unmarked = _folded("".join(c for c in folded if unicodedata.category(c)[0] not in "PZ"))  # nothing but marks, such as U+FC5E
    return plain or unmarked or folded


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
