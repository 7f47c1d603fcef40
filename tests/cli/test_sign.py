"""`evalharness sign`: verified first, page one shown, all that is missing told at once, nothing signed that would not count."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import signing
from command import Answer, evalharness
from signing_desk import EXEMPTED, NOW, REQUIREMENTS, Desk

from evalharness.evidence.store import read_run
from evalharness.signoff.control import expected_missed
from evalharness.workflows import signing_case
from evalharness.workflows.signing_answers import Answers

APPROVE = (
    *("--not-tested", "Other languages.", "--risk-carried-by", "ada", "--accept-risk", "I accept it."),
    *("--absent", "victims_advocate=Nobody holds the office yet."),
)
Sign = Callable[..., Answer]
Typed = Callable[..., None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.open(tmp_path_factory.mktemp("desk") / "w")


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    return made.copy(tmp_path / "w")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Minutes since `NOW`, for the command; a test may set it."""
    minutes = [60]
    monkeypatch.setattr(signing_case, "clock_now", lambda: NOW + timedelta(minutes=minutes[0]))
    return minutes


@pytest.fixture
def sign(desk: Desk, clock: list[int], monkeypatch: pytest.MonkeyPatch) -> Sign:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))

    def run(person: str, kind: str, *options: object, agree: bool = True, folder: Path | None = None) -> Answer:
        clock[0] += 1
        fixed = ("--decision", kind, "--key", desk.office.key(person), "--passphrase-env", signing.PASSPHRASE_ENV, "--workspace", desk.root)
        return evalharness("sign", folder or desk.run, *fixed, *options, *(("--agree",) if agree else ()))

    return run


def missed(desk: Desk) -> str:
    return expected_missed(read_run(desk.run).evidence)


def files(desk: Desk) -> set[str]:
    return {path.name for path in desk.run.rglob("*")}


def test_page_one_is_shown_with_its_file_and_digest_before_anything_is_signed(desk: Desk, sign: Sign) -> None:
    answer = sign("ada", "approve", "--missed-per-1000", missed(desk), *APPROVE)
    assert answer.code == 0, answer.err
    text = answer.out
    assert text.index("Does “vendor” do what the policy asks?") < text.index("What signing would mean") < text.index("You put your name to")
    assert "report.md" in text
    assert f"Digest of report.html {json.loads(desk.page('json'))['digests']['report']}" in text
    assert "“I have read this report. Its verdict is MET." in text
    assert "Requirement by requirement" not in text


def test_what_happened_and_what_is_still_missing_is_told(desk: Desk, sign: Sign) -> None:
    out = sign("ada", "approve", "--missed-per-1000", missed(desk), *APPROVE).out
    assert "Signed: approve by ada, as senior responsible owner" in out
    assert "✓ senior responsible owner (1): filled by ada" in out
    assert "– data protection (1): nobody yet; 1 open" in out
    assert "– advice of victims advocate: none that counts yet" in out
    assert "Not approved yet:" in out
    assert {"decision.html", "decision.json", "decision.md"} < files(desk)


def test_the_last_seat_makes_it_approved_for_its_claim(desk: Desk, sign: Sign) -> None:
    for person in ("ada", "ben"):
        sign(person, "approve", "--missed-per-1000", missed(desk), *APPROVE)
    out = sign("cy", "approve", "--missed-per-1000", missed(desk), *APPROVE).out
    assert "Approved for REHEARSAL, as of this signature. Whether it is in force today, only the gate can say" in out


def test_what_others_said_is_shown_before_signing(desk: Desk, sign: Sign) -> None:
    desk.sign("fay", "dissent", Answers(why="Too early for this."))
    out = sign("cy", "defer", "--why", "I wait.").out
    assert out.index("fay (officer wellbeing) disagrees with an approval: Too early for this.") < out.index("You put your name to")


def test_without_a_terminal_everything_missing_is_told_at_once_and_nothing_is_written(desk: Desk, sign: Sign) -> None:
    before = files(desk)
    answer = sign("ada", "approve", agree=False)
    assert answer.code == 2
    for option in ("--missed-per-1000", "--not-tested", "--risk-carried-by", "--accept-risk", "--absent 'victims_advocate=WHY'", "--agree"):
        assert option in answer.err
    assert files(desk) == before


def test_a_wrong_answer_is_refused_without_telling_the_right_one(desk: Desk, sign: Sign) -> None:
    answer = sign("ada", "approve", "--missed-per-1000", "999", *APPROVE)
    assert answer.code == 2
    assert "the answer does not agree with the report" in answer.err
    assert "page one" in answer.err
    assert missed(desk) not in answer.err


