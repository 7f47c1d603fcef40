"""What a threshold that is to be certified means together with the rest of the policy."""

from __future__ import annotations

from typing import Any

from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.records.oversight_certify import CALIBRATION, TRAIN
from evalharness.requirements.oversight.certify_shape import DOWN, UP

_AT = ("operating_point", "certify")
_HOLDS_BACK = {"fewest_reviews": ("recall", "false_negative_rate"), "most_found": ("specificity", "false_positive_rate", "review_rate")}
"""By preference: without one of these the threshold would go on for ever."""


def check_certify(document: YamlDocument, problems: Problems) -> None:
    """Adds every problem of `operating_point: {certify: …}`; nothing where there is none, or where its shape is wrong."""
    point = document.data.get("operating_point")
    asked = point.get("certify") if isinstance(point, dict) else None
    if not isinstance(asked, dict):
        return
    targets = asked.get("targets")
    listed = [target for target in targets if isinstance(target, dict)] if isinstance(targets, list) else []
    _check_targets(document, listed, problems)
    prefer = asked.get("prefer", "fewest_reviews")
    wanted = _HOLDS_BACK.get(prefer, ())
    if listed and wanted and not any(target.get("metric") in wanted for target in listed):
        problems.add(
            "nothing holds the threshold back", where=document.where((*_AT, "targets")), got=f"prefer: {prefer}",
            expected="a target for " + " or ".join(wanted), hint="add one: without one the best threshold would select nothing, or all",
        )  # fmt: skip
    if asked.get("steps") is not None and asked.get("grid") is not None:
        problems.add("steps and grid are two ways to search", where=document.where((*_AT, "grid")), hint="leave one of them out")
    if document.data.get("split") in (TRAIN, CALIBRATION):
        problems.add(
            "the threshold is found on this split, so it cannot be judged there", where=document.where(("split",)),
            got=document.data["split"], expected="another split, such as test",
        )  # fmt: skip
    lines = document.data.get("change_plan")
    for position, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict) and line.get("what") == "threshold":
            where = document.where(("change_plan", position, "what"))
            problems.add("the policy fixes no threshold that could change", where=where, hint="remove the line")


def _check_targets(document: YamlDocument, targets: list[dict[str, Any]], problems: Problems) -> None:
    seen: set[tuple[str, frozenset[str]]] = set()
    depth = document.data.get("intersections", 2)
    for position, target in enumerate(targets):
        metric, where = target.get("metric"), document.where((*_AT, "targets", position))
        if not isinstance(metric, str) or metric not in (*UP, *DOWN):
            continue  # reported as such
        right, wrong = ("at_least", "at_most") if metric in UP else ("at_most", "at_least")
        if target.get(right) is None or target.get(wrong) is not None:
            got = ", ".join(key for key in ("at_least", "at_most") if target.get(key) is not None) or "neither"
            problems.add(f"a target for {metric} is one {right}", where=where, got=got, expected=f"{{metric: {metric}, {right}: NUMBER}}")
        for attributes in _subsets(target.get("for_each")):
            if isinstance(depth, int) and len(attributes) > depth:
                what = f"an intersection of {len(attributes)} attributes is deeper than the policy's intersections: {depth}"
                problems.add(what, where=where, got=", ".join(sorted(attributes)), hint=f"set 'intersections: {len(attributes)}'")
            if (metric, attributes) in seen:
                told = f" of the same groups ({', '.join(sorted(attributes))})" if attributes else ""
                problems.add(f"two targets for {metric}{told}", where=where, hint="keep the stricter one")
            seen.add((metric, attributes))


def _subsets(for_each: object) -> tuple[frozenset[str], ...]:
    """What a target is asked of; everybody is the empty one. What has the wrong shape is reported as such."""
    if for_each is None:
        return (frozenset(),)
    listed = [[one] if isinstance(one, str) else one for one in for_each] if isinstance(for_each, list) else []
    return tuple(frozenset(names) for names in listed if isinstance(names, list) and all(isinstance(name, str) for name in names))
