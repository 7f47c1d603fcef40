"""The example of a review log on docs/metrics.md: plain Python makes the same of the table shown."""

from __future__ import annotations

from collections.abc import Iterator

from documented_page import section, shown

from evalharness.records.oversight_minutes import STEPS

TEXT = section("What people do with the answers").split("\n### A review log\n", 1)[1].split("\n### ", 1)[0]


def table() -> list[dict[str, str]]:
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    lines = lines[: next(at for at, line in enumerate(lines) if line.startswith("| metric"))]
    heads, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def readings() -> list[tuple[int, int, str, int, str]]:
    """(item, truth, how, what is said, what is shown)."""
    found = []
    for row in table():
        for name in ("ann", "ben", "cat", "dan"):
            cell = row[name]
            if cell != "–":
                how = next((word for word in ("again", "third", "seeded") if word in cell), "blind" if cell.endswith("b") else "shown")
                found.append((int(row["item"]), int(row["truth"]), how, int(next(c for c in cell if c in "01")), row["classifier"]))
    return found


def by_hand() -> dict[str, tuple[int, int]]:
    found: dict[str, list[bool]] = {}
    for _, truth, how, said, answer in readings():
        model = int(answer)
        for name, inside, counts in (
            ("reader_recall", how == "shown" and truth, said),
            ("reader_specificity", how == "shown" and not truth, not said),
            ("blind_reader_recall", how == "blind" and truth, said),
            ("blind_reader_specificity", how == "blind" and not truth, not said),
            ("wrong_when_model_wrong", how == "shown" and model != truth, said != truth),
            ("wrong_when_model_right", how == "shown" and model == truth, said != truth),
            ("blind_wrong_when_model_wrong", how == "blind" and model != truth, said != truth),
            ("dismissal_rate", how == "shown" and truth and model, not said),
            ("commission_rate", how == "shown" and not truth and model, said),
            ("omission_rate", how == "shown" and truth and not model, not said),
            ("seeded_detection", how == "seeded", said == truth),
            ("agreement_with_model", how == "shown", said == model),
            ("override_rate", how == "shown", said != model),
            ("slow_readings", how in ("shown", "blind"), False),
            ("read_model_recall", how == "shown" and truth, model),
            ("read_model_specificity", how == "shown" and not truth, not model),
        ):
            found.setdefault(name, []).extend([bool(counts)] if inside else [])
    for row in table():
        if "again" in row["cat"]:
            one, two, truth = row["ann"][0], row["cat"][0], row["truth"]
            found.setdefault("double_reading_disagreement", []).append(one != two)
            found.setdefault("third_reading_rate", []).append("third" in row["dan"])
            found.setdefault("joint_miss", []).extend([one == two == "0"] if truth == "1" else [])
    for name, wrong in by_order():
        found.setdefault(name, []).append(wrong)
    many = len(readings())
    steps = {f"longer_than_{step}_seconds": (many * (step < 20), many) for step in STEPS}
    return {name: (sum(counts), len(counts)) for name, counts in found.items()} | steps


def by_order() -> Iterator[tuple[str, bool]]:
    """Items 1 to 3, 4 to 6 and 7 to 10 are a shift of each reviewer; of n readings n // 3 are early and as many late."""
    for name in ("ann", "ben", "cat", "dan"):
        for shift, items in enumerate((range(1, 4), range(4, 7), range(7, 11))):
            made = [row for row in table() if int(row["item"]) in items and row[name] != "–"]
            for place, row in enumerate(made):
                cell, third = row[name], len(made) // 3
                if any(word in cell for word in ("again", "third", "seeded")):
                    continue
                wrong = cell[0] != row["truth"]
                if place < third:
                    yield "wrong_early_in_shift", wrong
                if place >= len(made) - third:
                    yield "wrong_late_in_shift", wrong
                if shift != 1:
                    yield ("wrong_in_last_shifts" if shift else "wrong_in_first_shifts"), wrong


def test_shares_are_those_of_the_table():
    told = shown(TEXT)
    for name, (part, total) in by_hand().items():
        assert told[name].replace("\u00a0", " ").startswith(f"{part} / {total} = "), name
    assert told.keys() - by_hand().keys() == {"automation_bias", "augmentation", "synergy", "tiring_trend", "weariness_trend"}


def test_differences_are_those_of_the_shares():
    rate = {name: part / total for name, (part, total) in by_hand().items()}
    told = {
        name: float(cell.replace("\u00a0", " ").split(" ")[0].replace("−", "-")) for name, cell in shown(TEXT).items() if "/" not in cell
    }
    together = (rate["reader_recall"] + rate["reader_specificity"]) / 2
    alone = (rate["blind_reader_recall"] + rate["blind_reader_specificity"]) / 2
    model = (rate["read_model_recall"] + rate["read_model_specificity"]) / 2
    assert told["automation_bias"] == round(rate["wrong_when_model_wrong"] - rate["blind_wrong_when_model_wrong"], 3)
    assert told["tiring_trend"] == round(rate["wrong_late_in_shift"] - rate["wrong_early_in_shift"], 3)
    assert told["weariness_trend"] == round(rate["wrong_in_last_shifts"] - rate["wrong_in_first_shifts"], 3)
    assert told["augmentation"] == round(together - alone, 3)
    assert told["synergy"] == round(together - max(alone, model), 3)


def test_exposure_is_that_of_the_readings_shown():
    """Of the relevant items 1 to 5; the four reviewers have one shift each, and the cap is 4."""
    text = section("What people do with the answers").split("\n### Exposure\n", 1)[1].split("\n### ", 1)[0]
    told = {name: cell.replace("\u00a0", " ") for name, cell in shown(text).items()}
    views = [(row["item"], name, row[name]) for row in table() for name in ("ann", "ben", "cat", "dan") if row["truth"] == "1"]
    views = [view for view in views if view[2] != "–"]
    by_reader = {name: sum(view[1] == name for view in views) for _, name, _ in views}
    asked = {(item, next((word for word in ("again", "third") if word in cell), "first")) for item, _, cell in views}
    finds = {item for item, _, cell in views if "1" in cell}
    over = sum(number > 4 for number in by_reader.values())
    assert told["shift_over_cap_rate"].startswith(f"{over} / {len(by_reader)} = ")
    assert told["repeat_view_rate"].startswith(f"{len(views) - len(asked)} / {len(views)} = ")
    assert told["severe_views_share"].startswith(f"{len(views)} / {len(views) + len(finds)} = ")
    assert told["severe_views_per_find"].startswith(f"{len(views)} / {len(finds)} = ")
