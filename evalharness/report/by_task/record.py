"""What differs between the tasks in the words of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evalharness.catalogue import Metric
from evalharness.report.phrases import Phrase

NOUNS = {
    "binary": ("item", "items"),
    "ordinal": ("item", "items"),
    "ranking": ("lead", "leads"),
    "linkage": ("pair", "pairs of records"),
    "risk": ("report", "reports"),
}
"""What a task is about: one, and many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of daily work, by the stem of its name in the evidence."""

    stem: str
    name: str
    without: str = ""
    """What is added to the name where some got no answer."""
    among: str = ""
    """A metric that says the same of those that it can happen to, in groups too; empty: none does."""
    among_name: str = ""
    """`relevant ones`: stands behind the name with what `among` is, where there is no line of its own for that and all were answered."""
    asked: tuple[str, ...] = ()
    """Metrics that ask the same of groups: where the policy does, the group that is worst off stands beside everybody."""
    own: str = ""
    """Name of a line of its own for `among` and its worst group; empty: the figure's own line is about the same share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellWords:
    """Names of what is counted, for what is relevant or not and selected or not."""

    heading: str
    """`The item is`."""
    positive: str
    negative: str
    selected: str
    set_aside: str
    refused: str
    """How what got no answer is counted, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestWords:
    """How the best possible classifier is spoken of."""

    reaches: Mapping[str, str]
    """By metric: `With as many false alarms, ‹it› would find {}.`; `{}` is what it reaches."""
    intro: str
    caption: str
    columns: tuple[str, ...]
    above: str = "by luck"
    """How a classifier can be above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWords:
    """The words of one task. Marks such as `‹top›` in them stand for `names`, which come from the evidence."""

    task: str
    metrics: Mapping[str, Metric]
    """What the task counts."""
    title: str
    """The question of page one; `{}` is the classifier."""
    key: str
    """The words that page one uses, explained."""
    decides: str
    """The operating point as a sentence."""
    bound_to: str
    """What an approval holds for: `classifier, threshold, test data and policy`."""
    people: str
    """What is assumed of the people, and that nobody has measured it."""
    caught: bool
    """Whether page one says what is found if reviewers catch 7, or 9, in 10."""
    per: str
    """Head of the figures of daily work: `In 1,000 items of any kind`."""
    figures: tuple[Figure, ...]
    control: str
    """The first control question: what the first of `figures` is, in 1,000."""
    answered: str
    """The same as the name of the answer."""
    untold: str = ""
    """What the checks of this task leave out, for page one; mostly empty."""
    work: str
    """What happens to those that are selected, and to the rest; for the figures of daily work."""
    work_refused: str
    """The same where some got no answer; `{}` is how many in 1,000."""
    refused: str
    """How those without an answer count, in the checks and in the table of page one."""
    nothing: str
    """What a classifier does that answers everything alike: `the classifier flags every item that it answers: it sorts nothing`."""
    reversed: str
    """What a classifier does whose scores are the wrong way round."""
    phrases: Mapping[str, Phrase]
    besides: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Metric -> stem of a figure of daily work and a sentence with it, for a share of everything that hides what it can happen to."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Where they are other than the catalogue's."""
    denominators: Mapping[str, str] = field(default_factory=dict)
    """The catalogue's word for what is counted -> the report's."""
    cells: CellWords | None = None
    """Null where levels are counted."""
    best: BestWords
    group_counts: tuple[tuple[str, str], ...]
    """Columns of the tables of groups that say how many there are: title, and the metric whose denominator it is."""
    group_metrics: tuple[str, ...]
    """Columns of the tables of groups."""
    terms: tuple[tuple[str, str], ...]
    """Entries of the glossary that other tasks do not have."""
    cluster: str
    """What a cluster is, for the glossary."""
    large: str
    """Large ones, with an example: `large clusters (such as long conversations)`."""
    nobody: str
    """What a group may have none of: `relevant item`."""
    reversed_scores: str
    """What scores that are worse than chance do: `irrelevant items tend to score higher`."""
    definitions: Mapping[str, str] = field(default_factory=dict)
    """Metric -> what it is, where the catalogue says it in words of another task or in letters."""
    no_scores: str = "The classifier answers yes or no and gives no scores."
    names: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    """Kind of copy -> what was changed, in words behind `with`; of what was counted."""
    or_no_answer: frozenset[str] = frozenset()
    """Metrics of errors among which items without an answer count, where there are any."""

    @property
    def one(self) -> str:
        """`item`."""
        return NOUNS[self.task][0]

    @property
    def many(self) -> str:
        """`items`."""
        return NOUNS[self.task][1]

    @property
    def arriving(self) -> str:
        """What arrives in daily work: `items`."""
        return "records" if self.task == "linkage" else self.many

    def named(self, text: str) -> str:
        """The text with the names of the evidence in the place of their marks."""
        for mark, name in self.names.items():
            text = text.replace(f"‹{mark}›", name)
        return text

    def title_of(self, metric: str) -> str:
        """The metric's title for a reader; an unknown name stands for itself."""
        known = self.metrics.get(metric)
        return self.named(self.titles.get(metric) or (known.title if known else metric.replace("_", " ")))

    def definition_of(self, metric: str) -> str:
        """What the metric is, for the glossary."""
        return self.named(self.definitions.get(metric) or self.metrics[metric].definition)

    def denominator_of(self, metric: str) -> str:
        """What is counted: `relevant items`."""
        known = self.metrics.get(metric)
        name = known.denominator_name if known else ""
        return self.named(self.denominators.get(name, name or self.many))
