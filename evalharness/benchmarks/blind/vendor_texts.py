"""What a vendor reads beside the items of a blind export."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.benchmarks.blind.key import KeyFile
from evalharness.benchmarks.columns import Columns
from evalharness.records import BenchmarkInfo

_HELD_BACK = "Labels and groups are not in it."
_ANSWERS = {
    "binary": "`item_id` and `score` (a number from 0 to 1, higher: more likely {positive}), or `item_id` and `label`",
    "ordinal": "`item_id` and `label` (one of {levels}), or `item_id` and one column of scores per level",
    "ranking": "`item_id` and `score` (higher: to be looked at sooner)",
    "linkage": "`left_id`, `right_id` and `score` for the pairs of pairs.parquet, or `item_id` and `entity`",
    "risk": "`item_id`, `score` (the probability of {positive}) and `label` (one of {levels})",
}


def answers_wanted(info: BenchmarkInfo) -> str:
    """Which columns to send back."""
    return _ANSWERS[info.task].format(positive=info.positive, levels=", ".join(info.levels))


def readme(columns: Columns, info: BenchmarkInfo, permitted: Sequence[str], file: KeyFile) -> str:
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
Answer every item, each once. Send back one file, .csv or .parquet, with the columns {answers_wanted(info)}.
{watched}
`load_example.py` reads the items and writes a file of the right form; put your model where it says so. `manifest.json` has the digests.
"""


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def loader(info: BenchmarkInfo, permitted: Sequence[str]) -> str:
    """A program that needs pandas and a Parquet reader, and nothing of evalharness."""
    if info.task == "linkage":
        read, made = 'pd.read_parquet("pairs.parquet")', 'items[["left_id", "right_id"]].assign(score=0.5)'
    elif info.task == "ordinal":
        read, made = 'pd.read_parquet("items.parquet")', f'items[["item_id"]].assign(label="{info.levels[0]}")'
    elif info.task == "risk":
        read, made = 'pd.read_parquet("items.parquet")', f'items[["item_id"]].assign(score=0.5, label="{info.levels[0]}")'
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
