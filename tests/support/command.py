"""The command line, called in this process: exit code, standard output, standard error."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from unittest import mock

from evalharness.cli import main


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


def evalharness(*arguments: object) -> Answer:
    """What `evalharness ARGUMENTS` answers."""
    out, err = io.StringIO(), io.StringIO()
    code: int | str | None = 0
    with (
        mock.patch.object(sys, "argv", ["evalharness", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as leave:
            code = leave.code
    return Answer(code if isinstance(code, int) else 0 if code is None else 1, out.getvalue(), err.getvalue())
