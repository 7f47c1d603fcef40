"""`evalharness status …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.key_options import KeyOption, PassphraseEnvOption, passphrases
from evalharness.cli.lock_command import RoleOption
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json, print_notice
from evalharness.cli.status_output import issued_as_json, print_issued, print_status, status_as_json

if TYPE_CHECKING:
    from evalharness.workflows.status_desk import Issued, Issuer

status_app = typer.Typer(
    help="The status list: what was revoked, suspended or fulfilled. The gate wants a fresh one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_TARGET = "A run's folder or name, a lock, a test result, a decision, or the digest (sha256:…) of anything a run rests on."
TargetArgument = Annotated[str, typer.Argument(metavar="TARGET", help=_TARGET)]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for everybody to read.")]


@status_app.command()
@mapped
def refresh(
    key: KeyOption,
    days: Annotated[int, typer.Option("--days", metavar="N", help="How long it is good; a policy may ask for less.")] = 7,
    role: RoleOption = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Issue the list again, unchanged: somebody has looked, and nothing else is revoked."""
    from evalharness.workflows.status import refresh as workflow  # noqa: PLC0415

    _told("refreshed", workflow(_issuer(key, role, passphrase_env, workspace), days=days), json_output)


@status_app.command()
@mapped
def revoke(
    target: TargetArgument,
    why: WhyOption,
    key: KeyOption,
    role: RoleOption = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Take something back, for ever. One authorised person is enough."""
    from evalharness.workflows.status import revoke as workflow  # noqa: PLC0415

    _told("revoked", workflow(_issuer(key, role, passphrase_env, workspace), target, why=why), json_output)


@status_app.command()
@mapped
def suspend(
    target: TargetArgument,
    why: WhyOption,
    key: KeyOption,
    role: RoleOption = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Suspend something until the same person lifts it."""
    from evalharness.workflows.status import suspend as workflow  # noqa: PLC0415

    _told("suspended", workflow(_issuer(key, role, passphrase_env, workspace), target, why=why), json_output)


@status_app.command()
@mapped
def lift(
    target: TargetArgument,
    why: WhyOption,
    key: KeyOption,
    role: RoleOption = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """End a suspension. Only whoever suspended may; a revocation is for ever."""
    from evalharness.workflows.status import lift as workflow  # noqa: PLC0415

    _told("lifted", workflow(_issuer(key, role, passphrase_env, workspace), target, why=why), json_output)


@status_app.command()
@mapped
def discharge(
    decision: Annotated[Path, typer.Argument(metavar="DECISION_FILE", help="The decision that set the condition.")],
    condition: Annotated[str, typer.Argument(metavar="CONDITION_ID", help="Its condition, such as action-1.")],
    why: WhyOption,
    key: KeyOption,
    role: RoleOption = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Say that a condition which people check was fulfilled, and how."""
    from evalharness.workflows.status import discharge as workflow  # noqa: PLC0415

    _told("discharged", workflow(_issuer(key, role, passphrase_env, workspace), decision, condition, why=why), json_output)


@status_app.command()
@mapped
def show(workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Show the list: version, dates, what is revoked, suspended or lifted and why. Exit 12 when it is absent or cannot be relied upon,
    13 when it was changed."""
    from evalharness.workflows.status import show as workflow  # noqa: PLC0415

    shown = workflow(workspace)
    if json_output:
        print_json(status_as_json(shown))
    else:
        print_status(shown)
    if shown.read.problems:
        raise SystemExit(shown.read.problems[0][0])


def _issuer(key: str, role: str | None, passphrase_env: str | None, workspace: Path | None) -> Issuer:
    from evalharness.workflows.signing import KeyGiven  # noqa: PLC0415
    from evalharness.workflows.status_desk import Issuer  # noqa: PLC0415

    given = KeyGiven(uri=key, passphrases=passphrases(passphrase_env))
    return Issuer(key=given, role=role, workspace=workspace, notice=print_notice)


def _told(what: str, issued: Issued, json_output: bool) -> None:
    if json_output:
        print_json(issued_as_json(what, issued))
    else:
        print_issued(what, issued)
