"""Exceptions to exit codes. The only place that decides one."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from evalharness.cli.output import print_error, print_json
from evalharness.errors import Altered, BadInput, EvalharnessError, MissingSignOff, NoEvidence, Problem, shown

DONE, FAULT, USAGE, NO_EVIDENCE, NO_SIGN_OFF, ALTERED, INTERRUPTED = 0, 1, 2, 3, 12, 13, 130


def mapped(command: Callable[..., None]) -> Callable[..., None]:
    """Runs a command; every failure becomes one message on standard error (JSON on standard output with --json) and its exit code."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        as_json = bool(kwargs.get("json_output", False))
        try:
            command(*args, **kwargs)
        except BadInput as error:
            _leave(USAGE, [problem_as_json(p) for p in error.problems], str(error), as_json)
        except NoEvidence as error:
            _leave(NO_EVIDENCE, [{"what": shown(str(error), 600)}], shown(str(error), 600), as_json)
        except MissingSignOff as error:
            _leave(NO_SIGN_OFF, [{"what": shown(reason, 600)} for reason in error.reasons], str(error), as_json)
        except Altered as error:
            _leave(ALTERED, [{"what": shown(reason, 600)} for reason in error.reasons], str(error), as_json)
        except KeyboardInterrupt:
            _leave(INTERRUPTED, [{"what": "interrupted"}], "interrupted; nothing was left half-written", as_json)
        except OSError as error:
            if error.filename is None:
                _fault(error, as_json)
            what = f"{error.filename}: it cannot be read or written: {error.strerror}"
            _leave(USAGE, [{"what": shown(what, 600)}], shown(what, 600), as_json)
        except EvalharnessError as error:
            _fault(error, as_json)
        except Exception as error:  # noqa: BLE001  the last line: a fault of the harness is exit 1, never a traceback and never 0
            _fault(error, as_json)

    return run


def run_app(app: Callable[..., Any], arguments: list[str]) -> int:
    """Runs the typer application; a usage error is told like every other problem, as JSON where `--json` stands among the arguments."""
    try:
        result = app(args=arguments, standalone_mode=False)
    except Exception as error:
        message = getattr(error, "format_message", None)  # every usage error of typer (and of click beneath older ones) has it
        if message is None:
            raise
        if "--json" in arguments:
            print_json({"exit_code": USAGE, "problems": [{"what": shown(message(), 600)}]})
        else:
            with suppress(OSError):  # nobody reads; the code says it all the same
                error.show()  # type: ignore[attr-defined]
        return USAGE
    return result if isinstance(result, int) else DONE


def _fault(error: BaseException, as_json: bool) -> NoReturn:
    if os.environ.get("EVALHARNESS_DEBUG"):
        raise error
    text = f"fault in the harness: {type(error).__name__}: {shown(str(error), 600)}"
    _leave(FAULT, [{"what": text}], text + "\n    hint: set EVALHARNESS_DEBUG=1 to see where, and please report it", as_json)


def _leave(code: int, problems: list[dict[str, str]], text: str, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"exit_code": code, "problems": problems})
    else:
        print_error(text)
    raise SystemExit(code)


def problem_as_json(problem: Problem) -> dict[str, str]:
    """What is known of a problem, by name; what is empty is left out."""
    return {name: getattr(problem, name) for name in ("what", "where", "got", "expected", "hint") if getattr(problem, name)}
