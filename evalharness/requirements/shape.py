"""The shape of a policy file, key by key. What the keys mean together is checked in `checks`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from evalharness.catalogue import COPY_METRICS, METRICS
from evalharness.files.fields import Count, Digest, IsoDate, Label, Name, Share, Text, refused
from evalharness.files.shape import Shape, suggestion
from evalharness.records import Task
from evalharness.records.reference import HUMAN
from evalharness.requirements.attributes import Attributes
from evalharness.requirements.oversight.bands_shape import MOST_BANDS, BandShape, DeferShape, MachineClosesShape
from evalharness.requirements.oversight.certify_shape import CertifyShape
from evalharness.requirements.oversight.exposure_shape import ExposureShape
from evalharness.requirements.oversight.people_shape import PeopleShape
from evalharness.requirements.oversight.raters_shape import LabelQualityShape
from evalharness.requirements.oversight.reviews_shape import ReviewStudyShape
from evalharness.requirements.oversight.sample_shape import SamplingShape
from evalharness.requirements.oversight.team_shape import TeamShape
from evalharness.requirements.oversight.work_shape import WorkShape

ChangeKind = Literal["model", "threshold", "budget", "benchmark", "requirement", "text"]
POINT_KEYS = ("threshold", "rule", "budget_per_day", "top_band", "certify")
COMPARISONS = ("at_least", "at_most", "max_difference", "min_ratio", "equals", "margin")
RELATIVE_TO = ("incumbent", "baseline", HUMAN)
"""Whom a requirement may be relative to."""
_NOT_YET = {
    "best_possible": "what is best possible is an expectation over the true chances, not decisions on these items: nothing here bounds "
    "what is lost against it; the report shows it beside each figure",
}
DEEPEST_INTERSECTION = 5
USUAL_RISK_OWNER = "senior_responsible_owner"
"""Who accepts the remaining risk where the policy names nobody."""
USUAL_STATUS_DAYS = 7
WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SPLIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def _word(value: Any) -> Any:
    if isinstance(value, str) and WORD.fullmatch(value) is None:
        raise refused("a word of a-z, 0-9 and '_', starting with a letter, at most 64 long")
    return value


def _split(value: Any) -> Any:
    if isinstance(value, str) and _SPLIT.fullmatch(value) is None:
        raise refused("the name of a split: letters, digits, '_', '.' and '-', at most 64 long")
    return value


def _range(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2:
        raise refused("two numbers: [least, greatest]")
    return tuple(value)


def _no_exchange(value: Any) -> None:
    if value is not None:
        raise refused("no exchange: this version never adds units of cost", "require each unit by itself")


def _relative_to(value: Any) -> Any:
    if isinstance(value, str) and value in _NOT_YET:
        raise refused("incumbent, baseline or human", _NOT_YET[value])
    if isinstance(value, str) and value not in RELATIVE_TO:
        raise refused("incumbent, baseline or human", suggestion(value, RELATIVE_TO))
    return value


Word = Annotated[str, BeforeValidator(_word), Field(json_schema_extra={"pattern": f"^{WORD.pattern}$"})]
Goal = Annotated[float, Field(allow_inf_nan=False)]
Range = Annotated[tuple[Goal, Goal], BeforeValidator(_range)]
_SMALLEST_COST = 1e-9


def _not_negligible(cost: float) -> float:
    if 0 < cost < _SMALLEST_COST:
        raise ValueError(f"a cost is 0 or at least {_SMALLEST_COST:g}")
    return cost


Cost = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False), AfterValidator(_not_negligible)]


class OperatingPointShape(Shape):
    """One of `{threshold: x}`, `{certify: …}`, `{rule: label}`, `{budget_per_day: n}` and `{top_band: level}`; the task says which."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [key]} for key in POINT_KEYS]})

    threshold: Goal | None = Field(None, description="An item is selected when its score is at least this.")
    rule: Literal["label"] | None = Field(None, description="label: the model's own labels decide.")
    budget_per_day: Annotated[int, Field(ge=1, le=10**9)] | None = Field(
        None, description="Ranking: leads worked a day, highest scores first."
    )
    top_band: Label | None = Field(None, description="Risk: the level whose items are acted on first.")
    certify: CertifyShape | None = Field(None, description="Binary: the threshold is found and certified on splits of its own.")


class SensitivityShape(Shape):
    """What share of the relevant items put before them reviewers recognise."""

    low: Share
    high: Share
    source: Literal["declared"] = Field(description="declared: nobody has measured it; it decides rehearsals only.")


