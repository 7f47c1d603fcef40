"""What reading a Parquet file, a table or predictions, can go wrong with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from evalharness.errors import BadInput, bad_input, unreadable


@contextmanager
def parquet_refused(path: Path) -> Iterator[None]:
    """Turns what reading can raise into BadInput."""
    try:
        yield
    except pa.ArrowException as error:
        raise _damaged(path, error) from error
    except OSError as error:  # pyarrow raises plain OSError without a number for corrupt pages
        raise (_damaged(path, error) if error.errno is None else unreadable(path, error)) from error


def _damaged(path: Path, error: Exception) -> BadInput:
    return bad_input(
        "the Parquet file cannot be read",
        where=path,
        got=" ".join(str(error).split())[:300],
        expected="a complete Parquet file",
        hint="write it again: a copy that was cut short ends without the Parquet footer, and it may not be Parquet at all",
    )