REFUSED = [
    ("dev-1", "approve", (), "belongs to the team that built the classifier"),
    ("sam", "approve", (), "belongs to the supplier"),
    ("dev-1", "advice", ("--advice", "for", "--why", "x"), "belongs to the team"),
    ("dee", "approve", (), "no role that may sign this"),
    ("ada", "approve", ("--role", "data_protection"), "no such role"),
    ("ada", "advice", ("--advice", "for", "--why", "x"), "no role that may sign this"),
    ("eve", "approve", (), "no role that may sign this"),
    ("eve", "advice", ("--advice", "maybe", "--why", "x"), "no such advice"),
    ("eve", "advice", (), "do you advise"),
    ("cy", "reject", (), "why?"),
    ("ada", "consent", (), "no such decision"),
    ("ada", "approve", ("--valid-until", "2027-11-22"), "lets an approval last 30 days"),
    ("ada", "approve", ("--valid-until", "2026-11-01"), "end before it begins"),
    ("ada", "approve", ("--valid-from", "2026-11-01T00:00:00Z"), "cannot begin before it is signed"),
    ("ada", "approve", ("--valid-until", "soon"), "not a time"),
    ("ada", "approve", ("--valid-until", "31/12/2026"), "a plain day YYYY-MM-DD"),
    ("ada", "approve", ("--missed-per-1000", "0,19"), "write 0.19"),
    ("ada", "approve", ("--risk-carried-by", "ben"), "ben does not hold that role"),
    ("ada", "approve", ("--risk-carried-by", "dev-1"), "dev-1 belongs to the team"),
    ("ada", "approve", ("--risk-carried-by", "zoe"), "knows nobody of that id"),
    ("ada", "approve", ("--accept-not-judged", "recall[sex=M]"), "not among what nobody judged"),
    ("ada", "approve", ("--condition", "unit=north"), "of another kind"),
    ("ada", "approve-with-conditions", (), "under which condition"),
    ("ada", "approve-with-conditions", ("--condition", "speed=3"), "not a condition"),
    ("ada", "approve-with-conditions", ("--condition", "claim=pilot"), "only carries the claim rehearsal"),
    ("ada", "approve-with-conditions", ("--condition", "stream=other"), "another stream"),
    ("ada", "approve-with-conditions", ("--condition", "threshold=0.4"), "the threshold that was judged is 0.5"),
    ("ada", "approve-with-conditions", ("--condition", "until=2026-01-01"), "its day has passed"),
    ("ada", "approve", ("--conflict", "My sister built it."), "a declared conflict takes the vote"),
    ("ada", "approve", ("--advice", "for"), "only advice takes this"),
    ("ada", "approve", ("--depart", "victims_advocate=So."), "no advice of this role is against"),
    ("ada", "approve", ("--absent", "officer_wellbeing=So."), "asks for no such advice"),
    ("ada", "approve", ("--absent", "victims_advocate"), "ROLE=WHY"),
    ("ada", "approve", ("--not-tested", "..."), "holds no word"),
    ("ada", "approve", ("--not-tested", "a\u202eb"), "cannot be seen"),
    ("cy", "dissent", ("--why", "x", "--accept-risk", "y"), "only an approval takes this"),
]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused[-1])
def test_what_the_gate_would_not_count_is_refused(desk: Desk, sign: Sign, refused: tuple[str, str, tuple[str, ...], str]) -> None:
    person, kind, options, words = refused
    answers = ("--missed-per-1000", missed(desk), *APPROVE) if kind.startswith("approve") else ()
    before = files(desk)
    answer = sign(person, kind, *answers, *options)
    assert answer.code == 2, answer.out + answer.err
    assert words.lower() in answer.err.lower()
    assert files(desk) == before


def test_somebody_of_the_team_and_of_the_supplier_can_disagree(desk: Desk, sign: Sign) -> None:
    assert sign("dev-1", "dissent", "--why", "We told them so.", "--role", "victims_advocate").code == 0
    assert sign("sam", "dissent", "--why", "So did we.").code == 0


