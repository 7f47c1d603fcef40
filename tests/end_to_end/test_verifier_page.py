"""docs/verifier.html in a real browser: an independent reader of signed workspaces agrees with the gate on honest and on tampered files."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import signing
from sealed_workspace import NAME, approved, locked, run_under, sealed_workspace
from signed_workspace import MODEL, NAMES, POLICY, SignedWorkspace, key, signed, small
from tampering import answers, changes, code_of, remembering

from evalharness.digests import canonical_json
from evalharness.signoff.envelope import read_statement, sign
from evalharness.signoff.predicates import SignerEntry
from evalharness.workflows import status
from evalharness.workflows.clock import clock_now
from evalharness.workflows.decisions import Answers, sign_run
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.sealing import open_seal
from evalharness.workflows.status_desk import Issuer

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "verifier.html"
AXE = ROOT / "tests" / "vendor" / "axe.min.js"
CHROMIUM = os.environ.get("EVALHARNESS_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UNCHANGED, NOT_IN_FORCE = "UNCHANGED: ", "UNCHANGED, BUT NOT IN FORCE: "
ALTERED, NOT_SIGNED = "ALTERED / NOT COMPLETE: ", "NOT SIGNED: "
ALL_UNCHANGED = UNCHANGED + "every file is as it was signed. This does not mean that it is approved: only the gate says that."


def missing(what: str) -> None:
    """Skips, or fails where a browser is required."""
    if os.environ.get("EVALHARNESS_REQUIRE_BROWSER") == "1":
        pytest.fail(f"EVALHARNESS_REQUIRE_BROWSER=1 and {what}")
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        missing(f"there is no chromium at {CHROMIUM}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Verifier:
    """The page, opened from its file."""

    page: Any
    complaints: list[str]

    def check(self, folder: Path, pin: str = "") -> list[str]:
        """Picks a folder, presses the button; the headline of every run, or what the page says when there is none."""
        self.page.set_input_files("#folder", str(folder))
        self.page.fill("#pin", pin)
        self.page.click("#go")
        for _ in range(200):
            said = str(self.page.inner_text("#answer"))
            if said and "Checking" not in said:
                break
            self.page.wait_for_timeout(25)
        return [str(text) for text in self.page.locator("#runs .headline").all_inner_texts()] or [said]

    @property
    def reasons(self) -> str:
        return "\n".join(self.page.locator("#runs .verdict li").all_inner_texts())

    @property
    def against(self) -> list[str]:
        return [str(text) for text in self.page.locator("#runs .against li").all_inner_texts()]

    @property
    def note(self) -> str:
        """What the box says about the pages that are not checked."""
        return str(self.page.inner_text("#runs .pages"))


def opened(browser: Any, width: int = 1100, *, bypass_csp: bool = False) -> Verifier:
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=bypass_csp).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url == PAGE.as_uri() else complaints.append(asked.url))
    page.goto(PAGE.as_uri())
    return Verifier(page, complaints)


@pytest.fixture(scope="module")
def verifier(browser: Any) -> Verifier:
    return opened(browser)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> SignedWorkspace:
    return signed(tmp_path_factory.mktemp("verifier") / "workspace")


@pytest.fixture
def space(original: SignedWorkspace, tmp_path: Path) -> SignedWorkspace:
    """A copy that a test may spoil."""
    root = tmp_path / "workspace"
    shutil.copytree(original.root, root)
    here = {name: root / getattr(original, name).relative_to(original.root) for name in ("run", "lock")}
    return SignedWorkspace(root=root, office=signing.Office(root, write=False), **here)


def test_a_signed_run_is_unchanged_and_the_page_says_who_signed(verifier: Verifier, original: SignedWorkspace) -> None:
    root = (original.root / "sign-off" / "root.txt").read_text().strip()
    assert code_of(original.root)[0] == 0
    assert verifier.check(original.root, root) == [ALL_UNCHANGED]
    cells = verifier.page.locator("#runs td").all_inner_texts()
    assert " ".join(verifier.page.locator("#runs th").all_inner_texts()) == "What Who Role Signed Ends at the latest"
    assert not verifier.page.locator("#runs .against").is_visible()
    for person, role in (("ada", "senior responsible owner"), ("cy", "data protection"), ("eve", "victims advocate")):
        assert f"{person}, Example Force" in cells
        assert role in cells
    assert root in verifier.page.inner_text("#answer")
    assert "the one you gave" in verifier.page.inner_text("#answer")
    assert verifier.complaints == []


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, signing.Office]:
    """Two models locked on a seal; the first one run and approved."""
    root = tmp_path_factory.mktemp("sealed") / "workspace"
    office = sealed_workspace(root, ("one", "two"))
    lock, _ = locked(root, office, "one"), locked(root, office, "two")
    open_seal(NAME, workspace=root)
    approved(root, office, run_under(root, office, "one", lock.path))
    return root, office


def test_a_run_on_sealed_items_is_held_to_its_seal(verifier: Verifier, sealed: tuple[Path, signing.Office], tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(sealed[0], root)
    assert verifier.check(root) == [ALL_UNCHANGED]
    seal = root / "datasets_synthetic" / NAME / "seal.json"
    seal.write_bytes(seal.read_bytes().replace(b'"rows":3000', b'"rows":3001'))
    assert verifier.check(root) != [ALL_UNCHANGED]
    assert "the benchmark that the evidence is about is not in this folder" in verifier.reasons


def test_the_page_counts_the_locks_on_a_seal_as_the_gate_does(
    verifier: Verifier, sealed: tuple[Path, signing.Office], tmp_path: Path
) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(sealed[0], root)
    (second,) = [path for path in (root / "sign-off" / "locks").iterdir() if b"0002" in path.name.encode()]
    second.unlink()
    assert verifier.check(root) != [ALL_UNCHANGED]
    assert "the seal of its items was opened for other locks or models" in verifier.reasons
    assert gate("small", "one", workspace=root).code == 13


def edit(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the evidence of a run and nothing that stands for it."""
    document = json.loads((run / "evidence.json").read_bytes())
    change(document)
    (run / "evidence.json").write_bytes(canonical_json(document))


