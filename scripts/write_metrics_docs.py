"""Writes docs/metrics.md from the catalogue. `--check` writes nothing and fails when the page is not what it would write."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from metrics_docs_clusters import clusters
from metrics_docs_data import BANDS
from metrics_docs_forms import forms
from metrics_docs_here import copies_shown, here, here_of_context, here_of_copies, here_of_gaps, methods, notions, shown, unbroken
from metrics_docs_oversight import oversight

from evalharness.catalogue import Metric, TaskMetrics, copy_metrics, described_metrics, task_metrics
from evalharness.catalogue.ranking_described import ORDERS
from evalharness.catalogue.scores import BAND_METRICS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"

_OPENING = """\
# Metrics

<!-- Written by scripts/write_metrics_docs.py from evalharness/catalogue. Do not edit. -->

What each metric counts, over what, and whether a policy may require it, for each kind of decision (`task` in the policy). Names are
scikit-learn's or fairlearn's where those have one.
An item *without an answer* (missing, duplicate or unusable) is never left out silently: each definition says what it counts as.
Each section has an example of a few items, and *here* is what `evaluate` makes of them: the value and, in brackets, its lower and upper
bound, each 95 % sure by itself (of the two pairs that [clusters](#clusters) have, the one that decides; no brackets: no bounds). A test
runs every example, and reckons it anew with scikit-learn, fairlearn, scipy or plain Python (`tests/end_to_end/test_documented_metrics.py`).

*Metrics that decide* may be required by a policy: each has a confidence bound that simulation shows not to approve wrongly too often (see
[decision 1](decisions/0001-judge-on-bounds.md)). *Gaps* says whether differences (`max_difference`) and ratios (`min_ratio`) between groups
may be required too; those carry the metric's name with `_difference` and `_ratio` behind it.
*Metrics that only describe* are drawn with an interval, and a policy that requires one is refused, with the reason given here. It is a
delta interval on the logit scale (on the atanh scale for what can fall below 0), its variance linearised over the independent clusters;
with fewer than 20 of them, or where nothing varies, none is drawn, and the reason stands in its place. Sources of the formulas are named
in `evalharness/metrics/composites`.

"""
_EXAMPLE = ("none", "C", "B", "A")
_BINARY = """\
An item is relevant or not, and the classifier selects it or sets it aside: six outcomes, `{outcomes}`.
For the task `risk` an item is *relevant* when it is truly of the top band, and *selected* when it is placed in the top band.
"""
_ORDINAL = """\
An item has one of K rising levels and is given one: the outcomes are true by given level, and the items without an answer by true level.
An item without an answer counts as wrong wherever it could have been: as too low and as too high, where its true level leaves room for
both. The precision of a level alone leaves it out, as for the binary task. Levels have numbers in the names of metrics, 1 for the lowest:
of {levels}, `recall_level_4` is the recall of {top}. *Counted* shows what is counted there (`A as none` is a true A that is given none).
With two levels nothing can be two levels off, so those metrics do not exist.
"""
_RANKING = """\
Leads wait in daily queues, and in each queue those with the highest scores are selected, as many as the daily budget allows. A lead is
relevant or not, and selected or not: the six outcomes of the binary task. A lead without an answer takes no place.
"""
_LINKAGE = """\
Items are pairs of records: every true link of the split (also one that no candidate pair holds), every predicted link, and every other
candidate pair. A true link is *relevant*, a predicted one *selected*: the six outcomes of the binary task. Pairs that hang together by
true or predicted links count as one cluster.
"""
_BESIDE = (
    (
        "`noise_floor`",
        "the gap to be expected if all groups had the same rate; null where that is 0 or 1",
        "expectation of max - min over independent binomials at n_eff, with the rate of all groups together; 64 points, no random numbers",
    ),
    (
        "`detectable`",
        "the smallest gap that would be announced with probability .8, between the two groups that tell most",
        "the lower bound, corrected for all pairs, lies above 0 so often; one group has the common rate, the other is where room is",
    ),
    ("`detectable_smallest`", "the same between the two groups that tell least; null: no gap would be", "likewise"),
    (
        "`least_p`",
        "the smallest one-sided p that any outcome of groups of these sizes could give, times the pairs",
        "all of one group and none of the other are just told apart; above 1 - confidence nothing can ever be announced",
    ),
    ("`difference_to_overall`, `ratio_to_overall`", 'fairlearn\'s `method="to_overall"`: value, lower and upper bound', "see below"),
    (
        "`conflicts`",
        "two groups in which relevant items are surest to be differently frequent (binary and risk)",
        "lower bound of the difference of base rates, corrected for all pairs and attributes",
    ),
    (
        "`worst`",
        "of all cells of the deepest intersections the one that is surest to be worse off than everyone else; exploratory",
        "lower bound at (1 - confidence) over every cell and metric looked at; `standing_out` by Holm's step-down",
    ),
)
_GAPS = """
## Gaps between groups

For every attribute and every intersection up to the depth that the policy declares, each metric with *gaps* has a difference (largest
rate less smallest) and a ratio (smallest over largest), fairlearn's `method="between_groups"`. These may be required. The deciding bound
holds for every pair of groups, and is made from the limits of both: MOVER's, and never closer than what the limits give in three directions
([why](decisions/0030-the-bound-of-a-gap.md)); the opposite one is corrected for all pairs (Holm), so that a gap is not announced because
many were searched.

{here}
Notions of equality by the names of the field, each the worst gap of its metrics; they describe, and a policy requires the metric:

{notions}
Beside every comparison the evidence tells (`group_context`; it describes, and `verify` derives it again from the tallies):

{beside}
**To everybody.** Everybody contains the group, so the two are not independent. With w the group's part of the denominator,
p_group - p_all = (1 - w)(p_group - p_rest), and p_all / p_group = w + (1 - w) p_rest / p_group: the bounds are those of the group against
everyone else (MOVER on Clopper-Pearson limits; the limits themselves where clusters span groups), shrunk. They hold given the groups' parts
of the denominator.

**What cannot be equal at once.** In every group precision x selection rate = base rate x recall. Where base rates differ, selection rate,
recall and precision cannot all be equal, unless no relevant item is selected (Chouldechova 2017; Kleinberg, Mullainathan, Raghavan 2017).
The report says where that is so, with the numbers, and which of the three the policy judges.
"""
_MORE_TITLE = {
    "binary": "Measures of the scores, which only describe",
    "ranking": "Measures of the order, which only describe",
    "linkage": "Measures of whole entities and inside the candidates, which only describe",
}
_IN_EVIDENCE = (
    "They are in `described` of the evidence (tables in `curves`), not in the tallies: only `verify --replay` derives them again."
)
_MORE = {
    "binary": f"""{_IN_EVIDENCE}
They are there for everybody and for each group of one attribute (of groups without `discrimination` and `uncertainty`), of items with a
label and a score. For the task risk *relevant* is here the outcome of the report, 1 or 0, whatever its band.

* `roc_auc`: by counts at sorted distinct scores. Interval on the logit scale: DeLong's variance (DeLong, DeLong and Clarke-Pearson 1988),
  where items belong to clusters that of sums over clusters (Obuchowski 1997); none with fewer than 20 independent units of a class, or
  without variance. `average_precision` as in scikit-learn, without interpolation; its interval is linearised (infinitesimal jackknife) on
  the logit scale, over clusters where there are any, and drawn of exact scores only: not above 1,048,576 items, of groups not above
  262,144 in all.
* Whatever reads scores as chances is null where `score_range` is `any`. `brier_score` splits into miscalibration - discrimination +
  uncertainty by isotonic regression (Dimitriadis, Gneiting and Jordan 2021); an interval (of a mean, logit scale) only where items are
  independent. `calibration_in_the_large` and `calibration_slope`: logistic recalibration (Cox 1958; Van Calster et al. 2019), with a Wald
  interval only where items are independent; null where a score is exactly 0 or 1. `expected_calibration_error`: 15 bins of equal width,
  never without what it would be by chance (its exact mean were every score right; Roelofs et al. 2022 on its bias).
* With more than 2,048 distinct scores, what reads scores as chances uses that many steps of neighbouring scores, each at its mean; with
  more than 262,144 items groups are ordered by these steps too (and clustered ones have no interval); with more than 1,048,576 scores are
  rounded to 13 binary digits first. `method` says so.

Curves, for everybody: `reliability` (stretches of scores with their share of relevant items), `operating_points` (what each of at most 100
thresholds finds, misses, wrongly selects, how much is looked at, the largest difference in recall between the groups of each attribute, and
the cost in each unit; the threshold in use among them), `capacity` (what is found if only 1 to 50 % of the items can be looked at),
`decision_curve` (net benefit; Vickers and Elkin 2006) and `deployment` (precision, selected and missed a week at the declared volume, at
the share of relevant items measured here and at `planning.prevalence` where the policy states it; limits by MOVER on the deciding limits of
recall and false positive rate, if only that share differs).
""",
    "ranking": f"""{_IN_EVIDENCE}
Every measure is taken inside each daily queue. Leads of equal score count with the expectation over every order among them, exactly; leads
without an answer stand last, and in the curve `budgets` they are never looked at. Leads without a label take places and count as
irrelevant.
Each measure also has the ends `{"` and `".join(end for end in ORDERS if end)}`: the same leads by arrival, and what random
order gives on average.
A median is the smallest value that half of the (equally likely) places reach; a wait is the minutes of review work ahead in the day's list,
as the column `minutes` of the benchmark has it, at a place that several leads share the mean over the orders that have the lead there. The
curve `budgets` has recall and precision for budgets up to three times the policy's.
Days are the independent units: Woodruff's limits (1952) of a median, the linearised variance over days on the log or logit scale of a mean;
none below 20 days. For one attribute at a time, `median_rank`, `median_wait` and `median_wait_of_missed` are there by group of the lead.
Sources: Cohen et al. 2006 (WSS), scikit-learn (nDCG, average precision, without ties).
""",
    "linkage": f"""{_IN_EVIDENCE}
The made entities are the chains of made links, or the entities that the classifier names; a record without an answer stands alone. *Inside
the candidates* only candidate pairs join records: an entity is in parts where no chain of its own candidate pairs joins it. Measures of a
group are of the records of its entities (the group of an entity is that of its first record), with clusters left whole.
Entities are the independent units: they are drawn again with all their records, never pairs (seed and number in `method`), and the normal
limits on the logit or log scale use the variance of those draws; none below 20 entities.
Sources: Bagga and Baldwin 1998 and Amigo et al. 2009 (B-cubed), Menestrina, Whang and Garcia-Molina 2010 (merge distance).
""",
}
_BANDS = """\
Only the top band is judged; these look at all of them, for everybody and each group of one attribute. Shares have Clopper-Pearson limits
(at Kish's effective size where items belong to clusters), QWK the delta interval of the task ordinal. The curve `bands` has the counts.
"""
_TASKS = (
    ("Binary and risk", task_metrics("binary"), _BINARY.format(outcomes="`, `".join(task_metrics("binary").outcomes))),
    ("Ordinal", task_metrics("ordinal", _EXAMPLE), _ORDINAL.format(levels=" < ".join(_EXAMPLE), top=_EXAMPLE[-1])),
    ("Ranking", task_metrics("ranking"), _RANKING),
    ("Linkage", task_metrics("linkage"), _LINKAGE),
)


_COPIES = """\

## Items with something changed

A benchmark may have copies of some test items: *twins*, in which only what tells of a group is changed, and *disturbed* copies (noise,
missing values, signal hidden). `evaluate` answers them beside the items and compares each pair of decisions. Copies are in no other figure.

These metrics are about pairs, and need `under: KIND`, a kind of copy that the benchmark has.

{shown}
{table}
For ranking only the lead's own score is another, and all other leads of its day are as they are. Of linkage no copies are counted.
A pair without an answer on either side counts as changed, and against the classifier. Recall cannot drop by more than `newly_missed_rate`:
an upper bound of it is one of the drop.

Every metric of the task, and its gaps, may be asked with `under: KIND` too: then it is that metric over the copies of this kind.
Bounds are those of any proportion: Clopper-Pearson, at Kish's effective number of pairs where items come in clusters. The evidence has
the pairs in `tallies.copies` for everybody and every group of one attribute, and the copies by themselves in `tallies.others` where the
policy asks for them; `verify` derives the bounds again.
"""


def _copies() -> str:
    rows = []
    for task in ("binary", "ordinal"):
        of = copy_metrics(task)
        tasks = "binary, risk, ranking" if task == "binary" else task
        rows += [
            [f"`{metric.name}`", tasks, metric.definition, _formula(of, metric), unbroken(here_of_copies(of, metric)), metric.better]
            for metric in of.metrics.values()
        ]
    return _COPIES.format(shown=copies_shown(), table=_table(["metric", "tasks", "what it counts", "formula", "here", "better"], rows))


def page() -> str:
    """The whole page."""
    named = _table(["name", "metrics", "here: difference; ratio"], ([*line[:-1], unbroken(line[-1])] for line in notions()))
    beside = _table(["name", "what it is", "how", "here, of recall"], ([*line, unbroken(here_of_context(line[0]))] for line in _BESIDE))
    sections = "\n".join(_section(title, of, words) for title, of, words in _TASKS)
    gaps = _GAPS.format(here=here_of_gaps(), notions=named, beside=beside)
    return _OPENING + sections + clusters() + gaps + _copies() + oversight(_table, unbroken) + forms()


def _section(title: str, of: TaskMetrics, words: str) -> str:
    own = [metric for metric in of.metrics.values() if not metric.kind.startswith("oversight")]
    deciding = [metric for metric in own if metric.decides]
    describing = [metric for metric in own if not metric.decides]
    counted = "counted" if of.ordinal else "formula"
    parts = [f"## {title}\n\n{words}\n{shown(of.task)}\n"]
    parts += ["### Metrics that decide\n\n"] if describing else []
    heads = ["metric", "what it counts", counted, "here", "unit, better", "gaps", "elsewhere called"]
    parts += [_table(heads, (_deciding_row(of, metric) for metric in deciding)), methods(of.task, deciding), _conditions(deciding)]
    if describing:
        parts += ["\n### Metrics that only describe\n\n", _describing(of, describing)]
    if more := described_metrics(of.task):
        parts += [f"\n### {_MORE_TITLE[of.task]}\n\n{_MORE[of.task]}\n", _describing(of, more.values())]
    if of.task == "binary":
        bands = f"{_BANDS}\n{shown('risk')}\n"
        parts += [
            f"\n### All bands of the task risk, which only describe\n\n{bands}",
            _describing(task_metrics("ordinal", BANDS), BAND_METRICS, "risk"),
        ]
    return "".join(parts)


def _describing(of: TaskMetrics, metrics: Iterable[Metric], task: str = "") -> str:
    """The table, and below it why none of them can be required. The same measure of the other orders stands once, with theirs beside it."""
    own = [metric for metric in metrics if not metric.name.endswith(tuple(end for end in ORDERS if end))]
    heads = ["metric", "what it is", "here", "unit, better", "elsewhere called"]
    rows = ([f"`{one.name}`", one.definition, unbroken(here(of, one, task)), _unit(one), _elsewhere(one)] for one in own)
    made = _table(heads, rows) + methods(task or of.task, own)
    reasons: dict[str, list[str]] = {}
    for metric in own:
        reasons.setdefault(metric.why_not, []).append(f"`{metric.name}`")
    if len(reasons) == 1:
        return f"{made}\nWhy a policy cannot require any of them: {own[0].why_not}.\n"
    listed = "".join(f"* {', '.join(names)}: {why}.\n" for why, names in reasons.items())
    return f"{made}\nWhy a policy cannot require them:\n\n{listed}"


def _deciding_row(of: TaskMetrics, metric: Metric) -> list[str]:
    gaps = "yes" if metric.gaps else "no"
    counted = _cells(of, metric) if of.ordinal and metric.kind == "proportion" else _formula(of, metric)
    return [f"`{metric.name}`", metric.definition, counted, unbroken(here(of, metric)), _unit(metric), gaps, _elsewhere(metric)]


def _formula(of: TaskMetrics, metric: Metric) -> str:
    """Counted outcomes over the denominator's; `n` is every outcome."""
    above, below = _sum(of, metric.numerator), "n" if all(metric.denominator) else _sum(of, metric.denominator)
    written = {"cost": "sum of costs / n", "reciprocal": f"{below} / {above}", "scaled": f"{above} / {below} x declared constant"}
    written["complete"] = "(duplicate + invalid) / items of the run"
    return written.get(metric.kind, f"{above} / {below}")


def _sum(of: TaskMetrics, weights: tuple[int, ...]) -> str:
    names = [name for name, weight in zip(of.outcomes, weights, strict=True) if weight]
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


def _cells(of: TaskMetrics, metric: Metric) -> str:
    """True level as given levels that are counted, and the true levels of counted items without an answer, over the denominator."""
    size, weights = len(of.levels), metric.numerator
    found = []
    for rank, level in enumerate(of.levels):
        given = [other for other, weight in zip(of.levels, weights[rank * size : (rank + 1) * size], strict=True) if weight]
        found += [f"{level} as {', '.join(given)}"] if given else []
    refused = [level for level, weight in zip(of.levels, weights[size * size :], strict=True) if weight]
    found += [f"no answer {', '.join(refused)}"] if refused else []
    return f"({'; '.join(found)}) / {'n' if all(metric.denominator) else metric.denominator_name}"


def _unit(metric: Metric) -> str:
    """Unit, and which direction is better for the people concerned, if one is."""
    return metric.unit if metric.better == "either" else f"{metric.unit}, {metric.better}"


def _elsewhere(metric: Metric) -> str:
    return f"`{metric.fairlearn}`" if metric.fairlearn else ""


def _conditions(metrics: list[Metric]) -> str:
    """What else a policy must hold before it may require a metric; nothing where there is nothing."""
    lines = []
    for metric in metrics:
        needs = [f"an overall `at_most` on `{name}`" for name in metric.needs_ceiling_on]
        needs += ["`human_in_the_loop`"] * metric.needs_human
        if needs:
            lines.append(f"* `{metric.name}` needs {' and '.join(needs)}")
    return "\n".join(["\n### What the same policy must also hold\n", *lines, ""]) if lines else ""


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def write_or_check(path: Path, text: str, *, check: bool) -> int:
    """Writes `text`, or with `check` only compares: 0 when the page is up to date, else 1."""
    if not check:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(path.parent.parent)}")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path.relative_to(path.parent.parent)} is out of date: run `make docs`")
    return 1


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), check="--check" in sys.argv[1:]))
