"""What identifies a benchmark, without its rows."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.copies import CopyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """Of items that were made after the models were locked: how anybody can derive their seed and dials again."""

    digest: str
    """sha256 of the committed seal."""
    secret: str
    """64 hex."""
    models: tuple[str, ...]
    """Digests of all models locked on the seal, sorted."""
    locks: tuple[str, ...]
    """Digests of all locks on the seal, sorted."""
    dials: tuple[tuple[str, float], ...]
    """(harm, size drawn from its plausible range), sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkInfo:
    """Identity and declared shape of an opened benchmark."""

    name: str
    version: int
    task: str
    digest: str
    """Digest over the content (see evalharness.benchmarks.manifest)."""
    rows: int
    """Rows of all splits."""
    synthetic: bool
    """Generated, or declared so."""
    seed: int | None
    """Seed of a generated benchmark; null for a supplied table."""
    id_column: str
    label_column: str
    features: tuple[str, ...]
    attributes: tuple[str, ...]
    """Protected attributes, in declared order."""
    clustered: bool
    positive: str
    """The label that means `relevant`."""
    negative: str
    """The other label; `` when the table shows only one class."""
    sampling: str
    """How a supplied table's items were drawn; empty: not stated."""
    title: str = ""
    contains_content: bool = False
    splits: tuple[tuple[str, int], ...] = ()
    """(split, rows), in order of first appearance by name."""
    score_range: str = "unit"
    """`any`: scores outside [0, 1] are accepted whatever the card says."""
    levels: tuple[str, ...] = ()
    """Rising levels of an ordinal or risk task; empty otherwise."""
    weighted: bool = False
    """Whether items were drawn with different chances, which are known."""
    seal: SealFacts | None = None
    """Where the items were made after the models were locked."""
    copies: tuple[CopyKind, ...] = ()
    """Kinds of copies of some items that the recipe makes; empty where it makes none."""

    @property
    def identity(self) -> str:
        """What locks and approvals name: the digest of the seal where there is one, of the content otherwise."""
        return self.digest if self.seal is None else self.seal.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFacts:
    """What the committed files of a benchmark say of it, and evidence must repeat: what claims and judging rest on."""

    version: int
    rows: int
    seed: int | None
    synthetic: bool
    sampling: str
    attributes: tuple[str, ...]
    clustered: bool
    levels: tuple[str, ...] = ()
    """Their order says which is the gravest."""
    weighted: bool = False
    """Whether items were drawn with different chances."""

    def unlike(self, other: BenchmarkFacts) -> tuple[str, ...]:
        """Names of the facts that differ."""
        return tuple(name for name in self.__slots__ if getattr(self, name) != getattr(other, name))
