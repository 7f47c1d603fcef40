"""Sealed test sets: a board's commitment to a secret, and its opening once every model was locked.

The items of a sealed benchmark do not exist when models are locked. Seed and dials follow from the secret, the digests of all models locked
on the seal *and* those of the locks themselves, so nobody who tunes a model, a card or a policy can have seen them, and nobody can submit
their exact posterior. Afterwards the secret is published and everybody can derive seed, dials and items again. Read by the gate, so no
numerical library.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from evalharness.digests import canonical_json, sha256_bytes
from evalharness.errors import Altered, bad_input, shown, unreadable
from evalharness.files.fields import Count, Digest, Label, Name
from evalharness.files.once import NotPlain, read_once
from evalharness.files.shape import Shape
from evalharness.records import BenchmarkFacts, SealFacts

SEAL_FILE = "seal.json"
"""Beside benchmark.yaml, committed."""
SECRET_BYTES = 32
DIGITS = 6
"""Sizes drawn for dials are rounded to this many significant digits."""
LARGEST = 1 << 20
_COMMITMENT, _SEED, _DIAL = b"evalharness seal v1\n", b"evalharness seed v1\n", b"evalharness dial v1\n"

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Time = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]


class Seal(Shape):
    """A commitment for one version of one recipe. Its digest stands in locks where the digest of the items would."""

    schema_: Literal["evalharness/seal/v1"] = Field(alias="schema")
    benchmark: Name
    version: Count
    task: Label
    rows: Count
    """Items of all splits together."""
    declaration: Digest
    """Of benchmark.yaml as parsed (canonical JSON): the recipe with the plausible range of every dial."""
    attributes: tuple[Label, ...]
    clustered: bool
    levels: tuple[Label, ...]
    """Rising levels of an ordinal or risk task; empty otherwise."""
    commitment: Digest
    """sha256 of a fixed line and the secret."""
    created: Time

    @property
    def digest(self) -> str:
        """sha256 of the file."""
        return sha256_bytes(seal_bytes(self))

    @property
    def facts(self) -> BenchmarkFacts:
        """What evidence on its items must say of the benchmark."""
        return BenchmarkFacts(
            version=self.version,
            rows=self.rows,
            seed=None,
            synthetic=True,
            sampling="",
            attributes=self.attributes,
            clustered=self.clustered,
            levels=self.levels,
        )


class Opening(Shape):
    """The secret made public, and what was locked by then."""

    schema_: Literal["evalharness/opening/v1"] = Field(alias="schema")
    seal: Digest
    secret: Hex
    models: Annotated[tuple[Digest, ...], Field(min_length=1)]
    """Digests of all models locked on the seal; sorted, each once."""
    locks: Annotated[tuple[Digest, ...], Field(min_length=1)]
    """Digests of the files of all locks on the seal; sorted, each once."""
    opened: Time


def commitment_of(secret: bytes) -> str:
    """What a seal says of its secret."""
    return sha256_bytes(_COMMITMENT + secret)


def seed_of(secret: bytes, models: Sequence[str], locks: Sequence[str], version: int) -> int:
    """The seed of 128 bits: the beginning of HMAC-SHA256 (RFC 2104) of the digests of models and locks and the benchmark's version."""
    return int.from_bytes(_mac(secret, _SEED, models, locks, version)[:16], "big")


def dials_of(secret: bytes, models: Sequence[str], locks: Sequence[str], version: int, harms: Mapping[str, Any]) -> dict[str, float]:
    """Harm -> size, drawn evenly from its plausible range; rounding never takes it out of that. `harms`: those of the recipe, as parsed."""
    found = {}
    for name, harm in sorted(harms.items()):
        low, high = (float(end) for end in harm["range"])
        part = int.from_bytes(_mac(secret, _DIAL + name.encode() + b"\n", models, locks, version)[:8], "big") / 2**64
        found[name] = min(max(float(f"{low + (high - low) * part:.{DIGITS}g}"), low), high)
    return found


