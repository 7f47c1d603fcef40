"""What describes a linking of records, beyond pairs: whole entities, and what happens inside the candidate pairs alone."""

from __future__ import annotations

from typing import Literal

from evalharness.catalogue.metric import Metric

INSIDE = "_inside_candidates"
"""End of the name of a measure that leaves out what no candidate pair holds."""

_WHY_NOT = "its interval rests on resampled entities, and nobody has shown it to be safe enough to decide"
_ENTITY = "Records that a chain of made links joins count as one made entity."


def _metric(name: str, title: str, definition: str, *, unit: Literal["index", "splits and merges"] = "index", standard: str = "") -> Metric:
    return Metric(
        name=name,
        title=title,
        definition=definition,
        kind="described",
        better="lower" if unit == "splits and merges" else "higher",
        unit=unit,
        decides=False,
        why_not=_WHY_NOT,
        denominator_name="entities",
        fairlearn=standard,
    )


LINKAGE_DESCRIBED: tuple[Metric, ...] = (
    _metric(
        "bcubed_precision",
        "Purity: share of a record's made entity that is its own (B-cubed precision)",
        f"For each record, the share of the records in its made entity that truly belong with it, itself included; the mean. {_ENTITY}",
    ),
    _metric(
        "bcubed_recall",
        "Wholeness: share of a record's true entity that is with it (B-cubed recall)",
        f"For each record, the share of the records of its true entity that are in its made entity, itself included; the mean. {_ENTITY}",
    ),
    _metric(
        "bcubed_f1",
        "Purity and wholeness in one number (B-cubed F1)",
        "The harmonic mean of B-cubed precision and recall.",
    ),
    _metric(
        "pairwise_f1",
        "True links found and links made that are true, in one number (pairwise F1)",
        "The harmonic mean of the pairwise precision and recall over all true links.",
        standard="pair_confusion_matrix",
    ),
    _metric(
        "merge_distance",
        "Splits and merges that would set the made entities right",
        "Steps from the made to the true entities: every made entity is split into what is one's own, and then the pieces are merged.",
        unit="splits and merges",
    ),
    _metric(
        "splits",
        "Splits: pieces to be cut off because several cases were mixed up",
        "For each made entity, the number of true entities in it less one; the sum.",
        unit="splits and merges",
    ),
    _metric(
        "merges",
        "Merges: pieces to be joined because a case was left in parts",
        "For each true entity, the number of made entities that it is spread over less one; the sum.",
        unit="splits and merges",
    ),
    _metric(
        "bcubed_precision" + INSIDE,
        "Purity, inside the pairs put forward (B-cubed precision)",
        "The same where only candidate pairs join records, truly and as made: what no chain of them could join is left out.",
    ),
    _metric(
        "bcubed_recall" + INSIDE,
        "Wholeness, inside the pairs put forward (B-cubed recall)",
        "The same where an entity counts as one only as far as a chain of its candidate pairs joins it.",
    ),
    _metric(
        "bcubed_f1" + INSIDE,
        "Purity and wholeness in one number, inside the pairs put forward (B-cubed F1)",
        "The harmonic mean of the two inside the candidate pairs.",
    ),
    _metric(
        "pairwise_precision" + INSIDE,
        "Links made that are true, of the pairs put forward",
        "Share of the candidate pairs that were linked which are true links.",
        standard="precision_score",
    ),
    _metric(
        "pairwise_recall" + INSIDE,
        "True links found, of the pairs put forward",
        "Share of the true links held by candidate pairs that were made; the links that no candidate pair holds are left out.",
        standard="recall_score",
    ),
    _metric(
        "pairwise_f1" + INSIDE,
        "Links found and true in one number, of the pairs put forward (pairwise F1)",
        "The harmonic mean of the two inside the candidate pairs.",
        standard="f1_score",
    ),
)