class HumanShape(Shape):
    """The people behind the model."""

    minutes_per_review: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
    items_per_week: Annotated[int, Field(ge=1, le=10**12)]
    reviewer_sensitivity: SensitivityShape
    review_study: ReviewStudyShape | None = Field(None, description="How the log that `evaluate --reviews` reads came about.")
    relevant_from: Label | None = Field(None, description="Ordinal: the level from which on an item is relevant.")
    bands: Annotated[tuple[BandShape, ...], Field(min_length=1, max_length=MOST_BANDS)] | None = Field(
        None, description="What happens to an item by its score or grade; the first band that takes it counts."
    )
    defer: DeferShape | None = Field(None, description="Binary: items that the classifier is unsure of go to a person.")
    team: TeamShape | None = Field(None, description="What is declared of readers; what a review log measures is taken from there.")
    machine_closes: MachineClosesShape | None = Field(
        None, description="Only where a band closes items without any person: says so, and stands on page one."
    )
    label_quality: LabelQualityShape | None = Field(
        None, description="The people who labelled the items are counted beside the classifier; what follows for goals."
    )
    work: WorkShape | None = Field(None, description="The people that there are for the reading that the bands make.")
    people: PeopleShape | None = Field(None, description="Times for what is done about the people in the items: `evaluate --people`.")
    exposure: ExposureShape | None = Field(None, description="Which items are severe, and how often one person is to see such.")
    sampling: SamplingShape | None = Field(None, description="A drawn sample of every pile, coded blind: `evalharness sample`.")


class ClassCostShape(Shape):
    """What one item of a true class costs."""

    review: Cost = 0.0
    set_aside: Cost = 0.0


class CostUnitShape(Shape):
    """One unit of cost."""

    true_relevant: ClassCostShape = ClassCostShape()
    true_not_relevant: ClassCostShape = ClassCostShape()
    by_level: dict[Label, dict[Label, Cost]] = Field(
        {}, description="Ordinal: true level -> given level -> cost of such an item; what is not named costs nothing."
    )


class ElicitedShape(Shape):
    """Who stated the costs, and when."""

    stated_by: Text
    on: IsoDate


class CostsShape(Shape):
    """Units by name, side by side, and who stated them. They are never added up."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CostUnitShape]

    elicited: ElicitedShape
    exchange: Annotated[None, BeforeValidator(_no_exchange)] = None


class ClustersShape(Shape):
    """A declared limit of the correlation inside clusters. Recorded; judging keeps to correlation 1."""

    icc_at_most: Share
    source: Text


class NotJudgedShape(Shape):
    """One cell exempted by name."""

    group: Annotated[dict[str, Label], Field(min_length=1)]
    why: Text
    until: IsoDate = Field(description="The last day on which the exemption holds; from the next day on the cell is judged again.")


class RequirementShape(Shape):
    """One line of the policy: exactly one comparison."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in COMPARISONS]})

    id: Name
    metric: Annotated[str, Field(json_schema_extra={"enum": sorted(name for name, m in {**METRICS, **COPY_METRICS}.items() if m.decides)})]
    at_least: Goal | None = Field(None, description="Met when the lower bound is at least this.")
    at_most: Goal | None = Field(None, description="Met when the upper bound is at most this.")
    max_difference: Goal | None = Field(None, description="Met when the upper bound of every pair's difference is at most this.")
    min_ratio: Goal | None = Field(None, description="Met when the lower bound of every pair's ratio is at least this.")
    equals: Goal | None = Field(None, description="For what is counted completely, without a sample: met when the value is exactly this.")
    margin: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = Field(
        None,
        description="With relative_to: met when on the same items at most this share can have been lost against that model.",
    )
    relative_to: Annotated[str, BeforeValidator(_relative_to), Field(json_schema_extra={"enum": list(RELATIVE_TO)})] | None = Field(
        None, description="A model named under references, or human (the benchmark's annotators): not to be worse by more than the margin."
    )
    for_each: Annotated[tuple[Attributes, ...], Field(min_length=1)] | None = Field(
        None, description="Attributes, and lists of attributes for intersections: one finding for each of their cells."
    )
    between: Attributes | None = Field(None, description="For gaps: an attribute, or a list of attributes for their intersection.")
    unit: Word | None = Field(None, description="For expected_cost: a unit named under costs.")
    under: Name | None = Field(
        None, description="A kind of copy that the benchmark has of some items, such as marker or noise: asked of those, not of the items."
    )
    budget_per_day: Annotated[int, Field(ge=1, le=10**9)] | None = Field(
        None, description="Ranking: another daily budget than the operating point's; the same leads are judged as if so many were worked."
    )
    prevalence: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = Field(
        None, description="Binary, risk: share of relevant items where the classifier will be used; the metric is judged at that share."
    )
    over_range: bool = Field(
        False, description="Asked at every setting of the recipe's plausible ranges: `evaluate --stress` judges it, no single run can."
    )
    not_judged: tuple[NotJudgedShape, ...] = Field((), description="Cells exempted by name; printed on page one of the report.")
    why: Text = ""


class ReferenceShape(Shape):
    """Another model."""

    model: Name = Field(description="Name of its card in model_cards/.")
    digest: Digest | None = Field(None, description="sha256 of its artefact; where it is given, another one is refused.")