def _mac(secret: bytes, what: bytes, models: Sequence[str], locks: Sequence[str], version: int) -> bytes:
    fixed = canonical_json({"locks": sorted(locks), "models": sorted(models), "version": version})
    return hmac.new(secret, what + fixed, hashlib.sha256).digest()


def facts_of_opening(seal: Seal, opening: Opening, harms: Mapping[str, Any]) -> SealFacts:
    """What evidence on the opened items says of the seal."""
    secret = bytes.fromhex(opening.secret)
    return SealFacts(
        digest=seal.digest,
        secret=opening.secret,
        models=opening.models,
        locks=opening.locks,
        dials=tuple(sorted(dials_of(secret, opening.models, opening.locks, seal.version, harms).items())),
    )


def opening_problems(seal: Seal, told: SealFacts, harms: Mapping[str, Any]) -> tuple[str, ...]:
    """Where what evidence says of its seal does not follow from the committed seal and recipe, in words; empty when it does."""
    if told.digest != seal.digest:
        return ("its items were made under another seal",)
    if commitment_of(bytes.fromhex(told.secret)) != seal.commitment:
        return ("the secret it reveals is not the one that the seal commits to",)
    if any(list(listed) != sorted(set(listed)) for listed in (told.models, told.locks)):
        return ("the models or the locks of its opening are not sorted, or stand there twice",)
    if dict(told.dials) != dials_of(bytes.fromhex(told.secret), told.models, told.locks, seal.version, harms):
        return ("its dials do not follow from the secret and the recipe",)
    return ()


def unlike_locks(told: SealFacts, there: Mapping[str, str]) -> tuple[str, ...]:
    """Where what an opening counts is not what is locked, in words; empty when it is.

    there: the locks on the seal that are older than what was made with it: digest of the lock -> digest of the model that it names.
    """
    found = []
    if later := sorted(set(there) - set(told.locks)):
        found.append(f"its seal was opened without all of the locks on it (no lock can follow an opening): {', '.join(later)}")
    if gone := sorted(set(told.locks) - set(there)):
        found.append(f"its seal was opened for what is not in sign-off/locks, or is younger: {', '.join(gone)}")
    if set(told.models) != set(there.values()):
        found.append("its seal was opened for other models than those that were locked on it")
    return tuple(found)


def seal_bytes(seal: Seal) -> bytes:
    """The file's bytes: canonical JSON and a line feed."""
    return canonical_json(seal.model_dump(mode="json", by_alias=True)) + b"\n"


def opening_bytes(opening: Opening) -> bytes:
    """Likewise."""
    return canonical_json(opening.model_dump(mode="json", by_alias=True)) + b"\n"


def read_seal(path: Path) -> Seal:
    """Raises BadInput when there is no seal, Altered when the file is not one exactly as it was written."""
    seal, raw = _read(path, Seal)
    if seal_bytes(seal) != raw:
        raise Altered([f"{path}: not the bytes that a seal has"])
    return seal


def read_opening(path: Path) -> Opening:
    """Likewise for an opening."""
    opening, raw = _read(path, Opening)
    if opening_bytes(opening) != raw:
        raise Altered([f"{path}: not the bytes that an opening has"])
    return opening


S = TypeVar("S", bound=Shape)


def _read(path: Path, shape: type[S]) -> tuple[S, bytes]:
    try:
        raw = read_once(path, LARGEST)
    except FileNotFoundError as error:
        raise bad_input("there is no such file", where=path, hint="`evalharness benchmark seal NAME` makes a seal") from error
    except NotPlain as error:
        raise bad_input(str(error), where=path) from error
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        return shape.model_validate_json(raw, strict=True), raw
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise Altered([f"{path}: {shown(place)}: {first['msg']}"]) from error


def harms_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The harms of a parsed benchmark.yaml; nothing for a supplied table."""
    generate = document.get("generate")
    harms = generate.get("harms", {}) if isinstance(generate, Mapping) else {}
    return harms if isinstance(harms, Mapping) else {}
