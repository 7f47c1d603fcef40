"""The decision page: its state first and never overclaimed, objections on top, foreign words harmless, the same facts the same bytes."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from evidence_fixture import HOSTILE, build, hostile
from markdown_it import MarkdownIt
from signing_desk import NOW, Desk, key

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.store import read_run
from evalharness.files.workspace import Workspace
from evalharness.report.view import Section
from evalharness.signoff.decisions import DecisionRead
from evalharness.signoff.page import Marks, PageFacts, draw_pages
from evalharness.signoff.page.first import build_view
from evalharness.signoff.predicates import Discharge, Mark
from evalharness.workflows import status
from evalharness.workflows.decision_facts import facts_of
from evalharness.workflows.signing_answers import Answers
from evalharness.workflows.status_desk import Issuer

ONLY_THE_GATE = "Whether it is in force today, only the gate can say: it also checks expiry, revocations and the actual files."
CONDITIONS = ("maximum_volume=50000", "until=2026-12-10", "action=Measure the reviewers@2026-12-10@ben")
REJECTED = Answers(why="There is no impact assessment.")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.open(tmp_path_factory.mktemp("desk") / "w")


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    return made.copy(tmp_path / "w")


def facts(desk: Desk) -> PageFacts:
    return facts_of(read_run(desk.run), Workspace(desk.root), desk.office.register())


def part(found: PageFacts, anchor: str) -> Section:
    return next(section for section in build_view(found).first if section.anchor == anchor)


def headline(found: PageFacts) -> str:
    return build_view(found).box.headline


class Elements(html.parser.HTMLParser):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_all_seats_filled_is_approved_for_its_claim_and_by_whom_and_nothing_more(desk: Desk) -> None:
    desk.approve_all()
    people = "ada (senior responsible owner), ben (independent evaluator) and cy (data protection)"
    view = build_view(facts(desk))
    assert view.box.headline == f"Approved for REHEARSAL by {people}."
    assert view.box.notes[-1] == ONLY_THE_GATE
    assert "It is signed with REHEARSAL keys." in view.box.notes
    assert view.box.tone == "met"
    assert view.missing == ()


def test_nobody_having_signed_is_not_approved(desk: Desk) -> None:
    found = facts(desk)
    assert headline(found) == "Not approved: 3 of 3 seats are open."
    assert build_view(found).box.notes[-1] == "Everything that stands in the way is listed below. Nothing on this page permits any use."


def test_one_open_seat_is_not_approved(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="for", why="Yes."))
    desk.sign("ben", "approve", desk.answers())
    desk.sign("ada", "approve", desk.answers())
    assert headline(facts(desk)) == "Not approved: 1 of 3 seats is open."


def test_a_rejection_stands_on_top_before_the_seats(desk: Desk) -> None:
    desk.approve_all()
    desk.sign("cy", "reject", REJECTED)
    view = build_view(facts(desk))
    assert view.box.headline == "Not approved: cy, for data protection, rejected it."
    assert [x.text for x in view.objections] == ["There is no impact assessment."]
    for face in (desk.page("html"), desk.page("md")):
        assert (
            0
            <= face.index("Who is against it")
            < face.index("There is no impact assessment.")
            < face.index("Who must approve, and who has")
        )


def test_dissent_beside_a_full_quorum_takes_the_tick_away_and_is_shown(desk: Desk) -> None:
    desk.sign("fay", "dissent", Answers(why="Too early.", conflict="A friend works there."))
    desk.approve_all()
    view = build_view(facts(desk))
    assert (view.box.tone, view.box.sign) == ("reserved", "!")
    assert view.box.headline == "Approved for REHEARSAL, against the dissent of fay (officer wellbeing)."
    assert view.box.notes[0].startswith("Approved by ada (senior responsible owner), ben")
    html_page = desk.page("html")
    assert html_page.index("against the dissent of fay") < html_page.index("Too early.") < html_page.index("Who must approve, and who has")
    assert [x.text for x in view.objections] == ["Too early."]
    assert "A friend works there." in desk.page()


def test_an_objection_that_was_taken_back_stands_in_the_history_and_nowhere_before(desk: Desk) -> None:
    desk.sign("cy", "reject", REJECTED)
    desk.approve_all()
    view = build_view(facts(desk))
    assert view.box.headline.startswith("Approved for REHEARSAL by")
    assert view.objections == ()
    history = view.more[-1]
    assert history.anchor == "history"
    assert history.terms[0][0].endswith("cy (data protection) rejects. Replaced by cy's later decision")
    assert ("Why", "“There is no impact assessment.”") in history.terms
    assert desk.page().count("There is no impact assessment.") == 1


def test_each_condition_stands_there_once_with_who_asked_for_it(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="for", why="Yes."))
    for person in ("ada", "ben", "cy"):
        desk.sign(person, "approve-with-conditions", desk.answers(conditions=CONDITIONS))
    view = build_view(facts(desk))
    (table,) = next(s for s in view.first if s.anchor == "conditions").tables
    assert [row[0] for row in table.rows] == [
        "At most 50,000 items a week.", "No use after 2026-12-10.", "ben does this by 2026-12-10: Measure the reviewers",
    ]  # fmt: skip
    assert {row[2] for row in table.rows} == {"ada, ben and cy"}
    assert "It is under 3 conditions, below." in view.box.notes
    renewed = "and holds only while the status list is renewed (at most every 7 days)."
    assert f"It ends on 2026-12-10 at the latest, {renewed}" in view.box.notes


def test_advice_and_the_departure_from_it_are_told_in_their_words(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="against", why="Nobody asked those concerned."))
    desk.sign("ben", "approve", desk.answers(departures={"victims_advocate": "It is a rehearsal."}))
    (said,) = build_view(facts(desk)).objections
    assert said.head.startswith("eve (victims advocate) advises against it, 2026-11-22")
    assert (said.text, said.answers) == ("Nobody asked those concerned.", ("ben departs from that advice: It is a rehearsal.",))
    advice = part(facts(desk), "advice")
    assert (advice.paragraphs, advice.terms) == (("Advice against it stands at the top of this page.",), ())


def against_advice(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="for", why="At first I thought so."))
    desk.sign("eve", "advice", Answers(advice="against", why="Nobody asked those concerned."))
    for person in ("ben", "cy", "ada"):
        desk.sign(person, "approve", desk.answers(departures={"victims_advocate": "It is a rehearsal."}))


def test_an_approval_against_advice_says_so_in_its_headline_and_replaced_advice_comes_last(desk: Desk) -> None:
    against_advice(desk)
    view = build_view(facts(desk))
    assert view.box.headline == "Approved for REHEARSAL, although the victims advocate advises against it."
    assert view.box.tone == "reserved"
    assert len(view.objections[0].answers) == 3
    assert part(facts(desk), "advice").terms == ()
    assert desk.page().count("At first I thought so.") == 1
    head, words = view.more[-1].terms[0]
    assert head.endswith("eve (victims advocate) advises for it. Replaced by eve's later decision")
    assert view.more[-1].terms[1] == ("Advice", "“At first I thought so.”")
    assert "although" not in words


def test_dissent_and_advice_against_stand_in_the_headline_together(desk: Desk) -> None:
    against_advice(desk)
    desk.sign("dee", "dissent", Answers(why="Too early."))
    words = "against the dissent of dee (safeguarding), although the victims advocate advises against it"
    assert headline(facts(desk)) == f"Approved for REHEARSAL, {words}."


def test_a_rejection_is_in_the_seat_it_leaves_open(desk: Desk) -> None:
    desk.sign("ada", "reject", REJECTED)
    (table,) = part(facts(desk), "seats").tables
    owner = next(row for row in table.rows if row[0] == "senior responsible owner")
    assert owner == ("senior responsible owner", "nobody", "1 open; ada REJECTED it: “There is no impact assessment.”")
    assert headline(facts(desk)) == "Not approved: ada, as senior responsible owner, rejected it."


def test_signers_who_name_different_people_are_told_first(desk: Desk) -> None:
    desk.approve_all()
    found = facts(desk)
    assert "ada carries the risk." in build_view(found).box.notes
    last = found.read.decisions[-1]
    assert last.predicate.control is not None
    other = last.predicate.model_copy(update={"control": last.predicate.control.model_copy(update={"risk_carried_by": "ben"})})
    decisions = (*found.read.decisions[:-1], replace(last, predicate=other))
    view = build_view(replace(found, read=replace(found.read, decisions=decisions)))
    assert view.alarms == ("The signers do not agree who carries the risk: ben and cy name ada; ada names ben.",)
    assert (view.box.tone, view.box.sign) == ("reserved", "!")


def test_who_can_stop_it_and_how_is_on_page_one(desk: Desk) -> None:
    desk.approve_all()
    stop = part(facts(desk), "stop")
    assert stop.paragraphs[-1].startswith("Whoever approved it can take it back at any time by signing defer or reject. Any one of ada (")
    assert "dee (safeguarding)" in stop.paragraphs[-1]
    assert "victims advocate" not in stop.paragraphs[-1]
    assert stop.code.splitlines()[0] == "evalharness status suspend RUN --why … --key …"


def test_a_condition_that_one_of_two_saw_fulfilled_is_still_one_condition(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="for", why="Yes."))
    for person in ("ben", "cy"):
        desk.sign(person, "approve-with-conditions", desk.answers(conditions=CONDITIONS[2:]))
    found = facts(desk)
    read = next(r for r in found.read.decisions if r.predicate.author.person == "cy")
    done = Discharge(decision=read.signed.digest, condition="action-1", why="Measured.", by="dee", on="2026-11-24T09:00:00Z")
    (table,) = part(replace(found, marks=Marks(discharged=(done,))), "conditions").tables
    (row,) = table.rows
    assert row[1].startswith("For ben: A person confirms it")
    assert row[1].endswith("For cy: Confirmed on 2026-11-24 by dee: Measured.")
    assert row[2] == "ben and cy"


def test_what_was_decided_before_a_suspension_is_told_as_past_and_nothing_twice(desk: Desk) -> None:
    desk.approve_all()
    now = NOW + timedelta(minutes=100)
    issuer = Issuer(key=key(desk.office, "ben"), workspace=desk.root, now=now)
    status.suspend(issuer, str(desk.run), why="To be looked at.")
    view = build_view(facts(desk))
    assert view.box.headline == "Not approved: the whole run was suspended."
    assert (view.first_title, view.missing) == ("What had been decided before", ())
    assert desk.page().count("To be looked at.") == 1
    assert "would have been filled" in desk.page()
    assert "How to stop it" not in desk.page()


@pytest.mark.parametrize(("what", "words"), [("run", "the whole run"), ("decision", "the decision of ada (senior responsible owner)")])
def test_what_was_revoked_is_in_the_headline_s_way_and_told_first(desk: Desk, what: str, words: str) -> None:
    desk.approve_all()
    found = facts(desk)
    target = found.refs.evidence if what == "run" else found.read.decisions[-1].signed.digest
    mark = Mark(target=target, why="A wrong benchmark.", by="ben", on="2026-11-23T09:00:00Z")
    revoked = replace(found, marks=Marks(revoked=(mark,)), state=replace(found.state, approved=False, reasons=("it was revoked",)))
    view = build_view(revoked)
    assert view.box.headline.startswith(f"Not approved: {words}")
    assert view.box.headline.endswith(" was revoked.")
    assert view.alarms[0].startswith(f"REVOKED: {words}")
    assert view.alarms[0].endswith("Reason: A wrong benchmark.")


def test_altered_files_are_told_first(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="for", why="Yes."))
    path = next(p for p in (desk.run / "statements").iterdir() if "eve" in p.name)
    path.write_bytes(path.read_bytes()[:-1])
    view = build_view(facts(desk))
    assert view.box.headline == "Not approved: statements of this run were altered."
    assert view.alarms[0].startswith("ALTERED: ")


def test_the_same_facts_give_the_same_bytes(desk: Desk) -> None:
    desk.approve_all()
    assert draw_pages(facts(desk)) == draw_pages(facts(desk))


def test_every_signature_s_words_digest_and_key_are_on_the_page(desk: Desk) -> None:
    desk.approve_all()
    found = facts(desk)
    pages = {name: data.decode() for name, data in draw_pages(found).items()}
    for read in found.read.decisions:
        assert all(read.signed.digest in page for page in pages.values())
        assert all(read.signed.keys[0] in page for page in pages.values())
    for digest in (found.refs.evidence, found.refs.report, found.refs.lock, found.refs.test_result, found.root):
        assert all(digest in page for page in pages.values())


def spiteful(desk: Desk) -> PageFacts:
    """Every foreign text of the page is hostile, even such as no reader of statements lets pass."""
    desk.sign("eve", "advice", Answers(advice="against", why="No."))
    desk.sign("ben", "approve-with-conditions", desk.answers(conditions=CONDITIONS, departures={"victims_advocate": "So."}))
    desk.sign("cy", "reject", REJECTED)
    found = facts(desk)
    evidence = read_evidence(evidence_bytes(build(kind="met", total=3_000, word=hostile, bad=True)))
    mark = Mark.model_construct(target=found.refs.evidence, why=HOSTILE, by="ben", on="2026-11-23T09:00:00Z")
    read = replace(found.read, decisions=tuple(map(_spiteful, found.read.decisions)), altered=(HOSTILE,))
    why_not = {d.signed.digest: (HOSTILE,) for d in found.read.decisions if "cy" in d.signed.name}
    return replace(
        found,
        evidence=evidence,
        read=read,
        state=replace(found.state, reasons=(HOSTILE,), why_not=why_not),
        organisations=dict.fromkeys(found.organisations, HOSTILE),
        team=(HOSTILE,),
        marks=Marks(revoked=(mark,), suspended=(mark,)),
    )


def _spiteful(read: DecisionRead) -> DecisionRead:
    told = read.predicate
    changes: dict[str, Any] = {"sentence": HOSTILE, "why": HOSTILE, "conflicts": HOSTILE, "residual_risk": HOSTILE}
    if told.control is not None:
        changes["control"] = told.control.model_copy(update={"not_tested": HOSTILE})
    if told.advice is not None:
        changes["advice"] = told.advice.model_copy(update={"text": HOSTILE})
    changes["conditions"] = tuple(c.model_copy(update={"value": HOSTILE}) for c in told.conditions)
    changes["departures"] = tuple(d.model_copy(update={"why": HOSTILE}) for d in told.departures)
    return replace(read, predicate=told.model_copy(update=changes))


def test_foreign_words_become_no_markup(desk: Desk) -> None:
    pages = draw_pages(spiteful(desk))
    elements = Elements(pages["decision.html"]).found
    assert {tag for tag, _ in elements} & {"script", "img", "iframe", "object", "form", "input", "link", "svg"} == set()
    assert {attrs["href"] for tag, attrs in elements if tag == "a"} == {"#main", "report.html"}
    assert not any(name.startswith("on") for _, attrs in elements for name in attrs)
    drawn = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").parse(pages["decision.md"].decode())
    inside = [child for token in drawn for child in token.children or ()]
    assert {token.type for token in (*drawn, *inside)} & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "code_inline",
        "fence",
    } == set()


def test_no_face_holds_a_character_that_hides_or_turns_text(desk: Desk) -> None:
    for data in draw_pages(spiteful(desk)).values():
        assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", data.decode()) is None


def test_nobody_s_words_but_ours_stand_in_the_headline(desk: Desk) -> None:
    view = build_view(spiteful(desk))
    assert view.box.headline == "Not approved: statements of this run were altered."
    assert "alert" not in "".join(view.box.notes)


def test_the_page_needs_no_network_and_allows_nothing_but_its_own_style(desk: Desk) -> None:
    text = draw_pages(facts(desk))["decision.html"].decode()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "http:" not in text
    assert "https:" not in text


def test_the_page_for_programs_is_ascii_and_says_for_what_it_is_approved(desk: Desk) -> None:
    desk.approve_all()
    data = (desk.run / "decision.json").read_bytes()
    told = json.loads(data)
    assert data.isascii()
    assert (told["schema"], told["approved_for"], told["reasons"]) == ("evalharness/decision-page/v1", "rehearsal", [])
    assert [d["counts"] for d in told["decisions"]] == [True] * 4
    assert told["note"] == ONLY_THE_GATE
    desk.sign("cy", "defer", Answers(why="Wait."))
    assert json.loads(desk.page("json"))["approved_for"] is None
