"""reviewers.yaml: how made-up reviewers read. The dials and the seed decide every row of their log; no person stands behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from evalharness.digests import sha256_bytes
from evalharness.errors import bad_input
from evalharness.files.shape import Shape, validate
from evalharness.files.yaml import read_yaml

FILE_NAME = "reviewers.yaml"
SCHEMA = "evalharness/reviewers/v1"
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class Skill(Shape):
    """Reviewers lie evenly between `mean` - `spread` and `mean` + `spread`."""

    mean: Share
    spread: Share = 0.0

    @model_validator(mode="after")
    def _within(self) -> Self:
        if not 0 <= self.mean - self.spread <= self.mean + self.spread <= 1:
            raise PydanticCustomError("spread", "mean - spread and mean + spread from 0 to 1")
        return self


class Hard(Shape):
    """Items that are hard for everybody: people miss them together."""

    share: Share = 0.0
    """Of the items that the classifier decides rightly."""
    share_of_wrong: Share = 0.0
    """Of those that it decides wrongly, or does not answer."""
    penalty: Share = 0.0
    """What is taken off the chance to read one rightly."""


class Lean(Shape):
    """Who sees another answer than their own gives way to it with this chance."""

    of_reviewers: Share = 1.0
    """Share of the reviewers who do so at all."""
    to_wrong: Share = 0.0
    to_right: Share = 0.0


class Shifts(Shape):
    """A shift is that of a team; every reviewer of a team has all of its shifts."""

    teams: Annotated[int, Field(ge=1, le=500)] = 1
    of_each: Annotated[int, Field(ge=1, le=1000)] = 1
    readings: Annotated[int, Field(ge=1, le=1000)] = 100
    """Places in the shift of one reviewer."""
    spread: Share = 0.0
    """Skill in a shift lies evenly between so much less and so much more."""


class LowPrevalence(Shape):
    """Where few items are relevant, people miss more of them."""

    below: Share = 0.0
    drop: Share = 0.0


class Pace(Shape):
    """Evenly between `median` x (1 - `spread`) and `median` x (1 + `spread`)."""

    median: Seconds = 40.0
    spread: Share = 0.5


class Dials(Shape):
    """A checked reviewers.yaml."""

    schema_: Literal["evalharness/reviewers/v1"] = Field(alias="schema")
    benchmark: str
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    reviewers: Annotated[int, Field(ge=3, le=500)]
    items: Annotated[int, Field(ge=1, le=5_000_000)]
    """Of the judged split that are read, drawn at random; all of them where there are fewer."""
    blind_share: Share = 0.5
    """Of the items: read without the classifier's answer."""
    twice_share: Share = 0.0
    """Of the items: read by a second person, and by a third where the two differ."""
    seeded_share: Share = 0.0
    """Of the items: shown with a wrong answer by design; they count in nothing else."""
    unread_share: Share = 0.0
    """Of the items: assigned, and read by nobody."""
    viewed_twice_share: Share = 0.0
    """Of the readings: the reviewer looks at the item a second time."""
    sensitivity: Skill
    """Chance to read rightly what is not of the lowest level (binary, risk: what is relevant)."""
    specificity: Skill
    """Chance to read the rest rightly."""
    too_low: Share = 0.5
    """Levels: who reads wrongly is one level too low with this chance, otherwise one too high; where one does not exist, the other."""
    hard: Hard = Hard()
    lean: Lean = Lean()
    fatigue_per_100: Share = 0.0
    """What is taken off the chance to read rightly after 100 readings of a shift, growing evenly."""
    low_prevalence: LowPrevalence = LowPrevalence()
    same_errors: Share = 0.0
    """Correlation of the errors of two people about one item, beyond what hard items give."""
    shifts: Shifts = Shifts()
    seconds: Pace = Pace()


def reviewers_json_schema() -> dict[str, Any]:
    """JSON Schema of the file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **Dials.model_json_schema(by_alias=True)}


def read_dials(folder: Path, benchmark: str) -> tuple[Dials, str]:
    """Those of the benchmark in `folder`, and the file's digest. Raises BadInput with every problem found, and where there are none."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise bad_input(
            "the benchmark has no made-up reviewers", where=path, expected=f"a file {FILE_NAME} beside benchmark.yaml",
            hint="leave --synthetic-reviewers out, or give the log of people with --reviews",
        )  # fmt: skip
    document = read_yaml(path)
    dials = validate(document, Dials)
    if dials.benchmark != benchmark:
        raise bad_input("these reviewers are for another benchmark", where=path, got=dials.benchmark, expected=benchmark)
    return dials, sha256_bytes(document.raw)
