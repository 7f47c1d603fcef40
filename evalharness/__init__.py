"""evalharness: judge classifiers on confidence bounds against a written policy.

    from evalharness import evaluate, gate, stress

Importing the package loads nothing heavy: the functions are fetched when they are first used, and `gate` needs no numerical library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalharness.workflows.evaluate import evaluate
    from evalharness.workflows.gate import gate
    from evalharness.workflows.stress import stress

__all__ = ["__version__", "evaluate", "gate", "stress"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "evaluate":
        from evalharness.workflows.evaluate import evaluate  # noqa: PLC0415

        return evaluate
    if name == "gate":
        from evalharness.workflows.gate import gate  # noqa: PLC0415

        return gate
    if name == "stress":
        from evalharness.workflows.stress import stress  # noqa: PLC0415

        return stress
    raise AttributeError(f"module 'evalharness' has no attribute {name!r}")