def test_advice_that_is_there_needs_no_word_on_its_absence_and_advice_against_needs_a_departure(desk: Desk, sign: Sign) -> None:
    assert sign("eve", "advice", "--advice", "against", "--why", "Nobody was asked.").code == 0
    options = ("--missed-per-1000", missed(desk), *APPROVE[:6])
    answer = sign("ben", "approve", *options)
    assert answer.code == 2
    assert "--depart 'victims_advocate=WHY'" in answer.err
    assert "is there" in sign("ben", "approve", *options, *APPROVE[6:]).err
    assert sign("ben", "approve", *options, "--depart", "victims_advocate=It is a rehearsal.").code == 0


def test_an_approval_lasts_as_long_as_the_policy_allows_and_a_day_includes_its_end(desk: Desk, sign: Sign) -> None:
    told = json.loads(sign("ada", "approve", "--missed-per-1000", missed(desk), *APPROVE, "--json").out)
    assert "until 2026-12-22T14:01:00Z" in told["sentence"]
    told = json.loads(sign("ben", "approve", "--missed-per-1000", missed(desk), *APPROVE, "--valid-until", "2026-12-01", "--json").out)
    assert "until 2026-12-01T23:59:59Z" in told["sentence"]


def test_as_json_there_is_one_document_and_page_one_beside_it(desk: Desk, sign: Sign) -> None:
    answer = sign("eve", "advice", "--advice", "for", "--why", "Yes.", "--json")
    told = json.loads(answer.out)
    assert (told["decision"], told["person"], told["role"], told["counts"]) == ("advice", "eve", "victims_advocate", True)
    assert told["approved_for"] is None
    assert told["advice_missing"] == []
    assert Path(told["statement"]).is_file()
    assert "Does “vendor” do what the policy asks?" in answer.err


def test_every_cell_that_nobody_judged_is_accepted_by_name(tmp_path: Path, clock: list[int]) -> None:
    desk = Desk.open(tmp_path / "w", requirements=EXEMPTED)
    fixed = ("--key", desk.office.key("ben"), "--passphrase-env", signing.PASSPHRASE_ENV, "--workspace", desk.root, "--agree")
    options = ("--decision", "approve", "--missed-per-1000", missed(desk), *APPROVE, *fixed)
    answer = evalharness("sign", desk.run, *options)
    assert answer.code == 2
    assert "--accept-not-judged 'everyone[sex=M]'" in answer.err
    assert evalharness("sign", desk.run, *options, "--accept-not-judged", "everyone[sex=M]").code == 0
    assert "| everyone\\[sex\\=M\\] | ben |" in desk.page()


def test_no_signature_turns_a_verdict_into_met(tmp_path: Path, clock: list[int]) -> None:
    desk = Desk.open(tmp_path / "w", requirements=[{**REQUIREMENTS[0], "at_least": 0.999}, *REQUIREMENTS[1:]])
    fixed = ("--key", desk.office.key("cy"), "--passphrase-env", signing.PASSPHRASE_ENV, "--workspace", desk.root, "--agree")
    answer = evalharness("sign", desk.run, "--decision", "approve", "--missed-per-1000", missed(desk), *APPROVE, *fixed)
    assert answer.code == 2
    assert "no signature turns this verdict into MET" in answer.err
    assert evalharness("sign", desk.run, "--decision", "reject", "--why", "It fails.", *fixed).code == 0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    return lambda *lines: monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def test_at_a_terminal_each_missing_answer_is_asked_and_the_person_id_typed(desk: Desk, sign: Sign, typed: Typed) -> None:
    typed(missed(desk), "Other languages.", "ada", "I accept it.", "There is no advocate yet.", "", "ada")
    answer = sign("ada", "approve", agree=False)
    assert answer.code == 0, answer.err
    for question in (
        "Page one has the figure",
        "What was not tested?",
        "Who carries the risk",
        "Say so in your own words",
        "do you not wait",
        "Until which day does it hold? (YYYY-MM-DD; nothing: until 2026-12-22T14:01:00Z, the longest that the policy allows)",
    ):
        assert question in answer.out
    assert answer.out.index("You put your name to exactly this") < answer.out.index("Type your person id to sign:")


@pytest.mark.parametrize("last", ["bob", "", "yes", "ADA"])
def test_any_other_id_signs_nothing(desk: Desk, sign: Sign, typed: Typed, last: str) -> None:
    typed("Wait.", last)
    before = files(desk)
    answer = sign("cy", "defer", agree=False)
    assert answer.code == 2
    assert "nothing was signed" in answer.err
    assert files(desk) == before


