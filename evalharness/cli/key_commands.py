"""`evalharness key …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.key_options import PassphraseEnvOption, new_passphrase, passphrases
from evalharness.cli.options import JsonOption
from evalharness.cli.output import print_json, print_notice, print_text
from evalharness.errors import bad_input

if TYPE_CHECKING:
    from evalharness.workflows.keys import KeyFacts

key_app = typer.Typer(help="Make a signing key, or show what a key file is.", no_args_is_help=True, rich_markup_mode=None)


@key_app.command()
@mapped
def new(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose key it is: a-z, 0-9 and '-'.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the files; default: here. Not in the workspace.")
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Mark it REHEARSAL, for ever: refused for any other claim.")] = False,
    uri: Annotated[str | None, typer.Option("--uri", help="The key lies in a vault (hv:NAME/VERSION): write its public file only.")] = None,
    public: Annotated[
        Path | None, typer.Option("--public", metavar="PEM", help="With --uri: the public half, as the vault shows it.")
    ] = None,
    passphrase_env: PassphraseEnvOption = None,
    json_output: JsonOption = False,
) -> None:
    """Make an Ed25519 key: PERSON.key.pem (private, encrypted) and PERSON.pub.json (public, to be handed on). Never overwrites a file."""
    from evalharness.workflows.keys import enrol_key, make_key  # noqa: PLC0415

    if (uri is None) != (public is None):
        raise bad_input("one was given without the other", where="--uri, --public", expected="both, for a key in a vault, or neither")
    if uri is not None and public is not None:
        facts = enrol_key(person, uri, public, out=out, rehearsal=rehearsal, pin=lambda: passphrases(passphrase_env)(uri))
    else:
        facts = make_key(
            person, out=out, rehearsal=rehearsal, passphrase=lambda: new_passphrase(passphrase_env, person), notice=print_notice
        )
    if json_output:
        print_json(_as_json(facts))
        return
    _print(facts)
    print_text(
        f"Hand on {facts.public_file}, and compare the key id by telephone. Nobody else needs the private key, and nobody can restore it."
    )


@key_app.command()
@mapped
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PERSON.pub.json, or PERSON.key.pem (asks for its passphrase).")],
    passphrase_env: PassphraseEnvOption = None,
    json_output: JsonOption = False,
) -> None:
    """Show what a key file is: whose key, its id, its public half, whether it is for rehearsals only. Never the private half."""
    from evalharness.workflows.keys import show_key  # noqa: PLC0415

    facts = show_key(file, passphrase=lambda: passphrases(passphrase_env)(str(file)))
    if json_output:
        print_json(_as_json(facts))
    else:
        _print(facts)


def _print(facts: KeyFacts) -> None:
    if facts.rehearsal:
        print_text("REHEARSAL key: refused for any claim above rehearsal")
    print_text(f"Person:       {facts.person or 'unknown (there is no public file beside it)'}")
    print_text(f"Key id:       {facts.key}   (sha256 of its SubjectPublicKeyInfo)")
    print_text(f"Public key:   {facts.public}   (Ed25519)")
    for name, value in (("Made:", facts.created), ("Private file:", facts.private_file), ("Public file:", facts.public_file)):
        if value is not None:
            print_text(f"{name:<13} {value}")


def _as_json(facts: KeyFacts) -> dict[str, Any]:
    return {
        "person": facts.person,
        "key": facts.key,
        "spki_sha256": facts.key,
        "public": facts.public,
        "rehearsal": facts.rehearsal,
        "created": facts.created,
        "private_file": None if facts.private_file is None else str(facts.private_file),
        "public_file": None if facts.public_file is None else str(facts.public_file),
    }
