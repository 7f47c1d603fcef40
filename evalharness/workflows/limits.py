"""Sentences about what was not, or could not be, measured, and about answers that look wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evalharness.catalogue import EVERY_METRIC
from evalharness.evidence.limits import NO_CARD, SUPPLIED
from evalharness.predictions import Accounting
from evalharness.records import BenchmarkInfo, Card, Caution, CheckedClaim, Policy, Requirement
from evalharness.report.by_task import NOUNS
from evalharness.requirements.task_checks import ABOUT_TWO_CLASSES, WITH_COSTS
from evalharness.tally import ScoreSummary

_WORSE = {
    "binary": "Of the items it answered, the classifier selects irrelevant ones more often than relevant ones",
    "ranking": "Of the leads it answered, the classifier selects irrelevant ones more often than relevant ones",
    "linkage": "Of the pairs it answered, the classifier links those that do not belong together more often than those that do",
    "risk": "Of the reports it answered, the classifier places the others in the top band more often than those that belong there",
}
"""What is said of a classifier that does the contrary of what it should; no levels are chosen by lot."""
_ALIKE = {
    "binary": (
        "Every item that it answered is selected: the classifier does not tell items apart.",
        "No item is selected: the classifier finds nothing.",
    ),
    "linkage": (
        "Every pair that it answered is linked: of these the classifier tells none apart.",
        "No pair is linked: the classifier finds no link.",
    ),
    "risk": (
        "Every report that it answered is placed in the top band: the classifier tells none apart.",
        "No report is placed in the top band: the classifier finds none of those that belong there.",
    ),
}
"""What is said where all answers are yes, and where none is; of a ranking its budget decides how many are."""
_CLUSTER = {"binary": "one case, one conversation"}
_NONE_OF_THE_LARGE = (
    "Where a few {many} are far larger than the rest, and fewer than some 30 are seen or fewer than one in twenty is so large, the test "
    "may hold too few of those: then the truth can be worse than the bounds."
)
_WRONG = {"ordinal": "graded wrongly", "risk": "placed wrongly"}
"""What happens to what counts against the classifier."""
_RELEVANT = "relevant {many} tend to score lower than irrelevant ones"
_REVERSED = {
    "linkage": "true links tend to score lower than pairs that are not links",
    "risk": "reports of the top band tend to score lower than the others",
}
"""What scores do that are the wrong way round."""
_TAKEN = {"binary": "flagged", "linkage": "linked"}
"""What a score that reaches the threshold does."""


def limits_of(
    policy: Policy, card: Card, benchmark: BenchmarkInfo, accounting: Accounting, *, lowered: str, unlabelled: int, has_truth: bool
) -> tuple[str, ...]:
    """What page one and the annex list as not known, in a fixed order."""
    found = [
        lowered,
        *_of_benchmark(policy, benchmark, unlabelled, has_truth),
        *_of_people(policy),
        *_of_model(card, accounting, NOUNS[policy.task][0]),
    ]
    return tuple(sentence for sentence in found if sentence)


def _of_benchmark(policy: Policy, benchmark: BenchmarkInfo, unlabelled: int, has_truth: bool) -> Iterable[str]:
    one, many = NOUNS[policy.task]
    if benchmark.synthetic:
        yield f"Every {one} is synthetic. The figures describe the recipe that made them, not any real stream of {many}."
    if policy.benchmark != benchmark.name:
        yield (
            f"The policy asks for the benchmark '{policy.benchmark}'; this run used '{benchmark.name}'. "
            "It can never be signed for this policy."
        )
    if benchmark.weighted:
        yield (
            f"{many.capitalize()} were drawn into the sample with different chances. Every figure and bound is for what they were drawn "
            "from, by the chances that the benchmark states; counts are of the sample. If those chances are wrong, so are the figures; "
            "of a kind of which none was drawn nothing is known."
        )
    if unlabelled and policy.task == "risk":
        yield f"Of {unlabelled:,} reports of the judged split nothing says to which band they truly belong. They are in no count."
    elif unlabelled:
        yield f"{unlabelled:,} rows of the judged split have no label. They are in no count."
    if policy.task == "linkage":
        yield (
            "Links that hang together through shared records are taken to fail together, large groups of records perhaps more often than "
            f"small ones: the bounds allow for both. {_NONE_OF_THE_LARGE.format(many='such groups')}"
        )
    elif not benchmark.clustered:
        yield "No clusters are declared: rows are taken as independent. If several rows belong to one case, every bound is too tight."
    else:
        wrong = _WRONG.get(policy.task, "missed")
        yield (
            f"{many.capitalize()} of one cluster ({_CLUSTER.get(policy.task, 'one case')}) are taken to fail together, and those of large "
            f"clusters may be {wrong} more often than those of small ones: the bounds allow for both. "
            f"{_NONE_OF_THE_LARGE.format(many='clusters')}"
        )
    if not benchmark.attributes:
        yield "No protected attribute is in the benchmark: nothing is known about groups."
    if not has_truth:
        yield f"The best attainable result on these {many} is not known, because the true probability of each {one} is not known."
    if "clusters" in policy.document:
        yield (
            "The policy declares a correlation within clusters. It is recorded but not used: until that rule is shown admissible, "
            f"{many} of one cluster count as one (correlation taken as 1)."
        )


def _of_people(policy: Policy) -> Iterable[str]:
    yield "Nobody has measured the people: reviewers' errors, their trust in the model, their workload and what it does to them."
    if policy.human_in_the_loop is None and policy.task in ABOUT_TWO_CLASSES:
        yield "The policy declares no review time and no volume, so nothing is said per week."
    if policy.costs is None and policy.task in WITH_COSTS:
        yield "The policy states no costs of errors."


def _of_model(card: Card, accounting: Accounting, one: str) -> Iterable[str]:
    if card.path is None:
        yield f"{NO_CARD}: who made it, from what and for what is not stated. Without a card nothing can be signed."
    if card.adapter == "predictions":
        yield f"{SUPPLIED}: nothing here shows that the model named made them, or how often it was tried."
    if accounting.extra or accounting.other_split:
        yield (
            f"{accounting.extra + accounting.other_split:,} rows of the predictions belong to no {one} of the judged split "
            f"({accounting.other_split:,} to another split, {accounting.extra:,} to no {one}) and were left aside."
        )


def _cannot_fail(requirement: Requirement) -> bool:
    metric = EVERY_METRIC[requirement.metric]
    bounded = metric.unit == "proportion"
    signed = metric.kind == "oversight_difference"  # it may lie below 0
    return (
        (requirement.comparison in ("at_least", "min_ratio") and requirement.bound <= 0 and not signed)
        or (requirement.comparison == "at_most" and bounded and requirement.bound >= 1)
        or (requirement.comparison == "max_difference" and requirement.bound >= 1)
    )


def without_force(policy: Policy) -> tuple[Caution, ...]:
    """A warning for every requirement whose bound asks for nothing."""
    return tuple(
        Caution(kind="cannot_fail", text=f"The requirement '{r.id}' can never fail: whatever is measured meets it.")
        for r in policy.requirements
        if _cannot_fail(r)
    )


def cautions_of(policy: Policy, summary: ScoreSummary | None, overall: Sequence[int], levels: Sequence[str] = ()) -> tuple[Caution, ...]:
    """Warnings for page one about requirements, scores and decisions that look wrong. `overall`: the counts of everybody.

    levels: those of an ordinal task.
    """
    found = list(without_force(policy))
    if summary is not None and summary.scored:
        found += _of_scores(summary, policy)
    if summary is None or not summary.constant:  # else the scores are why the answers are alike
        found += _alike(policy, summary, overall, levels)
    worse = _WORSE.get(policy.task)
    if worse is not None:
        tp, fp, fn, tn = overall[:4]
        if tp * (fp + tn) < fp * (tp + fn):
            found.append(Caution(kind="worse_than_lots", text=f"{worse}: worse than drawing lots."))
    return tuple(found)


def _alike(policy: Policy, summary: ScoreSummary | None, overall: Sequence[int], levels: Sequence[str]) -> Iterable[Caution]:
    """A warning where two items or more were answered, and all of them alike."""
    if policy.task == "ordinal":
        given = [sum(overall[level : len(levels) ** 2 : len(levels)]) for level in range(len(levels))]
        if sum(given) > 1 and max(given) == sum(given):
            level = levels[given.index(max(given))]
            text = f"Every item that it answered gets the same level, “{level}”: the classifier grades nothing."
            yield Caution(kind="constant_answers", text=text)
        return
    tp, fp, fn, tn = overall[:4]
    if policy.task not in _ALIKE or tp + fp + fn + tn < 2:
        return
    every, none = _ALIKE[policy.task]
    threshold = policy.operating_point.threshold
    reached = summary is not None and summary.minimum is not None and threshold is not None and summary.minimum >= threshold
    if reached or not fn + tn:  # true links that no candidate pair holds are missed by whoever links every candidate
        yield Caution(kind="constant_answers", text=every)
    elif not tp + fp:
        yield Caution(kind="constant_answers", text=none)


def unknown_bands(task: str, overall: Sequence[int]) -> Iterable[Caution]:
    """A warning where no report of a risk task was judged, because nothing says where one belongs. `overall`: the counts of everybody."""
    if task == "risk" and not any(overall):
        text = (
            "Nothing says to which band any report of this test set truly belongs, so nothing could be checked. The benchmark needs a "
            "`band` column; where only the outcome is known, judge it as a benchmark of the task binary."
        )
        yield Caution(kind="bands_unknown", text=text)


def unusable_answers(policy: Policy, levels: Sequence[str], account: Accounting) -> Iterable[Caution]:
    """A warning where more than half of the answers cannot be used (a column of the wrong form, rather than a classifier that fails), or
    where more than half of the items got none."""
    given = account.answered + account.invalid
    if 2 * account.invalid <= given:
        asked = given + account.missing + account.duplicate
        if 2 * account.answered < asked:
            none, many = asked - account.answered, NOUNS[policy.task][1]
            yield Caution(kind="unusable_answers", text=f"{none:,} of the {asked:,} {many} have no answer, and count as errors.")
        return
    score, label = "a finite number as `score`, from 0 to 1 unless the card says otherwise", f"a `label` of {', '.join(levels) or '0, 1'}"
    by_label, by_score = policy.operating_point.rule in {"label", "top_band"}, policy.operating_point.rule != "label"
    form = " and ".join(text for text, wanted in ((score, by_score), (label, by_label)) if wanted)
    text = (
        f"{account.invalid:,} of the {given:,} answers cannot be used and count as no answer; expected is {form}. "
        "It looks as if the answers were written in another form."
    )
    yield Caution(kind="unusable_answers", text=text)


_CLAIMED = {"matthews_corrcoef": "Matthews correlation", "f1": "F1"}
"""Names of figures that do not read as words."""


def claim_cautions(claims: Iterable[CheckedClaim]) -> Iterable[Caution]:
    """Warnings where the card claims what cannot be, or better than what was measured here."""
    for checked in claims:
        if checked.impossible:
            text = f"The supplier's figures in “{checked.claim.source}” cannot be true together: {checked.impossible[0]}."
            yield Caution(kind="impossible_claim", text=text)
        names = [_CLAIMED.get(m.metric, m.metric.replace("_", " ")) for m in checked.measured if m.better_than_measured]
        if names:
            text = f"The supplier claims better than was measured here, in “{checked.claim.source}”: {', '.join(names)}."
            yield Caution(kind="claim_above_measured", text=text)


def _of_scores(summary: ScoreSummary, policy: Policy) -> Iterable[Caution]:
    threshold, many = policy.operating_point.threshold, NOUNS[policy.task][1]
    if summary.constant:
        yield Caution(kind="constant_scores", text=f"Every score is the same: the model does not tell {many} apart.")
    elif summary.worse_than_chance:
        text = (
            f"The scores rank {many} worse than chance: {_REVERSED.get(policy.task, _RELEVANT.format(many=many))}. "
            "The scores may be reversed, or belong to the other class."
        )
        yield Caution(kind="reversed_scores", text=text)
    if summary.tied_at_threshold and threshold is not None:
        taken, tied = _TAKEN.get(policy.task, "selected"), summary.tied_at_threshold
        told = (f"One of the {many} scores", "it counts", "it") if tied == 1 else (f"{tied:,} {many} score", "they count", "all of them")
        text = (
            f"{told[0]} exactly at the threshold {threshold:g}; {told[1]} as {taken}. "
            f"A tiny change of the scores or the threshold would move {told[2]}."
        )
        yield Caution(kind="tied_scores", text=text)
