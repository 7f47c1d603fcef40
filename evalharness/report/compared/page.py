"""What compare.html and compare.md show, as text and positions: built once from the comparison, laid out by the templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.records import group_text
from evalharness.records.comparison import ComparedModel, Comparison
from evalharness.records.paired import Standing
from evalharness.report import numbers, words
from evalharness.report.by_task import NOUNS
from evalharness.report.compared.chart import Plane, plane
from evalharness.report.compared.costs import cheapest_sentence, cost_sections
from evalharness.report.compared.tables import beside_table, disagreement_tables, drawn_words, judged_table, order_table, paired_table
from evalharness.report.compared.words import (
    NEVER_EVIDENCE,
    TITLES,
    attempts_sentence,
    items_of,
    level_sentence,
    margin_sentence,
    paired_sentence,
    standing_mark,
    together_words,
    too_few_sentence,
    worse_sentence,
)
from evalharness.report.view import Mark, Section, Table

_HOW = (
    "The difference is that of the shares decided wrongly: above 0 the challenger is wrong more often, below 0 less often.",
    "What decides is the share of the items that the incumbent gets right and the challenger gets wrong: its exact upper bound must be "
    "at most the margin. What the challenger gains elsewhere is not set against it, so this is careful, and no bound lies below 0.",
    "Worse by more than the margin: even with the share lost at its lower bound and the share gained at its upper one, they are further "
    "apart than the margin.",
    "An item without an answer is decided wrongly. Items of one cluster are taken to fail together, those of large clusters "
    "perhaps more often.",
    "“Not demonstrated” says that these items do not show it. It does not say that the two models are alike.",
    "What describes (Tango's interval, an interval over clusters, McNemar's p values) decides nothing. A large p value shows nothing.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One challenger, and what was shown of it."""

    name: str
    mark: Mark
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole page."""

    window_title: str
    band: str
    band_text: str
    title: str
    subtitle: str
    question: str
    terms: tuple[str, ...]
    answers: tuple[Answer, ...]
    remarks: tuple[str, ...]
    """Which models are dominated, and which costs least over which range."""
    beside: Table
    drawn: str
    """What the drawing is of."""
    planes: tuple[Plane, ...]
    """For a wide screen and for a phone; empty where there is nothing to draw."""
    sections: tuple[Section, ...]
    notices: tuple[str, ...]
    created: str


def build_page(comparison: Comparison) -> Page:
    """A function of the comparison and of nothing else."""
    names = [model.name for model in comparison.models]
    return Page(
        window_title=f"Comparison: {', '.join(names)}",
        band="COMPARISON · NOT EVIDENCE",
        band_text=f"{NEVER_EVIDENCE} The same items as evidence would be a {comparison.claim}.",
        title=f"{len(names)} models on the same {numbers.count(comparison.items)} {NOUNS[comparison.task][1]}",
        subtitle=(
            f"Policy {comparison.policy} version {comparison.policy_version} · benchmark {comparison.benchmark}, split {comparison.split}"
        ),
        question=(
            f"May another model take the place of {comparison.incumbent}? Asked of each: is it not worse by more than "
            f"{numbers.exact_percent(comparison.margin)} of the items, in {together_words(comparison)}?"
        ),
        terms=(margin_sentence(comparison), level_sentence(comparison), attempts_sentence(comparison)),
        answers=tuple(_answers(comparison)),
        remarks=tuple(_remarks(comparison)),
        beside=beside_table(comparison),
        drawn=words.capital(f"{TITLES[comparison.drawn[0]]} against {TITLES[comparison.drawn[1]]}"),
        planes=tuple(drawn for phone in (False, True) if (drawn := plane(comparison, phone=phone)) is not None),
        sections=tuple(_sections(comparison)),
        notices=comparison.notices,
        created=comparison.created,
    )


def _answers(comparison: Comparison) -> Iterator[Answer]:
    for both in comparison.both:
        own = [f for f in comparison.findings if f.challenger == both.challenger and f.metric in comparison.together]
        notes = [paired_sentence(comparison, finding) for finding in own]
        notes += [text for text in [_most_lost(comparison, both.challenger)] if text]
        notes += [worse_sentence(comparison, finding) for finding in own if finding.outcome is Standing.WORSE]
        notes += [
            too_few_sentence(comparison, finding)
            for finding in own
            if finding.outcome is Standing.NOT_DEMONSTRATED and not finding.attainable
        ]
        notes += [_judged(model) for model in comparison.models if model.name == both.challenger]
        yield Answer(name=both.challenger, mark=standing_mark(both.outcome), notes=tuple(notes))


def _judged(model: ComparedModel) -> str:
    """A challenger that is not worse for everybody may still fail somebody."""
    failed = len({f.requirement for f in model.findings if f.outcome == "not_met"})
    more = f", in {numbers.count(failed)} of its requirements" if failed else ""
    return f"Against the policy it is “{words.MARKS[model.verdict][1]}”{more}."


def _most_lost(comparison: Comparison, challenger: str) -> str:
    """The level of one attribute whose share of lost items, in the metric drawn upward, is largest at the least."""
    groups = [
        d
        for d in comparison.disagreements
        if d.challenger == challenger and d.metric == comparison.drawn[0] and len(d.group) == 1 and d.counts.may_be_lost
    ]
    if not groups:
        return ""
    worst = max(groups, key=lambda d: (d.lower or 0.0, d.counts.n))  # by the bound: one of one says little
    return (
        f"{words.capital(TITLES[worst.metric])}: the share of {items_of(comparison, worst.items)} lost is largest beyond doubt in "
        f"{words.group_words(dict(worst.group))}, "
        f"{numbers.count(worst.counts.may_be_lost)} of {numbers.count(worst.counts.n)}. "
        "It was picked for being the largest, so it says less than of a group named beforehand."
    )


def _remarks(comparison: Comparison) -> Iterator[str]:
    found = [f"{model.name} (by {', '.join(model.dominated_by)})" for model in comparison.models if model.dominated_by]
    if found:
        yield (
            f"Dominated: {'; '.join(found)}. The other is at least as good in {drawn_words(comparison)}, and better in one of "
            "them. This compares measured values, so chance may have a part in it."
        )
    if comparison.costs is not None:
        yield cheapest_sentence(comparison.costs)


def _sections(comparison: Comparison) -> Iterator[Section]:
    yield Section(anchor="paired", title="Item by item against the incumbent", paragraphs=_HOW, tables=(paired_table(comparison),))
    yield Section(
        anchor="disagree",
        title="Where they disagree",
        paragraphs=(
            f"Items lost: {comparison.incumbent} is right and the challenger wrong. Items gained: the other way round. Each bound stands "
            "on its own and is not corrected for the number of groups, so of many groups some lie beyond it by chance.",
        ),
        tables=disagreement_tables(comparison),
    )
    yield from cost_sections(comparison)
    yield from _order(comparison)
    yield Section(
        anchor="policy",
        title="Each model against the policy",
        paragraphs=(
            "As evaluate judges them, at the level of this comparison. Nothing here is signed, and the best of several looks better "
            "than it is.",
        ),
        tables=(judged_table(comparison),),
        items=tuple(_failures(comparison)),
    )
    yield Section(
        anchor="attempts",
        title="What signing the winner would cost",
        paragraphs=(attempts_sentence(comparison),),
        tables=(
            Table(
                caption="Attempts, if these are the first ones of a campaign" if comparison.attempt is None else "Attempts",
                columns=("model", "attempt", "each bound holds with"),
                rows=tuple((name, str(attempt), numbers.confidence(level)) for name, attempt, level in comparison.attempts),
                numeric_from=1,
            ),
        ),
    )
    yield Section(anchor="models", title="What was compared", terms=tuple(_identities(comparison)))


def _order(comparison: Comparison) -> Iterator[Section]:
    if comparison.orders:
        yield Section(
            anchor="order",
            title="How well the scores order",
            paragraphs=(
                "The area under the ROC curve is the chance that of two items, one relevant and one not, the relevant one has the higher "
                "score. It looks at no threshold, so it says nothing of who is missed. These limits describe and decide nothing.",
            ),
            tables=(order_table(comparison),),
        )


def _failures(comparison: Comparison) -> Iterator[str]:
    for model in comparison.models:
        names = [_finding_name(f.requirement, group_text(f.group) if f.group else "") for f in model.findings if f.outcome == "not_met"]
        if names:
            yield f"{model.name}, not met: {', '.join(names)}"


def _finding_name(requirement: str, group: str) -> str:
    return f"{requirement} [{group}]" if group else requirement


def _identities(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for model in comparison.models:
        yield model.name, _identity(model)
    yield f"policy {comparison.policy}", comparison.policy_digest
    yield f"benchmark {comparison.benchmark}", comparison.benchmark_digest


def _identity(model: ComparedModel) -> str:
    role = "incumbent; " if model.incumbent else ""
    version = f"version {model.version}; " if model.version else ""
    answers = f"{numbers.count(model.answered)} answers, {numbers.count(model.no_answer)} items without"
    return f"{role}{version}{model.digest}; {'card ' + model.card if model.card else 'no card'}; {answers}; {words.MARKS[model.verdict][1]}"
