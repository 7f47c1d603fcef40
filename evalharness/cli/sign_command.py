"""`evalharness sign`: shows page one, asks, signs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalharness.cli.exit_codes import mapped
from evalharness.cli.key_options import KeyOption, PassphraseEnvOption, passphrases
from evalharness.cli.options import JsonOption, WorkspaceOption
from evalharness.cli.output import print_json, write_text
from evalharness.cli.sign_dialogue import ask_missing, confirm, interactive, role_words_given
from evalharness.cli.sign_output import print_signed, signed_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

_KINDS = "approve, approve-with-conditions, defer, reject, dissent or advice."
RunArgument = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")]
ManyOption = list[str]


@mapped
def sign(
    run_dir: RunArgument,
    decision: Annotated[str, typer.Option("--decision", metavar="KIND", help=_KINDS)],
    key: KeyOption,
    role: Annotated[str | None, typer.Option("--role", help="In which role; default: the only one of yours that fits.")] = None,
    passphrase_env: PassphraseEnvOption = None,
    missed_per_1000: Annotated[
        str,
        typer.Option("--missed-per-1000", metavar="X", help="The first figure of daily work on page one, in 1,000."),
    ] = "",
    not_tested: Annotated[str, typer.Option("--not-tested", metavar="TEXT", help="What was not tested.")] = "",
    risk_carried_by: Annotated[str, typer.Option("--risk-carried-by", metavar="PERSON", help="Who carries the risk.")] = "",
    accept_risk: Annotated[str, typer.Option("--accept-risk", metavar="TEXT", help="Accept the risk that remains, in words.")] = "",
    accept_not_judged: Annotated[
        ManyOption | None, typer.Option("--accept-not-judged", metavar="NAME", help="A group that nobody judged; once for each.")
    ] = None,
    condition: Annotated[
        ManyOption | None,
        typer.Option("--condition", metavar="FORM", help="Such as maximum_volume=50000 or until=2027-01-31; once for each."),
    ] = None,
    valid_from: Annotated[str, typer.Option("--valid-from", metavar="TIME", help="Default: now.")] = "",
    valid_until: Annotated[
        str, typer.Option("--valid-until", metavar="DAY|TIME", help="YYYY-MM-DD; default: what the policy allows.")
    ] = "",
    conflict: Annotated[str, typer.Option("--conflict", metavar="TEXT", help="A conflict of interest; it takes the vote away.")] = "",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Reason, or the text of the advice.")] = "",
    advice: Annotated[str, typer.Option("--advice", metavar="for|against|neutral", help="With --decision advice.")] = "",
    depart: Annotated[
        ManyOption | None, typer.Option("--depart", metavar="ROLE=WHY", help="Why you depart from that role's advice; once for each.")
    ] = None,
    absent: Annotated[
        ManyOption | None, typer.Option("--absent", metavar="ROLE=WHY", help="Why you do not wait for that role's advice; once for each.")
    ] = None,
    agree: Annotated[bool, typer.Option("--agree", help="Sign without asking: stands for typing your person id.")] = False,
    workspace: WorkspaceOption = None,
    json_output: JsonOption = False,
) -> None:
    """Verify a run in full, show page one, and sign a decision about it. Nothing skips the verification."""
    from evalharness.workflows.board_page import board_page, said_so_far, to_agree  # noqa: PLC0415
    from evalharness.workflows.decisions import Answers, decision_kind, write_decision  # noqa: PLC0415
    from evalharness.workflows.signing import KeyGiven  # noqa: PLC0415
    from evalharness.workflows.signing_case import open_case  # noqa: PLC0415

    given = Answers(
        missed_per_1000=missed_per_1000, not_tested=not_tested, risk_carried_by=risk_carried_by, accept_risk=accept_risk,
        accept_not_judged=tuple(accept_not_judged or ()), conditions=tuple(condition or ()), valid_from=valid_from, valid_until=valid_until,
        conflict=conflict, why=why, advice=advice, departures=role_words_given(depart, "--depart"),
        absences=role_words_given(absent, "--absent"),
    )  # fmt: skip
    kind = decision_kind(decision)
    case = open_case(run_dir, kind, KeyGiven(uri=key, passphrases=passphrases(passphrase_env)), role=role, workspace=workspace)
    _tell([*board_page(case.run), "", *said_so_far(case.facts)], json_output)
    asks = interactive() and not agree
    answers = ask_missing(case, given) if asks else given
    drafted = confirm(case, answers, asks=asks, agree=agree, show=lambda found: _tell(["", *to_agree(found, case.facts)], json_output))
    signed = write_decision(case, drafted)
    if json_output:
        print_json(signed_as_json(signed))
    else:
        print_signed(signed)


def _tell(lines: Iterable[str], json_output: bool) -> None:
    """What must be read before signing: beside the JSON document, not in it."""
    write_text("".join(f"{line}\n" for line in lines), error=json_output)
