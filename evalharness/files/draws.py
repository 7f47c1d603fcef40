"""`samples/draws.json`: every sample that was drawn, and every look at one, in order, each line naming the digest of the one before.

A line that is changed or taken out breaks the chain. Draws under one policy's name are numbered from 1, whatever the model, the period or
the version of the policy: each further draw is judged more strictly, so drawing until a sample pleases does not help.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from evalharness.digests import canonical_json, read_canonical, sha256_json
from evalharness.errors import Altered, unreadable
from evalharness.files.fields import Digest, Name
from evalharness.files.once import NotPlain, read_once
from evalharness.files.shape import Shape
from evalharness.records.attempt import MOST_ATTEMPTS

FILE = "draws.json"
LARGEST = 4 << 20


class Draw(Shape):
    """One draw."""

    number: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)]
    """Among those under this policy's name."""
    policy: Name
    policy_digest: Digest
    model_digest: Digest
    register_digest: Digest
    key: Digest
    """Of the sample's key.json."""
    previous: Digest | None
    """Of the line before; null for the first."""

    @property
    def digest(self) -> str:
        return sha256_json(self.model_dump())


class Look(Shape):
    """A sheet that was taken back: when all of it was coded, or so many of its lines as the policy declared beforehand."""

    policy: Name
    number: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)]
    """Of the draw."""
    look: Annotated[int, Field(ge=1)]
    """Lines of the sheet."""
    sheet: Digest
    """Of the coded file."""
    coded: Digest
    """Of what was said of each of these lines: it stays as it was at later looks."""
    counts: Digest
    """Of what was counted of them, pile by pile."""
    previous: Digest

    @property
    def digest(self) -> str:
        return sha256_json(self.model_dump())


class _Chain(Shape):
    schema_: Annotated[Literal["evalharness/draws/v1"], Field(alias="schema")]
    draws: tuple[Draw | Look, ...]


def read_chain(path: Path) -> tuple[Draw | Look, ...]:
    """Every draw and look; none where there is no file. Raises Altered where the chain is broken, BadInput when the file cannot be read."""
    try:
        data = read_once(path, LARGEST)
    except FileNotFoundError:
        return ()
    except NotPlain as error:
        raise Altered([f"{path}: {error}"]) from error
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        read_canonical(data)
        chain = _Chain.model_validate_json(data, strict=True)
    except (ValidationError, ValueError, RecursionError) as error:
        raise Altered([f"{path}: it is no chain of draws as the harness writes it"]) from error
    before: Draw | Look | None = None
    numbers: dict[str, int] = {}
    looked: dict[tuple[str, int], int] = {}
    for line in chain.draws:
        drawn = numbers.get(line.policy, 0)
        if isinstance(line, Draw):
            fits = line.number == drawn + 1
            numbers[line.policy] = line.number
        else:
            of = line.policy, line.number
            fits = line.number <= drawn and line.look > looked.get(of, 0)
            looked[of] = line.look
        if not fits or line.previous != (before.digest if before is not None else None):
            raise Altered([f"{path}: the chain of draws is broken before draw {line.number} of {line.policy}"])
        before = line
    return chain.draws


def read_draws(path: Path) -> tuple[Draw, ...]:
    """Every draw. Raises as `read_chain`."""
    return tuple(line for line in read_chain(path) if isinstance(line, Draw))


def looks_at(chain: tuple[Draw | Look, ...], policy: str, number: int) -> tuple[Look, ...]:
    """The looks at one draw, in order."""
    return tuple(line for line in chain if isinstance(line, Look) and (line.policy, line.number) == (policy, number))


def draws_bytes(chain: tuple[Draw | Look, ...]) -> bytes:
    """The file."""
    return canonical_json({"schema": "evalharness/draws/v1", "draws": [line.model_dump() for line in chain]})
