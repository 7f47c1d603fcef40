"""Parts of the page behind page one: risk, control answers, every statement in full, identities."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.records import group_from_json
from evalharness.report import numbers
from evalharness.report.by_task import task_words
from evalharness.report.view import Section, Table
from evalharness.requirements.names import finding_name
from evalharness.signoff.decisions import DecisionRead
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.words import approvals, minute, names, replaced, said, uncounted_note, who
from evalharness.signoff.roles import role_words


def details(facts: PageFacts) -> tuple[Section, ...]:
    """In their order."""
    return (
        _risk(facts), _not_judged(facts), _conflicts(facts), _control(facts), _marks(facts), _everything(facts), _identities(facts),
        _files(facts), _verify(), _history(facts),
    )  # fmt: skip


def _risk(facts: PageFacts) -> Section:
    terms = tuple((who(r.predicate), r.predicate.residual_risk) for r in approvals(facts) if r.predicate.residual_risk)
    text = "In the words of those who accept it:" if terms else "Nobody has accepted the risk that remains."
    return Section(anchor="risk", title="The risk that remains", paragraphs=(text,), terms=terms)


def _not_judged(facts: PageFacts) -> Section:
    cells = [finding_name(cell.requirement, group_from_json(cell.group)) for cell in facts.evidence.not_judged]
    if not cells:
        text = "Nothing: every group the policy names was judged."
        return Section(anchor="not-judged", title="Accepted without judgement", paragraphs=(text,))
    rows = []
    for cell in sorted(set(cells)):
        people = [r.predicate.author.person for r in approvals(facts) if cell in r.predicate.accepts_not_judged]
        rows.append((cell, names(sorted(set(people)))))
    table = Table(caption="Nobody judged these groups", columns=("Requirement and group", "Accepted by"), rows=tuple(rows), numeric_from=9)
    return Section(anchor="not-judged", title="Accepted without judgement", tables=(table,))


def _conflicts(facts: PageFacts) -> Section:
    terms = tuple((who(r.predicate), r.predicate.conflicts) for r in facts.read.decisions if r.predicate.conflicts)
    text = "A declared conflict takes the vote away." if terms else "Nobody has declared a conflict of interest."
    return Section(anchor="conflicts", title="Conflicts of interest", paragraphs=(text,), terms=terms)


def _control(facts: PageFacts) -> Section:
    rows = []
    for read in approvals(facts):
        answer = read.predicate.control
        if answer is not None:
            rows.append((who(read.predicate), answer.missed_per_1000, answer.not_tested, answer.risk_carried_by))
    columns = ("Signer", task_words(facts.evidence).answered, "What was not tested", "Who carries the risk")
    table = Table(caption="Answers to the three control questions", columns=columns, rows=tuple(rows), numeric_from=9)
    return Section(
        anchor="control",
        title="What the signers answered",
        paragraphs=() if rows else ("There is no approval that counts.",),
        tables=(table,) if rows else (),
    )


def _marks(facts: PageFacts) -> Section:
    marked = facts.marks.revoked or facts.marks.suspended
    text = "What the status list says is at the top of this page." if marked else "The status list says nothing about this run."
    return Section(anchor="status", title="Revocations and suspensions", paragraphs=(text,))


def target_words(target: str, facts: PageFacts) -> str:
    """What a digest of the status list stands for."""
    refs = facts.refs
    fixed = {
        refs.evidence: "the whole run",
        refs.report: "the report",
        refs.test_result: "the test result",
        refs.lock: "the lock before the run",
        refs.policy.digest: "the policy",
        refs.benchmark.digest: "the test data",
        facts.evidence.model.digest: "the classifier",
        facts.evidence.model.card: "the model card",
    }
    if target in fixed:
        return fixed[target]
    read = next((r for r in facts.read.decisions if r.signed.digest == target), None)
    return target if read is None else f"the decision of {who(read.predicate)} of {minute(read.predicate.author.created)}"


def _everything(facts: PageFacts) -> Section:
    terms: list[tuple[str, str]] = []
    for read in facts.read.decisions:
        if not replaced(facts, read):
            terms += _in_full(read)
            if note := uncounted_note(facts, read):
                terms.append(("Does it count?", note))
    return Section(
        anchor="decisions",
        title="Every decision, in the order of signing",
        paragraphs=() if terms else ("Nobody has decided anything.",),
        terms=tuple(terms),
    )


def _in_full(read: DecisionRead) -> Iterator[tuple[str, str]]:
    decision = read.predicate
    yield f"{minute(decision.author.created)}: {who(decision)} {said(decision)}", f"“{decision.sentence}”"
    if decision.advice is not None:
        yield "Advice", f"“{decision.advice.text}”"
    if decision.why:
        yield "Why", f"“{decision.why}”"


def _history(facts: PageFacts) -> Section:
    terms: list[tuple[str, str]] = []
    for read in facts.read.decisions:
        if note := replaced(facts, read):
            (head, words), *more = _in_full(read)
            terms += [(f"{head}. {note}", words), *more]
    text = "None of this holds any more." if terms else "Nobody replaced a statement by a later one."
    return Section(anchor="history", title="Statements that were replaced", paragraphs=(text,), terms=tuple(terms))


def _identities(facts: PageFacts) -> Section:
    evidence, refs = facts.evidence, facts.refs
    point = refs.operating_point
    rows = [
        ("Classifier", f"{evidence.model.name}, version {evidence.model.version}"),
        ("Digest of its artefact", evidence.model.digest),
        ("Digest of its card", evidence.model.card or numbers.ABSENT),
        ("Supplier", evidence.model.supplier or numbers.ABSENT),
        ("Built by, as the card says", _team(facts)),
        ("Policy", f"{refs.policy.name}, version {refs.policy.version}"),
        ("Digest of the policy", refs.policy.digest),
        ("Benchmark", f"{refs.benchmark.name}, {numbers.count(refs.benchmark.rows)} items, split {refs.benchmark.split}"),
        ("Digest of its content", refs.benchmark.digest),
        ("Rule of decision", task_words(evidence).decides),
        ("Stream", point.stream),
        ("Digest of evidence.json", refs.evidence),
        ("Digest of report.html", refs.report),
        ("Digest of the lock", refs.lock or "none: a practice run"),
        ("Digest of the test result", refs.test_result or "none"),
        ("Fingerprint of the root of the register", facts.root or "there is no register here"),
    ]
    table = Table(caption="Exactly this was decided about", columns=("What", "Value"), rows=tuple(rows), numeric_from=9)
    return Section(anchor="identities", title="Identities and digests", tables=(table,))


def _team(facts: PageFacts) -> str:
    if facts.team is None:
        return "not known: the card of this run is not here"
    return ", ".join(facts.team) or "the card names nobody"


def _files(facts: PageFacts) -> Section:
    rows = [] if facts.result is None else [_result_row(facts)]
    rows += [_row(read, facts) for read in facts.read.decisions]
    columns = ("File", "Signed by", "Organisation", "Register version", "Key", "Digest of the file")
    table = Table(caption="Files in statements/", columns=columns, rows=tuple(rows), numeric_from=9)
    return Section(anchor="statements", title="Signed statements", tables=(table,) if rows else ())


def _result_row(facts: PageFacts) -> tuple[str, ...]:
    signed = facts.result
    if signed is None:
        return ()
    author = signed.predicate.evalharness.author
    by, where = f"{author.person} ({role_words(author.role)})", facts.organisations.get(author.person, numbers.ABSENT)
    return signed.name, by, where, str(author.signers.version), ", ".join(signed.keys), signed.digest


def _row(read: DecisionRead, facts: PageFacts) -> tuple[str, ...]:
    signed, author = read.signed, read.predicate.author
    where = facts.organisations.get(author.person, numbers.ABSENT)
    return signed.name, who(read.predicate), where, str(author.signers.version), ", ".join(signed.keys), signed.digest


def _verify() -> Section:
    return Section(
        anchor="verify",
        title="How to verify this page",
        paragraphs=(
            "This page is drawn from the signed statements and proves nothing by itself. The first command checks every signature and "
            "digest and draws the page again. The second says whether the approval is in force.",
        ),
        code="evalharness verify RUN_DIR\nevalharness gate --policy POLICY --model MODEL",
    )
