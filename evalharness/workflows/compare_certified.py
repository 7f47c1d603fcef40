"""A comparison under a policy that has its threshold certified: each model at its own, found and judged on the same items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from evalharness.records.oversight_certify import UNCERTIFIED
from evalharness.records.paired import BothFinding, PairedFinding, Standing
from evalharness.records.progress import Progress
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.certify import certified


def at_own_thresholds(every: Sequence[Inputs], levels: Mapping[str, float], progress: Progress) -> tuple[Inputs, ...]:
    """Each model at the threshold that is certified for it, at the level at which it is judged; as they are where the policy fixes one.

    levels: by name. Raises BadInput as `certified` does.
    """
    return tuple(certified(inputs, levels[inputs.card.name], progress) for inputs in every)


def without_threshold(every: Sequence[Inputs]) -> frozenset[str]:
    """Models for which no threshold could be certified."""
    return frozenset(inputs.card.name for inputs in every if inputs.certified is not None and inputs.certified.record.threshold is None)


def hold_nothing_against(findings: Iterable[PairedFinding], incumbent: str, without: frozenset[str]) -> tuple[PairedFinding, ...]:
    """Where a model or the incumbent has no threshold, nothing is held against anything."""
    return tuple(
        replace(f, outcome=Standing.NOT_EVALUABLE, reason=UNCERTIFIED) if {f.challenger, incumbent} & without else f for f in findings
    )


def hold_nothing_together(findings: Iterable[BothFinding], incumbent: str, without: frozenset[str]) -> tuple[BothFinding, ...]:
    """Likewise, in all metrics that must be shown."""
    return tuple(replace(f, outcome=Standing.NOT_EVALUABLE, p=None) if {f.challenger, incumbent} & without else f for f in findings)


def thresholds_told(every: Sequence[Inputs]) -> Iterator[str]:
    """Which threshold each model was compared at; nothing where the policy fixes one."""
    found = [(inputs.card.name, inputs.certified.record) for inputs in every if inputs.certified is not None]
    if held := [(name, record.threshold) for name, record in found if record.threshold is not None]:
        told = ", ".join(f"{name} {threshold:.10g}" for name, threshold in held)
        yield (
            f"Each model is compared at the threshold that was certified for it, on the same items of train and calibration: {told}. "
            "A model may find more only because its threshold leaves people more to read: look at both."
        )
    for name, record in found:
        if record.threshold is None:
            yield (
                f"{name}: no threshold could be certified, so nothing is said of it, nor of anything held against it. Its figures are "
                f"those at {record.start:.10g}, where the search began."
            )
