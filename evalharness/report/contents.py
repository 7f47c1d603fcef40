"""Order of the annex, its table of contents, and what each section is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evalharness.report.by_task import TaskWords
from evalharness.report.view import ContentsPart, Section

REQUIREMENTS = ("requirements", "Requirement by requirement")
"""Anchor and title of what stands before all sections."""

PARTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "What was found",
        (
            ("measures", "Every figure that was counted, for everyone together. The requirements above use some of them."),
            ("certificate", "Which threshold was chosen, on which {many}, and what another one would mean in plain numbers."),
            ("selective", "How often the classifier is wrong among what it decides, if more or less were left to a person."),
            ("practice", "What the figures would mean to those who do the work."),
            ("fates", "Who reads which {many}, and what nobody reads."),
            ("queue", "How long {many} would wait: those that the order puts first, and those that it leaves behind."),
            ("drawn-sample", "What random samples of every pile found, also of the one that nobody opens."),
            ("costs", "What errors cost on average, at the costs that the policy states."),
            ("counts", "The numbers behind everything else: what the {many} truly are, and what became of them."),
        ),
    ),
    (
        "People at work",
        (
            ("people-do", "What was measured of the people behind the classifier: who catches what, and what it does to people."),
            ("team", "What both find together, what either finds alone, and what each assumption about people does to it."),
            ("raters", "What people who labelled the {many} achieve themselves, and how far they agree."),
            ("leaning", "Whether people judge for themselves, or take over what the classifier says."),
            ("exposure", "How often those who read see what is hard to look at, shift by shift."),
        ),
    ),
    (
        "Groups of people",
        (
            ("groups", "How each group of people fares, and each combination of groups, whether or not the policy asks about it."),
            ("gaps", "How far apart the groups are."),
            ("gaps-seen", "Small groups hide gaps. This says how large a gap must be before a test of this size would show it."),
            (
                "notions",
                "“Treated equally” can mean several things, and not all of them can be had at once. This says which the policy judges.",
            ),
            ("explored", "A look for people who fare badly and whom perhaps no requirement names."),
            ("twins", "Whether the mark of a group, by itself, changes what is decided."),
        ),
    ),
    (
        "Under other conditions",
        (
            ("disturbed", "Whether decisions hold when data are worse than in the test, or somebody hides something."),
            ("deployment", "How many would be found and missed in a week, at each share of {relevant} that the table names."),
        ),
    ),
    (
        "What only describes",
        (
            ("order", "Who is looked at when: the classifier's order beside two that need none, by arrival and at random."),
            (
                "entities",
                "What matters to people is the whole, not the single link: whether all records of one came together, and no others.",
            ),
            ("bands", "Where {many} of each true band were placed."),
            ("scores", "The scores as they came."),
            ("reliability", "Whether scores can be taken at their word: a score of 0.8 should mean 8 in 10."),
            ("thresholds", "What another threshold would miss, and how much work it would make. To choose one, use other data than these."),
            ("benefit", "Whether it pays to act on the scores at all."),
            ("described", "Other measures that are usual in the field, for those who know them."),
        ),
    ),
    (
        "How far to trust it",
        (
            ("attainable", "How much better any classifier could do with the same data."),
            ("claims", "What the supplier says of the classifier, held against arithmetic and against this test."),
            ("predictions", "How many answers were missing or could not be used. Such answers never help the classifier."),
            ("limits", ""),
        ),
    ),
    (
        "Files, signatures, words",
        (
            ("identities", "The exact files and settings that this report is about. Of any others it says nothing."),
            ("sign-off", "Whose decision the policy asks for, and under which rules."),
            ("verify", ""),
            ("glossary", ""),
        ),
    ),
)
"""Headings of the table of contents; under each the sections in reading order, with what they are for."""

_ORDER = {anchor: place for place, anchor in enumerate(anchor for _, sections in PARTS for anchor, _ in sections)}
_PURPOSES = {anchor: purpose for _, sections in PARTS for anchor, purpose in sections}


def arranged(sections: Iterable[Section], task: TaskWords) -> tuple[Section, ...]:
    """The sections in reading order, each beginning with what it is for."""
    return tuple(
        replace(section, purpose=_filled(_PURPOSES[section.anchor], task)) for section in sorted(sections, key=lambda s: _ORDER[s.anchor])
    )


def contents(sections: Iterable[Section]) -> tuple[ContentsPart, ...]:
    """The table of contents: the requirements first, then what there is of each part."""
    titles = {section.anchor: section.title for section in sections}
    parts: list[ContentsPart] = []
    for heading, places in PARTS:
        entries = tuple((anchor, titles[anchor]) for anchor, _ in places if anchor in titles)
        if not parts:
            entries = (REQUIREMENTS, *entries)
        if entries:
            parts.append(ContentsPart(heading=heading, entries=entries))
    return tuple(parts)


def _filled(text: str, task: TaskWords) -> str:
    return text.replace("{many}", task.many).replace("{relevant}", task.denominator_of("recall"))
