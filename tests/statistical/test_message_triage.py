"""The shipped benchmark against its own truth, and the power of the shipped policy with the reference models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
import skops.io
from benchmark_folder import ROOT, SHIPPED

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.cards import check_artifact, read_card
from evalharness.catalogue import task_metrics
from evalharness.metrics import measure
from evalharness.records import Claim, Outcome, Policy, Prospect, group_text
from evalharness.requirements import expand, judge, read_policy
from evalharness.tally import ConfusionTally, Counter, Slices

Floats = npt.NDArray[np.float64]
LEVEL = 0.9696
"""The level of a first attempt: 1 - 6 x .05 / pi^2, rounded up."""
REPLICATES = 100
MODELS = ("triage-reference", "triage-narrow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The test split: one entry a message."""

    relevant: npt.NDArray[np.bool_]
    posterior: Floats
    groups: dict[str, npt.NDArray[np.int32]]
    clusters: npt.NDArray[np.int64]
    scores: dict[str, Floats]


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    """The default rows and seed, in a folder of the test's own."""
    return open_benchmark(SHIPPED, data_dir=tmp_path_factory.mktemp("triage") / "data")


@pytest.fixture(scope="module")
def scored(benchmark: Benchmark) -> Scored:
    models = {}
    for name in MODELS:
        card = read_card(ROOT / "model_cards" / f"{name}.md")
        check_artifact(card)
        models[name] = skops.io.load(card.artifact, trusted=[])
    batches = list(benchmark.batches("test"))
    names = [name for batch in batches for name in batch.clusters.to_pylist()]
    tables = [batch.features.to_pandas() for batch in batches]
    return Scored(
        relevant=np.concatenate([batch.labels == 1 for batch in batches]),
        posterior=np.concatenate(list(benchmark.posterior("test"))),
        groups={a: np.concatenate([batch.groups[a] for batch in batches]) for a in benchmark.info.attributes},
        clusters=np.unique(names, return_inverse=True)[1],
        scores={name: np.concatenate([model.predict_proba(table)[:, 1] for table in tables]) for name, model in models.items()},
    )


def test_reference_models_need_no_trusted_type_and_are_small() -> None:
    for name in MODELS:
        artifact = ROOT / "model_cards" / f"{name}.skops"
        assert skops.io.get_untrusted_types(file=artifact) == []
        assert artifact.stat().st_size < 100_000


def test_the_posterior_is_calibrated_overall_in_every_bin_and_in_every_group(scored: Scored) -> None:
    """Labels are draws of the posterior: sums differ by less than 4.5 standard errors, clusters taken into account.

    Not within ethnicity: a model that sees only tokens cannot know it, and neither does this posterior.
    """
    bins = np.searchsorted([1e-3, 1e-2, 0.1, 0.5, 0.9, 0.99], scored.posterior, side="right")
    parts = [np.ones(len(bins), dtype=bool), *(bins == b for b in np.unique(bins))]
    parts += [codes == code for name, codes in scored.groups.items() if name != "ethnicity" for code in np.unique(codes)]
    assert len(parts) == 1 + 7 + 6
    for part in parts:
        residual = np.bincount(scored.clusters, (scored.relevant - scored.posterior) * part)
        expected = (scored.posterior * (1 - scored.posterior))[part].sum()
        assert abs(residual.sum()) < 4.5 * np.sqrt(max((residual**2).sum(), expected))
        assert expected > 1


def test_no_model_beats_the_posterior(scored: Scored) -> None:
    """Neyman and Pearson: at a model's own false-positive rate the posterior finds at least as much, up to three standard errors."""
    for scores in scored.scores.values():
        chosen = scores >= 0.5
        rate, recall = chosen[~scored.relevant].mean(), chosen[scored.relevant].mean()
        threshold = np.quantile(scored.posterior[~scored.relevant], 1 - rate)
        best = (scored.posterior >= threshold)[scored.relevant].mean()
        assert best >= recall - 3 * np.sqrt(recall * (1 - recall) / scored.relevant.sum())
        assert best > 0.99


