"""Blind exports: what a vendor may see of a benchmark's items, the key that stays behind, and the items seen through it."""

from evalharness.benchmarks.blind.canaries import CanaryCheck, check_canaries
from evalharness.benchmarks.blind.export import BlindExport, export_blind
from evalharness.benchmarks.blind.key import BlindKey, read_key, read_key_file
from evalharness.benchmarks.blind.seen import Blinded, CanaryItems

__all__ = [
    "BlindExport",
    "BlindKey",
    "Blinded",
    "CanaryCheck",
    "CanaryItems",
    "check_canaries",
    "export_blind",
    "read_key",
    "read_key_file",
]
