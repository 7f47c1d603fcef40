"""How the metrics of faults read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

FAULTS_PHRASES: dict[str, Phrase] = {
    "unrouted_fault_rate": Phrase(
        of="{} of the failures that were made on purpose reached no person",
        must="{} of the failures that are made on purpose may reach no person",
        share="the share of failures that reached no person",
        was="reached no person",
    )
}
