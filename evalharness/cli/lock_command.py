"""`evalharness lock`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.key_options import KeyOption, PassphraseEnvOption, passphrases
from evalharness.cli.options import BenchmarkOption, JsonOption, PolicyOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice, print_text, progress_bar
from evalharness.errors import bad_input, shown

if TYPE_CHECKING:
    from evalharness.signoff.predicates import PointRef
    from evalharness.workflows.lock import Locked
    from evalharness.workflows.under_lock import LockGiven

RoleOption = Annotated[str | None, typer.Option("--role", help="Role in which to sign; default: the only one of yours that may.")]


@mapped
def lock(
    policy: PolicyOption,
    model: Annotated[str, typer.Option("--model", help="Model card: a name in model_cards/, or a path.")],
    key: KeyOption,
    role: RoleOption = None,
    benchmark: BenchmarkOption = None,
    campaign: Annotated[
        str | None,
        typer.Option("--campaign", metavar="NAME", help="Join this campaign, where policy and supplier have none yet; never starts anew."),
    ] = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Fix policy, benchmark, model and operating point before a run, and count the attempt. Only a run under a lock can be signed."""
    from evalharness.workflows.lock import lock as workflow  # noqa: PLC0415
    from evalharness.workflows.signing import KeyGiven  # noqa: PLC0415

    given = KeyGiven(uri=key, passphrases=passphrases(passphrase_env))
    with progress_bar(json_output) as progress:
        locked = workflow(
            policy, model, key=given, role=role, benchmark=benchmark, campaign=campaign, workspace=workspace,
            progress=progress, notice=print_notice,
        )  # fmt: skip
    if json_output:
        print_json(locked_as_json(locked))
    else:
        print_locked(locked)


def lock_given(lock_file: Path | None, key: str | None, role: str | None, passphrase_env: str | None) -> LockGiven | None:
    """The options of `evaluate` about a lock. Raises BadInput when only some of those that belong together are there."""
    if lock_file is None:
        given = [name for name, value in (("--key", key), ("--role", role), ("--passphrase-env", passphrase_env)) if value is not None]
        if given:
            raise bad_input(
                "only the test result of a run under a lock is signed", where=", ".join(given), expected="--lock FILE as well",
                hint="`evalharness lock` makes one, before the run",
            )  # fmt: skip
        return None
    if key is None:
        raise bad_input(
            "a run under a lock needs a key: its test result is signed", where="--lock", got=str(lock_file), expected="--key KEY as well"
        )
    from evalharness.workflows.signing import KeyGiven  # noqa: PLC0415
    from evalharness.workflows.under_lock import LockGiven  # noqa: PLC0415

    return LockGiven(file=lock_file, key=KeyGiven(uri=key, passphrases=passphrases(passphrase_env)), role=role)


def print_locked(locked: Locked) -> None:
    """What is fixed now, which attempt it is, why it is judged more strictly, and what comes next."""
    lock_ = locked.predicate
    point, items = lock_.operating_point, lock_.benchmark
    print_text(f"LOCKED by {lock_.author.person} as {lock_.author.role.replace('_', ' ')}, {lock_.author.created}. From now on fixed:")
    print_text(f"    policy     {lock_.policy.name}, version {lock_.policy.version}   {lock_.policy.digest}")
    print_text(f"    benchmark  {items.name}, {items.rows:,} rows, split {shown(items.split)}   {items.digest}")
    print_text(f"    model      {lock_.model.name}   {lock_.model.digest}")
    print_text(f"    card       {lock_.model.name}.md   {lock_.model.card}")
    print_text(f"    decides    {_point(point)}; items from: {shown(point.stream)}; claim: {lock_.claim}")
    print_text(f"Attempt {lock_.attempt} of the campaign {shown(lock_.campaign)} ({_before(locked.earlier)}).")
    print_text(
        f"Each requirement must be shown with {_percent(lock_.level)} certainty instead of the policy's {_percent(lock_.confidence)}:"
    )
    print_text("    whoever may try again and again passes once by luck. All attempts of a campaign, however many, share one allowance for")
    print_text("    error, and each attempt gets a smaller part of it than the one before.")
    print_text(f"Next: evaluate once, under this lock:\n    {_next(locked)}")
    print_text("Without a result in reports/ this attempt counts as failed. Commit the lock now: it must be older than the run.")
    print_text(f"Lock: {locked.path}   {locked.digest}")


def _point(point: PointRef) -> str:
    if point.budget_per_day is not None:
        return f"the {point.budget_per_day:,} highest scores of each day"
    if point.top_band is not None:
        return f"the band {shown(point.top_band)}"
    if point.threshold is None and point.rule == "score >= threshold":
        return "by a threshold that the run certifies before its test"
    return f"score of at least {point.threshold}" if point.threshold is not None else f"by {point.rule}"


def _before(earlier: int) -> str:
    return "the first" if not earlier else f"{earlier} {'was' if earlier == 1 else 'were'} locked before"


def _percent(share: str) -> str:
    """`0.9696036449` -> `96.96 %`; never rounded up to certainty."""
    from decimal import ROUND_FLOOR, Decimal  # noqa: PLC0415

    exact = Decimal(share) * 100
    for places in ("0.01", "0.0001", "0.000001", "0.00000001"):
        rounded = exact.quantize(Decimal(places), rounding=ROUND_FLOOR)
        if rounded != exact.quantize(Decimal(1), rounding=ROUND_FLOOR) or rounded == exact:
            return f"{rounded.normalize():f} %"
    return f"{exact.normalize():f} %"


def _next(locked: Locked) -> str:
    lock_ = locked.predicate
    return f"evalharness evaluate --policy {lock_.policy.name} --model {lock_.model.name} --lock {locked.path} --key YOUR.key.pem"


def locked_as_json(locked: Locked) -> dict[str, Any]:
    """The lock, for scripts."""
    return {"lock": str(locked.path), "digest": locked.digest, **locked.predicate.model_dump(mode="json", by_alias=True)}
