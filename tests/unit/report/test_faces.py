"""All faces: the same evidence gives the same bytes; nothing foreign becomes markup; nothing is promised that was not shown."""

import base64
import hashlib
import html.parser
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from evidence_fixture import HOSTILE, build, hostile, locked
from markdown_it import MarkdownIt

from evalharness.errors import BadInput
from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.records import Attempt, Claim
from evalharness.report.faces import FILE_NAMES, FORMATS, faces, render
from evalharness.report.html import render_html
from evalharness.report.junit import render_junit
from evalharness.report.markdown import escaped, render_markdown

VOID = {"meta", "wbr", "br", "hr", "img", "input", "link", "path", "rect", "line", "circle"}
KINDS = ("met", "mixed", "short", "empty")


def parsed(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - our own output, and pyexpat loads nothing


def evidence(**options: Any) -> Evidence:
    return read_evidence(evidence_bytes(build(**options)))


@pytest.fixture(scope="module")
def spiteful() -> Evidence:
    return evidence(word=hostile, bad=True, depth=2, attempt=locked(2, hostile("campaign")[:200]))


class Page(html.parser.HTMLParser):
    """Elements, attributes and visible text of a page; unbalanced elements are an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_evidence_gives_the_same_bytes(kind: str) -> None:
    assert faces(evidence(kind=kind)) == faces(evidence(kind=kind))


def test_every_format_has_a_face_and_no_other_is_known() -> None:
    one = evidence(kind="met")
    assert {FILE_NAMES[name]: render(one, name) for name in FORMATS} == faces(one)
    with pytest.raises(BadInput, match="no such format"):
        render(one, "pdf")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [{}, {"labels": True}, {"bad": True}, {"claim": Claim.LOCAL}, {"depth": 3}], ids=str)
def test_every_kind_of_evidence_renders(kind: str, options: dict[str, Any]) -> None:
    for data in faces(evidence(kind=kind, **options)).values():
        assert len(data) > 1000


def test_evidence_without_findings_or_groups_renders_as_nothing_shown() -> None:
    document = build(depth=1)
    document |= {"findings": [], "translation": [], "attainable": None, "attainable_reason": "no truth", "not_judged": [], "estimates": []}
    document["verdict"] = {"outcome": "not_evaluable", "reasons": ["there is no finding"]}
    document["policy"]["document"] = {"requirements": 3, "costs": [], "human_in_the_loop": "x"}
    document["tallies"] = {"confusion": [], "moments": []}
    bare = read_evidence(evidence_bytes(document))
    page = Page(render_html(bare).decode())
    assert "NOT EVALUABLE — nothing was judged" in page.text
    assert "NOT EVALUABLE" in render_markdown(bare).decode()
    root = parsed(render_junit(bare))
    assert root.get("errors") == "1"
    assert root.find(".//error") is not None


def test_the_page_is_one_file_with_a_policy_that_allows_its_style_and_nothing_else() -> None:
    text = render_html(evidence()).decode()
    page = Page(text)
    names = {name for name, _ in page.elements}
    assert not names & {"script", "link", "iframe", "object", "embed", "img", "form", "base", "audio", "video"}
    attributes = {key for _, found in page.elements for key in found}
    assert not {key for key in attributes if key == "style" or key.startswith("on") or key in {"src", "srcset", "action"}}
    links = {found["href"] for name, found in page.elements if name == "a"}
    assert all(link is not None and link.startswith("#") for link in links)
    style = re.search(r"<style>(.*?)</style>", text, flags=re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    content = next(found["content"] for name, found in page.elements if found.get("http-equiv") == "Content-Security-Policy")
    assert content == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\((?!#)|@import|expression", text)


def test_no_hostile_word_becomes_an_element_an_attribute_or_a_hidden_character(spiteful: Evidence) -> None:
    text = render_html(spiteful).decode()
    page = Page(text)
    assert not {name for name, _ in page.elements} & {"script", "img"}
    assert not any(key.startswith("on") for _, found in page.elements for key in found)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", text)
    assert "<script>alert(1)" in page.text
    assert r"\u202e" in page.text
    assert "{{ 7*7 }}" in page.text
    assert len(text) < 2_000_000


def test_no_hostile_word_becomes_markdown_markup(spiteful: Evidence) -> None:
    text = render_markdown(spiteful).decode()
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "em_open", "fence"}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)
    assert "https://" not in text
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")]
    assert set(widths) <= set(range(3, 12))


def test_every_table_row_of_the_markdown_has_as_many_cells_as_its_head() -> None:
    text = render_markdown(evidence(word=hostile)).decode()
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        rows = block.splitlines()
        assert re.fullmatch(r"[|\- :]+", rows[1]), rows[:3]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {len(re.findall(r"(?<!\\)\|", rows[0]))}


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "# a", "- a", "+ a", "1. a", "2) a", "> a", "| a |", "    a", "```x", "***", "___", "a\n\nb",
     "www.example.invalid", "a@b.invalid",
     "<!-- x", "&lt;", "[a]: b", "\\", "setext\n====", "$x$", "~~a~~", "[^1]", ":smile:"],
)  # fmt: skip
def test_escaped_text_is_one_plain_paragraph(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or []} <= {"text", "text_special"}


@pytest.mark.parametrize("kind", KINDS)
def test_junit_passes_exactly_what_is_met(kind: str) -> None:
    one = evidence(kind=kind)
    root = parsed(render_junit(one))
    cases = root.findall(".//testcase")
    assert len(cases) == len(one.findings) == int(root.get("tests") or 0)
    failed = {case.get("name"): case.find("failure").get("type") for case in cases if case.find("failure") is not None}  # type: ignore[union-attr]
    assert len(failed) == sum(f.outcome != "met" for f in one.findings) == int(root.get("failures") or 0)
    assert sorted(failed.values()) == sorted(f.outcome for f in one.findings if f.outcome != "met")
    verdicts = [p.get("value") for p in root.findall(".//property") if p.get("name") == "verdict"]
    assert verdicts == [one.verdict.outcome]


def test_junit_names_its_cases_by_requirement_and_group() -> None:
    names = {case.get("name") for case in parsed(render_junit(evidence())).findall(".//testcase")}
    assert {"recall", "recall-everyone[sex=F]", "recall-everyone[ethnicity=E4,sex=F]"} <= names


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (
            None,
            {
                "lock": "none: a practice run",
                "signing": "PRACTICE RUN: nothing was fixed beforehand. It can never be signed.",
            },
        ),
        (locked(2), {"lock": locked().lock, "campaign": locked().campaign, "attempt": "2", "level": "0.9924009113"}),
    ],
    ids=["practice", "locked"],
)
def test_junit_says_under_which_lock(attempt: Attempt | None, said: dict[str, str]) -> None:
    properties = parsed(render_junit(evidence(kind="met", attempt=attempt))).findall(".//property")
    found = {p.get("name"): p.get("value") for p in properties if p.get("name") in ("lock", "campaign", "attempt", "level", "signing")}
    assert found == said


def test_junit_is_well_formed_whatever_the_words(spiteful: Evidence) -> None:
    data = render_junit(spiteful)
    parsed(data)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", data.decode())


def test_a_verdict_that_its_findings_do_not_explain_is_an_error_in_junit() -> None:
    document = build(kind="met")
    document["verdict"] = {"outcome": "not_evaluable", "reasons": ["r: not evaluable: nothing was found about it"]}
    root = parsed(render_junit(read_evidence(evidence_bytes(document))))
    assert (root.get("errors"), root.get("failures")) == ("1", "0")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("face", ["html", "md"])
def test_a_face_says_what_page_one_must_say_and_nothing_it_must_not(kind: str, face: str) -> None:
    one = evidence(kind=kind, bad=True)
    text = render(one, face).decode()
    plain = (Page(text).text if face == "html" else text.replace("\\", "")).replace("\u00a0", " ")
    headlines = {
        "met": "BAD POLICY — “met” means nothing here.",
        "not_met": "NOT MET — ",
        "not_evaluable": "NOT EVALUABLE — ",
        "not_demonstrated": "NOT DEMONSTRATED",
    }
    for wanted in (
        headlines[one.verdict.outcome],
        "REHEARSAL",
        "It cannot say how the classifier would do on real items",
        "These figures assume that every flagged item is opened in time and judged correctly; nobody has measured that.",
        "If reviewers catch 7 in 10",
        "If reviewers catch 9 in 10",
        "In 1,000 items",
        "In a week",
        "What is not known",
        "the recipe makes too few of them",
        "What signing would mean",
        "Do not use this policy.",
        "12 items have a score equal to the threshold",
        "evalharness verify RUN_DIR",
        "together enclose the true figure in 90 %",
        "describes, cannot decide",
        one.digest,
    ):
        assert wanted in plain, wanted
    assert not re.search(r"\b(approved|fair|unbiased|bias-free|fairness)\b", plain, flags=re.IGNORECASE)


def test_meeting_a_bad_policy_is_not_left_to_shine() -> None:
    for face in (render_html, render_markdown):
        assert "BAD POLICY — “met” means nothing here." in face(evidence(kind="met", bad=True)).decode()
        assert "BAD POLICY" not in face(evidence(kind="met")).decode()


def test_without_a_weekly_volume_nothing_is_said_of_a_week() -> None:
    document = build(kind="met")
    document["translation"] = [e for e in document["translation"] if not e["metric"].endswith("_per_week")]
    one = read_evidence(evidence_bytes(document))
    for face in (render_html, render_markdown):
        assert "In 1,000 items" in face(one).decode()
        assert "In a week" not in face(one).decode()


def test_one_hundred_and_sixty_eight_groups_stay_far_under_two_megabytes() -> None:
    one = evidence(depth=3)
    assert len(one.tallies.confusion) == 168
    assert len(render_html(one)) < 1_000_000


def test_rows_that_do_not_fit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evalharness.report.annex_groups.ROWS_LISTED", 10)
    assert "more rows are in evidence.json" in render_html(evidence()).decode()


def test_headings_go_down_one_level_at_a_time_and_ids_are_single() -> None:
    page = Page(render_html(evidence()).decode())
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    targets = {(found["href"] or "")[1:] for name, found in page.elements if name == "a"}
    assert targets <= set(ids)
