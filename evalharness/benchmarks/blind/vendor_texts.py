"""What a vendor reads beside the items of a blind export."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.benchmarks.blind.key import KeyFile
from evalharness.benchmarks.blind.rules import answers_wanted, by_label, rule_told
from evalharness.benchmarks.columns import Columns
from evalharness.records import BenchmarkInfo, Policy

_HELD_BACK = "Labels and groups are not in it."


def readme(columns: Columns, info: BenchmarkInfo, permitted: Sequence[str], file: KeyFile, policy: Policy | None) -> str:
    """README.md of the export."""
    watched = "Some items are there to check that answers were made from the items alone.\n" if file.canaries else ""
    warning = (
        "\n**Practice export.** Its recipe and seed are public, so its labels can be found out. Results on it prove nothing.\n"
        if file.practice
        else ""
    )
    held_back = f"Labels are not in it, and of the groups of the items only {_listed(permitted)}." if permitted else _HELD_BACK
    queues = (
        f"\n`{columns.queue}` is the queue in which an item waits, `{columns.arrived}` when it came, in minutes.\n" if columns.queue else ""
    )
    return f"""# Blind export {file.export} of {info.name}, version {info.version}
{warning}
`items.parquet` holds the items of one test set under ids made for this export, in no order. {held_back}
Everything in it is synthetic.
{queues}
Answer every item, each once. Send back one file, .csv or .parquet, with the columns {answers_wanted(info, policy)}.
{watched}
{rule_told(info, policy)}

`load_example.py` reads the items and writes a file of the right form; put your model where it says so. `manifest.json` has the digests.
"""


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def loader(info: BenchmarkInfo, permitted: Sequence[str], policy: Policy | None) -> str:
    """A program that needs pandas and a Parquet reader, and nothing of evalharness."""
    if info.task == "linkage" and by_label(policy):
        read, made = 'pd.read_parquet("items.parquet")', 'items[["item_id"]].assign(entity=items["item_id"])'
    elif info.task == "linkage":
        read, made = 'pd.read_parquet("pairs.parquet")', 'items[["left_id", "right_id"]].assign(score=0.5)'
    elif info.task == "ordinal":
        read, made = 'pd.read_parquet("items.parquet")', f'items[["item_id"]].assign(label="{info.levels[0]}")'
    elif info.task == "risk":
        read, made = 'pd.read_parquet("items.parquet")', f'items[["item_id"]].assign(score=0.5, label="{info.levels[0]}")'
    elif by_label(policy):
        read, made = 'pd.read_parquet("items.parquet")', f'items[["item_id"]].assign(label="{info.negative}")'
    else:
        read, made = 'pd.read_parquet("items.parquet")', 'items[["item_id"]].assign(score=0.5)'
    groups = f"\n\nColumns of items.parquet that tell of a group: {', '.join(permitted)}.\n" if permitted else ""
    return f'''"""Reads the items and writes answers of the right form. Put your model where the constant stands.{groups}"""

import pandas as pd

items = {read}
answers = {made}
answers.to_csv("answers.csv", index=False)
print(f"{{len(answers)}} answers in answers.csv")
'''
