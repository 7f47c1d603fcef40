"""What the page shows, as text: built once, laid out by the templates."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.report.view import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The state of the decisions in one sentence."""

    tone: str
    """How it looks; the words say the same."""
    sign: str
    headline: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person said."""

    head: str
    """Who, in which role, and what."""
    text: str
    """In that person's words; may be empty."""
    answers: tuple[str, ...] = ()
    """What approvals say to it."""
    note: str = ""
    """What is to be known about it, such as that it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """The whole page."""

    band: str
    claim_sentence: str
    window_title: str
    title: str
    subtitle: str
    box: Box
    alarms: tuple[str, ...]
    """Revocations, suspensions, altered files, and signers who do not agree: before everything else."""
    objections: tuple[Said, ...]
    """Rejections, deferrals, dissent and advice against, unless their signer replaced them."""
    missing: tuple[str, ...]
    """What stands in the way, all of it."""
    verdict: str
    first_title: str
    """What the parts on page one stand under; empty: they speak for themselves."""
    first: tuple[Section, ...]
    """On page one."""
    more: tuple[Section, ...]
    as_of: str
