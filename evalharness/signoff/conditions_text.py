"""Conditions as people write and read them: `--condition` forms, and one plain sentence each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from evalharness.errors import Problems
from evalharness.records.decimals import decimal_text
from evalharness.report import numbers
from evalharness.report.words import CLAIMS
from evalharness.signoff.conditions import BY_DEPLOYMENT, Requirement, condition_problems, requirement_of
from evalharness.signoff.predicates import Condition

DigestOf = Callable[[str, str], str]

FORMS = (
    "claim=rehearsal, stream=NAME, maximum_volume=ITEMS-A-WEEK, unit=NAME, threshold=0.5, dual_review=CLASS, until=2027-01-31, "
    "further_requirement=POLICY/REQUIREMENT-ID@2027-01-31 or action=TEXT@2027-01-31@PERSON"
)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,2}(,[0-9]{3}){1,3}|[1-9][0-9]{0,11}")
_PARSERS: dict[str, Callable[[str], dict[str, object]]] = {
    "maximum_volume": lambda text: {"per_week": int(text.replace(",", "")) if _WHOLE.fullmatch(text) else text},
    "threshold": lambda text: {"value": decimal_text(float(text))},
    "until": lambda text: {"due": text},
    "further_requirement": lambda text: _split(text, "value", "due"),
    "action": lambda text: _split(text, "value", "due", "owner"),
}


def parse_conditions(forms: Sequence[str], where: str = "--condition", digest_of: DigestOf = lambda *_: "") -> tuple[Condition, ...]:
    """Conditions of the forms, in their order; ids are the type and a number (`action-2`). Raises BadInput with all that is wrong.

    digest_of: called with a policy and a requirement of it; gives the digest of the policy's text, empty where there is no such thing.
    """
    problems = Problems()
    counts: Counter[str] = Counter()
    found: list[Condition] = []
    for form in forms:
        type_ = form.partition("=")[0].strip()
        counts[type_] += 1
        condition = _parse(form, f"{type_.replace('_', '-')}-{counts[type_]}", problems, where, digest_of)
        if condition is None:
            continue
        if any(_content(condition) == _content(other) for other in found):
            problems.add("the same condition is given twice", where=where, got=form)
        found.append(condition)
    problems.raise_if_any()
    return tuple(found)


def condition_words(condition: Condition) -> str:
    """The condition in one sentence for a reader who is not technical. Foreign text in it is not escaped."""
    value, due = condition.value, condition.due or numbers.ABSENT
    asked = requirement_of(value) or Requirement(value, value, "")
    return {
        "claim": f"Only for a {CLAIMS[value][0].lower() if value in CLAIMS else value}, and nothing more.",
        "stream": f"Only for items of the stream “{value}”.",
        "maximum_volume": f"At most {numbers.count(condition.per_week)} items a week.",
        "unit": f"Only in the unit “{value}”.",
        "threshold": f"Only at the threshold {value}.",
        "dual_review": f"Every item of the class “{value}” is read by two people.",
        "until": f"No use after {due}.",
        "further_requirement": f"By {due} this exact model must have met “{asked.id}” of the policy “{asked.policy}”.",
        "action": f"{condition.owner or numbers.ABSENT} does this by {due}: {value}",
    }[condition.type]


def condition_check(condition: Condition) -> str:
    """Who sees to it, in one sentence."""
    if condition.type in BY_DEPLOYMENT:
        return "The gate compares it with the deployment file."
    if condition.type == "until":
        return "The gate looks at the date."
    if condition.type == "further_requirement":
        return "After that day the gate blocks unless a locked run shows it."
    return "A person confirms it in the status list. After that day the gate blocks until this is done."


def _parse(form: str, id_: str, problems: Problems, where: str, digest_of: DigestOf) -> Condition | None:
    type_, equals, text = (part.strip() for part in form.partition("="))
    try:
        fields = _PARSERS.get(type_, _value)(text)
        if type_ == "further_requirement":
            fields["value"] = _exact(str(fields.get("value")), digest_of)
        condition = Condition.model_validate({"id": id_, "type": type_, **fields})
    except ValueError:  # of pydantic too
        condition = None
    wrong = ("it is not of a known form",) if condition is None or not equals else condition_problems(condition)
    if wrong:
        problems.add(f"not a condition: {'; '.join(wrong)}", where=where, got=form, expected=FORMS)
        return None
    return condition


def _exact(value: str, digest_of: DigestOf) -> str:
    """The requirement with the digest of its policy: a later text of the policy is another."""
    asked = requirement_of(value)
    if asked is None or asked.digest:
        return value
    digest = digest_of(asked.policy, asked.id)
    return asked._replace(digest=digest).value if digest else value


def _value(text: str) -> dict[str, object]:
    return {"value": text}


def _split(text: str, *names: str) -> dict[str, object]:
    """Parts between the last `@`s, so that the text itself may hold one."""
    parts = [part.strip() for part in text.rsplit("@", len(names) - 1)]
    return dict(zip(names, parts, strict=False))


def _content(condition: Condition) -> Condition:
    return condition.model_copy(update={"id": ""})
