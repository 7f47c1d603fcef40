"""How the metrics of a review log read in a sentence, in every task."""

from __future__ import annotations

from evalharness.report.phrases import Phrase

REVIEW_PHRASES: dict[str, Phrase] = {
    "reader_recall": Phrase(
        of="{} of the relevant items that reviewers read with the answer are recognised",
        must="{} of the relevant items that reviewers read with the answer must be recognised",
        share="the share of the relevant items that reviewers read with the answer that are recognised",
        was="were recognised",
    ),
    "reader_specificity": Phrase(
        of="{} of the other items that reviewers read with the answer are recognised",
        must="{} of the other items that reviewers read with the answer must be recognised",
        share="the share of the other items that reviewers read with the answer that are recognised",
        was="were recognised",
    ),
    "blind_reader_recall": Phrase(
        of="{} of the relevant items that reviewers read without the answer are recognised",
        must="{} of the relevant items that reviewers read without the answer must be recognised",
        share="the share of the relevant items that reviewers read without the answer that are recognised",
        was="were recognised",
    ),
    "blind_reader_specificity": Phrase(
        of="{} of the other items that reviewers read without the answer are recognised",
        must="{} of the other items that reviewers read without the answer must be recognised",
        share="the share of the other items that reviewers read without the answer that are recognised",
        was="were recognised",
    ),
    "wrong_when_model_wrong": Phrase(
        of="{} of the readings with a wrong answer shown are wrong",
        must="{} of the readings with a wrong answer shown may be wrong",
        share="the share of the readings with a wrong answer shown that are wrong",
        was="were wrong",
    ),
    "wrong_when_model_right": Phrase(
        of="{} of the readings with a right answer shown are wrong",
        must="{} of the readings with a right answer shown may be wrong",
        share="the share of the readings with a right answer shown that are wrong",
        was="were wrong",
    ),
    "blind_wrong_when_model_wrong": Phrase(
        of="{} of the readings without the answer, where it is wrong, are wrong",
        must="{} of the readings without the answer, where it is wrong, may be wrong",
        share="the share of the readings without the answer, where it is wrong, that are wrong",
        was="were wrong",
    ),
    "dismissal_rate": Phrase(
        of="{} of the finds of the classifier that are read are dismissed",
        must="{} of the finds of the classifier that are read may be dismissed",
        share="the share of the finds of the classifier that are read that are dismissed",
        was="were dismissed",
    ),
    "commission_rate": Phrase(
        of="{} of the false alarms that are read are confirmed",
        must="{} of the false alarms that are read may be confirmed",
        share="the share of the false alarms that are read that are confirmed",
        was="were confirmed",
    ),
    "omission_rate": Phrase(
        of="{} of the misses that are read are confirmed",
        must="{} of the misses that are read may be confirmed",
        share="the share of the misses that are read that are confirmed",
        was="were confirmed",
    ),
    "seeded_detection": Phrase(
        of="{} of the errors seeded on purpose are caught by reviewers",
        must="{} of the errors seeded on purpose must be caught by reviewers",
        share="the share of the errors seeded on purpose that are caught by reviewers",
        was="were caught",
    ),
    "double_reading_disagreement": Phrase(
        of="{} of the items read twice are decided differently by the two",
        must="{} of the items read twice may be decided differently by the two",
        share="the share of the items read twice that are decided differently by the two",
        was="were decided differently",
    ),
    "third_reading_rate": Phrase(
        of="{} of the items read twice need a third reviewer",
        must="{} of the items read twice may need a third reviewer",
        share="the share of the items read twice that need a third reviewer",
        was="needed a third reviewer",
    ),
    "joint_miss": Phrase(
        of="{} of the relevant items read twice are missed by both",
        must="{} of the relevant items read twice may be missed by both",
        share="the share of the relevant items read twice that are missed by both",
        was="were missed by both",
    ),
    "automation_bias": Phrase(
        of="the share of readings that are wrong rises by {} when a wrong answer is shown",
        must="the share of readings that are wrong may rise by {} when a wrong answer is shown",
        share="how much more often reviewers are wrong for having seen a wrong answer",
    ),
    "augmentation": Phrase(
        of="the share of readings that are right rises by {} when the answer is shown",
        must="the share of readings that are right must rise by {} when the answer is shown",
        share="what reviewers gain by the classifier",
    ),
    "synergy": Phrase(
        of="the share that is decided rightly is higher by {} for both together than for the better of the two",
        must="the share that is decided rightly must be higher by {} for both together than for the better of the two",
        share="what both together gain over the better of the two",
    ),
}
