"""What `human_in_the_loop.review_study` and the requirements on a review log mean together."""

from __future__ import annotations

from typing import Any

from evalharness.errors import Problems
from evalharness.files.yaml import YamlDocument
from evalharness.records import Claim

_PATH = ("human_in_the_loop", "review_study")


def check_review_study(document: YamlDocument, problems: Problems) -> None:
    """Above a rehearsal a study says beforehand who reads what."""
    people: Any = document.data.get("human_in_the_loop")
    study = people.get("review_study") if isinstance(people, dict) else None
    if not isinstance(study, dict):
        return
    if document.data.get("claim") != Claim.REHEARSAL and study.get("assigned") is None:
        problems.add(
            f"a review study for a claim of {document.data.get('claim')} names what was assigned", where=document.where(_PATH),
            expected="assigned: sha256:…, the digest of the list made before anybody read",
            hint="what is left out of a log could be every miss",
        )  # fmt: skip
