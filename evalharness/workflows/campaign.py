"""The campaign that a new lock belongs to: which attempts there were, and when the next may be."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from evalharness.errors import Altered, bad_input, shown
from evalharness.files.names import NAME, NAME_RULE
from evalharness.records.progress import Notice
from evalharness.signoff.locks import LockRecord, Locks, attempts_problems, campaign_of, locked_twice, newest
from evalharness.workflows.clock import clock_now, time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Whose attempts are counted together, and those there were."""

    name: str
    before: tuple[LockRecord, ...]

    @classmethod
    def of(cls, locks: Locks, policy: str, supplier: str, wished: str | None, notice: Notice) -> Campaign:
        """An existing campaign of this policy and supplier goes on under its own name: attempts are never counted anew.

        Where two branches locked the same attempt, both locks count: the next attempt is numbered after all of them, at the level of that
        number. What was run under the two stays refused, by `evaluate`, by `sign` and by the gate.
        Raises BadInput for a name that cannot be one, Altered where a lock is missing or out of order.
        """
        known = {record.predicate.campaign for record in locks.records}
        if wished is not None and wished not in known and not NAME.fullmatch(wished):
            raise bad_input("not the name of a campaign", where="--campaign", got=wished, expected=NAME_RULE)
        mine = locks.campaign(policy, supplier)
        name = mine[0].predicate.campaign if mine else wished or campaign_of(policy, supplier)
        if wished not in (None, name):
            notice(f"policy {policy} and supplier {shown(supplier)} have the campaign {shown(name)} already; its attempts go on")
        before = locks.campaign(policy, supplier, name)
        if problems := attempts_problems(before):
            raise Altered([f"campaign {shown(name)}: {text}; restore the files of sign-off/locks" for text in problems])
        if twice := locked_twice(before):
            numbers = ", ".join(map(str, twice))
            notice(
                f"campaign {shown(name)}: attempt {numbers} was locked more than once. Runs under those locks are never admitted, and each "
                f"of the locks counts: this is attempt {len(before) + 1}"
            )
        return cls(name=name, before=before)

    @property
    def last(self) -> LockRecord | None:
        """The lock that the next one follows; null before the first."""
        return newest(self.before)


def next_moment(together: Campaign, now: datetime | None) -> str:
    """When the lock is made: later than the lock before it, if only by a second. Raises BadInput where the clock is behind it."""
    created = time_text(clock_now() if now is None else now)
    last = "" if together.last is None else together.last.predicate.author.created
    if created == last and now is None:
        time.sleep(1)
        created = time_text(clock_now())
    if created <= last:
        raise bad_input("the clock is not later than the campaign's last lock", where="clock", got=created, expected=f"later than {last}")
    return created
