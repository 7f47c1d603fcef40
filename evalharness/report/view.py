"""What every face shows, as text and positions: built once from the evidence, laid out by the templates."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.report.axis import Label
from evalharness.report.bars import BarChart
from evalharness.report.curve_charts import CurveChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An outcome as a symbol and a word; the colour only repeats it."""

    outcome: str
    symbol: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of text. The first cell of each row names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0
    """Rows that are in evidence.json only."""
    numeric_from: int = 1
    """First column that is set flush right."""
    folded: bool = False
    """Whether it starts folded."""
    note: str = ""
    """A plain sentence below it that explains its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One estimate in a chart: positions along the axis, in units of the drawing."""

    y: float
    name: str
    mark: Mark
    value_x: float | None
    bound_x: float | None
    low_x: float | None
    high_x: float | None
    text: str
    narrower: tuple[float, ...] = ()
    """Where the bounds would be if large clusters came out like small ones, where that is somewhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Estimates against a goal, on one axis."""

    id: str
    title: str
    description: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    goal_x: float
    goal: Label
    accepted_from: float
    accepted_to: float
    accepted: Label
    ticks: tuple[Label, ...]
    rows: tuple[Row, ...]
    phone: bool = False
    """Drawn for a narrow screen: names above the lines, results below."""
    value: Label | None = None
    bound: Label | None = None
    left_out: int = 0
    note: str = ""
    """What the drawing has that others have not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """One line of the policy on page one."""

    mark: Mark
    asked: str
    found: str
    more: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One figure of daily work."""

    name: str
    per_thousand: str
    per_thousand_bound: str
    per_week: str
    per_week_bound: str
    worst: str = ""
    """The group that is worst off, with its figure and bound; empty where the policy asks nothing of groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Groups that the policy exempts by name, for one reason."""

    head: str
    names: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBox:
    """The verdict on page one."""

    mark: Mark
    tone: str
    """How the box looks: an outcome, `practice`, `reserved` or `bad`."""
    sign: str
    title: str
    """The verdict in a few words, for the title of the window."""
    headline: str
    notes: tuple[str, ...]
    """What takes the shine off the headline; mostly empty."""
    scores: tuple[tuple[Mark, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOne:
    """The page that a signer can read alone."""

    title: str
    subtitle: str
    claim: str
    claim_sentence: str
    band: str
    """What the band at the top says first."""
    edge: str
    """What every sheet says at its edge."""
    banner: str
    """That nobody can sign this run; empty when it can be signed."""
    policy_warning: str
    question: str
    purpose: str
    key: str
    """The words that the page uses, explained."""
    box: VerdictBox
    left_out: tuple[LeftOut, ...]
    deciders: tuple[Decider, ...]
    deciders_more: str
    best: str
    """Which models it is held against; what the best possible classifier would reach, where no line of the policy says it."""
    confidence: str
    sure: str
    """`95 % sure`."""
    beyond_reach: tuple[str, ...]
    """Requirements that even the best possible classifier would not meet."""
    practice_intro: str
    practice: tuple[Practice, ...]
    per: str
    """`In 1,000 items of any kind`."""
    weekly: bool
    """Whether there are figures for a week."""
    worst: str
    """Head of the column of groups that are worst off; empty: there is none."""
    people: tuple[str, ...]
    alarms: tuple[str, ...]
    """Warnings that come before everything else."""
    notices: tuple[str, ...]
    """Quieter ones."""
    unknown: tuple[str, ...]
    signing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementSection:
    """One line of the policy, with everything that was found for it."""

    anchor: str
    number: int
    id: str
    mark: Mark
    asked: str
    why: str
    facts: tuple[tuple[str, str], ...]
    found: str
    chart: Chart | None
    phone_chart: Chart | None
    """The same drawing for a narrow screen."""
    table: Table | None
    not_judged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the annex: what it is for, paragraphs, then drawings, then tables, then definitions."""

    anchor: str
    title: str
    purpose: str = ""
    paragraphs: tuple[str, ...] = ()
    bars: tuple[BarChart, ...] = ()
    """Each once for a wide screen and paper, and once for a phone. Whatever they show is in a paragraph or table too."""
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    code: str = ""
    curves: tuple[CurveChart, ...] = ()
    """Drawings of described curves; each stands with the table of its figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsPart:
    """A heading of the table of contents and the sections under it."""

    heading: str
    entries: tuple[tuple[str, str], ...]
    """Anchor and title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The whole report."""

    page_one: PageOne
    requirements: tuple[RequirementSection, ...]
    sections: tuple[Section, ...]
    contents: tuple[ContentsPart, ...]
    digest: str
    created: str
