"""Blind exports: what a vendor may see of a benchmark's items, the key that stays behind, and the items seen through it."""

from evalharness.benchmarks.blind.canaries import UNANSWERED, CanaryCheck, chance_of_fewer, check_canaries
from evalharness.benchmarks.blind.export import BlindExport, export_blind
from evalharness.benchmarks.blind.fresh_ids import exports_in
from evalharness.benchmarks.blind.key import BlindKey, KeyFile, read_key, read_key_file, table_path
from evalharness.benchmarks.blind.places import check_apart, check_no_key
from evalharness.benchmarks.blind.seen import Blinded, CanaryItems

__all__ = [
    "UNANSWERED",
    "BlindExport",
    "BlindKey",
    "Blinded",
    "CanaryCheck",
    "CanaryItems",
    "KeyFile",
    "chance_of_fewer",
    "check_apart",
    "check_canaries",
    "check_no_key",
    "export_blind",
    "exports_in",
    "read_key",
    "read_key_file",
    "table_path",
]
