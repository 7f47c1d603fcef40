"""What the examples of docs/metrics.md show beside each metric: `19 / 24 = 79.2 % (61.0 % to 91.5 %)`."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from metrics_docs_data import PAIR_LEVELS, PAIRED, REGRADED, examples, markdown
from metrics_docs_examples import Measured, copies_measured, evidence_of, measured

from evalharness.catalogue import NOTIONS, Metric, TaskMetrics
from evalharness.catalogue.metric import OUTCOMES
from evalharness.catalogue.ranking_described import ORDERS
from evalharness.report.numbers import SPACE, Rounding, count, exact, four, percent, plain

_DECIMALS = {"index": 3, "ratio": 3, "log odds": 3, "cost": 2, "reviews": 2, "levels": 3, "leads": 2, "days": 2}
_STEPS = ("minutes", "leads", "days", "splits and merges")
_WIDTH = 140
_FEW = 3
_ORDERS = {"": "", "_first_in_first_out": "by arrival ", "_random_order": "random "}


def shown(task: str) -> str:
    """The items of the example of a task, and what is counted of them."""
    example = examples()[task]
    text = f"{fill(f'**The example.** {example.words}', _WIDTH)}\n\n{example.table}"
    if task in ("risk", "ordinal"):
        return text
    counts = evidence_of(task)["tallies"]["confusion"][0]
    return f"{text}\nSo, in `tallies.confusion` of the evidence, {', '.join(f'{name} = {counts[name]}' for name in OUTCOMES)}.\n"


def unbroken(cell: str) -> str:
    """A line may end before bounds and between the parts of a list, and nowhere else: a narrow column stays readable."""
    return cell.replace(" ", SPACE).replace(f"{SPACE}(", " (").replace(f";{SPACE}", "; ").replace(f":{SPACE}", ": ")


def here(of: TaskMetrics, metric: Metric, task: str = "") -> str:
    """The value of a metric of a task, and its bounds, with the counts behind it. Raises LookupError where the example does not have it."""
    task = task or of.task
    found = measured(task)
    if metric.kind == "described" and of.task == "ranking":
        lines = ((words, found[metric.name + end, ""]) for end, words in _ORDERS.items() if end in ORDERS)
        return "; ".join(words + with_bounds(metric, line) for words, line in lines)
    line = next((line for (name, _), line in found.items() if name == metric.name), None)
    if line is None:
        raise LookupError(
            f"the example of the task {task} does not measure {metric.name}: add what it needs to scripts/metrics_docs_data.py"
        )
    return _behind(of, metric, line, task) + with_bounds(metric, line)


def methods(task: str, metrics: Iterable[Metric]) -> str:
    """How the bounds, or the values, of these metrics are made: the `method` of the evidence, each once, the commonest last."""
    found = {name: line["method"] for (name, _), line in measured(task).items()}
    by_method: dict[str, list[str]] = {}
    for metric in metrics:
        by_method.setdefault(found[metric.name], []).append(f"`{metric.name}`")
    *others, (commonest, names) = sorted(by_method.items(), key=lambda item: len(item[1]))
    listed = [f"* {', '.join(names)}: `{method}`\n" for method, names in others]
    listed.append(f"* {'all others' if others and len(names) > _FEW else ', '.join(names) if others else 'all'}: `{commonest}`\n")
    return f"\nHow they are made (`method` in the evidence):\n\n{''.join(listed)}"


def here_of_copies(of: TaskMetrics, metric: Metric) -> str:
    """The same for a metric of items and their copies."""
    line, counts = copies_measured(of)[metric.name]
    return f"{_weighed(metric.numerator, counts)} / {_weighed(metric.denominator, counts)} = {with_bounds(metric, line)}"


def here_of_notion(name: str) -> str:
    """Difference and ratio between the two groups of the binary example."""
    found = measured("binary")
    return f"{_limits(found[f'{name}_difference', ''], 'index')}; {_limits(found[f'{name}_ratio', ''], 'index')}"


def here_of_gaps() -> str:
    """In words: the recall of both groups, and the gap between them."""
    rates = {
        line["group"]["group"]: f"{line['group']['group']}: {percent(line['value'])}"
        for line in evidence_of("binary")["estimates"]
        if line["metric"] == "recall" and line["group"]
    }
    found = measured("binary")
    text = (
        f"In the example of the binary task the recall of group {', of '.join(rates.values())}; so `recall_difference` is "
        f"{_limits(found['recall_difference', ''], 'index')} and `recall_ratio` {_limits(found['recall_ratio', ''], 'index')}."
    )
    return fill(text.replace(SPACE, " "), _WIDTH) + "\n"


def here_of_context(name: str) -> str:
    """What is told beside the comparison of recall in the same example."""
    context = evidence_of("binary")["group_context"]
    if name == "`worst`":
        return ""  # there are no intersections in the example
    if name == "`conflicts`":
        (found,) = context["conflicts"]
        named = zip(found["groups"], found["base_rates"], strict=True)
        rates = ", ".join(f"{group['group']} {percent(rate)}" for group, rate in named)
        return f"{rates}: at least {percent(found['difference'])} apart".replace(SPACE, " ")
    (told,) = (line for line in context["gaps"] if line["metric"] == "recall")
    if "to_overall" in name:
        difference, ratio = (
            dict(zip(("value", "lower", "upper"), told[f"{kind}_to_overall"], strict=True)) for kind in ("difference", "ratio")
        )
        return f"{_limits(difference, 'index')}; {_limits(ratio, 'index')}"
    return four(told[name.strip("`")])


def copies_shown() -> str:
    """The pairs behind the examples of items and their copies."""
    fates = tuple(next(iter(PAIRED.values())))
    decided = markdown(("item, copy", *fates), ((truth, *map(str, numbers.values())) for truth, numbers in PAIRED.items()))
    rows = zip(PAIR_LEVELS, REGRADED, strict=True)
    graded = markdown(
        ("item", *(f"copy {level}" for level in PAIR_LEVELS), "no answer"), ((level, *map(str, numbers)) for level, numbers in rows)
    )
    words = "**The example.** Pairs by what was decided of the item and of its copy; below, by the level that was given to each."
    return f"{words}\n\n{decided}\n{graded}"


def _behind(of: TaskMetrics, metric: Metric, line: Measured, task: str) -> str:
    """The counts of which the value is made; empty where they are not the tally's."""
    counts = _counts(of, task)
    if metric.kind == "complete":
        account = evidence_of(task)["predictions"]
        return f"{account['duplicate'] + account['invalid']} / {line['n']} = "
    if metric.kind == "cost":
        return f"{count(round(line['value'] * line['n']))} / {line['n']} = "
    metric = of.metrics.get(metric.name, metric)
    if metric.kind in ("composite", "described"):
        return ""
    above, below = _weighed(metric.numerator, counts), _weighed(metric.denominator, counts)
    if metric.kind == "reciprocal":
        return f"{below} / {above} = "
    if metric.kind == "scaled":
        return f"{above} / {below} x {exact(round(line['value'] * below / above, 6))} = "
    return f"{above} / {below} = "


