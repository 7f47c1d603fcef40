"""docs/sign-off.md and docs/ci.md, followed to the letter: bash runs every command of their console blocks, from an empty folder."""

from __future__ import annotations

from pathlib import Path

from shown_commands import bash, commands


def test_the_board_s_page_leads_to_an_approval_and_to_its_end(tmp_path: Path):
    script = commands("sign-off.md", "A rehearsal, start to finish", "What each step means")
    approval, gate, rest = script.partition("evalharness gate ")
    assert gate, "the page shows no gate"
    first, _, rest = (gate + rest).partition("\n")
    done = bash(f"set -eu\n{approval}{first}\necho APPROVED-BY-THE-PAGE\nset +e\n{rest}\nexit $?", tmp_path)
    assert "approved for: rehearsal" in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
    assert "APPROVED-BY-THE-PAGE" in done.stdout
    assert done.returncode == 12, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "rehearsal" / "reports" / "rehearsal-1" / "decision.html").is_file()


def test_the_engineer_s_page_leads_to_an_approved_gate(tmp_path: Path):
    done = bash("set -eu\n" + commands("ci.md", "From nothing to an approved gate", "Exit codes"), tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.count("approved for: rehearsal") == 1
