"""What a lay reader of page one must not be able to overlook, in both faces."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from evidence_fixture import build, locked

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.records import Claim
from evalharness.report import briefly, numbers
from evalharness.report.build import build_view
from evalharness.report.by_task import task_words
from evalharness.report.by_task.binary import KEY, binary_words
from evalharness.report.fitting import lines, whole
from evalharness.report.html import render_html
from evalharness.report.markdown import render_markdown
from evalharness.report.policy_text import policy_text
from evalharness.report.unknown import unknown

NB = "\u00a0"
Change = Callable[[dict[str, Any]], None]


def shown_html(document: dict[str, Any]) -> str:
    return render_html(read_evidence(evidence_bytes(document))).decode().replace(NB, " ")


def page(document: dict[str, Any]) -> str:
    """Page one as Markdown, without its escapes; everything it says, the HTML says too."""
    text = render_markdown(read_evidence(evidence_bytes(document))).decode().replace("\\", "").replace(NB, " ")
    return text[: text.index("## Requirement by requirement")]


def sheet(document: dict[str, Any]) -> str:
    """The text of page one as it is printed, without tags: it has to fit."""
    text = shown_html(document)
    return html.unescape(re.sub(r"<[^>]*>", "", text[text.index('<article class="sheet page-one"') : text.index('<section class="part"')]))


def without_exemptions(**options: Any) -> dict[str, Any]:
    document = build(**options)
    document["not_judged"] = []
    return document


def signable(**options: Any) -> dict[str, Any]:
    """Met under a lock: the stricter level wants more items."""
    return build(kind="met", attempt=locked(), total=400_000, **options)


def real(document: dict[str, Any]) -> dict[str, Any]:
    document["benchmark"]["synthetic"] = False
    return document


def test_what_is_left_out_by_name_stands_in_the_headline_and_is_named() -> None:
    document = signable()
    cell = document["not_judged"][0]
    document["not_judged"] += [cell | {"group": {"sex": s}, "why": "x" * 500} for s in ("F", "M")]
    for text in (page(document), shown_html(document)):
        assert "MET for the groups that were judged — 3 groups were left out by name and were NOT judged." in text
        assert "every one of" not in text
    assert "All 22 groups that were judged meet it. Not judged: ethnicity E5; sex F; sex M." in page(document)
    assert "Not judged by requirement 3: **sex F; sex M** (until 2027-01-01)." in page(document)
    assert 'class="verdict reserved"' in shown_html(document)
    assert "MET, with 3 groups left out" in page(document)


def test_dozens_of_names_are_all_there_and_hundreds_are_counted() -> None:
    document = build(kind="met")
    cell = document["not_judged"][0]
    document["not_judged"] = [cell | {"group": {"ethnicity": f"level {i:03}"}} for i in range(40)]
    text = sheet(document)
    assert all(f"level {i:03}" in text for i in range(40))
    document["not_judged"] = [cell | {"group": {"ethnicity": f"level {i:03}"}} for i in range(400)]
    assert "more, all named under “Limits”" in sheet(document)
    text = page(document)
    assert all(f"level {i:03}" in text for i in range(400))


def test_only_a_clean_pass_gets_the_green_box() -> None:
    clean = without_exemptions(kind="met", attempt=locked(), total=400_000)
    assert 'class="verdict met"' in shown_html(clean)
    assert "## ✓ MET — every one of 28 checks was demonstrated." in page(clean)


def test_a_pass_in_a_practice_run_never_looks_like_an_approval() -> None:
    clean = without_exemptions(kind="met")
    text = shown_html(clean)
    assert 'class="verdict practice"' in text
    assert 'class="verdict met"' not in text
    assert "<title>MET, in a practice run (REHEARSAL)" in text
    assert "## ✓ MET, in a practice run — every one of 28 checks was demonstrated." in page(clean)
    assert "MET, in a practice run, for the groups that were judged — 1 group was left out by name" in page(build(kind="met"))
    assert "MET, in a practice run, on" not in shown_html(build(kind="met", bad=True))
    assert 'class="verdict bad"' in shown_html(build(kind="met", bad=True))


def constant(document: dict[str, Any]) -> None:
    document["score_summary"]["constant"] = True


def worse(document: dict[str, Any]) -> None:
    document["score_summary"]["worse_than_chance"] = True


def all_flagged(document: dict[str, Any]) -> None:
    document["tallies"]["confusion"][0] |= {"fn": 0, "tn": 0}


def asks_for_more(document: dict[str, Any]) -> None:
    document["policy"]["document"]["claim"] = "local"


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (constant, "But the classifier gives every item the same score: it sorts nothing."),
        (worse, "But the scores put irrelevant items before relevant ones: drawing lots would do better."),
        (all_flagged, "But the classifier flags every item that it answers: it sorts nothing."),
        (asks_for_more, "But the policy asks for a LOCAL TEST and this is only a REHEARSAL: the policy is not fulfilled."),
    ],
)
def test_what_takes_the_shine_off_a_pass_stands_in_the_headline(change: Change, note: str) -> None:
    document = without_exemptions(kind="met", attempt=locked(), total=400_000)
    change(document)
    assert f"was demonstrated. {note}" in page(document)
    assert 'class="verdict reserved"' in shown_html(document)
    assert "MET, WITH RESERVATIONS" in shown_html(document)


def test_a_claim_that_is_carried_has_no_reservation() -> None:
    document = without_exemptions(kind="met", claim=Claim.LOCAL, attempt=locked(), total=400_000)
    document["policy"]["document"]["claim"] = "local"
    assert "not fulfilled" not in page(document)
    assert 'class="verdict met"' in shown_html(document)


def test_a_bad_policy_is_named_on_every_sheet_and_in_the_statement() -> None:
    document = without_exemptions(kind="met", bad=True, attempt=locked(), total=400_000)
    document["policy"]["document"]["sign_off"]["developers_may_not_sign"] = False
    text = shown_html(document)
    assert 'class="verdict bad"' in text
    assert text.count("REHEARSAL · DO NOT USE THIS POLICY") >= 4
    assert "MET, under a policy that its authors say nobody should use." in page(document)
    assert "The policy lets the people who built the classifier sign." in page(document)


def unproven() -> dict[str, Any]:
    """Two groups of few people that are not settled, and nothing worse."""
    document = without_exemptions(kind="mixed")
    document["findings"] = [f for f in document["findings"] if f["outcome"] != "not_met"]
    for finding in document["findings"]:
        if finding["outcome"] == "not_demonstrated":
            finding["value"] = 0.95
    document["verdict"]["outcome"] = "not_demonstrated"
    return document


@pytest.mark.parametrize(("kind", "begins"), [("mixed", "NOT MET — "), ("short", "NOT EVALUABLE — "), ("unproven", "NOT DEMONSTRATED — ")])
def test_what_is_not_a_pass_never_reads_like_one(kind: str, begins: str) -> None:
    text = page(unproven() if kind == "unproven" else build(kind=kind))
    assert begins in text
    assert "None failed" not in text
    if kind != "mixed":
        assert "this is not a pass" in text


def test_a_failure_does_not_hide_what_else_is_unproven() -> None:
    assert re.search(r"NOT MET — 3 of 28 checks failed; \d+ more (is|are) not proven\.", page(build(kind="mixed")))


def test_a_figure_short_of_its_goal_is_told_of_what_is_unproven() -> None:
    document = unproven()
    assert "2 of 25 checks are unproven." in page(document)
    assert "itself short" not in page(document)
    next(f for f in document["findings"] if f["outcome"] == "not_demonstrated")["value"] = 0.5
    assert "2 of 25 checks are unproven. In 1 of them the figure found is itself on the wrong side of the goal." in page(document)


def test_the_worst_group_is_told_in_counts() -> None:
    assert re.search(
        r"Worst: of [\d,]+ relevant items of ethnicity E4( and sex \w)?, [\d,]+ were found \(8\d\.\d %\)", page(build(kind="mixed"))
    )


def test_too_few_items_are_told_as_too_few_and_never_as_the_worst() -> None:
    document = unproven()
    cell = next(f for f in document["findings"] if f["outcome"] == "not_demonstrated")
    row = next(r for r in document["tallies"]["confusion"] if r["group"] == cell["group"])
    row |= {"tp": cell["n"], "fn": 0, "no_answer_positive": 0}
    cell |= {"value": 1.0, "lower": 0.01, "needed": 29, "attainable": False}
    text = page(document)
    assert f"all {cell['n']:,} relevant items of " in text
    assert f"were found, but {cell['n']:,} are too few." in text
    assert "At the very least 29 relevant items of this group are needed; far more if there is a single error." in text


def test_sizes_in_sentences_are_rounded_up_to_two_digits() -> None:
    assert [numbers.about(x) for x in (4, 29, 240, 241, 88_579)] == ["4", "29", "240", "about 250", "about 89,000"]


def test_items_without_an_answer_are_told_the_same_everywhere() -> None:
    text = page(build(kind="mixed"))
    assert "that got no answer; nobody opens the rest." in text
    assert "wrongly flagged, or without an answer" in text
    assert "In the checks above they count as errors; in the table they go to a person." in text
    document = build(kind="mixed")
    for estimate in document["estimates"]:
        if estimate["metric"] == "no_answer_rate":
            estimate["value"] = 0.0
    assert "A person opens the flagged items; nobody opens the rest." in page(document)
    assert "or without an answer" not in page(document)


def test_the_missed_are_told_in_1000_items_of_any_kind_and_of_the_relevant_ones() -> None:
    document = without_groups(kind="met")
    assert "| | In 1,000 items of any kind |" in page(document)
    assert "Worst-off group" not in page(document)
    assert "relevant ones)" not in page(document), "items without an answer are opened: the two figures count other items"
    for estimate in document["estimates"]:
        if estimate["metric"] in ("no_answer_rate", "false_negative_rate"):
            estimate["value"] = {"no_answer_rate": 0.0, "false_negative_rate": 0.003912}[estimate["metric"]]
    assert "| Relevant items set aside, never opened (3.9 of every 1,000 relevant ones) |" in page(document)
    document["estimates"] = [e for e in document["estimates"] if e["metric"] != "false_negative_rate"]
    assert "| Relevant items set aside, never opened |" in page(document)


def test_what_is_set_aside_waits_where_the_policy_promises_to_open_it_and_is_never_opened_where_it_does_not() -> None:
    document = without_groups(kind="met")
    aside = {"name": "aside", "rest": True, "readers": 0}
    bands = [
        {"name": "review", "from": "operating_point", "readers": 1},
        {"name": "low", "from": 0.2, "readers": 0, "opened_within_days": 30},
    ]
    document["policy"]["document"].setdefault("human_in_the_loop", {})["bands"] = [*bands, {**aside, "opened_within_days": 90}]
    text = page(document)
    assert "Set aside: it waits; the policy promises that a person opens it within 90 days." in text
    assert "the rest is set aside. The policy promises that a person opens it within 90 days; no test can see whether that is kept." in text
    assert "nobody opens" not in text
    assert "never opened" not in text
    document["policy"]["document"]["human_in_the_loop"]["bands"] = [*bands, aside]
    text = page(document)
    assert KEY in text
    assert "nobody opens the rest." in text
    assert "| Relevant items set aside, never opened |" in text


def without_groups(**options: Any) -> dict[str, Any]:
    document = build(**options)
    document["findings"] = [f for f in document["findings"] if not f["group"]]
    return document


def test_where_the_policy_asks_for_each_group_the_worst_off_one_stands_beside_everybody() -> None:
    document = build(kind="met")
    asked = [f["group"] for f in document["findings"] if f["metric"] == "recall" and f["group"]]
    shares = {
        " and ".join(f"{a} {v}" for a, v in sorted(e["group"].items())): (e["value"], e["upper"])
        for e in document["estimates"]
        if e["metric"] == "false_negative_rate" and e["group"] in asked and not e.get("between")
    }
    name, (value, upper) = max(shares.items(), key=lambda item: item[1])
    everyone = next(e for e in document["estimates"] if e["metric"] == "false_negative_rate" and not e["group"])
    text = page(document)
    line = next(line for line in text.splitlines() if line.startswith("| The same in 1,000 relevant items"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:3] == [numbers.in_thousand(everyone["value"]), numbers.in_thousand(everyone["upper"], "up")]
    assert cells[5] == f"{name}: {numbers.in_thousand(value)} (at most {numbers.in_thousand(upper, 'up')})"
    assert "| Worst-off group |" in text


def test_made_up_items_are_called_so_and_real_ones_are_not() -> None:
    assert "If real items were like these made-up ones (50,000 a week)." in page(build(kind="met"))
    text = page(real(build(kind="met")))
    judged = build(kind="met")["benchmark"]["rows_judged"]
    assert f"If the items that arrive were like these {judged:,} test items (50,000 a week)." in text
    assert "made-up" not in text


@pytest.mark.parametrize("claim", list(Claim))
def test_no_signature_permits_use(claim: Claim) -> None:
    text = page(signable(claim=claim))
    assert "An approval says that this test was passed. It does not permit use on live cases; that is another decision." in text
    assert "It ends after 180 days at the latest." in text
    assert "You can also reject, defer or disagree, and take an approval back at any time by signing again." in text
    assert "Signing says" not in text
    assert "an be signed" not in text


@pytest.mark.parametrize("kind", ["mixed", "short", "empty"])
def test_what_was_not_met_cannot_be_approved_and_everything_else_can_be_said(kind: str) -> None:
    text = page(build(kind=kind, attempt=locked()))
    assert "Nobody can approve this: no signature turns this verdict into MET. You can reject, defer or disagree." in text
    assert "An approval says" not in text


def test_page_one_says_who_can_stop_an_approval_who_is_heard_and_who_carries_the_risk() -> None:
    document = build(kind="met", attempt=locked())
    text = page(document)
    assert "The senior responsible owner carries the risk that remains." in text
    assert "Can stop an approval alone" not in text
    assert "Must be heard" not in text
    document["policy"]["document"]["sign_off"] |= {
        "veto": ["safeguarding", "data_protection"], "advice": ["victims_advocate"], "risk_owner": "data_protection",
    }  # fmt: skip
    text = page(document)
    assert "Can stop an approval alone: safeguarding, data protection." in text
    assert "Must be heard, without a vote: victims advocate." in text
    assert "The data protection carries the risk that remains." in text
    document["policy"]["document"]["sign_off"]["veto"] = [f"role_{i}" for i in range(9)]
    assert "role 4, and 4 more." in sheet(document)
    assert "role 7, role 8." in page(document)


def test_a_run_on_other_items_cannot_be_signed_even_with_a_lock() -> None:
    document = signable()
    assert "never be signed" not in page(document)
    document["notices"] = [{"kind": "practice_run", "text": "20,000 items instead of the 500,000 that count."}]
    other = "NOT FOR SIGNING: these are not the policy's own items. It can never be signed."
    again = "lock first (evalharness lock), then run again, on the policy's own items, whole and unchanged."
    assert other in page(document)
    assert f"Nobody can sign this report. For one that can be signed: {again}" in page(document)
    assert "MET, in a run that cannot be signed" in page(document)
    assert "**Look at this first**" in page(document)
    elsewhere = build(kind="met", attempt=locked())
    elsewhere["benchmark"]["name"] = "another"
    assert other in page(elsewhere)
    assert again in page(elsewhere)
    assert "PRACTICE RUN" not in shown_html(elsewhere)


@pytest.mark.parametrize("kind", ["met", "mixed", "short", "empty"])
def test_a_run_without_a_lock_says_first_of_all_that_it_is_for_practice(kind: str) -> None:
    document = build(kind=kind)
    said = "PRACTICE RUN: nothing was fixed beforehand. It can never be signed."
    assert page(document).count(said) == shown_html(document).count(said) == 1
    assert page(document).index(said) < page(document).index("# Does")
    assert shown_html(document).index(said) < shown_html(document).index("<main")
    assert shown_html(document).count("REHEARSAL · PRACTICE RUN") == 4
    document["notices"] = [{"kind": "practice_run", "text": "20,000 items instead of the 500,000 that count."}]
    assert said in page(document)
    assert "PRACTICE RUN" not in shown_html(build(kind=kind, attempt=locked()))


@pytest.mark.parametrize("kind", ["met", "mixed", "short", "empty"])
def test_of_a_practice_run_page_one_says_only_how_to_get_a_report_that_can_be_signed(kind: str) -> None:
    last = page(build(kind=kind)).split("## What signing would mean")[1].strip().removesuffix("---").strip()
    assert last == "- Nobody can sign this report. For one that can be signed: lock first (evalharness lock), then run again."
    assert not re.search("put your name|signature|180 days", page(build(kind=kind)))


@pytest.mark.parametrize(("number", "level"), [(1, "96.96 %"), (3, "99.66 %"), (100, "99.99969 %")])
def test_a_locked_run_says_which_attempt_it_is_and_at_what_level_it_was_judged(number: int, level: str) -> None:
    document = build(kind="met", attempt=locked(number))
    for text in (page(document), shown_html(document)):
        assert f"By its lock this is attempt {number} of the campaign “message-triage/this repository”." in text
        assert f"Every attempt counts, so it was judged at {level} instead of 95 %." in text
        assert "practice run" not in text.lower()
    assert f"“{level} sure”: a method that is wrong in at most" in page(document)
    assert "95 % sure" not in shown_html(document)


def test_the_annex_says_who_must_approve_and_what_was_fixed() -> None:
    document = build(kind="met", attempt=locked(2))
    document["policy"]["document"]["sign_off"] |= {"veto": ["data_protection"], "advice": ["victims_advocate"], "minimum_people": 3}
    document["policy"]["document"]["change_plan"] = [
        {"what": "threshold", "within": [0.4, 0.6], "retest": "Lock it as the next attempt.", "why": "It trades misses against time."}
    ]
    text = shown_html(document)
    assert f"names the policy lock {'sha256:' + 'ab' * 32}: attempt 2 of the campaign" in text
    assert "each bound judged at 99.24009113 %" in text
    whole_report = render_markdown(read_evidence(evidence_bytes(document))).decode().replace("\\", "").replace(NB, " ")
    for row in (
        "| Different people, at least | 3 |",
        "| Can stop an approval alone | data protection |",
        "| Must be heard, without a vote | victims advocate |",
        "| Accepts the remaining risk | senior responsible owner |",
        "| The list of revocations is at most | 7 days old |",
        "| threshold | 0.4 to 0.6 | Lock it as the next attempt. | It trades misses against time. |",
    ):
        assert row in whole_report
    assert "Changes agreed beforehand" not in shown_html(build(kind="met"))


def test_a_warning_that_page_one_cuts_stands_whole_under_limits() -> None:
    document = build(kind="mixed", bad=True)
    document["policy"]["document"]["example_of_bad_policy"] = "A coin would do. " * 30 + "So it ends."
    assert "So it ends." not in sheet(document)
    assert "So it ends." in shown_html(document)
    assert "So it ends." in page(document)


def test_scores_at_the_threshold_are_a_quieter_notice_than_the_rest_and_none_where_they_are_few() -> None:
    document = build(kind="met")
    document["notices"] = [
        {"kind": "tied_scores", "text": "9 items score exactly at the threshold 0.5."},
        {"kind": "constant_scores", "text": "Every score is the same: the model does not tell items apart."},
    ]
    document["score_summary"] = {"rows": 600_000, "tied_at_threshold": 9}
    assert "items score exactly" not in page(document)
    assert "9 items score exactly" in shown_html(document), "it stands under Limits all the same"
    document["score_summary"]["tied_at_threshold"] = 601
    text = page(document)
    assert "- **Warning:** Every score is the same" in text
    assert "- **Note:** 9 items score exactly" in text


def test_scores_at_the_threshold_are_told_where_they_could_change_a_verdict() -> None:
    document = build(kind="met")
    document["notices"] = [{"kind": "tied_scores", "text": "9 items score exactly at the threshold 0.5."}]
    document["score_summary"] = {"rows": 600_000, "tied_at_threshold": 9}
    finding = next(f for f in document["findings"] if f["metric"] == "recall" and not f["group"])
    finding["bound"] = finding["lower"] - 8 / finding["n"]
    assert "- **Note:** 9 items score exactly" in page(document)


def test_what_is_hidden_is_chosen_by_importance() -> None:
    document = build(kind="met")
    supplied = "Predictions were supplied as a file: nothing here shows that the model named made them, or how often it was tried."
    document["limits"] = ["The policy declares no volume.", "Short.", supplied]
    evidence = read_evidence(evidence_bytes(document))
    told = list(unknown(evidence, policy_text(evidence), task_words(evidence)))
    places = [
        next(i for i, text in enumerate(told) if text.startswith(x)) for x in (supplied, "Not tested: ", "Short.", "The policy declares no")
    ]
    assert places == sorted(places)


def test_uses_that_the_policy_prohibits_are_all_there_where_they_fit() -> None:
    document = build(kind="met")
    uses = ["closing an item without human review", "acting on the answer alone " + "x" * 60, "any use at another threshold " + "y" * 60]
    document["policy"]["document"]["prohibited_uses"] = uses
    assert f"Never for: {'; '.join(uses)}." in sheet(document)
    document["policy"]["document"]["prohibited_uses"] = uses * 4
    assert "more, see “What exactly was judged”" in sheet(document)
    assert f"Never for: {'; '.join(uses * 4)}." in page(document)


def test_what_is_met_beside_what_is_not_has_its_figures() -> None:
    text = page(build(kind="mixed"))
    told = [line for line in text.splitlines() if line.startswith("- **✓ met:**")]
    assert told
    assert all(re.search(r"Found: .*; 95 % sure: at (least|most) ", line.replace("\u00a0", " ")) for line in told)


def test_page_one_says_what_it_is_for_and_explains_its_words() -> None:
    text = page(build(kind="met"))
    assert "Meant for: Orders messages for review. Nothing is closed without a human decision." in text
    assert "Never for: closing an item without human review." in text
    assert KEY in text


def test_one_requirement_is_one_thing_that_was_checked() -> None:
    document = without_exemptions(kind="met")
    document["findings"] = document["findings"][:1]
    assert "asks one thing of this classifier. It was checked on" in page(document)


def test_no_sentence_of_what_is_not_known_is_cut() -> None:
    document = build(kind="met")
    document["limits"] = [f"Sentence {i} " + "is long " * 20 + "and ends." for i in range(9)]
    part = sheet(document).split("What is not known")[1].split("What signing")[0]
    assert "…" not in part
    assert re.search(r"And \d+ more points: see “Limits”\.", part)


def test_in_markdown_page_one_is_as_long_as_it_must_be() -> None:
    document = build(kind="mixed", bad=True, attempt=locked())
    told = document["policy"]["document"]
    told |= {"title": "Title " * 40 + "whole", "intended_use": "Use " * 300 + "whole.", "example_of_bad_policy": "Bad " * 200 + "whole."}
    told["prohibited_uses"] = [f"use {i} " + "that is long " * 20 + "whole" for i in range(30)]
    told["sign_off"] |= {"veto": ["veto_" + "long_" * 20 + "whole"]}
    document["model"]["name"] = "model-" + "long-" * 20 + "whole"
    document["limits"] = [f"Limit {i} " + "is long " * 60 + "whole." for i in range(20)]
    document["notices"] = [{"kind": "cannot_fail", "text": "Notice " * 100 + "whole."}]
    document["not_judged"][0]["why"] = "Because " * 60 + "whole."
    text = page(document)
    assert "…" not in text
    assert not re.search(r"[Aa]nd \d+ more\b|\d+ more (points|on the next pages)|see “", text)
    for words in ("Title whole", "Use whole.", "Bad whole.", "long whole", "long-whole", "long whole.", "Notice whole.", "Because whole."):
        assert words in text, words
    assert all(f"use {i} that" in text for i in range(30))
    assert all(f"Limit {i} is" in text for i in range(20))
    assert "…" in sheet(document)


def test_what_does_not_fit_is_dropped_whole_and_counted() -> None:
    assert whole(["a", "b"], 2, "points", "Limits") == ("a", "b")
    assert whole(["a", "b", "c"], 2, "points", "Limits") == ("a", "And 2 more points: see “Limits”.")
    assert whole(["a", "x" * 500, "c"], 3, "points", "Limits") == ("a", "And 2 more points: see “Limits”."), "in order of importance"
    assert whole(["x" * 500], 2, "points", "Limits") == ("1 point: see “Limits”.",)
    assert (lines("字" * 50, 92), lines("x" * 50, 92)) == (2, 1)


def test_yes_and_no_answers_have_no_table_of_scores() -> None:
    assert "The classifier answers yes or no and gives no scores." in shown_html(build(kind="met", labels=True))


def test_luck_above_the_best_to_be_expected_is_called_luck() -> None:
    document = build(kind="met")
    document["attainable"][0] |= {"recall": 1.0, "best_recall": 0.9974}
    text = shown_html(document)
    assert "above by chance" in text
    assert "No classifier" not in text


def test_a_group_that_items_without_an_answer_keep_unproven_says_so_in_its_table() -> None:
    document = without_exemptions(kind="met")
    finding = next(f for f in document["findings"] if f["group"] == {"sex": "F"} and f["metric"] == "recall")
    finding |= {"outcome": "not_demonstrated", "reason": "refusals could hide the opposite"}
    estimate = next(e for e in document["estimates"] if e["metric"] == "recall" and e["group"] == {"sex": "F"})
    estimate["worst_case"] = [0.7, 0.99]
    document["verdict"]["outcome"] = "not_demonstrated"
    text = shown_html(document)
    assert "? not demonstrated: only because of the items without an answer" in text
    assert "at least 70.0 %, at most 99.0 %" in text
    assert "changes nothing" in text


def test_a_share_without_a_known_count_is_still_told() -> None:
    evidence = read_evidence(evidence_bytes(build(kind="mixed")))
    one = evidence.findings[0]
    assert briefly.brief(one, binary_words(evidence)).startswith("found: ")
    assert briefly.brief(one, binary_words(evidence), 3).startswith("of ")


def test_counts_of_a_weighted_sample_do_not_seem_to_give_its_share() -> None:
    evidence = read_evidence(evidence_bytes(build(kind="mixed")))
    one = next(f for f in evidence.findings if f.n > 3 and f.value not in (None, 0.0, 1.0) and not f.between)
    assert one.value is not None
    part = round(one.value * one.n)
    exact = one.model_copy(update={"value": part / one.n})
    assert "each counted by its chance of being drawn" not in briefly.brief(exact, binary_words(evidence), part)
    assert ", each counted by its chance of being drawn)" in briefly.brief(exact, binary_words(evidence), part - 1)


def test_every_point_of_page_one_that_is_not_known_stands_in_the_limits_too() -> None:
    evidence = read_evidence(evidence_bytes(build(kind="mixed")))
    told = list(unknown(evidence, policy_text(evidence), task_words(evidence)))
    limits = next(section for section in build_view(evidence).sections if section.anchor == "limits")
    assert told
    assert set(told) <= set(limits.items)
