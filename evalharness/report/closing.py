"""The end of the annex: limits, identities, glossary, how to verify."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.methods import CONDITION_TERMS, METHOD_TERMS
from evalharness.report.policy_text import PolicyText
from evalharness.report.sign_off_section import sign_off_section
from evalharness.report.unknown import unknown
from evalharness.report.view import Section, Table

_TERMS = (
    ("Check", "One requirement of the policy, for everyone or for one group."),
    ("Met", "The bound clears the goal: we are as sure as the policy asks that the goal is reached."),
    ("Not met", "The opposite bound fails the goal: we are as sure as the policy asks that it is not reached."),
    ("Not demonstrated", "Neither. The data do not settle it. This is not a pass."),
    ("Not evaluable", "The figure cannot be computed, for example because a group has no {nobody}. This is not a pass."),
    ("Group, combination", "People who share a characteristic; people who share several."),
    ("Cluster", "{cluster}"),
    ("Worth (independent)", "How many separate {many} would tell as much as these: fewer, where they are in clusters."),
    (
        "Could this size show it?",
        "Whether so many {many} without a single error would be enough to say “met”. Where not, the test is too small.",
    ),
    ("New sample needed", "How many {many} a new test would need to show it 8 times in 10, if what was found here is right."),
    (
        "Best to be expected",
        "What the best possible classifier would reach on average over many such tests. One test can be above it by chance.",
    ),
    *METHOD_TERMS,
    ("Benchmark", "The labelled {many} that the classifier was tested on."),
    (
        "Lock",
        "A signed note made before a run: which policy, classifier, test data and rule of decision. A run without one is for practice.",
    ),
    ("Attempt, campaign", "All locked tries of one supplier for one policy are a campaign. Each further attempt is judged more strictly."),
    ("Digest", "A fingerprint of a file. Change one letter and it is another one."),
)


def closing(evidence: Evidence, policy: PolicyText, task: TaskWords) -> tuple[Section, ...]:
    """Sections after the measured part."""
    return (
        _limits(evidence, policy, task),
        _identities(evidence, policy, task),
        sign_off_section(evidence, policy),
        _glossary(evidence, task),
        _verify(),
    )


def _limits(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Section:
    return Section(
        anchor="limits",
        title="Limits",
        paragraphs=("What was not, or could not be, measured.",),
        items=tuple(_limit_texts(evidence, policy, task)),
    )


def _limit_texts(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[str]:
    yield words.CLAIMS[evidence.claim][1]
    yield task.people
    if policy.warning:
        yield f"The authors of this policy say that nobody should use it: {policy.warning}"
    yield from (notice.text for notice in evidence.notices)
    for cell in evidence.not_judged:
        yield f"Not judged until {cell.until}: {words.group_words(cell.group)}, in {cell.requirement}. Reason given: {cell.why}"
    yield from unknown(evidence, policy, task)
    if policy.clusters:
        yield (
            f"The policy declares how alike items of a cluster are ({policy.clusters}). "
            "This is recorded and not used: they are taken as fully alike."
        )
    if evidence.model.vendor_artifact_sha256:
        yield "The answers were supplied as a file. Nothing here shows that the artefact named by the vendor produced them."


def _identities(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Section:
    return Section(
        anchor="identities",
        title="What exactly was judged",
        tables=(
            _pairs("Classifier", _model(evidence)),
            _pairs("Benchmark", _benchmark(evidence, task)),
            _pairs("Policy and rule of decision", _policy(evidence, policy, task)),
            _pairs("This evidence", _run(evidence)),
        ),
    )


def _pairs(caption: str, rows: Iterator[tuple[str, str]]) -> Table:
    return Table(caption=caption, columns=("What", "Value"), rows=tuple((a, b) for a, b in rows if b), numeric_from=2)


def _model(evidence: Evidence) -> Iterator[tuple[str, str]]:
    model = evidence.model
    yield "Name", model.name
    yield "Version", model.version
    yield "Family", model.family
    yield "Supplier", model.supplier
    yield "Called through", model.adapter
    yield "Digest of the artefact", model.digest
    yield "Digest of the model card", model.card or "there is no card"
    yield "Vendor's own artefact, as the vendor states it", model.vendor_artifact_sha256 or ""


def _benchmark(evidence: Evidence, task: TaskWords) -> Iterator[tuple[str, str]]:
    benchmark = evidence.benchmark
    yield "Name", benchmark.name
    yield "Title", benchmark.title
    yield "Version", str(benchmark.version)
    made = benchmark.seed is not None or benchmark.seal is not None
    yield "Kind", "made by a recipe" if made else ("synthetic table" if benchmark.synthetic else "supplied table")
    yield "Seed", "" if benchmark.seed is None else str(benchmark.seed)
    if benchmark.seal is not None:
        yield "Made under the seal, after the locks on it", benchmark.seal.digest
        yield "The secret of the seal, now told", benchmark.seal.secret
        yield "All models that were locked on it", ", ".join(benchmark.seal.models)
        yield "All locks on it", ", ".join(benchmark.seal.locks)
        yield "Harms put in, and how strong", ", ".join(f"{name} {size:g}" for name, size in sorted(benchmark.seal.dials.items()))
    yield f"{words.capital(task.arriving)}, all splits", numbers.count(benchmark.rows)
    yield "Split judged", f"{benchmark.split}: {numbers.count(benchmark.rows_judged)} labelled {task.many}"
    yield "Levels, lowest first", ", ".join(benchmark.levels)
    if benchmark.positive and task.cells is not None:
        yield "Labels", f"{benchmark.positive} ({'the outcome' if task.task == 'risk' else 'relevant'}), {benchmark.negative or 'no other'}"
    yield "Protected attributes", ", ".join(benchmark.attributes)
    if task.task == "linkage":
        yield "Pairs are", "in clusters: whatever hangs together through shared records"
    else:
        yield f"{words.capital(task.many)} are", "in clusters" if benchmark.clustered else "taken as independent"
    yield f"How the {task.many} were sampled", benchmark.sampling
    yield "Digest of the content", benchmark.digest


def _policy(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[tuple[str, str]]:
    point = evidence.operating_point
    yield "Name", evidence.policy.name
    yield "Title", policy.title
    yield "Version", str(evidence.policy.version)
    yield "Digest", evidence.policy.digest
    yield "Population", policy.population
    yield "Intended use", policy.intended_use
    yield "Prohibited uses", "; ".join(policy.prohibited_uses)
    yield "Rule of decision", task.decides
    yield "Stream", point.stream
    yield "Claim", evidence.claim


def _run(evidence: Evidence) -> Iterator[tuple[str, str]]:
    yield "Schema", evidence.schema_name
    yield "Made", evidence.created
    yield "Digest of evidence.json", evidence.digest
    for name, digest in sorted(evidence.digests.items()):
        yield f"Digest: {name}", digest
    for name, text in sorted(evidence.environment.items()):
        yield f"Environment: {name}", text


def _glossary(evidence: Evidence, task: TaskWords) -> Section:
    estimated = {estimate.metric for estimate in evidence.estimates}
    used = [m for m in task.metrics.values() if m.name in estimated]
    levels = sorted({f.level for f in evidence.findings})
    sure = tuple((f"“{words.sure(x)}”", _sure_text(x)) for x in levels)
    return Section(
        anchor="glossary",
        title="Glossary",
        terms=(
            *((name, task.named(text)) for name, text in task.terms),
            *((name, _filled(text, task)) for name, text in (*_TERMS, *_of_conditions(evidence))),
            *sure,
            *((f"{task.title_of(m.name)} ({m.name})", task.definition_of(m.name)) for m in used),
        ),
    )


def _of_conditions(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """Methods that only a requirement under a condition brings."""
    used = {finding.method.partition("(")[0] for finding in evidence.findings}
    return tuple((name, text) for name, text in CONDITION_TERMS if name.partition(",")[0] in used)


def _filled(text: str, task: TaskWords) -> str:
    relevant = task.denominator_of("recall")
    for mark, word in (("{cluster}", task.cluster), ("{nobody}", task.nobody), ("{many}", task.many), ("{relevant}", relevant)):
        text = text.replace(mark, word)
    return task.named(text)


def _sure_text(level: float) -> str:
    both = numbers.confidence(round(2 * level - 1, 10))
    return (
        f"Each bound on its own is right in at least {numbers.confidence(level)} of such tests. "
        f"“At least” and “at most” together enclose the true figure in {both}."
    )


def _verify() -> Section:
    return Section(
        anchor="verify",
        title="How to verify this report",
        paragraphs=(
            "This page is drawn from evidence.json, which lies beside it. The command below checks every fingerprint, judges the recorded "
            "figures again by the embedded policy, draws every page again and compares them byte by byte. "
            "With --replay it also runs the classifier again.",
        ),
        code="evalharness verify RUN_DIR",
    )
