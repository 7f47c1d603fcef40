"""What draws are looked up in, made once: every chance is a whole number of 2**32nds or 2**16ths.

What decides an item's coordinates and label is its *code*: (stratum, hard or not, grade). Codes that move the coordinates alike are
one *class*; the posterior sums over classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.bell import bell
from evalharness.benchmarks.families.ingredients.shares import ONE_32, ends, exactly, threshold
from evalharness.benchmarks.families.ingredients.strata import Strata, strata_of
from evalharness.benchmarks.families.severity_grading.dials import SeverityGradingDials
from evalharness.benchmarks.families.severity_grading.raters import GRADES, confusion, label_chances
from evalharness.benchmarks.families.severity_grading.shifts import HARDNESS, SHIFTED, Members, is_member, ratios, shifts

TRAIN = "train"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Coordinates that are moved alike."""

    name: str
    rows: tuple[int, ...]
    shifts: npt.NDArray[np.int16]
    """[codes] steps added to each of the rows."""
    classes: npt.NDArray[np.int64]
    """[classes] the same by class."""
    ratios: Floats
    """[values, classes] chance of a value in each class over its mean."""
    lowest: int
    """Value of the first row of `ratios`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitTables:
    """What differs between splits."""

    strata: Strata
    """With the shares of this split."""
    grades: npt.NDArray[np.uint32]
    """[3, strata * kinds of case]: a draw below the first end is `none`, below the second at most C …; the kind is quiet, then grave."""
    given: Floats
    """[strata, grades]: P(grade | stratum) as it is really drawn, both kinds of case together."""
    parts: tuple[Part, ...]
    priors: Floats
    """[classes, 2 * grades]: P(class, label), P(class, clean grade)."""
    within: Mapping[str, Floats]
    """Attribute -> [levels, classes, grades]: P(class, label | level)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What draws are looked up in."""

    sizes: npt.NDArray[np.uint32]
    """Upper ends of the sizes of cases 1, 2, ...; a draw above the last belongs to the largest."""
    grave: int
    """Draws below this are cases of the grave kind."""
    hard: int
    """Draws below this are hard items."""
    ends: npt.NDArray[np.uint16]
    """[people, 3, codes] upper ends of what each person says, without the last."""
    labels: Floats
    """[codes, grades] P(label | code)."""
    members: Members
    splits: tuple[SplitTables, ...]


def within(dials: SeverityGradingDials) -> tuple[str, ...]:
    """The attributes that some dial treats differently, in declared order."""
    named = {name for harm in dials.harms.by_group().values() if not harm.off for name in harm.of}
    if any(dials.signal.own.steps()):
        named.add(dials.signal.usage_of)
    return tuple(name for name in dials.groups if name in named)


def build(dials: SeverityGradingDials) -> Tables:
    """Tables of these dials. Exact fractions and whole numbers, then sums and products in a stated order."""
    levels = tuple(dials.groups[dials.signal.usage_of])
    on = {name: harm for name, harm in dials.harms.by_group().items() if not harm.off}
    cells = [{dials.signal.usage_of: level} for level in levels] + [dict(harm.of) for harm in on.values()]
    strata = strata_of(dials.groups, cells)
    members = {name: strata.members[:, len(levels) + i] for i, name in enumerate(on)}
    weights = _confusions(dials, len(strata), members)
    labels = _label_chances(weights)
    return Tables(
        sizes=ends(exactly(v) for v in dials.cases.sizes),
        grave=threshold(exactly(dials.cases.grave_share)),
        hard=threshold(exactly(dials.signal.hard_share)),
        ends=np.ascontiguousarray(weights.cumsum(axis=2)[:, :, :-1].transpose(0, 2, 1).astype(np.uint16)),
        labels=labels,
        members=members,
        splits=tuple(_split(dials, name, strata, members, labels) for name in dials.split_rows()),
    )


def _confusions(dials: SeverityGradingDials, strata: int, members: Members) -> npt.NDArray[np.int64]:
    """[people, codes, said] in 65,536ths."""
    rows = []
    for rater in dials.raters.people:
        own: list[tuple[int, ...]] = []
        for stratum in range(strata):
            noisy, biased = is_member(members, "label_noise", stratum), is_member(members, "annotator_bias", stratum)
            for hard in range(HARDNESS):
                own += confusion(rater, dials, hard=bool(hard), noisy=noisy, biased=biased)
        rows.append(own)
    return np.array(rows, dtype=np.int64)


def _label_chances(weights: npt.NDArray[np.int64]) -> Floats:
    known: dict[tuple[tuple[int, ...], ...], list[float]] = {}
    found = []
    for code in range(weights.shape[1]):
        rows = tuple(tuple(row) for row in weights[:, code].tolist())
        if rows not in known:
            known[rows] = label_chances(list(rows))
        found.append(known[rows])
    return np.array(found)


def _split(dials: SeverityGradingDials, name: str, strata: Strata, members: Members, labels: Floats) -> SplitTables:
    own = _fewer(strata, members["under_representation"], dials) if name == TRAIN and "under_representation" in members else strata
    grades, given = _grades(dials, name, len(strata), members)
    moving = shifts(dials, name, strata, members)
    together = np.stack([moved for _, _, moved in moving], axis=1)
    classes, of_code = np.unique(together, axis=0, return_inverse=True)
    of_code = of_code.reshape(-1)
    parts = tuple(
        Part(name=part, rows=rows, shifts=moved.astype(np.int16), classes=classes[:, place], ratios=found, lowest=low)
        for place, (part, rows, moved) in enumerate(moving)
        for found, low in (ratios(bell().weights, classes[:, place]),)
    )
    hard = threshold(exactly(dials.signal.hard_share)) / ONE_32

    def priors(shares: list[float]) -> Floats:
        found = np.zeros((len(classes), 2 * GRADES))
        code = 0
        for stratum, share in enumerate(shares):
            for part in (1 - hard, hard):
                for grade in range(GRADES):
                    weight = share * part * given[stratum, grade]
                    found[of_code[code], :GRADES] += weight * labels[code]
                    found[of_code[code], GRADES + grade] += weight
                    code += 1
        return found

    inside = {
        attribute: np.stack([priors(shares)[:, :GRADES] for shares in own.shares_within(attribute).tolist()]) for attribute in within(dials)
    }
    return SplitTables(strata=own, grades=grades, given=given, parts=parts, priors=priors(own.shares.tolist()), within=inside)


def _fewer(strata: Strata, member: npt.NDArray[np.bool_], dials: SeverityGradingDials) -> Strata:
    """A case of the group is, in `size` of the cases, drawn once more among everybody."""
    size = threshold(exactly(dials.harms.under_representation.size)) / ONE_32
    cells = member[strata.of_cell]
    again = 0.0
    for share, inside in zip(strata.cell_shares.tolist(), cells.tolist(), strict=True):
        again += share * size if inside else 0.0
    cell_shares = np.where(cells, strata.cell_shares * (1 - size), strata.cell_shares) + again * strata.cell_shares
    shares = np.zeros(len(strata))
    for stratum, share in zip(strata.of_cell.tolist(), cell_shares.tolist(), strict=True):
        shares[stratum] += share
    return replace(strata, shares=shares, cell_shares=cell_shares)


def _grades(dials: SeverityGradingDials, name: str, strata: int, members: Members) -> tuple[npt.NDArray[np.uint32], Floats]:
    upper = np.zeros((GRADES - 1, strata * 2), dtype=np.uint32)
    given = np.zeros((strata, GRADES))
    grave = threshold(exactly(dials.cases.grave_share)) / ONE_32
    for stratum in range(strata):
        factor = 1 + exactly(dials.harms.base_rate.size) if is_member(members, "base_rate", stratum) else Fraction(1)
        if name == SHIFTED:
            factor *= 1 + exactly(dials.harms.prevalence_shift.size)
        for kind, (shares, weight) in enumerate(((dials.quiet_levels, 1 - grave), (dials.cases.grave_levels.exact(), grave))):
            graver = [share * factor for share in shares[1:]]
            found = ends([1 - sum(graver, Fraction(0)), *graver])
            upper[:, 2 * stratum + kind] = found
            cuts = [0, *found.tolist(), ONE_32]
            for grade in range(GRADES):
                given[stratum, grade] += weight * ((cuts[grade + 1] - cuts[grade]) / ONE_32)
    return upper, given
