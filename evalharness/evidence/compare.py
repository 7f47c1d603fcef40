"""Two runs: what was measured on what, and what became of each finding. Compares, computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.errors import shown
from evalharness.evidence.schema import BenchmarkPart, Evidence, FindingPart, ModelPart
from evalharness.evidence.second_pair import allows_for_size
from evalharness.records import Outcome, group_from_json
from evalharness.records.change import Change
from evalharness.requirements.names import finding_name

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """One finding in two runs, where anything about it differs."""

    name: str
    """`recall-everyone[sex=F]`."""
    before: FindingPart | None
    """None: it was not judged."""
    after: FindingPart | None
    """None: it is no longer judged."""

    @property
    def outcome_changed(self) -> bool:
        return self.before is None or self.after is None or self.before.outcome != self.after.outcome

    @property
    def worse(self) -> bool:
        """Whether the outcome is worse than it was, or nobody judges any more what was judged."""
        if self.before is None or self.after is None:
            return self.after is None
        order = tuple(Outcome)
        return order.index(Outcome(self.after.outcome)) < order.index(Outcome(self.before.outcome))


def compare_subjects(old: Evidence, new: Evidence) -> tuple[Change, ...]:
    """Another model, another text of its card, another benchmark, another certified threshold. The policy is compared elsewhere."""
    return (*_model(old.model, new.model), *_benchmark(old.benchmark, new.benchmark), *_certified(old, new))


def compare_findings(old: Evidence, new: Evidence) -> tuple[FindingChange, ...]:
    """Every finding that differs in anything, what is worse first, else in the order of the policy."""
    before, after = _by_name(old), _by_name(new)
    names = [*before, *(name for name in after if name not in before)]
    changes = [
        FindingChange(name=name, before=before.get(name), after=after.get(name)) for name in names if before.get(name) != after.get(name)
    ]
    return tuple(sorted(changes, key=lambda change: (not change.worse, not change.outcome_changed)))


def compare_circumstances(old: Evidence, new: Evidence) -> tuple[str, ...]:
    """What differs between the runs and is no part of what is approved, in words."""
    return tuple(_circumstances(old, new))


def _model(old: ModelPart, new: ModelPart) -> Iterator[Change]:
    details = "; ".join(_details(old, new, ("name", "version", "adapter", "family", "vendor_artifact_sha256")))
    tail = f"; {details}" if details else ""
    if old.digest != new.digest:
        card = "" if old.card == new.card else "; the text of its card changed too"
        yield Change(part="model", text=f"model: another artefact, {_short(old.digest)} → {_short(new.digest)}{tail}{card}", kind="model")
    elif old.card != new.card and old.card is not None and new.card is not None:
        text = f"model card: another text, the artefact is the same{tail}; a card also names the team and the supplier: read both"
        yield Change(part="model", text=text, kind="model")
    elif details and old.card == new.card:
        yield Change(part="model", text=f"model: {details}", kind="model")
    if (old.card is None) != (new.card is None):
        text = "model card: there is none any more, so nothing can be approved" if new.card is None else "model card: there is one now"
        yield Change(part="model", text=text + (tail if old.digest == new.digest else ""), direction="weaker" if new.card is None else "")
    if old.supplier != new.supplier:
        yield Change(part="model", text=f"supplier: {_quoted(old.supplier)} → {_quoted(new.supplier)}")


def _certified(old: Evidence, new: Evidence) -> Iterator[Change]:
    """The threshold that each run found; one that the policy fixes is compared with the policy."""
    before, after = old.operating_point, new.operating_point
    if "certified" in {before.chosen, after.chosen} and before.threshold != after.threshold:
        told = ("none" if point.threshold is None else f"{point.threshold:.10g} ({point.chosen})" for point in (before, after))
        yield Change(part="operating_point", text="threshold of the run: " + " → ".join(told))


def _benchmark(old: BenchmarkPart, new: BenchmarkPart) -> Iterator[Change]:
    details = "; ".join(_details(old, new, ("name", "version", "rows", "seed", "rows_judged", "title")))
    if old.digest != new.digest:
        tail = f"; {details}" if details else ""
        yield Change(part="benchmark", text=f"benchmark: other items, {_short(old.digest)} → {_short(new.digest)}{tail}", kind="benchmark")
    elif details:
        yield Change(part="benchmark", text=f"benchmark: the same items; {details}", kind="benchmark")
    for attribute in [name for name in old.attributes if name not in new.attributes]:
        text = f"benchmark: it no longer knows the group attribute {shown(attribute)}"
        yield Change(part="benchmark", text=text, direction="weaker")
    for attribute in [name for name in new.attributes if name not in old.attributes]:
        yield Change(part="benchmark", text=f"benchmark: it knows the group attribute {shown(attribute)} now", direction="stricter")
    if old.clustered != new.clustered:
        now = "items of one cluster count as related now" if new.clustered else "items count as unrelated now, which makes bounds narrower"
        yield Change(part="benchmark", text=f"benchmark: {now}", direction="stricter" if new.clustered else "weaker")
    for line in _details(old, new, ("task", "levels", "synthetic", "split", "positive", "negative", "sampling")):
        yield Change(part="benchmark", text=f"benchmark: {line}")


def _details(old: ModelPart | BenchmarkPart, new: ModelPart | BenchmarkPart, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"{name.replace('_', ' ')} {_text(before)} → {_text(after)}"


def _circumstances(old: Evidence, new: Evidence) -> Iterator[str]:
    if old.claim != new.claim:
        yield f"the claim that the evidence carries: {old.claim} → {new.claim}"
    if old.lock != new.lock:
        yield f"lock: {_lock(old)} → {_lock(new)}"
    clustered = old.benchmark.counted_in_clusters and new.benchmark.counted_in_clusters
    if clustered and allows_for_size(old) != allows_for_size(new):
        text = "now, which makes them wider" if allows_for_size(new) else "no longer, which makes them narrower"
        yield f"bounds: they allow for large clusters that come out worse than small ones {text}"
    if old.created != new.created:
        yield f"judged on: {old.created} → {new.created}"
    for name in sorted(set(old.environment) | set(new.environment)):
        before, after = old.environment.get(name, "absent"), new.environment.get(name, "absent")
        if before != after:
            yield f"environment: {shown(name)} {shown(before, _LONGEST)} → {shown(after, _LONGEST)}"


def _lock(evidence: Evidence) -> str:
    if evidence.lock is None:
        return "none, a practice run"
    return f"attempt {evidence.lock.attempt} of the campaign {shown(evidence.lock.campaign, 200)}, bounds at {evidence.lock.level:g}"


def _by_name(evidence: Evidence) -> dict[str, FindingPart]:
    return {finding_name(f.requirement, group_from_json(f.group), f.condition): f for f in evidence.findings}


def _short(digest: str) -> str:
    """Enough of a digest to tell two apart by eye; both are in full in the evidence."""
    return digest[:19] + "…"


def _quoted(text: str) -> str:
    return f'"{shown(text, _LONGEST)}"'


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return shown(" < ".join(map(str, value)), _LONGEST) if value else "none"
    if isinstance(value, int):
        return f"{value:,}"
    return "none" if value in (None, "") else shown(value, _LONGEST)
