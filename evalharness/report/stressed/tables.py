"""Tables of a stress run: requirements over the settings, the dials, every setting."""

from __future__ import annotations

from evalharness.records import Outcome
from evalharness.records.stress import Stress
from evalharness.report import numbers, words
from evalharness.report.marks import mark, mark_text
from evalharness.report.stressed.words import asked, decides, dial_name, setting_name, size_text, whom
from evalharness.report.view import Table


def requirements_table(stress: Stress) -> Table:
    total = len(stress.design)
    shown = (Outcome.MET, Outcome.NOT_DEMONSTRATED, Outcome.NOT_EVALUABLE, Outcome.NOT_MET)
    return Table(
        caption=f"Requirement by requirement, over {total} settings",
        columns=(
            "Requirement", "Over the range", "Recipe's own setting", "Worst case",
            *(words.capital(mark(outcome).word) for outcome in shown),
        ),
        rows=tuple(
            (
                f"{r.id}: {asked(r)}",
                mark_text(r.over_range),
                f"{mark_text(r.own.outcome)}, {decides(r, r.own)}{whom(r.own)}",
                f"{mark_text(r.worst.outcome)}, {decides(r, r.worst)}{whom(r.worst)}, {setting_name(r.worst_setting)}",
                *(numbers.count(dict(r.outcomes)[outcome]) for outcome in shown),
            )
            for r in stress.requirements
        ),
        numeric_from=4,
        note=(
            f"The last columns count settings. Bounds are one-sided, {words.sure(stress.confidence)} each. A requirement of each group "
            "stands and falls with its worst group."
        ),
    )  # fmt: skip


def dials_table(stress: Stress) -> Table:
    return Table(
        caption="The dials, and what is plausible",
        columns=("Dial", "In the recipe", "From", "Own setting", "To", "Turned alone"),
        rows=tuple(
            (
                dial_name(dial), dial.name, size_text(dial, dial.low), size_text(dial, dial.own), size_text(dial, dial.high),
                "changes nothing that is counted" if dial.name in stress.inert else "changes the result",
            )
            for dial in stress.dials
        ),
        numeric_from=2,
        note="What each dial does stands in the benchmark's datasheet."
        + (f" One size only, so not varied: {', '.join(stress.fixed)}." if stress.fixed else ""),
    )  # fmt: skip


def settings_table(stress: Stress) -> Table:
    dials = [dial for dial in stress.dials if dial.name not in stress.inert]
    return Table(
        caption="Every setting of the design",
        columns=("Setting", "Verdict", "Not met at this setting, or not shown", *(dial_name(dial) for dial in dials)),
        rows=tuple(
            (
                setting_name(run.setting.name), mark_text(run.outcome),
                ", ".join(f.requirement for f in run.findings if f.outcome is not Outcome.MET) or numbers.ABSENT,
                *(size_text(dial, run.setting.size(dial.name)) for dial in dials),
            )
            for run in (stress.own, *stress.design)
        ),
        numeric_from=3,
        folded=True,
        note="Seeds, bounds and groups of every setting, and the runs along each dial, are in stress.json.",
    )  # fmt: skip
