"""The methods of the bounds, as the evidence names them, in plain sentences."""

from __future__ import annotations

_SENTENCES = (
    (
        "clopper-pearson",
        "The bound is exact: it is reckoned from counts, without the assumption that errors spread evenly around a middle.",
    ),
    ("delta(", "The bound is approximate: it is reckoned from how much the figure would change if single answers were different."),
    ("n_eff=kish", "What belongs together in a cluster tells less, so the bound is reckoned as if there were fewer, separate ones."),
    ("by_size=fay-feuer", "It holds also where large clusters come out worse, or better, than small ones."),
    ("linearised over clusters", "What belongs together in a cluster is taken together."),
    (
        "prevalence-shift",
        "The bounds of two shares, of the relevant ones and of the others, are put together for another share of relevant ones.",
    ),
    ("cost-ladder", "An average cost is put together from the bounds of each step of the costs."),
    ("holm first step", "Many pairs of groups were compared. A gap is announced only where it stands after that is allowed for."),
    ("an assumption", "How many reviewers recognise is assumed."),
    ("(declared)", "How many reviewers recognise is declared and was not measured."),
)
METHOD_TERMS = (
    (
        "clopper-pearson, one-sided, alpha",
        "The exact bound of a share from counts, by Clopper and Pearson (1934). One-sided: it is a bound in one direction. "
        "Alpha is how often such a bound may be wrong: 0.05 is 5 % of tests.",
    ),
    (
        "n_eff=kish",
        "The bound is reckoned with fewer {many}, because those of one cluster tell less; how many fewer is reckoned after Kish (1965). "
        "It is the number under “Worth (independent)”.",
    ),
    (
        "by_size=fay-feuer",
        "The bound holds also where large clusters come out worse, or better, than small ones: it is what Fay and Feuer (1997) do for a "
        "weighted sum of rare events, as if one more cluster, larger than most, had been seen. Where clusters are alike in size it "
        "changes nothing.",
    ),
    (
        "holm first step",
        "Who compares many pairs finds some difference by chance alone. So the bound that announces a gap is set wider, "
        "by as much as the first step of Holm (1979) asks.",
    ),
    (
        "difference-of-limits, ratio-of-limits, mover, mover-and-limits",
        "Ways to get the bounds of a gap between two groups from the bounds of each group.",
    ),
    ("delta", "An approximate bound, for figures that are put together from several counts. It describes and cannot decide."),
)
"""Entries of the glossary; `{many}` is what the task counts."""
CONDITION_TERMS = (
    (
        "prevalence-shift, limits of the limits",
        "The bound of a figure at another share of {relevant}: weighed from the bounds of what happens to these and to the others, each at "
        "its worst.",
    ),
)
"""Entries for methods that only a condition brings; `{relevant}` is what the task looks for."""


def in_words(method: str) -> str:
    """What a method does, for a reader who has never met it; empty where nothing is known of it."""
    text = " ".join(text for mark, text in _SENTENCES if mark in method)
    return text.replace("exact: it is ", "") if "n_eff=kish" in method else text  # of clusters nothing is exact
