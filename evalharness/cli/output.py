"""What the command line prints, and where: results on standard output, progress and notices on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from evalharness.records.progress import Progress, silent

MARKS = {"met": "✓ met", "not_met": "✗ not met", "not_demonstrated": "? not demonstrated", "not_evaluable": "– not evaluable"}
_STYLES = {"met": "green", "not_met": "red", "not_demonstrated": "yellow", "not_evaluable": "magenta"}


def write_text(text: str, *, error: bool = False) -> None:
    """`text` on standard output, or on standard error, as it is.

    A stream that is closed or full loses the text and changes nothing else: the exit code is the answer, and it never depends on a reader.
    """
    stream = sys.stderr if error else sys.stdout
    if stream is None:
        return
    try:
        stream.write(text)
    except (OSError, ValueError):
        silence(stream)


def silence(stream: TextIO) -> None:
    """Sends what is still buffered for a dead stream nowhere, so that the interpreter's last flush cannot change the exit code."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        pass


def flush_all() -> None:
    """Flushes both streams; a dead one is silenced."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            silence(stream)


def print_text(text: str = "") -> None:
    """One line on standard output, as it is."""
    write_text(text + "\n")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print_text(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))


def print_error(text: str) -> None:
    """An error on standard error."""
    write_text(f"error: {text}\n", error=True)


def print_notice(text: str) -> None:
    """A remark on standard error."""
    write_text(f"note: {text}\n", error=True)


def outcome_text(outcome: str) -> Any:
    """An outcome with its mark, coloured where the terminal has colours."""
    from rich.text import Text  # noqa: PLC0415

    return Text(MARKS[outcome], style=_STYLES[outcome])


def print_table(columns: tuple[str, ...], rows: list[tuple[Any, ...]], title: str = "") -> None:
    """A table on standard output; nothing in the cells is read as markup."""
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=140)
    with console.capture() as drawn:
        console.print(table)
    write_text(drawn.get())


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress]:
    """A progress callback that draws on standard error, if that is a terminal."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield show
