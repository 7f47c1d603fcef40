"""The section of docs/metrics.md about what a requirement may ask: every form with an example that a test runs through `evaluate`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form."""

    title: str
    words: str
    example: str
    """YAML: keys of a policy. A comment names the shipped policy that they fit."""


_INTRO = """
## Requirement forms

A requirement names a metric that decides, one comparison, and perhaps groups and one condition. Every example below is run by a test
(`tests/end_to_end/test_documented_forms.py`). Outcomes are always those of [decision 1](decisions/0001-judge-on-bounds.md): *met* when the
bound that decides reaches the goal, *not met* when the opposite bound lies strictly beyond it, else *not demonstrated*; *not evaluable*
where the quantity cannot be computed, or nobody counted it. Four perfect rows meet no goal stricter than the exact bound of four rows.
The same metric under a condition and without one never answer one another; a policy's ceilings (`no_answer_rate`, `review_rate`) hold only
without a condition.

"""
_FORMS = (
    Form(
        title="`at_least`, `at_most`",
        words="Deciding: the one-sided lower, or upper, Clopper-Pearson bound at the policy's confidence; of clusters that of `by_size`.",
        example="""\
# message-triage
requirements:
  - {id: found, metric: recall, at_least: 0.9}
  - {id: alarms, metric: false_positive_rate, at_most: 0.2}
""",
    ),
    Form(
        title="`for_each`: every group by itself",
        words="One finding for each level of an attribute, or cell of an intersection (a nested list). No correction: all must be shown.",
        example="""\
# message-triage
requirements:
  - {id: found-everyone, metric: recall, at_least: 0.8, for_each: [sex, [sex, ethnicity]]}
""",
    ),
    Form(
        title="`max_difference`, `min_ratio` with `between`: gaps between groups",
        words="The bound of every ordered pair of groups must clear the goal; see [Gaps between groups](#gaps-between-groups).",
        example="""\
# message-triage
requirements:
  - {id: gap, metric: recall, max_difference: 0.3, between: sex}
  - {id: ratio, metric: recall, min_ratio: 0.6, between: sex}
""",
    ),
    Form(
        title="Expected cost in one unit",
        words="An upper bound of a mean, by a ladder of exact bounds over the distinct costs of `costs`.",
        example="""\
# message-triage
requirements:
  - {id: minutes, metric: expected_cost, unit: officer_minutes, at_most: 1.5}
""",
    ),
    Form(
        title="Per class",
        words="Levels of an ordinal task have metrics of their own, numbered from the lowest.",
        example="""\
# severity-grading
requirements:
  - {id: found-of-level-3, metric: recall_level_3, at_least: 0.3}
""",
    ),
    Form(
        title="`prevalence`: where the classifier will be used",
        words="""\
A share that depends on how many items are relevant (precision, false discovery rate, NPV, elusion, selection, review, set-aside and
no-answer rate, accuracy), at the share of relevant items of the place of use. With a and b the rates of relevant and of irrelevant items
and p the prevalence: p a + (1 - p) b, or p a / (p a + (1 - p) b) (Bayes). The bound puts in the Clopper-Pearson limits of both rates, each
at the confidence asked. That never approves wrongly in more than 5 % (exact enumeration; clusters that hold both classes by simulation);
MOVER does so in up to 7.5 % where a class is small, so it only describes (`deployment`). It holds if within each class answers and the mix
of groups are there as they are here: the method and the report say so. Binary and risk; with `at_least`, `at_most`, and `for_each`.
[`plan`](plan.md#how-it-is-computed) says how many items of both classes show it.""",
        example="""\
# message-triage
requirements:
  - {id: worth-in-use, metric: precision, at_least: 0.05, prevalence: 0.01, for_each: [sex]}
  - {id: missed-in-use, metric: elusion, at_most: 0.01, prevalence: 0.01}
  - {id: workload-in-use, metric: selection_rate, at_most: 0.3, prevalence: 0.01}
""",
    ),
    Form(
        title="`budget_per_day`: at another daily budget",
        words="""\
Ranking: `recall_at_budget` and `precision_at_budget` as if so many leads a day were worked. The same leads and scores; the counts are in
`tallies.others` of the evidence. The operating point's own budget needs no such key.""",
        example="""\
# lead-priority
requirements:
  - {id: found-of-twice, metric: recall_at_budget, at_least: 0.1, budget_per_day: 60, for_each: [sex]}
""",
    ),
    Form(
        title="`relative_to` with `margin`: not worse than another model",
        words="""\
`references` names cards of the workspace: `incumbent`, the model in use, and `baseline`, any other; `digest` fixes the artefact, and a run
under a lock needs it. `evaluate` runs that model on the same items. The value is the difference of the shares decided wrongly; *met* when
the exact bound of the share that may be lost (right by the other model, or unanswered by it, and wrong by this one) is at most the margin;
what is gained elsewhere is not set against it. For shares whose denominator the truth alone decides: recall, false positive rate and
accuracy; for grades exact agreement, under- and over-grading and critical miss; recall at budget; pairwise recall. Which model it was, with
the digests of artefact and card, and who was right where, stand in `tallies.beside`. Page one names it, and warns of a margin from 0.1 on.
`relative_to: human` needs no reference: it is one person (`rater_1`) of those who labelled the benchmark's items without the model, and
both are held against the clean label, which a recipe knows. Where a benchmark has no such people, or items are not decided one by one, it
is not evaluable. `best_possible` is refused: it is an expectation over the true chances, not decisions on these items.""",
        example="""\
# message-triage
references:
  incumbent: {model: triage-narrow}
requirements:
  - {id: not-worse, metric: recall, relative_to: incumbent, margin: 0.2, for_each: [sex]}
  - {id: as-people, metric: recall, relative_to: human, margin: 0.1}
""",
    ),
    Form(
        title="`equals`: complete counts only",
        words="""\
For what is fixed by design and counted over the whole run, without a sample: there is no bound, so it is met when it is exactly so, else
not met. The one such metric is `unusable_answer_rate` (answers that stand there twice or cannot be read), and it may only be required to
be 0. Anything measured on a sample is refused with `equals`.""",
        example="""\
# message-triage
requirements:
  - {id: usable, metric: unusable_answer_rate, equals: 0}
""",
    ),
    Form(
        title="`under`: items with something changed",
        words="Over the copies of one kind that the benchmark has; see [Items with something changed](#items-with-something-changed).",
        example="""\
# message-triage
requirements:
  - {id: found-under-noise, metric: recall, at_least: 0.3, under: obfuscation}
""",
    ),
    Form(
        title="`over_range`: at every plausible setting of the recipe",
        words="Judged by `evaluate --stress`; a single run is at one setting, so there it is not evaluable.",
        example="""\
# message-triage
requirements:
  - {id: found-over-range, metric: recall, at_least: 0.5, over_range: true}
""",
    ),
)


def forms() -> str:
    """The section."""
    return _INTRO + "\n".join(f"### {form.title}\n\n{form.words}\n\n```yaml\n{form.example}```\n" for form in _FORMS)
