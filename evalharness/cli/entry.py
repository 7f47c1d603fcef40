"""What the `evalharness` command is around the commands: streams, garbage, signals, the exit code."""

from __future__ import annotations

import gc
import os
import sys

from evalharness.cli.app import app
from evalharness.cli.exit_codes import run_app
from evalharness.cli.output import flush_all, print_error, print_json
from evalharness.cli.signals import Ended, ending_in_order

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""A command is a short process: collecting garbage every 700 objects would be a tenth of the gate's time."""


def main() -> None:
    """Entry point of the `evalharness` command."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # nobody else's code takes part in reading evidence
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with ending_in_order():
            code: int | str | None = run_app(app, sys.argv[1:])
    except Ended as told:
        code = told.code
        _tell(told)
    except SystemExit as leave:
        code = leave.code
    flush_all()
    raise SystemExit(code)


def _tell(told: Ended) -> None:
    if "--json" in sys.argv:
        print_json({"exit_code": told.code, "problems": [{"what": f"ended by {told.name}"}]})
    else:
        print_error(f"ended by {told.name}; nothing was left half-written")
