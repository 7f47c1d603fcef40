"""Requirements -> one question for each cell that the judged split has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import product
from math import prod

from evalharness.errors import Problems
from evalharness.files.document import KeyPath, path_text
from evalharness.files.shape import suggestion
from evalharness.records import Exemption, Group, NotJudged, Policy, Question, Requirement

MOST_FINDINGS = 2_000
"""A report of more would not fit its promised size, and nobody would read it."""
MOST_COMPARED = 500
"""Groups that one gap may compare: every pair of them is bounded."""

Levels = Mapping[str, tuple[str, ...]]
Place = Callable[[KeyPath], str]


def attributes_used(policy: Policy) -> set[str]:
    """The protected attributes that the requirements name."""
    return {attribute for r in policy.requirements for attributes in (*r.for_each, r.between) for attribute in attributes}


def expand(policy: Policy, levels: Levels, on: date, place: Place | None = None) -> tuple[tuple[Question, ...], tuple[Exemption, ...]]:
    """One question for each requirement and cell, in the policy's order, and the exemptions that hold on the day `on`.

    levels: the levels of each attribute that are seen in the judged split; cells are their product. An exemption holds up to and
    including its last day. place: `file:line:col` of a key of the policy (see `policy_places`).
    Raises BadInput where the policy names an attribute or level that the benchmark lacks, or exempts every cell of a requirement.
    """
    problems = Problems()
    where = place or (lambda path: f"policy {policy.name}: {path_text(path)}")
    for position, requirement in enumerate(policy.requirements):
        _check(requirement, levels, lambda path, at=position: where(("requirements", at, *path)), problems)  # type: ignore[misc]
    problems.raise_if_any()
    questions: list[Question] = []
    exemptions: list[Exemption] = []
    for position, requirement in enumerate(policy.requirements):
        holding = [exempted for exempted in requirement.not_judged if on <= exempted.until]
        asked = list(_questions(requirement, levels, frozenset(exempted.group for exempted in holding)))
        if not asked:
            problems.add(
                f"requirement {requirement.id}: every cell is exempted, so nothing is left to judge",
                where=where(("requirements", position, "not_judged")),
                hint="remove the requirement, or exempt fewer cells",
            )
        questions += asked
        exemptions += [_exemption(requirement, exempted) for exempted in holding]
    if len(questions) > MOST_FINDINGS:
        problems.add(
            "the policy asks for more findings than anybody can read", where=where(("requirements",)),
            got=f"{len(questions):,}", expected=f"at most {MOST_FINDINGS:,}", hint="name fewer or smaller combinations in for_each",
        )  # fmt: skip
    problems.raise_if_any()
    return tuple(questions), tuple(exemptions)


def _questions(requirement: Requirement, levels: Levels, exempted: frozenset[Group]) -> Iterator[Question]:
    for group in _cells(requirement, levels):
        if group not in exempted:
            yield Question(
                requirement=requirement.id,
                metric=requirement.metric,
                comparison=requirement.comparison,
                bound=requirement.bound,
                group=group,
                between=requirement.between,
                excluded=tuple(sorted(exempted)) if requirement.between else (),
                unit=requirement.unit,
                on=requirement.on,
            )


def _cells(requirement: Requirement, levels: Levels) -> Iterator[Group]:
    if not requirement.for_each:
        yield ()
    for attributes in requirement.for_each:
        for cell in product(*(levels[attribute] for attribute in attributes)):
            yield tuple(zip(attributes, cell, strict=True))


def _exemption(requirement: Requirement, exempted: NotJudged) -> Exemption:
    return Exemption(requirement=requirement.id, group=exempted.group, why=exempted.why, until=exempted.until)


def _check(requirement: Requirement, levels: Levels, where: Place, problems: Problems) -> None:
    named: list[tuple[KeyPath, str]] = [(("between",), attribute) for attribute in requirement.between]
    named += [(("for_each", i), attribute) for i, attributes in enumerate(requirement.for_each) for attribute in attributes]
    for path, attribute in named:
        if not levels.get(attribute):
            expected = "one of " + (", ".join(sorted(name for name, seen in levels.items() if seen)) or "none: it declares no group")
            hint = suggestion(attribute, levels)
            what = f"requirement {requirement.id}: the benchmark has no such group attribute"
            problems.add(what, where=where(path), got=attribute, expected=expected, hint=hint)
    groups = prod(len(levels.get(attribute, ())) for attribute in requirement.between)
    if requirement.between and groups > MOST_COMPARED:
        what = f"requirement {requirement.id}: too many groups to compare with one another"
        problems.add(what, where=where(("between",)), got=f"{groups:,}", expected=f"at most {MOST_COMPARED}")
    for position, exempted in enumerate(requirement.not_judged):
        for attribute, level in exempted.group:
            seen = levels.get(attribute, ())
            if seen and level not in seen:
                what = f"requirement {requirement.id}: the judged split has no such level of {attribute}"
                expected, path = "one of " + ", ".join(seen), ("not_judged", position, "group", attribute)
                problems.add(what, where=where(path), got=level, expected=expected, hint=suggestion(level, seen))