def test_prevalence_groups_and_conversations_are_near_the_declared_ones(benchmark: Benchmark, scored: Scored) -> None:
    declared = {
        "sex": {"F": 0.51, "M": 0.49},
        "ethnicity": {"white": 0.817, "asian": 0.093, "black": 0.040, "mixed": 0.029, "other": 0.021},
        "age_band": {"under_25": 0.28, "25_44": 0.30, "45_64": 0.25, "65_plus": 0.17},
    }
    first = np.unique(scored.clusters, return_index=True)[1]
    conversations = len(first)
    assert len(scored.relevant) / conversations == pytest.approx(2.52, abs=0.02)
    for attribute, levels in benchmark.levels("test").items():
        for code, level in enumerate(levels):
            share = declared[attribute][level]
            seen = (scored.groups[attribute][first] == code).mean()
            assert abs(seen - share) < 4.5 * np.sqrt(share * (1 - share) / conversations)
    positives = np.bincount(scored.clusters, scored.relevant)
    expected = 0.05 * np.bincount(scored.clusters)
    assert abs((positives - expected).sum()) < 4.5 * np.sqrt(((positives - expected) ** 2).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Conversations that look alike to the tally: the same groups and the same six counts."""

    slices: Slices
    frequency: npt.NDArray[np.int64]
    """How many conversations of the test split there are of each pattern."""
    counts: npt.NDArray[np.int64]
    """[pattern, 6] outcomes of one such conversation."""
    member: npt.NDArray[np.int64]
    """[slice, pattern] whether such a conversation is in the slice."""

    def tally(self, drawn: npt.NDArray[np.int64]) -> ConfusionTally:
        """The tally of `drawn` conversations of each pattern, all of them different conversations."""
        weights = self.member * drawn
        outer = self.counts[:, :, None] * self.counts[:, None, :]
        present = (self.counts @ np.array(task_metrics("binary").denominators).T > 0).astype(np.int64)
        return ConfusionTally(
            slices=self.slices,
            counts=weights @ self.counts,
            second=(weights @ outer.reshape(len(outer), 36)).reshape(-1, 6, 6),
            clusters=weights @ present,
            clustered=True,
        )


def patterns(scored: Scored, model: str, levels: dict[str, tuple[str, ...]], policy: Policy) -> Patterns:
    assert policy.operating_point.threshold is not None
    chosen = scored.scores[model] >= policy.operating_point.threshold
    outcome = np.where(scored.relevant, np.where(chosen, 0, 2), np.where(chosen, 1, 3))
    counts = np.bincount(scored.clusters * 6 + outcome, minlength=6 * (scored.clusters.max() + 1)).reshape(-1, 6)
    first = np.unique(scored.clusters, return_index=True)[1]
    codes = np.stack([scored.groups[attribute][first] for attribute in levels], axis=1)
    alike, frequency = np.unique(np.hstack([codes, counts]), axis=0, return_counts=True)
    slices = Slices(attributes=tuple(levels), levels=levels, depth=policy.intersections)
    member = np.ones((len(slices), len(alike)), dtype=np.int64)
    for number, group in enumerate(slices.groups):
        for attribute, level in group:
            column = slices.attributes.index(attribute)
            member[number] &= alike[:, column] == levels[attribute].index(level)
    return Patterns(slices=slices, frequency=frequency, counts=alike[:, len(levels) :], member=member)


def outcomes(found: Patterns, drawn: npt.NDArray[np.int64], policy: Policy) -> dict[str, Outcome]:
    """Requirement and group -> outcome, by the harness's own measuring and judging."""
    questions, _ = expand(policy, found.slices.levels, date(2026, 11, 22))
    tally = found.tally(drawn)
    estimates = measure(tally, policy, LEVEL, questions)
    certain = {question: Prospect(attainable=True, needed=None) for question in questions}
    findings = judge(questions, estimates, certain, policy=policy, claim=Claim.REHEARSAL)
    return {f"{finding.requirement}[{group_text(finding.group)}]": finding.outcome for finding in findings}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(ROOT / "policies" / "message-triage.yaml")


def test_patterns_give_the_tally_of_the_rows(benchmark: Benchmark, scored: Scored, policy: Policy) -> None:
    found = patterns(scored, "triage-reference", benchmark.levels("test"), policy)
    counter = Counter(found.slices, clustered=True, contiguous=True)
    decisions = (scored.scores["triage-reference"] >= 0.5).astype(np.int8)
    names = pa.array([f"{c:09d}" for c in scored.clusters])
    counter.add(scored.relevant.astype(np.int8), decisions, scored.groups, names)
    rows, summed = counter.result(), found.tally(found.frequency)
    for part in ("counts", "second", "clusters"):
        assert (getattr(rows, part) == getattr(summed, part)).all()


def test_the_reference_model_meets_the_shipped_policy_with_power_above_eight_in_ten(
    benchmark: Benchmark, scored: Scored, policy: Policy
) -> None:
    """Conversations drawn again and again from those of the test split, judged at level .9696."""
    found = patterns(scored, "triage-reference", benchmark.levels("test"), policy)
    assert set(outcomes(found, found.frequency, policy).values()) == {Outcome.MET}
    rng = np.random.default_rng(20_261_122)
    total = int(found.frequency.sum())
    met = 0
    for _ in range(REPLICATES):
        drawn = rng.multinomial(total, found.frequency / total)
        met += set(outcomes(found, drawn, policy).values()) == {Outcome.MET}
    power = met / REPLICATES
    assert power - 3 * np.sqrt(0.8 * 0.2 / REPLICATES) >= 0.8, power


def test_the_narrow_model_fails_for_the_group_that_its_card_names(benchmark: Benchmark, scored: Scored, policy: Policy) -> None:
    found = patterns(scored, "triage-narrow", benchmark.levels("test"), policy)
    judged = outcomes(found, found.frequency, policy)
    failed = {name for name, outcome in judged.items() if outcome is Outcome.NOT_MET}
    assert failed == {
        "recall-everyone[ethnicity=black]",
        "recall-everyone[ethnicity=black,sex=F]",
        "recall-everyone[ethnicity=black,sex=M]",
        "recall-gap[overall]",
    }
    assert judged["recall[overall]"] is Outcome.MET, "a good figure for everybody hides the group"
    assert "ethnicity: black" in (ROOT / "model_cards" / "triage-narrow.md").read_text(encoding="utf-8")
