"""A supplier's figures against arithmetic (requirement catalogue H31) and against what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evalharness.catalogue import Metric
from evalharness.records import CheckedClaim, Estimate, MeasuredClaim, SupplierClaim
from evalharness.stats.claimed import (
    FIGURES,
    Span,
    f1_of,
    highest_mcc,
    implied_prevalence,
    prevalence_of_accuracy,
    span_of,
    tables_fit,
)

_COMPLEMENTS = {
    "recall": "false_negative_rate",
    "specificity": "false_positive_rate",
    "precision": "false_discovery_rate",
    "negative_predictive_value": "elusion",
}
_MISSING = "how many items were tested, and how many of them were relevant, is not stated, so whole numbers could not be tried"
_TOO_MANY = "so many items were tested that not every table of whole numbers could be tried"

Spans = Mapping[str, Span]


def check_claim(claim: SupplierClaim, estimates: Iterable[Estimate], metrics: Mapping[str, Metric]) -> CheckedClaim:
    """Both checks of one claim. estimates: those of this run; those of everybody, as it stands, are compared. metrics: the task's.

    Nothing is called impossible that some test could have given: every figure stands for all numbers that round to it.
    """
    spans = {name: span_of(value, decimals) for name, value, decimals in claim.values}
    impossible = tuple(_impossible(spans, _stated_prevalence(claim, spans)))
    fits = None if impossible else _fit(claim, spans)
    if fits is False:
        impossible = (f"no whole numbers of hits and false alarms among {_tested(claim)} give all of these figures",)
    unchecked = "" if impossible or fits else _MISSING if claim.items is None or claim.relevant is None else _TOO_MANY
    overall = {e.metric: e for e in estimates if not (e.group or e.between or e.unit or e.condition)}
    return CheckedClaim(claim=claim, impossible=impossible, unchecked=unchecked, measured=tuple(_measured(spans, claim, overall, metrics)))


def _impossible(spans: Spans, prevalence: Span | None) -> Iterator[str]:
    known = dict(spans)
    for name, other in _COMPLEMENTS.items():
        if other in spans:
            turned = 1 - spans[other][1], 1 - spans[other][0]
            if name in spans and not _meet(spans[name], turned):
                yield f"{_words(name)} and {_words(other)} do not add up to 1"
            known.setdefault(name, turned)
    if {"precision", "recall", "matthews_corrcoef"} <= known.keys():
        ceiling = highest_mcc(known["precision"], known["recall"])
        if known["matthews_corrcoef"][0] > ceiling + 1e-9:
            yield (f"a Matthews correlation cannot be above the square root of precision times recall, which is {ceiling:.4g} at the most")
    if {"precision", "recall", "f1"} <= known.keys() and not _meet(known["f1"], f1_of(known["precision"], known["recall"])):
        low, high = f1_of(known["precision"], known["recall"])
        yield f"F1 follows from precision and recall, which give {low:.4g} to {high:.4g}"
    if {"recall", "specificity"} <= known.keys():
        yield from _of_two_rates(known)
    yield from _of_prevalence(known, prevalence)


def _of_two_rates(known: Spans) -> Iterator[str]:
    (r0, r1), (s0, s1) = known["recall"], known["specificity"]
    for name, low, high in (("balanced_accuracy", (r0 + s0) / 2, (r1 + s1) / 2), ("youden", r0 + s0 - 1, r1 + s1 - 1)):
        if name in known and not _meet(known[name], (low - 1e-12, high + 1e-12)):
            yield f"{_words(name)} follows from recall and specificity, which give {low:.4g} to {high:.4g}"


def _of_prevalence(known: Spans, stated: Span | None) -> Iterator[str]:
    implied: list[tuple[str, Span]] = [] if stated is None else [("the numbers stated", stated)]
    if {"precision", "recall", "specificity"} <= known.keys():
        alarms = 1 - known["specificity"][1], 1 - known["specificity"][0]
        found = implied_prevalence(known["precision"], known["recall"], alarms)
        if found is None or found[1] <= 0 or found[0] >= 1:
            yield "precision, recall and the false alarms could belong together only if no item, or every item, were relevant"
        else:
            implied.append(("precision, recall and the false alarms", found))
    if {"accuracy", "recall", "specificity"} <= known.keys():
        found = prevalence_of_accuracy(known["accuracy"], known["recall"], known["specificity"])
        if found is None:
            yield "accuracy must lie between recall and specificity"
        else:
            implied.append(("accuracy, recall and specificity", found))
    for position, (first, one) in enumerate(implied):
        for second, other in implied[position + 1 :]:
            if not _meet(one, other):
                yield f"by {first}, {_range(one)} of the items were relevant; by {second}, {_range(other)}"


def _stated_prevalence(claim: SupplierClaim, spans: Spans) -> Span | None:
    found = spans.get("prevalence")
    if claim.items and claim.relevant is not None:
        share = claim.relevant / claim.items
        return share - 1e-12, share + 1e-12
    if claim.items and found is None and {"recall", "specificity"} <= spans.keys():  # each class has an item at least
        return 1 / claim.items - 1e-12, 1 - 1 / claim.items + 1e-12
    return found


def _fit(claim: SupplierClaim, spans: Spans) -> bool | None:
    if claim.items is None or claim.relevant is None:
        return None
    figures = {name: span for name, span in spans.items() if name in FIGURES}
    return tables_fit(figures, claim.relevant, claim.items - claim.relevant)


def _measured(
    spans: Spans, claim: SupplierClaim, overall: Mapping[str, Estimate], metrics: Mapping[str, Metric]
) -> Iterator[MeasuredClaim]:
    for name, value, _ in claim.values:
        estimate, metric = overall.get(name), metrics.get(name)
        if estimate is None or metric is None or estimate.value is None:
            continue
        (low, high), (least, most) = spans[name], estimate.bounds
        above = metric.better == "higher" and most is not None and low > most
        below = metric.better == "lower" and least is not None and high < least
        yield MeasuredClaim(
            metric=name, claimed=value, value=estimate.value, lower=least, upper=most,
            better_than_measured=above or below,
        )  # fmt: skip


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _tested(claim: SupplierClaim) -> str:
    return f"{claim.relevant:,} relevant items of {claim.items:,}"


def _range(span: Span) -> str:
    low, high = (f"{100 * min(max(end, 0.0), 1.0):.3g} %" for end in span)
    return low if low == high else f"{low} to {high}"


def _words(name: str) -> str:
    return name.replace("_", " ")
