"""`evalharness signers …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalharness.cli.cosign_dialogue import agreement
from evalharness.cli.exit_codes import NO_SIGN_OFF, mapped
from evalharness.cli.key_options import KeysOption, PassphraseEnvOption, passphrases
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json
from evalharness.cli.signers_output import change_as_json, print_change, print_register, register_as_json, silent_or_told

if TYPE_CHECKING:
    from evalharness.workflows.register_signing import Change, Held

signers_app = typer.Typer(
    help="The register of signers: who may sign, in which role, until when.", no_args_is_help=True, rich_markup_mode=None
)

RootOption = Annotated[list[Path], typer.Option("--root", metavar="PUB.json", help="Public file of a root key; once for each.")]
QuorumOption = Annotated[int, typer.Option("--quorum", metavar="N", help="How many root keys a change takes.")]
PublicArgument = Annotated[Path, typer.Argument(metavar="PUB.json", help="Public file of the key.")]


@signers_app.command("init")
@mapped
def init_(
    root: RootOption,
    quorum: QuorumOption,
    key: KeysOption,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Begin a register: who holds the root keys, and how many of them a change takes. Pins the root in sign-off/root.txt."""
    from evalharness.workflows.signers import init_register  # noqa: PLC0415

    _told(init_register(root, quorum, _held(key, passphrase_env, json_output), workspace=workspace), json_output)


@signers_app.command()
@mapped
def add(
    public: PublicArgument,
    roles: Annotated[str, typer.Option("--roles", metavar="A,B", help="Roles, with commas between.")],
    organisation: Annotated[str, typer.Option("--organisation", metavar="TEXT", help="For whom the person works.")],
    key: KeysOption,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Last day of the key, YYYY-MM-DD; default: 365 days after its first.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day of the key; default: now.")] = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Add a person's key with roles, organisation and dates."""
    from evalharness.workflows.signers import add_signer  # noqa: PLC0415

    change = add_signer(
        public, roles=_list(roles), organisation=organisation, first_day=from_, last_day=until,
        held=_held(key, passphrase_env, json_output), workspace=workspace,
    )  # fmt: skip
    _told(change, json_output)


@signers_app.command()
@mapped
def rotate(
    public: PublicArgument,
    key: KeysOption,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Last day of the new key; default: that of the old ones.")
    ] = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Give a person a new key: the old ones end now, what they signed stays; roles and organisation go over to the new one."""
    from evalharness.workflows.signers import rotate_signer  # noqa: PLC0415

    _told(rotate_signer(public, last_day=until, held=_held(key, passphrase_env, json_output), workspace=workspace), json_output)


@signers_app.command()
@mapped
def revoke(
    target: Annotated[
        str, typer.Argument(metavar="KEYID|PERSON", help="A key id (12 digits of it are enough), or a person: all their keys.")
    ],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for everybody to read.")],
    key: KeysOption,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Revoke a key, for ever: everything that it ever signed is void."""
    from evalharness.workflows.signers import revoke_signer  # noqa: PLC0415

    _told(revoke_signer(target, why=why, held=_held(key, passphrase_env, json_output), workspace=workspace), json_output)


@signers_app.command()
@mapped
def authority(
    key: KeysOption,
    lock: Annotated[str | None, typer.Option("--lock", metavar="A,B", help="Roles that may lock a policy.")] = None,
    test_result: Annotated[str | None, typer.Option("--test-result", metavar="A,B", help="Roles that may sign a test result.")] = None,
    status: Annotated[str | None, typer.Option("--status", metavar="A,B", help="Roles that may sign the status list.")] = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Say which roles may lock a policy, sign a test result, revoke and refresh. What is not given stays."""
    from evalharness.workflows.signers import set_authority  # noqa: PLC0415

    change = set_authority(
        lock=_given(lock), test_result=_given(test_result), status=_given(status), held=_held(key, passphrase_env, json_output),
        workspace=workspace,
    )  # fmt: skip
    _told(change, json_output)


@signers_app.command("root")
@mapped
def root_(
    root: RootOption,
    quorum: QuorumOption,
    key: KeysOption,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Replace the root keys. Takes the quorum of the old ones and of the new; the pinned fingerprint stays."""
    from evalharness.workflows.signers import set_root  # noqa: PLC0415

    _told(set_root(root, quorum, _held(key, passphrase_env, json_output), workspace=workspace), json_output)


@signers_app.command()
@mapped
def cosign(
    key: KeysOption,
    agree: Annotated[
        str | None,
        typer.Option("--agree", metavar="DIGEST", help="Sign without asking: the digest (sha256:…) that `signers show` prints for it."),
    ] = None,
    passphrase_env: PassphraseEnvOption = None,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Add a signature to the change that waits. It shows all that changes, and asks; without a terminal it wants the change's digest."""
    from evalharness.workflows.signers import cosign_register  # noqa: PLC0415

    held = _held(key, passphrase_env, json_output)
    _told(cosign_register(held, agreement(agree, json_output), workspace=workspace), json_output)


@signers_app.command()
@mapped
def show(workspace: WorkspaceOption = None, json_output: JsonOption = False) -> None:
    """Show the register, checked against its root: who, roles, organisation, dates, keys; and what waits, with its digest."""
    from evalharness.errors import MissingSignOff  # noqa: PLC0415
    from evalharness.workflows.clock import clock_now, time_text  # noqa: PLC0415
    from evalharness.workflows.signers import show_register  # noqa: PLC0415

    shown, now = show_register(workspace=workspace), time_text(clock_now())
    if json_output:
        print_json(register_as_json(shown, now) | ({} if shown.register else {"exit_code": NO_SIGN_OFF}))
    else:
        print_register(shown, now)
    if shown.register is None:
        if json_output:
            raise SystemExit(NO_SIGN_OFF)
        raise MissingSignOff(["nothing is in force: version 1 of the register waits for signatures: evalharness signers cosign --key …"])


def _held(keys: list[str], passphrase_env: str | None, json_output: bool) -> Held:
    from evalharness.workflows.register_signing import Held  # noqa: PLC0415

    return Held(keys=keys, ask=passphrases(passphrase_env), notice=silent_or_told(json_output))


def _told(change: Change, json_output: bool) -> None:
    if json_output:
        print_json(change_as_json(change))
    else:
        print_change(change)


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _given(text: str | None) -> list[str] | None:
    return None if text is None else _list(text)
