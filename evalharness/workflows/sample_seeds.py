"""Seeds for coders: relevant items of the test that the classifier sets aside, under ids that give nothing away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.errors import Problems, bad_input, shown
from evalharness.files.workspace import Workspace
from evalharness.oversight.sampling.draw import lowest
from evalharness.oversight.sampling.register import ID, MOST_PROBLEMS, Register
from evalharness.records.progress import Notice, Progress
from evalharness.workflows.clock import resolve_time
from evalharness.workflows.inputs import Request, read_inputs
from evalharness.workflows.oversight.items import decided_items

SHOWN = "shown_as"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What seeds are drawn from."""

    case_of: dict[str, int]
    """By id, the number of the item's case."""
    benchmark: str
    """Digest of the benchmark."""
    split: str

    def drawn(self, number: int, seed: str) -> tuple[str, ...]:
        """So many of them at random. Raises BadInput where there are fewer."""
        if number > len(self.case_of):
            raise bad_input(
                "the classifier sets aside fewer relevant items of the test than there shall be seeds",
                where="human_in_the_loop.sampling.coder_sensitivity.seeds", got=number, expected=f"at most {len(self.case_of)}",
                hint="what coders make of items that the classifier finds says little of those it misses",
            )  # fmt: skip
        return lowest(sorted(self.case_of), number, seed, "seeds")


def missed_items(place: Workspace, policy: str, model: str, progress: Progress, notice: Notice) -> Missed:
    """The classifier answers the judged split of the policy's benchmark. Raises BadInput for anything wrong with it."""
    inputs = read_inputs(place, Request(policy=policy, model=model), resolve_time(None), progress, notice)
    items = decided_items(inputs, progress)
    at = np.flatnonzero((items.labels == 1) & (items.decisions == 0))
    cases = at if items.clusters is None else items.clusters[at]
    ids = items.ids.take(at).to_pylist()
    return Missed(
        case_of=dict(zip(ids, (int(case) for case in cases), strict=True)),
        benchmark=inputs.benchmark.info.digest,
        split=inputs.policy.split,
    )


def read_ids(path: Path) -> dict[str, str]:
    """`item_id,shown_as`: under which id coders meet an item of the benchmark. Raises BadInput with every problem."""
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path)
    if tuple(header(path)) != (ID, SHOWN):
        raise bad_input("these are not the columns of ids of seeds", where=path, got=", ".join(header(path)), expected=f"{ID}, {SHOWN}")
    problems, found, taken = Problems(), dict[str, str](), set[str]()
    for line, fields in list(records(path))[1:]:
        if len(problems) >= MOST_PROBLEMS:
            problems.add(f"and more: only the first {MOST_PROBLEMS} problems are told", where=path)
            break
        where = f"{path}:{line}"
        if len(fields) != 2:
            problems.add("the line has another number of fields than the header", where=where, got=len(fields), expected="2")
        elif not all(field.strip() for field in fields):
            problems.add("an id is empty", where=where)
        elif fields[0] in found or fields[1] in taken:
            problems.add("an id stands there twice", where=where, got=shown(fields[0] if fields[0] in found else fields[1]))
        else:
            found[fields[0]] = fields[1]
            taken.add(fields[1])
    problems.raise_if_any()
    return found


def shown_as(seeds: tuple[str, ...], ids: dict[str, str] | None, register: Register, *, where: str) -> tuple[str, ...]:
    """The ids under which coders meet these seeds. Raises BadInput where one has none, is in the register, or looks like none of it: coders
    who know a seed when they see it look twice."""
    problems = Problems()
    without = [item for item in seeds if ids is not None and item not in ids]
    if without:
        got = f"{len(without)} of {len(seeds)}"
        hint = "name every relevant item of the judged split that the classifier sets aside"
        problems.add("seeds have no id to show", where=where, got=got, hint=hint)
    names = tuple(item if ids is None else ids.get(item, "") for item in seeds)
    listed = {item for held in register.piles.values() for item in held}
    kinds = {_kind(item) for item in listed}
    for name in (name for name in names if name):
        if name in listed:
            problems.add("a seed has the id of an item of the register", where=where, got=shown(name))
        elif _kind(name) not in kinds:
            problems.add(
                "a seed has an id unlike those of the register: coders would know it", where=where, got=shown(name),
                hint="give --seed-ids FILE.csv (item_id, shown_as) with ids as the register has them, and file the items under them",
            )  # fmt: skip
        if len(problems) >= MOST_PROBLEMS:
            break
    problems.raise_if_any()
    return names


def _kind(item: str) -> str:
    """An id with every number as 9 and every word as a."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", item))
