"""Who must sign, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.records import SignOff
from evalharness.records.change import Change
from evalharness.requirements.compare.telling import left_and_joined, moved, switched


def compare_sign_off(old: SignOff, new: SignOff) -> Iterator[Change]:
    """Roles, quorum, veto, advice, risk owner, and how long an approval and a status list are believed."""
    yield from _roles(dict(old.roles), dict(new.roles))
    yield from moved("sign_off.minimum_people", "people who must approve, at least", old.minimum_people, new.minimum_people,
                     weaker_when="lower")  # fmt: skip
    now = "one person may fill several roles" if new.one_person_several_roles else "one person fills one role only"
    yield from switched("sign_off.one_person_several_roles", old.one_person_several_roles, new.one_person_several_roles, now,
                        weaker_when=True)  # fmt: skip
    now = "the model's developers may not sign" if new.developers_may_not_sign else "the model's developers may sign"
    yield from switched("sign_off.developers_may_not_sign", old.developers_may_not_sign, new.developers_may_not_sign, now,
                        weaker_when=False)  # fmt: skip
    yield from left_and_joined("sign_off.veto", "role with a veto", old.veto, new.veto, weaker_when="gone")
    yield from left_and_joined("sign_off.advice", "role that must be heard", old.advice, new.advice, weaker_when="gone")
    if old.risk_owner != new.risk_owner:
        text = f"who accepts the remaining risk: {old.risk_owner or 'no role'} → {new.risk_owner or 'no role'}"
        yield Change(part="sign_off.risk_owner", text=text, direction="" if new.risk_owner else "weaker")
    yield from moved("sign_off.valid_for_days", "days that an approval can last", old.valid_for_days, new.valid_for_days,
                     weaker_when="higher")  # fmt: skip
    yield from moved("sign_off.status_at_most_days", "days that a status list is believed", old.status_at_most_days,
                     new.status_at_most_days, weaker_when="higher")  # fmt: skip


def _roles(old: dict[str, int], new: dict[str, int]) -> Iterator[Change]:
    for role in sorted(set(old) | set(new)):
        if role not in new:
            text = f"the role {role} no longer signs (it took {old[role]})"
            yield Change(part="sign_off.roles", text=text, direction="weaker")
        elif role not in old:
            yield Change(part="sign_off.roles", text=f"the role {role} must sign now ({new[role]})", direction="stricter")
        else:
            yield from moved("sign_off.roles", f"people who sign as {role}", old[role], new[role], weaker_when="lower")
