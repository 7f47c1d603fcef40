"""A checked shape -> the record that the rest of the harness sees."""

from __future__ import annotations

from typing import Any, get_args

from evalharness.records import (
    AllowedChange,
    Claim,
    Condition,
    Costs,
    CostUnit,
    HumanInTheLoop,
    NotJudged,
    OperatingPoint,
    Planning,
    Policy,
    Requirement,
    Rule,
    SignOff,
)
from evalharness.records.policy import Comparison
from evalharness.records.reference import Reference
from evalharness.requirements.oversight.bands_record import bands_record
from evalharness.requirements.oversight.certify_record import certify_record
from evalharness.requirements.oversight.sample_shape import sampling_record
from evalharness.requirements.oversight.team_shape import team_record
from evalharness.requirements.shape import (
    USUAL_RISK_OWNER,
    AllowedChangeShape,
    CostsShape,
    CostUnitShape,
    HumanShape,
    OperatingPointShape,
    PlanningShape,
    PolicyShape,
    ReferencesShape,
    RequirementShape,
    SignOffShape,
)


def policy_record(shape: PolicyShape, digest: str, document: dict[str, Any]) -> Policy:
    """The policy; attributes of intersections sorted, everything else as written."""
    return Policy(
        name=shape.name,
        version=shape.version,
        title=shape.title,
        claim=Claim(shape.claim),
        population=shape.population,
        intended_use=shape.intended_use,
        prohibited_uses=shape.prohibited_uses,
        stream=shape.stream,
        task=shape.task,
        benchmark=shape.benchmark,
        split=shape.split,
        confidence=shape.confidence,
        intersections=shape.intersections,
        operating_point=_operating_point(shape.operating_point),
        human_in_the_loop=_people(shape.human_in_the_loop),
        costs=_costs(shape.costs),
        requirements=tuple(_requirement(r) for r in shape.requirements),
        sign_off=_sign_off(shape.sign_off),
        change_plan=tuple(_change(change) for change in shape.change_plan),
        planning=_planning(shape.planning),
        references=_references(shape.references),
        describe=tuple(dict.fromkeys(shape.describe)),
        sealed=shape.sealed,
        example_of_bad_policy=shape.example_of_bad_policy,
        digest=digest,
        document=document,
    )


def _sign_off(shape: SignOffShape) -> SignOff:
    roles = tuple(sorted(shape.roles.items()))
    owner = shape.risk_owner or (USUAL_RISK_OWNER if USUAL_RISK_OWNER in shape.roles else "")
    return SignOff(
        roles=roles,
        developers_may_not_sign=shape.developers_may_not_sign,
        valid_for_days=shape.valid_for_days,
        minimum_people=shape.minimum_people or sum(seats for _, seats in roles),
        one_person_several_roles=shape.one_person_several_roles,
        veto=tuple(sorted(shape.veto)),
        advice=tuple(sorted(shape.advice)),
        risk_owner=owner,
        status_at_most_days=shape.status_at_most_days,
    )


def _change(shape: AllowedChangeShape) -> AllowedChange:
    return AllowedChange(what=shape.what, name=shape.name or "", within=shape.within, retest=shape.retest, why=shape.why)


def _references(shape: ReferencesShape | None) -> tuple[Reference, ...]:
    named = [] if shape is None else [(name, getattr(shape, name)) for name in sorted(ReferencesShape.model_fields)]
    return tuple(Reference(name=name, model=of.model, digest=of.digest or "") for name, of in named if of is not None)


def _planning(shape: PlanningShape | None) -> Planning | None:
    if shape is None:
        return None
    return Planning(
        expected=tuple(sorted(shape.expected.items())),
        minutes_per_label=shape.minutes_per_label,
        labels_per_item=shape.labels_per_item,
        prevalence=shape.prevalence,
        selected=shape.selected,
        readings_per_reviewer=shape.readings_per_reviewer,
        reviewer_correlation=shape.reviewer_correlation,
    )


def _operating_point(shape: OperatingPointShape) -> OperatingPoint:
    rule: Rule = "score >= threshold"
    if shape.rule is not None:
        rule = "label"
    elif shape.budget_per_day is not None:
        rule = "budget"
    elif shape.top_band is not None:
        rule = "top_band"
    return OperatingPoint(
        rule=rule, threshold=shape.threshold, budget_per_day=shape.budget_per_day, top_band=shape.top_band,
        certify=certify_record(shape.certify),
    )  # fmt: skip


def _people(shape: HumanShape | None) -> HumanInTheLoop | None:
    if shape is None:
        return None
    return HumanInTheLoop(
        minutes_per_review=shape.minutes_per_review,
        items_per_week=shape.items_per_week,
        sensitivity_low=shape.reviewer_sensitivity.low,
        sensitivity_high=shape.reviewer_sensitivity.high,
        source=shape.reviewer_sensitivity.source,
        review_study=None if shape.review_study is None else shape.review_study.record,
        relevant_from=shape.relevant_from or "",
        bands=bands_record(shape.bands, shape.defer, shape.machine_closes),
        sampling=sampling_record(shape.sampling),
        team=team_record(shape.team),
        label_quality=None if shape.label_quality is None else shape.label_quality.record,
        work=None if shape.work is None else shape.work.record,
        people=None if shape.people is None else shape.people.record,
        exposure=None if shape.exposure is None else shape.exposure.record,
    )


def _costs(shape: CostsShape | None) -> Costs | None:
    if shape is None:
        return None
    units = tuple(_unit(name, unit) for name, unit in sorted(shape.__pydantic_extra__.items()))  # an order that canonical JSON keeps
    return Costs(units=units, stated_by=shape.elicited.stated_by, stated_on=shape.elicited.on)


def _unit(name: str, shape: CostUnitShape) -> CostUnit:
    return CostUnit(
        name=name,
        relevant_review=shape.true_relevant.review,
        relevant_set_aside=shape.true_relevant.set_aside,
        not_relevant_review=shape.true_not_relevant.review,
        not_relevant_set_aside=shape.true_not_relevant.set_aside,
        by_level=tuple((true, tuple(sorted(given.items()))) for true, given in sorted(shape.by_level.items())),
    )


def _requirement(shape: RequirementShape) -> Requirement:
    comparison, bound = next((c, b) for c in get_args(Comparison) if (b := getattr(shape, c)) is not None)
    return Requirement(
        id=shape.id,
        metric=shape.metric,
        comparison=comparison,
        bound=bound,
        for_each=tuple(tuple(sorted(attributes)) for attributes in shape.for_each or ()),
        between=tuple(sorted(shape.between or ())),
        unit=shape.unit or "",
        not_judged=tuple(NotJudged(group=tuple(sorted(n.group.items())), why=n.why, until=n.until) for n in shape.not_judged),
        why=shape.why,
        on=Condition(
            prevalence=shape.prevalence,
            budget_per_day=shape.budget_per_day,
            under=shape.under or "",
            relative_to=shape.relative_to or "",
            over_range=shape.over_range,
        ),
    )
