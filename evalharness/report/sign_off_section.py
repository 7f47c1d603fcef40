"""The annex on sign-off: what was fixed before the run, who must approve, and which changes the policy agreed beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Section, Table

_KEPT = "A change agreed beforehand is tested again as said here. It ends every approval all the same; a new one is needed."


def sign_off_section(evidence: Evidence, policy: PolicyText) -> Section:
    """What the policy asks of those who sign."""
    rows = tuple((name, text) for name, text in _asked(policy) if text)
    tables = [Table(caption="What the policy asks of those who sign", columns=("What", "Value"), rows=rows, numeric_from=2)]
    if policy.change_plan:
        columns = ("What may change", "From, to", "How it is tested again", "Why")
        tables.append(Table(caption="Changes agreed beforehand", columns=columns, rows=policy.change_plan, numeric_from=4))
    return Section(
        anchor="sign-off",
        title="Who must approve",
        paragraphs=(lock_words(evidence), *((_KEPT,) if policy.change_plan else ())),
        tables=tuple(tables) if rows else tuple(tables[1:]),
    )


def lock_words(evidence: Evidence) -> str:
    """The lock in one line, for those who check it."""
    lock = evidence.lock
    if lock is None:
        return "No policy lock is named by this run. It is a practice run, judged at the policy's own confidence."
    return (
        f"This run names the policy lock {lock.digest}: attempt {lock.attempt} of the campaign “{lock.campaign}”, "
        f"each bound judged at {numbers.exact_percent(lock.level)}. Whether that lock is genuine and older than the run, the gate checks."
    )


def _asked(policy: PolicyText) -> Iterator[tuple[str, str]]:
    yield "Must approve", words.roles(policy.roles)
    yield "Different people, at least", policy.minimum_people
    yield "One person may fill several roles", "yes" if policy.several_roles else "no"
    yield "Can stop an approval alone", words.names(policy.veto)
    yield "Must be heard, without a vote", words.names(policy.advice)
    yield "Accepts the remaining risk", words.names((policy.risk_owner,))
    yield "Those who built the classifier", "may sign" if policy.developers_may_sign else "may not sign"
    yield "An approval ends after", f"{policy.valid_for_days} days" if policy.valid_for_days else ""
    yield "The list of revocations is at most", f"{policy.status_at_most_days} days old" if policy.status_at_most_days else ""