class ReferencesShape(Shape):
    """Models that requirements may be relative to."""

    incumbent: ReferenceShape | None = Field(None, description="The model in use, or the way in which the work is done now.")
    baseline: ReferenceShape | None = Field(None, description="A simple model that any other must not be worse than.")


class SignOffShape(Shape):
    """Who must sign."""

    roles: Annotated[dict[str, Annotated[int, Field(ge=1, le=100)]], Field(min_length=1)] = Field(
        description="Roles that vote, and how many people of each must approve."
    )
    developers_may_not_sign: bool = Field(description="Whether the people named on the model card are refused as signers.")
    valid_for_days: Annotated[int, Field(ge=1, le=3660)] = Field(description="The longest that an approval can last.")
    minimum_people: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        None, description="Distinct people among those who approve; default: one for each seat in roles."
    )
    one_person_several_roles: bool = Field(False, description="Whether one person may fill more than one role.")
    veto: tuple[Word, ...] = Field((), description="Roles whose holder alone stops an approval, by rejecting or deferring.")
    advice: tuple[Word, ...] = Field(
        (), description="Roles that do not vote: their advice must be there, or its absence explained in every approval."
    )
    risk_owner: Word | None = Field(
        None, description="The role that accepts the remaining risk in words; default: senior_responsible_owner where that is a role."
    )
    status_at_most_days: Annotated[int, Field(ge=1, le=366)] = Field(
        USUAL_STATUS_DAYS, description="How old the list of revocations may be."
    )


class AllowedChangeShape(Shape):
    """One change agreed beforehand: it is tested again as said, not argued anew. It never keeps an approval."""

    what: ChangeKind
    name: Name | None = Field(None, description="For a requirement: its id; left out: any of them.")
    within: Range | None = Field(None, description="For a threshold, budget or requirement's goal: the least and greatest new value.")
    retest: Text = Field(description="How it must be tested again.")
    why: Text


class PlanningShape(Shape):
    """What is stated before a test for planning its size. Nothing here decides what is judged."""

    expected: dict[str, Goal] = Field(
        {}, description="True values to plan for, by id of a requirement; a requirement without one is planned for several."
    )
    minutes_per_label: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = Field(
        None, description="Minutes that one person needs to label one item."
    )
    labels_per_item: Annotated[int, Field(ge=1, le=100)] = Field(1, description="How many people label each item.")
    prevalence: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = Field(
        None, description="Share of relevant items where the items will be drawn; default: the benchmark's."
    )
    selected: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = Field(
        None, description="Binary, risk: share of the items that the model is believed to select."
    )
    readings_per_reviewer: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None, description="Readings of the kind that a requirement counts, by one reviewer."
    )
    reviewer_correlation: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = Field(
        None, description="Correlation between the readings of one reviewer; default: none."
    )


class PolicyShape(Shape):
    """A policy: what a classifier must show before it may order the work of people."""

    schema_: Literal["evalharness/policy/v1"] = Field(alias="schema")
    name: Name
    version: Count
    title: Text
    claim: Literal["rehearsal", "local", "shadow", "pilot"]
    population: Text = Field(description="One sentence: which items, whose, from when to when, sampled how.")
    intended_use: Text
    prohibited_uses: Annotated[tuple[Text, ...], Field(min_length=1)]
    stream: Text = Field(description="Where items come from; part of what is approved.")
    task: Task = Field(description="The kind of decision; the benchmark's must be the same.")
    benchmark: Name
    sealed: bool = Field(False, description="Whether the items that count are made after the models were locked, under seal.json.")
    split: Annotated[str, BeforeValidator(_split), Field(json_schema_extra={"pattern": f"^{_SPLIT.pattern}$"})] = "test"
    confidence: Annotated[float, Field(ge=0.5, le=0.999999, allow_inf_nan=False)] = Field(description="Of each bound on its own.")
    intersections: Annotated[int, Field(ge=1, le=DEEPEST_INTERSECTION)] = 2
    operating_point: OperatingPointShape
    human_in_the_loop: HumanShape | None = None
    costs: CostsShape | None = None
    clusters: ClustersShape | None = None
    references: ReferencesShape | None = Field(None, description="Other models, for requirements that are relative to one.")
    describe: Annotated[tuple[Word, ...], Field(max_length=20)] = Field(
        (), description="Metrics of installed packages (entry points `evalharness.metrics`) to be shown; they decide nothing."
    )
    planning: PlanningShape | None = Field(None, description="For `evalharness plan`: what is believed before a test.")
    requirements: Annotated[tuple[RequirementShape, ...], Field(min_length=1, max_length=200)]
    sign_off: SignOffShape
    change_plan: Annotated[tuple[AllowedChangeShape, ...], Field(max_length=100)] = Field(
        (), description="Changes agreed beforehand, and how each is tested again."
    )
    example_of_bad_policy: Text = Field("", description="Why nobody should use this policy; printed on page one.")


def policy_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a policy, for editors. It knows the shape only; `read_policy` knows more."""
    schema = PolicyShape.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
