"""Writes into docs/verifier.html the digests of its script and style that its security policy names; --check only compares.

The page is edited by hand. Its content security policy names the sha256 of its one script and its one style sheet, so that nothing else
ever runs in it and nothing is loaded or sent.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "verifier.html"
MOST_LINES = 200


def element(name: str, page: str) -> str:
    """What stands between the tags of the only element of that name."""
    (found,) = re.findall(f"<{name}>(.*?)</{name}>", page, re.DOTALL)
    return str(found)


def with_digests(page: str) -> str:
    """The page with the policy that its script and style need."""
    for name in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(element(name, page).encode()).digest()).decode()
        page, count = re.subn(rf"{name}-src 'sha256-[^']*'", f"{name}-src 'sha256-{digest}'", page)
        if count != 1:
            raise ValueError(f"the policy of {PAGE.name} names {name}-src {count} times")
    return page


def main(arguments: list[str]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    lines = len(element("script", page).strip().splitlines())
    if lines > MOST_LINES:
        print(f"{PAGE.name}: the script has {lines} lines; at most {MOST_LINES} are agreed")
        return 1
    right = with_digests(page)
    if "--check" not in arguments:
        PAGE.write_text(right, encoding="utf-8")
    elif right != page:
        print(f"{PAGE.name}: its security policy names other digests than those of its script and style: run scripts/write_verifier.py")
        return 1
    print(f"{PAGE.name}: {lines} lines of script, its policy allows nothing else")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
