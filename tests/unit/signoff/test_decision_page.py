"""The decision page: its state first and never overclaimed, objections on top, foreign words harmless, the same facts the same bytes."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evidence_fixture import HOSTILE, build, hostile
from markdown_it import MarkdownIt
from signing_desk import Desk

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.store import read_run
from evalharness.files.workspace import Workspace
from evalharness.signoff.decisions import DecisionRead
from evalharness.signoff.page import Marks, PageFacts, draw_pages
from evalharness.signoff.page.first import build_view
from evalharness.signoff.predicates import Mark
from evalharness.workflows.decision_facts import facts_of
from evalharness.workflows.signing_answers import Answers

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
    assert view.box.headline == f"Approved for: REHEARSAL by {people}."
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
    assert view.box.headline == "Not approved: cy (data protection) rejects."
    assert [x.text for x in view.objections] == ["There is no impact assessment."]
    for face in (desk.page("html"), desk.page("md")):
        assert 0 <= face.index("Who objected") < face.index("There is no impact assessment.") < face.index("Who must approve, and who has")


def test_dissent_beside_a_full_quorum_takes_the_tick_away_and_is_shown(desk: Desk) -> None:
    desk.sign("fay", "dissent", Answers(why="Too early.", conflict="A friend works there."))
    desk.approve_all()
    view = build_view(facts(desk))
    assert (view.box.tone, view.box.sign) == ("reserved", "!")
    assert "fay objects, below." in view.box.notes
    assert [x.text for x in view.objections] == ["Too early."]
    assert "A friend works there." in desk.page()


def test_an_objection_that_was_taken_back_is_still_shown_and_said_not_to_count(desk: Desk) -> None:
    desk.sign("cy", "reject", REJECTED)
    desk.approve_all()
    view = build_view(facts(desk))
    assert view.box.headline.startswith("Approved for: REHEARSAL by")
    assert view.objections[0].note.startswith("This does not count: a later decision")


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
    assert "It ends on 2026-12-10 at the latest." in view.box.notes


def test_advice_and_the_departure_from_it_are_told_in_their_words(desk: Desk) -> None:
    desk.sign("eve", "advice", Answers(advice="against", why="Nobody asked those concerned."))
    desk.sign("ben", "approve", desk.answers(departures={"victims_advocate": "It is a rehearsal."}))
    terms = dict(next(s for s in build_view(facts(desk)).first if s.anchor == "advice").terms)
    assert terms["eve (victims advocate) advises against it"] == "“Nobody asked those concerned.”"
    assert terms["ben departs from the advice of victims advocate"] == "It is a rehearsal."


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
