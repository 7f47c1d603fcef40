"""What was counted of the people in the loop, apart from the share rows: one part for each source."""

from __future__ import annotations

from evalharness.evidence.oversight.bands import BandsPart
from evalharness.evidence.oversight.certify import CertifyPart
from evalharness.evidence.oversight.exposure import ExposurePart
from evalharness.evidence.oversight.faults import FaultsPart
from evalharness.evidence.oversight.people import PeoplePart
from evalharness.evidence.oversight.queue_parts import QueuePart
from evalharness.evidence.oversight.raters import RatersPart
from evalharness.evidence.oversight.reviews import ReviewsPart
from evalharness.evidence.oversight.sample import SamplePart
from evalharness.evidence.oversight.team import TeamPart
from evalharness.evidence.part import Part


class OversightPart(Part):
    """Each part is absent where the run had no such source."""

    bands: BandsPart | None = None
    certify: CertifyPart | None = None
    reviews: ReviewsPart | None = None
    exposure: ExposurePart | None = None
    sample: SamplePart | None = None
    people: PeoplePart | None = None
    faults: FaultsPart | None = None
    team: TeamPart | None = None
    raters: RatersPart | None = None
    queue: QueuePart | None = None
