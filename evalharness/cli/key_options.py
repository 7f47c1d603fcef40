"""Options of every command that signs, and how a passphrase is asked: from a named variable or at the terminal, never as an option."""

from __future__ import annotations

import functools
import getpass
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from evalharness.errors import bad_input

_KEY_HELP = "Private key: PERSON.key.pem, or PERSON.pub.json=URI for a key in a vault (hv:NAME/VERSION)."
KeyOption = Annotated[str, typer.Option("--key", metavar="KEY", help=_KEY_HELP)]
KeysOption = Annotated[list[str], typer.Option("--key", metavar="KEY", help="A root key; once for each. " + _KEY_HELP)]
PassphraseEnvOption = Annotated[
    str | None,
    typer.Option("--passphrase-env", metavar="VAR", help="Environment variable that holds the passphrase of every key; default: ask."),
]


def passphrases(env: str | None) -> Callable[[str], bytes]:
    """Name of a key -> its passphrase: from the environment variable `env`, or asked once for each at the terminal.

    The function returned raises BadInput when the variable is not set, or there is no terminal to ask at.
    """
    if env is not None:
        return lambda _: _from_environment(env)
    return functools.cache(_asked)


def new_passphrase(env: str | None, name: str) -> bytes:
    """The passphrase for a key that is being made: as `passphrases`, but asked twice. Raises BadInput when the two differ."""
    if env is not None:
        return _from_environment(env)
    first = _asked(f"new key {name}")
    if _asked(f"new key {name}, again") != first:
        raise bad_input("the two passphrases differ", where="passphrase", hint="run the command again")
    return first


def _from_environment(env: str) -> bytes:
    value = os.environ.get(env)
    if value is None:
        raise bad_input("the environment variable is not set", where="--passphrase-env", got=env, hint=f"export {env}=… first")
    return os.fsencode(value)


def _asked(name: str) -> bytes:
    if sys.stdin is None or not sys.stdin.isatty():
        raise bad_input(
            "there is no terminal to ask for the passphrase at", where="--key", got=name, hint="name a variable: --passphrase-env VAR"
        )
    try:
        return getpass.getpass(f"Passphrase of {name}: ").encode("utf-8", "surrogateescape")
    except EOFError as error:
        raise bad_input("no passphrase was given", where="--key", got=name) from error
