"""What requirements on a coded sample need beside them."""

from __future__ import annotations

from typing import Any

from evalharness.catalogue.oversight.sample import SAMPLE_METRICS
from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.records.oversight_sample import RECOGNITION, SEEDS
from evalharness.requirements.oversight.asked import lines_about

_SAMPLED = frozenset(metric.name for metric in SAMPLE_METRICS)
_WRITTEN = "sampling: {coder_sensitivity: {low: NUMBER, source: declared}, expected: {set_aside: NUMBER, …}}"


def check_sampling(document: YamlDocument, problems: Problems) -> None:
    """Adds every problem of requirements on a sample: a policy without the block, and groups, which no sample is drawn by."""
    people = document.data.get("human_in_the_loop")
    stated = isinstance(people, dict) and people.get("sampling") is not None
    seeded = _check_coders(document, people["sampling"], problems) if stated and isinstance(people, dict) else False
    for position, metric, line in lines_about(document, _SAMPLED):
        name = f"requirement {line.get('id')}"
        if not stated:
            where = document.where(("requirements", position, "metric"))
            problems.add(f"{name}: {metric} needs human_in_the_loop.sampling", where=where, hint=f"add to human_in_the_loop: {_WRITTEN}")
        if stated and metric == RECOGNITION and not seeded:
            where = document.where(("requirements", position, "metric"))
            hint = "add `source: seeded` and `seeds: NUMBER` to sampling.coder_sensitivity"
            problems.add(f"{name}: {metric} needs seeds in the sheet", where=where, hint=hint)
        if line.get("for_each") is not None:
            where = document.where(("requirements", position, "for_each"))
            problems.add(f"{name}: a sample is drawn of all items together, not of groups", where=where, hint="remove for_each")


def _check_coders(document: YamlDocument, sampling: Any, problems: Problems) -> bool:
    """Whether coders meet seeds; adds what does not go together."""
    at = ("human_in_the_loop", "sampling")
    coders = sampling.get("coder_sensitivity") if isinstance(sampling, dict) else None
    if not isinstance(coders, dict):
        return False
    seeded, seeds = coders.get("source") == SEEDS, coders.get("seeds")
    if seeded and seeds is None:
        problems.add("seeded coders meet seeds", where=document.where((*at, "coder_sensitivity")), hint="add `seeds: NUMBER`")
    if seeds is not None and not seeded:
        where = document.where((*at, "coder_sensitivity", "seeds"))
        problems.add("seeds are for coders that are seeded", where=where, expected="source: seeded", hint="remove them, or say so")
    task = document.data.get("task")
    if seeded and isinstance(task, str) and task != "binary":
        where = document.where((*at, "coder_sensitivity", "source"))
        problems.add(f"the task {task} has no seeds", where=where, expected="the task binary", hint="declare it, or let two code")
    stopping = sampling.get("stopping")
    looks = stopping.get("looks") if isinstance(stopping, dict) else None
    first = looks[0] if isinstance(looks, list) and looks else None
    if isinstance(first, int) and isinstance(seeds, int) and first <= seeds:
        where = document.where((*at, "stopping", "looks"))
        problems.add("the first look is no larger than the seeds", where=where, got=first, expected=f"more than {seeds} lines")
    return seeded