def _counts(of: TaskMetrics, task: str) -> list[int]:
    if task == "risk":
        (bands,) = (curve for curve in evidence_of(task)["curves"] if curve["name"] == "bands")
        return [*(int(number) for row in bands["rows"] for number in row[1:-1]), *(int(row[-1]) for row in bands["rows"])]
    tallies: dict[str, Any] = evidence_of(task)["tallies"]
    if of.ordinal:
        everybody = tallies["ordinal"][0]
        return [*(number for row in everybody["matrix"] for number in row), *everybody["no_answer"]]
    return [tallies["confusion"][0][name] for name in of.outcomes]


def _weighed(weights: Iterable[int], counts: Iterable[int]) -> int:
    return sum(weight * number for weight, number in zip(weights, counts, strict=True))


def with_bounds(metric: Metric, line: Measured) -> str:
    """The value, and its bounds where it has any."""
    return _number(line["value"], metric.unit) if metric.complete else _limits(line, metric.unit)


def _limits(line: Measured, unit: str) -> str:
    """Value, and both bounds: where there is a second pair, the wider ones, since a requirement needs both."""
    text = _number(line["value"], unit)
    lower = [pair for pair in (line["lower"], (line.get("by_size") or [None])[0]) if pair is not None]
    upper = [pair for pair in (line["upper"], (line.get("by_size") or [None])[-1]) if pair is not None]
    if not lower or not upper:
        return text
    return f"{text} ({_number(min(lower), unit, 'down')} to {_number(max(upper), unit, 'up')})"


def _number(value: float, unit: str, rounding: Rounding = "near") -> str:
    if unit == "proportion":
        return percent(value, rounding).replace(SPACE, " ")
    text = plain(value, rounding, decimals=_DECIMALS.get(unit))
    return text.rstrip("0").rstrip(".") if unit in _STEPS and "." in text else text


def notions() -> Iterable[list[str]]:
    """Rows of the table of notions: name, metrics, here."""
    for name, parts in NOTIONS.items():
        yield [f"`{name}_difference`, `{name}_ratio`", " and ".join(f"`{part}`" for part in parts), here_of_notion(name)]
