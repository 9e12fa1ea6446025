"""The part of ``docs/honesty.md`` on whole reports: what they say that is not so, by part and kind, and what they leave unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from tests.honesty.levels import MISSED, Level
from tests.honesty.measures import Figure, NoFigureError
from tests.honesty.statements import Statement
from tests.honesty.statements_draw import Reports
from tests.honesty.statements_store import (
    REPORTS,
    JudgedReport,
    sound_reports,
    store_of,
)
from tests.honesty.store import FOLDER
from tests.honesty.table import bounds, number

Judged = tuple[JudgedReport, ...]
IsSo = Callable[[Statement], bool]
LEVEL_PARTS = ("summary", "problems", "effects")
PARTS = (*LEVEL_PARTS, "around")  # changes, definitions, questions: mostly numbers told again
KINDS = ("effect", "association", "gap", "level")
BANDS = 3.0
OFF = 0.05  # a told number that differs from the clean one by more than this part of it
MOST_WRONG, MOST_CAUSAL, MOST_DRAFTS = 0.01, 0.02, 0.05
MISSES = (0.03, 0.07)  # of 95 % ranges
LEAST_CLAIMS = {"county": 8, "city": 15}
LEAST_PROGRAMMES = 3
LEAST_REPORTS = 0.90
SHOWN_REASONS = 12
HEAD = """
## Statements of full deliveries

