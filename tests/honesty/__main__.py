"""`make honesty`, or one world at a time: ``python -m tests.honesty --world W1 --level grade --seconds 1200``.

Whole reports held against the truth: ``--level statements``, drafts with programmes dealt anew: ``--level permuted``.
Finished draws are kept in ``docs/honesty/``; calling again continues. The table is written to ``docs/honesty.md``.
Exit code 1 if a level is missed or stored draws cannot be used, else 0.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from tests.honesty.run import make_workers, run_plan
from tests.honesty.statements_draw import SIZES, Reports
from tests.honesty.statements_store import (
    DRAW,
    REPORTS,
    is_current,
    read_reports,
    run_reports,
    source_of,
    store_of,
)
from tests.honesty.statements_table import statement_lines
from tests.honesty.store import StoreError, fingerprint, is_usable, read_draws, sources, store_file
from tests.honesty.table import FILE, write_table
from tests.honesty.worlds import BUREAUS, MORE_WORLDS, PLANS, WORLDS, Plan


def main(arguments: Sequence[str]) -> int:
    """Draw what is missing of the plans asked for, then write the table."""
    asked = parse(arguments)
    print_stores()
    if asked.list:
        return 0
    try:
        if not asked.table:
            draw_all(asked)
        states = write_table(more=statement_lines())
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{FILE.name}: levels " + ", ".join(f"{k} {n}" for k, n in states.items()))
    return 1 if states["missed"] else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.honesty", description=__doc__)
    parser.add_argument(
        "--world", choices=[*WORLDS, *MORE_WORLDS], help="one world; all if left out"
    )
    parser.add_argument(
        "--level", choices=("estimator", "grade", *DRAW), help="one level; all if left out"
    )
    bureaus = [*dict.fromkeys([*BUREAUS, *SIZES])]
    parser.add_argument("--bureau", choices=bureaus, help="another bureau than the plan's")
    parser.add_argument(
        "--draws", type=int, help="stop after so many; the plan's number if left out"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no draw after")
    parser.add_argument("--anew", action="store_true", help="throw away stores of another source")
    parser.add_argument("--table", action="store_true", help="write the table only")
    parser.add_argument("--list", action="store_true", help="list the stores only")
    return parser.parse_args(arguments)


def draw_all(asked: argparse.Namespace) -> None:
    """Draw what is missing of panels, then of whole reports, until the time is up."""
    begin = time.monotonic()
    if asked.level not in DRAW:
        draw_plans(plans_of(asked), asked)
    if asked.level in (None, *DRAW):
        draw_reports(reports_of(asked), asked, asked.seconds - (time.monotonic() - begin))


def reports_of(asked: argparse.Namespace) -> list[Reports]:
    """The plans of whole reports that fit; a world and bureau that no plan has is one of its own, outside the table."""
    found = [
        p
        for p in REPORTS
        if asked.world in (None, p.world)
        and asked.level in (None, p.level)
        and asked.bureau in (None, p.bureau)
    ]
    if not found and asked.world and asked.level:
        found = [Reports(asked.world, asked.bureau or "county", level=asked.level)]
    return [replace(p, draws=asked.draws or p.draws) for p in found]


def draw_reports(plans: list[Reports], asked: argparse.Namespace, seconds: float) -> None:
    """Draw one plan of reports after the other until the time is up."""
    end = time.monotonic() + seconds
    with make_workers(asked.workers) as workers:
        for plan in plans:
            path = store_of(plan)
            if asked.anew and not is_current(plan, path):
                path.unlink(missing_ok=True)
            left = end - time.monotonic()
            added = run_reports(plan, workers, side_by_side=asked.workers, seconds=left)
            print(f"{plan.name}: {added} reports added, {len(read_reports(path))} of {plan.draws}")


def plans_of(asked: argparse.Namespace) -> list[Plan]:
    """The plans that fit; a world, level and bureau that no plan has is one of its own, outside the table."""
    found = [
        p
        for p in PLANS
        if asked.world in (None, p.world)
        and asked.level in (None, p.level)
        and asked.bureau in (None, p.bureau)
    ]
    if not found and asked.world and asked.level:
        found = [Plan(asked.world, asked.level, asked.bureau or "panel", 200)]
    return [replace(p, draws=asked.draws or p.draws) for p in found]


def draw_plans(plans: list[Plan], asked: argparse.Namespace) -> None:
    """Draw one plan after the other until the time is up."""
    end = time.monotonic() + asked.seconds
    with make_workers(asked.workers) as workers:
        for plan in plans:
            if asked.anew:
                forget_older(plan)
            left = end - time.monotonic()
            added = run_plan(plan, workers, side_by_side=asked.workers, seconds=left)
            print(f"{plan.name}: {added} draws added, {len(read_draws(store_file(plan)))} of {plan.draws}")  # fmt: skip


def forget_older(plan: Plan) -> None:
    """Throw a store away if its draws were made by another source than the present one, or if one broke."""
    if not is_usable(store_file(plan)):
        store_file(plan).unlink()


def print_stores() -> None:
    """One line a plan: how many draws it has, and whether they were made by the present source."""
    print(f"source now: {fingerprint()}")
    for plan in PLANS:
        draws = read_draws(store_file(plan))
        made = ", ".join(s if s == fingerprint() else f"{s} (older)" for s in sources(draws))
        print(f"  {plan.name:<28}{len(draws):>5} of {plan.draws:<5} {made}")
    for each in REPORTS:
        found, now = read_reports(store_of(each)), source_of(each.level)
        made = ", ".join(s if s == now else f"{s} (older)" for s in sorted({r.source for r in found}))  # fmt: skip
        print(f"  {each.name:<28}{len(found):>5} of {each.draws:<5} {made}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
