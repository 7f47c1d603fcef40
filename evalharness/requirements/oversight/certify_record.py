"""A checked `certify` -> its record."""

from __future__ import annotations

from evalharness.records.oversight_certify import Certify, Target
from evalharness.requirements.oversight.certify_shape import USUAL_STEPS, CertifyShape


def certify_record(shape: CertifyShape | None) -> Certify | None:
    """Targets as written."""
    if shape is None:
        return None
    return Certify(
        targets=tuple(
            Target(
                metric=target.metric,
                at_least=target.at_least is not None,
                bound=bound,
                for_each=tuple(tuple(sorted(attributes)) for attributes in target.for_each or ()),
            )
            for target in shape.targets
            if (bound := target.at_least if target.at_least is not None else target.at_most) is not None
        ),
        prefer=shape.prefer,
        steps=None if shape.grid is not None else shape.steps or USUAL_STEPS,
        grid=shape.grid,
    )