def test_a_wrong_answer_is_asked_again_on_the_spot(desk: Desk, sign: Sign, typed: Typed) -> None:
    wrong = ("999", "0,19", missed(desk), "...", "Other languages.", "zoe", "ben", "ada", "I accept it.", "None yet.", "31/12/2026")
    typed(*wrong, "2026-12-01", "ada")
    answer = sign("ada", "approve", agree=False)
    assert answer.code == 0, answer.err
    for words in (
        "does not agree with the report",
        "write 0.19",
        "it holds no word",
        "knows nobody",
        "does not hold that role",
        "YYYY-MM-DD",
    ):
        assert words in answer.out
    assert answer.out.count("Page one has the figure") == 3
    assert "until 2026-12-01T23:59:59Z" in answer.out


@pytest.mark.parametrize("wrong", ["999", ""])
def test_three_answers_that_will_not_do_are_the_end(desk: Desk, sign: Sign, typed: Typed, wrong: str) -> None:
    typed(wrong, wrong, wrong, missed(desk), "Other languages.")
    before = files(desk)
    answer = sign("ada", "approve", agree=False)
    assert answer.code == 2
    assert answer.out.count("Page one has the figure") == 3
    assert "What was not tested?" not in answer.out
    assert files(desk) == before


def test_a_wrong_option_is_told_before_any_question(desk: Desk, sign: Sign, typed: Typed) -> None:
    typed()
    answer = sign("ada", "approve", "--risk-carried-by", "zoe", agree=False)
    assert answer.code == 2
    assert "knows nobody" in answer.err
    assert "Page one has the figure" not in answer.out


def test_objections_are_told_before_the_seats_and_a_rejection_in_its_seat(desk: Desk, sign: Sign) -> None:
    desk.sign("fay", "dissent", Answers(why="Too early."))
    out = sign("ada", "reject", "--why", "There is no plan.").out.partition("Signed: ")[2]
    assert out.index("fay (officer wellbeing) disagrees") < out.index(
        "– senior responsible owner (1): ada REJECTED it: “There is no plan.”; 1 open"
    )
    assert "Not approved:" in out
    assert "Not approved yet" not in out


def test_before_signing_one_reads_how_to_take_it_back(desk: Desk, sign: Sign) -> None:
    out = sign("ada", "approve", "--missed-per-1000", missed(desk), *APPROVE).out
    assert "You can take it back at any time by signing defer or reject. Any one of ada (senior responsible owner)" in out
    assert out.index("You put your name to") < out.index("evalharness status suspend RUN --why … --key …")


def test_one_condition_of_several_approvers_is_shown_once(desk: Desk, sign: Sign) -> None:
    for person in ("ada", "ben"):
        under = desk.answers(conditions=("unit=north",), absences={"victims_advocate": "None yet."})
        desk.sign(person, "approve-with-conditions", under)
    out = sign("cy", "defer", "--why", "I wait.").out
    assert "Only in the unit “north”. (ada and ben)" in out
    assert out.count("Only in the unit “north”.") == 1


def test_answers_that_end_early_sign_nothing(desk: Desk, sign: Sign, typed: Typed) -> None:
    typed(missed(desk))
    assert sign("ada", "approve", agree=False).code == 2


def test_who_cannot_sign_is_told_so_before_any_question(sign: Sign, typed: Typed) -> None:
    typed()
    answer = sign("dev-1", "approve", agree=False)
    assert answer.code == 2
    assert "belongs to the team" in answer.err
    assert "Page one has the figure" not in answer.out


def test_a_second_decision_in_the_same_second_never_overwrites_the_first(desk: Desk, sign: Sign, clock: list[int]) -> None:
    assert sign("cy", "defer", "--why", "Wait.").code == 0
    clock[0] -= 1
    answer = sign("cy", "defer", "--why", "Wait longer.")
    assert answer.code == 2
    assert "is there already" in answer.err
    assert "Wait longer" not in desk.page()


def test_a_clock_that_is_behind_signs_nothing(desk: Desk, sign: Sign, clock: list[int]) -> None:
    clock[0] = -60
    answer = sign("cy", "defer", "--why", "Wait.")
    assert answer.code == 2
    assert "the clock is behind the test result" in answer.err


def test_an_unknown_run_is_no_evidence(desk: Desk, sign: Sign) -> None:
    assert sign("cy", "defer", "--why", "x", folder=desk.run.parent / "no-such-run").code == 3


def test_a_wrong_passphrase_signs_nothing(desk: Desk, sign: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.PASSPHRASE_ENV, "something else")
    answer = sign("cy", "defer", "--why", "x")
    assert answer.code == 2
    assert "passphrase is wrong" in answer.err
