"""Finds and certifies the threshold that a policy asks for, before anything is judged; and what the evidence says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.adapters import columns_of
from evalharness.benchmarks.batch import Column
from evalharness.errors import Fault, Problems, bad_input
from evalharness.evidence import Evidence
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.oversight.certify import certificate_as_json
from evalharness.files.shape import suggestion
from evalharness.oversight.operating_curves import certificate_curves
from evalharness.oversight.operating_points import ScoredItems, certify, limits_again, method_of, out_of_reach
from evalharness.records import Caution, Policy, group_text
from evalharness.records.oversight_certify import CALIBRATION, MOST_PROMISES, TRAIN, Certificate, Certify
from evalharness.records.progress import Progress
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.inputs import Certified, Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, refuse_weighted
from evalharness.workflows.oversight.provided import Provided

NONE_CERTIFIED = (
    "No threshold could be certified: none that was tried keeps every target on the items for it. Nothing in this run is judged, and "
    "nothing of it may be used. The figures are those at the threshold where the search began."
)
_COLUMNS, _GROUPS = frozenset[Column]({"labels", "clusters"}), frozenset[Column]({"groups"})


def certified(inputs: Inputs, level: float, progress: Progress) -> Inputs:
    """The inputs with the threshold in the policy's operating point; as they are where the policy fixes one.

    Where none can be certified the point is the start of the search, so that there is something to count, and `certified` says so.
    Raises BadInput where the benchmark lacks the splits, shares clusters between them, or the classifier gives no scores there.
    """
    asked = inputs.policy.operating_point.certify
    if asked is None:
        return inputs
    check_certifiable(inputs)
    attributes = asked.attributes
    asked = asked.for_groups(inputs.benchmark.levels(inputs.policy.split))
    train, calibration = (_scored(inputs, split, attributes, progress) for split in (TRAIN, CALIBRATION))
    try:
        found = certify(asked, level, train, calibration)
    except ValueError as error:
        raise bad_input(
            "no threshold can be looked for", where=f"benchmark {inputs.benchmark.info.name}: split {TRAIN}", got=str(error),
            expected="scored items of both kinds in the splits train and calibration",
        ) from error  # fmt: skip
    people = inputs.policy.human_in_the_loop
    curves = certificate_curves(found, train, calibration, None if people is None else people.items_per_week)
    at = found.start if found.threshold is None else found.threshold
    policy = replace(inputs.policy, operating_point=replace(inputs.policy.operating_point, threshold=at))
    return replace(inputs, policy=policy, certified=Certified(record=found, curves=curves))


def as_judged(inputs: Inputs) -> Policy:
    """The policy by which findings are made: without a threshold where none could be certified."""
    if inputs.certified is None or inputs.certified.record.threshold is not None:
        return inputs.policy
    return replace(inputs.policy, operating_point=replace(inputs.policy.operating_point, threshold=None))


def certificate_part(inputs: Inputs, _progress: Progress) -> Provided | None:
    """What the evidence says of it. None where the policy fixes a threshold."""
    if inputs.certified is None:
        return None
    found = inputs.certified.record
    return Provided(
        parts={"certify": certificate_as_json(found)},
        notices=(Caution(kind="no_certificate", text=_none_certified(found)),) if found.threshold is None else (),
        limits=tuple(_limits(inputs, found)),
        curves=inputs.certified.curves,
    )


def _none_certified(found: Certificate) -> str:
    few, targets = len(out_of_reach(found)), len(found.asked.targets)
    if not few:
        return NONE_CERTIFIED
    are = "targets are" if targets > 1 else "target is"
    return (
        f"{NONE_CERTIFIED} {few} of {targets} {are} about so few items that no threshold could be shown to keep them; what limits this "
        "test names these."
    )


def certificate_differs(evidence: Evidence, asked: Certify | None) -> Iterator[str]:
    """Where the bounds of the candidates do not follow from their counts."""
    part = None if evidence.oversight is None else evidence.oversight.certify
    if part is None or asked is None:
        return
    asked = asked.for_groups(levels_of(evidence))
    if limits_again(asked, part.level, part.denominators, part.candidates_tried) != part.candidates_tried:
        yield "oversight.certify: the bounds of the candidates do not follow from their counts"
    if part.method != method_of(asked, part.level, clustered=evidence.benchmark.clustered):
        yield "oversight.certify.method: not how this version certifies"


def _limits(inputs: Inputs, found: Certificate) -> Iterator[str]:
    info = inputs.benchmark.info
    items = f"{found.rows[1]} labelled items of the split {CALIBRATION}"
    if info.seal is None:
        yield f"The threshold was certified on {items}, which the supplier may have seen. What is judged comes from other items."
    for target, known in () if found.threshold is not None else out_of_reach(found):
        of = f" of {group_text(target.group)}" if target.group else ""
        yield (
            f"No threshold could be shown to keep the target for {target.metric}{of}: the split {CALIBRATION} has {known.total} items that "
            "it is about, too few even without any error."
        )


def check_certifiable(inputs: Inputs) -> None:
    """Raises BadInput, before any model runs, where the benchmark cannot certify the threshold that the policy asks for."""
    if inputs.policy.operating_point.certify is None:
        return
    problems, policy, benchmark = Problems(), inputs.policy, inputs.benchmark
    where = f"policy {policy.name}: operating_point"
    refuse_weighted(benchmark.info, "a certified threshold")
    if inputs.blind is not None:
        problems.add(
            "answers to a blind export are of the judged items alone, so no threshold can be certified on others", where=where,
            got="certify", expected="{threshold: NUMBER}",
        )  # fmt: skip
    for split in (TRAIN, CALIBRATION):
        if split not in benchmark.splits:
            problems.add(
                "a certified threshold needs items that are not judged", where=where, got=", ".join(benchmark.splits),
                expected=f"the splits {TRAIN}, {CALIBRATION} and the one that is judged",
            )  # fmt: skip
            break
    if policy.split in (TRAIN, CALIBRATION):
        problems.add("the threshold is found on this split, so it cannot be judged there", where="--split", got=policy.split)
    _check_groups(inputs, where, problems)
    problems.raise_if_any()
    if benchmark.info.clustered and inputs.benchmark.info.seed is None:
        _check_apart(inputs)


def _check_groups(inputs: Inputs, where: str, problems: Problems) -> None:
    """Targets for each group name attributes of the benchmark, and not more cells than anybody reads."""
    asked = inputs.policy.operating_point.certify
    if asked is None or inputs.policy.split not in inputs.benchmark.splits:
        return
    levels = inputs.benchmark.levels(inputs.policy.split)
    missing = [name for name in asked.attributes if not levels.get(name)]
    for name in missing:
        expected = "one of " + (", ".join(sorted(known for known, seen in levels.items() if seen)) or "none: it declares no group")
        problems.add(
            "the benchmark has no such group attribute", where=where, got=f"for_each: {name}", expected=expected,
            hint=suggestion(name, levels),
        )  # fmt: skip
    if not missing and (number := len(asked.for_groups(levels).targets)) > MOST_PROMISES:
        problems.add(
            "more groups than one threshold can be certified for", where=where, got=f"{number:,} targets",
            expected=f"at most {MOST_PROMISES}", hint="name fewer or smaller combinations in for_each",
        )  # fmt: skip


def _check_apart(inputs: Inputs) -> None:
    """Clusters of a supplied table lie in one split each; recipes see to that themselves."""
    names = {split: pc.unique(pa.chunked_array(_clusters(inputs, split))) for split in (TRAIN, CALIBRATION, inputs.policy.split)}
    for split, other in ((TRAIN, CALIBRATION), (CALIBRATION, inputs.policy.split), (TRAIN, inputs.policy.split)):
        shared = pc.sum(pc.is_in(names[split], value_set=names[other])).as_py() or 0
        if shared:
            raise bad_input(
                "clusters stand in two splits, so a threshold certified on one knows the other",
                where=f"benchmark {inputs.benchmark.info.name}", got=f"{shared} in both {split} and {other}",
                hint="keep all items of a cluster in one split",
            )  # fmt: skip


def _clusters(inputs: Inputs, split: str) -> list[pa.Array]:
    found: list[pa.Array] = []
    for batch in inputs.benchmark.batches(split, columns=frozenset[Column]({"clusters"}), batch_rows=ROWS_A_BATCH):
        found += _chunks(batch.clusters)
    return found


def _chunks(column: pa.Array | pa.ChunkedArray | None) -> list[pa.Array]:
    if column is None:
        raise Fault("the benchmark gave a batch without clusters")
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return [chunk.cast(pa.string()) for chunk in chunks]


def _scored(inputs: Inputs, split: str, attributes: Sequence[str], progress: Progress) -> ScoredItems:
    """The classifier answers the items of another split. attributes: whose groups are asked about."""
    there = replace(inputs, policy=replace(inputs.policy, split=split))
    classifier, _ = opened(there)
    info, benchmark = inputs.benchmark.info, inputs.benchmark
    labels: list[npt.NDArray[np.int8]] = []
    scores: list[npt.NDArray[np.float64]] = []
    clusters: list[pa.Array] = []
    groups: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in attributes}
    done, total = 0, benchmark.rows_in(split)
    columns = columns_of(classifier) | _COLUMNS | (_GROUPS if attributes else frozenset())
    levels = benchmark.levels(split)
    for batch in benchmark.batches(split, columns=columns, batch_rows=ROWS_A_BATCH):
        answers = classifier.answer(for_classifier(batch))
        if answers.scores is None or batch.labels is None:
            raise bad_input(
                "the classifier gives no scores, so no threshold can be certified", where=f"model {inputs.card.name}",
                expected="scores", hint="use operating_point: {rule: label}",
            )  # fmt: skip
        labels.append(batch.labels)
        scores.append(np.asarray(answers.scores, dtype=np.float64))
        if info.clustered:
            clusters += _chunks(batch.clusters)
        for name, parts in groups.items():
            parts.append((batch.groups or {})[name])
        done += batch.rows
        progress(f"certifying: {split}", done, total)
    codes = None
    if info.clustered:
        codes = np.asarray(pc.dictionary_encode(pa.chunked_array(clusters).combine_chunks()).indices, dtype=np.int32)
    return ScoredItems(
        labels=np.concatenate(labels), scores=np.concatenate(scores), clusters=codes,
        groups={name: (levels[name], np.concatenate(parts)) for name, parts in groups.items()},
    )  # fmt: skip
