"""What was measured, and what it was measured on."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.evidence.part import Count, Digest, Number, Part
from evalharness.records import BenchmarkFacts, SealFacts, Task


class ModelPart(Part):
    """What was measured."""

    name: str
    version: str
    adapter: str
    digest: Digest
    """sha256 of the artefact's bytes."""
    card: Digest | None
    """sha256 of the model card; null when there is none."""
    family: str = ""
    supplier: str = ""
    vendor_artifact_sha256: Digest | None = None
    """Stated by the vendor of stored predictions; nothing here ties the predictions to it."""


class SealPart(Part):
    """Items that were made after the models were locked: how anybody derives their seed and dials again."""

    digest: Digest
    """sha256 of the committed seal."""
    secret: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    models: Annotated[tuple[Digest, ...], Field(min_length=1)]
    """Digests of all models locked on the seal, sorted."""
    locks: Annotated[tuple[Digest, ...], Field(min_length=1)]
    """Digests of all locks on the seal, sorted."""
    dials: dict[str, Number]
    """Harm -> size drawn from its plausible range."""

    @property
    def facts(self) -> SealFacts:
        """The same as a record."""
        dials = tuple(sorted(self.dials.items()))
        return SealFacts(digest=self.digest, secret=self.secret, models=self.models, locks=self.locks, dials=dials)


class BenchmarkPart(Part):
    """What it was measured on."""

    name: str
    task: Task
    version: int
    digest: Digest
    rows: Count
    """Rows of all splits."""
    synthetic: bool
    seed: int | None
    split: str
    rows_judged: Count
    """Rows of the split that have a label."""
    attributes: tuple[str, ...]
    """Protected attributes, in declared order."""
    clustered: bool
    positive: str
    negative: str
    sampling: str = ""
    title: str = ""
    levels: tuple[str, ...] = ()
    """Rising levels of an ordinal task, or bands of a risk task; absent for others."""
    weighted: bool = False
    """Whether items were drawn with different chances, which the benchmark states; absent where all had the same."""
    seal: SealPart | None = None
    """Absent unless the items were made under a seal."""

    @property
    def identity(self) -> str:
        """What locks and approvals name: the digest of the seal where there is one, of the content otherwise."""
        return self.digest if self.seal is None else self.seal.digest

    @field_validator("levels", "seal", "weighted", mode="after")
    @classmethod
    def _there_or_absent(cls, value: Any) -> Any:
        """One way to say that there are none."""
        if not value:
            raise ValueError("a benchmark without levels, a seal or chances has no such name")
        return value

    @property
    def task_metrics(self) -> TaskMetrics:
        """What is counted."""
        return task_metrics(self.task, self.levels)

    @property
    def counted_in_clusters(self) -> bool:
        """Whether what is counted hangs together: pairs of records that share a record always do, whatever the benchmark declares."""
        return self.clustered or self.task == "linkage"

    @property
    def facts(self) -> BenchmarkFacts:
        """What must agree with the committed files of the benchmark."""
        return BenchmarkFacts(
            version=self.version,
            rows=self.rows,
            seed=self.seed,
            synthetic=self.synthetic,
            sampling=self.sampling,
            attributes=self.attributes,
            clustered=self.clustered,
            levels=self.levels,
            weighted=self.weighted,
        )
