"""The command line. Parses, calls one workflow, prints, maps errors to exit codes; nothing else prints or exits."""

from evalharness.cli.app import app
from evalharness.cli.entry import main

__all__ = ["app", "main"]
