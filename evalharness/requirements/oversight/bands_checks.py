"""What the bands of a policy mean together: each item has one fate, and none is closed by the classifier unless the policy says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evalharness.errors import Problems
from evalharness.files.document import KeyPath
from evalharness.files.shape import check
from evalharness.files.yaml import YamlDocument
from evalharness.records.oversight_bands import TO_A_PERSON, Band
from evalharness.requirements.oversight.asked import lines_about
from evalharness.requirements.oversight.bands_record import band_record
from evalharness.requirements.oversight.bands_shape import MOST_BANDS, POINT, BandShape

_PEOPLE = "human_in_the_loop"
_TAKES = {
    "binary": "from: SCORE, from: operating_point or rest: true",
    "linkage": "from: operating_point or rest: true",
    "ordinal": "levels: [LEVEL, …] or rest: true",
    "risk": "levels: [LEVEL, …] or rest: true",
    "ranking": "within_budget: true or rest: true",
}
_KEYS = ("from", "levels", "within_budget", "rest")
_OF_ITEMS = ("selective_risk", "deferral_rate_irrelevant")
"""Metrics that only tasks have whose items are decided one by one."""
_ONLY = {"binary": {"from", "rest"}, "linkage": {"from", "rest"}, "ordinal": {"levels", "rest"}, "risk": {"levels", "rest"}}
CLOSES = "the machine could close items by itself"
WAYS_OUT = (
    "give the band readers, or opened_within_days if every item is opened in that time (a spot check opens only some); "
    "or say so: human_in_the_loop: machine_closes: {why: …}, which stands on page one"
)
_Add = Callable[..., None]


def check_bands(document: YamlDocument, task: str | None, problems: Problems) -> None:
    """Adds every problem of the bands, and of what stands only beside them. Nothing where the policy has none of these keys."""
    people = document.data.get(_PEOPLE)
    if not isinstance(people, dict):
        return
    _check_relevant_from(document, people, task, problems)
    _check_asked(document, task, problems)
    if people.get("bands") is None:
        for key in ("defer", "machine_closes"):
            if people.get(key) is not None:
                hint = "say in bands what happens to each item, or remove it"
                problems.add(f"{key} needs bands", where=document.where((_PEOPLE, key)), hint=hint)
        return
    shapes = _readable(people["bands"])
    if shapes is None or task is None:
        return  # reported as such
    of = _Checks(document, task, people, shapes, problems)
    of.run()


def _check_asked(document: YamlDocument, task: str | None, problems: Problems) -> None:
    for at, metric, _ in lines_about(document, _OF_ITEMS) if task in {"ranking", "linkage"} else ():
        where = document.where(("requirements", at, "metric"))
        problems.add(f"{metric} is not counted for the task {task} in this version", where=where, hint="remove the requirement")


def _check_relevant_from(document: YamlDocument, people: dict[str, Any], task: str | None, problems: Problems) -> None:
    given, needed = people.get("relevant_from") is not None, people.get("bands") is not None
    if given and task not in (None, "ordinal"):
        what = f"the task {task} says by itself what is relevant"
        problems.add(what, where=document.where((_PEOPLE, "relevant_from")), hint="remove it; it is for the task ordinal")
    if not given and needed and task == "ordinal":
        what = "an ordinal policy with bands says from which level on an item is relevant"
        problems.add(what, where=document.where((_PEOPLE, "bands")), hint="add relevant_from: LEVEL to human_in_the_loop")


def _readable(bands: Any) -> list[BandShape] | None:
    """The bands; None where one of them cannot be read, which its shape reports."""
    if not isinstance(bands, list) or not 0 < len(bands) <= MOST_BANDS:
        return None
    found = [check(YamlDocument(path_text="", raw=b"", data=band, places={}), BandShape, Problems()) for band in bands]
    kept = [band for band in found if band is not None]
    return kept if len(kept) == len(found) else None


class _Checks:
    """All checks of bands that can be read."""

    def __init__(self, document: YamlDocument, task: str, people: dict[str, Any], shapes: Sequence[BandShape], problems: Problems) -> None:
        self._document, self._task, self._people, self._problems = document, task, people, problems
        self._shapes = shapes
        self._bands: list[Band] = [band_record(shape) for shape in shapes]
        point = document.data.get("operating_point")
        self._point: dict[str, Any] = point if isinstance(point, dict) else {}

    def run(self) -> None:
        """Adds every problem."""
        before = len(self._problems)
        for at in range(len(self._bands)):
            self._one(at)
        self._names()
        if len(self._problems) == before:  # what follows takes for granted that each band by itself is in order
            {"ordinal": self._levels, "risk": self._risk, "ranking": self._budget}.get(self._task, self._scores)()
        self._defer()
        self._closes()

    def _add(self, what: str, at: int | None, key: str = "", **told: Any) -> None:
        path: KeyPath = (_PEOPLE, "bands") if at is None else (_PEOPLE, "bands", at, *((key,) if key else ()))
        self._problems.add(what, where=self._document.where(path), **told)

    def _one(self, at: int) -> None:
        shape, last = self._shapes[at], at == len(self._shapes) - 1
        values = dict(zip(_KEYS, (shape.from_, shape.levels, shape.within_budget, shape.rest), strict=True))
        given = [key for key, value in values.items() if value is not None]
        allowed = _ONLY.get(self._task, {"within_budget", "rest"})
        if len(given) != 1 or not set(given) <= allowed:
            self._add(
                f"the band {shape.name} does not say which items it takes",
                at,
                got=", ".join(given) or "nothing",
                expected=_TAKES[self._task],
            )
        elif bool(shape.rest) != last:
            self._add(
                "the last band, and no other, takes the rest", at, hint="add a last band with rest: true" if last else "move it to the end"
            )
        if shape.readers:
            for key in ("opened_within_days", "spot_check"):
                if getattr(shape, key) is not None:
                    self._add(f"{key} is for bands without readers: every item of {shape.name} is read", at, key, hint="remove it")
        elif shape.shown is not None:
            self._add(f"nobody reads the band {shape.name}, so nothing is shown to them", at, "shown", hint="remove it")
        if shape.third_reader is not None and shape.readers != 2:
            self._add(
                "a third reader decides where two disagree", at, "third_reader", got=f"readers: {shape.readers}", expected="readers: 2"
            )

    def _names(self) -> None:
        names = [band.name for band in self._bands]
        for at, name in enumerate(names):
            if name == TO_A_PERSON or name in names[:at]:
                what = "items without an answer have this fate" if name == TO_A_PERSON else "two bands have one name"
                self._add(what, at, "name", got=name, hint="choose another name")

    def _scores(self) -> None:
        """Falling scores; what is selected is read, and nothing else."""
        threshold = self._point.get("threshold")
        cuts: list[float] = []
        for at, band in enumerate(self._bands):
            cut = threshold if band.selected else band.at_least
            if band.at_least is not None and self._task == "linkage":
                self._add("links are in two bands in this version", at, "from", got=band.at_least, expected=POINT)
            elif band.at_least is not None and not isinstance(threshold, int | float):
                certified = self._point.get("certify") is not None
                what = "whether this score lies above a certified threshold is not known beforehand" if certified else ""
                hint = f"write `from: {POINT}`, or leave the band out" if certified else ""
                self._add(what or "the operating point has no scores", at, "from", got=band.at_least, expected=POINT, hint=hint)
            elif band.at_least is not None and band.at_least == threshold:
                self._add("this is the operating point", at, "from", got=band.at_least, expected=POINT)
            elif isinstance(cut, int | float) and cuts and cut >= cuts[-1]:
                self._add(
                    f"no item can enter the band {band.name}: those above it take them all", at, "from", got=cut, expected="a lower score"
                )
            cuts += [float(cut)] if isinstance(cut, int | float) else []
        self._read([band.selected for band in self._bands])

    def _budget(self) -> None:
        self._read([band.selected for band in self._bands])

    def _read(self, selected: Sequence[bool]) -> None:
        """One band is what the operating point selects; bands up to it have readers, those below it have none."""
        if sum(selected) != 1:
            wanted = "within_budget: true" if self._task == "ranking" else f"from: {POINT}"
            self._add(f"one band takes what is selected: {wanted}", None, got=f"{sum(selected)} of them", expected="one")
            return
        place = list(selected).index(True)
        for at, band in enumerate(self._bands):
            if (band.readers > 0) != (at <= place):
                self._two_points(at, band, at <= place)

    def _two_points(self, at: int, band: Band, selected: bool) -> None:
        told = "are selected, and nobody reads them" if selected else "are not selected, and are read all the same"
        self._add(
            f"items of the band {band.name} {told}: that makes two operating points", at, "readers", got=band.readers,
            expected="1 or 2" if selected else "0", hint="the figures of a run are about one operating point; move it, or the band",
        )  # fmt: skip

    def _levels(self) -> None:
        seen: set[str] = set()
        for at, band in enumerate(self._bands):
            for level in band.levels:
                if level in seen:
                    self._add("a level is in one band only", at, "levels", got=level, hint="name it once")
                seen.add(level)

    def _risk(self) -> None:
        """The top band is what is selected."""
        self._levels()
        top = self._point.get("top_band")
        for at, band in enumerate(self._bands):
            if isinstance(top, str) and (band.readers > 0) != (band.levels == (top,)):
                self._two_points(at, band, top in band.levels)
        if isinstance(top, str) and not any(top in band.levels for band in self._bands):
            self._add("no band takes the top band by name", None, got=top, hint=f"add {{name: …, levels: [{top}], readers: 1}}")

    def _defer(self) -> None:
        if self._people.get("defer") is not None and not (self._task == "binary" and self._point.get("threshold") is not None):
            where = self._document.where((_PEOPLE, "defer"))
            self._problems.add("only scores of a binary task can be near a threshold", where=where, hint="remove defer")

    def _closes(self) -> None:
        closing = [at for at, band in enumerate(self._bands) if band.closes]
        stated = self._people.get("machine_closes") is not None
        for at in closing if not stated else ():
            self._add(f"{CLOSES}: nobody reads the band {self._bands[at].name}", at, hint=WAYS_OUT)
        if stated and not closing:
            where = self._document.where((_PEOPLE, "machine_closes"))
            self._problems.add(
                "no band is closed by the machine, and the policy says that one is", where=where, hint="remove machine_closes"
            )
