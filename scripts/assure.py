"""`make assurance`: how often the harness is wrong when the truth is exactly at a goal. Writes docs/assurance.md and docs/assurance.svg."""

from __future__ import annotations

import argparse
import os
import time

from assurance.chart import chart
from assurance.every import pages
from assurance.limits import rates_with_limits
from assurance.page import Made, page
from assurance.running import run_all, scenes
from assurance.store import FOLDER, ROOT, Store, code_digest
from assurance.words import TITLES

RUNS = 10_000
SEED = 20_261_122


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="simulated runs of each cell")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is not what would be written")
    parser.add_argument("--only", action="append", default=[], metavar="FAMILY", help="no page is written then")
    given = parser.parse_args()
    wanted, started = scenes(given.only), time.monotonic()
    store = Store(FOLDER, code=code_digest(), seed=given.seed, runs=given.runs)
    cells = [
        cell
        for _, some in run_all(wanted, store, runs=given.runs, seed=given.seed, jobs=given.jobs, tell=lambda text: print(text, flush=True))
        for cell in some
    ]
    rates = rates_with_limits(cells)
    above = [rate for rate in rates if rate.above]
    print(f"{len(cells):,} cells, {len(rates):,} rates, {len(above)} above the target, {time.monotonic() - started:.0f} s")
    if given.only:
        return
    made = Made(runs=given.runs, seed=given.seed, scenes=len(wanted), cells=cells)
    written = {ROOT / "docs" / "assurance.md": page(made), ROOT / "docs" / "assurance.svg": chart(cells, rates, TITLES)}
    written |= {ROOT / "docs" / "assurance" / f"{family}.md": text for family, text in pages(cells, rates)}
    if given.check:
        different = [path.name for path, text in written.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
        raise SystemExit(f"not what these simulations give: {', '.join(different)}" if different else 0)
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