def test_a_secret_that_is_not_the_sealed_one_is_told(verifier: Verifier, sealed: tuple[Path, signing.Office], tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(sealed[0], root)
    (run,) = (root / "reports").iterdir()
    edit(run, lambda document: document["benchmark"]["seal"].update(secret="0" * 64))
    verifier.check(root)
    assert "the secret that it tells is not the one that was sealed" in verifier.reasons


@pytest.mark.parametrize("what", ["blind", "practice_run", "labels_seen"])
def test_what_can_never_be_signed_is_told(verifier: Verifier, space: SignedWorkspace, what: str) -> None:
    def change(document: dict[str, Any]) -> None:
        if what == "blind":
            document["predictions"]["blind"] = {"export": "0" * 16}
        else:
            document["notices"].append({"kind": what, "text": "A reason."})

    edit(space.run, change)
    assert verifier.check(space.root) != [ALL_UNCHANGED]
    assert "nobody can ever sign for it" in verifier.reasons


def test_unchanged_does_not_look_like_approved(verifier: Verifier, original: SignedWorkspace) -> None:
    """No tick and no green: a green tick is read as an approval."""
    verifier.check(original.root)
    assert verifier.page.inner_text("#runs .sign") == "="
    assert "✓" not in PAGE.read_text("utf-8")
    assert "var(--met)" not in PAGE.read_text("utf-8")
    grey = verifier.page.eval_on_selector("#runs .verdict", "(box) => getComputedStyle(box).borderColor")
    assert grey == "rgb(68, 75, 82)"


def object_to(space: SignedWorkspace, person: str, kind: str, why: str, *, after: int = 5, advice: str = "") -> None:
    """Signs a decision, `after` seconds from now."""
    now = clock_now() + timedelta(seconds=after)
    sign_run(space.run, kind, Answers(why=why, advice=advice), key=key(space.office, person), workspace=space.root, now=now)


def test_who_spoke_against_it_comes_first(verifier: Verifier, space: SignedWorkspace) -> None:
    object_to(space, "dee", "dissent", "Nobody asked the children.")
    object_to(space, "eve", "advice", "They changed their minds.", advice="against")
    (told,) = verifier.check(space.root)
    assert told == ALL_UNCHANGED
    assert verifier.against == [
        "Decision: dissent. dee (safeguarding): “Nobody asked the children.”",
        "Advice: against. eve (victims advocate): “They changed their minds.”",
    ]
    assert verifier.page.locator("#runs section > *").nth(1).get_attribute("class") == "against"
    assert verifier.page.locator("#runs .against").is_visible()
    whats = verifier.page.locator("#runs td:first-child").all_inner_texts()
    assert "Advice: for (replaced by a later decision of the same person)" in whats
    assert "Advice: against" in whats
    assert whats.count("Decision: approve") == 3


def test_an_approval_that_was_taken_back_is_marked(verifier: Verifier, space: SignedWorkspace) -> None:
    object_to(space, "cy", "dissent", "I was wrong.")
    assert verifier.check(space.root) == [ALL_UNCHANGED]
    whats = verifier.page.locator("#runs td:first-child").all_inner_texts()
    assert whats.count("Decision: approve (replaced by a later decision of the same person)") == 1
    assert whats.count("Decision: approve") == 2
    object_to(space, "ada", "dissent", "So was I.", after=6)
    object_to(space, "ben", "dissent", "And I.", after=7)
    assert code_of(space.root)[0] == 12
    assert verifier.check(space.root)[0].startswith(NOT_IN_FORCE)
    assert verifier.reasons == "nobody approves it, or nobody any more"
    assert len(verifier.against) == 3


def test_an_objection_is_read_even_when_its_author_replaced_it(verifier: Verifier, space: SignedWorkspace) -> None:
    object_to(space, "cy", "reject", "Nobody asked the children.")
    assert verifier.check(space.root)[0].startswith(NOT_IN_FORCE)
    assert verifier.reasons == "Decision: reject (cy)"
    object_to(space, "cy", "dissent", "They were asked, badly.", after=6)
    assert verifier.check(space.root) == [ALL_UNCHANGED]
    assert [text.endswith("(replaced by a later decision of the same person)") for text in verifier.against] == [True, False]


def test_a_revoked_key_does_not_take_a_rejection_back(verifier: Verifier, space: SignedWorkspace) -> None:
    """As the gate reads it: only a later decision that is believed in full replaces an objection."""
    object_to(space, "cy", "reject", "Nobody asked the children.")
    object_to(space, "cy", "dissent", "They were asked, badly.", after=6)
    revoked = {"on": "2026-01-01T00:00:00Z", "why": "It was lent."}
    entries = [{**entry.model_dump(), "revoked": revoked if entry.person == "cy" else None} for entry in space.office.next().signers]
    space.office.write_version(space.office.next(signers=tuple(SignerEntry(**entry) for entry in entries)))
    assert code_of(space.root)[0] == 12
    assert verifier.check(space.root)[0].startswith(NOT_IN_FORCE)
    assert "Decision: reject (cy)" in verifier.reasons
    assert not any("replaced" in text for text in verifier.against)


def test_what_the_decision_page_says_is_never_vouched_for(verifier: Verifier, space: SignedWorkspace, tmp_path: Path) -> None:
    (space.run / "decision.html").write_text("Approved for: LIVE USE")
    assert verifier.check(space.root) == [ALL_UNCHANGED]
    assert verifier.note == "decision.html, .md and .json are not checked here: trust the table below, not those pages."
    flip(space.files["evidence.json"], 0.5)
    verifier.check(space.root)
    assert verifier.note == "decision.html, .md and .json are not checked here: do not trust those pages."
    small(tmp_path / "practice")
    (evaluate(POLICY, MODEL, workspace=tmp_path / "practice").folder / "decision.html").write_text("Approved for: LIVE USE")
    assert verifier.check(tmp_path / "practice")[0].startswith(NOT_SIGNED)
    assert verifier.note == "decision.html, .md and .json are not checked here: do not trust those pages."


def test_another_fingerprint_than_the_one_given_is_told(verifier: Verifier, original: SignedWorkspace) -> None:
    (told,) = verifier.check(original.root, "sha256:" + "0" * 64)
    assert told.startswith(ALTERED)
    assert "somebody else" in verifier.reasons


def test_nothing_chosen_and_a_folder_without_runs_are_told(browser: Any, tmp_path: Path) -> None:
    fresh = opened(browser)
    (tmp_path / "a.txt").write_text("x")
    assert fresh.check(tmp_path)[0].startswith(ALTERED + "there is no run in this folder")
    fresh.page.context.close()


def test_a_practice_run_is_not_signed(verifier: Verifier, tmp_path: Path) -> None:
    small(tmp_path)
    evaluate(POLICY, MODEL, workspace=tmp_path)
    (told,) = verifier.check(tmp_path)
    assert told.startswith(NOT_SIGNED)
    (tmp_path / "model_cards" / "predictions.csv").write_bytes(b"item_id,score\n")
    assert verifier.check(tmp_path)[0].startswith(ALTERED)


@pytest.mark.parametrize("what", ["cy", "test-result", "lock", "policy", "card", "model", "report.html", "evidence.json"])
def test_what_was_revoked_is_unchanged_and_not_in_force(verifier: Verifier, space: SignedWorkspace, what: str) -> None:
    clerk = Issuer(key=key(space.office, "ben"), workspace=space.root)
    status.revoke(clerk, str(space.files[what]), why="The key was lent.")
    assert code_of(space.root)[0] == 12
    assert verifier.check(space.root)[0].startswith(NOT_IN_FORCE)
    assert "The key was lent." in verifier.reasons
    assert verifier.complaints == []


def test_what_has_ended_is_told_by_the_clock(verifier: Verifier, original: SignedWorkspace) -> None:
    (in_time,) = told_of(verifier, original.root, "2100-01-01T00:00:00Z")
    assert in_time["state"].startswith(NOT_IN_FORCE)
    assert any("Status list" in text for text in in_time["over"])
    assert sum("Decision: approve" in text for text in in_time["over"]) == 3


def test_the_workspace_that_is_kept_for_ever_is_still_unchanged(verifier: Verifier) -> None:
    space = ROOT / "tests" / "fixtures" / "signed-v1"
    revoked, approved = told_of(verifier, space, "2026-12-24T00:00:00Z")
    assert (revoked["bad"], approved["bad"]) == ([], [])
    assert [text for text in approved["over"] if "Status list" not in text] == []
    assert any("The predictions were of another stream." in text for text in revoked["over"])


def test_harmless_changes_are_harmless(verifier: Verifier, space: SignedWorkspace) -> None:
    (space.run / "decision.html").write_text("drawn anew")
    (space.root / "notes.txt").write_text("mine")
    (space.root / "policies" / "another.yaml").write_text("name: another\n")
    (space.root / "sign-off" / "locks" / ".unfinished.tmp-1").write_text("x")
    (space.root / "sign-off" / "signers" / "0003.proposed.dsse.json").write_text("{}")
    shutil.copytree(space.run, space.root / "reports" / "examples" / "old")
    (space.root / "reports" / "examples" / "old" / "evidence.json").write_text("{}")
    assert code_of(space.root)[0] == 0
    assert verifier.check(space.root) == [ALL_UNCHANGED]


def test_files_alone_do_not_tell_that_the_newest_status_list_was_taken_away(verifier: Verifier, space: SignedWorkspace) -> None:
    """A limit that the page and the documents tell of; whoever has seen a later version tells the gate."""
    forget(space)
    assert code_of(space.root)[0] == 0
    assert verifier.check(space.root)[0].startswith(UNCHANGED)
    assert "Status list: 1." in verifier.page.inner_text("#answer")
    assert code_of(space.root, status_version=2)[0] == 12


# Tampering: each of these spoils a workspace; gate and page must both see it.

Spoil = Callable[[SignedWorkspace], None]
SPOILS: dict[str, Spoil] = {}


def spoil(function: Spoil) -> Spoil:
    SPOILS[function.__name__.replace("_", " ")] = function
    return function


def flip(path: Path, place: float) -> None:
    data = bytearray(path.read_bytes())
    data[int(place * (len(data) - 1))] ^= 1
    path.write_bytes(bytes(data))


def forget(space: SignedWorkspace) -> None:
    """Puts the status list back to before the decisions: what happens to the last of them must show by itself."""
    space.files["status.json"].write_bytes(space.files["status/0001.dsse.json"].read_bytes())
    space.files["status/0002.dsse.json"].unlink()


def last(space: SignedWorkspace) -> Path:
    """The decision that no other statement has seen."""
    forget(space)
    return space.files["cy"]


def envelope(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def rewrite(path: Path, **changes: Any) -> None:
    """The envelope with other members, in canonical form."""
    path.write_bytes(canonical_json({**envelope(path), **changes}))


def signed_anew(path: Path, *names: str, **changes: Any) -> None:
    """The statement with other words in its predicate, signed by keys of these names."""
    document = json.loads(read_statement(path.read_bytes(), path.name).payload)
    document["predicate"].update(changes)
    path.write_bytes(sign(canonical_json(document), [signing.signer(name) for name in names]))


TAKEN = (
    "ada",
    "eve",
    "test-result",
    "lock",
    "status/0001.dsse.json",
    "signers/0001.dsse.json",
    "SHA256SUMS",
    "evidence.json",
    "report.html",
)
for _name in NAMES:
    for _place in (0.3, 0.8):
        SPOILS[f"a flipped bit in {_name} at {_place:.0%}"] = lambda space, name=_name, place=_place: flip(space.files[name], place)
for _name in TAKEN:
    SPOILS[f"no {_name}"] = lambda space, name=_name: space.files[name].unlink()


@spoil
def a_statement_without_signatures(space: SignedWorkspace) -> None:
    rewrite(last(space), signatures=[])


@spoil
def a_signature_twice(space: SignedWorkspace) -> None:
    path = last(space)
    rewrite(path, signatures=envelope(path)["signatures"] * 2)


@spoil
def signatures_exchanged(space: SignedWorkspace) -> None:
    one, other = space.files["ada"], space.files["cy"]
    kept = envelope(one)["signatures"]
    rewrite(one, signatures=envelope(other)["signatures"])
    rewrite(other, signatures=kept)


@spoil
def a_second_signature_by_a_stranger(space: SignedWorkspace) -> None:
    signed_anew(last(space), "cy", "stranger")


@spoil
def a_register_with_a_stranger_s_signature_beside_the_others(space: SignedWorkspace) -> None:
    signed_anew(space.files["signers/0002.dsse.json"], *signing.ROOT_PEOPLE, "stranger")


@spoil
def a_malleable_signature(space: SignedWorkspace) -> None:
    path = last(space)
    (one,) = envelope(path)["signatures"]
    raw = base64.b64decode(one["sig"])
    order = 2**252 + 27742317777372353535851937790883648493
    other = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    rewrite(path, signatures=[{**one, "sig": base64.b64encode(other).decode()}])


@spoil
def base64_with_a_line_break(space: SignedWorkspace) -> None:
    path = last(space)
    rewrite(path, payload=envelope(path)["payload"] + "\n")


@spoil
def a_space_in_the_envelope(space: SignedWorkspace) -> None:
    path = last(space)
    path.write_bytes(path.read_bytes().replace(b'","', b'", "', 1))


@spoil
def a_key_twice_in_the_envelope(space: SignedWorkspace) -> None:
    path = last(space)
    path.write_bytes(b'{"payload":"",' + path.read_bytes()[1:])


@spoil
def an_unknown_name_in_the_envelope(space: SignedWorkspace) -> None:
    rewrite(last(space), zzz="")


@spoil
def another_payload_type(space: SignedWorkspace) -> None:
    rewrite(last(space), payloadType="application/json")


@spoil
def a_decision_in_the_name_of_another(space: SignedWorkspace) -> None:
    signed_anew(last(space), "ben")


@spoil
def a_decision_by_a_key_nobody_registered(space: SignedWorkspace) -> None:
    signed_anew(last(space), "stranger")


@spoil
def a_decision_under_another_register(space: SignedWorkspace) -> None:
    path = last(space)
    author = json.loads(read_statement(path.read_bytes(), "x").payload)["predicate"]["author"]
    signed_anew(path, "cy", author={**author, "signers": {**author["signers"], "version": 9}})


@spoil
def a_decision_about_another_report(space: SignedWorkspace) -> None:
    signed_anew(last(space), "cy", report="sha256:" + "0" * 64)


@spoil
def a_copy_of_a_decision(space: SignedWorkspace) -> None:
    path = last(space)
    (path.parent / ("decision-20200101t000000z-" + path.name.split("-", 2)[2])).write_bytes(path.read_bytes())


@spoil
def a_decision_that_another_has_seen_is_gone(space: SignedWorkspace) -> None:
    forget(space)
    space.files["eve"].unlink()


@spoil
def the_last_decision_is_gone_that_only_the_status_list_has_seen(space: SignedWorkspace) -> None:
    space.files["cy"].unlink()


@spoil
def the_status_list_is_put_back(space: SignedWorkspace) -> None:
    space.files["status.json"].write_bytes(space.files["status/0001.dsse.json"].read_bytes())


@spoil
def the_status_list_forgets_a_revocation(space: SignedWorkspace) -> None:
    status.revoke(Issuer(key=key(space.office, "ben"), workspace=space.root), str(space.files["cy"]), why="w")
    path = space.root / "sign-off" / "status" / "0003.dsse.json"
    document = json.loads(read_statement(path.read_bytes(), "x").payload)["predicate"]
    following = {"version": 4, "previous": read_statement(path.read_bytes(), "x").digest, "revoked": [], "issued": document["issued"]}
    path.with_name("0004.dsse.json").write_bytes(path.read_bytes())
    signed_anew(path.with_name("0004.dsse.json"), "ben", **following)
    space.files["status.json"].write_bytes(path.with_name("0004.dsse.json").read_bytes())


@spoil
def the_register_is_put_back(space: SignedWorkspace) -> None:
    first = space.office.first()
    space.files["signers/0002.dsse.json"].unlink()
    space.office.write_version(first)


@spoil
def a_register_that_too_few_have_signed(space: SignedWorkspace) -> None:
    space.office.write_version(space.office.next(), "root-a")


@spoil
def another_register_under_the_same_name(space: SignedWorkspace) -> None:
    space.office.root_people = ("root-c", "root-d")
    space.files["signers/0002.dsse.json"].unlink()
    space.office.write_first()


@spoil
def a_root_that_claims_the_ids_of_the_right_one(space: SignedWorkspace) -> None:
    first = space.office.first()
    false = tuple(k.model_copy(update={"public": signing.public_hex(f"false-{k.person}")}) for k in first.root.keys)
    space.files["signers/0002.dsse.json"].unlink()
    theirs = first.model_copy(update={"root": first.root.model_copy(update={"keys": false})})
    space.office.write_version(theirs, "false-root-a", "false-root-b")


@spoil
def a_lock_whose_run_is_not_there(space: SignedWorkspace) -> None:
    lock = space.lock.with_name("other-0002.dsse.json")
    lock.write_bytes(space.lock.read_bytes())
    signed_anew(lock, "ben", attempt=2, previous=read_statement(space.lock.read_bytes(), "x").digest, level="0.9924009113")


@spoil
def a_lock_whose_run_is_a_forgery(space: SignedWorkspace) -> None:
    a_lock_whose_run_is_not_there(space)
    forged = space.run.with_name("zz-forged")
    forged.mkdir()
    evidence = json.loads((space.run / "evidence.json").read_bytes())
    evidence["lock"]["digest"] = read_statement(space.lock.with_name("other-0002.dsse.json").read_bytes(), "x").digest
    (forged / "evidence.json").write_bytes(canonical_json(evidence))


@spoil
def a_lock_by_a_role_that_may_not(space: SignedWorkspace) -> None:
    author = json.loads(read_statement(space.lock.read_bytes(), "x").payload)["predicate"]["author"]
    signed_anew(space.lock, "cy", author={**author, "person": "cy", "role": "data_protection"})


@spoil
def a_file_more_in_the_run(space: SignedWorkspace) -> None:
    (space.run / "more.txt").write_text("x")


@spoil
def a_hidden_file_more_in_the_run(space: SignedWorkspace) -> None:
    (space.run / ".more").write_text("x")


@spoil
def a_strange_file_among_the_statements(space: SignedWorkspace) -> None:
    (space.statements / "README.md").write_text("x")


@spoil
def a_strange_file_in_the_register(space: SignedWorkspace) -> None:
    (space.root / "sign-off" / "signers" / "notes.txt").write_text("x")


@spoil
def a_verdict_rewritten_with_new_sums(space: SignedWorkspace) -> None:
    from evalharness.evidence.store import sums

    evidence = json.loads((space.run / "evidence.json").read_bytes())
    evidence["limits"] = []
    (space.run / "evidence.json").write_bytes(canonical_json(evidence))
    names = ("evidence.json", "report.html", "report.md", "junit.xml")
    (space.run / "SHA256SUMS").write_bytes(sums({name: (space.run / name).read_bytes() for name in names}))


@spoil
def two_runs_under_one_lock(space: SignedWorkspace) -> None:
    shutil.copytree(space.run, space.run.with_name("copy"))
    evidence = json.loads((space.run / "evidence.json").read_bytes())
    (space.run.with_name("copy") / "evidence.json").write_bytes(canonical_json({**evidence, "limits": []}))


@pytest.mark.parametrize("name", SPOILS)
def test_page_and_gate_both_see(verifier: Verifier, space: SignedWorkspace, name: str) -> None:
    SPOILS[name](space)
    code, said = code_of(space.root)
    told = verifier.check(space.root)
    assert code != 0, name
    assert told[0].startswith(ALTERED), (name, told, code, said)
    assert verifier.reasons or len(told) == 1
    assert verifier.complaints == []


def test_there_are_many_ways_to_spoil_it() -> None:
    assert len(SPOILS) >= 80


def loaded(verifier: Verifier, root: Path) -> None:
    """Puts the workspace into the page's memory, as the file picker would."""
    paths = [path for path in root.rglob("*") if path.is_file()]
    told = {path.relative_to(root).as_posix(): base64.b64encode(path.read_bytes()).decode() for path in paths}
    bytes_of = "[n, Uint8Array.from(atob(d), c => c.charCodeAt(0))]"
    verifier.page.evaluate(f"(told) => {{ window.held = new Map(Object.entries(told).map(([n, d]) => {bytes_of})); }}", told)


def told_of(verifier: Verifier, root: Path, now: str) -> list[dict[str, Any]]:
    """What the page finds in each run, were it `now`."""
    loaded(verifier, root)
    found = verifier.page.evaluate(
        """async (now) => {
          const { runs } = await check(new Map([...held].map(([n, d]) => [n, new Blob([d])])), "", now);
          return runs.map((run) => ({ state: run.state[2], over: run.over, bad: run.bad }));
        }""",
        now,
    )
    return list(found)


CHANGED = """async (wanted) => {
  const answers = [];
  for (const [name, data] of wanted) {
    const files = new Map([...held].map(([n, d]) => [n, new Blob([d])]));
    files.set(name, new Blob([Uint8Array.from(atob(data), c => c.charCodeAt(0))]));
    const { runs } = await check(files, "");
    answers.push(runs.map((run) => run.state[2]).join());
  }
  return answers;
}"""


def test_page_and_gate_agree_on_hundreds_of_changed_bytes(verifier: Verifier, space: SignedWorkspace) -> None:
    """Seeded, over all files. Nearly all of them both refuse; where the gate would approve, the page must as well."""
    loaded(verifier, space.root)
    rng = random.Random(11)
    with remembering(space.root):
        for name, path in space.files.items():
            data = path.read_bytes()
            wanted = rng.sample(changes(data, name, 200), 12)
            codes = [code for _, code, _ in answers(space, name, wanted)]
            where = path.relative_to(space.root).as_posix()
            spoilt = [(where, base64.b64encode(change.of(data)).decode()) for change in wanted]
            told = verifier.page.evaluate(CHANGED, spoilt)
            for change, code, headline in zip(wanted, codes, told, strict=True):
                assert (code == 0) == headline.startswith(UNCHANGED), (change, code, headline)
                assert headline.startswith(ALTERED), (change, code, headline)


def test_hostile_words_are_shown_as_words(verifier: Verifier, space: SignedWorkspace) -> None:
    name = 'run<img src=x onerror="alert(1)">\u202etxt'
    space.run.rename(space.run.with_name(name))
    verifier.check(space.root)
    assert verifier.page.locator("#runs img").count() == 0
    assert "\\u{202e}" in verifier.page.inner_text("#runs h2")
    assert verifier.complaints == []


@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize("altered", [False, True])
def test_axe_finds_nothing_and_the_page_never_scrolls_sideways(browser: Any, space: SignedWorkspace, width: int, altered: bool) -> None:
    page = opened(browser, width, bypass_csp=True)
    object_to(space, "dee", "dissent", "Nobody asked the children.")
    if altered:
        flip(space.files["report.html"], 0.5)
    page.check(space.root)
    page.page.evaluate(AXE.read_text("utf-8"))
    found = page.page.evaluate("axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: false}}})")
    told = [(v["id"], v["help"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found["violations"]]
    needed, given = page.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    page.page.context.close()
    assert told == []
    assert needed <= given


def test_everything_can_be_reached_and_pressed_by_keyboard(browser: Any, original: SignedWorkspace) -> None:
    page = opened(browser)
    page.page.set_input_files("#folder", str(original.root))
    reached = []
    for _ in range(3):
        page.page.keyboard.press("Tab")
        reached.append(page.page.evaluate("document.activeElement.id"))
    assert reached == ["folder", "pin", "go"]
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector("#runs .headline")
    assert page.page.get_attribute("#answer", "aria-live") == "polite"
    page.page.context.close()


def test_a_browser_without_ed25519_is_told_so_and_nothing_is_called_unchanged(browser: Any, original: SignedWorkspace) -> None:
    page = opened(browser)
    page.page.evaluate("() => { crypto.subtle.generateKey = () => Promise.reject(new Error('unknown')); }")
    (told,) = page.check(original.root)
    page.page.context.close()
    assert "cannot check" in told
    assert "UNCHANGED" not in told


def test_the_page_is_one_small_file_that_loads_and_sends_nothing() -> None:
    page = PAGE.read_text("utf-8")
    done = subprocess.run([sys.executable, ROOT / "scripts" / "write_verifier.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    lines = script.strip().splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 170
    digest = r"'sha256-[\w+/=]{44}'"
    assert re.search(f"\"default-src 'none'; script-src {digest}; style-src {digest}; base-uri 'none'; form-action 'none'\"", page)
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|sendBeacon|import\(|innerHTML|eval\(|localStorage|https?://(?!in-toto)", script)
    assert not re.search(r"<(link|img|iframe|object|embed|form)\b|\bon[a-z]+=|style=", page)


def test_the_page_has_the_report_s_colours() -> None:
    def colours(text: str) -> dict[str, str]:
        return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", text))

    report = (ROOT / "evalharness" / "report" / "templates" / "report.css").read_text("utf-8")
    assert colours(PAGE.read_text("utf-8")) == colours(report)
