"""Agreement to a waiting version of the register, before a root key signs it: by typing at a terminal, or by its digest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from evalharness.cli.output import write_text
from evalharness.cli.sign_dialogue import interactive
from evalharness.cli.signers_output import waiting_lines
from evalharness.errors import bad_input

if TYPE_CHECKING:
    from evalharness.workflows.register_signing import Agree, Change

_HINT = "read all that `evalharness signers show` says it changes; agree with the digest that stands there: --agree sha256:…"


def agreement(agree: str | None, json_output: bool) -> Agree:
    """Shows the version (not with --json), then wants `agree` to be its digest; without `agree` it asks at the terminal.

    What it returns raises BadInput for another digest or version number, and where there is nobody to ask. A digest, not a flag: a script
    that agrees to whatever waits would be the one signature too many.
    """

    def asked(change: Change) -> None:
        if not json_output:
            write_text("\n".join(waiting_lines(change)) + "\n", error=True)
        if agree is not None:
            _check_digest(agree, change)
        elif json_output or not at_a_terminal():
            why = "--json asks nothing" if json_output else "there is no terminal to ask at"
            raise bad_input(
                f"nobody agreed to version {change.version}, and nothing was signed: {why}", where="--agree", got="nothing",
                expected="the digest of what is signed", hint=_HINT,
            )  # fmt: skip
        else:
            _check_typed(_typed(), change)

    return asked


def at_a_terminal() -> bool:
    """Whether somebody types who also sees what is shown."""
    return interactive() and sys.stderr is not None and sys.stderr.isatty()


def _check_digest(agree: str, change: Change) -> None:
    if agree != change.payload:
        raise bad_input(
            f"that is not the digest of version {change.version} as it waits; nothing was signed", where="--agree", got=agree,
            expected="the digest of what is signed, of this very version", hint=_HINT,
        )  # fmt: skip


def _check_typed(typed: str, change: Change) -> None:
    if typed != str(change.version):
        raise bad_input(
            "that is not the number of the version; nothing was signed", where="version number", got=typed or "nothing",
            expected=str(change.version), hint="if you do not want this change, delete its file: it was only proposed",
        )  # fmt: skip


def _typed() -> str:
    write_text("Type the version number to sign: ", error=True)
    sys.stderr.flush()
    try:
        return input().strip()
    except EOFError:
        return ""