Whole deliveries of invented bureaus, untidy as they come, through intake, estimates and problems to the report; then
every statement with a number is read from its printed words and held against the truth: an *effect* (a causal verb, a
bound, or that it cannot be told) against what `truth.json` says is planted, an *association*, *gap* or *level* against
the same measure of the clean twin (the same people, nothing untidy, everybody tested and answering). A range that is
told beside "cannot tell" counts among the ranges. Shares have their Monte-Carlo error, by report, in brackets. Ranges
of gaps and associations are asked to miss at most 7 %: they allow for who might have been the teachers of the bureau,
and the twin has the very same ones, so that they may miss less often than 3 %.
"""


def statement_lines(folder: Path = FOLDER) -> Iterator[str]:
    """The whole part; nothing where no report is stored. StoreError if a store is not sound."""
    stores = {p: sound_reports(store_of(p, folder)) for p in REPORTS}
    if not any(stores.values()):
        return
    yield HEAD
    yield "| level | asked | found | of | state |\n| --- | --- | --- | --- | --- |"
    yield from (level_row(plans, level, stores) for plans, level in levels_of())
    yield from share_lines(stores)
    yield from silence_lines(stores)
    yield from unjudged_lines(stores)
    yield from made_lines(stores)


# --- figures ------------------------------------------------------------------------------------------


def share_by_report(reports: Judged, is_counted: IsSo, is_so: IsSo) -> Figure:
    """The share of the counted statements that are so; its error is that of a ratio of sums over reports.

    NoFigureError without a counted statement.
    """
    counted = np.array([sum(map(is_counted, r.statements)) for r in reports], dtype=float)
    hits = np.array([sum(is_counted(s) and is_so(s) for s in r.statements) for r in reports], float)
    if not counted.sum():
        raise NoFigureError("no such statement")
    p, m = float(hits.sum() / counted.sum()), len(reports)
    spread = float(np.sqrt(((hits - p * counted) ** 2).sum() * m / max(m - 1, 1)))
    return Figure(p, spread / float(counted.sum()), int(counted.sum()))


def share_of_reports(reports: Judged, is_so: Callable[[JudgedReport], bool]) -> Figure:
    """The share of reports of which something is so; NoFigureError without a report."""
    if not reports:
        raise NoFigureError("no report")
    p = float(np.mean([is_so(r) for r in reports]))
    return Figure(p, float(np.sqrt(p * (1 - p) / len(reports))), len(reports))


def wrong(reports: Judged, is_mine: IsSo) -> Figure:
    """Of the statements that say which way, those that say the wrong one."""
    return share_by_report(reports, lambda s: is_mine(s) and is_judged(s) and s.direction != 0, lambda s: s.is_wrong)  # fmt: skip


def missed(reports: Judged, is_mine: IsSo) -> Figure:
    """Of the told ranges, those that miss the truth."""
    return share_by_report(reports, lambda s: is_mine(s) and is_judged(s) and s.has_range, lambda s: s.is_missed)  # fmt: skip


def beyond(reports: Judged, is_mine: IsSo) -> Figure:
    """Of the told bounds, those that the truth passes."""
    return share_by_report(reports, lambda s: is_mine(s) and is_judged(s) and s.bound is not None, lambda s: s.is_beyond)  # fmt: skip


def off(reports: Judged, is_mine: IsSo) -> Figure:
    """Of the numbers told without a range, those that differ from the clean one by more than 5 % of it."""
    return share_by_report(reports, lambda s: is_mine(s) and is_judged(s) and s.is_number, lambda s: s.is_off(OFF))  # fmt: skip


def causal(reports: Judged, is_mine: IsSo) -> Figure:
    """Of the statements on a programme whose planted effect is zero, those with a causal verb."""
    return share_by_report(
        reports, lambda s: is_mine(s) and is_of_nothing(s), lambda s: s.is_causal
    )


def is_judged(one: Statement) -> bool:
    """Whether its truth is known."""
    return one.truth is not None


def is_of_nothing(one: Statement) -> bool:
    """Whether it speaks of an effect that is planted as none."""
    return one.kind == "effect" and one.quantity == "estimate" and one.truth == 0


def is_part(one: Statement, part: str) -> bool:
    """Whether it stands in this part of the report."""
    return one.part == part


def is_kind(one: Statement, kind: str) -> bool:
    """Whether it is of this kind."""
    return one.kind == kind


def definite_claims(report: JudgedReport, part: str = "") -> int:
    """How many different claims of problems and effects (or of one part) tell something."""
    parts = (part,) if part else ("problems", "effects")
    return len({s.claim for s in report.statements if s.is_definite and s.part in parts})


def programmes_judged(report: JudgedReport) -> int:
    """How many programmes and outcomes the report gives a direction or a bound, mere counts aside."""
    mine = (s for s in report.statements if s.part == "effects" and s.quantity == "estimate")
    return len({s.claim for s in mine if s.is_definite})


# --- levels -------------------------------------------------------------------------------------------


def levels_of() -> Iterator[tuple[tuple[Reports, ...], Level]]:
    """Each level with the plans it is measured over."""
    counties = tuple(p for p in REPORTS if (p.level, p.bureau) == ("statements", "county"))
    for what, is_mine in groups():
        if what != "kind level":  # how many there are points no way
            yield counties, level(f"{what}: wrong direction", partial(wrong, is_mine=is_mine), high=MOST_WRONG)  # fmt: skip
        low = MISSES[0] if what == "kind effect" else 0.0
        yield counties, level(f"{what}: range misses the truth", partial(missed, is_mine=is_mine), low, MISSES[1])  # fmt: skip
    verb = partial(causal, is_mine=lambda s: True)
    yield counties, level("causal verb where the planted effect is zero", verb, high=MOST_CAUSAL)
    for bureau, least in LEAST_CLAIMS.items():
        plans = tuple(p for p in REPORTS if (p.level, p.bureau) == ("statements", bureau))
        many = partial(share_of_reports, is_so=partial(says, least=least))
        yield (
            plans,
            level(f"{bureau}: reports with {least} definite statements", many, LEAST_REPORTS),
        )
        on = partial(share_of_reports, is_so=partial(says, least=LEAST_PROGRAMMES, part="effects"))
        yield plans, level(f"{bureau}: reports with {LEAST_PROGRAMMES} of them about programmes", on, LEAST_REPORTS)  # fmt: skip
    for plan in (p for p in REPORTS if p.level == "permuted"):
        verbs = partial(share_of_reports, is_so=sounds_causal)
        yield (plan,), level(f"{plan.bureau}, exposure dealt anew: drafts with a causal verb", verbs, high=MOST_DRAFTS)  # fmt: skip


def groups() -> Iterator[tuple[str, IsSo]]:
    """The parts that levels are asked of, then the kinds, each with its test."""
    for part in LEVEL_PARTS:
        yield f"part {part}", partial(is_part, part=part)
    for kind in KINDS:
        yield f"kind {kind}", partial(is_kind, kind=kind)


def says(report: JudgedReport, least: int, part: str = "") -> bool:
    """Whether a report has so many definite claims."""
    return definite_claims(report, part) >= least


def sounds_causal(report: JudgedReport) -> bool:
    """Whether any sentence of a draft has a causal verb."""
    return any(s.is_causal for s in report.statements if s.quantity == "estimate" and s.direction)


def level(
    text: str,
    measure: Callable[[Judged], Figure],
    low: float = float("-inf"),
    high: float = float("inf"),
) -> Level:
    """A level of shares that may be passed by three Monte-Carlo errors."""
    return Level(text, "", measure, low, high, BANDS)  # type: ignore[arg-type]


def level_row(plans: tuple[Reports, ...], one: Level, stores: Mapping[Reports, Judged]) -> str:
    """One level; not judged before all its reports are there."""
    reports = tuple(r for p in plans for r in stores[p])
    asked = sum(p.draws for p in plans)
    head = f"| {one.text} | {bounds(one)} |"
    if len(reports) < asked:
        return f"{head} | {len(reports)} of {asked} reports | not run |"
    try:
        figure = one.measure(reports)  # type: ignore[arg-type]
    except NoFigureError as reason:
        return f"{head} {reason} | {len(reports)} reports | {MISSED} |"
    return f"{head} {number(figure)} | {figure.n} | {one.state(figure)} |"


# --- tables -------------------------------------------------------------------------------------------


def share_lines(stores: Mapping[Reports, Judged]) -> Iterator[str]:
    """Every share by part and by kind, over all stored reports, complete or not."""
    reports = tuple(r for p, rs in stores.items() for r in rs if p.level == "statements")
    kinds = [*dict.fromkeys([*KINDS, *(s.kind for r in reports for s in r.statements)])]
    rows = [(f"part {p}", partial(is_part, part=p)) for p in PARTS]
    rows += [(f"kind {k}", partial(is_kind, kind=k)) for k in kinds]
    yield f"\n### By part and by kind, {len(reports)} reports so far\n"
    yield "| | statements | wrong direction | range misses | bound passed | number off by 5 % | causal verb at zero | not judged |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, is_mine in rows:
        all_ = sum(is_mine(s) for r in reports for s in r.statements)
        without = sum(is_mine(s) and not is_judged(s) for r in reports for s in r.statements)
        shares = (told(f, reports, is_mine) for f in (wrong, missed, beyond, off, causal))
        yield f"| {name} | {all_} | " + " | ".join(shares) + f" | {without} |"


def told(measure: Callable[[Judged, IsSo], Figure], reports: Judged, is_mine: IsSo) -> str:
    """A share with its error and number; empty without such a statement."""
    try:
        figure = measure(reports, is_mine)
    except NoFigureError:
        return ""
    return f"{number(figure)} of {figure.n}"


def silence_lines(stores: Mapping[Reports, Judged]) -> Iterator[str]:
    """How many definite claims a report has, by store: fewest and middle."""
    yield "\n### How much is said: fewest and median of definite statements a report\n"
    yield "| store | reports | problems and effects | about programmes | of them a direction or a bound |"
    yield "| --- | --- | --- | --- | --- |"
    for plan, reports in stores.items():
        if reports and plan.level == "statements":
            counts = (
                [definite_claims(r) for r in reports],
                [definite_claims(r, "effects") for r in reports],
                [programmes_judged(r) for r in reports],
            )
            cells = (f"{min(c)}, {np.median(c):g}" for c in counts)
            yield f"| {plan.name} | {len(reports)} | " + " | ".join(cells) + " |"


def unjudged_lines(stores: Mapping[Reports, Judged]) -> Iterator[str]:
    """What could not be judged, by reason and quantity, and which statements were wrong most often."""
    found = [s for p, rs in stores.items() if p.level == "statements" for r in rs for s in r.statements]  # fmt: skip
    yield "\n### Not judged, and what was said wrongly\n"
    yield "| what | why | statements |\n| --- | --- | --- |"
    why = Counter((s.kind, s.reason) for s in found if not is_judged(s))
    yield from (f"| {kind} | {reason} | {n} |" for (kind, reason), n in named(why))
    bad = Counter((s.source, fault_of(s)) for s in found if fault_of(s))
    yield from (f"| {source} | {fault} | {n} |" for (source, fault), n in named(bad))


def named(counts: Counter[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], int]]:
    """The most frequent first, ties by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN_REASONS]


def fault_of(one: Statement) -> str:
    """What is wrong with a statement, in a word or two; empty if nothing is."""
    faults = {"wrong direction": one.is_wrong, "range misses": one.is_missed, "bound passed": one.is_beyond}  # fmt: skip
    return next((name for name, is_so in faults.items() if is_so), "")


def made_lines(stores: Mapping[Reports, Judged]) -> Iterator[str]:
    """Which reports the part rests on."""
    yield "\n| store | reports | seeds | source | seconds a report |\n| --- | --- | --- | --- | --- |"
    for plan, reports in stores.items():
        if reports:
            seconds = float(np.mean([r.seconds for r in reports]))
            seeds = f"{reports[0].seed} to {reports[-1].seed}"
            yield f"| {plan.name} | {len(reports)} of {plan.draws} | {seeds} | {reports[0].source} | {seconds:.0f} |"
