"""The measures of an order of leads, over every order that equal scores allow, and of linked records: in plain Python and scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, permutations, product
from math import ceil
from statistics import mean

from sklearn import metrics


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead of a day."""

    score: float | None
    minutes: float
    relevant: bool


Day = Sequence[Lead]
Order = tuple[int, ...]
"""Places of a day's leads, in the order in which they are opened."""


def by_score(day: Day) -> list[Order]:
    """Every order that scores allow; leads without one stand last."""
    ranked = sorted(range(len(day)), key=lambda at: _key(day[at]))
    runs = [list(permutations(run)) for _, run in groupby(ranked, key=lambda at: _key(day[at]))]
    return [tuple(at for run in parts for at in run) for parts in product(*runs)]


def _key(lead: Lead) -> float:
    return float("inf") if lead.score is None else -lead.score


def by_arrival(day: Day) -> list[Order]:
    """The one order in which leads came."""
    return [tuple(range(len(day)))]


def at_random(day: Day) -> list[Order]:
    """All of them."""
    return list(permutations(range(len(day))))


def ordered(days: Sequence[Day], orders: Sequence[list[Order]], *, budget: int, goal: float) -> dict[str, float]:
    """Every measure of the order: of each day, the mean over its orders."""
    missed = [(d, at) for d, day in enumerate(days) for at in by_score(day)[0][budget:] if day[at].relevant]
    missed += [(d, at) for d, day in enumerate(days) for at in by_score(day)[0][:budget] if day[at].relevant and day[at].score is None]
    relevant = [(d, at) for d, day in enumerate(days) for at, lead in enumerate(day) if lead.relevant]
    places = {(d, at): [order.index(at) + 1 for order in orders[d]] for d, at in relevant}
    waits = {(d, at): _waits(days[d], orders[d], at) for d, at in relevant}
    found = {
        "median_wait_of_missed": _median([waits[one] for one in missed]),
        "median_rank_of_missed": _median([places[one] for one in missed]),
        "median_wait": _median(list(waits.values())),
        "median_rank": _median(list(places.values())),
        "budget_for_95": _enough(list(places.values()), 0.95),
        "rank_of_first_find": _over_days(days, orders, lambda day, order: 1 + _finds(day, order)[0]),
        "time_to_first_find": _over_days(days, orders, lambda day, order: sum(day[at].minutes for at in order[: _finds(day, order)[0]])),
        "mean_average_precision": _over_days(days, orders, _average_precision),
        "ndcg": _over_days(days, orders, _gain),
        "work_saved_95": _over_days(days, orders, lambda day, order: _saved(day, order, 0.95)),
        "work_saved_at_goal": _over_days(days, orders, lambda day, order: _saved(day, order, goal)),
    }
    return {**found, "median_days_of_missed": found["median_rank_of_missed"] / budget}


def _waits(day: Day, orders: list[Order], lead: int) -> list[float]:
    """For every order the minutes ahead of a lead, where it stands: the mean of all orders that have it at this place."""
    ahead = [sum(day[at].minutes for at in order[: order.index(lead)]) for order in orders]
    place = [order.index(lead) for order in orders]
    return [mean(wait for wait, other in zip(ahead, place, strict=True) if other == own) for own in place]


def _over_days(days: Sequence[Day], orders: Sequence[list[Order]], measure: Callable[[Day, Order], float]) -> float:
    return mean(mean(measure(day, order) for order in orders[d]) for d, day in enumerate(days))


def _median(values: Sequence[Sequence[float]]) -> float:
    """The smallest value that half of the leads reach, each with every one of its values equally likely."""
    weighed = sorted((value, 1 / len(own)) for own in values for value in own)
    reached = 0.0
    for value, weight in weighed:
        reached += weight
        if reached >= len(values) / 2 - 1e-9:
            return value
    raise AssertionError("half is reached before the end")


def _enough(places: Sequence[Sequence[int]], share: float) -> int:
    """The fewest a day that find so much, on average."""
    found = (sum(sum(place <= budget for place in own) / len(own) for own in places) / len(places) for budget in range(1, 100))
    return next(budget for budget, part in enumerate(found, start=1) if part >= share - 1e-9)


def _finds(day: Day, order: Order) -> list[int]:
    return [place for place, at in enumerate(order) if day[at].relevant]


def _saved(day: Day, order: Order, share: float) -> float:
    finds = _finds(day, order)
    opened = finds[ceil(share * len(finds) - 1e-9) - 1] + 1
    return 1 - opened / len(day) - (1 - share)


def _average_precision(day: Day, order: Order) -> float:
    return metrics.average_precision_score([day[at].relevant for at in order], [-place for place in range(len(order))])


def _gain(day: Day, order: Order) -> float:
    return metrics.ndcg_score([[float(day[at].relevant) for at in order]], [[-float(place) for place in range(len(order))]])


Pair = frozenset[str]


def linked(entities: Iterable[Sequence[str]], scores: dict[Pair, float | None], threshold: float) -> dict[str, float]:
    """Every metric of links between the records of these entities."""
    entities = [tuple(entity) for entity in entities]
    records = [record for entity in entities for record in entity]
    true = {frozenset(pair) for entity in entities for pair in combinations(entity, 2)}
    made = {pair for pair, score in scores.items() if score is not None and score >= threshold}
    whole, chains = _chains(records, true), _chains(records, made)
    held = _chains(records, true & scores.keys())
    candidates = sorted(scores, key=sorted)
    is_true, is_made = [pair in true for pair in candidates], [pair in made for pair in candidates]
    precision, recall = len(true & made) / len(made), len(true & made) / len(true)
    splits = sum(len({whole[record] for record in chain}) - 1 for chain in set(chains.values()))
    merges = sum(len({chains[record] for record in entity}) - 1 for entity in entities)
    purity, wholeness = _bcubed(records, chains, whole), _bcubed(records, whole, chains)
    purity_held, wholeness_held = _bcubed(records, chains, held), _bcubed(records, held, chains)
    silent = sum(score is None for score in scores.values())
    return {
        "pairwise_recall": recall,
        "pairwise_precision": precision,
        "pairwise_f1": _harmonic(precision, recall),
        "no_answer_rate": silent / len(true | made | set(scores)),
        "bcubed_precision": purity,
        "bcubed_recall": wholeness,
        "bcubed_f1": _harmonic(purity, wholeness),
        "merge_distance": splits + merges,
        "splits": splits,
        "merges": merges,
        "bcubed_precision_inside_candidates": purity_held,
        "bcubed_recall_inside_candidates": wholeness_held,
        "bcubed_f1_inside_candidates": _harmonic(purity_held, wholeness_held),
        "pairwise_precision_inside_candidates": metrics.precision_score(is_true, is_made),
        "pairwise_recall_inside_candidates": metrics.recall_score(is_true, is_made),
        "pairwise_f1_inside_candidates": metrics.f1_score(is_true, is_made),
    }


def _chains(records: Sequence[str], links: Iterable[Pair]) -> dict[str, frozenset[str]]:
    """Of each record, all that a chain of links joins to it."""
    found = {record: frozenset({record}) for record in records}
    for left, right in map(sorted, links):
        joined = found[left] | found[right]
        found |= dict.fromkeys(joined, joined)
    return found


def _bcubed(records: Sequence[str], of: dict[str, frozenset[str]], against: dict[str, frozenset[str]]) -> float:
    return mean(len(of[record] & against[record]) / len(of[record]) for record in records)


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b)
