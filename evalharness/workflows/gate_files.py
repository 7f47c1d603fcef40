"""Files that hold the gate's answer for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalharness import __version__
from evalharness.admission import Decision
from evalharness.errors import bad_input
from evalharness.files.atomic import write_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFiles:
    """Where the answer is to be written; null: nowhere."""

    sarif: Path | None
    junit: Path | None

    def clear(self) -> None:
        """Removes what is there: an answer of another day must not stand where this one could not be given. Raises BadInput."""
        if self.sarif is not None and self.sarif == self.junit:
            raise bad_input("two answers cannot stand in one file", where="--sarif, --junit", got=str(self.sarif))
        for option, path in (("--sarif", self.sarif), ("--junit", self.junit)):
            if path is None:
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise bad_input("the file cannot be replaced", where=option, got=f"{path}: {error.strerror or error}") from error

    def write(self, decision: Decision) -> None:
        """Writes each whole or not at all. Raises BadInput when that cannot be done."""
        if self.sarif is not None:
            from evalharness.admission.sarif import sarif_text  # noqa: PLC0415  only for who asks

            write_bytes(self.sarif, sarif_text(decision, __version__).encode())
        if self.junit is not None:
            from evalharness.admission.junit import junit_text  # noqa: PLC0415  brings network modules of the standard library with it

            write_bytes(self.junit, junit_text(decision).encode())
